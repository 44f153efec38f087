"""The crawl: one task a host, each asking politely for what the frontier holds for it, several hosts at once."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

from pipeline.crawl.discovery import Reading, reading, watched
from pipeline.crawl.entries import Answer
from pipeline.crawl.exchange import FetchRequest, FetchResult
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.limits import ATTACHMENT_LIMITS, PAGE_LIMITS, Limits
from pipeline.crawl.log import RunLog
from pipeline.crawl.politeness import PRODUCT_TOKEN, Clock, backoff_seconds, retry_after_seconds
from pipeline.crawl.recorder import Recorder
from pipeline.crawl.robots import RobotsRules, origin_of
from pipeline.crawl.robots_lookup import RobotsLookup
from pipeline.crawl.scope import Scope
from pipeline.crawl.settlement import DAY, Settlement, settlement
from pipeline.crawl.tables import Pace, Row
from pipeline.forgetting.keeping import REASON
from pipeline.sources.spec import Source

STOP_SECONDS: Final = 3.0
"""How long a request under way may go on after a stop was asked for."""
ATTACHMENT_ACCEPT: Final = "*/*"
_RULES_REMEMBERED: Final = 64  # of half a megabyte at most, several times over once they are read


class Client(Protocol):
    """What fetches: `pipeline.crawl.transport.HttpClient`."""

    async def fetch(self, request: FetchRequest) -> FetchResult: ...


ClientFactory = Callable[[], AbstractAsyncContextManager[Client]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manner:
    """How the run behaves, whatever the source.

    ``max_wait_seconds``: a host that wants to be left alone for longer is left to a later run. ``min_delay_seconds``
    holds where a source asks for less.
    """

    user_agent: str
    hosts_at_once: int = 8
    min_delay_seconds: float = 0.0
    max_wait_seconds: float = 600.0
    page_limits: Limits = PAGE_LIMITS
    attachment_limits: Limits = ATTACHMENT_LIMITS


class LeaveHost(Exception):
    """The host is to be left alone until ``due``: its pending addresses are put off."""

    def __init__(self, reason: str, due: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.due = due


class BudgetSpent(Exception):
    """A source may not be asked any more in this run. The message says why."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(reason)
        self.source = source


class Stopped(Exception):
    """A stop was asked for before the request was made."""


