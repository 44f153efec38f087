"""Title, day and text of articles that came as plain text: news with a clock before the day, headlines printed twice, slugs."""

from __future__ import annotations

import pytest
from saved_pages import capture

from pipeline.extract.articles.article_page import page_article, page_lines
from pipeline.extract.articles.articles import text_article
from pipeline.extract.articles.mainpart import is_listing
from pipeline.extract.furniture import Furniture
from pipeline.extract.lines import text_lines
from pipeline.extract.page import Page
from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.records import TextBlock

PROSE = "W spotkaniu wzięli udział mieszkańcy osiedla, nauczyciele i bibliotekarki, a po nim obejrzano wystawę prac dzieci."
HEADLINE = "Про спільний проєкт бібліотек двох громад розкажуть на виставці у середу, 6 травня"


@pytest.mark.parametrize(
    ("text", "slug", "title", "date"),
    [
        (
            f"Агенція\n11:52 24.04.2023\n\n{HEADLINE}\n\n2 хв читати\n{HEADLINE}\n\n{PROSE}",
            None,
            HEADLINE,
            "24.04.2023",
        ),
        (f"wspólne czytanie\n\n3 maja 2020 r.\n\n{PROSE}", "wspolne-czytanie", "wspólne czytanie", "3 maja 2020 r."),
        (
            f"30 / Грудень, 2025\n\nУ громаді відкрили бібліотеку\n\n{PROSE}",
            None,
            "У громаді відкрили бібліотеку",
            "30 / Грудень, 2025",
        ),
        (f"📖У громаді відкрили бібліотеку\n\n{PROSE}", None, "📖У громаді відкрили бібліотеку", None),
        (f"У громаді відкрили бібліотеку\nРеклама\n{PROSE}", None, "У громаді відкрили бібліотеку", None),
        (
            f"3 травня 2024 р.\n\nДень села Вигадане\n\nРозвідки\n\n{PROSE}{PROSE}",
            None,
            "День села Вигадане",
            "3 травня 2024 р.",
        ),
    ],
)
def test_title_and_day(text: str, slug: str | None, title: str, date: str | None) -> None:
    told = text_article(text_lines(text), lambda _: False, slug)
    assert (told.title, told.published_text) == (title, date)
    body = "\n".join(block.text for block in told.blocks)
    assert PROSE in body
    assert title not in body
    assert "читати" not in body


@pytest.mark.parametrize("mark", ["… Читати далі »", "... Czytaj dalej", "[…] Read more →"])
def test_beginnings_of_posts_in_one_line_each_are_a_listing(mark: str) -> None:
    text = "\n".join(f"{number}. {PROSE.rstrip('.')}{mark}" for number in range(1, 5))
    lines = text_lines(text)
    page = Page(capture(None, "text/plain"), text.encode())
    assert is_listing(page, lines)
    assert not is_listing(page, lines[:2])


def test_what_a_logo_is_called_right_before_a_heading() -> None:
    texts = ["lipaPartnerstwo „ Stara Lipa”", "Partnerstwo powstało w maju 2013 roku z inicjatywy Ośrodka Pomocy Społecznej."]
    [found] = partnerships_in([TextBlock(text=text) for text in texts], article_id="web:a/b")
    assert (found.name, found.founded_text) == ("Stara Lipa", "w maju 2013 roku")


@pytest.mark.parametrize(
    ("path", "title", "above", "below"),
    [
        ("/wiesci/865-wspolne-czytanie", "Wspólne czytanie", "Gmina Przykładowo", None),
        ("/wiesci/39522,wspolne-czytanie", "Wspólne czytanie", "Gmina Przykładowo", None),
        ("/wiesci/wspolne-czytanie-412.html", "Wspólne czytanie", "Gmina Przykładowo", None),
        ("/wiesci/Wspolne+czytanie/2384", "Wspólne czytanie", "Portal", "2024-01-15 09:46:14 wieści"),
        (
            "/%D0%BA%D0%BD%D0%B8%D0%B3%D0%B8-%D0%B4%D0%BB%D1%8F-%D0%B2%D1%81%D1%96%D1%85/",
            "Книги для всіх",
            "Бібліотека",
            None,
        ),
        (
            "/12-lipno-wizyta-czytelnikow-z-kikola",
            "Wizyta czytelników z Kikoła",
            None,
            "Ogólne\n9 maja 2024 15:56",
        ),
        ("/8-marca-w-bibliotece", "8 marca w bibliotece", "Gmina Przykładowo", None),
    ],
)
def test_titles_by_the_address(path: str, title: str, above: str | None, below: str | None) -> None:
    text = "\n\n".join(part for part in (above, title, below, PROSE) if part)
    page = Page(capture(f"https://gmina.example.org{path}", "text/plain"), text.encode())
    told = page_article(page, page.lines, Furniture((), ()))
    assert told.title == title
    assert told.blocks[-1].text == PROSE


def test_a_headline_that_stands_again_below_the_text_ends_it() -> None:
    text = (
        f"{HEADLINE}\n\nКоротко.\n\n{PROSE}\n\n{PROSE}\n\n12.12.2023 - 11:18 | Переглядів: 3215\n{HEADLINE}\n\nТеги:\n\nгромади"
    )
    told = text_article(text_lines(text), lambda _: False)
    assert (told.title, told.published_text) == (HEADLINE, "12.12.2023")
    assert [block.text for block in told.blocks] == ["Коротко.", PROSE, PROSE]


def test_a_day_header_without_a_year() -> None:
    told = text_article(text_lines(f"пʼятниця, червня 26\n\nДень читання\n\n{PROSE}"), lambda _: False)
    assert (told.title, told.published_text) == ("День читання", "пʼятниця, червня 26")


def test_what_stands_above_the_notice_of_cookies_in_two_lines() -> None:
    notice = "Brak zmiany ustawienia przeglądarki oznacza zgodę na to. Więcej »"
    above = f"Ten serwis używa cookies i podobnych technologii.\n\n{notice}\n\nZrozumiałem"
    text = f"{above}\n\nWspólne czytanie\n\n{PROSE}"
    page = Page(capture("https://gmina.example.org/a", "text/plain"), text.encode())
    furniture = Furniture(("Zrozumiałem",), ())
    told = page_article(page, page_lines(page, [], furniture), furniture)
    assert (told.title, [block.text for block in told.blocks]) == ("Wspólne czytanie", [PROSE])
