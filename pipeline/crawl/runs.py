"""A crawl from lock to closing account: begun anew or continued, reconciled with the archive, closed."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import json
import random
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline import __version__
from pipeline.archive.lock import raw_lock
from pipeline.archive.recovery import recovered
from pipeline.collecting import rarely_collected
from pipeline.config import Settings
from pipeline.crawl.account import SourceAccount, account_data, account_table, source_account, write_account
from pipeline.crawl.canonical import NotAnAddress
from pipeline.crawl.crawler import ClientFactory, Crawler, Manner
from pipeline.crawl.frontier import Frontier
from pipeline.crawl.heap import keep_heap
from pipeline.crawl.log import RunLog
from pipeline.crawl.politeness import Clock, SystemClock
from pipeline.crawl.reconcile import reconciled
from pipeline.crawl.recorder import Recorder
from pipeline.crawl.scope import InScope, Scope, claiming
from pipeline.errors import ConfigError, PartlyFailed, UsageError
from pipeline.forgetting.keeping import keeper_of
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import Source

RUNS: Final = "runs"
CONTINUED_SECONDS: Final = 24 * 3600.0
"""A run that was cut short is continued within a day; after that its listings are stale and a new run begins."""
_CONTACT: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+|https?://[^\s<>()]+\.[^\s<>()]+")

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


def warc_info(manner: Manner, run: str) -> dict[str, str]:
    """What the warcinfo of each file says of the run."""
    return {"http-header-user-agent": manner.user_agent, "robots": "obey", "run": run}


def user_agent(contact: str | None) -> str:
    """The User-Agent of a live crawl. Raises ConfigError without a contact a publisher could write to."""
    if not contact:
        raise ConfigError(
            'no contact address: a publisher must be able to reach you; set contact = "you@your-domain" under [crawl] in'
            " praktyki.toml, or PRAKTYKI_CONTACT"
        )
    contact = contact.strip()
    if not _CONTACT.fullmatch(contact) or not contact.isascii():
        raise ConfigError(f"contact {contact!r} is neither an e-mail nor a web address")
    return f"praktyki/{__version__} (+{contact})"


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

    ``make_run`` makes a run of another kind (`pipeline.crawl.archives`).
    Raises ConfigError without a contact, UsageError for a source that is unknown or cannot be crawled, LockHeld, and
    ArchiveError when the disk fails.
    """
    means = means or Means()
    manner = means.manner or Manner(
        user_agent=user_agent(settings.crawl.contact),
        hosts_at_once=settings.crawl.hosts_at_once,
        min_delay_seconds=settings.crawl.min_delay_seconds,
        max_wait_seconds=settings.crawl.max_wait_seconds,
    )
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
            try:
                asyncio.run(_until_stopped(crawler, self._say))
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
        run = self._new_name(now)
        with self._frontier.transaction():
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
        for name in sorted(self._scopes):
            due = now if not self._means.everything_due else float("inf")
            self._frontier.execute(
                "UPDATE addresses SET state = 'pending', attempts = 0, reason = NULL, due = 0"
                " WHERE source = ? AND run != ? AND due <= ? AND state NOT IN ('pending', 'out_of_scope')",
                *(name, run, due),
            )
            self._frontier.execute(
                "UPDATE addresses SET state = 'pending', reason = NULL WHERE source = ? AND run = ? AND state = 'deferred'"
                " AND due <= ?",
                *(name, run, now),
            )

    def _enter_rules(self, run: str) -> None:
        """Enters the seeds; addresses are judged anew where the rules of a source have changed."""
        for name, scope in sorted(self._scopes.items()):
            known = next(self._frontier.rows("SELECT fingerprint FROM rules WHERE source = ?", name), None)
            if known is not None and known[0] != scope.fingerprint:
                self._judge_again(scope, run)
            self._frontier.execute("INSERT OR REPLACE INTO rules VALUES (?, ?)", name, scope.fingerprint)
            for address in scope.seeds.values():
                judged = scope.judged(address.url, "seed", 0)
                if isinstance(judged, InScope) and not self._keeper.names_person(address.url):
                    self._frontier.add(
                        source=name,
                        key=address.key,
                        url=address.url,
                        host=address.host,
                        kind=judged.kind,
                        depth=0,
                        origin="seed",
                        found_on=None,
                        run=run,
                    )

    def _judge_again(self, scope: Scope, run: str) -> None:
        """The rules of the source changed: what was out of scope may be in, what is known may be out."""
        last = 0
        while rows := list(self._frontier.addresses("source = ? AND id > ? ORDER BY id LIMIT 1000", scope.name, last)):
            last = rows[-1].id
            for row in rows:
                origin: Any = row.origin
                judged = scope.judged(row.url, origin, row.depth)
                if isinstance(judged, InScope) and row.state == "out_of_scope":
                    self._frontier.update(row.id, state="pending", kind=judged.kind, reason=None, due=0.0)
                elif not isinstance(judged, InScope) and row.state != "out_of_scope" and row.origin != "seed":
                    self._frontier.update(row.id, state="out_of_scope", reason=judged.reason, run=run)
        self._frontier.execute(
            "UPDATE addresses SET etag = NULL, last_modified = NULL WHERE source = ? AND kind IN ('listing', 'sitemap')",
            scope.name,
        )

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


