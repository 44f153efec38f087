"""A crawl that ends at a signal without losing what it has."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

from pipeline.crawl.crawler import Crawler


async def until_stopped(crawler: Crawler, say: Callable[[str], None]) -> None:
    """The run of a crawler; SIGTERM and SIGINT end it soon."""
    with _stop_signals(crawler, say):
        await crawler.run()


@contextlib.contextmanager
def _stop_signals(crawler: Crawler, say: Callable[[str], None]) -> Iterator[None]:
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
