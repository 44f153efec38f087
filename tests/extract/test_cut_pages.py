"""Pages of which the archive holds only a part: half of a page never stands in for the whole one that was archived before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.archive.writer import Truncation, WarcWriter
from pipeline.build.run import build
from pipeline.build.snapshot import read_tables
from pipeline.config import Settings
from pipeline.extract.run import extract, extracted_pages
from pipeline.records import ExtractedPage, PageIssue

URL = "https://www.gmina.example/ogrod"
SENTENCE = "Gmina i mieszkańcy wspólnie założyli ogród przy szkole, a dzieci dbają o niego przez cały rok."
TEXT = f"<p>{SENTENCE}</p><p>{SENTENCE}</p><p>Koniec.</p>"
WHOLE = f"<html><body><article><h1>Ogród</h1>{TEXT}</article></body></html>\r\n".encode()
HALF = WHOLE[: WHOLE.rindex(b"<p>", 0, -60)]
NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def read(data: Path, body: bytes, truncated: Truncation | None, status: str = "200 OK") -> ExtractedPage:
    """How a page is read that was archived a day after the whole of it."""
    headers = [("Content-Type", "text/html; charset=utf-8")]
    with WarcWriter(data / "raw", "gmina") as writer:
        writer.write_response(URL, NOON, "HTTP/1.1 200 OK", headers, WHOLE)
        writer.write_response(URL, NOON + dt.timedelta(days=1), f"HTTP/1.1 {status}", headers, body, truncated=truncated)
    extract(Settings(data_dir=data, engine="serial"), lambda _line: None)
    (path,) = (data / "extracted").rglob("*.jsonl")
    *_, (_, page) = extracted_pages(path)
    return page


@pytest.mark.parametrize("truncated", ["disconnect", "time", "unspecified"])
def test_what_a_broken_line_left_of_a_page_is_not_taken_for_the_page(truncated: Truncation, tmp_path: Path) -> None:
    page = read(tmp_path, HALF, truncated)
    assert (page.verdict, page.reason) == ("quarantined", f"the archive holds only a part of the page ({truncated})")
    build(Settings(data_dir=tmp_path, engine="serial"), lambda _line: None, "a test")
    tables = dict(read_tables(tmp_path / "datasets" / "latest"))
    ((text, captured_at),) = zip(*(tables["articles"][name].to_pylist() for name in ("text", "captured_at")), strict=True)
    assert text.endswith("Koniec.")
    assert captured_at == NOON
    assert page.reason in tables["quality_issues"]["reason"].to_pylist()


def test_a_part_that_a_server_sent_for_the_whole_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE, None, "206 Partial Content").verdict == "quarantined"


def test_a_page_that_has_its_end_is_whole_whatever_length_was_announced(tmp_path: Path) -> None:
    page = read(tmp_path, WHOLE, "disconnect")
    assert page.verdict == "detail"
    assert not any(isinstance(finding, PageIssue) for finding in page.findings)


def test_a_page_beyond_the_limit_of_an_archive_is_read_and_said_to_be_its_beginning(tmp_path: Path) -> None:
    page = read(tmp_path, HALF, "length")
    assert page.verdict == "detail"
    assert [(found.status, found.reason) for found in page.findings if isinstance(found, PageIssue)] == [
        ("missing", "the archive holds only a part of the page (length)")
    ]


def test_a_page_that_is_gone_is_gone_however_much_of_the_notice_came(tmp_path: Path) -> None:
    assert read(tmp_path, HALF, "disconnect", "410 Gone").verdict == "gone"
