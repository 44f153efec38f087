"""The next addresses of each host, some of them read ahead."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pipeline.crawl.ledger.tables import Row

_AHEAD: Final = 32


class Upcoming:
    """Hands out pending addresses. For one task a host, each of which settles what it took before it asks again."""

    def __init__(self, addresses: Callable[..., Iterator[Row]]) -> None:
        """``addresses`` reads rows by a condition."""
        self._addresses = addresses
        self._ahead: dict[str, deque[Row]] = {}

    def next_address(self, host: str, sources: Sequence[str], now: float) -> Row | None:
        """The next address of a host that may be asked for now: sitemaps, listings, records, files; near seeds first."""
        ahead = self._ahead.get(host)
        if ahead is None:
            condition = (
                "host = ? AND state = 'pending' AND due <= ? AND source IN (SELECT value FROM json_each(?))"
                " ORDER BY priority, depth, id LIMIT ?"
            )
            ahead = deque(self._addresses(condition, host, now, json.dumps(sources), _AHEAD))
            if not ahead:
                return None
            self._ahead[host] = ahead
        row = ahead.popleft()
        if not ahead:
            del self._ahead[host]
        return row

    def changed(self, host: str | None = None) -> None:
        """What is pending at a host, or at any, is not what it was: what was read ahead does not count any more."""
        if host is None:
            self._ahead.clear()
        else:
            self._ahead.pop(host, None)
