"""What a data folder knows of its crawls: the last runs, and what is due."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.crawl.ledger.frontier import FRONTIER_NAME, Frontier

_RUNS_SHOWN = 5


class CrawlState(NamedTuple):
    """For machines, and the runs for people, a line each; empty when nothing was crawled."""

    data: dict[str, Any]
    lines: list[str]


def crawl_state(raw_dir: Path) -> CrawlState:
    """Last runs, and for each source how many addresses are known, are due now, and when the next is due."""
    if not (raw_dir / FRONTIER_NAME).is_file():
        return CrawlState({"runs": [], "sources": {}}, ["crawls           none yet"])
    now = time.time()
    with Frontier(raw_dir, to_read=True) as frontier:
        runs = [
            {"run": run, "started": _iso(started), "ended": _iso(ended), "outcome": outcome}
            for run, started, ended, outcome in frontier.rows(
                "SELECT run, started, ended, outcome FROM runs ORDER BY started DESC, run DESC LIMIT ?", _RUNS_SHOWN
            )
        ]
        sources = {
            source: {"known": known, "due_now": due, "failed": failed, "next_due": _iso(following)}
            for source, known, due, failed, following in frontier.rows(
                "SELECT source, count(*), sum(due <= ? AND state != 'out_of_scope'), sum(state = 'failed'),"
                " min(CASE WHEN state != 'out_of_scope' AND due > ? THEN due END)"
                " FROM addresses GROUP BY source ORDER BY source",
                *(now, now),
            )
        }
    lines = [f"crawl            {r['run']} {r['outcome']}" + (f" {r['ended']}" if r["ended"] else "") for r in runs]
    return CrawlState({"runs": runs, "sources": sources}, lines)


def _iso(seconds: float | None) -> str | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds") if seconds is not None else None
