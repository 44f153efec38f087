"""pyarrow without pandas, for work that has no use for it."""

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


def arrow_without_pandas() -> None:
    """Has pyarrow settle that there are no pandas objects to be expected, unless pandas is loaded already.

    The first Python list that becomes an array has pyarrow import pandas, to tell whether the list is a Series: 0.35 s and
    40 MB of every build and of each of its workers. It looks once and remembers. ``to_pandas`` looks again, and works.
    """
    if _LIBRARY in sys.modules:
        return
    import pyarrow as pa

    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(absent)
