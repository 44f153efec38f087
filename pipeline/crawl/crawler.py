"""The crawl: one task a host, each asking politely for what the frontier holds for it, several hosts at once."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import functools
import itertools
from collections.abc import Mapping
from typing import Any, Final

from pipeline.crawl.fetcher import BudgetSpent, LeaveHost, PoliteFetcher, Stopped
from pipeline.crawl.ledger.tables import Pace, Row
from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.politeness.manner import Client
from pipeline.crawl.recording.entries import Answer
from pipeline.crawl.recording.settlement import Settlement, settlement
from pipeline.crawl.scoping.discovery import Reading, reading, watched
from pipeline.forgetting.keeping import REASON

STOP_SECONDS: Final = 3.0
"""How long a request under way may go on after a stop was asked for."""
ATTACHMENT_ACCEPT: Final = "*/*"


class Crawler(PoliteFetcher):
    """One run over the pending addresses of some sources."""

    async def run(self) -> None:
        """Returns when nothing is left that may be fetched now, or after a stop. Raises ArchiveError."""
        with watched():
            await self._run_hosts()

    async def _run_hosts(self) -> None:
        tasks: dict[str, asyncio.Task[None]] = {}
        stopped = asyncio.create_task(self._stop.wait())
        try:
            while not self.is_stopping:
                free = self._manner.hosts_at_once - len(tasks)
                waiting = (host for host in self._frontier.pending_hosts(self._names) if host not in tasks)
                for host in list(itertools.islice(waiting, free)):
                    tasks[host] = asyncio.create_task(self._host(host), name=host)
                if not tasks:
                    break
                found_host = self._recorder.entries.found_host
                found_host.clear()
                news = asyncio.create_task(found_host.wait())
                await asyncio.wait({*tasks.values(), stopped, news}, return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                for host in [host for host, task in tasks.items() if task.done()]:
                    tasks.pop(host).result()
            if tasks:
                await asyncio.wait(tasks.values(), timeout=STOP_SECONDS)
        finally:
            stopped.cancel()
            for task in tasks.values():
                task.cancel()
            ended = await asyncio.gather(*tasks.values(), return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _host(self, host: str) -> None:
        async with self._client() as client:
            while not self.is_stopping:
                now = self._clock.now()
                row = self._frontier.next_address(host, self._names, now)
                try:
                    if row is not None:
                        self._check_budget(row.source)
                        await self._visit(client, row)
                        continue
                    due = self._frontier.next_due(host, self._names)
                    if due is None:
                        return
                    if due - now > self._manner.max_wait_seconds:
                        self._defer("host = ?", "to be asked again later", due, host)
                        return
                    await self._pause(due - now)
                except Stopped:
                    return
                except BudgetSpent as spent:
                    self._defer("source = ?", str(spent), 0.0, spent.source)
                except LeaveHost as leave:
                    self._defer("host = ?", leave.reason, leave.due, host)
                    self._log.write(self._clock.now(), "host_left", host=host, reason=leave.reason, until=leave.due)

    def _defer(self, condition: str, reason: str, due: float, *values: Any) -> None:
        names = ", ".join(f"'{name}'" for name in self._names)  # names of sources: letters, digits, underscores
        with self._frontier.transaction():
            self._frontier.defer(self._run, reason, due, f"{condition} AND source IN ({names})", *values)

    async def _visit(self, client: Client, row: Row) -> None:
        rules = await self._robots(client, row)
        verdict = rules.verdict(row.url)
        evidence: dict[str, Any] = {
            "robots_line": verdict.line_number,
            "robots_text": verdict.line_text,
            "robots_reason": verdict.reason,
            "robots_fetched_at": _iso(verdict.fetched_at),
        }
        if rules.outcome == "unreachable":
            with self._frontier.transaction():
                self._frontier.event(row.id, self._run, self._clock.now(), "deferred", evidence)
            raise LeaveHost(verdict.reason, rules.expires_at.timestamp())
        if not verdict.allowed:
            now = self._clock.now()
            line = f"line {verdict.line_number}: {verdict.line_text}" if verdict.line_number else verdict.reason
            with self._frontier.transaction():
                self._frontier.update(row.id, state="robots", reason=line, run=self._run, due=0.0, attempts=0)
                self._frontier.event(row.id, self._run, now, "robots", evidence)
            self._told(row, "robots", now, reason=line)
            return
        delay = rules.crawl_delay.seconds if rules.crawl_delay else 0.0
        with self._recorder.coming():
            result, at = await self._fetch(client, row.host, row.source, self._request(row), delay)
            await self._settle(row, result, at, evidence)

    def _request(self, row: Row) -> FetchRequest:
        is_file = row.kind == "attachment"
        limits = self._manner.page_limits
        if is_file:
            largest = max(self._scopes[row.source].crawl.attachment_bytes, 1)
            limits = dataclasses.replace(self._manner.attachment_limits, wire_bytes=largest)
        conditional = row.capture_record is not None
        request = FetchRequest(
            url=row.url,
            user_agent=self._manner.user_agent,
            etag=row.etag if conditional else None,
            last_modified=row.last_modified if conditional else None,
            limits=limits,
        )
        return dataclasses.replace(request, accept=ATTACHMENT_ACCEPT) if is_file else request

    async def _settle(self, row: Row, result: FetchResult, at: float, evidence: Mapping[str, Any]) -> None:
        scope = self._scopes[row.source]
        pace = self._frontier.pace(row.host)
        settled = settlement(row, result, scope.crawl, self._clock.now(), self._dice, pace.failures)
        is_trouble = settled.step == "again" or settled.host_due is not None or result.status is None
        not_before = max(pace.not_before, settled.host_due or 0.0)
        reason = settled.reason if settled.host_due is not None else None
        failures = pace.failures + 1 if is_trouble else 0
        self._frontier.set_pace(row.host, Pace(pace.last_request, not_before, reason, failures))
        self._frontier.note_request(self._run, row.source, result.wire_bytes, requests=0)
        if settled.step == "again":
            with self._frontier.transaction():
                self._again(row, settled, result, at, evidence)
            self._told(row, "again", at, reason=settled.reason, due=settled.due)
            return
        is_page = settled.step == "settled" and result.failure is None and result.status == 200
        read = reading(result, row.kind, scope, self._sources) if is_page else Reading()
        is_kept_out = await self._recorder.keeps_out(result)
        state = await self._recorder.record(Answer(row, result, settled, read, at, evidence, is_kept_out=is_kept_out))
        reason = REASON if is_kept_out else settled.reason
        self._told(row, state, at, status=result.status, reason=reason, bytes=result.wire_bytes)

    def _again(self, row: Row, settled: Settlement, result: FetchResult, at: float, evidence: Mapping[str, Any]) -> None:
        self._frontier.update(row.id, attempts=row.attempts + 1, due=settled.due, reason=settled.reason or "")
        details = {**evidence, "url": row.url, "status": result.status, "reason": settled.reason, "again_at": settled.due}
        self._frontier.event(row.id, self._run, at, "again", details)

    def _told(self, row: Row, state: str, at: float, **details: Any) -> None:
        self._log.write(at, state, source=row.source, url=row.url, kind=row.kind, **details)
        self._progress(row.host, state)


@functools.lru_cache(maxsize=64)
def _iso(time: dt.datetime) -> str:
    """As ISO 8601; kept, since the same robots.txt is told of with page after page."""
    return time.isoformat()
