"""Runs a function over many tasks: in this process or in a pool of worker processes.

Tasks are handed out a window at a time, results come back in the order of the tasks. When a worker dies, the tasks it
may have been working on are run again one by one; the one that kills its worker again is given up as lost, the rest is done.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pipeline.config import EngineName

Task = TypeVar("Task")
Result = TypeVar("Result")

_WINDOW_PER_WORKER = 3


def results(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    engine: EngineName,
    workers: int,
    initializer: Callable[[], None] | None = None,
    lost: Callable[[Task], Result],
) -> Iterator[Result]:
    """``function(task)`` for every task, in order. ``lost(task)`` stands in for a task that kills its worker.

    ``function`` and ``initializer`` are module-level, tasks and results can be pickled by the pool between our own
    processes. Exceptions of ``function`` are raised here.
    """
    if engine == "serial":
        for task in tasks:
            yield function(task)
        return
    yield from _pooled(function, iter(tasks), workers, initializer, lost)


def _pool(workers: int, initializer: Callable[[], None] | None) -> ProcessPoolExecutor:
    # spawn: a worker starts clean, whatever threads and locks this process holds.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=initializer)


def _pooled(
    function: Callable[[Task], Result],
    tasks: Iterator[Task],
    workers: int,
    initializer: Callable[[], None] | None,
    lost: Callable[[Task], Result],
) -> Iterator[Result]:
    pool = _pool(workers, initializer)
    under_way: deque[tuple[Task, Future[Result]]] = deque()
    try:
        while True:
            broken = False
            while len(under_way) < workers * _WINDOW_PER_WORKER:
                task = next(tasks, None)
                if task is None:
                    break
                try:
                    under_way.append((task, pool.submit(function, task)))
                except BrokenProcessPool:
                    failed: Future[Result] = Future()
                    failed.set_exception(BrokenProcessPool())
                    under_way.append((task, failed))
                    break
            if not under_way:
                return
            try:
                result = under_way[0][1].result()
            except BrokenProcessPool:
                broken = True
            if not broken:
                under_way.popleft()
                yield result
                continue
            pool.shutdown(cancel_futures=True)
            for task, future in under_way:
                yield _kept_or_alone(function, task, future, initializer, lost)
            under_way.clear()
            pool = _pool(workers, initializer)
    finally:
        pool.shutdown(cancel_futures=True)


def _kept_or_alone(
    function: Callable[[Task], Result],
    task: Task,
    future: Future[Result],
    initializer: Callable[[], None] | None,
    lost: Callable[[Task], Result],
) -> Result:
    if future.done() and not future.cancelled() and not isinstance(future.exception(), BrokenProcessPool):
        return future.result()
    with _pool(1, initializer) as alone:
        try:
            return alone.submit(function, task).result()
        except BrokenProcessPool:
            return lost(task)
