"""The process that worker processes are forked from: it loads once what all of them need.

A worker that starts by itself loads modules, registers and dictionaries for half a second to a second of processor time, and so
does each of its neighbours and each that begins anew. Here a process of its own (the forkserver of `multiprocessing`) does so
once, beside the command's own start. It runs nothing but imports, so that what is forked from it has no threads and no locks of
anybody: a worker starts as clean as one that was started by itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from pipeline.interrupts import unheard_by_children
from pipeline.temporary import temporary_folder

_lock = threading.Lock()
_asked: list[object] = []
"""Who has asked for the process and not yet left it; nothing while there is none."""
_is_given_up = threading.Event()
_folder = contextlib.ExitStack()
"""Where that process listens, while there is one."""


@contextmanager
def forked_from(*ready: str) -> Iterator[None]:
    """Workers that are started inside, in whatever thread, are forked from one process, which begins to load at once.

    ``ready``: the modules that load what they need when they are imported. Inside another one nothing is done: its process has
    begun. Where none can be started (no socket in a folder of so long a name, say) workers start by themselves.
    """
    me = object()
    with _lock:
        is_begun = bool(_asked) or _is_begun(ready)
        if is_begun:
            _asked.append(me)
    try:
        yield
    finally:
        with _lock:
            if is_begun:
                _asked.remove(me)
                if not _asked:
                    _end()


def context() -> BaseContext:
    """How worker processes are started now."""
    # spawn: a worker starts clean, whatever threads and locks this process holds.
    return multiprocessing.get_context("forkserver" if are_forked() else "spawn")


def are_forked() -> bool:
    """Whether workers are forked from a process now, be it still loading."""
    return bool(_asked) and not _is_given_up.is_set()


def give_up() -> None:
    """Has workers start by themselves until whoever asked for the process has left it: it died."""
    _is_given_up.set()


def _is_begun(ready: Sequence[str]) -> bool:
    forkserver.set_forkserver_preload([*ready])
    try:
        _keep_socket_in(_folder.enter_context(temporary_folder("forks")))
        resource_tracker.ensure_running()  # its start would let Ctrl-C through again
        with unheard_by_children():
            forkserver.ensure_running()
    except OSError:
        _leave_folder()
        return False
    return True


def _keep_socket_in(folder: Path) -> None:
    """Has the process listen in a folder that the next run removes after a kill; `multiprocessing` would leave its own."""
    process: Any = multiprocessing.current_process()
    process._config["tempdir"] = str(folder)  # noqa: SLF001 - it is told in no other way


def _leave_folder() -> None:
    process: Any = multiprocessing.current_process()
    process._config["tempdir"] = None  # noqa: SLF001 - the same
    _folder.close()


def _end() -> None:
    """Ends the process and waits for it: what it and the workers it waited for have used counts as used by this run.

    The next run in this process finds the environment of its own time in another one.
    """
    server: Any = forkserver._forkserver  # noqa: SLF001 - it can be stopped by no other name
    server._stop()  # noqa: SLF001 - the same
    _leave_folder()
    _is_given_up.clear()
