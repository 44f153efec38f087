"""Which archived file stands at an address that a page links to.

The spelling as linked counts first; then every spelling of the same address: http or https, with or without ``www.`` and
default port, percent-encoding, order of parameters, final slash (the SURT key of Wayback machines).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.archive.surt import surt_key
from pipeline.records import ArchivedFile, ExtractedPage

_SCHEMA = """
CREATE TABLE answer (
  url TEXT NOT NULL, key TEXT NOT NULL, is_file INTEGER NOT NULL, captured_at TEXT NOT NULL, capture_id TEXT NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL
);
"""
_MAX_REDIRECTS = 5


class Found(NamedTuple):
    """The newest archived file of an address, with its capture; without one the ``reason``."""

    page: ExtractedPage | None
    file: ArchivedFile | None
    reason: str | None


class AddressBook:
    """Captures by address, in a table of the database given. ``load`` fetches the page at a place of extracted/."""

    def __init__(self, db: sqlite3.Connection, load: Callable[[int, int], ExtractedPage]) -> None:
        self._db = db
        self._load = load
        db.executescript(_SCHEMA)

    def note(self, page: ExtractedPage, number: int, offset: int) -> None:
        """Takes the capture at ``offset`` of the extracted file of this number."""
        url = page.capture.source_url
        if url is None:
            return
        time = page.capture.captured_at.isoformat() if page.capture.captured_at is not None else ""
        row = (url, surt_key(url), _file_of(page) is not None, time, page.capture.capture_id, number, offset)
        self._db.execute("INSERT INTO answer VALUES (?,?,?,?,?,?,?)", row)

    def index(self) -> None:
        """Makes the indexes, once all captures are noted."""
        self._db.execute("CREATE INDEX answer_by_key ON answer (key)")

    def file_at(self, url: str | None) -> Found:
        """The file archived for a link: the latest good capture of its address, or of where that redirects to."""
        if url is None:
            return Found(None, None, "the page names no address for the file")
        for _ in range(_MAX_REDIRECTS):
            page = self._newest(url)
            if page is None:
                return Found(None, None, "the file is not archived")
            file = _file_of(page)
            if file is not None:
                return Found(page, file, file.text_missing_reason)
            redirect = page.final_url if page.verdict == "not_ours" and _is_redirect(page) else None
            if redirect is None:
                return Found(page, None, _reason(page))
            url = redirect
        return Found(None, None, f"its address redirects more than {_MAX_REDIRECTS} times")

    def later(self, key: str, since: str) -> Iterator[ExtractedPage]:
        """Captures of an address (its SURT key) after a time in ISO 8601."""
        query = "SELECT file, offset FROM answer WHERE key=? AND captured_at>? ORDER BY captured_at, capture_id"
        for place in self._db.execute(query, (key, since)).fetchall():
            yield self._load(*place)

    def _newest(self, url: str) -> ExtractedPage | None:
        """The capture that counts: a file before any other answer, the spelling as linked before others, then the newest."""
        query = (
            "SELECT file, offset FROM answer WHERE key=? ORDER BY is_file DESC, url=? DESC, captured_at DESC, capture_id DESC"
        )
        place = self._db.execute(f"{query} LIMIT 1", (surt_key(url), url)).fetchone()
        return self._load(*place) if place is not None else None


def _file_of(page: ExtractedPage) -> ArchivedFile | None:
    """The file of a capture; an HTML page under the name of a file is none."""
    if page.verdict != "attachment" or page.file is None or page.file.media_type == "text/html":
        return None
    return page.file


def _is_redirect(page: ExtractedPage) -> bool:
    return page.capture.status_code is not None and 300 <= page.capture.status_code < 400


def _reason(page: ExtractedPage) -> str:
    status = page.capture.status_code
    if page.verdict == "gone":
        return f"gone: {status}"
    if page.verdict in ("shell", "quarantined"):
        return f"not to be had: {page.reason}"
    if page.verdict == "not_ours" and _is_redirect(page):
        return f"its address redirects ({status}), to where is not archived"
    return "its address answers with a page, not with a file"
