"""Enumerations in prose, to their items."""

from __future__ import annotations

import re

from pipeline.normalise.text import one_line
from pipeline.normalise.vocabulary import starts_like_institution

_PAIRS = {"(": ")", "[": "]", "{": "}", "„": '”"“', "«": "»", "“": "”", '"': '"'}
_NEAR = 200  # characters on either side of a conjunction that decide what it joins
_STRONG = re.compile(
    r"\s*(?:[,;•\n]|\s[–—-]\s)\s*(?:(?:oraz|a także|jak również|i|та|а також|і|й|and|und)\s+)?"
    r"|\s+(?:oraz|a także|jak również|а також|as well as|sowie)\s+",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_WEAK = re.compile(r"\s+(?:i|та|і|й|and|und|&)\s+")
_SHORT = 3  # words; longer names hold an "i" of their own ("Ośrodek Kultury i Sportu")


def split_list(text: str) -> list[str]:
    """The items of an enumeration, in order: "A, B oraz C" → A, B, C.

    Names in quotes and brackets stay whole. A plain "i" parts items only where the next one begins as an institution or in
    quotes, or where both sides are short and no institution's name begins the first.
    """
    plain = _SPACES.sub(lambda run: "\n" if "\n" in run[0] else " ", text)  # long white space would cost the separators time
    items = [item for part in _parts(plain, _STRONG) for item in _weakly_split(part)]
    trimmed = (
        one_line(item).strip(" ,;•–—").removesuffix(".") if _ends_sentence(item) else one_line(item).strip(" ,;•–—")
        for item in items
    )
    return [item for item in trimmed if item]


def _ends_sentence(item: str) -> bool:
    """Whether a full stop at the end closes the sentence and not an abbreviation ("im. J. K.", "sp. z o.o.")."""
    last = one_line(item).rsplit(" ", 1)[-1]
    return last.endswith(".") and len(last) > 4 and "." not in last[:-1]


def _weakly_split(text: str) -> list[str]:
    items, begin = [], 0
    for spot in _spots(text, _WEAK):
        left, right = text[begin : spot.start()], text[spot.end() : spot.end() + _NEAR]
        if _is_border(left[:_NEAR], left[-_NEAR:], right):
            items.append(left)
            begin = spot.end()
    return [*items, text[begin:]]


def _is_border(beginning: str, left: str, right: str) -> bool:
    if right[:1] in "\"„“«'" or (starts_like_institution(right) and right[:1].isupper()):
        return True
    if starts_like_institution(beginning):
        return False
    return len(_WEAK.split(left)[-1].split()) <= _SHORT and len(_WEAK.split(right)[0].split()) <= _SHORT


def _parts(text: str, separator: re.Pattern[str]) -> list[str]:
    parts, begin = [], 0
    for spot in _spots(text, separator):
        parts.append(text[begin : spot.start()])
        begin = spot.end()
    return [*parts, text[begin:]]


def _spots(text: str, separator: re.Pattern[str]) -> list[re.Match[str]]:
    """Separators outside quotes and brackets."""
    closed = _enclosed(text)
    return [
        match
        for match in separator.finditer(text)
        if match.end() > match.start() and not any(closed[match.start() : match.end()])
    ]


def _enclosed(text: str) -> list[bool]:
    """For each character whether quotes or brackets stand around it; an opening one that nothing closes encloses nothing."""
    inside = [False] * len(text)
    last = {closing: text.rfind(closing) for closing in "".join(_PAIRS.values())}
    position = 0
    while position < len(text):
        closings = _PAIRS.get(text[position], "")
        ends = [text.find(closing, position + 1) for closing in closings if last[closing] > position]
        if ends:
            end = min(ends)
            inside[position : end + 1] = [True] * (end + 1 - position)
            position = end
        position += 1
    return inside
