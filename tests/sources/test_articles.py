"""Articles of Blogger, the Żoliborz library and other pages: same content, same records; ids; furniture; verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from saved_pages import Case, capture, reading, reading_of

from pipeline.extract.articles.articles import article_blocks, looks_like_title, parted_credit
from pipeline.extract.articles.credit_lines import is_credit
from pipeline.extract.articles.date_lines import date_in_line, is_month_first
from pipeline.extract.lines import Line, text_lines
from pipeline.extract.page import Page
from pipeline.records import Article, Finding, Partnership

PAGES = Path(__file__).parents[1] / "pages"


def _case(name: str) -> Case:
    source, _, case = name.partition("/")
    return Case(source, case, PAGES / name)


def _read(body: str, url: str | None = None, media_type: str = "text/html") -> tuple[str, str, list[Finding]]:
    source, judgement, findings = reading(Page(capture(url, media_type), body.encode("utf-8", "surrogatepass")))
    return source.name, judgement.verdict, findings


def _articles(findings: list[Finding]) -> list[Article]:
    return [finding for finding in findings if isinstance(finding, Article)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("blogger/uk_old_theme_html", "blogger/uk_old_theme_text"),
        ("bpzoliborz/partnerships_html", "bpzoliborz/partnerships_text"),
        ("web/article_html", "web/article_text"),
    ],
)
def test_the_same_content_as_html_and_as_text_gives_the_same_records(html: str, text: str) -> None:
    assert _without_spaces(reading_of(_case(html))[2]) == _without_spaces(reading_of(_case(text))[2])


def _without_spaces(findings: list[dict[str, Any]]) -> list[Any]:
    """The findings with every kind of space alike: text renderings print no-break spaces where HTML has plain ones."""
    return [msgspec.json.decode(msgspec.json.encode(finding).decode().replace("\u00a0", " ")) for finding in findings]


POST = """<html><head><meta name='generator' content='blogger'/>{head}</head><body><div class='widget Blog'>
<h2 class='date-header'>czwartek, 4 listopada 2021</h2><div class='post hentry'><h3 class='post-title'>Jesienny targ</h3>
<div class='post-body'>Targ książek odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa.</div></div>
<div id='comments'><h4>{comments}</h4></div></div></body></html>"""


@pytest.mark.parametrize(
    ("url", "head", "expected"),
    [
        ("https://targ-przyklad.blogspot.com/2021/11/targ.html", "", "blogger:targ-przyklad.blogspot.com/2021/11/targ.html"),
        (
            "https://targ-przyklad.blogspot.com/2021/11/targ.html?m=1",
            "",
            "blogger:targ-przyklad.blogspot.com/2021/11/targ.html",
        ),
        (
            "https://targ-przyklad.blogspot.com/2021/11/targ.html?showComment=9#c9",
            "",
            "blogger:targ-przyklad.blogspot.com/2021/11/targ.html",
        ),
        ("https://targ-przyklad.blogspot.co.uk/2021/11/targ.html", "", "blogger:targ-przyklad.blogspot.com/2021/11/targ.html"),
        ("https://targ-przyklad.blogspot.pl/p/o-nas.html", "", "blogger:targ-przyklad.blogspot.com/p/o-nas.html"),
        (
            "https://targ-przyklad.blogspot.com/2021/11/targ.html",
            "<link rel='canonical' href='https://www.targ.example.org/2021/11/targ.html'/>",
            "blogger:targ.example.org/2021/11/targ.html",
        ),
    ],
)
def test_one_post_has_one_id_on_every_spelling_of_its_address(url: str, head: str, expected: str) -> None:
    source, verdict, findings = _read(POST.format(head=head, comments="Brak komentarzy:"), url)
    assert (source, verdict) == ("blogger", "detail")
    assert _articles(findings)[0].record_id == expected


@pytest.mark.parametrize(
    "printed",
    [
        "Немає коментарів:",
        "1 коментар:",
        "12 коментарів:",
        "Brak komentarzy:",
        "1 komentarz:",
        "5 komentarzy:",
        "No comments:",
        "2 comments:",
        "Комментариев нет:",
        "3 комментария:",
        "Keine Kommentare:",
        "Žádné komentáře:",
        "4 komentáře:",
    ],
)
def test_the_comment_count_is_kept_as_printed(printed: str) -> None:
    assert _articles(_read(POST.format(head="", comments=printed))[2])[0].comments_text == printed
    text = f"Targ odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa.\n{printed}\nPrześlij komentarz\n"
    found = _articles(_read(text, "https://a.blogspot.com/2021/11/x.html", "text/plain")[2])[0]
    assert found.comments_text == printed
    assert printed not in found.blocks[-1].text


def test_a_content_id_does_not_hang_on_what_stands_around_the_text() -> None:
    prose = "Targ odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa; zostało nam trzysta książek."
    first = _articles(_read(f"{prose}\nBrak komentarzy:\nPrześlij komentarz", None, "text/plain")[2])[0]
    later = _articles(_read(f"{prose}\n\nŹródło: gazetka\n7 komentarzy:\nKtoś\nPrześlij komentarz", None, "text/plain")[2])[0]
    assert first.record_id == later.record_id
    assert first.record_id.startswith("sha256:")
    assert later.credit == "Źródło: gazetka"


def test_a_first_sentence_of_prose_is_no_title() -> None:
    first, second = "Krótkie zdanie na początek.", "Targ odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa."
    prose = f"{first}\n{second}\nPrześlij komentarz"
    article = _articles(_read(prose, None, "text/plain")[2])[0]
    assert article.title is None
    assert article.blocks[0].text == first


def test_words_of_menus_inside_the_body_stay() -> None:
    text = (
        "Targ książek\n\nTarg odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa.\n\nKontakt\n\n"
        "Pytania prosimy kierować do sekretariatu szkoły, który czeka na nie codziennie do południa.\n"
    )
    blocks = [block.text for block in _articles(_read(text, None, "text/plain")[2])[0].blocks]
    assert blocks[1] == "Kontakt"
    assert len(blocks) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("середа, 27 червня 2018 р.", "середа, 27 червня 2018 р."),
        ("пʼятниця, 1 вересня 2023 р.", "пʼятниця, 1 вересня 2023 р."),
        ("czwartek, 4 listopada 2021", "czwartek, 4 listopada 2021"),
        ("- жовтня 23, 2025", "жовтня 23, 2025"),
        ("Data publikacji: 12.05.2020", "12.05.2020"),
        ("14 maja 2021, 12:30", "14 maja 2021"),
        ("W środę, 4 listopada 2021 odbył się targ", None),
        ("2021", None),
        ("14 maja", None),
    ],
)
def test_date_lines(text: str, expected: str | None) -> None:
    assert date_in_line(text) == expected


def test_month_first_is_the_way_of_new_themes() -> None:
    assert is_month_first("- жовтня 23, 2025")
    assert not is_month_first("23 жовтня 2025 р.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Полтавська міська рада: сайт", True),
        ("За матеріалами: Канівська міська рада", True),
        ("За матеріалами сайту громади", True),
        ("Джерело: сторінка бібліотеки", True),
        ("Фото: архів", True),
        ("Fot. archiwum szkoły", True),
        ("Źródło: Urząd Miejski", True),
        ("Tekst i zdjęcia: redakcja", True),
        ("Фото зробили діти під час зустрічі, яка тривала до самого вечора.", False),
        ("Foto zrobiły dzieci podczas spotkania w bibliotece.", False),
        ("Za rok spotkamy się znowu", False),
        ("Na targu było trzysta książek.", False),
        ("", False),
    ],
)
def test_credits(text: str, expected: bool) -> None:  # noqa: FBT001 - a parametrised expectation
    assert is_credit(text) is expected


def test_several_credits_at_the_end_and_none_in_the_middle() -> None:
    body, credit = parted_credit(text_lines("Фото: архів\nДовгий абзац тексту.\nТекст: Марта\nФото: Ірина"))
    assert [line.text for line in body] == ["Фото: архів", "Довгий абзац тексту."]
    assert credit == "Текст: Марта\nФото: Ірина"


def test_paragraphs_are_blocks_with_or_without_blank_lines_between() -> None:
    first, second = "Pierwszy akapit o targu książek.", "Drugi akapit o straganach klas."
    assert article_blocks(text_lines(f"{first}\n{second}")) == article_blocks(text_lines(f"{first}\n\n{second}"))
    assert [block.text for block in article_blocks([Line(first), Line("a", "item"), Line("b", "item")])] == [first, "- a\n- b"]


def test_titles() -> None:
    prose = "Targ odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa."
    assert looks_like_title("Jesienny targ", prose)
    assert not looks_like_title("Jesienny targ.", prose)
    assert not looks_like_title("czwartek, 4 listopada 2021", prose)
    assert not looks_like_title("- jabłka", prose)


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("<html><body><h1>404</h1><p>Nie znaleziono strony</p></body></html>", "shell"),
        ("<html><body><p>Zaloguj się, aby zobaczyć treść</p><input type=password></body></html>", "shell"),
        ("<html><body><h1>Trwają prace techniczne</h1></body></html>", "shell"),
        ("<html><body><p>Ta domena jest na sprzedaż</p></body></html>", "shell"),
        ("<html><body><p>Just a moment...</p></body></html>", "shell"),
        ("<html><body><p>Error establishing a database connection</p></body></html>", "shell"),
        ("<html><body></body></html>", "not_ours"),
    ],
)
def test_shells_are_never_a_success(body: str, verdict: str) -> None:
    source, judged, findings = _read(body.replace("<body></body>", "<body>1</body>"), "https://miasto.example.org/x")
    assert source == "web"
    assert findings == []
    assert judged in {verdict, "shell"}


@pytest.mark.parametrize(
    "invitation",
    [
        "Zaloguj się, aby dodawać komentarze",
        "Musisz się zalogować, aby móc dodać komentarz.",
        "Aby skomentować, musisz się zalogować",
        "Увійдіть, щоб залишити коментар",
        "You must be logged in to post a comment.",
    ],
)
def test_an_invitation_to_comment_is_no_login_wall(invitation: str) -> None:
    prose = "Na dziedzińcu szkoły otwarto targ książek, a każdy stragan prowadziła inna klasa i jej wychowawcy."
    body = f"<html><body><h1>Jesienny targ</h1><article><p>{prose}</p></article><p>{invitation}</p></body></html>"
    assert _read(body, "https://miasto.example.org/targ")[1] == "detail"


def test_buttons_and_who_posted_when_stand_in_no_text() -> None:
    prose = "Na dziedzińcu szkoły otwarto targ książek, a każdy stragan prowadziła inna klasa i jej wychowawcy."
    body = (
        "<html><body><article><h1>Jesienny targ</h1><ul><li>Drukuj</li><li>Email</li></ul>"
        f"<div>Wysłane przez redakcja w śr., 30/09/2015 - 08:12</div><p>{prose}</p></article></body></html>"
    )
    article = next(found for found in _read(body, "https://miasto.example.org/targ")[2] if isinstance(found, Article))
    assert [block.text for block in article.blocks] == [prose]
    assert article.published_text == "30/09/2015"


def test_a_long_article_about_error_404_is_no_shell() -> None:
    prose = (
        "<p>Strona nie istnieje, odpisał serwer, i od tej historii zaczęła się nasza wystawa o zapomnianych adresach.</p>" * 9
    )
    assert _read(f"<html><body><h1>Wystawa 404</h1><article>{prose}</article></body></html>", None)[1] == "detail"


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=600),
    st.sampled_from(["text/plain", "text/html"]),
    st.sampled_from([None, "https://a.blogspot.com/2020/01/x.html", "http://bpzoliborz.pl/x/", "https://x.example.org/"]),
)
def test_no_text_makes_a_parser_raise(text: str, media_type: str, url: str | None) -> None:
    for finding in _read(text, url, media_type)[2]:
        assert isinstance(finding.record_id, str)


WORDS = st.lists(
    st.sampled_from(
        [
            "Немає коментарів:",
            "2 komentarze:",
            "czwartek, 4 listopada 2021",
            "Prześlij komentarz",
            "",
            "Facebook",
            "- a",
            "Źródło: x",
            "Nowszy post",
            "Etykiety: a, b",
            "Autor: X o 12:00",
            "Partnerstwo „A”",
            "Powstało w 2011 roku.",
            "Długi akapit o tym, co się wydarzyło na targu książek w szkole.",
        ]
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=150)
@given(WORDS)
def test_lines_of_blogs_in_any_order_are_read(lines: list[str]) -> None:
    _, _, findings = _read("\n".join(lines), "https://a.blogspot.com/2020/01/x.html", "text/plain")
    for article in _articles(findings):
        assert article.blocks
        assert "Prześlij komentarz" not in [block.text for block in article.blocks[1:]]


@pytest.mark.parametrize(
    "row",
    [
        "Wyślij pocztą e-mail Wrzuć na bloga Udostępnij w usłudze Twitter",
        "Надіслати електронною поштоюОпублікувати в блозі",
        "Nowszy post Starszy post Strona główna",
    ],
)
def test_buttons_in_a_row_are_no_text(row: str) -> None:
    prose = "Targ odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa."
    found = _articles(_read(f"{prose}\n{row}\nPrześlij komentarz", "https://a.blogspot.com/2021/11/x.html", "text/plain")[2])[0]
    assert [block.text for block in found.blocks] == [prose]


TOWN = """<html><head><title>{title}</title></head><body><div id="menu"><a href="/">Start</a></div><div id="tresc">{heading}
<p>Targ odbył się na dziedzińcu szkoły, a każdy stragan prowadziła inna klasa; zostało nam trzysta książek.</p>
{below}</div></body></html>"""


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Biblioteka - Jesienny targ", "<h2>Jesienny targ</h2>"),
        ("Jesienny targ - Miasto i Gmina", "<div class='page-header'><h2>Jesienny targ</h2></div>"),
        ("Urząd", "<h1>Jesienny targ</h1>"),
    ],
)
def test_the_title_of_a_town_page(title: str, heading: str) -> None:
    body = TOWN.format(title=title, heading=heading, below="")
    assert _articles(_read(body, "https://miasto.example.org/targ")[2])[0].title == "Jesienny targ"


@pytest.mark.parametrize(
    ("below", "printed"),
    [
        (
            (
                "<table><tr><td>Wytworzył:</td><td>Anna Zielna</td></tr>"
                "<tr><td>Data publikacji:</td><td>2011-04-05</td></tr></table>"
            ),
            "2011-04-05",
        ),
        ("<p>Opublikowane przez redaktor, w dniu 9 lutego 2023</p>", "9 lutego 2023"),
    ],
)
def test_the_date_of_the_particulars_and_nothing_else_of_them(below: str, printed: str) -> None:
    found = _articles(
        _read(TOWN.format(title="Urząd", heading="<h1>Targ</h1>", below=below), "https://miasto.example.org/t")[2]
    )[0]
    assert found.published_text == printed
    assert "Zielna" not in "".join(block.text for block in found.blocks)


def test_a_short_notice_has_a_title() -> None:
    text = "Biblioteka zamknięta\nDo 15 sierpnia nie pracujemy.\nBrak komentarzy:\nPrześlij komentarz"
    found = _articles(_read(text, "https://a.blogspot.com/2021/11/x.html", "text/plain")[2])[0]
    assert (found.title, [block.text for block in found.blocks]) == ("Biblioteka zamknięta", ["Do 15 sierpnia nie pracujemy."])


JOOMLA = """<html><head><title>Umowa z biblioteką</title></head><body><div id="header">Biblioteka</div>
<table class="contentpaneopen"><tr><td class="contentheading">Umowa z biblioteką</td></tr></table>
<table class="contentpaneopen"><tr><td class="createdate">wtorek, 18 września 2012 10:23</td></tr>
<tr><td><p>{text}</p></td></tr>
<tr><td class="modifydate">Poprawiony: środa, 19 września 2012 08:01</td></tr></table></body></html>"""


def test_the_day_a_joomla_page_prints_above_its_article() -> None:
    text = "Czytelnicy obu bibliotek wymieniają się książkami i spotykają dwa razy w roku, na zmianę w każdym z miast."
    (article,) = _articles(_read(JOOMLA.format(text=text), "https://biblioteka.example.org/index.php?id=88")[2])
    assert (article.published_text, [block.text for block in article.blocks]) == ("wtorek, 18 września 2012", [text])


def test_related_posts_below_an_article_tell_of_no_partnership() -> None:
    text = "Czytelnicy obu bibliotek wymieniają się książkami i spotykają dwa razy w roku, na zmianę w każdym z miast."
    related = '<div class="jp-relatedposts"><h3>Podobne</h3><p>Koalicja „Stary Młyn” powstała w 2011 roku</p></div>'
    html = f"<html><head><title>Wymiana</title></head><body><article><p>{text}</p>{related}</article></body></html>"
    (finding,) = _read(html, "https://biblioteka.example.org/wymiana")[2]
    assert isinstance(finding, Article)
    assert [block.text for block in finding.blocks] == [text]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Grudzień 3, 2014 by bibliotekarka", "Grudzień 3, 2014"),
        ("3 grudnia 2014 przez admin", "3 grudnia 2014"),
        ("3 grudnia 2014 przez cały dzień czytaliśmy", None),
        ("Data dodania: 2019-12-03 | Autor: Urząd Gminy | Kategoria: Aktualności", "2019-12-03"),
        ("Data publikacji: 14.02.2018, autor: Administrator", "14.02.2018"),
        ("2019-12-03 | Wójt podpisał porozumienie", None),
        ("2019-12-03 | Kultura i Sport", "2019-12-03"),
        ("Опубліковано 21.09.2022 автором biblio", "21.09.2022"),
        ("Оновлено 12.02.2024", None),
        ("Zaktualizowano: 12.02.2024", None),
    ],
)
def test_a_day_with_who_posted(line: str, date: str | None) -> None:
    assert date_in_line(line) == date


def test_a_date_below_the_text_hides_none_of_it() -> None:
    table = "Міста-побратими Броварів\n\nМісто\tКраїна\tРік підписання угоди\nЕрньокарой\tУгорщина\t2019\n\n12.02.2024\n"
    (article,) = _articles(_read(table, "https://brovary.example.org/twin", "text/plain")[2])
    assert "Ерньокарой" in "\n".join(block.text for block in article.blocks)


def test_rows_of_links_without_a_name_are_no_text() -> None:
    text = "Czytelnicy obu bibliotek wymieniają się książkami i spotykają dwa razy w roku, na zmianę w każdym z miast."
    menu = '<div><a href="/">Strona główna</a><a href="/k">Katalog</a> | <a href="/g">Godziny otwarcia biblioteki</a></div>'
    news = '<div><a href="/1">Koalicja „Inna” powstała w 2001 roku</a><a href="/2">Ferie</a></div>'
    body = f'{menu}<div><p>{text}</p><p>Zob. <a href="/3">regulamin</a> i <a href="/4">mapę</a>.</p></div>{news}'
    (finding,) = _read(f"<html><head><title>Wymiana</title></head><body>{body}</body></html>", "https://a.example.org/w")[2]
    assert isinstance(finding, Article)
    assert [block.text for block in finding.blocks] == [text, "Zob. regulamin i mapę."]


def test_the_title_stands_right_above_a_line_that_says_when_it_was_posted() -> None:
    text = "Czytelnicy obu bibliotek wymieniają się książkami i spotykają dwa razy w roku, na zmianę w każdym z miast."
    head = "Biblioteka w Lipnie\nKatalog on-line\n\nWspólne czytanie\n\nOpublikowano: 03.06.2019 | Autor: Redakcja"
    page = f"{head}\n\n{text}\n\nTagi: park\n"
    (article,) = _articles(_read(page, "https://a.example.org/x1", "text/plain")[2])
    assert (article.title, article.published_text) == ("Wspólne czytanie", "03.06.2019")
    assert [block.text for block in article.blocks] == [text]


_PROSE = "Czytelnicy obu bibliotek wymieniają się książkami i spotykają dwa razy w roku, na zmianę w każdym z miast."


def test_a_title_right_above_its_date_among_other_lines() -> None:
    head = "Czytelnia\nBlog biblioteki\n\nDwie półki\n17 maja 2023 | Projekty\nNapisane przez Redakcja"
    page = f"{head}\n\n{_PROSE}\nTagi: książki, wymiana"
    (article,) = _articles(_read(page, "https://czytelnia.example.org/polki", "text/plain")[2])
    assert (article.title, article.published_text, article.labels) == ("Dwie półki", "17 maja 2023", ["książki", "wymiana"])
    assert [block.text for block in article.blocks] == [_PROSE]


def test_a_title_over_the_label_of_its_date() -> None:
    page = f"Gmina\nUrząd\n\nWspólne linie\n\nData publikacji: 2 września 2020\n\n{_PROSE}\n"
    (article,) = _articles(_read(page, "https://gmina.example.org/77", "text/plain")[2])
    assert (article.title, article.published_text) == ("Wspólne linie", "2 września 2020")


@pytest.mark.parametrize(
    ("below", "date"),
    [
        ("Metryczka\nData publikacji: 14.02.2012", "14.02.2012"),
        ("Zobacz także\nData publikacji: 14.02.2012\nData publikacji: 15.02.2012", None),
    ],
)
def test_the_day_in_the_particulars_of_a_text(below: str, date: str | None) -> None:
    (article,) = _articles(_read(f"Dwie półki\n\n{_PROSE}\n\n{below}\n", None, "text/plain")[2])
    assert article.published_text == date


def test_labels_are_the_links_that_markup_calls_tags_of_the_article() -> None:
    foot = '<footer><a rel="category tag" href="/n">Nowości</a> <a rel="tag" href="/w">wymiana</a></footer>'
    other = '<article><a rel="tag" href="/z">zima</a></article>'
    html = f"<html><body><article><h1>Dwie półki</h1><p>{_PROSE}</p>{foot}</article>{other}</body></html>"
    (article,) = _articles(_read(html, "https://czytelnia.example.org/polki")[2])
    assert article.labels == ["Nowości", "wymiana"]


@pytest.mark.parametrize(
    "field",
    [
        '<div class="field-name-field-tags"><a href="/t/1" typeof="skos:Concept">smog</a> <a href="/t/2">las</a></div>',
        '<ul class="tags inline"><li><a href="/tag/1">smog</a></li><li><a href="/tag/2">las</a></li></ul>',
    ],
)
def test_labels_of_content_systems_without_the_link_type(field: str) -> None:
    aside = '<aside><ul class="tags"><li><a href="/tag/3">zima</a></li></ul></aside>'
    html = f"<html><body><div id='content'><h1>Dwie półki</h1><p>{_PROSE}</p>{field}</div>{aside}</body></html>"
    (article,) = _articles(_read(html, "https://czytelnia.example.org/polki")[2])
    assert article.labels == ["smog", "las"]


def test_the_first_line_is_the_title_where_it_is_a_part_of_the_one_stated() -> None:
    html = f"<html><head><title>Czytelnia Zmyślona - o nas</title></head><body><b>O nas</b><p>{_PROSE}</p></body></html>"
    (article,) = _articles(_read(html, "https://czytelnia.example.org/onas.htm")[2])
    assert (article.title, [block.text for block in article.blocks]) == ("O nas", [_PROSE])


def test_soft_hyphens_part_no_word_of_the_text() -> None:
    html = f"<html><body><article><h1>Dwie półki</h1><p>{_PROSE.replace('b', 'b&shy;')}</p></article></body></html>"
    (article,) = _articles(_read(html, "https://czytelnia.example.org/polki")[2])
    assert [block.text for block in article.blocks] == [_PROSE]


def test_a_page_that_came_as_markdown() -> None:
    text = f"# Partnerstwo „Przystań”\n\n**Rok powstania:** 2019\n**Koordynator:** Fundacja Mosty\n\n{_PROSE}\n"
    article, told = _read(text, "https://przystan.example.org/", "text/plain")[2]
    assert isinstance(article, Article)
    assert article.title == "Partnerstwo „Przystań”"
    assert isinstance(told, Partnership)
    assert (told.name, told.founded_text, told.coordinator) == ("Przystań", "2019", "Fundacja Mosty")


def test_a_title_above_day_and_hour_with_who_wrote_it_below() -> None:
    text = f"Головна Новини Відео\n\nДві полиці\n10.05.2024 | 17:45\nАвтор: Орися Вигадана\n\n{_PROSE}\n"
    (article,) = _articles(_read(text, "https://portal.example.org/news/88", "text/plain")[2])
    assert (article.title, article.published_text, article.credit) == ("Дві полиці", "10.05.2024", "Автор: Орися Вигадана")
    assert [block.text for block in article.blocks] == [_PROSE]


def test_a_heading_with_a_dash_of_its_own_before_the_sites_parts() -> None:
    head = "<title>Три громади - один центр :: Новини :: Рада</title>"
    html = f"<html><head>{head}</head><body><h2>Три громади - один центр</h2><p>{_PROSE}</p></body></html>"
    (article,) = _articles(_read(html, "https://rada.example.org/news/3311")[2])
    assert (article.title, [block.text for block in article.blocks]) == ("Три громади - один центр", [_PROSE])


def test_particulars_of_a_note_are_no_title() -> None:
    (article,) = _articles(_read(f"Data: 11.02.2014 r.\nMiejsce: Dom Ludowy w Lipnie\n\n{_PROSE}\n", None, "text/plain")[2])
    assert article.title is None


def test_a_heading_that_is_the_sites_name_is_no_title() -> None:
    above = "<title>Дві полиці - 15 Лютого 2017 - Читальня Району</title></head><body><h1>Читальня Району</h1>"
    rows = f"<tr><td><div>08:41</div>Дві полиці</td></tr><tr><td><p>{_PROSE}</p></td></tr>"
    html = f"<html><head>{above}<table>{rows}</table></body></html>"
    (article,) = _articles(_read(html, "https://czytelnia.example.org/blog/1")[2])
    assert (article.title, [block.text for block in article.blocks]) == ("Дві полиці", [_PROSE])


def test_posts_of_an_archive_that_came_as_text_with_a_foot_below_each() -> None:
    foot = "Отримати посилання\nДописати коментар\nДокладніше"
    first = "Бібліотеки обох громад обмінюються книгами та зустрічаються двічі на рік, по черзі в кожному місті."
    second = "Читачі принесли понад триста книжок, які ми передали колегам із прифронтової громади."
    above = f"Оселя\n\nКвітень 28, 2023\nДві полиці\n{first}\n{foot}"
    page = f"{above}\n\nКвітень 11, 2023\nДарунки\n{second}\n{foot}\nНа платформі Blogger"
    articles = _articles(_read(page, "https://oselia.blogspot.com/2023/04/", "text/plain")[2])
    assert [(a.title, a.published_text, [b.text for b in a.blocks]) for a in articles] == [
        ("Дві полиці", "Квітень 28, 2023", [first]),
        ("Дарунки", "Квітень 11, 2023", [second]),
    ]
