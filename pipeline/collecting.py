"""What becomes of memory that is no longer used, in the short life of a command.

How often Python's garbage collector looks through all objects: seldom.

Left to itself it does so dozens of times while modules are imported and rows are made, each time through everything that is
there: a tenth of a build of 1,500 pages. Nearly all that a command makes goes without it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 100)
"""New objects, and how many lesser collections, before a collection of each generation; Python's own are 700, 10, 10."""

_PLENTY: Final = 256 * 1024 * 1024
"""Bytes a process may hold before what it does not use is given back: less is not worth the time."""


def collect_rarely() -> None:
    """The collector looks seldom from now on: for a worker process, which ends with its work."""
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """`collect_rarely` for the work inside."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def leave_uncollected() -> None:
    """Spares this process, which ends next, a last look for garbage: 0.4 s after a build of 3,000 pages."""
    gc.freeze()


def end_at_once() -> None:
    """Has this worker process end without taking apart what it has kept for speed, which takes half a second.

    Its work is handed over by then.
    """
    atexit.register(os._exit, 0)


def give_back_memory() -> None:
    """Gives the system what finished work has left free, when this process holds much.

    A build of 10,000 pages in one process held 707 MB without this, most of it free and in pieces. Where memory cannot be told
    (no /proc) or given back (a C library without malloc_trim), nothing is done.
    """
    try:
        held = int(Path("/proc/self/statm").read_bytes().split()[1]) * resource.getpagesize()
    except OSError:
        return
    if held < _PLENTY:
        return
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
