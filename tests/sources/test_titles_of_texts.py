"""Titles and days of pages that came as text, told by the address, the breadcrumb and what stands around them."""

from __future__ import annotations

import pytest
from saved_pages import capture, reading

from pipeline.extract.articles.title_places import last_crumb
from pipeline.extract.lines import text_lines
from pipeline.extract.page import Page
from pipeline.records import Article

PROSE = "Świetlica wiejska w Lipnie otwiera drzwi dla wszystkich sołectw, a jej plan układają sami mieszkańcy."
LONG = "Mieszkańcy czterech sołectw gminy Lipno sami układają plan zajęć świetlicy wiejskiej"
SLUG = "mieszkancy-czterech-solectw-gminy-lipno-sami-ukladaja-plan-zajec-swietlicy-wiejskiej"


def read(*lines: str, path: str = "a") -> Article:
    _, _, findings = reading(Page(capture(f"https://town.example.org/{path}", "text/plain"), "\n".join(lines).encode()))
    [article] = [finding for finding in findings if isinstance(finding, Article)]
    return article


def test_a_long_title_is_known_by_the_address_and_the_day_below_it() -> None:
    article = read("Gmina Lipno", "Gmina Lipno dla wszystkich", LONG, "", "30-08-2012", "", PROSE, path=SLUG)
    assert (article.title, article.published_text) == (LONG, "30-08-2012")
    assert [block.text for block in article.blocks] == [PROSE]


@pytest.mark.parametrize("slug", [SLUG[:-10], f"{SLUG}-nowa-odslona", f"{SLUG[:60]}-"])
def test_the_address_may_be_cut_or_say_more(slug: str) -> None:
    assert read(PROSE, LONG, PROSE, path=slug).title == LONG


def test_a_button_before_the_title_is_no_part_of_it() -> None:
    assert read(f"Wstecz {LONG}", "", PROSE, path=SLUG).title == LONG
    assert read(f"Wspólnie {LONG}", "", PROSE, path=SLUG).title == f"Wspólnie {LONG}"


@pytest.mark.parametrize("line", [f"{LONG}.", "Mieszkańcy czterech"])
def test_a_sentence_and_few_words_are_no_title_by_the_address(line: str) -> None:
    assert read(PROSE, line, PROSE, path=SLUG).title is None


@pytest.mark.parametrize("crumb", ["Strona główna » Wieści » {}", "» » {}", "Головна / {}"])
def test_what_the_breadcrumb_ends_with_is_the_title(crumb: str) -> None:
    article = read("LIPNO - powrót do strony głównej", crumb.format(LONG), "", LONG, "", "A+ A-", "", PROSE)
    assert article.title == LONG
    assert article.blocks[-1].text == PROSE


def test_lines_that_are_no_breadcrumb() -> None:
    for text in ("Start: 10.00", "Home", "» Kultura", f"Strona główna gminy, {PROSE}"):
        assert last_crumb(text_lines(text)) is None
    assert last_crumb(text_lines("Start > " + "a > " * 200)) is None


def test_a_notice_of_cookies_and_the_day_above_it_belong_to_the_site() -> None:
    notice = "Ta witryna zapisuje pliki cookie na urządzeniu, aby liczyć odwiedziny; można je w każdej chwili usunąć."
    article = read("17 czerwca 2025", "Gmina Lipno", notice, "Akceptuję", "", "Świetlica dla wszystkich", "", PROSE)
    assert (article.title, article.published_text) == ("Świetlica dla wszystkich", None)
    assert [block.text for block in article.blocks] == [PROSE]
    assert read(f"O plikach cookie: {notice}").blocks[0].text.endswith(notice)


def test_names_of_the_site_above_a_text_are_no_title() -> None:
    assert read("Samorząd Lipna", "Nowa świetlica w gminie Lipno", "Menu i mapa", "Liczba odwiedzin gminy", PROSE).title is None


