"""What the crawler did with an address, and on what evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.archive.heads import clean_value
from pipeline.crawl.ledger.frontier import FRONTIER_NAME, Frontier
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.scoping.canonical import NotAnAddress, canonical
from pipeline.crawl.scoping.scope import InScope, Scope
from pipeline.errors import UsageError
from pipeline.sources.spec import Source

_LONGEST_CHAIN = 30
_SHOWN = (
    *("url", "status", "reason", "stored", "failure", "truncated", "verdict", "verdict_reason", "note"),
    *("robots_line", "robots_text", "robots_reason", "robots_fetched_at", "again_at", "remote_address", "wire_bytes"),
    *("archive", "archive_url", "captured_at", "digest", "warc_file", "offset", "record"),
)


class Explanation(NamedTuple):
    """What is known of an address: for machines and for people."""

    data: dict[str, Any]
    text: str


def explanation(raw_dir: Path, sources: Sequence[Source], link: str) -> Explanation:
    """Every source's knowledge of an address. Raises UsageError for what is no address and when nothing was crawled yet."""
    if not (raw_dir / FRONTIER_NAME).is_file():
        raise UsageError(f"{raw_dir}: nothing has been crawled here yet; run praktyki crawl")
    try:
        canonical(link)
    except NotAnAddress as error:
        raise UsageError(f"{link[:200]!r}: {error}") from error
    found: list[dict[str, Any]] = []
    lines: list[str] = []
    with Frontier(raw_dir, to_read=True) as frontier:
        for source in sources:
            if source.facts.crawl is None:
                continue
            scope = Scope(source)
            address = canonical(link, scope.crawl)
            row = frontier.address(source.name, address.key)
            if row is None:
                row = next(frontier.addresses("source = ? AND url = ?", source.name, address.url), None)
            if row is not None:
                data = _known(frontier, row)
                found.append(data)
                lines += _told(data)
                continue
            if scope.allows_host(address.host):
                judged = scope.judged(link, "listing", 0)
                reason = "in scope, but no page led to it" if isinstance(judged, InScope) else judged.reason
                found.append({"source": source.name, "key": address.key, "state": None, "reason": reason})
                lines.append(f"{source.name}: not met so far ({reason}); known to it as {address.key}")
    if not found:
        lines.append("no source claims the host of this address, and no page led to it")
    return Explanation({"url": link, "known": found}, "\n".join(map(_clean, lines)))


def _known(frontier: Frontier, row: Row) -> dict[str, Any]:
    pace = frontier.pace(row.host)
    return {
        **row._asdict(),
        "due": _iso(row.due) if row.due else None,
        "found_by": _chain(frontier, row),
        "host_not_before": _iso(pace.not_before) if pace.not_before else None,
        "host_last_request": _iso(pace.last_request) if pace.last_request else None,
        "events": [
            {"run": run, "at": _iso(at), "what": what, **evidence} for run, at, what, evidence in frontier.events(row.id)
        ],
    }


def _chain(frontier: Frontier, row: Row) -> list[str]:
    """The pages that led to an address, the seed first."""
    chain: list[str] = []
    page = row.found_on
    while page is not None and page not in chain and len(chain) < _LONGEST_CHAIN:
        chain.append(page)
        parent = next(frontier.addresses("source = ? AND url = ?", row.source, page), None)
        page = parent.found_on if parent is not None else None
    return chain[::-1]


def _told(data: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{data['source']}: {data['state']}" + (f" ({data['reason']})" if data["reason"] else ""),
        f"  asked for as   {data['url']}",
        f"  known as       {data['key']}",
        f"  taken for      {data['kind']}, {data['depth']} links from a seed, met in: {data['origin']}",
    ]
    if data["found_by"]:
        lines.append(f"  way to it      {' > '.join(data['found_by'])}")
    if data["due"]:
        lines.append(f"  due again      {data['due']}")
    if data["host_not_before"]:
        lines.append(f"  host left      until {data['host_not_before']}")
    for event in data["events"]:
        lines.append(f"  {event['at']} {event['what']} (run {event['run']})")
        lines += [f"      {name:<18} {event[name]}" for name in _SHOWN if event.get(name) is not None]
    return lines


def _clean(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" "))) + clean_value(line)


def _iso(seconds: float) -> str:
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return str(seconds)
