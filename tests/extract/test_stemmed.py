"""What spares a pattern a text spares it no match: stems, beginnings and quick looks against the whole pattern."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.decks import linktext
from pipeline.extract.decks.linktext import with_single_links
from pipeline.extract.furniture import tab_bars
from pipeline.extract.lines import Line
from pipeline.extract.partnerships import agreements, partnership_words
from pipeline.extract.prose import DATE_WORDING
from pipeline.extract.stemmed import Stemmed, stems_of, without_case

PATTERNS = {
    name: value
    for module in (agreements, partnership_words)
    for name, value in vars(module).items()
    if isinstance(value, Stemmed)
}
WORDS = sorted({word for value in PATTERNS.values() for word in re.findall(r"[^\W\d_]{2,}", value.pattern)})
SIGNS = ["„", "”", '"', ":", ",", ".", "–", "2014", "r.", "12", "Anna", "Lipno", "w", "z", "i", "ı", "İ", "ſ", "\u0307", "  "]
TEXTS = st.lists(st.sampled_from(WORDS + SIGNS * 20), max_size=14).flatmap(
    lambda words: st.sampled_from((" ", "", "\u00a0")).map(lambda gap: gap.join(words))
)
many = settings(deadline=None, max_examples=300)


def test_every_pattern_has_stems() -> None:
    assert len(PATTERNS) > 20
    assert [name for name, pattern in PATTERNS.items() if not pattern.stems] == []


@many
@given(TEXTS | TEXTS.map(str.upper) | TEXTS.map(str.title))
def test_stems_lose_no_match(text: str) -> None:
    for name, pattern in PATTERNS.items():
        plain = re.compile(pattern.pattern, re.IGNORECASE)
        assert [m.span() for m in pattern.finditer(text)] == [m.span() for m in plain.finditer(text)], name
        for method in ("search", "match", "fullmatch"):
            assert str(getattr(pattern, method)(text)) == str(getattr(plain, method)(text)), name


def test_letters_that_a_pattern_takes_for_one_another_are_one_letter() -> None:
    letters = "".join(sorted({letter for pattern in PATTERNS.values() for stem in pattern.stems for letter in stem}))
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1))))
    for letter in letters:
        alike = re.findall(re.escape(letter), everything, re.IGNORECASE)
        assert {without_case(other) for other in alike} == {without_case(letter)}


@pytest.mark.parametrize(
    ("pattern", "stems"),
    [
        (r"\b(?:partner\w*|sieć)\b", ("partne", "sieć")),
        (r"(?:ab)?c{2}(?=def)", ("c",)),
        (r"ab|", ()),
        (r"[ab]+(?:xyz|x)", ("x",)),
        (r"(?P<a>\d+)", ()),
        (r"a\s+bcd", ("bcd",)),
    ],
)
def test_stems(pattern: str, stems: tuple[str, ...]) -> None:
    assert stems_of(re.compile(pattern, re.IGNORECASE)) == stems


@many
@given(
    st.lists(
        st.sampled_from(
            "w dniu dnia roku od w pierwszej połowie IV kwartale stycznia maj 5 2014 1999 r. na Kraków , .".split()
        ),
        max_size=14,
    ).map(" ".join)
)
def test_the_look_ahead_loses_no_date(text: str) -> None:
    whole = re.compile(DATE_WORDING.pattern.removeprefix(r"(?=(?:[^\W\d_]++\s++){0,6}+\d)"), re.IGNORECASE)
    assert whole.pattern != DATE_WORDING.pattern
    assert [m.span() for m in DATE_WORDING.finditer(text)] == [m.span() for m in whole.finditer(text)]


COPIES = ["a", "(a", "b", "ba", "c)a", "sieć", "(sieć", "wsi", "wsi)sieć", "w", "x.pl", "x.plx.pl"]


@many
@given(st.lists(st.sampled_from(COPIES), max_size=12))
def test_words_that_begin_no_copy_need_no_closer_look(words: list[str]) -> None:
    text = " ".join(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linktext, "_suspects", lambda _, words: list(range(len(words))))
        slow = with_single_links.__wrapped__(text)
    assert with_single_links.__wrapped__(text) == slow


@many
@given(st.lists(st.sampled_from(["Skrót", "Opis", "1 krok", " -> ", " ", ".:", "1", "x", "\u00a0"]), max_size=5).map("".join))
def test_a_bar_of_tabs_is_told_whatever_its_names_begin_with(text: str) -> None:
    names = ["Skrót", "Opis", "1 krok"]
    rest = re.sub("skrót|1 krok|opis", " ", text.casefold())
    held = {name for name in ("skrót", "opis", "1 krok") if name in text.casefold()}
    is_bar = len(held) > 1 and not any(letter.isalpha() for letter in rest)
    assert bool(tab_bars([Line(text)], names, names)) == is_bar
