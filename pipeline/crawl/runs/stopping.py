"""A crawl that ends at a signal without losing what it has."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.crawl.crawler import Crawler


async def until_stopped(crawler: Crawler, say: Callable[[str], None]) -> None:
    """The run of a crawler; SIGTERM, SIGHUP and SIGINT end it soon."""
    with _stop_signals(crawler, say):
        await crawler.run()


@contextlib.contextmanager
def _stop_signals(crawler: Crawler, say: Callable[[str], None]) -> Iterator[None]:
    """SIGTERM, SIGHUP and Ctrl-C end the run cleanly, a second one at once; after it they do again what they did before."""
    loop = asyncio.get_running_loop()
    before: dict[signal.Signals, Any] = {}

    def stop(which: signal.Signals) -> None:
        loop.remove_signal_handler(which)
        say(f"{which.name}: stopping; what was fetched is kept, the rest is left to the next run")
        crawler.stop()

    if threading.current_thread() is threading.main_thread():
        for which in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            handler = signal.getsignal(which)
            if handler != signal.SIG_IGN:  # ``nohup`` keeps it away
                loop.add_signal_handler(which, stop, which)
                before[which] = handler
    try:
        yield
    finally:
        for which, handler in before.items():
            loop.remove_signal_handler(which)
            signal.signal(which, handler)