def test_links_that_skip_the_menu_are_no_title() -> None:
    assert read("Przejdź do głównej treści Przejdź do wyszukiwarki", "Świetlica dla wszystkich", "", PROSE).title is not None
    assert read("Przejdź do głównej treści Przejdź do wyszukiwarki", PROSE).title is None


@pytest.mark.parametrize(("line", "day"), [("Sport i kultura 04.07.2019", "04.07.2019"), ("Otwarte od 9 do 04.07.2019", None)])
def test_the_day_behind_the_category_right_above_the_title(line: str, day: str | None) -> None:
    assert read("Gmina Lipno dla każdego", "", line, LONG, "", PROSE, path=SLUG).published_text == day
    assert read("Gmina Lipno dla każdego", line, "", LONG, "", PROSE, path=SLUG).published_text is None


def test_an_item_of_a_list_is_no_title() -> None:
    page = f"<html><body><div><ul><li>Nie znaleziono wyników</li></ul><p>{PROSE}</p><p>{PROSE}</p></div></body></html>"
    _, _, findings = reading(Page(capture("https://town.example.org/a", "text/html"), page.encode()))
    assert [finding.title for finding in findings if isinstance(finding, Article)] == [None]


@pytest.mark.parametrize(
    "line", ["_" * 200_000 + "!", "1 likes | " * 20_000, "» » " + "b" * 100_000, "Słowo " * 30_000 + "04.07.2019"]
)
def test_lines_without_end_are_read_at_once(line: str) -> None:
    assert read(line, LONG, PROSE, path=SLUG).title == LONG


def test_a_block_that_is_printed_twice_holds_no_title() -> None:
    assert read("Broszura gminy", "S jak Sołectwo", "Ś jak Świetlica", "S jak Sołectwo", "Ś jak Świetlica", PROSE).title is None
    assert read("O gminie", "Świetlica", "Kontakt z gminą", "Świetlica", PROSE).title == "Świetlica"


def test_a_headline_as_long_as_prose_stands_over_its_day() -> None:
    article = read(LONG, "", "2012-08-30", "", PROSE, path="wiesci/12")
    assert (article.title, article.published_text) == (LONG, "2012-08-30")
    assert [block.text for block in article.blocks] == [PROSE]


@pytest.mark.parametrize("below", [("2012-08-30", "Koniec"), ("Lipno", "30.08.2012", "Koniec")])
def test_a_long_line_without_its_day_and_prose_below_it_is_no_title(below: tuple[str, ...]) -> None:
    assert read(LONG, *below, path="wiesci/12").title is None


def test_a_calendar_leaf_and_the_way_to_the_page_are_no_title() -> None:
    assert read("Sie", "30", "30", PROSE, PROSE).title is None
    article = read("Gmina Lipno » Kultura » Wieści", "Українська | Polski | English", "", PROSE, PROSE)
    assert (article.title, [block.text for block in article.blocks]) == (None, [PROSE, PROSE])


def test_how_often_it_was_read_may_stand_between_the_day_and_the_title_again() -> None:
    article = read(LONG, "", "18 lipca 2022, 17:08", "", "2159", "", LONG, "", PROSE, PROSE, path="a/12")
    assert (article.title, [block.text for block in article.blocks]) == (LONG, [PROSE, PROSE])


def test_the_name_of_a_pictures_file_is_no_title() -> None:
    article = read("Świetlica dla Lipna", "", "świetlica dla lipna", "", PROSE, path="2017/05/swietlica-dla-lipna/")
    assert article.title == "Świetlica dla Lipna"


def test_a_long_title_of_a_post_stands_above_the_buttons() -> None:
    buttons = ["Отримати посилання", "Facebook", "X", "Pinterest", "Електронна пошта", "Інші додатки", "-"]
    title = "Публічна бібліотека громади запрошує всіх охочих на щорічні читання: програма двох днів"
    text = "Читання триватимуть два дні, а програму склали самі читачі громади разом із бібліотекарями."
    post = capture("https://lypne.blogspot.com/2017/03/a.html", "text/plain")
    for above, expected in ((title, title), (f"{title}.", None)):
        _, _, findings = reading(Page(post, "\n".join([above, *buttons, text, "", text]).encode()))
        assert [finding.title for finding in findings if isinstance(finding, Article)] == [expected]


