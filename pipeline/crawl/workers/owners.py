"""The hosts of a run handed out to worker processes: each has one owner among them until it dies."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from pipeline.crawl.crawler import Crawler
from pipeline.crawl.recording.settlement import DAY
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
from pipeline.crawl.workers.lonely import REASON, LonelyHosts
from pipeline.errors import ArchiveError, PraktykiError
from pipeline.storage.hand import whole

END_SECONDS: Final = 30.0
"""How long a worker may take to make its files whole; then it is killed, and the next run does it."""
MOST_DEATHS: Final = 3
"""Of a host under way when so many workers died, the last of them its own, that one's address is given up (`lonely`); the run
itself ends when so many die one after the other before they did anything."""


class _Died(Exception):
    """The worker that a host was given to is there no more."""


class _Worker:
    """A worker process as the run sees it."""

    def __init__(self, mark: str, process: BaseProcess, channel: Channel) -> None:
        self.mark = mark
        self.process = process
        self.channel = channel
        self.serving: dict[str, asyncio.Future[None]] = {}
        self.asked: dict[int, Asked] = {}
        self.has_worked = False
        self.is_alone = False  # for one host only
        self.is_ending = False
        self.is_finished = False
        self.is_over = False
        self.failure: Exception | None = None

    @property
    def load(self) -> int:
        """How many hosts it is asking."""
        return len(self.serving) + len(self.asked)


class SpreadCrawler(Crawler):
    """Has hosts asked by workers."""

    def spread(
        self,
        count: int,
        start: Callable[[str, socket.socket], BaseProcess],
        mend: Callable[[str], None],
        say: Callable[[str], None],
    ) -> None:
        """Says how many workers there are at most, how one is started, and what is done after one has died. Before `run`."""
        self._count = count
        self._start = start
        self._mend = mend
        self._say = say
        self._workers: list[_Worker] = []
        self._listening: set[asyncio.Task[None]] = set()
        self._owners: dict[str, _Worker] = {}
        self._deaths: Counter[str] = Counter()
        self._one_alone = asyncio.Lock()
        self._lonely = LonelyHosts(self._frontier, self._run)
        self._dead = 0
        self._died_idle = 0
        self._failure: Exception | None = None
        self._made = 0
        self._relayed = 0
        self._askers: dict[int, tuple[_Worker, int]] = {}

    def stop(self) -> None:
        super().stop()
        for worker in self._workers:
            worker.channel.send(Stop())

    async def run(self) -> None:
        """As of `Crawler`. Raises what a worker gave up for."""
        try:
            dead = -1
            while dead != self._dead and not self.is_stopping and self._failure is None:
                dead = self._dead  # of one that dies at its end something may be left to ask
                await self._run_hosts()
                await self._finished()
        except asyncio.CancelledError:
            for worker in self._workers:
                worker.process.kill()
            raise
        finally:
            await self._finished()
        if self._failure is not None:
            raise self._failure

    async def _host(self, host: str) -> None:
        if self._failure is not None:
            raise self._failure
        try:
            if self._deaths[host] < MOST_DEATHS - 1:
                await self._served(host, self._owner(host))
            else:
                async with self._one_alone:  # it may be this host that workers die of
                    await self._served_alone(host)
        except _Died:
            self._deaths[host] += 1
            if self._deaths[host] >= MOST_DEATHS:
                self._give_up(host)

    def _give_up(self, host: str) -> None:
        """Gives up the address that a host's own worker died of, else the host."""
        now = self._clock.now()
        row = self._lonely.died(host, now)
        if row is not None:
            self._told(row, "failed", now, reason=REASON)
        if row is not None and self._lonely.may_be_asked(host):
            self._deaths[host] = MOST_DEATHS - 1
            self._recorder.entries.found_host.set()
            return
        reason = f"worker processes died {self._deaths[host]} times while it was asked"
        self._defer("host = ?", reason, now + DAY, host)

    async def _served(self, host: str, worker: _Worker) -> None:
        """Returns when a worker has nothing left to ask a host for now. Raises _Died, and what it gave up for."""
        served = worker.serving[host] = asyncio.get_running_loop().create_future()
        worker.channel.send(Serve(host, is_alone=worker.is_alone))
        await served

    async def _served_alone(self, host: str) -> None:
        worker = self._owners[host] = self._new_worker()
        worker.is_alone = True
        await self._served(host, worker)
        worker.is_ending = True
        worker.channel.send(Finish())

    def _owner(self, host: str) -> _Worker:
        """The worker that asks a host: the same through the run, unless it dies."""
        worker = self._owners.get(host)
        if worker is None or worker.is_over or worker.is_ending:
            open_to_all = [one for one in self._workers if not one.is_alone]
            worker = min(open_to_all, key=lambda one: one.load, default=None)
            if worker is None or (worker.load and len(open_to_all) < self._count):
                worker = self._new_worker()
            self._owners[host] = worker
        return worker

    def _new_worker(self) -> _Worker:
        self._made += 1
        mark = f"w{self._made}"
        ours, theirs = socket.socketpair()
        process = self._start(mark, theirs)
        theirs.close()
        worker = _Worker(mark, process, Channel(ours))
        self._workers.append(worker)
        self._log.write(self._clock.now(), "worker", mark=mark, process=process.pid)
        listening = asyncio.create_task(self._listen(worker))
        self._listening.add(listening)
        listening.add_done_callback(self._listening.discard)
        return worker

    async def _listen(self, worker: _Worker) -> None:
        """Takes what a worker tells until it is gone; then lets nobody wait for it."""
        try:
            async for message in worker.channel.messages():
                self._take(worker, message)
        except Exception as error:  # noqa: BLE001 - raised by `run`, once the others have ended
            worker.failure = error
            worker.process.kill()
        await asyncio.to_thread(worker.process.join, END_SECONDS)
        if worker.process.exitcode is None:
            worker.process.kill()
            await asyncio.to_thread(worker.process.join)
        await worker.channel.close()
        worker.is_over = True
        self._workers.remove(worker)
        if worker.failure is not None:
            self._failure = self._failure or worker.failure
        elif not worker.is_finished:
            self._bury(worker)
        for served in worker.serving.values():
            if not served.done():
                served.set_exception(worker.failure or _Died())
        for asked in list(worker.asked.values()):
            self._deaths[asked.host] += 1
            self._relay(asked)

    def _bury(self, worker: _Worker) -> None:
        """A worker died: what it archived is entered; what it was asking is left to others."""
        self._dead += 1
        self._died_idle = 0 if worker.has_worked else self._died_idle + 1
        how = _how_ended(worker.process.exitcode)
        self._log.write(self._clock.now(), "worker_died", mark=worker.mark, process=worker.process.pid, how=how)
        self._say(f"worker process {worker.process.pid} {how}; {len(worker.serving)} hosts it was asking go to another")
        try:
            self._mend(worker.mark)
            if self._died_idle >= MOST_DEATHS:
                raise ArchiveError(  # noqa: TRY301 - held until the others have ended
                    f"{MOST_DEATHS} worker processes of the crawl ended before they did anything; run again with --workers 1"
                )
        except ArchiveError as error:
            self._failure = self._failure or error

    def _take(self, worker: _Worker, message: Message) -> None:
        worker.has_worked = True
        match message:
            case Served(host=host):
                served = worker.serving.pop(host, None)
                if served is not None and not served.done():
                    served.set_result(None)
            case Asking(host=host, number=number):
                self._lonely.asks(host, number)
            case Settled(addresses=addresses):
                for host, state in addresses:
                    self._progress(host, state)
            case Found():
                self._recorder.entries.found_host.set()
            case Whole(path=path):
                self._send(worker, Path(path))
            case Asked():
                self._relayed += 1
                self._askers[self._relayed] = (worker, message.number)
                self._relay(Asked(self._relayed, message.host, message.source, message.request))
            case Answered(number=number):
                worker.asked.pop(number, None)
                self._answer(number, message)
            case Finished():
                worker.is_finished = True
            case Failed(reason=reason, is_ours=is_ours):
                worker.failure = ArchiveError(reason) if is_ours else RuntimeError(f"a worker of the crawl gave up: {reason}")

    def _send(self, worker: _Worker, path: Path) -> None:
        """Tells that a file is whole, as a run without workers does. Where that fails the run ends, in good order."""
        try:
            whole(path)
        except PraktykiError as error:
            self._failure = self._failure or error
            for served in worker.serving.values():
                if not served.done():
                    served.set_exception(error)

    def _relay(self, asked: Asked) -> None:
        """Hands a request for a host to its owner. Where workers die of it, the host is left alone."""
        number, host = asked.number, asked.host
        if number not in self._askers:
            return
        if self._deaths[host] >= MOST_DEATHS or self.is_stopping or self._failure is not None:
            reason = f"worker processes died {MOST_DEATHS} times while {host} was asked"
            left = (reason, self._clock.now() + DAY) if self._deaths[host] >= MOST_DEATHS else None
            self._answer(number, Answered(number, left=left))
            return
        worker = self._owner(host)
        worker.asked[number] = asked
        worker.channel.send(asked)

    def _answer(self, number: int, answer: Answered) -> None:
        asker, its_number = self._askers.pop(number, (None, 0))
        if asker is not None and not asker.is_over:
            asker.channel.send(Answered(its_number, result=answer.result, at=answer.at, spent=answer.spent, left=answer.left))

    async def _finished(self) -> None:
        """Returns when every worker has made its files whole and ended."""
        for worker in self._workers:
            worker.channel.send(Finish())
        if self._listening:
            await asyncio.wait(self._listening, timeout=END_SECONDS)
        for worker in self._workers:
            worker.process.kill()
        if self._listening:
            await asyncio.wait(self._listening)


def _how_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed by signal {-code} ({signal.strsignal(-code)})"
    return f"ended with code {code}"
