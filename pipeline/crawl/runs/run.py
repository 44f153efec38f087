"""A crawl from lock to closing account: begun anew or continued, reconciled with the archive, closed."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.archive.lock import raw_lock
from pipeline.archive.recovery import recovered
from pipeline.collecting import rarely_collected
from pipeline.config import Settings
from pipeline.crawl.crawler import Crawler
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.queueing import enter_rules, requeue_due
from pipeline.crawl.log import RunLog
from pipeline.crawl.politeness.manner import ClientFactory, Manner, user_agent, warc_info
from pipeline.crawl.politeness.pace import Clock, SystemClock
from pipeline.crawl.recording.reconcile import reconciled
from pipeline.crawl.recording.recorder import Recorder
from pipeline.crawl.runs.account import SourceAccount, account_data, account_table, source_account, write_account
from pipeline.crawl.runs.clocks import forget_later_times, later_run, refuse_early
from pipeline.crawl.runs.heap import keep_heap
from pipeline.crawl.runs.stopping import until_stopped
from pipeline.crawl.scoping.scope import Scope, scopes_of
from pipeline.errors import PartlyFailed
from pipeline.forgetting.keeping import keeper_of
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import Source

RUNS: Final = "runs"
CONTINUED_SECONDS: Final = 24 * 3600.0
"""A run that was cut short is continued within a day; after that its listings are stale and a new run begins."""

Say = Callable[[str], None]


class CrawlReport(NamedTuple):
    """What a run did. ``outcome``: ``finished`` or ``stopped``."""

    run: str
    outcome: str
    accounts: list[SourceAccount]
    data: dict[str, Any]
    text: str
    exit_code: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Means:
    """What a run works with; tests and the demo bring their own.

    ``everything_due`` asks for every known address again. ``is_sample``: the sources answer with a sample of what they have,
    so that the numbers of rows they are expected to yield are not meant; the account says so.
    """

    client: ClientFactory | None = None
    clock: Clock = dataclasses.field(default_factory=SystemClock)
    dice: random.Random = dataclasses.field(default_factory=random.Random)
    manner: Manner | None = None
    sources: Sequence[Source] | None = None
    file_size: int | None = None
    everything_due: bool = False
    is_sample: bool = False
    progress: Callable[[str, str], None] = lambda _host, _state: None


def log_path(raw_dir: Path, run: str) -> Path:
    """The log of a run."""
    return raw_dir / RUNS / f"{run}.log"


def crawl(
    settings: Settings,
    names: Sequence[str],
    say: Say,
    *,
    more_seeds: Sequence[str] = (),
    means: Means | None = None,
    make_run: Callable[..., Run] | None = None,
) -> CrawlReport:
    """Crawls the named sources, all that can be when none is named; the closing account.

    ``make_run`` makes a run of another kind (`pipeline.crawl.webarchives.archives`).
    Raises ConfigError without a contact and for a clock that is surely wrong, UsageError for a source that is unknown or
    cannot be crawled, LockHeld, and ArchiveError when the disk fails.
    """
    means = means or Means()
    manner = means.manner or Manner(
        user_agent=user_agent(settings.crawl.contact),
        hosts_at_once=settings.crawl.hosts_at_once,
        min_delay_seconds=settings.crawl.min_delay_seconds,
        max_wait_seconds=settings.crawl.max_wait_seconds,
    )
    if not means.is_sample:
        refuse_early(means.clock.now())
    sources = list(means.sources) if means.sources is not None else discovered_sources(settings.sources_dir)
    scopes = scopes_of(sources, names, [*settings.crawl.seeds, *more_seeds], say)
    client = means.client or http_clients(allow_loopback=settings.crawl.allow_loopback)
    with rarely_collected(), raw_lock(settings.raw, say) as held:
        for line in recovered(settings.raw):
            say(line)
        with Frontier(settings.raw) as frontier:
            if frontier.set_aside is not None:
                say(f"{frontier.set_aside.name}: the frontier was damaged and set aside; it is made anew from the archive")
            run = (make_run or Run)(settings.raw, frontier, scopes, sources, manner, client, means, say)
            run.lock = held
            return run.crawled()


class Run:
    """One run under the lock. ``lock``: the descriptor that holds it."""

    lock = -1

    def __init__(
        self,
        raw_dir: Path,
        frontier: Frontier,
        scopes: dict[str, Scope],
        sources: Sequence[Source],
        manner: Manner,
        client: ClientFactory,
        means: Means,
        say: Say,
    ) -> None:
        self._raw_dir = raw_dir
        self._frontier = frontier
        self._scopes = scopes
        self._sources = sources
        self._manner = manner
        self._client = client
        self._means = means
        self._clock = means.clock
        self._say = say
        self._keeper = keeper_of(raw_dir)
        self._run, self._started = self._begun()

    def crawled(self) -> CrawlReport:
        recorder = Recorder(
            self._raw_dir,
            self._frontier,
            self._scopes,
            self._run,
            now=self._clock.now,
            info=warc_info(self._manner, self._run),
            file_size=self._means.file_size,
            keeper=self._keeper,
        )
        there = reconciled(self._raw_dir, self._frontier, recorder.entries, self._scopes, self._sources, self._run)
        if there.entered or there.requeued:
            self._say(f"archive: {there.entered} records entered late, {there.requeued} addresses queued again")
        with RunLog(log_path(self._raw_dir, self._run)) as log:
            log.write(self._clock.now(), "begin", run=self._run, sources=sorted(self._scopes), agent=self._manner.user_agent)
            crawler = self._crawler(recorder, log)
            keep_heap()
            try:
                asyncio.run(until_stopped(crawler, self._say))
            finally:
                recorder.finish()
            return self._closed("stopped" if crawler.is_stopping else "finished", log)

    def _crawler(self, recorder: Recorder, log: RunLog, kind: type[Crawler] = Crawler) -> Crawler:
        return kind(
            self._frontier,
            recorder,
            self._scopes,
            self._sources,
            self._run,
            client=self._client,
            clock=self._clock,
            manner=self._manner,
            log=log,
            dice=self._means.dice,
            progress=self._means.progress,
        )

    def _subject(self) -> list[str]:
        """What the run is about; only a run about the same is continued."""
        return sorted(self._scopes)

    def _begun(self) -> tuple[str, float]:
        now = self._clock.now()
        names = json.dumps(self._subject())
        open_run = next(
            self._frontier.rows(
                "SELECT run, started FROM runs WHERE outcome IN ('open', 'stopped') AND sources = ? AND started > ?"
                " ORDER BY started DESC LIMIT 1",
                *(names, now - CONTINUED_SECONDS),
            ),
            None,
        )
        last = next(self._frontier.rows("SELECT run FROM runs ORDER BY started DESC, run DESC LIMIT 1"), None)
        if open_run is not None and last is not None and open_run[0] == last[0]:
            self._say(f"run {open_run[0]} was cut short and is continued")
            with self._frontier.transaction():
                self._frontier.execute("UPDATE runs SET outcome = 'open', ended = NULL WHERE run = ?", open_run[0])
                self._enqueue(open_run[0], now)
            return open_run[0], open_run[1]
        later = later_run(self._frontier, now)
        if later is not None:
            self._say(later)
        run = self._new_name(now)
        with self._frontier.transaction():
            if later is not None:
                forget_later_times(self._frontier, now)
            self._frontier.execute("UPDATE runs SET outcome = 'abandoned' WHERE outcome IN ('open', 'stopped')")
            self._frontier.execute("INSERT INTO runs VALUES (?, ?, NULL, 'open', ?)", run, now, names)
            self._enqueue(run, now)
        return run, now

    def _new_name(self, now: float) -> str:
        name = dt.datetime.fromtimestamp(now, dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        taken = {run for (run,) in self._frontier.rows("SELECT run FROM runs WHERE run LIKE ?", f"{name}%")}
        return next(candidate for n in range(len(taken) + 1) if (candidate := f"{name}-{n}" if n else name) not in taken)

    def _enqueue(self, run: str, now: float) -> None:
        """Puts what is due into the queue: seeds, what is due again, what could not be had last time."""
        self._enter_rules(run)
        requeue_due(self._frontier, self._scopes, run, now, everything_due=self._means.everything_due)

    def _enter_rules(self, run: str) -> None:
        enter_rules(self._frontier, self._scopes, run, self._keeper)

    def _closed(self, outcome: str, log: RunLog) -> CrawlReport:
        ended = self._clock.now()
        accounts = [source_account(self._frontier, self._run, name) for name in sorted(self._scopes)]
        data = account_data(self._run, self._started, ended, outcome, accounts) | {"is_sample": self._means.is_sample}
        write_account(self._raw_dir / RUNS, data)
        with self._frontier.transaction():
            self._frontier.execute("UPDATE runs SET ended = ?, outcome = ? WHERE run = ?", ended, outcome, self._run)
        log.write(ended, "end", outcome=outcome, sources=data["sources"])
        troubles = [f"{account.source}: {account.trouble}" for account in accounts if account.trouble]
        lines = [account_table(accounts), *(f"failed: {trouble}" for trouble in troubles)]
        lines.append(f"run {self._run} {outcome}; raw/{RUNS}/{self._run}.json")
        exit_code = 130 if outcome == "stopped" else PartlyFailed.exit_code if troubles else 0
        return CrawlReport(self._run, outcome, accounts, data, "\n".join(lines), exit_code)


def http_clients(*, allow_loopback: bool) -> ClientFactory:
    """What fetches, from addresses that the guard lets pass."""
    from pipeline.crawl.network.guard import AddressGuard
    from pipeline.crawl.network.transport import HttpClient

    guard = AddressGuard(allow_loopback=allow_loopback)
    return lambda: HttpClient(guard)
