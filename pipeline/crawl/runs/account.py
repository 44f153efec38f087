"""The closing account of a run: what became of every address, for people, for machines and for monitoring."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.archive.files import archive_errors, replaced_file
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import STATES, State
from pipeline.errors import ArchiveError
from pipeline.terminal.tables import terminal_width, text_table

METRICS_NAME = "metrics.prom"


class SourceAccount(NamedTuple):
    """One source in one run. ``counts`` add up to ``discovered``. ``trouble``: why the source counts as failed, else None."""

    source: str
    discovered: int
    counts: dict[State, int]
    requests: int
    wire_bytes: int
    reasons: list[tuple[str, str, int]]
    trouble: str | None


def source_account(frontier: Frontier, run: str, source: str) -> SourceAccount:
    """The account of a source. Raises ArchiveError when the numbers do not add up, which would be a mistake of ours."""
    discovered = next(frontier.rows("SELECT count(*) FROM addresses WHERE source = ?", source))[0]
    counts = frontier.state_counts(run, source)
    if discovered != sum(counts.values()):
        raise ArchiveError(f"{source}: {discovered} addresses discovered, {sum(counts.values())} accounted for; report this")
    row = next(frontier.rows("SELECT requests, bytes FROM counts WHERE run = ? AND source = ?", run, source), (0, 0))
    reasons = frontier.rows(
        "SELECT state, coalesce(reason, ''), count(*) FROM addresses WHERE source = ? AND run = ?"
        " AND state IN ('robots', 'failed', 'deferred') GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20",
        *(source, run),
    )
    return SourceAccount(
        source, discovered, counts, row[0], row[1], [(s, r, n) for s, r, n in reasons], _trouble(frontier, run, source, counts)
    )


def _trouble(frontier: Frontier, run: str, source: str, counts: Mapping[State, int]) -> str | None:
    """A source failed when one of its seeds failed or its host could not be asked, or when it brought nothing but failures."""
    seed = next(
        frontier.rows(
            "SELECT url, state, reason FROM addresses WHERE source = ? AND run = ? AND origin = 'seed' AND (state = 'failed'"
            " OR (state = 'deferred' AND reason NOT LIKE 'the budget of %')) ORDER BY id LIMIT 1",
            *(source, run),
        ),
        None,
    )
    if seed is not None:
        return f"{seed[0]}: {seed[1]}, {seed[2]}"
    if counts["failed"] and not counts["fetched"] + counts["unchanged"] + counts["duplicate"]:
        return f"nothing but failures ({counts['failed']})"
    return None


def account_table(accounts: Sequence[SourceAccount]) -> str:
    """The accounts as a table that fits the terminal, with a line of sums when there are several.

    A state that no address is in has no column: what is left adds up to ``discovered`` all the same.
    """
    states = [state for state in STATES if any(account.counts[state] for account in accounts)]
    rows = [[a.source, str(a.discovered), *(str(a.counts[state]) for state in states)] for a in accounts]
    if len(accounts) > 1:
        sums = [sum(a.discovered for a in accounts), *(sum(a.counts[state] for a in accounts) for state in states)]
        rows.append(["all", *map(str, sums)])
    names = ["source", "discovered", *(state.replace("_", " ") for state in states)]
    return text_table(names, rows, numeric=[False, *(True for _ in names[1:])], width=terminal_width())


def account_data(run: str, started: float, ended: float, outcome: str, accounts: Sequence[SourceAccount]) -> dict[str, Any]:
    """The account for machines: ``raw/runs/<run>.json``."""
    return {
        "run": run,
        "started": _iso(started),
        "ended": _iso(ended),
        "seconds": round(ended - started, 3),
        "outcome": outcome,
        "sources": {
            a.source: {
                "discovered": a.discovered,
                **a.counts,
                "requests": a.requests,
                "wire_bytes": a.wire_bytes,
                "trouble": a.trouble,
                "reasons": [{"state": state, "reason": reason, "addresses": n} for state, reason, n in a.reasons],
            }
            for a in accounts
        },
    }


def write_account(runs_dir: Path, data: Mapping[str, Any]) -> Path:
    """Writes ``<run>.json`` and the Prometheus textfile; the path of the former. Raises ArchiveError."""
    path = runs_dir / f"{data['run']}.json"
    with archive_errors(path, "free some space, then run again"):
        runs_dir.mkdir(parents=True, exist_ok=True)
        replaced_file(path, (json.dumps(data, ensure_ascii=True, indent=2) + "\n").encode("ascii"))
        replaced_file(runs_dir / METRICS_NAME, _metrics(data).encode("utf-8"))
    return path


def _metrics(data: Mapping[str, Any]) -> str:
    """Text exposition format 0.0.4, for the textfile collector of node_exporter."""
    ended = dt.datetime.fromisoformat(data["ended"]).timestamp()
    lines = [
        "# HELP praktyki_crawl_last_end_timestamp_seconds When the last crawl ended.",
        "# TYPE praktyki_crawl_last_end_timestamp_seconds gauge",
        f"praktyki_crawl_last_end_timestamp_seconds {ended:.0f}",
        "# HELP praktyki_crawl_duration_seconds How long the last crawl took.",
        "# TYPE praktyki_crawl_duration_seconds gauge",
        f"praktyki_crawl_duration_seconds {data['seconds']:g}",
        "# HELP praktyki_crawl_addresses Addresses by what became of them in the last crawl.",
        "# TYPE praktyki_crawl_addresses gauge",
    ]
    for source, account in data["sources"].items():
        lines += [f'praktyki_crawl_addresses{{source="{source}",state="{state}"}} {account[state]}' for state in STATES]
    for name, key, text in (
        ("praktyki_crawl_requests", "requests", "Requests of the last crawl."),
        ("praktyki_crawl_wire_bytes", "wire_bytes", "Bytes received by the last crawl."),
    ):
        lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
        lines += [f'{name}{{source="{source}"}} {account[key]}' for source, account in data["sources"].items()]
    lines += ["# HELP praktyki_crawl_source_failed Whether the source failed.", "# TYPE praktyki_crawl_source_failed gauge"]
    lines += [
        f'praktyki_crawl_source_failed{{source="{source}"}} {int(account["trouble"] is not None)}'
        for source, account in data["sources"].items()
    ]
    return "\n".join(lines) + "\n"


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
