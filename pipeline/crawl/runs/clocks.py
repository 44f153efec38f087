"""A machine whose clock is wrong, or was: the time of captures, and of what is due, hangs on it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.politeness.pace import RETRY_AFTER_LIMIT
from pipeline.errors import ConfigError

EARLIEST: Final = dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp()
"""Before this program was: a machine without a battery for its clock begins in 1970 or with its firmware."""
DRIFT: Final = 24 * 3600.0
"""Seconds by which clocks of machines that share an archive may differ; more is a mistake."""


def refuse_early(now: float) -> None:
    """Raises ConfigError for a clock that is surely wrong."""
    if now < EARLIEST:
        raise ConfigError(f"the clock of this machine says {_day(now)}; set it: captures would bear that time for ever")


def later_run(frontier: Frontier, now: float) -> str | None:
    """What is to be said of the latest run that began at a time that is yet to come; None for none."""
    run, started = next(frontier.rows("SELECT run, max(started) FROM runs"), (None, None))
    if started is None or started <= now + DRIFT:
        return None
    return (
        f"run {run} began on {_day(started)} by its clock, and the clock of this machine says {_day(now)}:"
        " one of them was wrong; what later runs have asked for is asked for again"
    )


def forget_later_times(frontier: Frontier, now: float) -> None:
    """Has what runs of a time to come asked for asked for again, and counts these runs as past. Inside a transaction."""
    frontier.execute(
        "UPDATE addresses SET state = 'pending', attempts = 0, reason = NULL, due = 0"
        " WHERE state NOT IN ('pending', 'out_of_scope') AND run IN (SELECT run FROM runs WHERE started > ?)",
        now + DRIFT,
    )
    never = now + RETRY_AFTER_LIMIT + DRIFT  # nobody is left alone for longer
    frontier.execute("UPDATE addresses SET due = 0 WHERE state = 'pending' AND due > ?", never)
    frontier.execute("UPDATE hosts SET not_before = 0 WHERE not_before > ?", never)
    frontier.execute("UPDATE runs SET started = ? WHERE started > ?", now - 1, now + DRIFT)


def _day(time: float) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).date().isoformat()
