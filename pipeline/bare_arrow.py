"""pyarrow without pandas and without a heap of its own, for work that has no use for them."""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

_LIBRARY: Final = "pandas"


class _Absent:  # a MetaPathFinder in all but name: importlib.abc costs each command, --help too, a millisecond
    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname == _LIBRARY:
            raise ModuleNotFoundError(f"No module named {_LIBRARY!r}", name=_LIBRARY)
        return None


def lean_arrow() -> None:
    """Has pyarrow take its memory from the C library, and settle that there are no pandas objects to be expected.

    Its own allocator keeps a heap beside that of everything else: a build of 3,000 pages held 60 MB more with it, and one with
    few new pages among 30,000 took a tenth more time, half of the system's for memory given back and fetched anew.

    The first Python list that becomes an array has pyarrow import pandas, to tell whether the list is a Series: 0.35 s and
    40 MB of every build and of each of its workers. It looks once and remembers, here unless pandas is loaded already.
    ``to_pandas`` looks again, and works.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    if _LIBRARY in sys.modules:
        return
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(absent)