@pytest.mark.parametrize(
    ("path", "verdict"),
    [("news/2017-05-17", "index"), ("news/2017-5", "index"), ("news/nowa_czytelnia/2017-05-17-31", "detail")],
)
def test_days_and_months_of_ucoz_are_lists(path: str, verdict: str) -> None:
    page = Page(capture(f"https://lypne.example.org/{path}", "text/plain"), f"{PROSE}\n\n{PROSE}".encode())
    assert reading(page)[1].verdict == verdict


def test_items_of_a_menu_that_come_back_are_no_title() -> None:
    assert read("• Gmina Lipno", "• Gmina Lipno", "• Gmina Lipno", "", "Treść", "", PROSE).title is None


def test_a_headline_with_a_stop_is_the_title_over_its_day() -> None:
    article = read("Всеукраїнський день бібліотек.", "1 жовт. 2023", PROSE, PROSE)
    assert (article.title, article.published_text) == ("Всеукраїнський день бібліотек", "1 жовт. 2023")


def test_a_place_may_stand_behind_the_clock_and_a_caption_below_it() -> None:
    caption = "Делегація бібліотекарів громади на нараді/Фото: Липненська бібліотека"
    article = read("Бібліотеки без кордонів: досвід Липного", "", "07.06.2025 16:52 Липне", caption, "", PROSE, PROSE)
    assert (article.title, article.published_text) == ("Бібліотеки без кордонів: досвід Липного", "07.06.2025")
    assert article.blocks[0].text == caption


def test_further_pages_of_a_tag_are_lists() -> None:
    page = Page(capture("https://news.example.org/tag/13939/p37", "text/plain"), f"{PROSE}\n\n{PROSE}".encode())
    assert reading(page)[1].verdict == "index"


def test_a_row_of_a_menu_is_no_text() -> None:
    menu = "Головна Новини Інформація для учасників зборів та переселенців Цивільний захист Служба за контрактом"
    article = read("Липненський район » Культура » Новини", menu, "", "Новини", "", f"{LONG} і читають разом", "", PROSE, PROSE)
    assert article.title == f"{LONG} і читають разом"
    assert article.blocks[0].text == PROSE


def posts_of(*lines: str, path: str) -> list[Article]:
    page = Page(capture(f"https://lypne.blogspot.com/{path}", "text/plain"), "\n".join(lines).encode())
    return [finding for finding in reading(page)[2] if isinstance(finding, Article)]


def test_a_short_poem_above_the_next_day_is_a_post_of_its_own() -> None:
    poem = ["Падає сніг на поріг,", "Стежка біжить до бібліотеки,", "З Новим роком усіх!"]
    found = posts_of(
        *("вівторок, 31 грудня 2013 р.", "", "З НОВИМ РОКОМ !", "", *poem, ""),
        *("четвер, 12 грудня 2013 р.", "", "ЧИТАННЯ", "", PROSE),
        path="2013/",
    )
    assert [(post.title, post.published_text) for post in found] == [
        ("З НОВИМ РОКОМ !", "вівторок, 31 грудня 2013 р."),
        ("ЧИТАННЯ", "четвер, 12 грудня 2013 р."),
    ]


def test_what_a_blog_says_of_itself_stands_above_the_day() -> None:
    [post] = posts_of(
        "Вітаємо!", PROSE, "", "субота, 13 лютого 2016 р.", "", "Читання", "", LONG, "", LONG, path="2016/02/a.html"
    )
    assert (post.title, post.published_text) == ("Читання", "субота, 13 лютого 2016 р.")
    assert all(PROSE not in block.text for block in post.blocks)


def test_a_row_of_a_table_over_the_day_is_no_title() -> None:
    article = read(
        "Доповідач: | |", "", "Статус: | Прийнятий в цілому |", "", "Дата: | 27.11.2023 |", "", "№ 1020", "", PROSE, PROSE
    )
    assert article.title is None
