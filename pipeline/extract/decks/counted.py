"""Parts that a page counts with a word: lines that are nothing but "Slajd 1", "Слайд №2", "Slide 3 of 12".

Slide transcripts of many hosts are printed so. A page that mentions one slide, or tells what to say at each, is none: the
numbers must stand alone on their lines and rise from 0 or 1 without a gap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.extract.decks.slides import NumberedSlide, NumberedSlides, number_and_rest
from pipeline.extract.decks.transcript import Wordings, ends_transcript, folded
from pipeline.extract.lines import Line
from pipeline.extract.page import Page

_LEAST_PARTS = 3
_LEAST_LINES = 4
_LOOKED_AT = 200  # characters of a line
_WORDS = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}")
_SENTENCE_ENDS = re.compile(r"[^\W\d]\.\s+[^\W\d_]")
_LEAST_PARAGRAPH, _LONGEST_LOOKED_AT = 60, 2_000  # characters
_LONGEST_MARKER = 40  # characters
_LONGEST_LABEL = 60  # characters
_HIGHEST = r"\d{1,3}"


class CountedPart(NamedTuple):
    """Where the line with the number stands, and the number."""

    at: int
    number: int


def counts_parts(page: Page, words: Sequence[str]) -> bool:
    """Whether the page counts parts with one of the words."""
    return page.has_line(*words) and bool(counted_parts(page, [line.bare for line in numbers_apart(page, words)], words))


def numbers_apart(page: Page, words: Sequence[str]) -> list[Line]:
    """The lines of the page, each number that a rendering glued to the text below it on a line of its own: "Слайд 1Громада"."""
    if not page.has_line(*words):
        return page.lines
    glued = _glued_marker(tuple(words))
    found: list[Line] = []
    for line in page.lines:
        match = glued.match(line.text)
        found += [line] if match is None else [Line(match[0]), line._replace(text=line.text[match.end() :])]
    return found


def numbers_every_line(page: Page) -> bool:
    """Whether the page is a text without an address in which every line begins with the next number from 1 on.

    Transcripts that lost what stood around them are kept so; a list puts a dot or a bracket behind its numbers.
    """
    if page.url or page.is_html:
        return False
    number = 0
    written = 0
    for line in page.lines:
        if line.is_blank:
            continue
        found = number_and_rest(line.bare)
        number += 1
        if found is None or found[0] != number:
            return False
        written += _WORDS.search(found[1][:_LOOKED_AT]) is not None
    return number >= _LEAST_LINES and 2 * written >= number


def counted_parts(page: Page, lines: Sequence[str], words: Sequence[str]) -> list[CountedPart]:
    """The parts of the page's ``lines`` in order, empty where they are not surely counted.

    Numbers may begin anew (a row of small pictures above the transcript): the run with most text below its numbers is taken.
    A word below a number is the name of a slide without a title, and the number is what counts.
    """
    if not page.has_line(*words):
        return []
    marker = _marker(tuple(words))
    runs: list[list[CountedPart]] = []
    for at, line in enumerate(lines):
        found = marker.fullmatch(line) if len(line) <= _LONGEST_MARKER else None
        if found is None:
            continue
        part = CountedPart(at, int(found[1]))
        if runs and part.number == runs[-1][-1].number + 1:
            runs[-1].append(part)
        else:
            runs.append([part])
    sure = [run for run in runs if len(run) >= _LEAST_PARTS and run[0].number <= 1 and 2 * _written(run, lines) >= len(run)]
    sure = [run for run in sure if not _is_advice(run, lines)]
    best = max(sure, key=lambda run: _written(run, lines), default=[])
    named = sum(next(filter(None, lines[: part.at][:-4:-1]), "") == str(part.number) for part in best)
    return best if 2 * named < len(best) else []


def counted_slides(
    page: Page, printed: Sequence[Line], lines: Sequence[str], parts: Sequence[CountedPart], wordings: Wordings
) -> NumberedSlides:
    """The parts as slides; the last one ends where the page goes on with something else. ``printed``: the lines' markup."""
    ends = [*(part.at for part in parts[1:]), len(lines)]
    slides = [NumberedSlide(part.number, ["", *lines[part.at + 1 : end]]) for part, end in zip(parts, ends, strict=True)]
    below = [_first_of(lines, part.at + 1, end) for part, end in zip(parts, ends, strict=True)]
    roles = [printed[at].role for first, end in zip(below[:-1], ends, strict=False) for at in range(first + 1, end)]
    holds_headings = "heading" in roles
    holds_blanks = any("" in lines[first : end - 1] for first, end in zip(below[:-1], ends, strict=False))
    for at in range(below[-1] + 1, len(lines)):
        is_heading = printed[at].role == "heading" and not holds_headings
        is_apart = not page.is_html and not lines[at] and not holds_blanks
        if is_heading or is_apart or _ends_slides(lines[at], wordings):
            slides[-1] = NumberedSlide(parts[-1].number, ["", *lines[parts[-1].at + 1 : at]])
            break
    return NumberedSlides(are_alone=True, leading=[], slides=slides, rivals=frozenset())


def _first_of(lines: Sequence[str], start: int, end: int) -> int:
    """The first line of a part that is not blank; its end where all are."""
    return next((at for at in range(start, end) if lines[at]), end)


def _ends_slides(line: str, wordings: Wordings) -> bool:
    begins = folded(line)  # "Схожі презентації з економіки"
    is_similar = len(begins) <= _LONGEST_LABEL and begins.startswith(tuple(wordings.similar))
    return is_similar or wordings.is_download(line) or wordings.is_footer(line) or ends_transcript(line, None, wordings)


def _is_advice(run: Sequence[CountedPart], lines: Sequence[str]) -> bool:
    """Whether most parts are paragraphs of sentences: an article tells what to put on each slide."""
    told = sum(any(map(_is_paragraph, lines[part.at + 1 : after.at])) for part, after in pairwise(run))
    return 2 * told > len(run) - 1


def _is_paragraph(line: str) -> bool:
    """Whether the line is two sentences or more."""
    is_long = len(line) >= _LEAST_PARAGRAPH and line[0].isalpha() and line[-1] in ".!?"
    return is_long and _SENTENCE_ENDS.search(line, 0, _LONGEST_LOOKED_AT) is not None


def _written(run: Sequence[CountedPart], lines: Sequence[str]) -> int:
    """How many parts have text; that of the last may be the page's own."""
    return sum(any(lines[before.at + 1 : after.at]) for before, after in pairwise(run)) + any(lines[run[-1].at + 1 :][:2])


@lru_cache(maxsize=8)
def _glued_marker(words: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(word) for word in words)
    return re.compile(rf"\s*(?:{names})\s*{_HIGHEST}(?=[^\W\d_])", re.IGNORECASE)


@lru_cache(maxsize=8)
def _marker(words: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(word) for word in words)
    total = rf"(?:\s*(?:/|z|із|з|из|of|von|de|ze)\s*{_HIGHEST})?"
    return re.compile(rf"(?:{names})\s*(?:№|#|nr\.?|no\.?)?\s*({_HIGHEST}){total}\s*[.:]?", re.IGNORECASE)
