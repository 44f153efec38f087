"""What a snapshot holds before it is written: tables, what they were made from, and the gate's verdict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from pipeline.build.gate import GateResult
from pipeline.build.waterfall import SourceFall
from pipeline.records import ExtractedHeader
from pipeline.registers.tables import Register
from pipeline.sources.spec import Source


class Contents(NamedTuple):
    """One snapshot. ``made``: table name → rows, `changes` among them; ``previous``: id of the snapshot those are against.

    ``registers``: reference date of the newest edition of each register the code knows. ``falls``: what became of the
    pages, source by source.
    """

    name: str
    made: Mapping[str, pa.Table]
    headers: Sequence[ExtractedHeader]
    gate: GateResult
    previous: str | None
    sources: Sequence[Source]
    registers: Mapping[Register, dt.date]
    keep_restricted: bool
    falls: Sequence[SourceFall] = ()

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Times of the oldest and the newest capture, None when no time is known."""
        times = [time for time in self.made["captures"]["captured_at"].to_pylist() if time is not None]
        return (min(times), max(times)) if times else None
