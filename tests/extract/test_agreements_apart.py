"""Agreements told of in two sentences, as being in force, between parties that are only counted; and what is none of them."""

from __future__ import annotations

import pytest

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.records import Partnership, TextBlock


def told(text: str) -> list[Partnership]:
    return partnerships_in([TextBlock(text=text)], article_id="web:a/b")


def test_cooperation_in_one_sentence_and_the_signing_in_the_next() -> None:
    (found,) = told("Współpraca między gminami Lipno i Kikół trwa od 2015 roku. Porozumienie podpisano 5 maja 2016 r.")
    assert (found.parties, found.agreement) == (["gminą Lipno", "gminą Kikół"], "Porozumienie")
    assert (found.founded_text, found.agreement_text) == ("5 maja 2016 r.", "5 maja 2016 r.")


def test_an_agreement_in_force_has_a_beginning_and_no_day_of_signing() -> None:
    (found,) = told("Угода про співпрацю між Луцькою та Ковельською громадами діє з 3 травня 2023 року.")
    assert found.parties == ["Луцькою громадою", "Ковельською громадою"]
    assert (found.founded_text, found.agreement_text) == ("з 3 травня 2023 року", None)


def test_parties_that_are_only_counted_are_not_named() -> None:
    text = (
        "Меморандум про співпрацю між бібліотеками двох громад підписано 1 вересня 2022 року в рамках проєкту «Книжковий міст»."
    )
    (found,) = told(text)
    assert (found.kind, found.parties, found.programme) == ("agreement", [], "Книжковий міст")
    assert found.agreement_text == "1 вересня 2022 року"
    (both,) = told(
        f"Меморандум про співпрацю між Луцькою громадою та Хмільницькою громадою підписано 1 вересня 2022 року. {text}"
    )
    assert both.parties == ["Луцькою громадою", "Хмільницькою громадою"]


@pytest.mark.parametrize(
    "text",
    [
        "Współpraca między gminami Lipno i Kikół trwa od lat. Porozumienie zostanie podpisane 5 maja 2026 r.",
        "Współpraca między gminami Lipno i Kikół trwa od lat. Porozumienie ze szkołą podpisano 5 maja 2016 r.",
        "Współpraca między szkołą a rodzicami trwa od lat. Umowę na dach podpisano 5 maja 2016 r.",
        "Меморандум про співпрацю між двома громадами не підписано 1 вересня 2022 року.",
        "Угода про співпрацю діє з 3 травня 2023 року.",
    ],
)
def test_what_is_no_agreement(text: str) -> None:
    assert told(text) == []


def test_a_founding_without_a_day_in_the_next_sentence_tells_the_founders() -> None:
    (found,) = told("Sieć „Senior z książką” działa od stycznia. Zawiązały ją biblioteki w Dębnie, Lasowie i Kolnie.")
    assert (found.name, found.founded_text) == ("Senior z książką", None)
    assert found.initiators == ["biblioteka w Dębnie", "biblioteka w Lasowie", "biblioteka w Kolnie"]


def test_those_whose_page_it_is_founded_it() -> None:
    text = "Koalicja „Lipa” to zespół szkół. Zawiązaliśmy ją w listopadzie 2022 r., a w styczniu dołączyła do nas Szkoła nr 3."
    (found,) = told(text)
    assert (found.founded_text, found.initiators) == ("w listopadzie 2022 r.", [])


def test_founders_are_neither_the_time_that_passed_nor_what_came_later() -> None:
    (found,) = told("Rok temu, 6 kwietnia 2020 roku, gmina Lipno i gmina Kikół zawiązały Koalicję „Lipa”.")
    assert found.initiators == ["gmina Lipno", "gmina Kikół"]


def test_between_whom_a_partnership_was_founded() -> None:
    (found,) = told("Partnerstwo „Dolina” powstało w 2015 roku między gminami Lipno i Kikół.")
    assert found.parties == ["gminą Lipno", "gminą Kikół"]
