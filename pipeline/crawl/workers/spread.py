"""One crawl over several worker processes; sources are split by host (`pipeline.crawl.workers.owners`).

The run itself asks nothing of anyone: it holds the lock, hands hosts out, passes on what workers ask of each other's hosts, and
closes the account. Hosts of a worker that dies are taken over once what it had archived is in the frontier.
"""

from __future__ import annotations

import functools
import multiprocessing
import socket
from collections.abc import Sequence
from multiprocessing.process import BaseProcess

from pipeline.archive.recovery import recovered
from pipeline.config import Settings
from pipeline.crawl.crawler import Crawler
from pipeline.crawl.log import RunLog
from pipeline.crawl.recording.reconcile import entered_late
from pipeline.crawl.recording.recorder import Recorder
from pipeline.crawl.runs.run import CrawlReport, Means, Run, Say, crawl
from pipeline.crawl.workers.owners import SpreadCrawler
from pipeline.crawl.workers.shared import Handed, SharedCounts
from pipeline.crawl.workers.worker import Task, work


def crawl_spread(
    settings: Settings, names: Sequence[str], say: Say, *, more_seeds: Sequence[str] = (), means: Means | None = None
) -> CrawlReport:
    """`runs.run.crawl` by ``settings.crawl.crawl_workers`` processes. Workers are handed no clock, dice, client or sources."""
    make_run = functools.partial(_SpreadRun, settings, tuple(names), tuple(more_seeds))
    return crawl(settings, names, say, more_seeds=more_seeds, means=means, make_run=make_run)


class _SpreadRun(Run):
    """One run whose hosts are asked by other processes."""

    def __init__(self, settings: Settings, names: tuple[str, ...], seeds: tuple[str, ...], *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]  # those of Run, handed on as they came
        self._settings = settings
        self._shared: SharedCounts | None = None
        self._task = Task(settings, names, seeds, self._manner, self._run, "", self._means.file_size)

    def crawled(self) -> CrawlReport:
        try:
            return super().crawled()
        finally:
            if self._shared is not None:
                self._shared.close()

    def _crawler(self, recorder: Recorder, log: RunLog, kind: type[Crawler] | None = None) -> Crawler:
        crawler = super()._crawler(recorder, log, kind or SpreadCrawler)
        if isinstance(crawler, SpreadCrawler):
            counts = {name: self._frontier.requests(self._run, name) for name in sorted(self._scopes)}
            shared = self._shared = SharedCounts.made(counts)
            mend = functools.partial(self._mended, recorder)
            crawler.spread(self._settings.crawl.crawl_workers, functools.partial(self._process, shared), mend, self._say)
        return crawler

    def _process(self, counts: SharedCounts, mark: str, sock: socket.socket) -> BaseProcess:
        arguments = (self._task._replace(mark=mark), sock, Handed(self.lock), Handed(counts.descriptor))
        # spawn: a worker starts clean, whatever this process has open.
        process = multiprocessing.get_context("spawn").Process(target=work, args=arguments, daemon=True)
        process.start()
        return process

    def _mended(self, recorder: Recorder, mark: str) -> None:
        """Brings in order what a worker has left that died."""
        for line in recovered(self._raw_dir, mark):
            self._say(line)
        entered_late(mark, self._raw_dir, self._frontier, recorder.entries, self._scopes, self._sources, self._run)
