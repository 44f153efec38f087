"""What an answer means for its address: settled and how, asked again and when, or led elsewhere."""

from __future__ import annotations

import random
from http import HTTPStatus
from typing import Final, Literal, NamedTuple
from urllib.parse import urljoin

from pipeline.crawl.ledger.tables import Row, State
from pipeline.crawl.network.exchange import FetchResult
from pipeline.crawl.politeness.pace import backoff_seconds, retry_after_seconds
from pipeline.sources.spec import Crawl

MAX_ATTEMPTS: Final = 4
MAX_HOPS: Final = 10
DAY: Final = 24 * 3600.0
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_BUSY: Final = frozenset((429, 503))
_PASSING: Final = frozenset((408, 500, 502, 504))
_GONE: Final = frozenset((404, 410))

Step = Literal["settled", "not_modified", "redirect", "again"]


class Settlement(NamedTuple):
    """What follows from an answer.

    ``step``: ``settled`` and ``redirect`` are archived, ``not_modified`` becomes a revisit record, ``again`` is asked again
    at ``due``. ``host_due``: until when the whole host is left alone.
    """

    step: Step
    state: State
    reason: str | None
    due: float
    location: str | None = None
    host_due: float | None = None


def settlement(row: Row, result: FetchResult, crawl: Crawl, now: float, dice: random.Random, failures: int = 0) -> Settlement:
    """The meaning of ``result``, the answer to a request for ``row`` at ``now``.

    ``failures``: how often in a row the host has failed before this answer.
    """
    age = getattr(crawl.revisit_days, row.kind, crawl.revisit_days.detail) * DAY
    trouble = _trouble(row, result, now, dice, failures)
    if trouble is not None:
        step, reason, wait, host_due = trouble
        if step == "again" and row.attempts + 1 < MAX_ATTEMPTS:
            return Settlement("again", "pending", reason, now + wait, host_due=host_due)
        times = f" ({MAX_ATTEMPTS} times)" if step == "again" else ""
        return Settlement("settled", "failed", reason + times, now + (DAY if times else max(age, DAY)), host_due=host_due)
    status = result.status or 0
    if status == 304:
        if row.capture_record is None:
            return Settlement("settled", "failed", "status 304 to a request without conditions", now + DAY)
        return Settlement("not_modified", "unchanged", "status 304", now + age)
    location = result.header("Location")
    if status in _REDIRECTS and location:
        try:
            target = urljoin(row.url, location.strip())
        except ValueError:
            return Settlement("settled", "failed", f"status {status} to an unreadable address", now + max(age, DAY))
        return Settlement("redirect", "fetched", f"status {status} to {target[:500]}", now + age, location=target)
    if status == HTTPStatus.PARTIAL_CONTENT:
        return Settlement("settled", "failed", "status 206: a part, where all of it was asked for", now + max(age, DAY))
    if 200 <= status < 300:
        return Settlement("settled", "fetched", None, now + age)
    if status in _GONE:
        return Settlement("settled", "fetched", f"gone: status {status}", now + max(age, DAY))
    return Settlement("settled", "failed", f"status {status}", now + max(age, DAY))


class _Trouble(NamedTuple):
    step: Literal["again", "settled"]
    reason: str
    wait: float
    host_due: float | None = None


def _trouble(row: Row, result: FetchResult, now: float, dice: random.Random, failures: int) -> _Trouble | None:
    """No whole answer, or one that says "not now"; None for an answer that says something of the address."""
    status, failure = result.status, result.failure
    wait = backoff_seconds(row.attempts + 1, dice)
    if status in _BUSY:
        asked = retry_after_seconds(result.header("Retry-After"), now)
        wait = asked if asked is not None else backoff_seconds(failures + 1, dice)
        said = f", Retry-After {result.header('Retry-After')!r:.60}" if asked is not None else ""
        return _Trouble("again", f"status {status}{said}", wait, now + wait)
    if status in _PASSING:
        return _Trouble("again", f"status {status}", wait)
    if failure is not None:
        return _Trouble("again" if failure.retry else "settled", f"{failure.reason}: {failure.detail}", wait)
    return _Trouble("again", "no answer", wait) if status is None else None


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified fit to be sent back: one short line of visible ASCII; None otherwise."""
    text = (value or "").strip()
    return text if 0 < len(text) <= 1024 and text.isascii() and text.isprintable() else None
