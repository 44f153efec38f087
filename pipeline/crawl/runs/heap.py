"""The memory of one page is kept for the next."""

from __future__ import annotations

import ctypes
from typing import Final

_M_TRIM_THRESHOLD: Final = -1  # the numbers of mallopt(3) in glibc's malloc.h
_M_TOP_PAD: Final = -2
_M_MMAP_THRESHOLD: Final = -3
_MIB: Final = 1024 * 1024


def keep_heap() -> bool:
    """Tells the C library not to hand blocks of a page's size back to the system at once; whether it could be told.

    A page as bytes, as text and as tree is just above the size from which glibc asks the system for each block and returns it
    after use: clearing such memory anew took a seventh of a crawl's processor time. Bounded: what is free at the end of the
    heap above 16 MiB is returned.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is None:
        return False
    settings = ((_M_MMAP_THRESHOLD, 4 * _MIB), (_M_TRIM_THRESHOLD, 16 * _MIB), (_M_TOP_PAD, _MIB))
    return all(mallopt(name, value) == 1 for name, value in settings)
