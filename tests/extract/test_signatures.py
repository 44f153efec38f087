"""Persons whose name and role stand on lines of their own."""

from __future__ import annotations

import pytest

from pipeline.extract.articles.articles import article_blocks
from pipeline.extract.articles.date_lines import date_in_line
from pipeline.extract.lines import text_lines
from pipeline.extract.people.people import people_in
from pipeline.extract.people.signatures import signatures


@pytest.mark.parametrize(
    ("lines", "signed"),
    [
        (["Jan Próbny", "Wójt Gminy Lipno"], [("Jan Próbny", "Wójt Gminy Lipno")]),
        (["Wójt Gminy Lipno", "/-/ Jan Próbny"], [("Jan Próbny", "Wójt Gminy Lipno")]),
        (
            ["Jan Próbny", "Wójt Gminy Lipno", "Ewa Próbna", "Starosta Lipnowski"],
            [("Jan Próbny", "Wójt Gminy Lipno"), ("Ewa Próbna", "Starosta Lipnowski")],
        ),
        (["Іван Пробний", "Сільський голова"], [("Іван Пробний", "Сільський голова")]),
        (["Wójt", "Jan Próbny", "Starosta", "Ewa Próbna", "Sekretarz"], []),  # over or under? not told
        (["Jan Próbny", "Ewa Próbna", "Wójt Gminy Lipno"], []),
        (["Dyrektor szkoły zaprasza", "Jan Próbny"], []),
        (["Dyrektor", "Filia nr 1", "Jan Próbny"], []),
        (["Jana Próbnego", "Wójt Gminy Lipno"], []),
        (["Jan Próbny", "Wójt Gminy Lipno Ewa Próbna"], []),
        ([], []),
    ],
)
def test_names_and_roles_in_turns(lines: list[str], signed: list[tuple[str, str]]) -> None:
    assert [(who.name, who.role) for who in signatures(lines)] == signed


def test_signatures_stand_where_the_page_has_them() -> None:
    text = "Zapraszamy na festyn do parku.\n\nJan Próbny\nWójt Gminy Lipno\n\nUdział zapowiedziała Ewa Próbna, skarbnik gminy."
    found = people_in(article_blocks(text_lines(text)), record_id="a")
    assert [(person.name, person.role) for person in found] == [
        ("Jan Próbny", "Wójt Gminy Lipno"),
        ("Ewa Próbna", "skarbnik gminy"),
    ]


def test_a_verb_of_saying_is_no_role() -> None:
    text = "– Byliśmy tam sześć razy – tłumaczy Kamila Próbna z urzędu."
    assert people_in(article_blocks(text_lines(text)), record_id="a") == []


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Aktualności 16 września 2017", "16 września 2017"),
        ("Новини | 05.12.2024", "05.12.2024"),
        ("Redaktor Jan Próbny Dodany dnia: 5 maja 2019", "5 maja 2019"),
        ("Дата: | 24.12.2025 |", "24.12.2025"),
        ("Wydarzenia z 5 maja 2019", None),
        ("Redaktor naczelny 5 maja 2019 napisał", None),
    ],
)
def test_days_behind_a_category_or_a_writer(line: str, date: str | None) -> None:
    assert date_in_line(line) == date
