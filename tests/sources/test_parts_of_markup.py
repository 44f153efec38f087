"""Which part of a page's markup is its article: comments, other articles, feet, menus, and buttons in the middle of it."""

from __future__ import annotations

import pytest
from saved_pages import capture, reading

from pipeline.extract.page import Page
from pipeline.records import Article

TITLE = "Wspólna czytelnia"
PROSE = "Biblioteka i szkoła otworzyły wspólną czytelnię, do której można przyjść także w sobotę po południu."
OTHER = "Czytelnik pisze tu o czymś zupełnie innym, a zdanie jest na tyle długie, że wygląda na zdanie artykułu."
BODY = f"<p>{PROSE}</p>" * 3


def article(body: str, *, title: str = f"{TITLE} | Gmina Próbna") -> Article:
    page = f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"
    found = reading(Page(capture("https://town.example.org/a", "text/html"), page.encode()))[2]
    return next(finding for finding in found if isinstance(finding, Article))


def text(body: str) -> list[str]:
    return [block.text for block in article(body).blocks]


@pytest.mark.parametrize(
    "comments",
    [
        "<div id='comments'>{}</div>",
        "<ol class='commentlist'><li><article class='comment'>{}</article></li></ol>",
        "<section class='comments-area'><article class='comment-body'>{}</article></section>",
        "<div itemprop='comment'>{}</div>",
    ],
)
def test_comments_longer_than_the_article_are_none_of_it(comments: str) -> None:
    said = comments.format(f"<h3>Komentarze</h3>{f'<p>{OTHER}</p>' * 40}")
    assert text(f"<main><h1>{TITLE}</h1>{BODY}{said}</main>") == [PROSE] * 3


def test_a_part_with_the_article_in_it_is_no_comments_whatever_it_is_called() -> None:
    assert text(f"<div class='comments'><h1>{TITLE}</h1>{BODY}</div>") == [PROSE] * 3


def test_of_several_whole_articles_the_one_under_the_pages_title_is_read() -> None:
    others = "".join(f"<article><h2>Inna wieść {n}</h2>{f'<p>{OTHER}</p>' * 6}</article>" for n in range(6))
    assert text(f"<main><article><h2>{TITLE}</h2>{BODY}</article>{others}</main>") == [PROSE] * 3


def test_an_article_element_with_nothing_but_the_heading_and_a_lead_is_not_all() -> None:
    lead = f"<article><h1>{TITLE}</h1><p>{OTHER}</p></article>"
    others = "<article><h2>Inna wieść</h2></article>"
    assert len(text(f"<div>{lead}<div>{f'<p>{PROSE}</p>' * 9}</div>{others}</div>")) >= 10


def test_the_body_the_markup_names_is_read_among_long_teasers() -> None:
    teasers = f"<div><h3>Polecamy</h3>{f'<p>{OTHER}</p>' * 5}</div>"
    assert text(f"<div><h1>{TITLE}</h1><div class='entry-content'>{BODY}</div>{teasers}</div>") == [PROSE] * 3


def test_the_text_beside_which_the_heading_stands_is_read_rather_than_a_longer_list() -> None:
    teasers = f"<div class='x'>{f'<h3>Inna wieść</h3><p>{OTHER}</p>' * 18}</div>"
    assert PROSE in text(f"<div><div><h1>{TITLE}</h1>{BODY}</div>{teasers}</div>")


def test_menus_above_the_heading_are_none_of_the_text_and_the_day_and_the_author_there_are_told() -> None:
    menu = "<ul><li>Strona gminy</li><li>Kultura</li><li>Sport</li></ul><p>12.03.2024</p><p>Autor: Anna Próbna</p>"
    found = article(f"<main>{menu}<h1>{TITLE}</h1>{BODY}</main>")
    assert [block.text for block in found.blocks] == [PROSE] * 3
    assert (found.published_text, found.credit) == ("12.03.2024", "Autor: Anna Próbna")


def test_a_link_as_long_as_prose_above_the_heading_is_of_the_menu() -> None:
    link = f"<li><a href='/inna'>{OTHER}</a></li>"
    assert (
        text(f"<div id='content'><dl><dd><ul><li>Kultura</li>{link}</ul></dd></dl><h1>{TITLE}</h1>{BODY}</div>") == [PROSE] * 3
    )


def test_a_body_the_markup_names_is_read_wherever_it_stands() -> None:
    assert text(f"<div class='sidebar'><h1>{TITLE}</h1><div class='entry-content'>{BODY}</div></div>") == [PROSE] * 3


def test_feet_and_widgets_are_none_of_the_text() -> None:
    around = f"<div class='widget'><p>{OTHER}</p></div><div id='footer'><p>{OTHER}</p></div>"
    assert text(f"<div><h1>{TITLE}</h1>{BODY * 3}</div>{around}") == [PROSE] * 9


@pytest.mark.parametrize("line", ["© Anna Próbna", "Podziel się", "Copyright: Gmina Próbna"])
def test_a_line_that_may_end_an_article_ends_none_that_goes_on_below_it(line: str) -> None:
    assert text(f"<main><h1>{TITLE}</h1><p>{PROSE}</p><p>{line}</p>{BODY}</main>").count(PROSE) == 4
    assert text(f"<main><h1>{TITLE}</h1>{BODY}<p>{line}</p><p>{OTHER}</p></main>") == [PROSE] * 3


@pytest.mark.parametrize(
    "line", ["← Poprzednia wieść", "Następna wieść →", "Następna wieść »", "Kategoria: Kultura, Sport", "Теги: бібліотека"]
)
def test_lines_that_file_an_article_or_lead_on_are_none_of_its_end(line: str) -> None:
    assert text(f"<main><h1>{TITLE}</h1>{BODY}<p>{line}</p></main>") == [PROSE] * 3


@pytest.mark.parametrize("line", ["«Разом до читання»", "Czytelnia działa → zapraszamy", "Kategoria pierwsza"])
def test_quotations_and_arrows_within_a_line_are_of_the_text(line: str) -> None:
    assert text(f"<main><h1>{TITLE}</h1>{BODY}<p>{line}</p></main>") == [*[PROSE] * 3, line]


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("przez Anna Próbna - 12 marca 2024", "przez Anna Próbna - 12 marca 2024"),
        ("Anna Próbna, 12.03.2024 10:22, Kultura", None),
        ("12 marca 2024 | Kultura | 3 komentarze", None),
    ],
)
def test_a_line_with_the_stated_day_below_the_heading_is_no_text(line: str, credit: str | None) -> None:
    day = "<meta itemprop='datePublished' content='2024-03-12T10:22:00+01:00'>"
    found = article(f"{day}<main><h1>{TITLE}</h1><p>{line}</p>{BODY}</main>")
    assert ([block.text for block in found.blocks], found.credit) == ([PROSE] * 3, credit)


@pytest.mark.parametrize(
    "line", ["Spotkanie odbędzie się 12.03.2025", "Otwarto ją 12 marca 2024.", "Od 12.03.2024 do 13.03.2024"]
)
def test_a_line_with_another_day_or_a_sentence_is_text(line: str) -> None:
    day = "<meta itemprop='datePublished' content='2024-03-12T10:22:00+01:00'>"
    assert text(f"{day}<main><h1>{TITLE}</h1><p>{line}</p>{BODY}</main>") == [line, *[PROSE] * 3]
