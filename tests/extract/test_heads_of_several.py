"""Heads named by their communities' adjectives, unions of communities, and what stands beside a name and is not its role."""

from __future__ import annotations

import pytest

from pipeline.extract.articles.articles import article_blocks, text_article
from pipeline.extract.lines import text_lines
from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.extract.people.people import people_in
from pipeline.records import Partnership


def told(text: str, title: str | None = None) -> list[Partnership]:
    return partnerships_in(article_blocks(text_lines(text)), article_id="web:a/b", title=title)


def people(text: str) -> list[tuple[str, str, str | None]]:
    found = people_in(article_blocks(text_lines(text)), record_id="a")
    return [(person.name, person.role, person.organisation) for person in found]


def test_heads_behind_their_names() -> None:
    text = (
        "Zostało podpisane porozumienie o współpracy pomiędzy trzema starostami: Janem Próbnym Starostą Lipnowskim,"
        " Adamem Zmyślonym Starostą Rypińskim i Piotrem Przykładnym Starostą Brodnickim."
    )
    (found,) = told(text)
    assert found.parties == ["Starostą Lipnowskim", "Starostą Rypińskim", "Starostą Brodnickim"]
    assert [(name, role) for name, role, _ in people(text)] == [
        ("Janem Próbnym", "Starostą Lipnowskim"),
        ("Adamem Zmyślonym", "Starostą Rypińskim"),
        ("Piotrem Przykładnym", "Starostą Brodnickim"),
    ]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Odbyła się uroczystość podpisania umowy o współpracy między Związkiem Gmin i Powiatów a Zrzeszeniem Miast i Gmin.",
            ["Związkiem Gmin i Powiatów", "Zrzeszeniem Miast i Gmin"],
        ),
        (
            "Укладено угоду про співпрацю між Лубенською міською та Хорольською селищною громадами для реалізації «Руху».",
            ["Лубенською міською громадою", "Хорольською селищною громадою"],
        ),
        ("W 2011 r. powiat lipnowski podpisał porozumienie z rejonem dubieńskim.", ["powiat lipnowski", "rejonem dubieńskim"]),
        ("Ми підписали меморандум про партнерство з районом Шпандау, Берлін.", ["районом Шпандау"]),
        ("Gmina Lipno podpisała porozumienie z gminą Bagdati w Gruzji.", ["Gmina Lipno", "gminą Bagdati w Gruzji"]),
    ],
)
def test_who_agreed(text: str, parties: list[str]) -> None:
    (found,) = told(text)
    assert found.parties == parties


@pytest.mark.parametrize(
    "text",
    [
        "Gmina Lipno podpisała porozumienie z powiatem lipnowskim na remont drogi.",
        "W Urzędzie Gminy podpisano umowę o współpracy ze szkołą.",
        "W Starostwie Powiatowym w Lipnie podpisano porozumienie o współpracy ze szkołą.",
        "Лубни та Хуст, наслідуючи приклад партнерства між Гамбургом та Києвом, підписали угоду про партнерство.",
    ],
)
def test_no_agreement_of_two(text: str) -> None:
    assert told(text) == []


def test_a_headline_of_two_sentences_without_its_mark_of_pictures() -> None:
    title = "Współpraca ponad granicami. Lipnowskie starostwo podpisało porozumienie z Rejonem Dubieńskim (zdjęcia)"
    (found,) = told("Podpisy złożono w ratuszu.", title)
    assert found.parties == ["Lipnowskie starostwo", "Rejonem Dubieńskim"]


def test_a_second_role_is_of_the_name_before_it() -> None:
    text = (
        "Obecni byli Jan Próbny, prezydent Lipna, przewodniczący Związku Gmin, Adam Zmyślony, burmistrz Rypina,"
        " członek zarządu Związku Gmin a także Piotr Przykładny, dyrektor biura Związku Gmin."
    )
    assert [(name, role) for name, role, _ in people(text)] == [
        ("Jan Próbny", "prezydent Lipna"),
        ("Adam Zmyślony", "burmistrz Rypina"),
        ("Piotr Przykładny", "dyrektor biura"),
    ]


def test_an_adjective_of_the_role_is_no_institution() -> None:
    assert people("Stronę ukraińską reprezentował Jan Próbny, Dyrektor Wykonawczy Związku Miast.") == [
        ("Jan Próbny", "Dyrektor Wykonawczy", "Związku Miast")
    ]


def test_captions_and_counters_stand_between_title_and_text() -> None:
    prose = "Delegacja gości obejrzała szkołę i bibliotekę, a potem rozmawiała z mieszkańcami o zawodach i wymianie młodzieży."
    title = "Dwie gminy zostaną partnerami. Umowa jest już podpisana i obowiązuje od maja"
    counted = text_article(text_lines(f"{title}\n\n13\n\n{prose}"), lambda _: False)
    assert counted.title == title
    caption = "Podpisanie umowy w ratuszu/fot. urząd"
    dated = text_article(text_lines(f"{title}\n\n2023-04-25, 21:41\n{caption}\n\n{caption}\n\n{prose}"), lambda _: False)
    assert (dated.title, dated.published_text) == (title, "2023-04-25")


def test_the_day_of_a_document_is_labelled_below_its_town() -> None:
    text = """Hude

Hude leży w Dolnej Saksonii i ma zabytkowy klasztor.

Data podpisania aktu partnerstwa: 5 maja 1999 r.

Kikół

Data podpisania umowy: 5 maja 2001 r.

Meung

www.meung.fr

Mieszkańcy Meung lubią muzykę.

Rok podpisania umowy partnerskiej: 2004"""
    found = told(text)
    assert [(made.parties, made.agreement, made.agreement_text) for made in found] == [
        (["Hude"], "aktu partnerstwa", "5 maja 1999 r."),
        (["Meung"], "umowy partnerskiej", "2004"),
    ]
    (titled,) = told("Hude leży w Saksonii.\n\nData podpisania umowy: 5.05.1999", "Hude")
    assert titled.parties == ["Hude"]
    assert told("Data podpisania umowy: wkrótce", "Hude") == []


def test_the_clock_of_a_portal_is_no_day_of_publication() -> None:
    prose = "Delegacja gości obejrzała szkołę i bibliotekę, a potem rozmawiała z mieszkańcami o zawodach i wymianie młodzieży."
    clock = "sobota, 20 grudnia 2025 06:08"
    page = text_article(text_lines(f"{clock}\nReklama\nReklama\n\nDwie gminy\n\n{prose}"), lambda _: False)
    assert (page.title, page.published_text) == ("Dwie gminy", None)
    post = text_article(text_lines(f"{clock}\n\nDwie gminy\n\n{prose}"), lambda _: False)
    assert post.published_text is not None
