"""Progress of long work: a bar on a terminal, a plain line now and then in a log, nothing with ``--quiet``.

Stages say what they walk through with `tracked`; whether and how it is shown is decided once, by the command line.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

LINE_EVERY = 1000

Item = TypeVar("Item")


class _Display(Protocol):
    def over(self, items: Iterable[Item], what: str, total: int | None) -> Iterator[Item]: ...


_display: ContextVar[_Display | None] = ContextVar("display", default=None)


def tracked(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items, one after the other, and the progress of ``what`` (``build: pages``) shown where a display is on.

    ``total``: how many there will be; None where that is not known.
    """
    display = _display.get()
    if display is None:
        yield from items
    else:
        yield from display.over(items, what, total)


@contextlib.contextmanager
def progress_shown(say: Callable[[str], None], *, is_quiet: bool) -> Iterator[None]:
    """Shows the progress of what is tracked while the block runs: bars on stderr when that is a terminal, else lines."""
    if is_quiet:
        yield
        return
    display = _Bars() if sys.stderr.isatty() else _Lines(say)
    token = _display.set(display)
    try:
        yield
    finally:
        _display.reset(token)
        display.close()


class _Lines:
    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def over(self, items: Iterable[Item], what: str, total: int | None) -> Iterator[Item]:
        for number, item in enumerate(items, 1):
            yield item
            if number % LINE_EVERY == 0:
                self._say(f"{what}: {number}" + (f" of {total}" if total is not None else ""))

    def close(self) -> None:
        """There is nothing to take away."""


class _Bars:
    """A bar for each thing under way; gone when it is done. Opened with the first, so that short work shows none."""

    def __init__(self) -> None:
        self._bars: Progress | None = None

    def over(self, items: Iterable[Item], what: str, total: int | None) -> Iterator[Item]:
        bars = self._opened()
        task = bars.add_task(what, total=total)
        try:
            for item in items:
                yield item
                bars.advance(task)
        finally:
            bars.remove_task(task)

    def _opened(self) -> Progress:
        if self._bars is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}", markup=False), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
            # Lines of stdout go above the bar where both are the same terminal; a pipe keeps its lines.
            self._bars = Progress(
                *columns,
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=sys.stdout.isatty(),
                refresh_per_second=4,
            )
            self._bars.start()
        return self._bars

    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()
