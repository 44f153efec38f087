"""Addresses of links: the short way for plain paths gives what urljoin gives."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.page import Page
from pipeline.records import Capture

BASES = ["http://gmina.example.org:8080/a/b.html?c=d", "https://Gmina.Example.org", "http://gmina.example.org/a/../b/", ""]
BASES += [
    "http://gmina.example.org/a//b/c",
    "http://gmina.example.org/\u0105/b?c=/d/e",
    "HTTP://gmina.example.org/a/b",
    "ftp://a/b",
]
HREFS = st.text("/ab.?=&;#%~:- \t\u0105", max_size=12) | st.sampled_from(("/a/b.html", "//x/y", "/a?", "/.", "/a/.."))
HREFS = HREFS | st.builds("{}{}".format, st.sampled_from(("http://x", "https://X.org/", "HTTP://x/", "ftp://x/")), HREFS)


def made_page(body: bytes, url: str | None) -> Page:
    capture = Capture(
        capture_id="c:0",
        source_url=url,
        captured_at=None,
        record_type="response",
        status_code=200,
        media_type="text/html",
        body_digest="",
        warc_file="x.warc.gz",
        warc_offset=0,
    )
    return Page(capture, body, {"content-type": "text/html; charset=utf-8"})


@pytest.mark.parametrize("base", BASES)
@given(href=HREFS)
def test_an_address_is_what_urljoin_makes_of_it(base: str, href: str) -> None:
    page = made_page(b"<p>x", url=base or None)
    try:
        joined = urljoin(base, href)
    except ValueError:
        joined = href
    assert page.absolute(href) == joined


def test_addresses_stand_once_and_without_fragments() -> None:
    page = made_page(
        b'<a href="/a#x">1</a><a href="#y">2</a><a href="/a">3</a><a href=" b ">4</a>', url="http://gmina.example.org/c/"
    )
    assert page.addresses == ["http://gmina.example.org/a", "http://gmina.example.org/c/b"]
