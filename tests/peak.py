"""The most memory that this process has held."""

from __future__ import annotations

import re
import resource
from pathlib import Path


def peak_kib() -> int:
    """In KiB.

    Linux counts what the process held that started this one into ``ru_maxrss``, however large that was: beside it no growth
    would show.
    """
    try:
        told = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        told = None
    return int(told[1]) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
