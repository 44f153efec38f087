"""Requests made politely: within the budget of a source, at the pace of a host, and as its robots.txt lets."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Pace, Row
from pipeline.crawl.log import RunLog
from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.politeness.manner import Client, ClientFactory, Manner
from pipeline.crawl.politeness.pace import PRODUCT_TOKEN, Clock, backoff_seconds, retry_after_seconds
from pipeline.crawl.politeness.robots import RobotsRules, origin_of
from pipeline.crawl.politeness.robots_lookup import RobotsLookup
from pipeline.crawl.recording.recorder import Recorder
from pipeline.crawl.recording.settlement import DAY
from pipeline.crawl.scoping.scope import Scope
from pipeline.sources.spec import Source

_RULES_REMEMBERED: Final = 64  # of half a megabyte at most, several times over once they are read


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


class PoliteFetcher:
    """What a run asks publishers with, whichever addresses it asks for."""

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
        """``progress`` is told of every settled address, by its host."""
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
        """Ends the run soon: nothing new is asked for, what is under way gets some seconds."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.is_set()

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
