"""An archive of very many tiny pages, and the ledger of the crawl that fetched them: what everyday commands must not read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.archive.writer import WarcWriter
from pipeline.crawl.ledger.frontier import Frontier

SOURCE = "tiny"
_HEADERS = [("Content-Type", "text/html; charset=utf-8")]
_FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_RUN = "20260101T000000Z"
_DUE_AGAIN_SECONDS = 30 * 86_400.0
_STEP = 10_000  # addresses a transaction


def write_tiny_archive(raw_dir: Path, captures: int) -> None:
    """``captures`` pages of some 60 bytes in raw/, each an address that the crawler's frontier knows as fetched."""
    raw_dir.mkdir(parents=True, exist_ok=True)
    with WarcWriter(raw_dir, SOURCE) as writer, Frontier(raw_dir) as frontier:
        with frontier.transaction():
            frontier.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?)", _RUN, _seconds(0), _seconds(captures), "finished", "[]")
        for first in range(0, captures, _STEP):
            with frontier.transaction():
                for number in range(first, min(first + _STEP, captures)):
                    _fetched(writer, frontier, number)


def _fetched(writer: WarcWriter, frontier: Frontier, number: int) -> None:
    host = f"host-{number % 500}.example.org"
    url = f"http://{host}/praktyka/{number}"
    at = _FIRST + dt.timedelta(seconds=number)
    body = f"<!DOCTYPE html><title>{number}</title><p>Praktyka {number}".encode()
    written = writer.write_response(url, at, "HTTP/1.1 200 OK", _HEADERS, body)
    frontier.add(
        source=SOURCE, key=url, url=url, host=host, kind="detail", depth=1, origin="link", found_on=f"http://{host}/", run=_RUN
    )
    row = number + 1  # addresses are numbered as they come
    frontier.update(
        row,
        state="fetched",
        run=_RUN,
        status=200,
        due=_seconds(number) + _DUE_AGAIN_SECONDS,
        digest=written.payload_digest,
        capture_url=url,
        capture_date=at.isoformat(),
        capture_record=written.record_id,
    )
    frontier.event(
        row, _RUN, _seconds(number), "fetched", {"status": 200, "warc_file": written.warc_file, "offset": written.offset}
    )


def _seconds(number: int) -> float:
    return (_FIRST + dt.timedelta(seconds=number)).timestamp()
