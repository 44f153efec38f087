"""Markup that the parser does not get through in time is quarantined, whatever it is made of."""

from __future__ import annotations

import pytest

from pipeline.errors import PageTooHeavy
from pipeline.extract import page as page_module
from pipeline.extract.heavy import may_be_endless
from pipeline.extract.page import Page
from pipeline.records import Capture

CAPTURE = Capture(
    capture_id="c",
    source_url="https://gmina.example.org/",
    captured_at=None,
    record_type="response",
    status_code=200,
    media_type="text/html",
    body_digest="sha1:x",
    warc_file="x",
    warc_offset=0,
)


@pytest.mark.parametrize(
    "markup",
    [
        "<p " + " ".join(f"a{number}" for number in range(300_000)) + ">x",
        "<p " + " ".join(f"a{number}='<'" for number in range(300_000)) + ">x",
        "<div><p></b>" * 100_000,
    ],
    ids=["attributes", "tags in attributes", "closed otherwise"],
)
def test_markup_that_takes_the_square_of_its_length_is_refused(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "PARSING_SECONDS", 1)
    page = Page(CAPTURE, b"<html><body>" + markup.encode())
    with pytest.raises(PageTooHeavy, match="1 s of processor time"):
        _ = page.dom


def test_a_large_page_of_common_markup_is_read() -> None:
    row = "<tr><td class='a'><a href='/x'>Gmina Jarocin</a></td></tr>"
    markup = f"<html><body><table>{row * 10_000}</table></body></html>"
    assert may_be_endless(markup)
    assert len(Page(CAPTURE, markup.encode()).dom.css("a")) == 10_000


def test_common_pages_are_not_tried() -> None:
    assert not may_be_endless("<p>Zażółć gęślą jaźń</p>" * 4_000 + "x" * 90_000)
