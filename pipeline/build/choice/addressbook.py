"""Which archived file stands at an address that a page links to.

The spelling as linked counts first; then every spelling of the same address: http or https, with or without ``www.`` and
default port, percent-encoding, order of parameters, final slash (the SURT key of Wayback machines).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pipeline.archive.surt import surt_key
from pipeline.records import ArchivedFile, ExtractedPage

if TYPE_CHECKING:
    from pipeline.build.choice.notes import PageNote

_SCHEMA = """
CREATE TABLE answer (
  url TEXT NOT NULL, key TEXT NOT NULL, is_file INTEGER NOT NULL, captured_at TEXT NOT NULL, capture_id TEXT NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL, verdict TEXT NOT NULL, redirect TEXT, digest BLOB NOT NULL
);
"""
_MAX_REDIRECTS = 5


class Found(NamedTuple):
    """The newest archived file of an address, with its capture; without one the ``reason``."""

    page: ExtractedPage | None
    file: ArchivedFile | None
    reason: str | None


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """Where the page stands in extracted/ that answers for an address; without one (``file`` -1) the ``reason``."""

    url: str
    file: int = -1
    offset: int = 0
    reason: str | None = None
    digest: bytes = b""

    def found(self, page: ExtractedPage | None) -> Found:
        """What the page that stands there has to offer."""
        if page is None:
            return Found(None, None, self.reason)
        file = file_of(page)
        return Found(page, file, file.text_missing_reason) if file is not None else Found(page, None, _reason(page))


NO_ADDRESS = Found(None, None, "the page names no address for the file")


class AddressBook:
    """Captures by address, in a table of the database given."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(_SCHEMA)

    def note(self, pages: Iterable[PageNote], number: int) -> None:
        """Takes captures of the extracted file of this number."""
        rows = (
            (p.url, p.key, p.is_file, p.time, p.capture_id, number, p.offset, p.verdict, p.redirect, p.digest)
            for p in pages
            if p.url is not None
        )
        self._db.executemany("INSERT INTO answer VALUES (?,?,?,?,?,?,?,?,?,?)", rows)

    def index(self) -> None:
        """Makes the indexes, once all captures are noted."""
        self._db.execute("CREATE INDEX answer_by_key ON answer (key)")

    def answer(self, url: str) -> Answer:
        """The latest good capture of a file's address, or of where that redirects to."""
        address = url
        for _ in range(_MAX_REDIRECTS):
            found = self._newest(address)
            if found is None:
                return Answer(url, reason="the file is not archived")
            number, offset, redirect, digest = found
            if redirect is None:
                return Answer(url, number, offset, None, digest)
            address = redirect
        return Answer(url, reason=f"its address redirects more than {_MAX_REDIRECTS} times")

    def later(self, key: str, since: str) -> Iterator[tuple[str, str]]:
        """Verdict and time of captures of an address (its SURT key) after a time in ISO 8601."""
        query = "SELECT verdict, captured_at FROM answer WHERE key=? AND captured_at>? ORDER BY captured_at, capture_id"
        yield from self._db.execute(query, (key, since))

    def _newest(self, url: str) -> tuple[int, int, str | None, bytes] | None:
        """The capture that counts: a file before any other answer, the spelling as linked before others, then the newest."""
        query = (
            "SELECT file, offset, redirect, digest FROM answer WHERE key=? "
            "ORDER BY is_file DESC, url=? DESC, captured_at DESC, capture_id DESC LIMIT 1"
        )
        found: tuple[int, int, str | None, bytes] | None = self._db.execute(query, (surt_key(url), url)).fetchone()
        return found


def file_of(page: ExtractedPage) -> ArchivedFile | None:
    """The file of a capture; an HTML page under the name of a file is none."""
    if page.verdict != "attachment" or page.file is None or page.file.media_type == "text/html":
        return None
    return page.file


def is_redirect(page: ExtractedPage) -> bool:
    """Whether the answer sends its reader elsewhere."""
    return page.capture.status_code is not None and 300 <= page.capture.status_code < 400


def _reason(page: ExtractedPage) -> str:
    status = page.capture.status_code
    if page.verdict == "gone":
        return f"gone: {status}"
    if page.verdict in ("shell", "quarantined"):
        return f"not to be had: {page.reason}"
    if page.verdict == "not_ours" and is_redirect(page):
        return f"its address redirects ({status}), to where is not archived"
    return "its address answers with a page, not with a file"
