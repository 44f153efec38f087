"""Agreements that one community signed with each of several, and pairs below a colon."""

from __future__ import annotations

import pytest

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.extract.people.people import people_in
from pipeline.records import Partnership, TextBlock


def told(*texts: str) -> list[Partnership]:
    return partnerships_in([TextBlock(text=text) for text in texts], article_id="web:a/b")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            (
                "Водночас Липівська селищна громада уклала меморандуми з трьома громадами-партнерами: Дубенською з Рівненщини,"
                " Самбірською — зі Львівщини та Сарненською."
            ),
            [
                ["Липівська селищна громада", "Дубенською громадою з Рівненщини"],
                ["Липівська селищна громада", "Самбірською громадою зі Львівщини"],
                ["Липівська селищна громада", "Сарненською громадою"],
            ],
        ),
        (
            "Так Липівська міська рада, Дубенська адміністрація та Спілка «Ліс» підписали меморандум про співпрацю.",
            [["Липівська міська рада", "Дубенська адміністрація", "Спілка «Ліс»"]],
        ),
        (
            "Відтоді вже народилися партнерства: Боярка — Мец; Крути — Нансі, Корюківка — Сент-Омер — Лілль.",
            [["Боярка", "Мец"], ["Крути", "Нансі"]],
        ),
        (
            (
                "Під час зустрічі меморандуми підписали:\n\nЛипівська міська громада та Дубенська громада;\n\n"
                "Самбірська громада та Сарненська громада.\n\nГромади домовилися про обмін та Ярмаркову ходу."
            ),
            [["Липівська міська громада", "Дубенська громада"], ["Самбірська громада", "Сарненська громада"]],
        ),
        (
            "Gminy zaplanowały rozmowy, a porozumienia podpisały:\n- Gmina Lipno i Gmina Kikół\n- Jan Kos i Adam Wilk",
            [["Gmina Lipno", "Gmina Kikół"]],
        ),
    ],
)
def test_each_pair_has_an_agreement_of_its_own(text: str, pairs: list[list[str]]) -> None:
    assert [found.parties for found in told(*text.split("\n\n"))] == pairs


def test_a_colon_in_the_name_of_a_project_ends_no_role() -> None:
    text = "Прийшла керівниця проєкту «Разом: громади поруч» Марія Вигадана, а з нею учні."
    [person] = people_in([TextBlock(text=text)], record_id="a")
    assert (person.name, person.role, person.organisation) == (
        "Марія Вигадана",
        "керівниця проєкту",
        "«Разом: громади поруч»",
    )


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Три польські гміни та дві українські громади підписали меморандум про співпрацю.", []),
        (
            "Самбірська рада підписала Меморандум про співпрацю з польськими гмінами Лип’є, Оброво та Любіч, інформує сайт.",
            ["Самбірська рада", "гміною Лип’є", "гміною Оброво", "гміною Любіч"],
        ),
        (
            "Гміна Оброво (Obrowo) та територіальні Самбірська, Дубенська громади підписали меморандум про співпрацю.",
            ["Гміна Оброво (Obrowo)", "Самбірська громада", "Дубенська громада"],
        ),
        (
            "Дубенська ОТГ та польська ґміна Оброво підписали меморандум про співпрацю.",
            ["Дубенська ОТГ", "польська ґміна Оброво"],
        ),
        (
            (
                "W auli Centrum Kultury w Lipnie doszło do podpisania porozumienia w sprawie współpracy i sposobu korzystania"
                " ze zbiorów Biblioteki przez uczniów szkół, dla których Powiat jest organem prowadzącym."
            ),
            [],
        ),
    ],
)
def test_parties_that_are_named(text: str, parties: list[str]) -> None:
    assert [party for found in told(text) for party in found.parties] == parties


def test_another_persons_role_behind_a_form_of_address() -> None:
    text = "Umowę podpisali pan Jan Kos starosta lipnowski i pan Adam Wilk starosta rypiński."
    assert [(p.name, p.role) for p in people_in([TextBlock(text=text)], record_id="a")] == [
        ("Jan Kos", "starosta lipnowski"),
        ("Adam Wilk", "starosta rypiński"),
    ]
