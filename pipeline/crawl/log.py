"""The log of a run: one JSON object a line, nothing in it that a terminal could take for a command."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.archive.files import archive_errors
from pipeline.crawl.asciijson import ascii_json


class RunLog:
    """Appends to ``path``, each line in one write: the worker processes of a run share it.

    Everything but ASCII is escaped, control characters and direction marks with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with archive_errors(path, "make the folder writable, then run again"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def write(self, at: float, what: str, **details: Any) -> None:
        """One line. Raises ArchiveError when the disk does not take it."""
        line = {"at": dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="milliseconds"), "what": what}
        line |= {name: value for name, value in details.items() if value is not None}
        with archive_errors(self._path, "free some space, then run again"):
            data = memoryview((ascii_json(line) + "\n").encode("ascii"))
            while data:
                data = data[self._file.write(data) :]
