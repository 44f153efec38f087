"""WARC-Date: moments to and from W3C dates and times, and the timestamps of CDX lines."""

from __future__ import annotations

import datetime as dt
import functools
import re

_FULL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")


def full_time(text: str) -> dt.datetime | None:
    """A W3C date and time given to the second or finer, in UTC; None for anything coarser or unreadable.

    WARC/1.1 allows "2016-01": that is no time of capture, and no part of it is guessed.
    """
    if not _FULL_TIME.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


@functools.lru_cache(maxsize=64)
def iso_time(time: dt.datetime) -> str:
    """``2024-05-01T12:00:00Z``, with six decimals when there are microseconds. ``time`` must know its zone."""
    utc = time if time.tzinfo is dt.UTC else time.astimezone(dt.UTC)
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds")[:-6] + "Z"


def timestamp14(date: str) -> str:
    """The 14 digits of a CDX line from a WARC-Date in UTC; coarse dates are filled up with the earliest moment."""
    time = full_time(date)
    digits = re.sub(r"\D", "", iso_time(time) if time else date, flags=re.ASCII)[:14]
    return digits + "00000101000000"[len(digits) :]
