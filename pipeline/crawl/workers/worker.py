"""A worker process of a crawl: it asks the hosts it is given, writes WARC files of its own, and enters what it archived.

It has the frontier open as the others have (SQLite in WAL takes one writer at a time, for the milliseconds of a commit). It
ends with the run that started it, however that ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import socket
import threading
import traceback
from collections.abc import Coroutine
from typing import Any, Final, NamedTuple

from pipeline.collecting import collect_rarely
from pipeline.config import Settings
from pipeline.crawl.crawler import Crawler
from pipeline.crawl.fetcher import BudgetSpent, LeaveHost, Stopped
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.log import RunLog
from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.politeness.manner import Client, Manner, warc_info
from pipeline.crawl.politeness.pace import SystemClock
from pipeline.crawl.recording.recorder import Recorder
from pipeline.crawl.runs.heap import keep_heap
from pipeline.crawl.runs.run import http_clients, log_path
from pipeline.crawl.scoping.discovery import watched
from pipeline.crawl.scoping.scope import scopes_of
from pipeline.crawl.workers.channel import (
    Answered,
    Asked,
    Asking,
    Channel,
    Failed,
    Finish,
    Finished,
    Found,
    Message,
    Serve,
    Served,
    Settled,
    Stop,
    Whole,
)
from pipeline.crawl.workers.shared import Handed, SharedCounts
from pipeline.engine import end_with_parent
from pipeline.errors import PraktykiError
from pipeline.forgetting.keeping import keeper_of
from pipeline.sources.discovery import discovered_sources
from pipeline.storage.hand import sending

_TOLD_EVERY_SECONDS: Final = 0.2


class Task(NamedTuple):
    """What a worker is told when it is started. ``mark``: its own part of the names of WARC files."""

    settings: Settings
    names: tuple[str, ...]
    seeds: tuple[str, ...]
    manner: Manner
    run: str
    mark: str
    file_size: int | None = None


def work(task: Task, sock: socket.socket, lock: Handed, counts: Handed) -> None:  # noqa: ARG001 - the lock is held, that is all
    """What the process does. ``lock`` keeps raw/ locked until the last worker has ended, whatever became of the run."""
    # Sent to all processes of a terminal or a service: the run tells us.
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    keep_heap()
    collect_rarely()
    asyncio.run(_worked(task, sock, counts.descriptor))


async def _worked(task: Task, sock: socket.socket, counts: int) -> None:
    channel = Channel(sock)
    try:
        await _crawled(task, channel, counts)
        channel.send(Finished())
    except PraktykiError as error:
        channel.send(Failed(str(error), is_ours=True))
    except Exception:  # noqa: BLE001 - told to the run, which raises it
        channel.send(Failed(traceback.format_exc(), is_ours=False))
    await channel.close()


async def _crawled(task: Task, channel: Channel, counts: int) -> None:
    settings, clock = task.settings, SystemClock()
    sources = discovered_sources(settings.sources_dir)
    scopes = scopes_of(sources, task.names, task.seeds, lambda _line: None)  # the run has said what there is to say
    with (
        Frontier(settings.raw, is_shared=True) as frontier,
        RunLog(log_path(settings.raw, task.run)) as log,
        sending(settings.raw, lambda path: channel.send(Whole(str(path)))),
    ):
        recorder = Recorder(
            settings.raw,
            frontier,
            scopes,
            task.run,
            now=clock.now,
            info=warc_info(task.manner, task.run),
            file_size=task.file_size,
            keeper=keeper_of(settings.raw),
            mark=task.mark,
        )
        crawler = HostCrawler(
            frontier,
            recorder,
            scopes,
            sources,
            task.run,
            client=http_clients(allow_loopback=settings.crawl.allow_loopback),
            clock=clock,
            manner=task.manner,
            log=log,
            dice=random.Random(),  # noqa: S311 - jitter
        )
        crawler.obey(channel, SharedCounts(counts, sorted(scopes)))
        try:
            await crawler.run()
        finally:
            recorder.finish()


class HostCrawler(Crawler):
    """Crawls the hosts that the run names."""

    _channel: Channel
    _counts: SharedCounts

    def obey(self, channel: Channel, counts: SharedCounts) -> None:
        """Says where orders come from, and where requests are counted. Before `run`."""
        self._channel = channel
        self._counts = counts
        self._owned: set[str] = set()
        self._alone: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers: dict[int, asyncio.Future[Answered]] = {}
        self._number = 0
        self._settled: list[tuple[str, str]] = []
        self._progress = self._note_settled

    async def run(self) -> None:
        """Returns when the run tells it to, or is gone. Raises what a host's task raised."""
        found = asyncio.create_task(self._tell_found())
        obeying = asyncio.create_task(self._obey())
        try:
            with watched():
                await asyncio.wait({obeying, self._broken}, return_when=asyncio.FIRST_COMPLETED)
                if self._broken.done():
                    self._broken.result()
                await obeying
        finally:
            for task in (found, obeying, *self._tasks):
                task.cancel()
            await asyncio.gather(found, obeying, *self._tasks, return_exceptions=True)
            self._tell_settled()

    async def _obey(self) -> None:
        async for message in self._channel.messages():
            match message:
                case Serve(host=host, is_alone=is_alone):
                    self._owned.add(host)
                    self._alone = host if is_alone else None
                    self._begin(self._host(host), Served(host))
                case Asked():
                    self._owned.add(message.host)
                    self._begin(self._ask(message))
                case Answered(number=number):
                    waiting = self._answers.pop(number, None)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(message)
                case Stop():
                    self.stop()
                case Finish():
                    return

    def _begin(self, work: Coroutine[Any, Any, None], then: Message | None = None) -> None:
        """Does ``work`` beside the rest, and tells when it is done."""

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if task.cancelled():
                return
            error = task.exception()
            if error is not None:
                if not self._broken.done():
                    self._broken.set_exception(error)
            elif then is not None:
                self._tell_settled()
                self._channel.send(then)

        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(done)

    async def _tell_found(self) -> None:
        found = self._recorder.entries.found_host
        while True:
            await found.wait()
            found.clear()
            self._channel.send(Found())

    def _note_settled(self, host: str, state: str) -> None:
        if not self._settled:
            asyncio.get_running_loop().call_later(_TOLD_EVERY_SECONDS, self._tell_settled)
        self._settled.append((host, state))

    def _tell_settled(self) -> None:
        if self._settled:
            self._channel.send(Settled(self._settled))
            self._settled = []

    # Requests

    async def _visit(self, client: Client, row: Row) -> None:
        """Where workers have died of this host, the run knows before which address it is that this one may die of."""
        if row.host == self._alone:
            await self._robots(client, row)  # kept from now on: what dies of the rules dies of no page
            self._channel.send(Asking(row.host, row.id))
            await self._channel.sent()
        await super()._visit(client, row)

    def _requests(self, source: str) -> int:
        return self._counts.of(source)

    def _count_request(self, source: str) -> None:
        if not self._counts.taken(source, self._budget(source)):
            self._check_budget(source)
        self._frontier.note_request(self._run, source)

    async def _fetch_rules(self, client: Client, host: str, source: str, request: FetchRequest) -> tuple[FetchResult, float]:
        """From a host that is another worker's through the run: only its owner asks a host."""
        if host in self._owned:
            return await super()._fetch_rules(client, host, source, request)
        self._number += 1
        waiting = self._answers[self._number] = asyncio.get_running_loop().create_future()
        self._channel.send(Asked(self._number, host, source, request))
        answer = await waiting
        if answer.result is not None:
            return answer.result, answer.at
        if answer.spent is not None:
            raise BudgetSpent(source, answer.spent)
        if answer.left is not None:
            raise LeaveHost(*answer.left)
        raise Stopped

    async def _ask(self, asked: Asked) -> None:
        """Asks one of our hosts in another worker's place."""
        answer = Answered(asked.number)
        with contextlib.suppress(Stopped):
            try:
                async with self._client() as client:
                    result, at = await super()._fetch_rules(client, asked.host, asked.source, asked.request)
                answer = Answered(asked.number, result, at)
            except BudgetSpent as error:
                answer = Answered(asked.number, spent=str(error))
            except LeaveHost as leave:
                answer = Answered(asked.number, left=(leave.reason, leave.due))
        self._frontier.write_paces()
        self._channel.send(answer)
