"""Agreements as town pages and news word them: who signed for whom, lands behind towns, documents told of a sentence later."""

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
            "Umowa o współpracy pomiędzy Gminą Lipno, a miastem Torgelow ( Vorpommern ) została podpisana 3 maja 2004r.",
            ["Gminą Lipno", "miastem Torgelow ( Vorpommern )"],
        ),
        (
            "Вигодська громада Львівської області та комуна Ботоша Сучавського повіту Румунії підписали угоду про співпрацю.",
            ["Вигодська громада Львівської області", "комуна Ботоша Сучавського повіту Румунії"],
        ),
        (
            "Тристоронню угоду побратимства Самбір (Україна) – Жари (Польща) – Вайсвассер (Німеччина) підписали очільники.",
            ["Самбір (Україна)", "Жари (Польща)", "Вайсвассер (Німеччина)"],
        ),
        (
            (
                "Wójt Gminy Rząśnia Adam Kos oraz Przewodniczący Rady Gminy Rząśnia Jan Kot zawarli porozumienie o współpracy"
                " z władzami samorządowymi gminy Istebna - Wójtem Piotrem Wilkiem oraz Przewodniczącym Rady Tomaszem Testowym."
            ),
            ["Gminy Rząśnia", "gminy Istebna"],
        ),
        (
            "Міський голова Іван Змислений від імені Ковельської міської ради підписав угоду про співпрацю з гміною Легіоново.",
            ["Ковельської міської ради", "гміною Легіоново"],
        ),
        (
            "Wójt Jan Kos w imieniu Gminy Lipno podpisał 3 maja 2024 r. porozumienie o współpracy z Gminą Kikół.",
            ["Gminy Lipno", "Gminą Kikół"],
        ),
        (
            "Umowę partnerską zawarto między Gminą Lipno i wspólnotą terytorialną Samboru 5 lipca 2024 r.",
            ["Gminą Lipno", "wspólnotą terytorialną Samboru"],
        ),
    ],
)
def test_parties_without_who_signs_for_them(text: str, parties: list[str]) -> None:
    [found] = told(text)
    assert (found.parties, found.kind) == (parties, "intercommunity_agreement")


@pytest.mark.parametrize(
    ("texts", "parties", "agreement", "date"),
    [
        (
            (
                "Міста Самбір та Прушкув (Польща) налагодили побратимські відносини. Меморандум про співпрацю 7 червня 2023 р."
                " підписали начальник Самбірської адміністрації Іван Вигаданий та мер міста Прушкув Ян Умовський."
            ),
            ["Місто Самбір", "Місто Прушкув (Польща)"],
            "Меморандум про співпрацю",
            "7 червня 2023 р.",
        ),
        (
            "Міста Самбір та Прушкув у Польщі стали містами-побратимами.",
            ["Місто Самбір", "Місто Прушкув у Польщі"],
            None,
            None,
        ),
        (
            (
                "Самбірська та Дубенська громади стали громадами-побратимами. Угоду про співпрацю з Вовчанською громадою"
                " Самбірська громада підписала у 2021 році."
            ),
            ["Самбірська громада", "Дубенська громада"],
            None,
            None,
        ),
    ],
)
def test_towns_that_became_twins(texts: str, parties: list[str], agreement: str | None, date: str | None) -> None:
    found = told(texts)[0]
    assert (found.parties, found.agreement, found.agreement_text) == (parties, agreement, date)


