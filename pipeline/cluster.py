"""Tasks on a Dask cluster (extra ``cluster``): workers on this machine, or those of a scheduler that runs somewhere.

Workers on other machines need the same version of Praktyki, and see raw/, extracted/ and datasets/ under the same paths (a
network mount); raw/ may be an address (`pipeline.places`).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeVar

from pipeline.collecting import end_at_once
from pipeline.errors import ConfigError, PraktykiError
from pipeline.forks import context

Task = TypeVar("Task")
Result = TypeVar("Result")

_STARTS: Final = 3
_TRIES_ALONE: Final = 3
"""A task is given up when it loses its worker so often with nothing else under way: on a busy machine Dask loses one now and
then."""
_END_SECONDS: Final = 60
_HERE: Final = {
    "processes": True,
    "memory_limit": 0,  # the initializer sets a limit of its own
    "dashboard_address": None,
    "silence_logs": logging.CRITICAL,
}
_OURS: Final = {
    # One try: which of the tasks of a dead worker killed it is found out here, one by one.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.logging.distributed": "critical",
    # The next task lies ready when one is done, else a worker waits 4 ms for each; what lies behind a long one goes elsewhere.
    "distributed.scheduler.worker-saturation": 2.0,
    "distributed.scheduler.work-stealing-interval": "50ms",
    # A worker here that dies closes its connection; one that is silent has its processor taken by others.
    "distributed.scheduler.worker-ttl": None,
    # Nobody looks at what workers note of their own stacks every 10 ms, at how late their loops are, or at the machine's load.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    # Dask has the C library give back memory at once and fetch each large block anew; `engine` gives back what is much.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
# Asked for anew at each connection, so that they hold for the process. A machine with ten times the work it has processors for
# takes half a minute, which is Dask's own patience, to begin one.
_PATIENT: Final = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "300s"}
_QUIET = ("distributed", "distributed.nanny", "distributed.scheduler", "distributed.worker", "distributed.core")


class DaskPool:
    """Tasks on a cluster. What dies there is told by KilledWorker, after the scheduler itself has tried again."""

    def __init__(self, count: int, initializer: Callable[[], None] | None, scheduler: str | None) -> None:
        """Raises ConfigError when the extra is not installed, PraktykiError when the scheduler does not answer."""
        try:
            import dask
            import distributed
            from distributed.scheduler import KilledWorker
        except ImportError as error:
            raise ConfigError(f"--engine dask needs the extra `cluster` ({error}); pip install 'praktyki[cluster]'") from error
        library: Any = distributed  # it ships no types
        self.deaths: tuple[type[BaseException], ...] = (KilledWorker,)
        self._cluster: Any = None
        self._client: Any
        if scheduler is None:
            dask.config.set(_PATIENT)
            # What is loaded in the process that workers are forked from is settled there; else Dask has pandas loaded here too.
            library.utils._forkserver_preload_set = True  # noqa: SLF001 - it asks nobody
            method = {"distributed.worker.multiprocessing-method": context().get_start_method()}
            with dask.config.set(_OURS | method):
                self._cluster = _begun(partial(library.LocalCluster, n_workers=count, threads_per_worker=1, **_HERE))
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = library.Client(
                self._cluster if scheduler is None else scheduler,
                set_as_default=False,
                timeout="300s" if scheduler is None else "20s",
            )
        except (OSError, ValueError) as error:
            raise PraktykiError(
                f"{scheduler}: no Dask scheduler answers ({error}); start one, or leave --scheduler out"
            ) from error
        self._client.register_plugin(_started_by(initializer, are_ours=self._cluster is not None))
        self._executor = self._client.get_executor(pure=False)

    def submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        """Hands out a task."""
        future: Future[Result] = self._executor.submit(function, task)
        return future

    def alone(self, function: Callable[[Task], Result], task: Task) -> Result:
        """Runs a task once all others are done. Raises KilledWorker when it loses its worker time after time."""
        for _ in range(_TRIES_ALONE - 1):
            with contextlib.suppress(*self.deaths):
                return self.submit(function, task).result()
        return self.submit(function, task).result()

    def renew(self) -> None:
        """Nothing: the nannies start workers anew."""

    def close(self) -> None:
        """Ends the client, and the cluster where it is ours."""
        self._executor.shutdown(wait=False)
        with contextlib.suppress(TimeoutError):
            self._client.close(timeout=_END_SECONDS)
        if self._cluster is not None:
            with contextlib.suppress(TimeoutError):  # the results are there; workers end with this process
                self._cluster.close(timeout=_END_SECONDS)


def _begun(cluster: Callable[[], Any]) -> Any:
    """A cluster here. It is tried again when one of its workers dies while it starts.

    Raises PraktykiError when that goes on.
    """
    for left in range(_STARTS - 1, -1, -1):
        try:
            return cluster()
        except RuntimeError as error:
            if not left:
                raise PraktykiError(
                    f"no Dask worker could be started ({error}); free some memory, or take --engine processes"
                ) from error
    raise AssertionError("a loop without a turn")


def _started_by(initializer: Callable[[], None] | None, *, are_ours: bool) -> Any:
    """A plugin that runs the initializer in every worker, those that are started later too.

    ``are_ours``: whether they end with this run.
    """
    from distributed import WorkerPlugin

    class Started(WorkerPlugin):
        """Runs the initializer."""

        def setup(self, worker: Any) -> None:  # noqa: ARG002 - the signature is Dask's
            if are_ours:
                end_at_once()
            if initializer is not None:
                initializer()

    return Started()
