"""The log of a run: one JSON object a line, nothing in it that a terminal could take for a command."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.archive.files import archive_errors
from pipeline.crawl.ledger.asciijson import ascii_json
from pipeline.errors import ArchiveError


class RunLog:
    """Appends to ``path``, whole lines in one write: the worker processes of a run share it.

    Within an event loop the lines of one turn are written together at its end: as many as answers were entered at once.
    Everything but ASCII is escaped, control characters and direction marks with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[str] = []
        self._failure: ArchiveError | None = None
        with archive_errors(path, "make the folder writable, then run again"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._flush()
        finally:
            self._file.close()
        if self._failure is not None and error is None:
            raise self._failure

    def write(self, at: float, what: str, **details: Any) -> None:
        """One line. Raises ArchiveError when the disk does not take it, or did not take the last one."""
        if self._failure is not None:
            raise self._failure
        line = {"at": _to_the_millisecond(at), "what": what}
        line |= {name: value for name, value in details.items() if value is not None}
        self._waiting.append(ascii_json(line) + "\n")
        if len(self._waiting) > 1:
            return  # the turn's end is arranged
        try:
            asyncio.get_running_loop().call_soon(self._flush_at_turn)
        except RuntimeError:  # no loop runs
            self._flush()

    def _flush_at_turn(self) -> None:
        try:
            self._flush()
        except ArchiveError as error:
            self._failure = error  # nobody waits here: whoever writes next hears of it

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        with archive_errors(self._path, "free some space, then run again"):
            data = memoryview("".join(waiting).encode("ascii"))
            while data:
                data = data[self._file.write(data) :]


def _to_the_millisecond(at: float) -> str:
    seconds, microseconds = divmod(round(at * 1e6), 1_000_000)
    return f"{_to_the_second(seconds)}.{microseconds // 1000:03d}+00:00"


@functools.lru_cache(maxsize=8)
def _to_the_second(at: int) -> str:
    """In UTC; kept, since many lines are of one second."""
    return dt.datetime.fromtimestamp(at, dt.UTC).replace(tzinfo=None).isoformat()