def test_a_town_under_the_heading_and_its_agreement_below_are_one() -> None:
    [found] = told(
        "Samorządy partnerskie",
        "Miasto Põltsamaa (Estonia)",
        "Miasto leży nad rzeką o tej samej nazwie.",
        "Porozumienie o współpracy pomiędzy Gminą Pisz a Miastem Põltsamaa zostało podpisane 6 maja 2005 r.",
    )
    assert (found.parties, found.agreement_text) == (["Gminą Pisz", "Miastem Põltsamaa"], "6 maja 2005 r.")


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Гостя супроводила Оксана Вигадана, колишня директорка школи.", "Оксана Вигадана", "колишня директорка школи"),
        ("Spotkanie prowadził były burmistrz Jan Próbny.", "Jan Próbny", "były burmistrz"),
        ("Gościem była dyrektor Anna Próbna.", "Anna Próbna", "dyrektor"),
        ("Про це написав Самбірський міський голова Іван Вигаданий.", "Іван Вигаданий", "Самбірський міський голова"),
        ("Прийшли Іван Самбірський, міський голова, та учні.", "Іван Самбірський", "міський голова"),
        ("Листа надіслав прем’єр-міністр Польщі Ян Умовський.", "Ян Умовський", "прем’єр-міністр Польщі"),
    ],
)
def test_what_stands_before_a_role(text: str, name: str, role: str) -> None:
    [person] = people_in([TextBlock(text=text)], record_id="a")
    assert (person.name, person.role) == (name, role)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Najstarszym partnerem jest niemiecka gmina Hude, z którą umowę o partnerstwie zawarto 1 czerwca 1996 r.",
            ["niemiecka gmina Hude"],
        ),
        (
            "W 2004 roku burmistrz Jan Kos i mer Leo Kot podpisali akt partnerstwa z francuskim Quimperlé.",
            ["francuskim Quimperlé"],
        ),
        (
            "Gościliśmy delegację węgierskiego miasta Edelény, z którym Lipnik podpisał umowę partnerską w 2001 roku.",
            ["węgierskiego miasta Edelény", "Lipnik"],
        ),
        (
            "W 2017 roku wraz z gminami Nowe Żubry i Kąkolewo zawarliśmy porozumienie o wspólnym prowadzeniu punktu.",
            ["gminą Nowe Żubry", "gminą Kąkolewo"],
        ),
        (
            "У селищі Тестове Бібліотека району та Народний дім «Просвіта» підписали угоду про співпрацю.",
            ["Бібліотека району", "Народний дім «Просвіта»"],
        ),
        (
            "1 października porozumienie partnerskie zawarły: Gmina Kłosy, Powiat Zmyśliński i Miasto i Gmina Rów.",
            ["Gmina Kłosy", "Powiat Zmyśliński", "Miasto i Gmina Rów"],
        ),
        (
            "Першого березня 2014 року Лебединська бібліотека уклала з Лебединською школою № 5 договір про співпрацю.",
            ["Лебединська бібліотека", "Лебединською школою № 5"],
        ),
        (
            "Меморандум про співпрацю Торчинська рада і Дружківська міська адміністрація підписали 14 вересня 2023 року.",
            ["Торчинська рада", "Дружківська міська адміністрація"],
        ),
        (
            "Меморандум про партнерство між Калинівською громадою та бібліотекою № 3 Оскола від 12 грудня 2024 року № 14.",
            ["Калинівською громадою", "бібліотекою № 3 Оскола"],
        ),
    ],
)
def test_parties_before_behind_and_between_what_is_said_of_the_agreement(text: str, parties: list[str]) -> None:
    [found] = told(text)
    assert found.parties == parties


@pytest.mark.parametrize(
    "text",
    [
        "Rada Gminy rozwiązała porozumienie międzygminne z Gminą Kamyk, zawarte w 2009 roku.",
        "Umowę o partnerstwie Google podpisało z gminą 3 maja 2019 r.",
        "Fundację, z którą umowę o współpracy podpisano 3 maja 2019 r., prowadzi zarząd.",
        "Współpracę ze szkołą w Lipnie nawiązano w 2010 roku.",
        "Współpracę z gminą nawiązano w 2010 roku.",
        "Wójt Jan Kos w imieniu mieszkańców podpisał porozumienie o współpracy.",
        "Міський голова Павло ЗМИСЛЕНИЙ та голова Лип’янської селищної ради Олена ЗІЛЛЯ підписали меморандум про партнерство.",
        (
            "З метою співпраці між обома сторонами задля розвитку громад міський голова Павло Змислений та голова"
            " Лип’янської селищної ради Олена Зілля підписали меморандум про партнерство."
        ),
    ],
)
def test_who_is_not_named_is_no_party(text: str) -> None:
    assert told(text) == []


def test_since_when_a_community_is_partner() -> None:
    found = told(
        "Współpraca z gminą Hude została nawiązana w 1996 roku.", "Співпрацю з містом Люблін започатковано у 2004 році."
    )
    assert [(p.parties, p.founded_text, p.agreement_text) for p in found] == [
        (["gminą Hude"], "w 1996 roku", None),
        (["містом Люблін"], "у 2004 році", None),
    ]
