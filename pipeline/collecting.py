"""How often Python's garbage collector looks through all objects: seldom, for the short life of a command.

Left to itself it does so dozens of times while modules are imported and rows are made, each time through everything that is
there: a tenth of a build of 1,500 pages. Nearly all that a command makes goes without it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 100)
"""New objects, and how many lesser collections, before a collection of each generation; Python's own are 700, 10, 10."""


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
