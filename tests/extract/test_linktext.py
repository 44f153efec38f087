"""Link texts printed twice are kept once; what repeats for a reason is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.decks.linktext import with_plain_bullets, with_single_links


@pytest.mark.parametrize(
    ("published", "mended"),
    [
        ("wspiera (Centra Sąsiedzkie)Centra Sąsiedzkie i szkoły", "wspiera (Centra Sąsiedzkie) i szkoły"),
        ("(w ramach sieci pracowni)pracowni", "(w ramach sieci pracowni)"),
        ("(w ramach sieci pracowni wiejskich)pracowni wiejskich, oraz", "(w ramach sieci pracowni wiejskich), oraz"),
        ("(kampania „Gmina razem”)„Gmina razem”", "(kampania „Gmina razem”)„Gmina razem”"),
        ("(UMIG)UMIG", "(UMIG)"),
        ("„Otwarta świetlica”Otwarta świetlica", "„Otwarta świetlica”"),
        ("www.gmina.example.orgwww.gmina.example.org", "www.gmina.example.org"),
        ("zob. www.gmina.example.org po więcejwww.gmina.example.org Rozdział", "zob. www.gmina.example.org po więcej Rozdział"),
        ("https://example.org/ahttps://example.org/a dalej", "https://example.org/a dalej"),
        ("rada@example.orgrada@example.org", "rada@example.org"),
        ("Szkoła Dobrych PraktykSzkoła Dobrych Praktyk", "Szkoła Dobrych Praktyk"),
        ("DOM SPOTKAŃDOM SPOTKAŃ", "DOM SPOTKAŃ"),
        ("(Перша рада)Перша рада", "(Перша рада)"),
        ("sieć(Sieć wsi)Sieć wsi oraz", "sieć(Sieć wsi) oraz"),
        ("szkoły,(Centra Sąsiedzkie)Centra Sąsiedzkie", "szkoły,(Centra Sąsiedzkie)"),
        ("Ruch(UMIG)UMIG", "Ruch(UMIG)"),
        ("(np. (Centra X)Centra X)", "(np. (Centra X))"),
    ],
)
def test_second_copy_goes(published: str, mended: str) -> None:
    assert with_single_links(published) == mended


@pytest.mark.parametrize(
    "text",
    [
        "tak tak, TakTak, nie nie",
        "(Centra Sąsiedzkie) Centra Sąsiedzkie",
        "Gmina gmina Gmina",
        "(szkoły, biznes)które łączą szkoły",
        "rada(Rada wsi)Rada gminy",
        "Rada wsiRada wsi",
        "100 zł100 zł",
        "2010 20102010 2010",
        "f(x)x, g(ab)ab",
        "kuskus berberberber",
        "ola@example.org jola@example.org",
        "http://www.example.org www.example.org",
        "a.example.org example.org",
        "BadenBaden",
        "1.1.1.1 2)2)2)",
        "",
    ],
)
def test_what_repeats_for_a_reason_stays(text: str) -> None:
    assert with_single_links(text) == text


@settings(deadline=None)
@given(st.text(alphabet="ab AB().„”w@.\u00a0\n1", max_size=80))
def test_only_ever_drops_and_never_raises(text: str) -> None:
    mended = with_single_links(text)
    rest = iter(text)
    assert all(char in rest for char in mended)


def test_a_text_too_long_for_a_slide_is_left_alone() -> None:
    text = "(Centra X)Centra X " * 5_000
    assert with_single_links(text) == text


def test_bullets_of_symbol_fonts() -> None:
    assert with_plain_bullets("\uf0b7 a \uf0a7 b \U000f0001 c • d") == "• a • b • c • d"
