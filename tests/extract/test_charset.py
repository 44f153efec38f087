"""Bytes to text: every lie observed on Polish pages, and whatever bytes there are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.charset import decoded_page

POLISH = "Gmina wdrożyła świetlicę środowiskową; łącznie sześć sołectw, źródło: ankieta – „Żółta ścieżka”."
SHORT = "Żółta gęś"
UKRAINIAN = "Громада відкрила бібліотеку; її відвідали мешканці з-під Києва, ґанок оновлено."


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-2", "windows-1250", "iso-8859-1", "no-such-charset", "utf-16"])
@pytest.mark.parametrize("sent", ["utf-8", "windows-1250"])
def test_polish_is_read_whatever_is_declared(sent: str, declared: str | None) -> None:
    header = f"text/html; charset={declared}" if declared else "text/html"
    decoded = decoded_page(POLISH.encode(sent), header)
    assert (decoded.text, decoded.charset, decoded.replaced) == (POLISH, sent, 0)


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-2", "windows-1250"])
def test_iso_8859_2_is_read_whatever_is_declared(declared: str | None) -> None:
    text = POLISH.translate({ord("–"): "-", ord("„"): '"', ord("”"): '"'})
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    decoded = decoded_page((meta + text).encode("iso-8859-2"))
    assert (decoded.text, decoded.charset) == (meta + text, "iso-8859-2")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2"])
def test_a_few_words_are_enough(charset: str) -> None:
    assert decoded_page(SHORT.encode(charset)).text == SHORT


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-u"])
def test_ukrainian_without_declaration(charset: str) -> None:
    assert decoded_page(UKRAINIAN.encode(charset)).text == UKRAINIAN


def test_one_bad_byte_does_not_change_the_charset() -> None:
    body = POLISH.encode()
    cut = body[:20] + b"\xff" + body[20:]
    decoded = decoded_page(cut, "text/html; charset=utf-8")
    assert decoded.charset == "utf-8"
    assert decoded.replaced == 1
    assert decoded.text.replace("\ufffd", "") == POLISH
    assert "1 bytes unreadable" in decoded.decoder


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_wins(charset: str) -> None:
    decoded = decoded_page(POLISH.encode(charset), "text/html; charset=iso-8859-2")
    assert (decoded.text, decoded.how) == (POLISH, "bom")


def test_the_lie_is_named() -> None:
    assert (
        decoded_page(POLISH.encode("utf-8"), "text/html; charset=iso-8859-2").decoder == "utf-8 (content; declared iso-8859-2)"
    )


@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=x-user-defined", "x;charset="]),
)
@settings(deadline=None)
def test_never_raises(body: bytes, content_type: str | None) -> None:
    assert isinstance(decoded_page(body, content_type).text, str)


@given(st.text(alphabet="aąbcćeęłńoóśźżŻ ĄĘ.,", min_size=1, max_size=300))
@settings(deadline=None)
def test_utf_8_comes_back(text: str) -> None:
    assert decoded_page(text.encode()).text == text
