"""What stands around articles: lists of news, walls of consent, counters, breadcrumbs, date headers, the site's name."""

from __future__ import annotations

import pytest
from saved_pages import capture, reading

from pipeline.extract.page import Page
from pipeline.records import Article

PROSE = "Biblioteka i szkoła otworzyły wspólną czytelnię, do której można przyjść także w sobotę po południu."


def read(
    body: str, url: str | None = "https://town.example.org/a", media_type: str = "text/plain"
) -> tuple[str, list[Article]]:
    _, judgement, findings = reading(Page(capture(url, media_type), body.encode()))
    return judgement.verdict, [finding for finding in findings if isinstance(finding, Article)]


def html(body: str, title: str = "Aktualności") -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"


def test_links_with_a_date_each_are_a_list_of_news() -> None:
    rows = "".join(
        f"<li><span>{day}.02.2025</span> <a href='/n/{day}'>Gmina podpisała porozumienie z sąsiednią gminą ({day})</a></li>"
        for day in (11, 12, 13)
    )
    assert read(html(f"<h1>Aktualności</h1><ul>{rows}</ul>"), media_type="text/html") == ("index", [])


def test_teasers_to_read_on_are_a_list_of_news() -> None:
    assert read("\n".join(["Aktualności", *[f"Wieść {n}\n{PROSE}\nCzytaj więcej »" for n in range(4)]])) == ("index", [])


@pytest.mark.parametrize("heading", ["Podobne prezentacje", "Схожі презентації"])
def test_presentations_alike_are_none_of_the_articles_text(heading: str) -> None:
    (article,) = read("\n".join(["Nowa czytelnia", *[PROSE] * 4, heading, "Woda. Autor: Jan Obcy, dyrektor"]))[1]
    assert "Obcy" not in "".join(block.text for block in article.blocks)


def test_an_article_with_other_teasers_below_it_is_none() -> None:
    text = "\n".join(["Nowa czytelnia", *[PROSE] * 4, *[f"Wieść {n}\nCzytaj więcej" for n in range(3)]])
    assert read(text)[0] == "detail"


def test_a_wall_of_consent_is_a_shell_of_any_length() -> None:
    wall = "Zanim klikniesz „Przejdź do serwisu”, zapoznaj się z informacją o danych osobowych i plikach cookie. "
    assert read(wall * 20)[0] == "shell"
    assert read(f"{PROSE}\n{wall}")[0] == "detail"


def test_counters_category_and_breadcrumbs_are_no_title_and_no_text() -> None:
    text = (
        "Biblioteka w Próbnej\nMenu główne\nSzczegóły\nKategoria: Aktualności\nOpublikowano: 08 luty 2017\nOdsłony: 1432\n"
        f"Wspólna czytelnia\n{PROSE}\nPoprzedni artykuł\nNastępny artykuł"
    )
    _, [article] = read(text)
    assert (article.title, article.published_text) == ("Wspólna czytelnia", "08 luty 2017")
    assert [block.text for block in article.blocks] == [PROSE]
    _, [article] = read(f"„РАЗОМ”\nГоловна > Новини > Культура\n12.03.2025 15:40\n{PROSE}\nПресслужба Калуської міської ради")
    assert (article.title, article.credit) == ("„РАЗОМ”", "Пресслужба Калуської міської ради")


def test_counters_of_joomla_in_markup() -> None:
    body = (
        "<div class='item-page'><h2>Wspólna czytelnia</h2><dl class='article-info'><dt>Szczegóły</dt><dd>Odsłony: 14</dd></dl>"
        f"<p>{PROSE}</p></div>"
    )
    _, [article] = read(html(body, "Wspólna czytelnia"), media_type="text/html")
    assert (article.title, [block.text for block in article.blocks]) == ("Wspólna czytelnia", [PROSE])


@pytest.mark.parametrize("title", ["Wspólna czytelnia - BIP Gmina Próbna", "BIP Gmina Próbna - Wspólna czytelnia"])
def test_the_heading_that_is_a_part_of_the_title_of_the_page(title: str) -> None:
    body = f"<h2>BIP Gmina Próbna</h2><div><h2>Wspólna czytelnia</h2><p>{PROSE}</p></div>"
    _, [article] = read(html(body, title), media_type="text/html")
    assert article.title == "Wspólna czytelnia"


