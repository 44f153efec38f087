"""Ctrl-C and requests to end: one exception in the process that runs a command, nothing in its workers, which it ends."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_AGAIN_SECONDS = 0.05
_heard = threading.Event()
_settled = threading.Event()


class _Request(KeyboardInterrupt):
    """A request to end, as it is raised. One that is gone before anybody made an end was lost, and is raised once more.

    Imports and libraries in C swallow exceptions, and what ``__del__`` or a callback raises is only printed.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def __del__(self) -> None:
        if not _settled.is_set():
            _thread.start_new_thread(_ask_again, (self._number,))  # inside this method it would be lost again


def _ask_again(number: int) -> None:
    time.sleep(_AGAIN_SECONDS)
    if not _settled.is_set():
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def end_on_request() -> None:
    """From now on a request to end (of a service manager, of a terminal that closes) is what Ctrl-C is: KeyboardInterrupt.

    One that whoever started this process wants it not to hear, with ``nohup`` say, stays unheard.
    """
    for which in _REQUESTS:
        if signal.getsignal(which) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(which, _interrupt)


def heed() -> None:
    """Raises KeyboardInterrupt once more when a request came and was lost."""
    if _heard.is_set():
        raise KeyboardInterrupt


@contextmanager
def settling() -> Iterator[None]:
    """Around what a command does: what is raised inside reaches its end, so that a request is lost no more after it."""
    try:
        yield
    finally:
        _settled.set()


@contextmanager
def held_back() -> Iterator[None]:
    """What comes inside is raised after it: for work that leaves processes nobody knows when it is cut short."""
    if threading.current_thread() is not threading.main_thread():  # no other hears signals
        yield
        return
    came: list[int] = []
    before = {which: signal.getsignal(which) for which in _REQUESTS}
    for which in before:
        signal.signal(which, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, signal.SIG_DFL if handler is None else handler)
        if came:
            signal.raise_signal(came[0])


@contextmanager
def unheard_by_children() -> Iterator[None]:
    """Processes that are started inside do not hear Ctrl-C, which a terminal sends to them too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_none() -> None:
    """Has this worker process not hear Ctrl-C."""
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _heard.set()
    raise _Request(number)
