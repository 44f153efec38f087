"""The characters of a decoded page that can be compared with a text read from it, each with its offset in `Page.text`.

Left out on both sides is what reading changes: white space and no-break spaces, invisible characters, dashes and bullets
(list items are printed with a hyphen of ours, symbol-font bullets as "•"). Character references count as what they stand for.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_SPACE = "\\s\u00ad\u200b-\u200f\u2060\ufeff"
_BULLETS = "*·•●○▪▫■□►▶➢✓"
_DASHES = "\\-\u2010-\u2015\u2212"
_SYMBOL_FONTS = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_LEFT_OUT = _SPACE + _BULLETS + _DASHES + _SYMBOL_FONTS
_KEPT = re.compile(f"[^{_LEFT_OUT}]+")
_DROPPED = re.compile(f"[{_LEFT_OUT}]+")

# Attribute values are quoted only after "=": a stray quote elsewhere opens nothing (HTML, 13.2.5).
_TAG = r"</?[A-Za-z](?:=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+)|[^>=]++)*+(?:>|\Z)"
_NOT_TEXT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<unseen>script|style|title|textarea|template|iframe|noscript)\b.*?(?:</(?P=unseen)\s*+>|\Z)"
    rf"|{_TAG}|<[!?][^>]*+(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_ESCAPE = re.compile(rf"{_REFERENCE.pattern}|\\u[0-9a-fA-F]{{4}}|\\/")


def letters_of(text: str) -> str:
    """What of ``text`` is compared: its characters without white space, invisible characters, dashes and bullets."""
    return _DROPPED.sub("", text)


class Span(NamedTuple):
    """A stretch of `Page.text`: offset of its first character and the offset after its last."""

    start: int
    end: int


class Letters:
    """Characters of a page in order, and where each stands."""

    def __init__(self, page: str, runs: Iterator[tuple[str, int, int]]) -> None:
        """``page``: the decoded text. ``runs``: characters, their offset in it, and their length there; 0 means one to one."""
        parts: list[str] = []
        self._page = page
        self._first: list[int] = []
        self._offset: list[int] = []
        self._width: list[int] = []
        length = 0
        for characters, offset, width in runs:
            parts.append(characters)
            self._first.append(length)
            self._offset.append(offset)
            self._width.append(width)
            length += len(characters)
        self.text = "".join(parts)

    def span(self, start: int, end: int) -> Span:
        """Where the characters ``start`` to ``end`` (exclusive, and more than none) stand in the page."""
        return Span(self.at(start)[0], self.at(end - 1)[1])

    def at(self, index: int) -> tuple[int, int]:
        """Offset in the page of one character, and the offset after it."""
        run = bisect_right(self._first, index) - 1
        offset, width = self._offset[run], self._width[run]
        if width:
            return offset, offset + width
        here = offset + index - self._first[run]
        return here, here + 1

    def is_line_end(self, index: int) -> bool:
        """Whether a line or an element ends, or another begins, between a character and the next."""
        between = self._page[self.at(index)[1] : self.at(index + 1)[0]]
        return "\n" in between or "<" in between


def plain_letters(text: str) -> Letters:
    """Letters of a page that came as text."""
    return Letters(text, _runs(text, 0, len(text)))


def visible_letters(text: str) -> Letters:
    """Letters of an HTML page that stand between its tags, scripts and the like left out."""
    return Letters(text, _between_tags(text))


def markup_letters(text: str) -> Letters:
    """Letters of an HTML page with its tags, attributes and scripts: where titles, dates and addresses may stand too."""
    return Letters(text, _with_references(text, 0, len(text), _ESCAPE))


def _between_tags(text: str) -> Iterator[tuple[str, int, int]]:
    end = 0
    for other in _NOT_TEXT.finditer(text):
        yield from _with_references(text, end, other.start(), _REFERENCE)
        end = other.end()
    yield from _with_references(text, end, len(text), _REFERENCE)


def _with_references(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    at = start
    for match in pattern.finditer(text, start, end):
        yield from _runs(text, at, match.start())
        characters, width = _meant(match[0])
        if (kept := letters_of(characters)) != "":
            yield kept, match.start(), width
        at = match.start() + width
    yield from _runs(text, at, end)


def _meant(reference: str) -> tuple[str, int]:
    """What a character reference stands for, and how much of it is one: "&copyright" is © and "right"."""
    if reference.startswith("\\"):
        return ("/" if reference == "\\/" else chr(int(reference[2:6], 16))), len(reference)
    meant = html.unescape(reference)
    if meant == reference:
        return "&", 1
    if not reference.endswith(";") and reference[1] != "#":
        tail = len(meant) - 1
        while tail and not reference.endswith(meant[-tail:]):
            tail -= 1
        return meant[: len(meant) - tail], len(reference) - tail
    return meant, len(reference)


def _runs(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _KEPT.finditer(text, start, end):
        yield match[0], match.start(), 0