def scopes_of(sources: Sequence[Source], names: Sequence[str], seeds: Sequence[str], say: Say) -> dict[str, Scope]:
    """The scopes of the run with the seeds each source takes. A seed that no source takes is said."""
    by_name = {source.name: source for source in sources}
    for name in names:
        if name not in by_name:
            raise UsageError(f"no source {name!r}; there are {', '.join(sorted(by_name))}")
        if by_name[name].facts.crawl is None:
            raise UsageError(f"source {name} has no [crawl] table in {by_name[name].files[0].name} and cannot be crawled")
    chosen = sorted(names) if names else sorted(name for name, source in by_name.items() if source.facts.crawl is not None)
    given: dict[str, list[str]] = {name: [] for name in chosen}
    for seed in seeds:
        try:
            owner = claiming(seed, sources)
        except NotAnAddress as error:
            say(f"seed {seed[:200]!r}: {error}; left out")
            continue
        if owner is None:
            say(f"seed {seed}: no source claims this address; left out")
        elif owner.name not in given:
            say(f"seed {seed}: belongs to source {owner.name}, which this run does not crawl; left out")
        else:
            given[owner.name].append(seed)
    try:
        return {name: Scope(by_name[name].loaded(), given[name]) for name in chosen}
    except NotAnAddress as error:
        raise ConfigError(f"a seed of the sources: {error}") from error


async def _until_stopped(crawler: Crawler, say: Say) -> None:
    keep_heap()
    with _stop_signals(crawler, say):
        await crawler.run()


@contextlib.contextmanager
def _stop_signals(crawler: Crawler, say: Say) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the run cleanly; a second Ctrl-C at once."""
    loop = asyncio.get_running_loop()
    caught: list[signal.Signals] = []

    def stop(which: signal.Signals) -> None:
        loop.remove_signal_handler(which)
        say(f"{which.name}: stopping; what was fetched is kept, the rest is left to the next run")
        crawler.stop()

    if threading.current_thread() is threading.main_thread():
        for which in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(which, stop, which)
            caught.append(which)
    try:
        yield
    finally:
        for which in caught:
            loop.remove_signal_handler(which)


def http_clients(*, allow_loopback: bool) -> ClientFactory:
    """What fetches, from addresses that the guard lets pass."""
    from pipeline.crawl.guard import AddressGuard
    from pipeline.crawl.transport import HttpClient

    guard = AddressGuard(allow_loopback=allow_loopback)
    return lambda: HttpClient(guard)
