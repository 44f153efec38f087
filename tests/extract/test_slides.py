"""Slide numbers are chosen as a chain."""

from __future__ import annotations

import itertools

import pytest
from ending import ending
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.decks.slides import NumberedLine, consistent_chain, number_and_rest, numbered_slides


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("12 Rada gminy", (12, "Rada gminy")),
        ("0\u00a0Start", (0, "Start")),
        ("37", (37, "")),
        ("1.Wstęp", None),
        ("1. Wstęp", None),
        ("01 Wstęp", None),
        ("2010-2013 plan", None),
        ("9999", None),
        ("", None),
    ],
)
def test_number_at_the_start_of_a_line(line: str, found: tuple[int, str] | None) -> None:
    assert number_and_rest(line) == found


def chain(numbers: list[tuple[int, float]]) -> list[int]:
    candidates = [NumberedLine(at, number, "", weight) for at, (number, weight) in enumerate(numbers)]
    return [candidate.at for candidate in consistent_chain(candidates, gap_cost=0.5)]


def test_steps_of_one_are_preferred() -> None:
    assert chain([(1, 1), (2, 1), (1999, 1), (3, 1), (9, 1), (4, 1)]) == [0, 1, 3, 5]


def test_a_gap_is_taken_when_slides_follow() -> None:
    assert chain([(1, 1), (2, 1), (6, 1), (7, 1), (8, 1), (9, 1)]) == [0, 1, 2, 3, 4, 5]


def test_heavier_of_two_equal_numbers_wins_and_the_earlier_on_a_tie() -> None:
    assert chain([(1, 1), (2, 0.5), (2, 1), (3, 1)]) == [0, 2, 3]
    assert chain([(1, 1), (2, 1), (2, 1), (3, 1)]) == [0, 1, 3]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.sampled_from([0.3, 0.6, 1.0])), max_size=60))
def test_chain_rises(numbers: list[tuple[int, float]]) -> None:
    taken = [numbers[at][0] for at in chain(numbers)]
    assert all(before < after for before, after in itertools.pairwise(taken))
    assert bool(taken) == bool(numbers)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3", "4", "2 rada", "3 gmina", "tekst", ""]), max_size=40))
def test_no_line_is_lost(lines: list[str]) -> None:
    found = numbered_slides(lines)
    if found is None:
        assert not any(number_and_rest(line) for line in lines)
        return
    lengths = [len(slide.lines) for slide in found.slides]
    assert len(found.leading) + sum(lengths) == len(lines)


def test_the_chain_of_many_numbers_ends() -> None:
    with ending():
        chain([(number * 7919 % 2000, 1.0) for number in range(50_000)])


@pytest.mark.parametrize(
    "lines", [["5 Frekwencja w 2013", "", "5 Frekwencja w 2013", "i w 2014"], ["5", "Frekwencja", "5", "Frekwencja", "więcej"]]
)
def test_a_number_printed_again_before_the_same_beginning_is_a_step_of_an_animation(lines: list[str]) -> None:
    found = numbered_slides(
        ["1 Wstęp", "", "2 Cel", "", "3 Dane", "", "4 Plan", "", *lines, "", "6 Koniec"]
        if lines[0] != "5"
        else ["4", "Plan", *lines, "6", "Koniec"]
    )
    assert found is not None
    assert [slide.number for slide in found.slides][-4:] == [4, 5, 5, 6]


def test_a_number_printed_again_before_other_words_stays_inside_its_slide() -> None:
    found = numbered_slides(["1 Wstęp", "", "2 Cel", "", "2 lata pracy", "", "3 Dane", "", "4 Plan"])
    assert found is not None
    assert [slide.number for slide in found.slides] == [1, 2, 3, 4]
