"""What stands on every page of a site and belongs to no record: menus, counters, banners, footers, tab bars."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.lines import Line
from pipeline.extract.page import one_line
from pipeline.normalise.kept import Kept

_LEAST_ROW, _LONGEST_ROW = 12, 300
_LONGEST_KEPT = 200  # characters
_FIRST_LETTER = re.compile(r"[^\W\d_]")
_DECOR = " .:;,»«›‹>|/-–—→•·*[]()"


def folded_line(text: str) -> str:
    """A line as lines are compared: small letters, single spaces, no arrows, dots and colons at its ends."""
    return _known[text]


def _folded(text: str) -> str:
    return one_line(html.unescape(text)).casefold().strip(_DECOR)


# Menus and footers are the same on all pages of a site, and a page is looked at several times.
_known = Kept(_folded, 8192, _LONGEST_KEPT)


class _Wordings(NamedTuple):
    whole: frozenset[str]
    starts: tuple[str, ...]
    row: re.Pattern[str] | None


@lru_cache(maxsize=64)
def _wordings(whole: tuple[str, ...], starts: tuple[str, ...]) -> _Wordings:
    known = frozenset(folded_line(text) for text in whole)
    ordered = sorted((text for text in known if text), key=lambda text: (-len(text), text))
    phrases = "|".join(map(re.escape, ordered))
    # Buttons stand side by side, with or without a space: "Wyślij pocztą e-mail Wrzuć na bloga"
    row = re.compile(rf"(?:(?:{phrases})[\s.:;,!»«›‹>|/–—•·*-]*+){{2,20}}+") if phrases else None
    return _Wordings(known, tuple(folded_line(text) for text in starts), row)


class Furniture:
    """Lines known to be furniture: ``whole`` lines, and lines that begin with one of ``starts``."""

    def __init__(self, whole: Iterable[str], starts: Iterable[str]) -> None:
        self.whole, self.starts, self._row = _wordings(tuple(whole), tuple(starts))

    def holds(self, line: Line) -> bool:
        """Whether the line is furniture; a blank line is not."""
        folded = folded_line(line.text)
        return bool(folded) and (folded in self.whole or folded.startswith(self.starts) or self._is_row(folded))

    def _is_row(self, folded: str) -> bool:
        """Whether the line is several furniture lines in a row; short ones alone could be the letters of a word."""
        if self._row is None or not _LEAST_ROW <= len(folded) <= _LONGEST_ROW:
            return False
        return self._row.fullmatch(folded) is not None

    def stripped(self, lines: Sequence[Line]) -> list[Line]:
        """The lines without furniture and blank lines at their start and end."""
        kept = list(lines)
        while kept and (kept[-1].is_blank or self.holds(kept[-1])):
            kept.pop()
        start = 0
        while start < len(kept) and (kept[start].is_blank or self.holds(kept[start])):
            start += 1
        return kept[start:]


class Bar(NamedTuple):
    """A tab bar: the lines from ``start`` up to, not with, ``end``."""

    start: int
    end: int


def tab_bars(lines: Sequence[Line], names: Sequence[str], sure: Sequence[str]) -> list[Bar]:
    """Every bar made of tab ``names`` alone, on one line or on several that follow each other.

    At least two different names make a bar, one of them out of ``sure``: a line that only says "Załączniki" is a heading.
    """
    ordered = tuple(sorted({folded_line(name) for name in names}, key=lambda name: (-len(name), name)))
    certain = {folded_line(name) for name in sure}
    found: list[Bar] = []
    position = 0
    while position < len(lines):
        if _tab_names(lines[position].text, ordered) is None:
            position += 1
            continue
        bar, held = _bar_at(lines, position, ordered)
        if len(held) > 1 and certain & held:
            found.append(bar)
            position = bar.end
        else:
            position += 1
    return found


def _bar_at(lines: Sequence[Line], start: int, names: tuple[str, ...]) -> tuple[Bar, set[str]]:
    held: set[str] = set()
    end = position = start
    while position < len(lines):
        here = _tab_names(lines[position].text, names)
        if here is None or (position == start and not here and lines[position].is_blank):
            break
        if held & here:
            break  # the same name again: another bar
        held |= here
        if not lines[position].is_blank:
            end = position + 1
        elif position + 1 < len(lines) and lines[position + 1].is_blank:
            break
        position += 1
    return Bar(start, end), held


def _tab_names(text: str, names: tuple[str, ...]) -> frozenset[str] | None:
    """The tab names a line holds, none for a line of signs alone; None when there is anything else on it."""
    return _kept_tab_names(text, names) if len(text) <= _LONGEST_KEPT else _found_tab_names(text, names)


def _found_tab_names(text: str, names: tuple[str, ...]) -> frozenset[str] | None:
    rest = folded_line(text)
    if _begins_with_other(rest, names):
        return None
    held = set()
    for name in names:
        if name in rest:
            held.add(name)
            rest = rest.replace(name, " ")
    if any(letter.isalpha() for letter in rest) or (not held and any(letter.isdigit() for letter in rest)):
        return None
    return frozenset(held)


def _begins_with_other(text: str, names: tuple[str, ...]) -> bool:
    """Whether the first letter of the text begins no name, as it must where names and signs are all there is."""
    first = _FIRST_LETTER.search(text)
    return first is not None and _begin_with_letters(names) and not text.startswith(names, first.start())


@lru_cache(maxsize=64)
def _begin_with_letters(names: tuple[str, ...]) -> bool:
    return all(name[:1].isalpha() for name in names)


_kept_tab_names = lru_cache(maxsize=8192)(_found_tab_names)
