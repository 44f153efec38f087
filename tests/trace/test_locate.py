"""Texts found on pages again, tolerant of tags, references, white space, bullets, masks and what was left out; no more."""

from __future__ import annotations

import html

import pytest
from ending import ending
from hypothesis import given, settings
from hypothesis import strategies as st
from saved_pages import capture

from pipeline.extract.page import Page
from pipeline.trace.letters import Span, letters_of, markup_letters, plain_letters, visible_letters
from pipeline.trace.locate import Locator


def located(body: str, *, is_html: bool = True) -> tuple[Page, Locator]:
    page = Page(capture(None, "text/html" if is_html else "text/plain"), body.encode())
    return page, Locator(page)


def stretches(page: Page, spans: list[Span]) -> list[str]:
    return [page.text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("body", "text", "found"),
    [
        ("<p>Wspólny <b>ogr</b>ód&nbsp;dla&#32;wsi</p>", "Wspólny ogród dla wsi", "Wspólny <b>ogr</b>ód&nbsp;dla&#32;wsi"),
        ("<p>Kawa &amp; herbata</p>", "Kawa & herbata", "Kawa &amp; herbata"),
        ("<p>A &copyright B</p>", "©right B", "&copyright B"),
        ("<p>AT&T i R&D</p>", "AT&T i R&D", "AT&T i R&D"),
        ("<p>rok 2011 &#150; 2013</p>", "rok 2011 – 2013", "rok 2011 &#150; 2013"),
        ("<ul><li>nasiona<li>narzędzia</ul>", "- nasiona\n- narzędzia", "nasiona<li>narzędzia"),
        ("<p>\uf0b7 pierwszy \uf0b7 drugi</p>", "• pierwszy • drugi", "pierwszy \uf0b7 drugi"),
        ("<p>so\u00adbota</p>", "sobota", "so\u00adbota"),
        ('<p title="a>b">tekst</p>', "tekst", "tekst"),
        ("<p class=a\"b>jeden</p><p class='x'>dwa</p>", "jeden dwa", "jeden</p><p class='x'>dwa"),
        ("<script>var a = '<p>ogród';</script><!-- ogród --><p>ogród</p>", "ogród", "ogród"),
        ("<p>raz<br>dwa\r\n  trzy</p>", "raz\ndwa trzy", "raz<br>dwa\r\n  trzy"),
    ],
)
def test_html(body: str, text: str, found: str) -> None:
    page, locator = located(f"<html><body>{body}</body></html>")
    assert stretches(page, locator.anywhere(text)) == [found]


def test_scripts_and_comments_hold_no_visible_text() -> None:
    text = "<style>p{}</style><script>kot</script><!-- pies --><p>ryba</p><script>bez końca"
    assert visible_letters(text).text == "ryba"
    assert "kot" in markup_letters(text).text


def test_head_and_attributes_come_last() -> None:
    page, locator = located(
        '<html><head><meta property="og:title" content="Bal &amp; targ"></head><body><p>Bal</p></body></html>'
    )
    assert stretches(page, locator.anywhere("Bal & targ")) == ["Bal &amp; targ"]
    assert page.text[: locator.anywhere("Bal")[0].start].endswith("<p>")


def test_what_does_not_stand_there_is_not_found() -> None:
    _, locator = located("<p>Wspólny ogród dla wsi i miasta</p>")
    for other in ("Wspólny sad", "ogródek", "miasto", "Ogród", "Wspólny ogród dla wsi, miasta", "77"):
        assert locator.anywhere(other) == []


def test_whole_words_and_lines_win() -> None:
    page, locator = located("Celestynów\nTo są cele i Cele inne\nCele\nProza.", is_html=False)
    (span,) = locator.anywhere("Cele")
    assert page.text[span.start - 1] == page.text[span.end] == "\n"


def test_masked_contact_data_is_a_gap() -> None:
    page, locator = located("<p>Pytania: anna@example.org albo tel. 62 700 00 11, do godziny ósmej.</p>")
    spans = locator.anywhere("Pytania: [e-mail] albo tel. [telefon], do godziny ósmej.")
    assert stretches(page, spans) == ["Pytania:", "albo tel.", ", do godziny ósmej."]


def test_link_text_printed_twice() -> None:
    page, locator = located("12 Kluby (Centra Nauki)Centra Nauki działają dalej", is_html=False)
    spans = locator.anywhere("Kluby (Centra Nauki) działają dalej")
    assert stretches(page, spans) == ["Kluby (Centra Nauki)", "działają dalej"]


