"""Agreements that one community signed with each of several, and pairs below a colon."""

from __future__ import annotations

import pytest

from pipeline.extract.partnerships import partnerships_in
from pipeline.extract.people import people_in
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
