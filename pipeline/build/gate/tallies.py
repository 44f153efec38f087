"""What the gate counts in the rows of a source: kept for the next build, and corrected there by the rows that differ.

A count adds up over rows: what holds of rows that are the same in both snapshots need not be counted again. Where the rows
that differ are not known, or nothing was kept, all rows are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.build.choice.delta import Delta
from pipeline.build.gate.evidence import filled, of_source, present_number, standing
from pipeline.build.tables.breaches import unknown
from pipeline.build.tables.facts import facts_of
from pipeline.build.tables.keeping import content_kept, keep_content
from pipeline.build.tables.store import Stored, column_parts
from pipeline.schema.spec import tables

_CAPTURES: Final = "captures"
_FEW: Final = 20_000
"""Captures that are held in memory: some 10 MB."""

Counts = Mapping[str, Mapping[str, int]]
"""By what was counted, of which rows, and in which kind they fall."""


class Tallies:
    """Takes counts, or those of the last build.

    ``found``: all that were asked for; ``delta``: the rows that differ from the previous snapshot, None when any may.
    """

    def __init__(self, known: Counts | None = None, delta: Delta | None = None) -> None:
        """``known``: what was counted in the previous snapshot, ``delta``: the rows that differ from it."""
        self.found: dict[str, dict[str, int]] = {}
        self._known = known if known is not None and delta is not None else {}
        self.delta = delta
        self._narrowed: dict[tuple[str, str | None, bool], tuple[Any, Any]] = {}
        self._rows: dict[tuple[str, str | None, bool], Any] = {}
        self._new_captures: Any = None

    def of(self, rows: SourceRows, what: str, counted: Callable[[Any], Mapping[str, int]]) -> Counter[str]:
        """What ``counted`` finds in the rows; it is given tables, never those of another source.

        ``what`` names it: the same name, the same count.
        """
        name = _name(rows, what)
        if name not in self.found:
            self.found[name] = {kind: number for kind, number in sorted(self._count(name, rows, counted).items()) if number}
        return Counter(self.found[name])

    def rows(self, whole: Any, table: str, source: str | None, *, are_standing: bool) -> Any:
        """The rows of a source in a table, of which ``whole`` has all. They are looked for once: a bit a row is held."""
        key = (table, source, are_standing)
        if key not in self._rows:
            self._rows[key] = narrowed(whole, source, are_standing=are_standing)
        return self._rows[key]

    def new_captures(self, made: Mapping[str, Any], before: Mapping[str, Any], source: str | None) -> Any:
        """Captures of the source that the previous snapshot (``before``) did not have; all of them without one."""
        if self._new_captures is None:
            self._new_captures = _new_captures(made, before)
        return of_source(self._new_captures, source)

    def before(self, rows: SourceRows, what: str) -> Counter[str] | None:
        """What was counted under this name in the previous snapshot, None when that is not known."""
        known = self._known.get(_name(rows, what))
        return Counter(known) if known is not None else None

    def _count(self, name: str, rows: SourceRows, counted: Callable[[Any], Mapping[str, int]]) -> Mapping[str, int]:
        known = self._known.get(name)
        differing = self.differing(rows) if known is not None else None
        if known is None or differing is None:
            return counted(rows.rows)
        old, new = differing
        if not old.num_rows and not new.num_rows:
            return known
        found = Counter(known)
        found.subtract(counted(old))
        found.update(counted(new))
        return found if min(found.values(), default=0) >= 0 else counted(rows.rows)  # what was kept is of other rows

    def differing(self, rows: SourceRows) -> tuple[Any, Any] | None:
        """The rows that differ as they were and as they are, of this source."""
        if self.delta is None or rows.table not in self.delta.old or rows.table not in self.delta.new:
            return None
        key = (rows.table, rows.source, rows.are_standing)
        if key not in self._narrowed:
            sides = (self.delta.old[rows.table], self.delta.new[rows.table])
            old, new = (narrowed(side, rows.source, are_standing=rows.are_standing) for side in sides)
            self._narrowed[key] = old, new
        return self._narrowed[key]


def _name(rows: SourceRows, what: str) -> str:
    return f"{rows.table} {'standing' if rows.are_standing else 'all'} {rows.source!r}: {what}"


def _new_captures(made: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
    """Captures of all sources that the previous snapshot did not have."""
    rows = made[_CAPTURES]
    if _CAPTURES not in before:
        return rows
    found = rows.filter(unknown(rows, "capture_id", column_parts(before[_CAPTURES], "capture_id")))
    return found.read() if isinstance(found, Stored) and found.num_rows <= _FEW else found


def narrowed(rows: Any, source: str | None, *, are_standing: bool) -> Any:
    """The rows of a source; of pages that are not gone where ``are_standing``."""
    found = of_source(rows, source)
    return standing(found) if are_standing else found


class SourceRows:
    """The rows of one source in a table: not read before they are looked at."""

    def __init__(
        self, made: Mapping[str, Any], table: str, source: str | None, tallies: Tallies, *, are_standing: bool = False
    ) -> None:
        """``are_standing``: only those whose page is not gone."""
        self.table = table
        self.source = source
        self.are_standing = are_standing
        self._whole = made[table]
        self._tallies = tallies

    @cached_property
    def rows(self) -> Any:
        """The rows."""
        return self._tallies.rows(self._whole, self.table, self.source, are_standing=self.are_standing)

    def tally(self, what: str, counted: Callable[[Any], Mapping[str, int]]) -> Counter[str]:
        """As `Tallies.of` has it."""
        return self._tallies.of(self, what, counted)

    @property
    def number(self) -> int:
        """How many there are."""
        return self.tally("rows", lambda rows: {"rows": rows.num_rows})["rows"]

    def filled(self, column: str) -> int:
        """How many have a value in a column."""
        return self.tally(f"{column}: filled", lambda rows: {"rows": filled(rows, column)})["rows"]

    @property
    def differing(self) -> tuple[Any, Any] | None:
        """Those that differ from the previous snapshot, as they were and as they are; None when that is not known."""
        return self._tallies.differing(self)

    def has_at_least(self, column: str, number: int) -> bool:
        """Whether so many have something in a column, as `evidence.present` has it. Where that is easy to tell, it is."""
        nulls = facts_of(self.table, self._whole).nulls[column]  # of all sources
        kind = tables()[self.table].columns[column].type
        if kind in ("text", "list", "date") and self.number - nulls >= number:
            return True
        return self.tally(f"{column}: present", lambda rows: {"rows": present_number(rows, column)})["rows"] >= number


def keep_counts(path: Path, snapshot: str, counts: Counts) -> None:
    """Keeps what was counted in the snapshot of this name. Raises OSError."""
    keep_content(path, msgspec.msgpack.encode((snapshot, counts)))


def kept_counts(path: Path, snapshot: str) -> Counts | None:
    """What was counted in the snapshot of this name; None when that was not kept, or is not whole."""
    content = content_kept(path)
    if content is None:
        return None
    try:
        name, counts = msgspec.msgpack.decode(content, type=tuple[str, dict[str, dict[str, int]]])
    except msgspec.MsgspecError:
        return None  # everything is counted
    return counts if name == snapshot else None
