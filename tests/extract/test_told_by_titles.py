"""Agreements that a title, a heading or the sentence below tells of; documents by other names; headlines with a day below."""

from __future__ import annotations

import pytest

from pipeline.extract.articles.article_page import cut_at
from pipeline.extract.articles.articles import article_blocks, text_article
from pipeline.extract.lines import text_lines
from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.records import Partnership

PROSE = "Громади домовилися обмінюватися досвідом, разом готувати проєкти та приймати одна в одної дітей на відпочинок."


def told(text: str, title: str | None = None) -> list[Partnership]:
    return partnerships_in(article_blocks(text_lines(text)), article_id="web:a/b", title=title)


@pytest.mark.parametrize(
    ("title", "party"),
    [
        ("Gmina Nowy Sad (Ukraina)", "Gmina Nowy Sad"),
        ("Powiat Hude – Niemcy", "Powiat Hude"),
        ("Hude - Niemcy", "Hude"),
        ("Miasto Hude, Niemcy", "Miasto Hude"),
    ],
)
def test_a_title_names_the_partner_and_a_sentence_the_day(title: str, party: str) -> None:
    (found,) = told("Umowa partnerska została podpisana dnia 5.05.2015.", title)
    assert (found.kind, found.parties, found.agreement) == ("intercommunity_agreement", [party], "Umowa partnerska")
    assert found.agreement_text == "dnia 5.05.2015"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Gmina Hude (Niemcy)", "Umowa partnerska ze szkołą została podpisana dnia 5.05.2015."),
        ("Gmina Hude (Niemcy)", "Umowa partnerska zostanie podpisana dnia 5.05.2027."),
        ("Gmina Hude (Niemcy)", "Dzień partnerstwa obchodzono 5.05.2015."),
        ("Gmina Hude (wyniki)", "Umowa partnerska została podpisana dnia 5.05.2015."),
        ("Wizyta w Hude (Niemcy)", "Umowa partnerska została podpisana dnia 5.05.2015."),
    ],
)
def test_a_title_that_names_no_partner_or_no_signing(title: str, text: str) -> None:
    assert told(text, title) == []


def test_a_headline_names_both_parties() -> None:
    title = "Gminy Lipno i Kikół podpisały porozumienie o współpracy"
    (found,) = told("Uroczystość odbyła się w ratuszu. Umowę podpisano 5 maja 2015 r.", title)
    assert (found.parties, found.agreement_text) == (["Gmina Lipno", "Gmina Kikół"], "5 maja 2015 r.")
    assert told("Umowę podpisano 5 maja 2015 r.", "Gmina Lipno podpisała porozumienie o współpracy") == []


def test_two_places_sign_where_the_text_says_that_one_is_a_town() -> None:
    title = "Хотин та Жагань підписали угоду про співпрацю"
    (found,) = told("Тепер Хотин дружить із польським містом Жагань.", title)
    assert (found.parties, found.kind) == (["Хотин", "Жагань"], "intercommunity_agreement")
    assert told("Про це повідомили юристи обох сторін.", title) == []
    assert told("Miastem zainteresowali się inwestorzy.", "Stalmet i Drewmet podpisały umowę o współpracy") == []


def test_a_heading_is_the_document_of_the_line_that_goes_on() -> None:
    text = "UKŁAD O PARTNERSTWIE\n\npomiędzy Powiatem Lipnowskim a Powiatem Hude podpisano 5 maja 2015 roku."
    (found,) = told(text)
    assert (found.agreement, found.parties) == ("UKŁAD O PARTNERSTWIE", ["Powiatem Lipnowskim", "Powiatem Hude"])


@pytest.mark.parametrize("document", ["Dokument Partnerstwa", "Akt Partnerstwa", "deklarację współpracy", "akt o współpracy"])
def test_documents_by_other_names(document: str) -> None:
    (found,) = told(f"Gminy Lipno i Kikół podpisały {document} 5 maja 2015 r.")
    assert (found.agreement, found.agreement_text) == (document, "5 maja 2015 r.")
    assert told(f"Gminy Lipno i Kikół wysłały {document} 5 maja 2015 r.") == []


def test_cooperation_that_began_in_a_year_is_no_document() -> None:
    (found,) = told("Współpraca między powiatem lipnowskim i powiatem hudeńskim rozpoczęła się w 1999 roku dzięki szkołom.")
    assert found.parties == ["powiatem lipnowskim", "powiatem hudeńskim"]
    assert (found.founded_text, found.agreement, found.agreement_text) == ("w 1999 roku", None, None)
    assert told("Współpraca między szkołą a biblioteką rozpoczęła się w 1999 roku.") == []


def test_our_own_community_is_no_name_of_a_party() -> None:
    (found,) = told("Було укладено Меморандум про співпрацю між нашою громадою та Луцькою громадою.")
    assert found.parties == ["Луцькою громадою"]


def test_a_labelled_day_below_a_headline_that_ends_in_a_stop() -> None:
    headline = "Підписано Меморандум про взаємну підтримку та партнерство двох територіальних громад"
    text = f"Лісова громада\nЛуцького району\n\n{headline}.\n\nДата: 24.12.2025 19:40\nКількість переглядів: 55\n\n{PROSE}"
    lines = text_lines(text)
    assert cut_at(lines, ["Кількість переглядів"]) == lines
    article = text_article(lines, lambda _: False)
    assert (article.title, article.published_text) == (headline, "24.12.2025")
    assert [block.text for block in article.blocks] == [PROSE]
    below = text_lines(f"{headline}.\n\n{PROSE}\n\nДата: 24.12.2025\nКількість переглядів: 55\n\nІнші новини")
    assert len(cut_at(below, ["Кількість переглядів"])) < len(below)
