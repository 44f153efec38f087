"""Progress of a crawl: a bar a host on a terminal, plain lines everywhere else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

LINE_EVERY = 100
BARS = 12


class Progress(Protocol):
    """Is told of every settled address, by its host; ``say`` prints a line without spoiling what is shown."""

    def __call__(self, host: str, state: str) -> None: ...

    def say(self, line: str) -> None: ...


@contextlib.contextmanager
def shown_progress(say: Callable[[str], None], *, is_quiet: bool) -> Iterator[Progress]:
    """Bars on stderr when that is a terminal, else a line each LINE_EVERY addresses; nothing when quiet."""
    if is_quiet or not sys.stderr.isatty():
        yield _Lines(say, is_quiet=is_quiet)
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        MofNCompleteColumn(),
        TextColumn("{task.fields[last]}", markup=False),
    )
    with RichProgress(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
        yield _Bars(bars)


class _Lines:
    def __init__(self, say: Callable[[str], None], *, is_quiet: bool) -> None:
        self.say = say
        self._is_quiet = is_quiet
        self._settled = 0

    def __call__(self, host: str, state: str) -> None:
        self._settled += 1
        if not self._is_quiet and self._settled % LINE_EVERY == 0:
            self.say(f"crawl    {self._settled} addresses settled, last {host}: {state}")


class _Bars:
    """One bar a host; the ones of hosts that came first give way when there are more than BARS."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}

    def __call__(self, host: str, state: str) -> None:
        if host not in self._tasks:
            if len(self._tasks) >= BARS:
                self._bars.remove_task(self._tasks.pop(next(iter(self._tasks))))
            self._tasks[host] = self._bars.add_task(host[:40], total=None, last="")
        self._bars.update(self._tasks[host], advance=1, last=state)

    def say(self, line: str) -> None:
        self._bars.console.print(line, markup=False, highlight=False)
