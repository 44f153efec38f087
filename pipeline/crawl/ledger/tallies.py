"""What changes with every request: the paces of hosts and the counts of sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from pipeline.crawl.ledger.tables import Pace

_KEPT: Final = 2_000  # paces and counts kept in memory; what is not is read again
_PACE: Final = (  # a row that is replaced is one more, with a new entry in the index
    "INSERT INTO hosts VALUES (?, ?, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET last_request = excluded.last_request,"
    " not_before = excluded.not_before, reason = excluded.reason, failures = excluded.failures"
)
_ADD: Final = (
    "INSERT INTO counts VALUES (?, ?, ?, ?)"
    " ON CONFLICT (run, source) DO UPDATE SET requests = requests + excluded.requests, bytes = bytes + excluded.bytes"
)


class Tallies:
    """Kept in memory, and written with the next transaction whatever it is about: a page needs none of its own for them.

    A host is asked by one process alone, so its pace is replaced. Several processes may ask for one source: counts are added.
    """

    def __init__(self, rows: Callable[..., Iterator[tuple[Any, ...]]]) -> None:
        """``rows`` reads from the database."""
        self._rows = rows
        self._paces: dict[str, Pace] = {}
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}
        self._changed_paces: set[str] = set()
        self._added: dict[tuple[str, str], tuple[int, int]] = {}  # not written yet

    def pace(self, host: str) -> Pace:
        """What is known of a host's pace."""
        found = self._paces.get(host)
        if found is None:
            row = next(self._rows("SELECT last_request, not_before, reason, failures FROM hosts WHERE host = ?", host), None)
            found = self._paces[host] = Pace(*row) if row else Pace()
        return found

    def set_pace(self, host: str, pace: Pace) -> None:
        """Notes a host's pace."""
        self._paces[host] = pace
        self._changed_paces.add(host)

    def counts(self, run: str, source: str) -> tuple[int, int]:
        """Requests of a source in a run, and the bytes that came, as far as this process knows."""
        found = self._counts.get((run, source))
        if found is None:
            row = next(self._rows("SELECT requests, bytes FROM counts WHERE run = ? AND source = ?", run, source), (0, 0))
            found = self._counts[run, source] = (row[0], row[1])
        return found

    def count(self, run: str, source: str, number_of_bytes: int, requests: int) -> None:
        """Adds to the counts of a source."""
        before, added = self.counts(run, source), self._added.get((run, source), (0, 0))
        self._counts[run, source] = (before[0] + requests, before[1] + number_of_bytes)
        self._added[run, source] = (added[0] + requests, added[1] + number_of_bytes)

    def write(self, execute: Callable[..., int]) -> None:
        """Writes what has changed. Inside a transaction; `written` is called once it is committed."""
        for host in sorted(self._changed_paces):
            execute(_PACE, host, *self._paces[host])
        for key in sorted(self._added):
            execute(_ADD, *key, *self._added[key])

    def written(self) -> None:
        """What `write` wrote is in the database for good."""
        self._changed_paces.clear()
        self._added.clear()
        for kept in (self._paces, self._counts):
            if len(kept) > _KEPT:
                kept.clear()
