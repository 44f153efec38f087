"""A page's letters are in one form (NFC), whichever way it was found that they are in it already."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.page import Page
from pipeline.records import Capture


def page(body: bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    capture = Capture(
        capture_id="c:1",
        source_url="http://example.org/",
        captured_at=None,
        record_type="response",
        status_code=200,
        media_type="text/html",
        body_digest="",
        warc_file="",
        warc_offset=0,
    )
    return Page(capture, body, {"content-type": content_type})


@pytest.mark.parametrize("first", ["e", "Й", "ą"])
def test_every_character_after_a_letter(first: str) -> None:
    for start in range(0, 0x30000, 0x800):
        if start == 0xD800:
            continue  # halves of surrogate pairs: no characters
        text = "<p>" + "".join(f"{first}{chr(code)}" for code in range(max(start, 0x80), start + 0x800))
        assert page(text.encode()).text == unicodedata.normalize("NFC", text), hex(start)


@given(st.text(st.sampled_from("aeżЙий\u0301\u0306\u0328\u0483„–\u2000Å<\ufeff"), max_size=30))
def test_any_text(text: str) -> None:
    read = page(f"<p>{text}".encode())
    assert read.text == unicodedata.normalize("NFC", f"<p>{text}")
    node = read.first("p")
    assert node is not None


def test_a_zero_is_no_letter_whatever_the_charset() -> None:
    assert page(b"<p>a\x00b").text == "<p>a\ufffdb"
    assert page("<p>ą\x00b".encode("iso-8859-2"), "text/html; charset=iso-8859-2").text == "<p>ą\ufffdb"
    assert page("<p>ą\x00b".encode("utf-16"), "text/html").text == "<p>ą\ufffdb"
