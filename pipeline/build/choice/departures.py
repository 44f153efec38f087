"""Which pages are gone: an address that answered 404 or 410 after its last good capture, and has shown nothing since.

A page that comes back is not gone, be it as a new capture or as a revisit of an old one. Nothing is told of pages without
address or time of capture: what came first is not known then.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.archive.surt import surt_key
from pipeline.build.choice.addressbook import AddressBook
from pipeline.build.tables.rows import Departure
from pipeline.records import ExtractedRevisit

if TYPE_CHECKING:
    from pipeline.build.choice.notes import PageNote

_SCHEMA = """
CREATE TABLE gone (key TEXT NOT NULL, at TEXT NOT NULL, capture_id TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE empty_answer (digest TEXT NOT NULL);
CREATE TABLE revisit (key TEXT NOT NULL, at TEXT NOT NULL, digest TEXT NOT NULL, status INTEGER);
"""
_GONE = (404, 410)
EVER_GONE = """
(EXISTS (SELECT 1 FROM gone WHERE gone.key=latest.key)
 OR EXISTS (SELECT 1 FROM revisit WHERE revisit.key=latest.key AND status IN (404, 410)))
"""
"""Whether the address of a row of `latest` was ever seen gone: of the others nothing need be asked."""
_GOOD = ("detail", "index")
_EMPTY = ("shell", "not_ours", "quarantined")


class Departures:
    """The gone answers of the archive, in tables of the database given. ``addresses`` knows all captures by address."""

    def __init__(self, db: sqlite3.Connection, addresses: AddressBook) -> None:
        self._db = db
        self._addresses = addresses
        db.executescript(_SCHEMA)

    def note(self, pages: Sequence[PageNote]) -> None:
        """Takes captures."""
        empty = ((page.body_digest,) for page in pages if page.verdict in _EMPTY)
        self._db.executemany("INSERT INTO empty_answer VALUES (?)", empty)
        gone = ((p.key, p.time, p.capture_id, p.body_digest) for p in pages if p.verdict == "gone" and p.key and p.time)
        self._db.executemany("INSERT INTO gone VALUES (?,?,?,?)", gone)

    def note_revisits(self, revisits: Iterable[ExtractedRevisit]) -> None:
        """Takes revisits."""
        rows = ((surt_key(r.source_url), _text(r.at), r.body_digest, r.status_code) for r in revisits)
        self._db.executemany("INSERT INTO revisit VALUES (?,?,?,?)", rows)

    def index(self) -> None:
        """Makes the indexes, once everything is noted."""
        for table, column in (("gone", "key"), ("gone", "digest"), ("empty_answer", "digest"), ("revisit", "key")):
            self._db.execute(f"CREATE INDEX {table}_by_{column} ON {table} ({column})")

    def of(self, key: str, since: str, last_seen: Callable[[], str]) -> Departure | None:
        """Whether a page, the last good capture of a record, is gone since.

        ``key`` is the SURT key of its address, ``since`` its time; both may be empty, not known. ``last_seen`` says when the
        record was last seen on any page, in ISO 8601. Of pages that are not EVER_GONE it need not be asked.
        """
        if not key or not since:
            return None
        gone: list[tuple[str, str]] = self._db.execute(
            "SELECT at, capture_id FROM gone WHERE key=? AND at>?", (key, since)
        ).fetchall()
        good = [since, last_seen()]
        good += [time for verdict, time in self._addresses.later(key, since) if verdict in _GOOD]
        query = "SELECT at, digest, status FROM revisit WHERE key=? AND at>?"
        for again, digest, status in self._db.execute(query, (key, since)).fetchall():
            answer = self._answer_of(key, digest)
            if answer is not None or status in _GONE:
                gone.append((again, answer or ""))
            elif (status is None or status == 304 or 200 <= status < 300) and not self._is_empty(digest):
                good.append(again)
        at, capture_id = min(((at, capture_id) for at, capture_id in gone if at > max(good)), default=("", ""))
        return Departure(dt.datetime.fromisoformat(at).date(), capture_id or None) if at else None

    def _answer_of(self, key: str, digest: str) -> str | None:
        """The capture of a gone answer with this payload, one of the same address before others."""
        query = "SELECT capture_id FROM gone WHERE digest=? ORDER BY key=? DESC, at, capture_id LIMIT 1"
        found = self._db.execute(query, (digest, key)).fetchone()
        return str(found[0]) if found is not None else None

    def _is_empty(self, digest: str) -> bool:
        return self._db.execute("SELECT 1 FROM empty_answer WHERE digest=? LIMIT 1", (digest,)).fetchone() is not None


def _text(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat()
