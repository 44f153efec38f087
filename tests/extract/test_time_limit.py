"""The limit on a page's time where it is read in a thread that is not the first, as on a Dask worker."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ending import ending

from pipeline.errors import PageTooHeavy
from pipeline.extract import timelimit
from pipeline.extract.timelimit import ends_within, time_limit


def stopped_after(seconds: float) -> str:
    try:
        with time_limit(seconds):
            while True:
                pass
    except PageTooHeavy as error:
        return str(error)


def untouched_for(seconds: float) -> str:
    end = time.monotonic() + seconds
    with time_limit(60):
        while time.monotonic() < end:
            pass
    return "done"


def test_a_page_that_takes_too_long_is_stopped_in_a_thread_of_its_own() -> None:
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(stopped_after, 0.05).result() == "page took longer than 0.05 s of processor time"
        assert thread.submit(stopped_after, 0.05).result() == "page took longer than 0.05 s of processor time"


def test_a_short_limit_counts_while_another_thread_has_a_long_one() -> None:
    with ThreadPoolExecutor(2) as threads:
        long = threads.submit(untouched_for, 0.3)
        assert threads.submit(stopped_after, 0.05).result() == "page took longer than 0.05 s of processor time"
        assert long.result() == "done"


def waits_longer_than(seconds: float) -> str:
    with time_limit(seconds):
        time.sleep(seconds * 1.5)
    return "done"


@pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="the system has no clock of a thread")
def test_what_others_do_meanwhile_is_no_time_of_a_page() -> None:
    assert waits_longer_than(0.3) == "done"
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(waits_longer_than, 0.3).result() == "done"
        assert thread.submit(stopped_after, 0.3).result() == "page took longer than 0.3 s of processor time"


def test_a_page_that_is_done_is_not_stopped_later() -> None:
    def pages() -> int:
        for _ in range(200):
            with time_limit(0.02):
                pass
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            pass
        return 200

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(pages).result() == 200


def test_one_thread_watches_all_pages() -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: untouched_for(0), range(50)))
        assert sum(thread.name == "time limit" for thread in threading.enumerate()) == 1


def test_an_exception_that_comes_too_late_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = timelimit._Watch()
    raised: list[object] = []
    monkeypatch.setattr(ctypes.pythonapi, "PyThreadState_SetAsyncExc", lambda _thread, what: raised.append(what))
    watch.begin(threading.get_ident(), 0.01, time.monotonic)
    while not raised:
        time.sleep(0.01)
    watch.end(threading.get_ident())
    assert len(raised) == 2
    assert raised[1] is None


def test_work_that_nothing_stops_is_tried_in_a_copy_of_the_process() -> None:
    done: list[str] = []
    assert ends_within(60, lambda: done.append("in the copy"))
    assert not done
    assert not ends_within(1, endless)
    assert not ends_within(60, failing)


def test_a_trial_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelimit, "_STANDS_STILL", 1)
    with ending():
        assert not ends_within(1, threading.Event().wait)


def test_a_trial_ends_with_the_time_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = os.fork
    children = []

    def noted() -> int:
        children.append(fork())
        if children[-1]:
            signal.setitimer(signal.ITIMER_REAL, 0.01)  # the page waits, and uses none of its own time
        return children[-1]

    def over(_signal: int, _frame: object) -> None:
        raise PageTooHeavy("over")

    monkeypatch.setattr(os, "fork", noted)
    before = signal.signal(signal.SIGALRM, over)
    try:
        with pytest.raises(PageTooHeavy, match="over"):
            ends_within(60, endless)
    finally:
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)


def test_a_copy_never_goes_on_as_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fork, told = os.fork, tmp_path / "copy"

    def interrupted() -> int:
        child = fork()
        if child == 0:  # what comes right after the fork, before anybody could look
            told.write_text(str(os.getpid()))
            raise KeyboardInterrupt
        return child

    monkeypatch.setattr(os, "fork", interrupted)
    here = os.getpid()
    assert not ends_within(60, endless)
    assert os.getpid() == here
    assert int(told.read_text()) != here


def endless() -> None:
    while True:
        pass


def failing() -> None:
    raise ValueError
