"""Which numbers on a page are slide numbers.

Numbers are chosen together, not one by one: a slide may hold its own list, begin
with a number or carry a year on a line of its own, and only the whole chain 1, 2, 3, … tells those apart.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

HIGHEST_SLIDE_NUMBER = 2_000
_NUMBERED = re.compile(r"(0|[1-9]\d{0,3})(?:\s+(\S.*))?", re.DOTALL)
_GAP_COST = 0.3  # for each number left out
_WIDEST_GAP = 10
_LEAST_PARTED = 3
_LEAST_ALIKE, _LONGEST_ALIKE = 4, 30  # characters two steps of an animation begin with alike


class NumberedLine(NamedTuple):
    """A line that may open a slide: where it stands, its number, what follows the number, and how well it fits (0 to 1.2).

    ``weight`` is what speaks for the line beyond its number (a blank line before it, a title after it).
    """

    at: int
    number: int
    rest: str
    weight: float


class _Run(NamedTuple):
    """The best run that ends with a candidate. ``head_start`` is its score freed of the cost of gaps yet to come."""

    score: float
    head_start: float
    position: int
    before: _Run | None


def number_and_rest(line: str) -> tuple[int, str] | None:
    """The number a line begins with and what follows it; None when it begins with none that could be a slide's.

    A number with leading zeros or glued to a sign (``1.``, ``2010-2013``) is none.
    """
    match = _NUMBERED.fullmatch(line.strip())
    if match is None or int(match[1]) > HIGHEST_SLIDE_NUMBER:
        return None
    return int(match[1]), (match[2] or "").strip()


def consistent_chain(candidates: Sequence[NumberedLine], *, gap_cost: float) -> list[NumberedLine]:
    """The rising run of candidates that holds together best: most weight, fewest numbers left out.

    Numbers may be left out, at ``gap_cost`` for each place where that happens and a little for each number. Of two equally
    good runs the one whose lines stand earlier is taken. Time grows with n log m, m being the highest slide number.
    """
    ending_at: dict[int, _Run] = {}
    lower = _BestBelow()
    winner: _Run | None = None
    for position, (_, number, _, weight) in enumerate(candidates):
        score, before = -_GAP_COST * (number - 1) - gap_cost if number > 1 else 0.0, None
        neighbour = ending_at.get(number - 1)
        if neighbour is not None and neighbour.score > score:
            score, before = neighbour.score, neighbour
        jump = lower.best_below(number)
        if jump is not None and jump.head_start - _GAP_COST * (number - 1) - gap_cost > score:
            score, before = jump.head_start - _GAP_COST * (number - 1) - gap_cost, jump
        score += weight
        run = _Run(score, score + _GAP_COST * number, position, before)
        known = ending_at.get(number)
        if known is None or score > known.score:
            ending_at[number] = run
            lower.enter(number, run)
        if winner is None or score > winner.score:
            winner = run
    chain: list[NumberedLine] = []
    while winner is not None:
        chain.append(candidates[winner.position])
        winner = winner.before
    return chain[::-1]


class _BestBelow:
    """The run with the highest head start among those that end with a lower number (a binary indexed tree of maxima)."""

    def __init__(self) -> None:
        self._tree: list[_Run | None] = [None] * (HIGHEST_SLIDE_NUMBER + 2)

    def best_below(self, number: int) -> _Run | None:
        best: _Run | None = None
        at = number  # numbers 0 … number-1 stand at 1 … number
        while at > 0:
            run = self._tree[at]
            if run is not None and (best is None or run.head_start > best.head_start):
                best = run
            at -= at & -at
        return best

    def enter(self, number: int, run: _Run) -> None:
        at = number + 1
        while at < len(self._tree):
            known = self._tree[at]
            if known is None or run.head_start > known.head_start:
                self._tree[at] = run
            at += at & -at


class NumberedSlide(NamedTuple):
    """A slide as its lines stand; blank lines inside are ``""``. The first line is empty when the number stood alone."""

    number: int
    lines: list[str]


class NumberedSlides(NamedTuple):
    """What numbers make of a run of lines. ``are_alone``: the numbers stand on lines of their own.

    ``leading`` are the lines before the first number, ``rivals`` numbers that stand inside slides and look like slides.
    """

    are_alone: bool
    leading: list[str]
    slides: list[NumberedSlide]
    rivals: frozenset[int]

    @property
    def steps(self) -> int:
        """How many slides follow the one before them without a gap."""
        numbers = [slide.number for slide in self.slides]
        return sum(after == before + 1 for before, after in itertools.pairwise(numbers))


def numbered_slides(lines: Sequence[str]) -> NumberedSlides | None:
    """The slides of ``lines`` by their numbers; None when no line begins with a number.

    Numbers either begin blocks (``3 Title …``, a slide without text is ``3`` alone) or stand alone on a line above title and
    body; which of the two holds for the page is told by the chains they make.
    """
    numbered = [(index, *found) for index, line in enumerate(lines) if (found := number_and_rest(line)) is not None]
    if not numbered:
        return None
    blocks = _blocks(lines, numbered)
    alone = _alone(lines, numbered)
    block_chain = _parted_blocks(lines, blocks) or consistent_chain(blocks, gap_cost=0.5)
    alone_chain = consistent_chain(alone, gap_cost=0.8)
    opening = sum(candidate.weight == 1.0 for candidate in alone_chain)
    are_alone = opening > 0 and opening >= sum(bool(candidate.rest) for candidate in block_chain)
    chain = alone_chain if are_alone else block_chain
    slides: list[NumberedSlide] = []
    ends = [candidate.at for candidate in chain[1:]] + [len(lines)]
    for candidate, end in zip(chain, ends, strict=True):
        slides += _by_step(NumberedSlide(candidate.number, [candidate.rest, *lines[candidate.at + 1 : end]]))
    chosen = {candidate.at for candidate in chain}
    rivals = frozenset(candidate.number for candidate in (alone if are_alone else blocks) if candidate.at not in chosen)
    return NumberedSlides(are_alone, list(lines[: chain[0].at]), slides, rivals)


def _by_step(slide: NumberedSlide) -> list[NumberedSlide]:
    """The slide, in as many as its number is printed before the same beginning: each step of an animation is a slide."""
    printed = str(slide.number)
    starts = [0]
    for at, line in enumerate(slide.lines):
        if not at or not line.startswith(printed) or (slide.lines[at - 1] and line != printed):
            continue
        found = number_and_rest(line)
        if found is None or found[0] != slide.number:
            continue
        beginning = _beginning(slide.lines)
        if len(beginning) >= _LEAST_ALIKE and _beginning([found[1], *slide.lines[at + 1 :]]) == beginning:
            starts.append(at)
    if len(starts) == 1:
        return [slide]
    whole = [slide.lines[start:end] for start, end in zip(starts, [*starts[1:], len(slide.lines)], strict=True)]
    rests = [slide.lines[0], *((number_and_rest(slide.lines[start]) or (0, ""))[1] for start in starts[1:])]
    return [NumberedSlide(slide.number, [rest, *lines[1:]]) for rest, lines in zip(rests, whole, strict=True)]


def _beginning(lines: Sequence[str]) -> str:
    first = next((line for line in lines[:2] if line.strip()), "")
    return " ".join(first.casefold().split())[:_LONGEST_ALIKE]


def _blocks(lines: Sequence[str], numbered: list[tuple[int, int, str]]) -> list[NumberedLine]:
    # A block of its own weighs most. Where a rendering has no blank lines at all, a list inside a slide is told by its start
    # over at 1 with items on neighbouring lines.
    first = numbered[0][0]
    parted = any(index > first and not lines[index - 1].strip() for index, _, _ in numbered)
    candidates: list[NumberedLine] = []
    list_end: tuple[int, int] | None = None  # line and number of the last item of a list inside a slide
    for index, number, rest in numbered:
        stands_free = index == first or not lines[index - 1].strip()
        weight = 1.0 if stands_free or not parted else 0.5
        if list_end == (index - 1, number - 1) or (number == 1 and index > first and not stands_free):
            list_end = (index, number)
            weight = min(weight, 0.3)
        candidates.append(NumberedLine(index, number, rest, weight))
    return candidates


def _parted_blocks(lines: Sequence[str], blocks: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The blocks that blank lines part, when each begins with a number and the numbers rise: then gaps count for nothing.

    Empty when one of them does not, or leaves out so many numbers that it may be a year.
    """
    first = blocks[0].at
    starts = {at for at in range(first, len(lines)) if lines[at].strip() and (at == first or not lines[at - 1].strip())}
    parted = [block for block in blocks if block.at in starts]
    rising = all(0 < after.number - before.number <= _WIDEST_GAP for before, after in itertools.pairwise(parted))
    is_deck = len(parted) == len(starts) >= _LEAST_PARTED and parted[0].number <= 1
    return _with_next_below(parted, blocks) if is_deck and rising else []


def _with_next_below(parted: Sequence[NumberedLine], blocks: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The blocks, and after an empty slide the one whose number stands on the next line, where no block has it."""
    at_line = {block.at: block for block in blocks}
    numbers = {block.number for block in parted}
    found: list[NumberedLine] = []
    for block in parted:
        found.append(block)
        while (below := at_line.get(found[-1].at + 1)) is not None and not found[-1].rest:
            if below.number != found[-1].number + 1 or below.number in numbers:
                break
            found.append(below)
    return found


def _alone(lines: Sequence[str], numbered: list[tuple[int, int, str]]) -> list[NumberedLine]:
    # A number that opens a slide has the title below it; one followed by its successor opens an empty slide, or none.
    candidates: list[NumberedLine] = []
    for index, number, rest in numbered:
        if rest:
            continue
        below = next((line for line in lines[index + 1 : index + 4] if line.strip()), None)
        following = number_and_rest(below) if below is not None else None
        opens = below is not None and (following is None or following[0] != number + 1)
        candidates.append(NumberedLine(index, number, "", 1.0 if opens else 0.6))
    return candidates
