"""What a snapshot holds before it is written: tables, what they were made from, and the gate's verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc

from pipeline.build.choice.delta import Delta, PlanLog
from pipeline.build.choice.waterfall import SourceFall
from pipeline.build.gate.gate import GateResult
from pipeline.build.tables.keptlines import Stretch
from pipeline.explorer.kept import Known
from pipeline.records import ExtractedHeader
from pipeline.registers.tables import Register
from pipeline.sources.spec import Source


class Contents(NamedTuple):
    """One snapshot. ``made``: table name → rows, `changes` among them; ``previous``: id of the snapshot those are against.

    ``registers``: reference date of the newest edition of each register the code knows. ``falls``: what became of the
    pages, source by source. ``csv``: table → files that hold its lines of CSV already. ``known``: what the explorer may take
    over from the last build; ``clean``: where is kept what was searched for personal data (`pipeline.privacy.clean`);
    ``plans``, ``delta``: what it is made of, and how its rows differ from the previous ones, None when everything may differ.
    ``counts``: what the gate counted in its rows, ``counts_kept``: where the next build finds that; ``lines``, ``lines_kept``:
    the same of where lines of CSV stand, by table.
    """

    name: str
    made: Mapping[str, Any]
    headers: Sequence[ExtractedHeader]
    gate: GateResult
    previous: str | None
    sources: Sequence[Source]
    registers: Mapping[Register, dt.date]
    keep_restricted: bool
    falls: Sequence[SourceFall] = ()
    csv: Mapping[str, Sequence[Path]] = {}
    known: Known | None = None
    clean: Path | None = None
    plans: PlanLog | None = None
    delta: Delta | None = None
    counts: Mapping[str, Mapping[str, int]] = {}
    counts_kept: Path | None = None
    lines: Mapping[str, Sequence[Stretch]] = {}
    lines_kept: Path | None = None

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Times of the oldest and the newest capture, None when no time is known."""
        extremes = pc.min_max(self.made["captures"]["captured_at"]).as_py()
        return (extremes["min"], extremes["max"]) if extremes["min"] is not None else None
