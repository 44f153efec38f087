"""Agreements with each of several communities, by an agreement's own text, and of communities that became partners."""

from __future__ import annotations

import pytest

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.extract.people.people import people_in
from pipeline.records import Partnership, TextBlock


def told(*texts: str, title: str | None = None) -> list[Partnership]:
    return partnerships_in([TextBlock(text=text) for text in texts], article_id="web:a/b", title=title)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Nasza gmina współpracuje z gminą Hude i miastem Żółkiew, z którymi podpisano umowy o partnerstwie w 2010 roku.",
            [["gminą Hude"], ["miastem Żółkiew"]],
        ),
        (
            "Partnerami są miasto Hude, gmina Nowe i powiat Wyżnica, z którymi Gmina Lipno podpisała umowy o partnerstwie.",
            [["miasto Hude"], ["gmina Nowe"], ["powiat Wyżnica"]],
        ),
        (
            "Współpracujemy z miastami Hude i Żółkiew, z którymi podpisaliśmy umowy o partnerstwie.",
            [["miastem Hude"], ["miastem Żółkiew"]],
        ),
        ("Odwiedzili nas goście z Hude i miasto Lipno, z którymi podpisano umowy o partnerstwie.", []),
    ],
)
def test_a_clause_about_several_says_it_of_each(text: str, parties: list[list[str]]) -> None:
    assert [found.parties for found in told(text)] == parties


@pytest.mark.parametrize("began", ["Zawarta w dniu 5 maja 2015 r. w Lipnie pomiędzy", "zawarta 5 maja 2015 r. między"])
def test_the_text_of_an_agreement_goes_on_from_its_heading(began: str) -> None:
    [found] = told("Umowa Partnerska", f"{began} Gminą Lipno a Gminą Kikół.", "Strony postanawiają, co następuje.")
    assert (found.agreement, found.parties) == ("Umowa Partnerska", ["Gminą Lipno", "Gminą Kikół"])
    assert (found.agreement_text or "").removeprefix("w dniu ") == "5 maja 2015 r."


def test_a_heading_that_is_no_agreement_is_none_of_the_sentence_below() -> None:
    assert told("Kronika gminy", "Zawarta w dniu 5 maja 2015 r. pomiędzy Gminą Lipno a Gminą Kikół.") == []


def test_an_agreement_between_two_named_units_needs_no_word_about_cooperation() -> None:
    [found] = told("5 maja 2015 r. zostało podpisane porozumienie między Gminą Lipno, a miastem Nowy Rozdół na Ukrainie.")
    assert found.parties == ["Gminą Lipno", "miastem Nowy Rozdół na Ukrainie"]
    assert told("5 maja 2015 r. podpisano umowę między Gminą Lipno a firmą Drogex na remont drogi.") == []


def test_of_several_tellings_that_two_became_partners_the_one_with_the_document_counts() -> None:
    became = "Самбірська громада Львівщини стала партнером Лубенської громади."
    signed = "Відповідний меморандум про співпрацю підписано 5 травня 2025 року в межах проєкту «Поруч»."
    [found] = told(became, became, signed)
    assert found.parties == ["Самбірська громада Львівщини", "Лубенської громади"]
    assert (found.agreement, found.agreement_text) == ("меморандум про співпрацю", "5 травня 2025 року")
    assert found.programme == "Поруч"


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Чеське місто Брно стало містом-побратимом Самбора.", [["Брно", "Самбора"]]),
        ("Брно офіційно стало побратимом Самбора.", [["Брно", "Самбора"]]),
        ("Miasto Hude stało się miastem partnerskim Gminy Lipno.", [["Miasto Hude", "Gminy Lipno"]]),
        ("Самбірська громада стала партнером Асоціації міст України.", []),
        ("Самбірська громада стала партнером Лубенської громади у змаганнях.", []),
        ("Самбірська громада не стала партнером Лубенської громади.", []),
    ],
)
def test_one_became_the_partner_of_the_other(text: str, parties: list[list[str]]) -> None:
    assert [found.parties for found in told(text)] == parties


def test_a_document_of_another_kind_with_parties_of_its_own_tells_no_day_of_the_one_before() -> None:
    [found] = told(
        "Очільник Самбірської територіальної громади Олександр ЗРАЗКО та міський голова Біржайського районного муніципалітету"
        " Вітас УМОВНАС у Литві підписали Угоду про співпрацю.",
        "Ще в січні 2020 року було підписано Меморандум про наміри у співпраці між містом Самбір та Литовською Республікою.",
    )
    assert found.parties == ["Самбірської територіальної громади", "Біржайського районного муніципалітету"]
    assert (found.kind, found.agreement_text) == ("intercommunity_agreement", None)


def test_how_much_later_it_was_is_no_part_of_a_party() -> None:
    [found] = told("Tydzień później burmistrz Lipna i burmistrz X Dzielnicy Budapesztu podpisali umowę partnerską.")
    assert (found.kind, found.parties) == ("intercommunity_agreement", ["Lipna", "X Dzielnicy Budapesztu"])


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("W Starostwie Powiatowym w Lipnie podpisano 17 lutego porozumienie z Rejonem Wyżnickim.", ["Rejonem Wyżnickim"]),
        ("Mer Wilna Artūras Umownas oraz mer Lwowa Andrij Zrazko podpisali dzisiaj umowę o współpracy.", ["Wilna", "Lwowa"]),
        ("Burmistrz Gminy Nové Zámky i wójt Gminy Lipno podpisali umowę o współpracy.", ["Gminy Nové Zámky", "Gminy Lipno"]),
    ],
)
def test_a_unit_of_another_land_is_a_party_and_the_name_of_its_mayor_is_none(text: str, parties: list[str]) -> None:
    [found] = told(text)
    assert (found.kind, found.parties) == ("intercommunity_agreement", parties)


@pytest.mark.parametrize("mark", ["в.о.", "в. о.", "т.в.о."])
def test_who_only_acts_in_an_office_is_said_to(mark: str) -> None:
    text = f"Документ підписав {mark} міського голови Самбора Назар Зразко."
    [found] = people_in([TextBlock(text=text)], record_id="web:a/b")
    assert (found.name, found.role) == ("Назар Зразко", f"{mark} міського голови Самбора")


def test_a_role_right_behind_a_name_is_not_that_of_the_next() -> None:
    text = "Участь узяли: Петро Зразко міський голова Самбора, Олег Вигаданий, Трибухівський сільський голова."
    assert ("Олег Вигаданий", "міський голова Самбора") not in {
        (found.name, found.role) for found in people_in([TextBlock(text=text)], record_id="web:a/b")
    }
