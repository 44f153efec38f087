"""How long to wait: the clock, Retry-After, back-off with jitter."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import random
import time
from typing import Final, Protocol

PRODUCT_TOKEN: Final = "praktyki"  # noqa: S105 - no secret: the name by which robots.txt files call us
BACKOFF_FIRST: Final = 5.0
BACKOFF_LIMIT: Final = 3600.0
RETRY_AFTER_LIMIT: Final = 7 * 24 * 3600.0
"""A server that asks for more is asked again after a week: some send dates decades away."""


class Clock(Protocol):
    """Time as the crawler sees it; tests bring one of their own."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Returns when ``seconds`` have passed."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def retry_after_seconds(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After field (RFC 9110 10.2.3) asks for: a number or a date; None when absent or unreadable.

    A date that has passed means 0; more than RETRY_AFTER_LIMIT is cut to it.
    """
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        seconds = float(text[:12])
    else:
        try:
            moment = email.utils.parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)  # RFC 9110 5.6.7: the obsolete forms are in UTC too
        try:
            seconds = moment.timestamp() - now
        except (OverflowError, ValueError):
            return None
    return min(max(seconds, 0.0), RETRY_AFTER_LIMIT)


def backoff_seconds(failures: int, dice: random.Random) -> float:
    """The wait after the n-th failure in a row (from 1): 5 s doubled each time up to an hour, the last half of it drawn."""
    full = min(BACKOFF_FIRST * 2.0 ** (max(failures, 1) - 1), BACKOFF_LIMIT)
    return full / 2 + dice.random() * full / 2
