"""Persons on slides: labels of title slides, roles without a full stop behind them. All names are made up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.people.deck_people import people_on
from pipeline.records import SlideText


def named(*texts: str) -> list[tuple[str, str, str | None]]:
    slides = [SlideText(number=number, title=None, text=text) for number, text in enumerate(texts, 1)]
    return [(person.name, person.role, person.organisation) for person in people_on(slides, record_id="deck:1")]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Wolontariat Opracowanie: Natalia Zmyślona Lubrza, 14 maja 2013 r.", [("Natalia Zmyślona", "Opracowanie", None)]),
        ("Autorzy: mgr Jan Próbny i dr Anna Testowa", [("Jan Próbny", "Autorzy", None), ("Anna Testowa", "Autorzy", None)]),
        ("Доповідачка: Оксана Вигадана, директорка 12 жовтня 2019 року", [("Оксана Вигадана", "директорка", None)]),
        (
            "Доповідач: Вигадана Оксана Іванівна, директорка бібліотеки м. Липів 2018",
            [("Вигадана Оксана Іванівна", "директорка бібліотеки м. Липів", None)],
        ),
        (
            "Доповідач: Вигадана Оксана Іванівна, директорка публічної бібліотеки м. Липів 2018",
            [("Вигадана Оксана Іванівна", "директорка публічної бібліотеки", None)],
        ),
        (
            "Wspólny bus dr Anna Testowa Skarbnik Powiatu Jan Próbny Dyrektor CUW Lipno, 8 maja 2017 r.",
            [("Anna Testowa", "Skarbnik", "Powiatu"), ("Jan Próbny", "Dyrektor", "CUW Lipno")],
        ),
        (
            "Zarząd Prezes Anna Testowa Sekretarz Jan Próbny",
            [("Anna Testowa", "Prezes", None), ("Jan Próbny", "Sekretarz", None)],
        ),
        ("Jan Próbny Trener Roku 2014", []),
        ("Autor projektu Scena i widownia Jan Próbny czyta", []),
        ("100 godzin = 1 książka", []),
    ],
)
def test_who_made_or_gives_the_presentation(text: str, people: list[tuple[str, str, str | None]]) -> None:
    assert named(text) == people


def test_what_a_slide_runs_on_with_is_no_part_of_the_role() -> None:
    [(name, role, organisation)] = named(
        "Jan Próbny, zastępca dyrektora Wydziału Edukacji Urzędu Miasta Lipna Cele projektu Nowe miejsca w żłobkach i szkołach"
    )
    assert (name, role) == ("Jan Próbny", "zastępca dyrektora")
    assert organisation is None


def test_a_person_of_several_slides_is_named_once_with_a_role() -> None:
    assert named("Prowadzenie: Anna Testowa", "Anna Testowa, kierowniczka", "Anna Testowa, kierowniczka") == [
        ("Anna Testowa", "Prowadzenie", None),
        ("Anna Testowa", "kierowniczka", None),
    ]


@given(st.lists(st.text(alphabet="Autor: Jan,NoważŻ.№1 \nдиректорка", max_size=60), max_size=4))
@settings(max_examples=60)
def test_no_text_makes_it_raise(texts: list[str]) -> None:
    named(*texts)
