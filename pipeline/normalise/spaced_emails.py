"""E-mail addresses whose letters stand apart, as pages print them against collectors: "j a n @ g m i n a . p l"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SPACE: Final = "[ \\t\\u00a0\\u2009\\u202f]"
_SIGN: Final = rf"(?:{_SPACE}{{0,2}}@{_SPACE}{{0,2}}|\s?[(\[{{]\s?(?:at|małpa|malpa|@|собака)\s?[)\]}}]\s?)"
_DOT: Final = rf"{_SPACE}{{0,2}}\.{_SPACE}{{0,2}}"
_LONE: Final = r"\w(?!\w)"
_APART: Final = rf"(?:{_SPACE}{{1,2}}|{_SPACE}?[._+%-]{_SPACE}?)"
_WORD: Final = r"[^\W_][\w-]{0,62}"
_SPELT: Final = rf"{_LONE}(?:{_SPACE}{{1,2}}(?:-{_SPACE}{{1,2}})?{_LONE}){{1,62}}"
_ENDS: Final = ("pl", "com", "org", "net", "eu", "ua", "gov", "edu", "info")
_END: Final = rf"(?:{'|'.join(_ENDS)})(?!\w)"
# The known ones first: in "g m i n a . p l i w" two words of one letter follow.
_SPELT_END: Final = rf"(?:{'|'.join(f'{_SPACE}{{1,2}}'.join(end) for end in _ENDS)})(?!\w)"

_LOCAL: Final = rf"(?<![\w.+%-])(?:{_LONE}(?:{_APART}{_LONE}){{1,63}}|[\w.+%-]{{1,64}})"
_DOMAIN: Final = (
    rf"(?:(?:(?:{_SPELT}|{_WORD}){_DOT}){{1,8}}{_SPELT_END}"
    rf"|{_SPELT}(?:{_DOT}(?:{_SPELT}|{_WORD})){{0,7}}{_DOT}{_END}"
    rf"|{_SPELT}(?:{_DOT}{_SPELT}){{1,8}})"
)
_SPELT_DOMAIN: Final = re.compile(rf"{_LOCAL}{_SIGN}{_DOMAIN}", re.IGNORECASE)
_SPELT_LOCAL: Final = re.compile(
    rf"(?<![\w.+%-]){_LONE}(?:{_APART}{_LONE}){{1,63}}{_SIGN}{_WORD}(?:\.{_WORD}){{1,8}}", re.IGNORECASE
)
_LETTER_BY_THE_SIGN: Final = re.compile(
    rf"(?<!\w)\w{_SPACE}{{0,2}}[@(\[{{]|[@)\]}}]{_SPACE}{{0,2}}\w(?!\w)|@[^@]{{1,200}}\.{_SPACE}{{0,2}}\w{_SPACE}"
)


def spaced_emails(text: str) -> Iterator[tuple[int, int]]:
    """Where they begin and end. Asked for texts that hold an "@" or a word for it in brackets."""
    if _LETTER_BY_THE_SIGN.search(text) is not None:
        for pattern in (_SPELT_DOMAIN, _SPELT_LOCAL):
            yield from (match.span() for match in pattern.finditer(text))
