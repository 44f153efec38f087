"""Twin towns in lists, on lines of their own and in sentences: which lines are towns, which are none, what is told once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.records import Partnership, TextBlock


def told(*texts: str, title: str | None = None) -> list[Partnership]:
    return partnerships_in([TextBlock(text=text) for text in texts], article_id="web:a/b", title=title)


def towns(*texts: str, title: str | None = None) -> list[tuple[str | None, list[str]]]:
    return [(partnership.founded_text, partnership.parties) for partnership in told(*texts, title=title)]


def test_a_list_by_lands_below_the_title_of_the_page() -> None:
    found = towns(
        "Gmina współpracuje z miastami w czterech krajach.",
        "Niemcy",
        "- Hatten – umowa podpisana 12 maja 1995 r.\n- Schlüchtern (od 2003 r.)",
        "Francja",
        "- Libercourt – współpraca od 1998 roku",
        "Ukraina",
        "Równe, umowa z 4.06.2008 r., odnowiona w 2018 r.",
        "Białoruś",
        "Wołkowysk – współpraca zawieszona w 2022 r.",
        "Galeria",
        "Kontakt: Rynek 1",
        title="Miasta partnerskie",
    )
    assert found == [
        ("12 maja 1995 r.", ["Hatten"]),
        ("od 2003 r.", ["Schlüchtern"]),
        ("od 1998 roku", ["Libercourt"]),
        ("z 4.06.2008 r.", ["Równe"]),
        (None, ["Wołkowysk"]),
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ("Miasta partnerskie:", "- Libercourt (Francja) od 1998 r.\n- Veldhoven (Holandia) – 2002\n- Sokal"),
            [("od 1998 r.", ["Libercourt"]), ("2002", ["Veldhoven"]), (None, ["Sokal"])],
        ),
        (("Gminy partnerskie", "Francja – Libercourt (2005)"), [("2005", ["Libercourt"])]),
        (
            ("Міста-побратими", "- Козеніце (Польща), 1999 р.\n- Міхаловце (Словаччина)"),
            [("1999 р.", ["Козеніце"]), (None, ["Міхаловце"])],
        ),
    ],
)
def test_lists_however_written(texts: tuple[str, ...], expected: list[tuple[str | None, list[str]]]) -> None:
    assert towns(*texts) == expected


def test_cells_with_town_land_and_agreement_below_each_other() -> None:
    found = towns(
        "Żółkiew", "Ukraina", "Umowa z 14 maja 2005 r.", "Bardejov", "Słowacja", "Edelény", "Węgry",
        "Porozumienie wygasło w 2014 r.",
        title="Gminy partnerskie",
    )  # fmt: skip
    assert found == [("z 14 maja 2005 r.", ["Żółkiew"]), (None, ["Bardejov"]), (None, ["Edelény"])]


@pytest.mark.parametrize(
    "texts",
    [
        ("Miasta partnerskie", "Współpraca obejmuje:", "- Kultura\n- Sport\n- Turniej Piłkarski"),
        ("Miasta partnerskie", "Wizyta w Libercourt (Francja) – 2019", "- Delegacja (Francja)"),
        ("Міста-побратими", "Візит (Польща), 2019", "- Обмін (Польща)"),
        ("Nasze inwestycje", "- Libercourt (Francja)"),
        ("Miasta partnerskie są ważne dla rozwoju gminy.", "- Libercourt (Francja)"),
    ],
)
def test_what_is_no_town_stays_text(texts: tuple[str, ...]) -> None:
    assert told(*texts) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Miastem partnerskim Jarocina jest Korkuteli (Turcja).", [(None, ["Jarocina", "Korkuteli"])]),
        (
            "Miastami partnerskimi są Libercourt (Francja), Veldhoven (Holandia) i Hatten w Niemczech.",
            [(None, ["Libercourt"]), (None, ["Veldhoven"]), (None, ["Hatten"])],
        ),
        ("Miastem partnerskim jest Libercourt we Francji. Umowę podpisano w 2005 roku.", [("w 2005 roku", ["Libercourt"])]),
        ("Miastem partnerskim jest Libercourt. Umowę odnowiono w 2015 roku.", [(None, ["Libercourt"])]),
        ("Містом-побратимом Сарн є Козеніце (Польща).", [(None, ["Сарн", "Козеніце"])]),
        ("Miastem partnerskim jest dla nas każde z nich.", []),
        (
            "У 2024 році Самбірська та Оріхівська громади стали громадами-побратимами.",
            [("У 2024 році", ["Самбірська громада", "Оріхівська громада"])],
        ),
    ],
)
def test_sentences_that_name_twin_towns(text: str, expected: list[tuple[str | None, list[str]]]) -> None:
    assert towns(text) == expected


def test_a_row_and_a_sentence_of_the_same_agreement_are_one() -> None:
    table = "Kraj\tMiasto\tData podpisania umowy\nFrancja\tLibercourt\t12.05.2005\nNiemcy\tHatten\t2007"
    sentence = "W maju 2005 roku podpisano umowę partnerską z francuskim miastem Libercourt."
    libercourt, hatten = told(table, sentence)
    assert (libercourt.record_id, libercourt.agreement_text) == ("web:a/b#libercourt", "12.05.2005")
    assert libercourt.agreement == "umowę partnerską"
    assert sentence in libercourt.passage
    assert (hatten.parties, hatten.agreement) == (["Hatten"], None)


def test_towns_with_the_word_for_a_town_before_them() -> None:
    assert towns("Польща", "м. Козеніце – Угода про партнерство від 7 жовтня 2008 року", title="Міста-побратими") == [
        ("від 7 жовтня 2008 року", ["Козеніце"])
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hatten (Niemcy) – umowa partnerska podpisana 3 maja 1997 r.", [("3 maja 1997 r.", ["Hatten"])]),
        ("Kowno (Litwa) – wizyta studyjna w 2019 r.", []),
        ("Hatten (Niemcy) – umowa wygasła w 2014 r.", []),
        ("Nitra (Słowacja) – planowane podpisanie umowy w 2026 r.", []),
        ("Hatten (Niemcy) – od 2004 r. bez umowy o współpracy", []),
        ("Projekt (2016-2019) – umowa z 3 marca 2016 r.", []),
    ],
)
def test_below_a_heading_of_contacts_only_agreements_count(line: str, expected: list[tuple[str | None, list[str]]]) -> None:
    assert towns("Powiat współpracuje z samorządami Europy.", line, title="Współpraca zagraniczna") == expected


def test_agreements_of_other_years_stay_two() -> None:
    table = "Miasto\tData podpisania umowy\nLibercourt\t12.05.2005"
    assert len(told(table, "W 1995 roku podpisano umowę partnerską z francuskim miastem Libercourt.")) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ABab ,(–-)12.r:żі\t", max_size=30), max_size=6))
def test_no_line_below_the_heading_makes_it_raise(lines: list[str]) -> None:
    for partnership in told("\n".join(["Miasta partnerskie:", *lines])):
        assert all(party in " ".join(partnership.passage.split()) for party in partnership.parties)


def test_lines_that_pair_communities_with_their_agreement() -> None:
    found = told(
        "Громади області беруть участь у програмі.",
        "- Вербівська громада – партнер Степової громади (меморандум від 05.12.2024)\n"
        "- Липівська громада – партнер Польової громади (меморандум про співпрацю від 21 січня 2025 року)",
        "Gmina Lipowa – partner gminy Polna (umowa o współpracy z 12.05.2010)",
    )
    assert [(p.parties, p.agreement, p.agreement_text) for p in found] == [
        (["Вербівська громада", "Степової громади"], "меморандум", "від 05.12.2024"),
        (["Липівська громада", "Польової громади"], "меморандум про співпрацю", "від 21 січня 2025 року"),
        (["Gmina Lipowa", "gminy Polna"], "umowa o współpracy", "z 12.05.2010"),
    ]
    assert {p.kind for p in found} == {"intercommunity_agreement"}


@pytest.mark.parametrize(
    "line",
    [
        "Вербівська громада – партнер Степової громади (триває підготовка меморандуму)",
        "Вербівська громада – партнер Степової громади (проєкт меморандуму від 05.12.2024)",
        "Вербівська громада – партнер проєкту (угода від 12.05.2010)",
        "Бібліотека – партнер школи (угода від 12.05.2010)",
        "Вербівська громада – партнера визначають",
    ],
)
def test_lines_that_pair_no_communities(line: str) -> None:
    assert told(line) == []


def test_an_agreement_and_its_day_are_told_apart_from_since_when_the_two_work_together() -> None:
    found = told(
        "- Hatten (Niemcy) – umowa partnerska podpisana 12 maja 1995 r.",
        "- Libercourt (Francja) – współpraca od 1998 roku",
        "- Równe (Ukraina) – list intencyjny, 2008",
        title="Miasta partnerskie",
    )
    assert [(p.agreement, p.agreement_text, p.founded_text) for p in found] == [
        ("umowa partnerska", "12 maja 1995 r.", "12 maja 1995 r."),
        (None, None, "od 1998 roku"),
        (None, "2008", "2008"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Паневежис (Литва) – перемовини тривають, підписання угоди планується у 2013 році",
        "Pyrzyce (Polska) – współpraca robocza, bez umowy",
        "Hatten (Niemcy) – rozmowy w toku",
    ],
)
def test_a_town_with_which_nothing_is_agreed_on_is_no_twin(line: str) -> None:
    assert towns(f"- {line}\n- Libercourt (Francja) od 1998 r.", title="Miasta partnerskie") == [("od 1998 r.", ["Libercourt"])]


def test_a_column_of_the_kind_of_document_tells_which_rows_are_agreements() -> None:
    found = told(
        "Partner\tKraj\tRodzaj dokumentu\tData zawarcia",
        "Powiat Harz\tNiemcy\tumowa o partnerstwie\t24.05.2001",
        "Region Vysočina\tCzechy\tkontakty robocze\t-",
        "Rejon Brodzki\tUkraina\tlist intencyjny\twrzesień 2006",
    )
    assert [(p.parties, p.agreement, p.agreement_text) for p in found] == [
        (["Powiat Harz"], "umowa o partnerstwie", "24.05.2001"),
        (["Rejon Brodzki"], "list intencyjny", "wrzesień 2006"),
    ]


def test_two_rows_of_one_agreement_are_one_and_never_none() -> None:
    line = "Hatten (Niemcy) – umowa partnerska podpisana 12 maja 1995 r."
    found = told(f"- {line}", f"- {line}", title="Miasta partnerskie")
    assert [(p.parties, p.agreement_text) for p in found] == [(["Hatten"], "12 maja 1995 r.")]


def test_a_district_with_the_agreement_below_it_that_ended_later() -> None:
    (found,) = told(
        "Rejon kowelski (Ukraina)",
        "Umowa partnerska z dnia 5 maja 2007 roku, wygasła w 2020 roku.",
        title="Powiaty partnerskie",
    )
    assert (found.parties, found.agreement, found.agreement_text) == (
        ["Rejon kowelski"],
        "Umowa partnerska",
        "z dnia 5 maja 2007 roku",
    )


def test_a_numbered_table_of_towns() -> None:
    assert towns("№ з/п\tМісто-партнер\tКраїна\tДата підписання угоди", "1\tЯрослав\tПольща\t23.08.2005") == [
        ("23.08.2005", ["Ярослав"])
    ]


def test_a_town_said_to_be_a_twin_since_a_year_or_too() -> None:
    assert towns(
        "Першим містом-побратимом Пробнограда у 1998 році стало угорське місто Ньїредьгаза.",
        "Містами-партнерами також є Прешов (Словаччина) та Бая-Маре (Румунія).",
    ) == [("у 1998 році", ["Пробнограда", "Ньїредьгаза"]), (None, ["Прешов"]), (None, ["Бая-Маре"])]
