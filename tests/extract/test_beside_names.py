"""What stands beside names and parties: forms of address, weekdays before days, brackets glued to the next sentence."""

from __future__ import annotations

import pytest

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.extract.people.people import people_in
from pipeline.extract.prose import sentences
from pipeline.records import TextBlock


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Przybyli: Pan Jan Kos Wójt Gminy Lipno, Pani Anna Zmyślona sekretarz gminy, Pani Ewa Próbna dyrektor Szkoły nr 2.",
            [("Jan Kos", "Wójt Gminy Lipno"), ("Anna Zmyślona", "sekretarz gminy"), ("Ewa Próbna", "dyrektor")],
        ),
        ("Przybyli Anna Zmyślona sekretarz gminy oraz goście.", []),
        ("Był z dyrektor szkoły w Lipnie Panią Anną Zmyśloną na spotkaniu.", [("Anną Zmyśloną", "dyrektor szkoły w Lipnie")]),
        (
            "Udział wziął doradca powiatu lipnowskiego Pan Denys Zmyszlenko.",
            [("Denys Zmyszlenko", "doradca powiatu lipnowskiego")],
        ),
        ("Spotkanie rozpoczęła pani Ewa Próbna dyrektor szkoły witając gości.", [("Ewa Próbna", "dyrektor szkoły")]),
        ("Прийшов радник голови Іван Вигаданий.", [("Іван Вигаданий", "радник голови")]),
    ],
)
def test_forms_of_address_beside_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(person.name, person.role) for person in people_in([TextBlock(text=text)], record_id="a")] == expected


def test_who_stands_for_the_other_side_is_not_of_the_first() -> None:
    text = "Gminę Lipno reprezentował wójt Jan Kos, a gminę Kikół burmistrz Adam Wilk."
    found = people_in([TextBlock(text=text)], record_id="a")
    assert [(person.name, person.organisation) for person in found] == [("Jan Kos", "Gminę Lipno"), ("Adam Wilk", None)]


@pytest.mark.parametrize(
    ("text", "parties", "date"),
    [
        (
            "We wtorek, 6 maja 2019 r. Burmistrz Lipna Jan Kos podpisał porozumienie o współpracy z Gminą Kikół.",
            ["Lipna", "Gminą Kikół"],
            "6 maja 2019 r.",
        ),
        (
            "Podpisano Umowę o partnerstwie pomiędzy samorządami - Gminą Lipno a Powiatem Brzeżany.",
            ["Gminą Lipno", "Powiatem Brzeżany"],
            None,
        ),
        (
            (
                "Gmina Lipno i Wyrivska Wiejska Rada w Ukrainie stały się gminami partnerskimi. Podpisana została umowa"
                " partnerska pomiędzy Gminą Lipno a Wyrivską Wiejską Radą (Ukraina).Wcześniej odbyły się rozmowy."
            ),
            ["Gmina Lipno", "Wyrivska Wiejska Rada w Ukrainie"],
            None,
        ),
    ],
)
def test_parties_and_day(text: str, parties: list[str], date: str | None) -> None:
    [found] = partnerships_in([TextBlock(text=text)], article_id="web:a/b")
    assert (found.parties, found.agreement_text) == (parties, date)


def test_a_bracket_glued_to_the_next_sentence() -> None:
    assert sentences("Umowę podpisano w Lipnie (Polska).Potem zwiedzano miasto.") == (
        "Umowę podpisano w Lipnie (Polska).",
        "Potem zwiedzano miasto.",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Obradowali Jan Kos, minister spraw wewnętrznych oraz Adam Wilk, prezydent miasta Lublin.",
            [("Jan Kos", "minister spraw wewnętrznych"), ("Adam Wilk", "prezydent miasta Lublin")],
        ),
        (
            "Przyszedł Jan Kos - dyrektor biura oraz jego zastępca Adam Wilk.",
            [("Jan Kos", "dyrektor biura"), ("Adam Wilk", "zastępca")],
        ),
        ("Obradowali wójt gminy Lipno i Adam Wilk.", []),
    ],
)
def test_a_role_is_of_the_name_before_the_conjunction(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(person.name, person.role) for person in people_in([TextBlock(text=text)], record_id="a")]
    assert set(found) <= set(expected)
    assert found[:1] == expected[:1]


def test_what_someone_says_tells_of_the_same_agreement() -> None:
    text = (
        "Фонд Смарт та Спілка Лісова Бібліотека підписали угоду про партнерство. «Аби підтримати бібліотеки, ми підписали угоду"
        " про партнерство зі Спілкою Лісова Бібліотека», – зазначила директорка Фонду Смарт Анна Вигадана."
    )
    [found] = partnerships_in([TextBlock(text=text)], article_id="web:a/b")
    assert found.parties == ["Фонд Смарт", "Спілка Лісова Бібліотека"]
