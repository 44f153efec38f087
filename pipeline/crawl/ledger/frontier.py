"""The frontier and ledger of the crawler: ``raw/frontier.sqlite``. What is known of every address, host and run.

WAL with ``synchronous=NORMAL``: a killed process loses nothing that was committed, a power loss may lose the last commits
but never their order. What was archived and not committed is found again in the archive (`pipeline.crawl.recording.reconcile`).
Every write happens inside `transaction`. Times are seconds since 1970 in UTC.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pipeline.archive.files import shown
from pipeline.crawl.ledger.asciijson import ascii_json
from pipeline.crawl.ledger.tables import ROBOTS_PAYLOADS, STATES, TABLES, VERSION, Pace, Row, State
from pipeline.crawl.ledger.tallies import Tallies
from pipeline.crawl.ledger.upcoming import Upcoming
from pipeline.errors import ArchiveError
from pipeline.faults import reached

FRONTIER_NAME: Final = "frontier.sqlite"
PRIORITIES: Final = {"sitemap": 0, "listing": 1, "detail": 2, "attachment": 3}
EVENTS_KEPT: Final = 20
_REASON_KEPT: Final = 2000  # characters; servers and robots.txt files have a say in reasons
_LOG_PAGES: Final = 4_000
"""Pages of 4 KB that the log of writes may hold before they go into the database: a page changed by many commits goes once.
A power loss loses the last of them at most, which the archive gives back."""
_LIST: Final = "(SELECT value FROM json_each(?))"
_COLUMNS: Final = ", ".join(Row._fields)


class Frontier:
    """The database. Raises ArchiveError when it cannot be written; a damaged one is set aside and made anew."""

    def __init__(self, raw_dir: Path, *, to_read: bool = False, is_shared: bool = False) -> None:
        """Opens or makes the frontier of ``raw_dir``; `set_aside` names a damaged one that was put out of the way.

        ``to_read``: opens what is there, which a crawl may be writing, and changes nothing. ``is_shared``: other processes of
        the run have it open, so that a damaged one is left where it is.
        """
        self.path = raw_dir / FRONTIER_NAME
        self.set_aside: Path | None = None
        self._tallies = Tallies(self.rows)
        self._upcoming = Upcoming(self.addresses)
        try:
            self._database = self._opened_to_read() if to_read else self._opened()
        except sqlite3.OperationalError as error:  # the disk, the rights, another process: not the file's contents
            raise self._failure(error) from error
        except sqlite3.DatabaseError as error:
            if to_read or is_shared:
                raise self._failure(error) from error
            self.set_aside = self._moved_aside()
            try:
                self._database = self._opened()
            except sqlite3.Error as second:
                raise self._failure(second) from second
        self._writing = self._database.cursor()  # one for all statements that give no rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._database.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen, or none; paces and counts noted before are written with them."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._tallies.write(self.execute)
                reached("frontier.commit")
                self._database.execute("COMMIT")
                self._tallies.written()
            except BaseException:
                with contextlib.suppress(sqlite3.Error):  # a full disk has rolled it back already
                    self._database.execute("ROLLBACK")
                raise
            reached("frontier.committed")
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def rows(self, statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a SELECT, one by one."""
        try:
            yield from self._database.execute(statement, values)
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def execute(self, statement: str, *values: Any) -> int:
        """Rows touched by a statement that writes. Inside `transaction` only."""
        return self._writing.execute(statement, values).rowcount

    def addresses(self, where: str, *values: Any) -> Iterator[Row]:
        """Addresses by a condition."""
        return (Row._make(row) for row in self.rows(f"SELECT {_COLUMNS} FROM addresses WHERE {where}", *values))  # noqa: S608 - a condition of this code

    def address(self, source: str, key: str) -> Row | None:
        """One address by its key."""
        return next(self.addresses("source = ? AND key = ?", source, key), None)

    def address_at(self, number: int) -> Row:
        """One address by its number."""
        return next(self.addresses("id = ?", number))

    def next_address(self, host: str, sources: Sequence[str], now: float) -> Row | None:
        """The next address of a host that may be asked for now: sitemaps, listings, records, files; near seeds first.

        For one caller a host, which settles what it got before it asks again.
        """
        return self._upcoming.next_address(host, sources, now)

    def next_due(self, host: str, sources: Sequence[str]) -> float | None:
        """When the earliest pending address of a host is due; None when none is pending."""
        statement = f"SELECT min(due) FROM addresses WHERE host = ? AND state = 'pending' AND source IN {_LIST}"  # noqa: S608 - our words
        due: float | None = next(self.rows(statement, host, json.dumps(sources)))[0]
        return due

    def pending_hosts(self, sources: Sequence[str]) -> Iterator[str]:
        """Hosts with pending addresses of the sources, sorted; each is looked for when it is asked for."""
        statement = (
            f"SELECT host FROM addresses WHERE state = 'pending' AND host > ? AND source IN {_LIST}"  # noqa: S608 - our words
            " ORDER BY host LIMIT 1"
        )
        host, names = "", json.dumps(sources)
        while row := next(self.rows(statement, host, names), None):
            host = row[0]
            yield host

    def defer(self, run: str, reason: str, due: float, condition: str, *values: Any) -> int:
        """Puts off the pending addresses that meet ``condition``; how many."""
        statement = f"UPDATE addresses SET state = 'deferred', reason = coalesce(reason, ?), due = max(due, ?), run = ? WHERE state = 'pending' AND {condition}"  # noqa: S608, E501 - our own words
        self._upcoming.changed()
        return self.execute(statement, reason[:_REASON_KEPT], due, run, *values)

    def add(
        self,
        *,
        source: str,
        key: str,
        url: str,
        host: str,
        kind: str,
        depth: int,
        origin: str,
        found_on: str | None,
        run: str,
        state: State = "pending",
        reason: str | None = None,
        hops: int = 0,
    ) -> bool:
        """Notes an address unless it is known; whether it was new. One that was out of scope is taken in when it now is."""
        if state == "pending":
            self._upcoming.changed(host)
        row = (source, key, url, host, kind, PRIORITIES.get(kind, 9), depth, hops, origin, found_on, run, state, reason, run)
        added = self.execute(
            "INSERT OR IGNORE INTO addresses (source, key, url, host, kind, priority, depth, hops, origin, found_on, found_run,"
            " state, reason, run, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            *row,
        )
        if not added and state == "pending":
            return bool(
                self.execute(
                    "UPDATE addresses SET state = 'pending', url = ?, host = ?, kind = ?, priority = ?, depth = ?, hops = ?,"
                    " origin = ?, found_on = ?, reason = NULL, due = 0 WHERE source = ? AND key = ? AND state = 'out_of_scope'",
                    *(url, host, kind, PRIORITIES.get(kind, 9), depth, hops, origin, found_on, source, key),
                )
            )
        return bool(added)

    def update(self, number: int, **values: Any) -> None:
        """Sets columns of one address. Of a reason the first _REASON_KEPT characters are kept."""
        if values.get("reason"):
            values["reason"] = values["reason"][:_REASON_KEPT]
        if values.get("state", "pending") == "pending":
            self._upcoming.changed()
        names = ", ".join([f"{name} = NULL" if value is None else f"{name} = ?" for name, value in values.items()])
        known = [value for value in values.values() if value is not None]  # sqlite3 takes long to bind a None
        self.execute(f"UPDATE addresses SET {names} WHERE id = ?", *known, number)  # noqa: S608 - our column names

    def event(
        self, number: int, run: str, at: float, what: str, evidence: Mapping[str, Any], *, is_first: bool = False
    ) -> None:
        """Notes what happened to an address; the last EVENTS_KEPT stay. ``is_first``: there is none to be dropped yet."""
        text = ascii_json({name: value for name, value in evidence.items() if value is not None})
        self.execute(
            "INSERT INTO events (address, run, at, what, evidence) VALUES (?, ?, ?, ?, ?)", number, run, at, what, text
        )
        if is_first:
            return
        self.execute(
            "DELETE FROM events WHERE address = ? AND id <= "
            "(SELECT id FROM events WHERE address = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
            *(number, number, EVENTS_KEPT),
        )

    def events(self, number: int) -> list[tuple[str, float, str, dict[str, Any]]]:
        """What happened to an address, oldest first: run, time, what, evidence."""
        found = self.rows("SELECT run, at, what, evidence FROM events WHERE address = ? ORDER BY id", number)
        return [(run, at, what, json.loads(text)) for run, at, what, text in found]

    def pace(self, host: str) -> Pace:
        """What is known of a host's pace."""
        return self._tallies.pace(host)

    def set_pace(self, host: str, pace: Pace) -> None:
        """Notes a host's pace; it is written with the next transaction."""
        self._tallies.set_pace(host, pace)

    def write_paces(self) -> None:
        """Writes what `set_pace` and `note_request` noted, where the next transaction would come too late."""
        with self.transaction():
            pass

    def robots_row(self, origin: str) -> dict[str, Any] | None:
        """The stored robots.txt of an origin as `RobotsRules.to_row` gave it."""
        row = next(self.rows("SELECT row, body FROM robots WHERE origin = ?", origin), None)
        return {**json.loads(row[0]), "body": row[1]} if row else None

    def set_robots_row(self, origin: str, row: Mapping[str, Any]) -> None:
        """Stores the robots.txt of an origin."""
        plain = {name: value for name, value in row.items() if name != "body"}
        self.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", origin, json.dumps(plain), row["body"])

    def note_request(self, run: str, source: str, number_of_bytes: int = 0, requests: int = 1) -> None:
        """Counts a request of a source against its budget; it is written with the next transaction."""
        self._tallies.count(run, source, number_of_bytes, requests)

    def requests(self, run: str, source: str) -> int:
        """Requests of a source in a run."""
        return self._tallies.counts(run, source)[0]

    def state_counts(self, run: str, source: str) -> dict[State, int]:
        """Addresses of a source by what became of them in this run; one settled earlier and not due counts as deferred."""
        found: dict[State, int] = dict.fromkeys(STATES, 0)
        rows = self.rows(
            "SELECT CASE WHEN run = ? OR state IN ('pending', 'out_of_scope') THEN state ELSE 'deferred' END AS now,"
            " count(*) FROM addresses WHERE source = ? GROUP BY now",
            *(run, source),
        )
        return found | dict(rows)

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, isolation_level=None, timeout=30.0)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version != VERSION:
                if database.execute("SELECT 1 FROM sqlite_master").fetchone():
                    raise sqlite3.DatabaseError(f"a frontier of version {version}")
                reached("frontier.create")
                database.executescript(f"BEGIN IMMEDIATE; {TABLES} COMMIT;")
            database.execute(ROBOTS_PAYLOADS)  # frontiers made before have an index of all payloads in its place
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _opened_to_read(self) -> sqlite3.Connection:
        database = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30.0)
        try:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version != VERSION:
                raise sqlite3.DatabaseError(f"a frontier of version {version}")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _moved_aside(self) -> Path:
        target = self.path.with_name(self.path.name + ".damaged")
        try:
            for suffix in ("", "-wal", "-shm"):
                part = self.path.with_name(self.path.name + suffix)
                if part.exists():
                    part.replace(target.with_name(target.name + suffix))
        except OSError as error:
            raise self._failure(error) from error
        return target

    def _failure(self, error: Exception) -> ArchiveError:
        return ArchiveError(f"{shown(self.path)}: {error}; free some space or mend the rights, then run again")
