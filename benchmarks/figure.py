"""What a figure gets and what it gives."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from benchmarks.corpus import write_corpus
from benchmarks.measure import Spent


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a figure's table.

    ``ratio`` compares with the side ``against``; ``wanted`` is what the ratio is held to, at least or at most.
    ``sizes``: bytes read and written by kind; they stand in the results, not on the terminal.
    """

    side: str
    pages: int | None = None
    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    peak_mb: float | None = None
    pages_per_cpu_second: float | None = None
    ratio: float | None = None
    against: str | None = None
    wanted: str | None = None
    note: str | None = None
    sizes: dict[str, int] | None = None


def measured_line(
    side: str,
    took: Spent,
    pages: int | None,
    *,
    ratio: float | None = None,
    against: str | None = None,
    wanted: str | None = None,
    note: str | None = None,
    sizes: dict[str, int] | None = None,
) -> Line:
    """The line of whole processes that took so much for so many pages, or for no page at all."""
    return Line(
        side=side,
        pages=pages,
        cpu_seconds=round(took.cpu_seconds, 3),
        wall_seconds=round(took.wall_seconds, 3),
        peak_mb=round(took.peak_bytes / 1e6, 1),
        pages_per_cpu_second=None if pages is None else round(pages / took.cpu_seconds, 1),
        ratio=None if ratio is None else round(ratio, 3),
        against=against,
        wanted=wanted,
        note=note or None,
        sizes=sizes,
    )


class Setting(NamedTuple):
    """Where a figure works and how long it may take. ``work`` is an empty folder of its own.

    ``largest``: the number of pages that the figures of scale and of once more go up to.
    """

    work: Path
    corpora: Path
    is_quick: bool
    rounds: int
    largest: int

    @property
    def sizes(self) -> list[int]:
        """Numbers of pages, from few to many."""
        steps = (250, 1_000) if self.is_quick else (1_000, 10_000, 100_000, 300_000)
        return [pages for pages in steps if pages <= self.largest]

    def corpus(self, pages: int, first: int = 0) -> Path:
        """The raw/ folder of a mixed corpus, made once in a run; never written to by a figure."""
        folder = self.corpora / f"mixed-{pages}-{first}"
        if not folder.is_dir():
            aside = folder.with_suffix(".open")
            write_corpus(aside / "raw", pages, first=first)
            aside.rename(folder)
        return folder / "raw"


class FigureModule(Protocol):
    """A module of benchmarks/figures/."""

    TITLE: str

    @staticmethod
    def measured(setting: Setting) -> list[Line]:
        """The lines of the figure."""
        ...
