"""What the markup of a page states of its article: days of publication and titles, and which of them are something else's."""

from __future__ import annotations

import json

import pytest
from saved_pages import capture, reading

from pipeline.extract.page import Page
from pipeline.records import Article

PROSE = "<p>Biblioteka i szkoła otworzyły wspólną czytelnię, do której można przyjść także w sobotę po południu.</p>" * 6


def article(body: str, *, head: str = "", title: str = "Wspólna czytelnia", url: str = "https://town.example.org/a") -> Article:
    page = f"<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"
    found = [finding for finding in reading(Page(capture(url, "text/html"), page.encode()))[2] if isinstance(finding, Article)]
    return found[0]


def published(body: str, head: str = "") -> str | None:
    return article(f"<h1>Wspólna czytelnia</h1>{body}", head=head).published_text


def linked(told: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(told)}</script>"


@pytest.mark.parametrize(
    "told",
    [
        {"@type": "NewsArticle", "datePublished": "2024-03-15T10:00:00+01:00"},
        [{"@type": "Organization"}, {"@type": ["Article", "Report"], "datePublished": "2024-03-15T10:00:00+01:00"}],
        {"@graph": [{"@type": "WebPage", "datePublished": "2024-03-15T10:00:00+01:00"}, {"@type": "WebSite"}, "x"]},
        {"@type": "https://schema.org/BlogPosting", "datePublished": "2024-03-15T10:00:00+01:00", "dateModified": "2025-01-01"},
    ],
)
def test_json_ld_tells_the_day(told: object) -> None:
    assert published(PROSE, linked(told)) == "2024-03-15T10:00:00+01:00"


@pytest.mark.parametrize(
    "told",
    [
        {"@type": "Event", "startDate": "2024-03-15", "datePublished": "2024-03-15"},
        [{"@type": "Article", "datePublished": "2024-03-15"}, {"@type": "Article", "datePublished": "2024-03-16"}],
        {"@type": "ItemList", "itemListElement": [{"@type": "Article", "datePublished": "2024-03-15"}]},
        {"@type": "Article", "datePublished": "wczoraj"},
        {"@type": 7, "@graph": {"@type": "Article", "datePublished": "2024-03-15"}},
        {"@type": "Article", "datePublished": ["2024-03-15"]},
    ],
)
def test_json_ld_of_anything_else_tells_no_day(told: object) -> None:
    assert published(PROSE, linked(told)) is None


@pytest.mark.parametrize("written", ["{", "[" * 100_000, '{"@type": "Article", "datePublished": "2024-03-1'])
def test_json_ld_that_is_none_is_passed_over(written: str) -> None:
    assert published(PROSE, f"<script type='application/ld+json'>{written}</script>") is None


@pytest.mark.parametrize("name", ["og:article:published_time", "DC.date.issued", "DCTERMS.created"])
def test_meta_names_of_dublin_core_and_open_graph(name: str) -> None:
    assert published(PROSE, f"<meta name='{name}' content='2024-03-15'>") == "2024-03-15"


ASIDE = "<time class='entry-date'>02.01.2025</time>"


@pytest.mark.parametrize(
    "around",
    [
        "<ul><li class='widget widget_recent_entries'>{}</li></ul>",
        "<aside>{}</aside>",
        "<blockquote>{}</blockquote>",
        "<div id='footer'>{}</div>",
        "<ol class='comment-list'><li>{}</li></ol>",
        "<div class='related-posts'>{}</div>",
    ],
)
def test_a_day_beside_the_article_is_none_of_its(around: str) -> None:
    assert published(PROSE + around.format(ASIDE)) is None


def test_the_head_tells_when_a_printed_day_is_of_another_article_or_has_the_month_first() -> None:
    head = "<meta property='article:published_time' content='2024-05-08T22:30:00Z'>"
    assert published(PROSE + "<div class='cards'><time>03.07.2024</time></div>", head) == "2024-05-08T22:30:00Z"
    assert published("<span class='date'>05/08/2024</span>" + PROSE, head) == "2024-05-08T22:30:00Z"
    assert published("<span class='date'>9 maja 2024</span>" + PROSE, head) == "9 maja 2024"  # past midnight here


def test_a_change_is_no_publication() -> None:
    assert published(PROSE + "<span class='date updated'>15 lutego 2024</span>") is None
    assert published(PROSE + "<time itemprop='dateModified' datetime='2024-02-15'>15.02.2024</time>") is None
    assert published("<time class='entry-date updated'>15 lutego 2024</time>" + PROSE) == "15 lutego 2024"


def test_the_first_marked_day_tells_in_the_language_of_machines_where_the_printed_one_is_no_plain_one() -> None:
    marked = "<time datetime='2024-03-15T10:00'>piątek rano</time>"
    assert published(marked + PROSE + "<time>20.04.2024</time>") == "2024-03-15T10:00"


def test_the_permalink_tells_the_day_where_the_page_states_it() -> None:
    assert published(PROSE, "<link rel='canonical' href='https://town.example.org/2024/03/15/czytelnia/'>") == "2024/03/15"
    assert published(PROSE, "<link rel='canonical' href='https://town.example.org/2024/13/15/czytelnia/'>") is None
    assert published(PROSE, "<link rel='canonical' href='https://town.example.org/2024/03/15/'>") is None


@pytest.mark.parametrize(
    ("headings", "stated", "title"),
    [
        ("<h1>Aktualności</h1><h2>Wspólna czytelnia</h2>", "Wspólna czytelnia | Gmina Próbna", "Wspólna czytelnia"),
        (
            "<div id='header'><h1>Gmina Próbna</h1></div><h3>Wspólna czytelnia</h3>",
            "Gmina Próbna » Wspólna czytelnia",
            "Wspólna czytelnia",
        ),
        ("<h1>Wspólna czytelnia</h1><h2>Gmina Próbna</h2>", "Wspólna czytelnia - Gmina Próbna", "Wspólna czytelnia"),
        ("<h1>Czytelnia „Próba” rusza</h1><h3>Gmina</h3>", 'Czytelnia "Próba" rusza | Gmina', "Czytelnia „Próba” rusza"),
        ("<p>Blog</p>", "Wspólna czytelnia - 26 Жовтня 2010 - Blog - Szkoła w Próbnie", "Wspólna czytelnia"),
    ],
)
def test_titles_beside_the_name_of_the_site(headings: str, stated: str, title: str) -> None:
    assert article(headings + PROSE, title=stated).title == title


def test_a_day_in_a_column_named_aside_is_of_something_else() -> None:
    column = "<div id='aside'><p><time pubdate datetime='2024-05-02'>2 maja 2024</time> Inny wpis</p></div>"
    own = "<p class='data'><time datetime='2023-03-15'>15 marca 2023</time></p>"
    assert article(f"{column}<div><h1>Wspólna czytelnia</h1>{own}{PROSE}</div>").published_text != "2024-05-02"