def test_far_apart_is_not_one_text() -> None:
    _, locator = located("Pierwsza połowa zdania" + " zupełnie inny tekst" * 200 + " druga połowa zdania", is_html=False)
    assert locator.anywhere("Pierwsza połowa zdania druga połowa zdania") == []


def test_a_value_stands_after_its_label() -> None:
    body = "Gliwice\n\nMiejscowość:\u00a0\u00a0 Gliwice\nPowiat:\u00a0\u00a0 Gliwice\nGliwice"
    page, locator = located(body, is_html=False)
    (span,) = locator.labelled("Powiat", "Gliwice")
    assert page.text[: span.start].endswith("Powiat:\u00a0\u00a0 ")
    (span,) = locator.labelled("Miejscowość", "Gliwice")
    assert page.text[: span.start].endswith("Miejscowość:\u00a0\u00a0 ")


def test_texts_in_order() -> None:
    slides = ("Plan", "Po co?", "", "Plan", "•", "Koniec i ukłon dla wszystkich")
    body = "Plan\n\n0 Plan\n\n1 Po co?\n\n2\n\n3 Plan\n\n4 \uf0a7\n\n5 Koniec i ukłon dla wszystkich\n\nPlan"
    page, locator = located(body, is_html=False)
    numbers = []
    for place, text in enumerate(slides):
        (number,) = locator.number_before(str(place), slides, place)
        numbers.append(number.start)
        assert page.text[number.start : number.end] == str(place)
        assert page.text[number.start - 1] == "\n"
        spans = locator.in_sequence(slides, place)
        assert len(spans) == bool(text)
        if text:
            assert page.text[: spans[0].start].endswith(f"\n{place} ")
    assert numbers == sorted(numbers)


def test_addresses_of_links() -> None:
    page = Page(
        capture("https://www.example.org/a/b.html", "text/html"),
        b'<a href="pliki/x.pdf?a=1&amp;b=2">Plik</a> <a href=/y.pdf>Y</a>',
    )
    locator = Locator(page)
    assert stretches(page, locator.address("https://www.example.org/a/pliki/x.pdf?a=1&b=2")) == ["pliki/x.pdf?a=1&amp;b=2"]
    assert stretches(page, locator.address("https://www.example.org/y.pdf")) == ["/y.pdf"]
    assert locator.address("https://www.example.org/z.pdf") == []


TEXT = st.text(alphabet=st.sampled_from("abcżół ĆЖїq12.,-•\u00a0\n\t&<>\"'()\u00ad\ue0ff\U0001f600"), max_size=60)


@settings(deadline=None, max_examples=300)
@given(before=TEXT, text=TEXT, after=TEXT, as_html=st.booleans())
def test_whatever_stands_on_a_page_is_found_on_it(before: str, text: str, after: str, *, as_html: bool) -> None:
    body = "".join(f"<p>{html.escape(part)}</p>" for part in (before, text, after)) if as_html else f"{before}\n{text}\n{after}"
    page, locator = located(body, is_html=as_html)
    spans = locator.anywhere(text)
    if letters_of(text):
        assert spans
        source = page.text[spans[0].start : spans[0].end]
        assert (visible_letters(source) if as_html else plain_letters(source)).text == letters_of(text)


@settings(deadline=None, max_examples=300)
@given(page=st.text(max_size=200), text=st.text(max_size=40))
def test_looking_never_raises(page: str, text: str) -> None:
    body = page.encode("utf-8", "replace")
    for media_type in ("text/html", "text/plain"):
        locator = Locator(Page(capture("https://example.org/", media_type), body))
        for spans in (
            locator.anywhere(text),
            locator.labelled(text[:5], text),
            locator.within(text, page[:50]),
            locator.in_sequence((text, page[:20], ""), 0),
            locator.number_before("1", (text, page[:20]), 1),
            locator.address(text),
        ):
            assert all(0 <= span.start < span.end for span in spans)


@pytest.mark.parametrize(
    "piece", ["<script", "<!--", "<p a='", "&amp", "<", "a b ", '<p a="', "&#1;", "= ", "<title>", "[telefon] a "]
)
def test_the_search_in_hostile_pages_ends(piece: str) -> None:
    page = Page(capture(None, "text/html"), ("<html>" + piece * 60_000).encode())
    with ending():
        locator = Locator(page)
        locator.anywhere("a b " * 2_000 + "koniec")
        locator.labelled("a", "b c")
        locator.in_sequence(tuple(["a b a"] * 200), 100)
