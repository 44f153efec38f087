"""Asks a web archive for lists of captures and for captures, as politely as any publisher is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from pipeline.archive.digests import digest_fits
from pipeline.config import CrawlSettings
from pipeline.crawl.crawler import STOP_SECONDS, Crawler
from pipeline.crawl.fetcher import BudgetSpent, LeaveHost, Stopped
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.network.limits import MIB, Limits
from pipeline.crawl.politeness.manner import Client
from pipeline.crawl.politeness.robots import origin_of
from pipeline.crawl.recording.entries import Answer
from pipeline.crawl.recording.settlement import DAY, settlement
from pipeline.crawl.recording.storing import Memento
from pipeline.crawl.scoping.canonical import NotAnAddress, canonical
from pipeline.crawl.scoping.discovery import Reading, reading
from pipeline.crawl.scoping.scope import InScope
from pipeline.crawl.webarchives.cdx import CdxLine, CdxList, in_order_of_choice
from pipeline.crawl.webarchives.cdx_client import (
    LINES_ASKED,
    CdxServer,
    Original,
    Query,
    Redirected,
    Refused,
    queries,
    read_list,
    read_memento,
    time_window,
)
from pipeline.crawl.webarchives.mementos import TAKEN, Listed, ListState, Mementos
from pipeline.forgetting.keeping import REASON

LIST_HOLDS: Final = 7 * DAY
"""Archives add captures slowly, of a dead site none at all: a list is asked for again after a week."""
LIST_LIMITS: Final = Limits(total_seconds=600.0, wire_bytes=64 * MIB, decoded_bytes=128 * MIB)
_REDIRECTS: Final = 5


class _RefusedByRobots(Exception):
    """robots.txt of the archive forbids an address."""


class ArchiveCrawler(Crawler):
    """One run against one archive, over one connection."""

    _server: CdxServer
    _mementos: Mementos
    _settings: CrawlSettings
    _is_listed_anew = False

    def take_from(self, server: CdxServer, settings: CrawlSettings, *, everything_due: bool) -> None:
        """Says which archive to ask; ``everything_due`` asks for lists again that are there. Before `run`."""
        self._server = server
        self._mementos = Mementos(self._frontier, server.address)
        self._settings = settings
        self._is_listed_anew = everything_due

    def _budget(self, source: str) -> float:  # noqa: ARG002 - the archive's, whatever the source
        return self._settings.archive_requests

    async def run(self) -> None:
        """Returns when nothing is left to ask the archive for now, or after a stop. Raises ArchiveError."""
        work = asyncio.create_task(self._work())
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await asyncio.wait({work}, timeout=STOP_SECONDS)
        finally:
            stopped.cancel()
            work.cancel()
            ended = await asyncio.gather(work, return_exceptions=True)
        if isinstance(ended[0], BaseException) and not isinstance(ended[0], asyncio.CancelledError):
            raise ended[0]

    async def _work(self) -> None:
        async with self._client() as client:
            for source in self._names:
                reason, due = "the archive lists no good capture of it", 0.0
                try:
                    for query in queries(self._scopes[source]):
                        await self._list(client, source, query)
                    self._want(source)
                    while rows := self._mementos.next_addresses(source):
                        for row in rows:
                            await self._take(client, row)
                except Stopped:
                    return
                except BudgetSpent:
                    reason = f"the budget of {self._settings.archive_requests} requests to an archive is spent"
                except _RefusedByRobots as refused:
                    reason = str(refused)
                except LeaveHost as leave:
                    reason, due = f"the archive: {leave.reason}", leave.due
                if self.is_stopping:
                    return
                self._log.write(self._clock.now(), "archive_left", source=source, server=self._server.address, reason=reason)
                self._defer("source = ?", reason, due, source)

    # Lists

    async def _list(self, client: Client, source: str, query: Query) -> None:
        """Fetches what is missing of a list. What came is kept page by page."""
        known = self._mementos.list_state(source, query)
        now = self._clock.now()
        if known is not None and known.is_done and now - known.at < LIST_HOLDS and not self._is_listed_anew:
            return
        resume = known.resume_key if known is not None and not known.is_done else None
        limit: int | None = LINES_ASKED
        while True:
            found, is_cut = await self._page_of_list(client, source, query, resume, limit)
            is_full = limit is not None and len(found.lines) + found.unread >= limit
            if is_full and found.resume_key is None:
                # A server that knows no resume keys: its whole list at once.
                limit, resume = None, None
                continue
            is_same = found.resume_key is not None and found.resume_key == resume
            resume = found.resume_key
            self._note_list(source, query, found, resume if not is_same else None)
            if is_cut:
                self._log.write(self._clock.now(), "list_cut", source=source, url=query.url, lines=len(found.lines))
            if resume is None or is_same:
                return

    async def _page_of_list(
        self, client: Client, source: str, query: Query, resume: str | None, limit: int | None
    ) -> tuple[CdxList, bool]:
        """Lines of a list, and whether they were cut at a limit. Raises what `_asked` raises."""
        url = self._server.list_url(query, resume, limit)
        result = await self._asked(
            client, source, FetchRequest(url=url, user_agent=self._manner.user_agent, limits=LIST_LIMITS, wants_beginning=True)
        )
        found, is_cut = read_list(result)
        if isinstance(found, Refused):
            self._log.write(self._clock.now(), "list_failed", source=source, url=url, reason=found.reason)
            raise LeaveHost(f"its list of {query.url} could not be had ({found.reason})", self._clock.now() + DAY)
        return found, is_cut

    def _note_list(self, source: str, query: Query, found: CdxList, resume: str | None) -> None:
        scope, keeper = self._scopes[source], self._recorder.keeper
        listed: list[Listed] = []
        for line in time_window(found.lines, self._server.since, self._server.until):
            if keeper.names_person(line.url):
                continue
            try:
                address = canonical(line.url, scope.crawl)
            except NotAnAddress:
                continue
            if line.is_good and (address.key in scope.seeds or scope.allows_host(address.host)):
                listed.append(Listed(address.key, line))
        with self._frontier.transaction():
            self._mementos.note_list(source, query, listed, ListState(resume, resume is None, self._clock.now()))
        details = {"lines": len(found.lines), "unread": found.unread, "kept": len(listed)}
        self._log.write(self._clock.now(), "list", source=source, server=self._server.address, url=query.url, **details)

    # Captures

    def _want(self, source: str) -> None:
        """Puts the addresses into the queue of which the archive has a capture and we have none."""
        with self._frontier.transaction():
            for found in self._mementos.untried(source):
                self._add_listed(source, found)
            self._mementos.queue_unheld(source)

    def _add_listed(self, source: str, found: Sequence[tuple[str, ...]]) -> None:
        scope = self._scopes[source]
        for key, url in found:
            judged = scope.judged(url, "seed" if key in scope.seeds else "listing", 0)
            if isinstance(judged, InScope):
                self._frontier.add(
                    source=source,
                    key=key,
                    url=judged.address.url,
                    host=judged.address.host,
                    kind=judged.kind,
                    depth=0,
                    origin="listing",
                    found_on=None,
                    run=self._run,
                )

    def _lines(self, row: Row) -> list[CdxLine]:
        return in_order_of_choice(self._mementos.lines(row), oldest_first=self._settings.archive_choice == "oldest")

    async def _take(self, client: Client, row: Row) -> None:
        """Takes the best capture that turns out to be one."""
        refusals: list[str] = []
        for line in self._lines(row):
            url, found = await self._memento(client, row, line)
            if isinstance(found, Original):
                await self._keep(row, line, url, found)
                return
            refusals.append(f"{line.timestamp}: {found.reason}")
            with self._frontier.transaction():
                self._mementos.note_outcome(row, line, found.reason)
        now = self._clock.now()
        reason = f"no capture of the archive could be used: {'; '.join(refusals)}"[:2000]
        with self._frontier.transaction():
            self._frontier.update(row.id, state="failed", reason=reason, run=self._run, due=now + DAY)
            self._frontier.event(row.id, self._run, now, "failed", {"reason": reason, "archive": self._server.address})
        self._told(row, "failed", now, reason=reason)

    async def _memento(self, client: Client, row: Row, line: CdxLine) -> tuple[str, Original | Refused]:
        url = self._server.memento_url(line)
        for _ in range(_REDIRECTS + 1):
            request = self._request(row._replace(url=url, capture_record=None))
            result = await self._asked(client, row.source, request)
            found = read_memento(url, line, result)
            if not isinstance(found, Redirected):
                return url, found
            url = found.url
        return url, Refused(f"the archive redirects more than {_REDIRECTS} times")

    async def _keep(self, row: Row, line: CdxLine, url: str, found: Original) -> None:
        scope, now = self._scopes[row.source], self._clock.now()
        result = found.result
        listed = f"sha1:{line.digest}" if line.digest and ":" not in line.digest else line.digest
        fits = digest_fits(listed, result.payload) if listed else None
        evidence = {
            "archive": self._server.address,
            "archive_url": url,
            "captured_at": found.captured_at.isoformat(),
            "listed_digest": line.digest,
            "digest": None if fits is None else "as the archive lists it" if fits else "another than the archive lists",
        }
        here = row._replace(url=line.url)
        settled = settlement(here, result, scope.crawl, now, self._dice)
        read = reading(result, row.kind, scope, self._sources) if settled.step == "settled" else Reading()
        memento = Memento(url, now)
        is_kept_out = await self._recorder.keeps_out(result)
        answer = Answer(here, result, settled, read, found.captured_at.timestamp(), evidence, memento, is_kept_out)
        state = await self._recorder.record(answer)
        with self._frontier.transaction():
            self._mementos.note_outcome(row, line, REASON if is_kept_out else TAKEN)
        self._told(row, state, now, status=result.status, archive_url=url)

    # Requests

    async def _asked(self, client: Client, source: str, request: FetchRequest) -> FetchResult:
        """The final answer of the archive. Raises LeaveHost, Stopped, BudgetSpent, _RefusedByRobots."""
        host = origin_of(request.url).partition("://")[2]
        asking = _asking(source, request.url, host, self._run)
        while True:
            self._check_budget(source)
            rules = await self._robots(client, asking)
            verdict = rules.verdict(request.url)
            if rules.outcome == "unreachable":
                raise LeaveHost(verdict.reason, rules.expires_at.timestamp())
            if not verdict.allowed:
                line = f"line {verdict.line_number}: {verdict.line_text}" if verdict.line_number else verdict.reason
                raise _RefusedByRobots(f"robots.txt of {host} forbids it ({line})")
            delay = rules.crawl_delay.seconds if rules.crawl_delay else 0.0
            result, _ = await self._fetch(client, host, source, request, delay)
            pace = self._frontier.pace(host)
            settled = settlement(asking, result, self._scopes[source].crawl, self._clock.now(), self._dice, pace.failures)
            is_trouble = settled.step == "again" or settled.host_due is not None
            not_before = max(pace.not_before, settled.host_due or 0.0)
            changed = pace._replace(not_before=not_before, failures=pace.failures + 1 if is_trouble else 0)
            self._frontier.set_pace(host, changed._replace(reason=settled.reason if settled.host_due is not None else None))
            self._frontier.note_request(self._run, source, result.wire_bytes, requests=0)
            self._frontier.write_paces()  # an archive that asked to be left alone is left alone by the next run too
            if settled.step != "again":
                if is_trouble:
                    raise LeaveHost(settled.reason or "no answer", max(settled.due, settled.host_due or 0.0))
                return result
            self._log.write(self._clock.now(), "again", url=request.url, reason=settled.reason, due=settled.due)
            asking = asking._replace(attempts=asking.attempts + 1)
            await self._pause(settled.due - self._clock.now() if settled.host_due is None else 0.0)


def _asking(source: str, url: str, host: str, run: str) -> Row:
    """A request to the archive in the form of an address of the frontier, in which it does not stand."""
    return Row(0, source, url, url, host, "listing", 0, 0, "archive", None, "pending", None, run, 0.0, 0, *(None,) * 8)