def test_date_headers_part_the_posts_of_an_archive_in_text() -> None:
    camp = "Запрошуємо дітей до літнього табору при бібліотеці, заняття з третього до чотирнадцятого червня, щодня."
    deal = "Бібліотека та гімназія домовилися про спільні читання, виїзні уроки й обмін книгами упродовж усього року."
    text = (
        f"Читальня\nп'ятниця, 31 травня 2024 р.\n\nЛітній табір\n\n{camp}\n\nсереда, 29 травня 2024 р.\n\nУгода\n\n{deal}\n\n"
        "Архів блогу"
    )
    verdict, articles = read(text, "https://chytalnia-zrazok.blogspot.com/2024/05/")
    assert verdict == "index"
    assert [(article.title, article.published_text) for article in articles] == [
        ("Літній табір", "п'ятниця, 31 травня 2024 р."),
        ("Угода", "середа, 29 травня 2024 р."),
    ]


def test_the_count_of_comments_may_stand_behind_who_posted_and_labels_below_both() -> None:
    prose = "Бібліотека та гімназія домовилися про спільні читання, виїзні уроки й обмін книгами упродовж усього року."
    text = (
        f"середа, 5 березня 2025 р.\n\nУгода\n\n{prose}\n\nАвтор: Бібліотека о 16:05 2 коментарі:\n"
        "Надіслати електронною поштою Опублікувати в блозі! Опублікувати в X Опублікувати в Pinterest\nЯрлики: громада, угода\n"
        "Дописати коментар"
    )
    _, [article] = read(text, "https://chytalnia-zrazok.blogspot.com/2025/03/blog-post_5.html")
    assert [block.text for block in article.blocks] == [prose]
    assert (article.comments_text, article.labels) == ("2 коментарі:", ["громада", "угода"])


def test_labels_below_the_count_are_those_of_the_post_above_it() -> None:
    prose = "Бібліотека та гімназія домовилися про спільні читання, виїзні уроки й обмін книгами упродовж усього року, частина"
    posts = [f"Угода {n}\n\n{prose} {n}.\n\nАвтор: Б о 1{n}:05 Немає коментарів:\nЯрлики: мітка {n}\n" for n in (1, 2)]
    _, articles = read("\n".join(posts), "https://chytalnia-zrazok.blogspot.com/2025/03/")
    assert [(article.title, article.labels) for article in articles] == [("Угода 1", ["мітка 1"]), ("Угода 2", ["мітка 2"])]


@pytest.mark.parametrize("line", ["Komentarze (3)", "Komentarze: 3", "2 коментарі", "Comments"])
def test_comments_of_readers_are_no_text(line: str) -> None:
    _, [article] = read(
        f"Wspólna czytelnia\n{PROSE}\n{line}\nczytelnik: Wreszcie można przyjść także w sobotę, dziękuję bardzo!"
    )
    assert [block.text for block in article.blocks] == [PROSE]


def test_who_wrote_it_may_stand_between_title_and_date() -> None:
    _, [article] = read(f"Wspólna czytelnia\n\nAutor: Redakcja\n12.04.2016\n\n{PROSE}")
    assert (article.title, article.published_text, article.credit) == ("Wspólna czytelnia", "12.04.2016", "Autor: Redakcja")


def test_a_run_of_lines_half_of_which_are_furniture_is_a_menu() -> None:
    _, [article] = read(f"Strona główna\nO nas\nAktualności\nKontakt\n\nCzym jest czytelnia?\n\n{PROSE}")
    assert article.title == "Czym jest czytelnia?"


def test_the_last_teaser_of_a_list_may_have_lost_its_link() -> None:
    teasers = [f"0{n}.10.2019\nWieść {n}\n{PROSE}\nCzytaj więcej" for n in (1, 2, 3)]
    assert read("\n".join(["Przejdź do treści", "", "Aktualności", *teasers])) == ("index", [])
    assert read("\n".join(["Aktualności", *teasers[:2]]))[0] == "detail"


@pytest.mark.parametrize(
    "below", ["Odsłony: 31", "12 переглядів\nКомментарі0", "Reklama\nNapisz komentarz\nKomentarze", "Реклама"]
)
def test_counters_and_invitations_below_the_text_are_no_text(below: str) -> None:
    (article,) = read(f"Nowa czytelnia\n{PROSE}\n{below}")[1]
    assert [block.text for block in article.blocks] == [PROSE]


def test_what_is_left_of_a_picture_is_no_text() -> None:
    (article,) = read(f"czytelnia.jpg)\n{PROSE}\n{PROSE}")[1]
    assert [block.text for block in article.blocks] == [PROSE, PROSE]
