"""Hosts that workers die of are asked by a worker of their own: the address it dies of is given up, the host is not."""

from __future__ import annotations

from collections import Counter
from typing import Final

from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.recording.settlement import DAY

MOST_LONELY_DEATHS: Final = 3
"""A host that so many workers of its own have died of in a run is left to a later one."""
REASON: Final = "worker processes died while it was asked, the last of them with nothing else under way"


class LonelyHosts:
    """What is known of them in a run."""

    def __init__(self, frontier: Frontier, run: str) -> None:
        self._frontier = frontier
        self._run = run
        self._asked: dict[str, int] = {}
        self._deaths: Counter[str] = Counter()

    def asks(self, host: str, number: int) -> None:
        """A worker that has nothing but this host to ask begins with the address of that number."""
        self._asked[host] = number

    def died(self, host: str, now: float) -> Row | None:
        """Such a worker died at ``now``; what it had archived is entered. The address given up for a day, None for none."""
        self._deaths[host] += 1
        number = self._asked.pop(host, None)
        row = self._frontier.address_at(number) if number is not None else None
        if row is None or row.state != "pending":
            return None
        with self._frontier.transaction():
            self._frontier.update(row.id, state="failed", reason=REASON, run=self._run, due=now + DAY, attempts=0)
            self._frontier.event(row.id, self._run, now, "failed", {"url": row.url, "reason": REASON})
        return row

    def may_be_asked(self, host: str) -> bool:
        """Whether a host may have a further worker of its own."""
        return self._deaths[host] < MOST_LONELY_DEATHS
