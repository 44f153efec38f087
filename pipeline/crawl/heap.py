"""Memory while pages are fetched: one page's serves the next, and what lives as long as the run is not looked through."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from collections.abc import Iterator
from typing import Final

_M_TRIM_THRESHOLD: Final = -1  # the numbers of mallopt(3) in glibc's malloc.h
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3
_MIB: Final = 1024 * 1024
_COLLECT_AFTER: Final = (20_000, 10, 10)


@contextlib.contextmanager
def heap_for_pages() -> Iterator[None]:
    """While the block runs, the collector of cycles leaves out what is there now and looks less often at the rest.

    A page leaves hardly any cycles; looking for them took a twentieth of a crawl's processor time.
    """
    keep_heap()
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def keep_heap() -> bool:
    """Tells the C library not to hand blocks of a page's size back to the system at once; whether it could be told.

    A page as bytes, as text and as tree is just above the size from which glibc asks the system for each block and returns it
    after use: clearing such memory anew took a seventh of a crawl's processor time. Bounded: 16 MiB that are free at the end
    of the heap are returned.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is None:
        return False
    settings = ((_M_MMAP_THRESHOLD, 4 * _MIB), (_M_TRIM_THRESHOLD, 16 * _MIB), (_M_TOP_PAD, _MIB))
    return all(mallopt(name, value) == 1 for name, value in settings)
