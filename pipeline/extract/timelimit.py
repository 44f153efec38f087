"""Limits on the time that a page may take: in the main thread, in others, and in libraries that no exception can stop."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from pipeline.errors import PageTooHeavy

_LOOKS_EVERY: Final = 20.0
"""Seconds after which the watch looks again when nothing is to be watched, so that a page seldom has to wake it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises PageTooHeavy inside the block once it has taken ``seconds``."""
    if threading.current_thread() is not threading.main_thread():
        with _thread_limit(seconds):  # a Dask worker runs its tasks in a thread of its own
            yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise PageTooHeavy(f"page took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _OutOfTime(PageTooHeavy):
    """What the watch raises in another thread: Python makes the instance there, without words."""


class _Watch:
    """One thread that watches all others: a timer for each page would be a thread for each page."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[int, float] = {}
        self._sleeps_until: float | None = None

    def begin(self, thread: int, seconds: float) -> None:
        """Has ``_OutOfTime`` raised in the thread after so many seconds, unless it ends before."""
        due = time.monotonic() + seconds
        with self._changed:
            self._due[thread] = due
            if self._sleeps_until is None:
                self._sleeps_until = due
                threading.Thread(target=self._watch, name="time limit", daemon=True).start()
            elif due < self._sleeps_until:
                self._changed.notify()

    def end(self, thread: int) -> None:
        """The thread is done, or was stopped; an exception that has not reached it yet is taken back."""
        with self._changed:
            if self._due.pop(thread, None) is None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for thread in [thread for thread, due in self._due.items() if due <= now]:
                    del self._due[thread]
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_OutOfTime))
                self._sleeps_until = min(self._due.values(), default=now + _LOOKS_EVERY)
                self._changed.wait(self._sleeps_until - now)


_the_watch: Final = _Watch()


@contextlib.contextmanager
def _thread_limit(seconds: float) -> Iterator[None]:
    thread = threading.get_ident()
    _the_watch.begin(thread, seconds)
    try:
        yield
    except _OutOfTime:
        raise PageTooHeavy(f"page took longer than {seconds:g} s") from None
    finally:
        _the_watch.end(thread)


def ends_within(seconds: int, work: Callable[[], object]) -> bool:
    """Whether ``work`` ends within so many seconds of processor time, tried in a copy of this process.

    For libraries in C: the exception of `time_limit` is raised once they return, and the copy can be ended at any point. Its
    memory is this process's own until it writes, so that the trial costs some milliseconds beside the work itself.
    """
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            work()
            ended = 0
        finally:
            os._exit(ended)  # nothing of this process may be done twice: no exit handlers, no buffers written
    status = None
    try:
        _, status = os.waitpid(child, 0)
    finally:
        if status is None:  # the page's own time is over, or the run was interrupted
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return status == 0
