"""Where a text read from a page stands in it, tolerant of what reading changes and of nothing else.

White space, tags, bullets and dashes make no difference (see `letters`). What was left out of the middle of a text (a link
text printed twice, an advertisement, masked contact data) parts it into stretches that must follow each other closely.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from pipeline.extract.page import Page
from pipeline.normalise.masks import EMAIL_MASK, PERSON_MASK, PHONE_MASK
from pipeline.trace.letters import Letters, Span, letters_of, markup_letters, plain_letters, visible_letters

_MASK = re.compile("|".join(map(re.escape, (EMAIL_MASK, PHONE_MASK, PERSON_MASK))))
_SHORT = 60  # letters: below it a text may well stand at several places, and the most fitting is looked for
_MOST_PLACES = 400
_LEAST_STRETCH = 4
_REACH = 1_000  # letters: how far the next stretch of a text may stand from the last
_MASK_REACH = 160
_LABEL_REACH = 3  # letters between a label and its value: a colon
_NUMBER_REACH = 12
_HREF = re.compile(r"""\b(?:href|src)\s*+=\s*+(?:"(?P<d>[^"]*+)"|'(?P<s>[^']*+)'|(?P<n>[^\s"'>]++))""", re.IGNORECASE)

_Range = tuple[int, int]


class Locator:
    """Finds texts on one page. Spans are offsets in `Page.text`; a text not found has none."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sequences: dict[tuple[str, ...], list[list[_Range]]] = {}

    @cached_property
    def _visible(self) -> Letters:
        return visible_letters(self._page.text) if self._page.is_html else plain_letters(self._page.text)

    @cached_property
    def _markup(self) -> Letters:
        return markup_letters(self._page.text) if self._page.is_html else self._visible

    def anywhere(self, text: str) -> list[Span]:
        """Spans of ``text`` at its most fitting place: in the visible text, else in the markup (head, attributes)."""
        for letters in (self._visible, self._markup):
            found = self._best(letters, text)
            if found:
                return _spans(letters, found)
        return self._symbols(text, 0, len(self._page.text))

    def within(self, text: str, passage: str) -> list[Span]:
        """Spans of ``text`` inside the ``passage`` it was read from; anywhere when it is not found there."""
        around = self._best(self._visible, passage)
        if around:
            start, end = around[0][0], around[-1][1]
            found = self._best(self._visible, text, start, end) or _stretches(self._visible.text, text, start, end)
            if found:
                return _spans(self._visible, found)
        return self.anywhere(text)

    def labelled(self, label: str, value: str) -> list[Span]:
        """Spans of ``value`` where it follows ``label``; anywhere when it follows none."""
        letters, wanted = self._visible, letters_of(label)
        for at in _places(letters.text, wanted, 0, len(letters.text)) if wanted else ():
            start = at + len(wanted)
            found = _stretches(letters.text, value, start, min(len(letters.text), start + len(value) + _REACH))
            if found and found[0][0] - start <= _LABEL_REACH:
                return _spans(letters, found)
        return self.anywhere(value)

    def in_sequence(self, texts: tuple[str, ...], place: int) -> list[Span]:
        """Spans of one of the ``texts``, which follow each other on the page: a slide of a deck, a block of an article."""
        found = self._sequence(texts)[place]
        if found:
            return _spans(self._visible, found)
        if not letters_of(texts[place]):
            return self._symbols(texts[place], *self._gap(texts, place))
        return self.anywhere(texts[place])

    def in_part(self, text: str, texts: tuple[str, ...], place: int) -> list[Span]:
        """Spans of ``text`` inside one of the ``texts`` that follow each other: the title of a slide."""
        around = self._sequence(texts)[place]
        found = self._best(self._visible, text, around[0][0], around[-1][1]) if around else []
        return _spans(self._visible, found) if found else self.anywhere(text)

    def number_before(self, number: str, texts: tuple[str, ...], place: int) -> list[Span]:
        """Span of a number printed before one of the ``texts`` that follow each other: that of a slide."""
        letters, placed = self._visible, self._sequence(texts)
        before = next((found for found in reversed(placed[:place]) if found), [])
        following = placed[place] or next((found for found in placed[place + 1 :] if found), [])
        stop = following[0][0] if following else len(letters.text)
        start = before[-1][1] if before else max(0, stop - _NUMBER_REACH)
        fitting = [at for at in _places(letters.text, number, start, stop) if _fit(letters, at, at + len(number)) >= 2]
        if not fitting:
            return []
        # The number of a slide with text stands right before it, that of an empty one right after the slide before.
        at = fitting[-1] if placed[place] else fitting[0]
        return _spans(letters, [(at, at + len(number))])

    def address(self, url: str) -> list[Span]:
        """Span of an absolute address where a link of the page leads to it, or where it is printed."""
        if self._page.is_html:
            for match in _HREF.finditer(self._page.text):
                kind = match.lastgroup or "d"
                if self._page.absolute(html.unescape(match[kind]).strip()) == url:
                    return [Span(match.start(kind), match.end(kind))]
        return self.anywhere(url)

    def _best(self, letters: Letters, text: str, start: int = 0, stop: int | None = None) -> list[_Range]:
        stop = len(letters.text) if stop is None else stop
        wanted = letters_of(text)
        if not wanted:
            return []
        if len(wanted) < _SHORT:
            places = [(at, at + len(wanted)) for at in _places(letters.text, wanted, start, stop)]
            if places:
                return [max(places, key=lambda place: (_fit(letters, *place), -place[0]))]
        return _stretches(letters.text, text, start, stop)

    def _sequence(self, texts: tuple[str, ...]) -> list[list[_Range]]:
        """Where each of the texts stands: one that is sure first, then the others on either side of it, in order."""
        if texts not in self._sequences:
            self._sequences[texts] = self._placed(texts)
        return self._sequences[texts]

    def _placed(self, texts: Sequence[str]) -> list[list[_Range]]:
        letters = self._visible
        placed: list[list[_Range]] = [[] for _ in texts]
        anchor = self._anchor(texts)
        if anchor is None:
            return placed
        placed[anchor] = self._best(letters, texts[anchor])
        stop = placed[anchor][0][0]
        for place in range(anchor - 1, -1, -1):
            placed[place] = self._last_before(texts[place], stop)
            stop = placed[place][0][0] if placed[place] else stop
        start = placed[anchor][-1][1]
        for place in range(anchor + 1, len(texts)):
            placed[place] = self._first_after(texts[place], start)
            start = placed[place][-1][1] if placed[place] else start
        return placed

    def _anchor(self, texts: Sequence[str]) -> int | None:
        """The longest of the texts that stands on the page once; where all stand there more often, the longest of them."""
        page = self._visible.text
        found: list[int] = []
        for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
            wanted = letters_of(texts[place])
            at = page.find(wanted) if wanted else -1
            if at >= 0 and page.find(wanted, at + 1) < 0:
                return place
            if at >= 0 or (not found and self._best(self._visible, texts[place])):
                found.append(place)
        return next(iter(found), None)

    def _first_after(self, text: str, start: int) -> list[_Range]:
        letters, wanted = self._visible, letters_of(text)
        if not wanted:
            return []
        for at in _places(letters.text, wanted, start, len(letters.text)):
            if _fit(letters, at, at + len(wanted)) >= 2:
                return [(at, at + len(wanted))]
        return _stretches(letters.text, text, start, len(letters.text))

    def _last_before(self, text: str, stop: int) -> list[_Range]:
        letters, wanted = self._visible, letters_of(text)
        end = stop
        for _ in range(_MOST_PLACES):
            at = letters.text.rfind(wanted, 0, end) if wanted else -1
            if at < 0:
                break
            if _fit(letters, at, at + len(wanted)) >= 2:
                return [(at, at + len(wanted))]
            end = at + len(wanted) - 1
        return _stretches(letters.text, text, 0, stop) if wanted else []

    def _gap(self, texts: tuple[str, ...], place: int) -> _Range:
        """Offsets in the page between the texts before and after one."""
        placed = self._sequence(texts)
        before = next((found for found in reversed(placed[:place]) if found), [])
        following = next((found for found in placed[place + 1 :] if found), [])
        start = self._visible.at(before[-1][1] - 1)[1] if before else 0
        return start, self._visible.at(following[0][0])[0] if following else len(self._page.text)

    def _symbols(self, text: str, start: int, stop: int) -> list[Span]:
        """Span of a text of nothing but dashes and bullets."""
        bare = text.strip()
        if not bare or letters_of(bare):
            return []
        at = self._page.text.find(bare, start, stop)
        if at < 0 and bare == "•":  # what reading makes of any bullet of a symbol font
            symbol = re.compile("[\ue000-\uf8ff]").search(self._page.text, start, stop)
            at = symbol.start() if symbol is not None else -1
        return [Span(at, at + len(bare))] if at >= 0 else []


def _places(haystack: str, wanted: str, start: int, stop: int) -> Iterator[int]:
    at = haystack.find(wanted, start, stop)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = haystack.find(wanted, at + 1, stop)


def _fit(letters: Letters, start: int, end: int) -> int:
    """How well a stretch is set apart: 1 for each end that breaks no word, one more where a line or tag ends there."""
    text = letters.text
    score = 0
    for before, after in ((start - 1, start), (end - 1, end)):
        if before < 0 or after >= len(text):
            score += 2
            continue
        apart = letters.at(after)[0] - letters.at(before)[1]
        if apart or not (text[before].isalnum() and text[after].isalnum()):
            score += 1
        score += letters.is_line_end(before)
    return score


def _stretches(haystack: str, text: str, start: int, stop: int) -> list[_Range]:
    """The text in one stretch; else in several close to each other, in order and all of it; else nothing."""
    wanted = letters_of(text)
    at = haystack.find(wanted, start, stop)
    if at >= 0 and wanted:
        return [(at, at + len(wanted))]
    for _ in range(8):  # where only the beginning stands earlier on the page as well, a later place is tried
        found = _parted(haystack, text, start, stop)
        if found is not None and found[1]:
            return found[0]
        if found is None or not found[0]:
            return []
        start = found[0][0][0] + 1
    return []


def _parted(haystack: str, text: str, start: int, stop: int) -> tuple[list[_Range], bool] | None:
    """Stretches of the text from the first place its beginning stands at, and whether they make all of it."""
    found: list[_Range] = []
    at, limit = start, stop
    for number, part in enumerate(_MASK.split(text)):
        wanted = letters_of(part)
        if number and found:
            limit = min(stop, at + _MASK_REACH)
        done = 0
        while done < len(wanted):
            size = _longest(haystack, wanted, done, at, limit)
            is_rest = done + size == len(wanted)
            if not size or (size < _LEAST_STRETCH and not is_rest):
                return (found, False) if found else None
            where = haystack.find(wanted[done : done + size], at, limit)
            found.append((where, where + size))
            at, done = where + size, done + size
            limit = min(stop, at + (_REACH if len(wanted) - done >= _LEAST_STRETCH else _MASK_REACH))
    total = sum(end - begin for begin, end in found)
    return found, bool(found) and len(found) <= 2 + len(_MASK.findall(text)) + total // 25


def _longest(haystack: str, wanted: str, done: int, at: int, limit: int) -> int:
    """How many letters of ``wanted`` from ``done`` on stand together somewhere between ``at`` and ``limit``."""
    low, high = 0, min(len(wanted) - done, limit - at)
    while low < high:
        middle = (low + high + 1) // 2
        if haystack.find(wanted[done : done + middle], at, limit) >= 0:
            low = middle
        else:
            high = middle - 1
    return low


def _spans(letters: Letters, found: Sequence[_Range]) -> list[Span]:
    return [letters.span(start, end) for start, end in found]
