"""From answer to archive and ledger, in the one order that survives a kill: records written, synced, then committed.

Answers that come in at about the same time are written, synced and committed together.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.archive.dates import iso_time
from pipeline.archive.digests import digest_of
from pipeline.archive.heads import http_head
from pipeline.archive.warc import WarcRecord
from pipeline.archive.writer import Written
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import IS_ROBOTS, State
from pipeline.crawl.network.exchange import FetchResult
from pipeline.crawl.network.limits import KIB
from pipeline.crawl.politeness.robots import RobotsRules
from pipeline.crawl.recording.entries import Answer, Entries, Stored
from pipeline.crawl.recording.grouping import Grouped
from pipeline.crawl.recording.storing import Refers, Writers, own_capture, utc_time, written_response, written_revisit
from pipeline.crawl.scoping.scope import Scope
from pipeline.forgetting.keeping import NOBODY, Keeper


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
        mark: str | None = None,
    ) -> None:
        """``info`` goes into each warcinfo; ``file_size`` is the size at which a file is whole; ``mark`` as of `WarcWriter`."""
        self.keeper = keeper
        self._writers = Writers(raw_dir, now, info, file_size, mark)
        self._frontier = frontier
        self.entries = Entries(raw_dir, frontier, scopes, run, keeper)
        self._answers: Grouped[Answer, State] = Grouped(self._write, _weight)
        self._is_behind = False  # something was archived and not committed

    async def record(self, answer: Answer) -> State:
        """What became of the address, once the answer is archived and committed. Raises ArchiveError."""
        return await self._answers.add(answer)

    def coming(self) -> contextlib.AbstractContextManager[None]:
        """An answer may come from here soon: others are held back for a moment to be written together with it."""
        return self._answers.coming()

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
            known = self._last_capture_of_rules(source, result.url)
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
                self.entries.note_record(written, None)
                self._frontier.execute("INSERT OR REPLACE INTO payloads VALUES (?, ?, ?, ?, ?)", source, *known)
            if rules is not None:
                self.entries.enter_robots(source, rules)
            self._note_finished()

    def finish(self) -> None:
        """Writes what is still waiting, makes every open file whole and notes it.

        After a failure between record and commit the files are not noted: the next run looks through them.
        """
        if not self._is_behind:
            self._answers.do()
        self._writers.finish()
        if not self._is_behind:
            with self._frontier.transaction():
                self._note_finished()

    def _write(self, answers: Sequence[Answer]) -> list[State]:
        with self._noticing_failure():
            fresh: dict[tuple[str, str], Refers] = {}  # payloads of this group, not committed yet
            done = [(answer, *self._archived(answer, fresh)) for answer in answers]
            for source in sorted({answer.row.source for answer in answers}):
                self._writers.of(source).sync()
            with self._frontier.transaction():
                states = [self.entries.commit(*one) for one in done]
                self._note_finished()
        return states

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
        written = written_response(writer, result, at, more, payload_digest=digest)
        if is_whole:
            fresh.setdefault((row.source, digest), Refers(digest, row.url, iso_time(utc_time(at)), written.record_id))
        return written, "response", None

    def _capture_of_payload(self, source: str, digest: str) -> Refers | None:
        statement = "SELECT digest, url, date, record FROM payloads WHERE source = ? AND digest = ?"
        return next((Refers(*row) for row in self._frontier.rows(statement, source, digest)), None)

    def _last_capture_of_rules(self, source: str, url: str) -> Refers | None:
        # Told which index to take, since SQLite would rather read all payloads of the source.
        by_index = f"INDEXED BY payloads_of_robots WHERE {IS_ROBOTS} AND" if url.endswith("/robots.txt") else "WHERE"
        statement = f"SELECT digest, url, date, record FROM payloads {by_index} source = ? AND url = ?"  # noqa: S608 - our words
        latest = max(self._frontier.rows(statement, source, url), key=lambda row: row[2], default=None)
        return Refers(*latest) if latest is not None else None

    def _note_finished(self) -> None:
        for path in self._writers.finished:
            self.entries.note_file(path)
        self._writers.finished.clear()


def _weight(answer: Answer) -> int:
    """An answer with many links, or a large file, is not held back: what waits is held in memory."""
    return 1 + len(answer.reading.found) // 100 + len(answer.result.payload) // (256 * KIB)
