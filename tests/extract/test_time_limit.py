"""The limit on a page's time where it is read in a thread that is not the first, as on a Dask worker."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

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
        assert thread.submit(stopped_after, 0.05).result() == "page took longer than 0.05 s"
        assert thread.submit(stopped_after, 0.05).result() == "page took longer than 0.05 s"


def test_a_short_limit_counts_while_another_thread_has_a_long_one() -> None:
    with ThreadPoolExecutor(2) as threads:
        long = threads.submit(untouched_for, 0.3)
        assert threads.submit(stopped_after, 0.05).result() == "page took longer than 0.05 s"
        assert long.result() == "done"


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
    watch.begin(-1, 0.01)
    while not raised:
        time.sleep(0.01)
    watch.end(-1)
    assert len(raised) == 2
    assert raised[1] is None


def test_work_that_nothing_stops_is_tried_in_a_copy_of_the_process() -> None:
    done: list[str] = []
    assert ends_within(5, lambda: done.append("in the copy"))
    assert not done
    assert not ends_within(1, endless)
    assert not ends_within(5, failing)


def test_a_trial_ends_with_the_time_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    fork = os.fork
    children = []

    def noted() -> int:
        children.append(fork())
        return children[-1]

    monkeypatch.setattr(os, "fork", noted)
    with pytest.raises(PageTooHeavy, match=r"longer than 0\.05 s"), time_limit(0.05):
        ends_within(60, endless)
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)


def endless() -> None:
    while True:
        pass


def failing() -> None:
    raise ValueError
