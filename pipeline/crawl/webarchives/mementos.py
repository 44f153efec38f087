"""What a web archive lists, and what became of each capture: two tables beside those of the frontier, in its database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.webarchives.cdx import CdxLine
from pipeline.crawl.webarchives.cdx_client import Query

TAKEN: Final = "taken"
_BATCH: Final = 200
_TABLES: Final = (
    (
        "CREATE TABLE IF NOT EXISTS archive_lists (source TEXT NOT NULL, server TEXT NOT NULL, url TEXT NOT NULL,"
        " match TEXT NOT NULL, resume_key TEXT, is_done INTEGER NOT NULL, at REAL NOT NULL,"
        " PRIMARY KEY (source, server, url, match)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE IF NOT EXISTS mementos (source TEXT NOT NULL, server TEXT NOT NULL, key TEXT NOT NULL,"
        " timestamp TEXT NOT NULL, url TEXT NOT NULL, status INTEGER, mime TEXT, digest TEXT, outcome TEXT,"
        " PRIMARY KEY (source, server, key, timestamp, url)) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS mementos_taken ON mementos (source, key) WHERE outcome = 'taken'",
    "CREATE INDEX IF NOT EXISTS payloads_by_url ON payloads (source, url)",
)
_IS_HELD: Final = (
    "(addresses.status = 200 AND addresses.capture_record IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM payloads WHERE payloads.source = addresses.source AND payloads.url = addresses.url)"
    " OR EXISTS (SELECT 1 FROM mementos WHERE mementos.source = addresses.source AND mementos.key = addresses.key"
    " AND outcome = 'taken')"
)
_HAS_CAPTURES: Final = (
    "EXISTS (SELECT 1 FROM mementos WHERE mementos.source = addresses.source AND mementos.key = addresses.key"
    " AND server = ? AND outcome IS NULL)"
)


def prepared(frontier: Frontier) -> None:
    """Makes the tables of lists and captures unless they are there. Inside a transaction."""
    for statement in _TABLES:
        frontier.execute(statement)


class ListState(NamedTuple):
    """How far a list of captures has come, at ``at``: whole, or to be continued at ``resume_key``."""

    resume_key: str | None
    is_done: bool
    at: float


class Listed(NamedTuple):
    """A capture that a list names, under the key of its address."""

    key: str
    line: CdxLine


class Mementos:
    """The captures of one archive. Every method that writes is called inside a transaction."""

    def __init__(self, frontier: Frontier, server: str) -> None:
        """``server`` is the archive's address."""
        self._frontier = frontier
        self._server = server

    def list_state(self, source: str, query: Query) -> ListState | None:
        """What is known of a list; None when it was never asked for."""
        statement = (
            "SELECT resume_key, is_done, at FROM archive_lists WHERE source = ? AND server = ? AND url = ? AND match = ?"
        )
        row = next(self._frontier.rows(statement, source, self._server, *query), None)
        return ListState(row[0], bool(row[1]), row[2]) if row is not None else None

    def note_list(self, source: str, query: Query, listed: Iterable[Listed], state: ListState) -> None:
        """Keeps captures of a list, and how far it has come."""
        for key, line in listed:
            self._frontier.execute(
                "INSERT OR IGNORE INTO mementos VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                *(source, self._server, key, line.timestamp, line.url, line.status, line.mime, line.digest),
            )
        self._frontier.execute(
            "INSERT OR REPLACE INTO archive_lists VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(source, self._server, *query, state.resume_key, state.is_done, state.at),
        )

    def untried(self, source: str) -> Iterator[list[tuple[str, str]]]:
        """Keys of addresses with captures that were not tried yet, and an address of each, some at a time."""
        statement = (
            "SELECT key, max(url) FROM mementos WHERE source = ? AND server = ? AND key > ? AND outcome IS NULL"
            " GROUP BY key ORDER BY key LIMIT 1000"
        )
        last = ""
        while found := [(key, url) for key, url in self._frontier.rows(statement, source, self._server, last)]:
            last = found[-1][0]
            yield found

    def queue_unheld(self, source: str) -> None:
        """Puts the known addresses into the queue of which the archive has an untried capture and we have none."""
        self._frontier.execute(
            "UPDATE addresses SET state = 'pending', attempts = 0, reason = NULL, due = 0"  # noqa: S608 - our own words
            f" WHERE source = ? AND state NOT IN ('pending', 'out_of_scope') AND {_HAS_CAPTURES} AND NOT ({_IS_HELD})",
            *(source, self._server),
        )

    def next_addresses(self, source: str) -> list[Row]:
        """The next addresses to take, some at a time; each leaves the queue when it is taken or cannot be."""
        condition = f"source = ? AND state = 'pending' AND {_HAS_CAPTURES} AND NOT ({_IS_HELD}) ORDER BY priority, id LIMIT ?"
        return list(self._frontier.addresses(condition, source, self._server, _BATCH))

    def lines(self, row: Row) -> list[CdxLine]:
        """The untried captures of an address."""
        statement = (
            "SELECT url, timestamp, mime, status, digest FROM mementos"
            " WHERE source = ? AND server = ? AND key = ? AND outcome IS NULL"
        )
        return [CdxLine(*found) for found in self._frontier.rows(statement, row.source, self._server, row.key)]

    def note_outcome(self, row: Row, line: CdxLine, outcome: str) -> None:
        """Notes what became of a capture of an address: TAKEN, or why it was not."""
        self._frontier.execute(
            "UPDATE mementos SET outcome = ? WHERE source = ? AND server = ? AND key = ? AND timestamp = ? AND url = ?",
            *(outcome[:500], row.source, self._server, row.key, line.timestamp, line.url),
        )