class Crawler:
    """One run over the pending addresses of some sources. ``progress`` is told of every settled address, by its host."""

    def __init__(
        self,
        frontier: Frontier,
        recorder: Recorder,
        scopes: Mapping[str, Scope],
        sources: Sequence[Source],
        run: str,
        *,
        client: ClientFactory,
        clock: Clock,
        manner: Manner,
        log: RunLog,
        dice: random.Random,
        progress: Callable[[str, str], None] = lambda _host, _state: None,
    ) -> None:
        self._frontier = frontier
        self._recorder = recorder
        self._scopes = scopes
        self._names = sorted(scopes)
        self._sources = sources
        self._run = run
        self._client = client
        self._clock = clock
        self._manner = manner
        self._log = log
        self._dice = dice
        self._progress = progress
        self._stop = asyncio.Event()
        self._locks: dict[str, asyncio.Lock] = {}
        self._rules: dict[str, RobotsRules] = {}

    def stop(self) -> None:
        """Ends the run soon: nothing new is asked for, what is under way gets STOP_SECONDS."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.is_set()

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

    def _budget(self, source: str) -> float:
        """How many requests of a source a run may make."""
        return self._scopes[source].crawl.max_pages

    def _requests(self, source: str) -> int:
        """How many it has made."""
        return self._frontier.requests(self._run, source)

    def _check_budget(self, source: str) -> None:
        if self._requests(source) >= self._budget(source):
            raise BudgetSpent(source, f"the budget of {self._budget(source):g} requests a run is spent")

    def _count_request(self, source: str) -> None:
        """Counts a request that is about to be made. Raises BudgetSpent when it may not be."""
        self._check_budget(source)
        self._frontier.note_request(self._run, source)

    def _defer(self, condition: str, reason: str, due: float, *values: Any) -> None:
        names = ", ".join(f"'{name}'" for name in self._names)  # names of sources: letters, digits, underscores
        with self._frontier.transaction():
            self._frontier.defer(self._run, reason[:2000], due, f"{condition} AND source IN ({names})", *values)

    async def _visit(self, client: Client, row: Row) -> None:
        rules = await self._robots(client, row)
        verdict = rules.verdict(row.url)
        evidence: dict[str, Any] = {
            "robots_line": verdict.line_number,
            "robots_text": verdict.line_text,
            "robots_reason": verdict.reason,
            "robots_fetched_at": verdict.fetched_at.isoformat(),
        }
        if rules.outcome == "unreachable":
            with self._frontier.transaction():
                self._frontier.event(row.id, self._run, self._clock.now(), "deferred", evidence)
            raise LeaveHost(verdict.reason, rules.expires_at.timestamp())
        if not verdict.allowed:
            now = self._clock.now()
            line = f"line {verdict.line_number}: {verdict.line_text}" if verdict.line_number else verdict.reason
            with self._frontier.transaction():
                self._frontier.update(row.id, state="robots", reason=line[:2000], run=self._run, due=0.0, attempts=0)
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
        self._frontier.update(row.id, attempts=row.attempts + 1, due=settled.due, reason=(settled.reason or "")[:2000])
        details = {**evidence, "url": row.url, "status": result.status, "reason": settled.reason, "again_at": settled.due}
        self._frontier.event(row.id, self._run, at, "again", details)

    def _told(self, row: Row, state: str, at: float, **details: Any) -> None:
        self._log.write(at, state, source=row.source, url=row.url, kind=row.kind, **details)
        self._progress(row.host, state)

    async def _fetch(
        self, client: Client, host: str, source: str, request: FetchRequest, crawl_delay: float = 0.0
    ) -> tuple[FetchResult, float]:
        """The answer and when it was asked for. Raises LeaveHost, BudgetSpent, Stopped."""
        delay = max(self._scopes[source].crawl.delay_seconds, self._manner.min_delay_seconds, crawl_delay)
        lock = self._locks.get(host)
        if lock is None:
            lock = self._locks[host] = asyncio.Lock()
        async with lock:
            pace = self._frontier.pace(host)
            now = self._clock.now()
            # A clock that was set back since: a request cannot have been made in the future.
            wait = max(min(pace.last_request, now) + delay, pace.not_before) - now
            if wait > self._manner.max_wait_seconds:
                raise LeaveHost(pace.reason or f"one request in {delay:g} s is allowed", self._clock.now() + wait)
            if wait > 0:
                await self._pause(wait)
            if self.is_stopping:
                raise Stopped
            self._count_request(source)
            at = self._clock.now()
            pace = self._frontier.pace(host)
            self._frontier.set_pace(host, Pace(at, pace.not_before, pace.reason, pace.failures))
            if delay > 0:
                self._frontier.write_paces()  # before the request: a killed run must not forget that it asked
            return await client.fetch(request), at

    async def _robots(self, client: Client, row: Row) -> RobotsRules:
        origin = origin_of(row.url)
        rules = self._rules.get(origin)
        if rules is None:
            stored = self._frontier.robots_row(origin)
            rules = RobotsRules.from_row(stored) if stored is not None else None
        now = self._clock.now()
        self._remember(rules)
        if rules is not None and rules.token == PRODUCT_TOKEN and rules.is_fresh(_utc(now)):
            return rules
        lookup = RobotsLookup(origin, PRODUCT_TOKEN, previous=rules)
        fresh: RobotsRules | None = None
        while fresh is None:
            host = origin_of(lookup.url).partition("://")[2]
            result, at = await self._fetch_rules(client, host, row.source, lookup.request(self._manner.user_agent))
            fresh = lookup.feed(result, _utc(self._clock.now()))
            if fresh is not None and fresh.outcome == "unreachable":
                fresh = self._asked_later(row.host, fresh)
            is_kept_out = await self._recorder.keeps_out(result)
            if is_kept_out and fresh is not None:
                fresh = dataclasses.replace(fresh, body=self._recorder.keeper.without_lines(fresh.body))
            self._recorder.record_robots(row.source, result, at, fresh, is_kept_out=is_kept_out)
        self._remember(fresh)
        self._log.write(now, "robots_txt", source=row.source, origin=origin, outcome=fresh.outcome, reason=fresh.reason)
        return fresh

    async def _fetch_rules(self, client: Client, host: str, source: str, request: FetchRequest) -> tuple[FetchResult, float]:
        """As `_fetch`, of a robots.txt, which may stand at another host than the one it is for."""
        result, at = await self._fetch(client, host, source, request)
        if result.status in (429, 503):
            self._leave_alone(host, result)
        return result, at

    def _remember(self, rules: RobotsRules | None) -> None:
        """Keeps rules read, with what was worked out of them, for the next address of their origin."""
        if rules is not None and self._rules.get(rules.origin) is not rules:
            if len(self._rules) >= _RULES_REMEMBERED:
                self._rules.clear()
            self._rules[rules.origin] = rules

    def _asked_later(self, host: str, rules: RobotsRules) -> RobotsRules:
        """Unreachable rules, asked for again later the more often the host failed."""
        now = self._clock.now()
        wait = max(backoff_seconds(self._frontier.pace(host).failures + 1, self._dice), rules.expires_at.timestamp() - now)
        return dataclasses.replace(rules, expires_at=_utc(now + min(wait, DAY)))

    def _leave_alone(self, host: str, result: FetchResult) -> None:
        now = self._clock.now()
        pace = self._frontier.pace(host)
        asked = retry_after_seconds(result.header("Retry-After"), now)
        wait = asked if asked is not None else backoff_seconds(pace.failures + 1, self._dice)
        reason = f"robots.txt answered with status {result.status}"
        with self._frontier.transaction():
            self._frontier.set_pace(host, Pace(pace.last_request, now + wait, reason, pace.failures + 1))

    async def _pause(self, seconds: float) -> None:
        """Sleeps, or returns at once when a stop is asked for."""
        sleeping = asyncio.ensure_future(self._clock.sleep(max(seconds, 0.0)))
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({sleeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeping, stopping):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(sleeping, stopping, return_exceptions=True)


def _utc(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
