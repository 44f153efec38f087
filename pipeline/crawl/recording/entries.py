"""From answer to ledger: what an archived answer changes in the frontier, and the links it adds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from pipeline.archive.dates import iso_time
from pipeline.archive.writer import Written
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Row, State
from pipeline.crawl.network.exchange import FetchResult
from pipeline.crawl.politeness.robots import RobotsRules
from pipeline.crawl.recording.settlement import DAY, MAX_HOPS, Settlement, validator
from pipeline.crawl.recording.storing import Memento, Refers, utc_time
from pipeline.crawl.scoping.discovery import Reading
from pipeline.crawl.scoping.scope import InScope, Origin, Scope
from pipeline.forgetting.keeping import NOBODY, REASON, Keeper

Stored = Literal["response", "unchanged", "duplicate", "not_modified", "nothing"]
"""How an answer lies in the archive: in full; as a revisit of the address's own capture; as a revisit of the same payload
at another address; as a revisit on a 304; not at all, because there was no answer."""

_LINKS_REMEMBERED: Final = 20_000


class Answer(NamedTuple):
    """One final answer, read and judged.

    ``at`` is when it was asked for, in seconds since 1970; of a ``memento`` when the other archive had asked for it.
    ``is_kept_out``: it holds a term of the list of objections and must not be archived.
    """

    row: Row
    result: FetchResult
    settlement: Settlement
    reading: Reading
    at: float
    evidence: Mapping[str, Any]
    memento: Memento | None = None
    is_kept_out: bool = False


class Entries:
    """Enters answers into the frontier. Every method is called inside a transaction."""

    def __init__(
        self, raw_dir: Path, frontier: Frontier, scopes: Mapping[str, Scope], run: str, keeper: Keeper = NOBODY
    ) -> None:
        """``found_host`` is set when an address of another host is found."""
        self._raw_dir = raw_dir
        self._frontier = frontier
        self._scopes = scopes
        self._run = run
        self._keeper = keeper
        self._entered: dict[tuple[str, str, str], int] = {}  # (source, link, origin) entered in this run → least depth
        self.found_host = asyncio.Event()

    def enter_robots(self, source: str, rules: RobotsRules) -> None:
        """Enters rules and the sitemaps they name into the frontier."""
        self._frontier.set_robots_row(rules.origin, rules.to_row())
        host = rules.origin.partition("://")[2]
        for sitemap in rules.sitemaps:
            self._add(sitemap, "robots", source, f"{rules.origin}/robots.txt", host, 0)

    def commit(self, answer: Answer, written: Written | None, stored: Stored, refers: Refers | None = None) -> State:
        """Enters an archived answer; what became of its address. ``refers``: what a duplicate refers to."""
        if answer.is_kept_out:
            return self._commit_kept_out(answer)
        row, result, settled = answer.row, answer.result, answer.settlement
        evidence: dict[str, Any] = {
            **answer.evidence,
            "url": row.url,
            "status": result.status,
            "reason": settled.reason,
            "stored": stored,
            "failure": f"{result.failure.reason}: {result.failure.detail}" if result.failure else None,
            "truncated": result.truncated,
            "verdict": answer.reading.verdict,
            "verdict_reason": answer.reading.reason,
            "note": answer.reading.note,
            "wire_bytes": result.wire_bytes,
            "remote_address": result.remote_address,
        }
        changes: dict[str, Any] = {"status": result.status, "attempts": 0, "due": settled.due, "run": self._run}
        state: State = settled.state
        reason = settled.reason
        if written is not None:
            self.note_record(written, row.id)
            evidence |= {"warc_file": written.warc_file, "offset": written.offset, "record": written.record_id}
            if stored == "response":
                date = iso_time(utc_time(answer.at))
                capture = Refers(written.payload_digest, row.url, date, written.record_id)
                changes |= capture._asdict()
                if result.status == 200 and result.payload and not result.truncated:
                    self._frontier.execute("INSERT OR IGNORE INTO payloads VALUES (?, ?, ?, ?, ?)", row.source, *capture)
            elif stored == "duplicate" and refers is not None:
                changes |= refers._asdict()
        if stored in ("unchanged", "duplicate") and state == "fetched":
            state = stored
        if stored != "not_modified":
            is_whole = result.status != HTTPStatus.PARTIAL_CONTENT and result.failure is None
            is_page = is_whole and result.status is not None and 200 <= result.status < 300
            changes["etag"] = validator(result.header("ETag")) if is_page else None
            changes["last_modified"] = validator(result.header("Last-Modified")) if is_page else None
            changes["location"] = settled.location
        if settled.location is not None:
            state, reason, moved = self._redirected(answer, state)
            changes |= moved
        self._add_found(answer)
        self._frontier.update(row.id, state=state, reason=reason, **changes)
        told_at = answer.memento.fetched_at if answer.memento else answer.at
        is_first = row.status is None and not row.attempts
        self._frontier.event(row.id, self._run, told_at, state, evidence, is_first=is_first)
        return state

    def _commit_kept_out(self, answer: Answer) -> State:
        """Enters that an answer was not archived, and the links that were on it: nothing else of what it said."""
        row, result = answer.row, answer.result
        self._add_found(answer)
        nothing = dict.fromkeys((*Refers._fields, "etag", "last_modified", "location"))
        self._frontier.update(
            row.id,
            state="forgotten",
            reason=REASON,
            status=result.status,
            attempts=0,
            due=answer.settlement.due,
            run=self._run,
            **nothing,
        )
        told_at = answer.memento.fetched_at if answer.memento else answer.at
        evidence = {"url": row.url, "status": result.status, "reason": REASON, "stored": "nothing"}
        self._frontier.event(row.id, self._run, told_at, "forgotten", {**answer.evidence, **evidence})
        return "forgotten"

    def _add_found(self, answer: Answer) -> None:
        """Enters the links of a page; those that name a person who has objected stay out."""
        row, found = answer.row, answer.reading.found
        if self._keeper.names_person(*(link for link, _ in found)):
            found = tuple(item for item in found if not self._keeper.names_person(item.link))
        for link, origin in found:
            self._add(link, origin, row.source, row.url, row.host, row.depth + 1)

    def note_file(self, path: Path) -> None:
        """Notes that everything in a whole WARC file is in the frontier."""
        name = path.relative_to(self._raw_dir).as_posix()
        self._frontier.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", name, path.stat().st_size)

    def note_record(self, written: Written, address: int | None) -> None:
        """Notes in which file a record lies, and of which address."""
        self._frontier.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", written.record_id, address, written.warc_file)

    def _redirected(self, answer: Answer, state: State) -> tuple[State, str | None, dict[str, Any]]:
        row, location = answer.row, answer.settlement.location or ""
        scope = self._scopes[row.source]
        judged = scope.judged(location, "redirect", row.depth)
        address = judged.address
        if address is None:
            return "failed", f"redirects to no address: {judged.reason}" if not isinstance(judged, InScope) else None, {}
        is_allowed = scope.allows_host(address.host)
        if address.key == row.key and address.url != row.url and is_allowed:
            if row.hops >= MAX_HOPS:
                return "failed", f"more than {MAX_HOPS} redirects", {"due": answer.at + DAY}
            moved = {"url": address.url, "host": address.host, "hops": row.hops + 1, "due": 0.0, "digest": None}
            return "pending", f"redirected to {address.url}", {**moved, "capture_record": None}
        if address.key == row.key:
            return "failed", "redirects to itself", {"due": answer.at + DAY}
        if row.hops >= MAX_HOPS:
            return "failed", f"more than {MAX_HOPS} redirects", {"due": answer.at + DAY}
        kind = judged.kind if isinstance(judged, InScope) else row.kind
        is_followed = isinstance(judged, InScope) or (row.origin in ("seed", "attachment") and is_allowed)
        reason = None if isinstance(judged, InScope) or is_followed else judged.reason
        is_new = self._frontier.add(
            source=row.source,
            key=address.key,
            url=address.url,
            host=address.host,
            kind=kind,
            depth=row.depth,
            origin=row.origin if row.origin in ("seed", "attachment") else "redirect",
            found_on=row.url,
            run=self._run,
            state="pending" if is_followed else "out_of_scope",
            reason=reason,
            hops=row.hops + 1,
        )
        if is_followed:
            self.found_host.set()
        if not is_new and state == "fetched":
            return "duplicate", f"redirects to {address.url}, which is known", {}
        return state, answer.settlement.reason, {}

    def _add(self, link: str, origin: Origin, source: str, found_on: str, host: str, depth: int) -> None:
        met = (source, link, origin)
        if self._entered.get(met, depth + 1) <= depth:
            return  # a menu stands on every page: judged as near a seed before, it can come to nothing else now
        if len(self._entered) >= _LINKS_REMEMBERED:
            self._entered.clear()
        self._entered[met] = depth
        judged = self._scopes[source].judged(link, origin, depth)
        if judged.address is None:
            return  # mailto: and the like: no page, nothing to account for
        is_in = isinstance(judged, InScope)
        self._frontier.add(
            source=source,
            key=judged.address.key,
            url=judged.address.url,
            host=judged.address.host,
            kind=judged.kind if isinstance(judged, InScope) else "listing",
            depth=depth,
            origin=origin,
            found_on=found_on,
            run=self._run,
            state="pending" if is_in else "out_of_scope",
            reason=None if isinstance(judged, InScope) else judged.reason,
        )
        if is_in and judged.address.host != host:
            self.found_host.set()
