"""Runs functions over many tasks: in this process, in a pool of worker processes, or on a Dask cluster.

Stages know nothing of it: they hand out module-level functions and tasks that can be pickled between our own processes. Tasks
are handed out a window at a time, results come back in the order of the tasks. When a worker dies, the tasks it may have been
working on are run again one by one; the one that kills its worker again is given up as lost, the rest is done.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from bisect import insort
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, Protocol, Self, TypeVar

from pipeline.collecting import end_at_once, give_back_memory
from pipeline.config import EngineName, Settings
from pipeline.forks import are_forked, context, forked_from, give_up
from pipeline.interrupts import hear_none, heed, held_back

Task = TypeVar("Task")
Result = TypeVar("Result")
Initializer = Callable[[], None]

_WINDOW_PER_WORKER = 3


class Call(NamedTuple):
    """A task that names its own function, for work of several kinds at once: `called` does it."""

    function: Callable[[Any], Any]
    argument: Any


def called(call: Call) -> Any:
    """What the function of a call yields."""
    return call.function(call.argument)


def largest_first(tasks: Iterable[Task], size: Callable[[Task], int], ahead: int) -> Iterator[Task]:
    """The tasks, always the largest of the next ``ahead``, so that small ones are left for the end and workers end together."""
    upcoming = iter(tasks)
    waiting = [*islice(upcoming, ahead)]
    waiting.sort(key=size)
    while waiting:
        yield waiting.pop()
        for task in islice(upcoming, 1):
            insort(waiting, task, key=size)


class Pool(Protocol):
    """Where tasks run. ``deaths``: exceptions by which a task tells that its worker died."""

    deaths: tuple[type[BaseException], ...]

    def submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        """Hands out a task. Raises one of ``deaths`` when the pool is broken."""

    def alone(self, function: Callable[[Task], Result], task: Task) -> Result:
        """Runs a task with nothing else under way that its death could take along."""

    def renew(self) -> None:
        """Makes the pool whole again after a death."""

    def close(self) -> None:
        """Ends the workers."""


class Workers:
    """The workers of one run. Use as a context manager; they are started by the first task and end with the run."""

    def __init__(
        self,
        engine: EngineName = "serial",
        count: int = 1,
        initializer: Initializer | None = None,
        scheduler: str | None = None,
        ready: str | None = None,
    ) -> None:
        """``initializer`` is run in every worker first. ``scheduler``: address of a Dask scheduler, None for a cluster here.

        ``ready``: the module that loads what workers need (`forks`), None where that is little.
        """
        self.count = count if engine != "serial" else 1
        self.is_serial = engine == "serial"
        self._engine = engine
        self._initializer = initializer
        self._scheduler = scheduler
        self._ready = ready if scheduler is None else None
        self._loading = contextlib.ExitStack()
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        self._loading.enter_context(self.loading())
        return self

    def __exit__(self, *_exception: object) -> None:
        with self._loading:
            if self._pool is not None:
                self._pool.close()

    def results(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        lost: Callable[[Task], Result],
    ) -> Iterator[Result]:
        """``function(task)`` for every task, in order. ``lost(task)`` stands in for a task that kills its worker.

        Exceptions of ``function`` are raised here.
        """
        if self.is_serial:
            for task in tasks:
                heed()
                yield _done(function, task)
            return
        yield from _pooled(self._started(), self.count * _WINDOW_PER_WORKER, partial(_done, function), iter(tasks), lost)

    def loading(self) -> AbstractContextManager[None]:
        """Has what workers need loaded from now on, before these are asked for anything: while this process loads its part."""
        if self._ready is None or self.is_serial:
            return contextlib.nullcontext()
        return forked_from(*["distributed"] * (self._engine == "dask"), self._ready)

    @property
    def are_loading(self) -> bool:
        """Whether another process loads what workers need, and none is started: meanwhile this one has time for tasks."""
        return not self.is_serial and self._pool is None and are_forked()

    def rest(self) -> None:
        """Ends worker processes until the next task: what they have learnt for tasks of one kind is no help to another."""
        if isinstance(self._pool, _Processes):
            self._pool.close()
            self._pool = None

    def _started(self) -> Pool:
        if self._pool is None:
            if self._engine == "dask":
                from pipeline.cluster import DaskPool

                self._pool = DaskPool(self.count, self._initializer, self._scheduler)
            else:
                self._pool = _Processes(self.count, self._initializer)
        return self._pool


def _done(function: Callable[[Task], Result], task: Task) -> Result:
    """The result of a task whose memory is given back."""
    result = function(task)
    give_back_memory()
    return result


def apart(function: Callable[[Task], Result], task: Task, initializer: Initializer | None = None) -> Result:
    """``function(task)``, done by a process of its own, which runs ``initializer`` first: what it takes of memory goes with it.

    Where none can be started, or it dies, the work is done here.
    """
    processes = _Processes(1, initializer)
    try:
        return processes.submit(function, task).result()
    except processes.deaths:
        return function(task)
    finally:
        processes.close()


def workers_of(settings: Settings, initializer: Initializer | None = None, ready: str | None = None) -> Workers:
    """The workers that the settings ask for."""
    return Workers(settings.engine, settings.worker_count, initializer, settings.scheduler, ready)


def results(
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    *,
    engine: EngineName,
    workers: int,
    initializer: Initializer | None = None,
    lost: Callable[[Task], Result],
) -> Iterator[Result]:
    """`Workers.results` with workers that end with the last task."""
    with Workers(engine, workers, initializer) as pool:
        yield from pool.results(function, tasks, lost)


class _Processes:
    deaths: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, count: int, initializer: Initializer | None) -> None:
        self._count = count
        self._initializer = initializer
        self._pool: Executor = self._made(count)

    def submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        try:
            with held_back():  # a worker that is being started would wait for tasks for ever
                return self._pool.submit(function, task)
        except (OSError, EOFError) as error:  # what workers are forked from died while it loaded: they start by themselves
            give_up()
            raise BrokenProcessPool(f"no worker could be started ({error})") from error

    def alone(self, function: Callable[[Task], Result], task: Task) -> Result:
        with self._made(1) as pool:
            try:
                with held_back():
                    future = pool.submit(function, task)
            except (OSError, EOFError):
                if not are_forked():
                    raise
                give_up()  # what workers are forked from is dying: this one starts by itself
                return self.alone(function, task)
            return future.result()

    def renew(self) -> None:
        self.close()
        self._pool = self._made(self._count)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _made(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, mp_context=context(), initializer=_begun, initargs=(self._initializer,))


def _begun(initializer: Initializer | None) -> None:
    """What a worker process begins with."""
    hear_none()
    end_at_once()
    threading.Thread(target=end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer()


def end_with_parent() -> None:
    """Ends this worker when the run that started it was killed: nobody else would, it waits for tasks for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _pooled(
    pool: Pool,
    window: int,
    function: Callable[[Task], Result],
    tasks: Iterator[Task],
    lost: Callable[[Task], Result],
) -> Iterator[Result]:
    under_way: deque[tuple[Task, Future[Result]]] = deque()
    try:
        while True:
            heed()
            while len(under_way) < window:
                task = next(tasks, None)
                if task is None:
                    break
                under_way.append((task, _submitted(pool, function, task)))
            if not under_way:
                return
            try:
                result = under_way[0][1].result()
            except pool.deaths:
                wait([future for _, future in under_way])  # whatever else dies in this window does so now
                pool.renew()
                while under_way:
                    yield _kept_or_alone(pool, function, *under_way.popleft(), lost)
                continue
            under_way.popleft()
            yield result
    finally:
        for _, future in under_way:
            future.cancel()


def _submitted(pool: Pool, function: Callable[[Task], Result], task: Task) -> Future[Result]:
    try:
        return pool.submit(function, task)
    except pool.deaths as error:
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed


def _kept_or_alone(
    pool: Pool,
    function: Callable[[Task], Result],
    task: Task,
    future: Future[Result],
    lost: Callable[[Task], Result],
) -> Result:
    """The result of a task that was under way when a worker died: what it came to, else what it comes to alone."""
    with contextlib.suppress(*pool.deaths):
        return future.result()
    try:
        return pool.alone(function, task)
    except pool.deaths:
        return lost(task)
