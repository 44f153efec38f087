"""Limits on the time that a page may take: in the main thread, in others, and in libraries that no exception can stop.

Processor time is what counts: on a busy machine a page is no heavier, and what is extracted must not depend on what else runs.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple

from pipeline.errors import PageTooHeavy

_STANDS_STILL: Final = 20
"""How many times its processor time a trial may last: more than any busy machine makes of it."""
_SHORTEST_WAIT: Final = 0.002
"""Seconds between two looks at a thread whose time is nearly over."""
_LOOKS_EVERY: Final = 20.0
"""Seconds after which the watch looks again when nothing is to be watched, so that a page seldom has to wake it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises PageTooHeavy inside the block once it has taken ``seconds`` of processor time."""
    if threading.current_thread() is not threading.main_thread():
        with _thread_limit(seconds):  # a Dask worker runs its tasks in a thread of its own
            yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise page_took(seconds)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def page_took(seconds: float) -> PageTooHeavy:
    """The error of a page that was stopped after so many seconds."""
    return PageTooHeavy(f"page took longer than {seconds:g} s of processor time")


class _OutOfTime(PageTooHeavy):
    """What the watch raises in another thread: Python makes the instance there, without words."""


class _Watched(NamedTuple):
    """A thread: when its time can be over at the earliest, what tells its processor time, and what that must come to."""

    due: float
    used: Callable[[], float]
    until: float


class _Watch:
    """One thread that watches all others: a timer for each page would be a thread for each page."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: dict[int, _Watched] = {}
        self._sleeps_until: float | None = None

    def begin(self, thread: int, seconds: float, used: Callable[[], float]) -> None:
        """Has ``_OutOfTime`` raised in the thread once it has ``used`` so many seconds more, unless it ends before."""
        due = time.monotonic() + seconds
        with self._changed:
            self._watched[thread] = _Watched(due, used, used() + seconds)
            if self._sleeps_until is None:
                self._sleeps_until = due
                threading.Thread(target=self._watch, name="time limit", daemon=True).start()
            elif due < self._sleeps_until:
                self._changed.notify()

    def end(self, thread: int) -> None:
        """The thread is done, or was stopped; an exception that has not reached it yet is taken back."""
        with self._changed:
            if self._watched.pop(thread, None) is None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for thread, watched in [*self._watched.items()]:
                    if watched.due <= now:
                        self._stop_or_wait(thread, watched, now)
                self._sleeps_until = min((one.due for one in self._watched.values()), default=now + _LOOKS_EVERY)
                self._changed.wait(self._sleeps_until - now)

    def _stop_or_wait(self, thread: int, watched: _Watched, now: float) -> None:
        left = watched.until - watched.used()
        if left > 0:
            self._watched[thread] = watched._replace(due=now + max(left, _SHORTEST_WAIT))
            return
        del self._watched[thread]
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_OutOfTime))


_the_watch: Final = _Watch()


@contextlib.contextmanager
def _thread_limit(seconds: float) -> Iterator[None]:
    thread = threading.get_ident()
    _the_watch.begin(thread, seconds, _clock_of(thread))
    try:
        yield
    except _OutOfTime:
        raise page_took(seconds) from None
    finally:
        _the_watch.end(thread)


def _clock_of(thread: int) -> Callable[[], float]:
    """What tells the processor time that a thread, while it lives, has used; where the system does not, time as it passes."""
    if not hasattr(time, "pthread_getcpuclockid"):  # macOS
        return time.monotonic
    return partial(time.clock_gettime, time.pthread_getcpuclockid(thread))


def ends_within(seconds: int, work: Callable[[], object]) -> bool:
    """Whether ``work`` ends within so many seconds of processor time, tried in a copy of this process.

    For libraries in C: the exception of `time_limit` is raised once they return, and the copy can be ended at any point. Its
    memory is this process's own until it writes, so that the trial costs some milliseconds beside the work itself.
    """
    parent, ended = os.getpid(), 1
    child, status = 0, None
    try:
        child = os.fork()
        if child == 0:
            _hold_to(seconds)
            work()
            ended = 0
        else:
            _, status = os.waitpid(child, 0)
    finally:
        if os.getpid() != parent:
            os._exit(ended)  # nothing of this process may be done twice: no exit handlers, no buffers written
        if child and status is None:  # the page's own time is over, or the run was interrupted
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return status == 0


def _hold_to(seconds: int) -> None:
    """Has the system end this copy after so many seconds of processor time; after many times that if it stands still.

    A copy has no other thread, so that it may wait for ever for what one of them held.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_STANDS_STILL * seconds)
