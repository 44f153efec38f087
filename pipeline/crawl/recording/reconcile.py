"""Frontier and archive brought in line at the start of a run.

A kill may fall between writing a record and committing it: then the archive knows more than the frontier, and the record
is entered now as if it had just been fetched, so that nothing is asked for twice. A file that was lost or repaired makes
the archive know less: then what it held is fetched again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.archive.dates import full_time
from pipeline.archive.heads import http_headers
from pipeline.archive.index import index_entries, warc_paths
from pipeline.archive.indexentry import IndexEntry
from pipeline.archive.payload import decoded_body
from pipeline.archive.reader import record_at
from pipeline.archive.recovery import is_marked
from pipeline.archive.warc import WarcRecord
from pipeline.archive.writer import Written
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.network.exchange import Failure, FailureReason, FetchResult, Truncation
from pipeline.crawl.politeness.pace import PRODUCT_TOKEN
from pipeline.crawl.politeness.robots import RobotsRules, origin_of
from pipeline.crawl.politeness.robots_lookup import RobotsLookup
from pipeline.crawl.recording.entries import Answer, Entries, Stored
from pipeline.crawl.recording.settlement import MAX_ATTEMPTS, settlement
from pipeline.crawl.recording.storing import Refers
from pipeline.crawl.scoping.canonical import NotAnAddress, canonical
from pipeline.crawl.scoping.discovery import Reading, reading
from pipeline.crawl.scoping.scope import InScope, Scope
from pipeline.errors import CaptureUnreadable
from pipeline.sources.spec import Source

_CUT: dict[str, tuple[FailureReason, str]] = {
    "length": ("too_large", "cut at a limit"),
    "time": ("timeout", "not done in time"),
    "disconnect": ("reset", "the connection ended before the answer did"),
}


class Reconciled(NamedTuple):
    """``entered``: records the archive held and the frontier did not; ``requeued``: addresses whose record is gone."""

    entered: int
    requeued: int


def entered_late(
    mark: str,
    raw_dir: Path,
    frontier: Frontier,
    entries: Entries,
    scopes: Mapping[str, Scope],
    sources: Sequence[Source],
    run: str,
) -> int:
    """How many records were entered that writers of a mark, which are gone, had archived only. Raises ArchiveError."""
    entered = 0
    noted = {name for (name,) in frontier.rows("SELECT warc_file FROM files")}
    for source in sorted(scopes):
        for path in warc_paths(raw_dir / source):
            name = path.relative_to(raw_dir).as_posix()
            if is_marked(path, mark) and name not in noted:
                entered += _entered(path, name, raw_dir, frontier, entries, scopes[source], sources, run)
                with frontier.transaction():
                    entries.note_file(path)
    return entered


def reconciled(
    raw_dir: Path,
    frontier: Frontier,
    entries: Entries,
    scopes: Mapping[str, Scope],
    sources: Sequence[Source],
    run: str,
) -> Reconciled:
    """Brings the frontier in line with the WARC files of the sources. Raises ArchiveError."""
    entered = requeued = 0
    sizes: dict[str, int] = dict(frontier.rows("SELECT warc_file, size FROM files"))
    for source in sorted(scopes):
        for path in warc_paths(raw_dir / source):
            name = path.relative_to(raw_dir).as_posix()
            if sizes.pop(name, None) != path.stat().st_size:
                entered += _entered(path, name, raw_dir, frontier, entries, scopes[source], sources, run)
                requeued += _requeued(frontier, run, name, {entry.record_id for entry in index_entries(path)})
                with frontier.transaction():
                    entries.note_file(path)
    for name in sorted(name for name in sizes if name.partition("/")[0] in scopes):
        requeued += _requeued(frontier, run, name, set())
        with frontier.transaction():
            frontier.execute("DELETE FROM files WHERE warc_file = ?", name)
    return Reconciled(entered, requeued)


def _entered(
    path: Path,
    name: str,
    raw_dir: Path,
    frontier: Frontier,
    entries: Entries,
    scope: Scope,
    sources: Sequence[Source],
    run: str,
) -> int:
    entered = 0
    for entry in index_entries(path):
        known = next(frontier.rows("SELECT warc_file FROM records WHERE record = ?", entry.record_id), None)
        if known is not None and known[0] == name:
            continue
        written = Written(name, int(entry.offset), int(entry.length), entry.record_id, entry.digest)
        if known is not None:  # the file got another name when it was recovered
            with frontier.transaction():
                frontier.execute("UPDATE records SET warc_file = ? WHERE record = ?", name, entry.record_id)
            continue
        _enter(entry, written, raw_dir, frontier, entries, scope, sources, run)
        entered += 1
    return entered


def _enter(
    entry: IndexEntry,
    written: Written,
    raw_dir: Path,
    frontier: Frontier,
    entries: Entries,
    scope: Scope,
    sources: Sequence[Source],
    run: str,
) -> None:
    record = record_at(raw_dir, written.warc_file, written.offset)
    at = _seconds(entry)
    is_robots = urlsplit(entry.url).path == "/robots.txt"
    row = None if is_robots else _row_of(entry, frontier, scope, run)
    with frontier.transaction():
        if is_robots and at is not None:
            _enter_robots(entry.url, archived_result(record, entry.url), at, frontier, entries, scope)
        if row is None or at is None or entry.record_type not in ("response", "revisit"):
            # robots.txt, or an address that is out of scope by now: it is stored, and that is all there is to say.
            frontier.execute("INSERT OR REPLACE INTO records VALUES (?, NULL, ?)", entry.record_id, written.warc_file)
            if entry.record_type == "response":
                values = (scope.name, entry.digest, entry.url, entry.date, entry.record_id)
                frontier.execute("INSERT OR IGNORE INTO payloads VALUES (?, ?, ?, ?, ?)", *values)
            return
        result = archived_result(record, row.url)
        refers = _refers(record)
        stored: Stored = "response"
        if refers is not None:
            is_304 = (record.field("WARC-Profile") or "").endswith("server-not-modified")
            is_own = refers.capture_record == row.capture_record
            stored = "not_modified" if is_304 else "unchanged" if is_own else "duplicate"
        # Only final answers are archived: whatever this one says, it is the last attempt.
        last = row._replace(attempts=MAX_ATTEMPTS)
        settled = settlement(last, result, scope.crawl, at, random.Random(0))  # noqa: S311 - nothing is drawn for a final answer
        page: FetchResult | None = result
        if stored == "duplicate" and refers is not None:  # its links are this address's own, whoever holds the payload
            page = _referred(refers, row.url, raw_dir, frontier)
        is_read = stored in ("response", "duplicate") and page is not None and page.status == 200 and page.failure is None
        read = reading(page, row.kind, scope, sources) if is_read and page is not None else Reading()
        entries.commit(Answer(row, result, settled, read, at, {"from": "archive"}), written, stored, refers)


def _enter_robots(url: str, result: FetchResult, at: float, frontier: Frontier, entries: Entries, scope: Scope) -> None:
    """A robots.txt that was archived and not committed. One found behind redirects is looked up again."""
    origin = origin_of(url)
    row = frontier.robots_row(origin)
    previous = RobotsRules.from_row(row) if row is not None else None
    if previous is not None and previous.fetched_at.timestamp() >= at:
        return
    if result.status == 200 and not result.payload and previous is not None:  # a revisit: the file is as it was
        result = dataclasses.replace(result, body=previous.body)
    rules = RobotsLookup(origin, PRODUCT_TOKEN, previous=previous).feed(result, dt.datetime.fromtimestamp(at, dt.UTC))
    if rules is not None and rules.outcome != "unreachable":
        entries.enter_robots(scope.name, rules)


def _row_of(entry: IndexEntry, frontier: Frontier, scope: Scope, run: str) -> Row | None:
    try:
        address = canonical(entry.url, scope.crawl)
    except NotAnAddress:
        return None
    row = frontier.address(scope.name, address.key)
    if row is None:
        judged = scope.judged(entry.url, "listing", 0)
        if isinstance(judged, InScope):
            with frontier.transaction():
                frontier.add(
                    source=scope.name,
                    key=address.key,
                    url=address.url,
                    host=address.host,
                    kind=judged.kind,
                    depth=0,
                    origin="listing",
                    found_on=None,
                    run=run,
                )
            row = frontier.address(scope.name, address.key)
    return row


def archived_result(record: WarcRecord, url: str) -> FetchResult:
    """A record of the archive as the transport would have handed it over."""
    head = record.http_head
    headers = http_headers(head)
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    pairs = tuple((name.strip(), value.strip()) for name, colon, value in (line.partition(b":") for line in lines[1:]) if colon)
    truncated = record.field("WARC-Truncated")
    failure: Failure | None = None
    body: bytes | None = b""
    if record.type == "response":
        if truncated:
            reason, detail = _CUT.get(truncated, ("reset", "cut"))
            failure = Failure(reason, detail, retry=False)
        else:
            try:
                body = decoded_body(record.payload, headers).body
            except CaptureUnreadable as error:
                body, failure = None, Failure("coding", str(error), retry=False)
    return FetchResult(
        url=url,
        status=record.status_code,
        headers=pairs,
        payload=record.payload if record.type == "response" else b"",
        body=body,
        truncated=_truncation(truncated),
        failure=failure,
    )


def _truncation(text: str | None) -> Truncation | None:
    known: tuple[Truncation, ...] = ("length", "time", "disconnect")
    return next((name for name in known if name == text), None)


def _refers(record: WarcRecord) -> Refers | None:
    if record.type != "revisit":
        return None
    names = ("WARC-Payload-Digest", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Refers-To")
    return Refers(*(record.field(name) or "" for name in names))


def _referred(refers: Refers, url: str, raw_dir: Path, frontier: Frontier) -> FetchResult | None:
    """What a revisit refers to as the answer of ``url``; None when it is not there."""
    known = next(frontier.rows("SELECT warc_file FROM records WHERE record = ?", refers.capture_record), None)
    if known is None or not (raw_dir / known[0]).is_file():
        return None
    entries = (entry for entry in index_entries(raw_dir / known[0]) if entry.record_id == refers.capture_record)
    entry = next(entries, None)
    return archived_result(record_at(raw_dir, known[0], int(entry.offset)), url) if entry is not None else None


def _seconds(entry: IndexEntry) -> float | None:
    time = full_time(entry.date)
    return time.timestamp() if time is not None else None


def _requeued(frontier: Frontier, run: str, name: str, there: set[str]) -> int:
    lost = [
        (record, address) for record, address in frontier.rows("SELECT record, address FROM records WHERE warc_file = ?", name)
    ]
    lost = [(record, address) for record, address in lost if record not in there]
    with frontier.transaction():
        for record, address in lost:
            frontier.execute("DELETE FROM records WHERE record = ?", record)
            frontier.execute("DELETE FROM payloads WHERE record = ?", record)
            frontier.execute(
                "UPDATE addresses SET etag = NULL, last_modified = NULL, digest = NULL, capture_record = NULL, due = 0,"
                " state = 'pending', attempts = 0, run = ?, reason = 'its record is gone from the archive'"
                " WHERE id = ? OR capture_record = ?",
                *(run, address, record),
            )
    return len(lost)
