"""From answer to archive and ledger, in the one order that survives a kill: record written, synced, then committed.

Answers that come in while others are being written are written and synced together: one sync serves them all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from pipeline.archive.warc import WarcRecord, digest_of, http_head, iso_time
from pipeline.archive.writer import Written
from pipeline.crawl.discovery import Reading
from pipeline.crawl.exchange import FetchResult
from pipeline.crawl.frontier import Frontier, Row
from pipeline.crawl.robots import RobotsRules
from pipeline.crawl.scope import InScope, Origin, Scope
from pipeline.crawl.settlement import DAY, MAX_HOPS, Settlement, validator
from pipeline.crawl.storing import Memento, Refers, Writers, own_capture, utc_time, written_response, written_revisit
from pipeline.forgetting.keeping import NOBODY, REASON, Keeper

Stored = Literal["response", "unchanged", "duplicate", "not_modified", "nothing"]
"""How an answer lies in the archive: in full; as a revisit of the address's own capture; as a revisit of the same payload
at another address; as a revisit on a 304; not at all, because there was no answer."""

_LONGEST_SHOWN: Final = 2000
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


class Recorder:
    """Writes answers to WARC files, one writer a source, and to the frontier. For one event loop."""

    def __init__(
        self,
        raw_dir: Path,
        frontier: Frontier,
        scopes: Mapping[str, Scope],
        run: str,
        *,
        now: Callable[[], float],
        info: Mapping[str, str],
        file_size: int | None = None,
        keeper: Keeper = NOBODY,
    ) -> None:
        """``info`` goes into each warcinfo; ``file_size`` overrides the size at which a file is whole."""
        self.keeper = keeper
        self._raw_dir = raw_dir
        self._writers = Writers(raw_dir, now, info, file_size)
        self._frontier = frontier
        self._scopes = scopes
        self._run = run
        self._waiting: list[tuple[Answer, asyncio.Future[None]]] = []
        self._is_writing = False
        self._is_behind = False  # something was archived and not committed
        self._entered: dict[tuple[str, str, str], int] = {}  # (source, link, origin) entered in this run → least depth
        self.found_host = asyncio.Event()

    async def record(self, answer: Answer) -> None:
        """Returns when the answer is archived and committed. Raises ArchiveError."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((answer, future))
        if not self._is_writing:
            self._is_writing = True
            try:
                await asyncio.sleep(0)  # answers that are ready at this moment join
                self._write_waiting()
            finally:
                self._is_writing = False
        await future

    @contextlib.contextmanager
    def _noticing_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._is_behind = True
            raise

    async def keeps_out(self, result: FetchResult) -> bool:
        """Whether an answer holds a term of the list of objections. Files are read in a thread: other hosts go on."""
        if not self.keeper or result.status is None:
            return False
        fields = (("WARC-Type", "response"), ("WARC-Target-URI", result.url))
        record = WarcRecord(fields, http_head(result.status_line, result.text_headers) + result.payload)
        return await asyncio.to_thread(self.keeper.keeps_out, record)

    def record_robots(
        self, source: str, result: FetchResult, at: float, rules: RobotsRules | None, *, is_kept_out: bool = False
    ) -> None:
        """Archives a robots.txt as it came, in full only when it is another than last time, and commits what it says.

        ``rules`` is None for a redirect on the way to it. One that ``is_kept_out`` is not archived.
        """
        with self._noticing_failure():
            self._record_robots(source, result, at, rules, is_kept_out=is_kept_out)

    def _record_robots(
        self, source: str, result: FetchResult, at: float, rules: RobotsRules | None, *, is_kept_out: bool
    ) -> None:
        written = known = None
        if result.status is not None and not is_kept_out:
            writer = self._writers.of(source)
            known = self._last_capture(source, result.url)
            if result.status == 304:
                written = written_revisit(writer, result, at, known, "server-not-modified") if known else None
            elif known is not None and known.digest == digest_of(result.payload) and not result.truncated:
                written = written_revisit(writer, result, at, known)
            else:
                written = written_response(writer, result, at)
                known = Refers(written.payload_digest, result.url, iso_time(utc_time(at)), written.record_id)
            writer.sync()
        with self._frontier.transaction():
            if written is not None and known is not None:
                self._note_record(written, None)
                self._frontier.execute("INSERT OR REPLACE INTO payloads VALUES (?, ?, ?, ?, ?)", source, *known)
            if rules is not None:
                self.enter_robots(source, rules)
            self._note_finished()

    def enter_robots(self, source: str, rules: RobotsRules) -> None:
        """Enters rules and the sitemaps they name into the frontier. Inside a transaction."""
        self._frontier.set_robots_row(rules.origin, rules.to_row())
        host = rules.origin.partition("://")[2]
        for sitemap in rules.sitemaps:
            self._add(sitemap, "robots", source, f"{rules.origin}/robots.txt", host, 0)

    def finish(self) -> None:
        """Makes every open file whole and notes it.

        After a failure between record and commit the files are not noted: the next run looks through them.
        """
        self._writers.finish()
        if not self._is_behind:
            with self._frontier.transaction():
                self._note_finished()

    def commit(self, answer: Answer, written: Written | None, stored: Stored, refers: Refers | None = None) -> None:
        """Enters an archived answer into the frontier. Inside a transaction. ``refers``: what a duplicate refers to."""
        if answer.is_kept_out:
            self._commit_kept_out(answer)
            return
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
        state, reason = settled.state, settled.reason
        if written is not None:
            self._note_record(written, row.id)
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
            is_page = result.status is not None and 200 <= result.status < 300 and result.failure is None
            changes["etag"] = validator(result.header("ETag")) if is_page else None
            changes["last_modified"] = validator(result.header("Last-Modified")) if is_page else None
            changes["location"] = settled.location
        if settled.location is not None:
            state, reason, moved = self._redirected(answer, state)
            changes |= moved
        self._add_found(answer)
        self._frontier.update(row.id, state=state, reason=_shown(reason), **changes)
        told_at = answer.memento.fetched_at if answer.memento else answer.at
        self._frontier.event(row.id, self._run, told_at, state, evidence)

    def _commit_kept_out(self, answer: Answer) -> None:
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

    def _add_found(self, answer: Answer) -> None:
        """Enters the links of a page; those that name a person who has objected stay out."""
        row, found = answer.row, answer.reading.found
        if self.keeper.names_person(*(link for link, _ in found)):
            found = tuple(item for item in found if not self.keeper.names_person(item.link))
        for link, origin in found:
            self._add(link, origin, row.source, row.url, row.host, row.depth + 1)

    def note_file(self, path: Path) -> None:
        """Notes that everything in a whole WARC file is in the frontier. Inside a transaction."""
        name = path.relative_to(self._raw_dir).as_posix()
        self._frontier.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", name, path.stat().st_size)

    def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                with self._noticing_failure():
                    self._write_batch([answer for answer, _ in batch])
            except BaseException as error:  # noqa: BLE001 - handed to every task that waits for its answer
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                return
            for _, future in batch:
                if not future.done():
                    future.set_result(None)

    def _write_batch(self, answers: Sequence[Answer]) -> None:
        fresh: dict[tuple[str, str], Refers] = {}  # payloads of this batch, not committed yet
        done = [(answer, *self._archived(answer, fresh)) for answer in answers]
        for source in sorted({answer.row.source for answer in answers}):
            self._writers.of(source).sync()
        with self._frontier.transaction():
            for answer, written, stored, refers in done:
                self.commit(answer, written, stored, refers)
            self._note_finished()

    def _archived(self, answer: Answer, fresh: dict[tuple[str, str], Refers]) -> tuple[Written | None, Stored, Refers | None]:
        row, result, at = answer.row, answer.result, answer.at
        more = answer.memento.fields if answer.memento else ()
        if result.status is None or answer.is_kept_out:
            return None, "nothing", None
        writer = self._writers.of(row.source)
        own = own_capture(row)
        if answer.settlement.step == "not_modified" and own is not None:
            return written_revisit(writer, result, at, own, "server-not-modified"), "not_modified", own
        digest = digest_of(result.payload)
        is_same = (digest, result.status, answer.settlement.location) == (row.digest, row.status, row.location)
        if is_same and own is not None and not result.truncated:
            return written_revisit(writer, result, at, own, more=more), "unchanged", own
        is_whole = result.status == 200 and bool(result.payload) and not result.truncated
        if is_whole and answer.reading.verdict != "detail":
            # Record pages are always stored in full: what they say depends on their address too, and extract reads no revisits.
            known = fresh.get((row.source, digest)) or self._capture_of_payload(row.source, digest)
            if known is not None:
                return written_revisit(writer, result, at, known, more=more), "duplicate", known
        written = written_response(writer, result, at, more)
        if is_whole:
            fresh.setdefault((row.source, digest), Refers(digest, row.url, iso_time(utc_time(at)), written.record_id))
        return written, "response", None

    def _redirected(self, answer: Answer, state: str) -> tuple[Any, str | None, dict[str, Any]]:
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

    def _capture_of_payload(self, source: str, digest: str) -> Refers | None:
        statement = "SELECT digest, url, date, record FROM payloads WHERE source = ? AND digest = ?"
        return next((Refers(*row) for row in self._frontier.rows(statement, source, digest)), None)

    def _last_capture(self, source: str, url: str) -> Refers | None:
        statement = "SELECT digest, url, date, record FROM payloads WHERE source = ? AND url = ? ORDER BY date DESC LIMIT 1"
        return next((Refers(*row) for row in self._frontier.rows(statement, source, url)), None)

    def _note_record(self, written: Written, address: int | None) -> None:
        self._frontier.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", written.record_id, address, written.warc_file)

    def _note_finished(self) -> None:
        for path in self._writers.finished:
            self.note_file(path)
        self._writers.finished.clear()


def _shown(text: str | None) -> str | None:
    return text[:_LONGEST_SHOWN] if text is not None else None
