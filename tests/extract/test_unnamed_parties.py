"""Parties that a sentence does not name, names by halves, or tells of twice on one page."""

from __future__ import annotations

import pytest

from pipeline.extract.articles.articles import article_blocks
from pipeline.extract.lines import text_lines
from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.records import Partnership


def told(text: str, title: str | None = None) -> list[Partnership]:
    return partnerships_in(article_blocks(text_lines(text)), article_id="web:a/b", title=title)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Gmina podpisała porozumienie o współpracy z Powiatem Lipnowskim.", ["Powiatem Lipnowskim"]),
        ("Władze Powiatu podpisały porozumienie o współpracy z Powiatem Lipnowskim.", ["Powiatem Lipnowskim"]),
        ("Wójt gminy Jan Próbny podpisał umowę o współpracy z gminą Hude.", ["gminą Hude"]),
        ("Громада підписала меморандум про співпрацю з Лубенською громадою.", ["Лубенською громадою"]),
    ],
)
def test_a_noun_alone_is_no_party(text: str, parties: list[str]) -> None:
    (found,) = told(text)
    assert found.parties == parties


@pytest.mark.parametrize(
    "text",
    [
        "Wójt gminy Jan Próbny i burmistrz miasta Ewa Próbna podpisali umowę o współpracy.",
        "Громади підписали меморандум про співпрацю.",
    ],
)
def test_nouns_alone_are_no_parties(text: str) -> None:
    assert told(text) == []


def test_when_it_was_is_no_part_of_the_party_and_each_preposition_begins_another() -> None:
    text = "Samorząd Lipna w ubiegłych latach podpisał umowę o partnerstwie z gminą Hude oraz ze Związkiem Gmin Elbmarsch."
    (found,) = told(text)
    assert found.parties == ["Samorząd Lipna", "gminą Hude", "Związkiem Gmin Elbmarsch"]
    ours = told(text.replace("Samorząd Lipna", "Gmina"))
    assert [made.parties for made in ours] == [["gminą Hude"], ["Związkiem Gmin Elbmarsch"]]


def test_heads_by_the_adjectives_of_their_communities() -> None:
    (found,) = told("Porozumienie o współpracy podpisali: starosta lipnowski Jan Próbny i burmistrz rypiński Ewa Próbna.")
    assert (found.kind, found.parties) == ("intercommunity_agreement", ["starosta lipnowski", "burmistrz rypiński"])


def test_a_clause_tells_who_signed_and_another_day_is_not_its() -> None:
    text = (
        "Partnerstwo jest kontynuacją działań rozpoczętych w 2003 r. przez samorząd Województwa Kujawsko-Pomorskiego,"
        " który zawarł porozumienie o współpracy z Obwodem Wołyńskim."
    )
    (found,) = told(text)
    assert found.parties == ["Województwa Kujawsko-Pomorskiego", "Obwodem Wołyńskim"]
    assert found.agreement_text is None
    assert told("Wystawę otworzył dyrektor, który podpisał umowę o współpracy z artystami.") == []


@pytest.mark.parametrize(
    ("text", "is_signed"),
    [
        ("Zwieńczeniem wizyty było podpisanie umowy partnerskiej między powiatem lipnowskim a powiatem rypińskim.", True),
        ("Підсумком візиту стало підписання меморандуму про співпрацю між Лубенською та Хорольською громадами.", True),
        ("Celem wizyty było podpisanie umowy partnerskiej między powiatem lipnowskim a powiatem rypińskim.", False),
        ("Zwieńczeniem wizyty będzie podpisanie umowy partnerskiej między powiatem lipnowskim a powiatem rypińskim.", False),
    ],
)
def test_what_a_visit_ended_with(text: str, *, is_signed: bool) -> None:
    assert bool(told(text)) == is_signed


def test_a_partnership_agreed_on() -> None:
    (found,) = told("Про партнерство домовилися Лубенська громада та гміна Сулеюв.")
    assert (found.parties, found.agreement) == (["Лубенська громада", "гміна Сулеюв"], None)


def test_one_agreement_told_of_three_times() -> None:
    text = """Władze Powiatu podpisały porozumienie o współpracy pomiędzy Powiatem Lipnowskim a Powiatem Dubieńskim w Ukrainie.

Władze Powiatu podpisały porozumienie o współpracy z Powiatem Dubieńskim.

W środę podpisane zostało porozumienie o współpracy pomiędzy Powiatem Lipnowskim a Powiatem Dubieńskim z Ukrainy."""
    (found,) = told(text)
    assert found.parties[0] == "Powiatem Lipnowskim"
    others = "Umowę o współpracy podpisały gmina Lipno i gmina Kikół. Umowę o współpracy podpisały gmina Lipno i gmina Rypin."
    assert len(told(others)) == 2


def test_partners_in_headings_with_their_land() -> None:
    text = """Hude (Niemcy)

Porozumienie o partnerstwie zawarto 5 maja 1999 r. podczas dni miasta.

Meung, Francja

Umowę o współpracy podpisano 2 maja 2004 r.

Sillein (Słowacja)

Umowę o współpracy z gminą Kikół podpisano 2 maja 2006 r."""
    found = told(text, "Współpraca z zagranicą")
    assert [(made.parties, made.agreement_text) for made in found[:2]] == [
        (["Hude"], "5 maja 1999 r."),
        (["Meung"], "2 maja 2004 r."),
    ]
    assert all(made.parties != ["Sillein"] for made in found)
