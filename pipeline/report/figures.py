"""The numbers of a snapshot, read some rows at a time from its Parquet files: no table and no column is held whole."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.store import column_parts, stored_tables
from pipeline.schema.spec import Table, tables

POPULATION_CLASSES = (2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000)
"""Lower bounds of the classes of inhabitants, the first class lying below: those of the yearbooks of Statistics Poland."""
_LEFT_OUT = ("_raw", "_precision", "_count")
"""Columns whose fill says nothing that another column does not say."""

Tally = list[tuple[Any, int]]


class Kind(NamedTuple):
    """One kind of record: how many, from how many sources, from when to when, and how many are gone at their source.

    ``since`` and ``until`` are as exact as the values are: a year alone stays a year.
    """

    table: str
    rows: int
    sources: int
    since: str | None
    until: str | None
    gone: int


class Fill(NamedTuple):
    """Share of rows with a value. ``shares``: column → source → 0 to 1; ``rows``: source → number of rows."""

    table: Table
    rows: dict[str, int]
    shares: dict[str, dict[str, float]]


class Snapshot:
    """The tables of one snapshot. Raises OSError, or an ArrowException, when a file cannot be read."""

    def __init__(self, folder: Path, name: str) -> None:
        """``name``: its id, which a folder still in the making does not bear."""
        self.folder = folder
        self.name = name
        self._tables = stored_tables(folder)

    def has(self, table: str) -> bool:
        """Whether the table is there: restricted ones may not be."""
        return table in self._tables

    def rows(self, table: str) -> int:
        """Number of rows, 0 for a table that is not there."""
        return self._tables[table].num_rows if self.has(table) else 0

    def column(self, table: str, name: str) -> Iterator[Any]:
        """The values of one column, one after the other; none for a column an older snapshot does not have."""
        for values in self._parts(table, name):
            yield from values.to_pylist()

    def records(self, table: str, names: Sequence[str], most: int | None = None) -> Iterator[dict[str, Any]]:
        """Rows with the named columns, the first ``most`` of them; a column that is not there is None."""
        left = self.rows(table) if most is None else most
        for batch in self._batches(table, names):
            for row in batch.slice(0, max(left, 0)).to_pylist():
                yield {name: row.get(name) for name in names}
            left -= batch.num_rows
            if left <= 0:
                return

    def counted(self, table: str, name: str) -> Counter[Any]:
        """How often each value of a column occurs, null among them."""
        found: Counter[Any] = Counter()
        for values in self._parts(table, name):
            found.update(_counts(values))
        return found

    def kind(self, table: str, dates: str | None) -> Kind:
        """What there is of a kind of record; ``dates``: the column of its dates, or of texts that begin with a year."""
        days = sorted((day, str(value)) for value in (self.counted(table, dates) if dates else ()) if (day := _day(value)))
        sources = {source for source in self.counted(table, "source") if source is not None}
        first, last = (days[0][1], days[-1][1]) if days else (None, None)
        return Kind(table, self.rows(table), len(sources), first, last, self.counted(table, "is_gone")[True])

    def period(self) -> tuple[dt.date, dt.date] | None:
        """Days of the oldest and the newest capture."""
        spans = [
            pc.min_max(values).as_py() for values in self._parts("captures", "captured_at") if values.null_count < len(values)
        ]
        return (min(span["min"] for span in spans).date(), max(span["max"] for span in spans).date()) if spans else None

    def fill(self, name: str) -> Fill:
        """How full the columns of a table are, source by source. Slides in ten thousands are read in pieces."""
        table = tables()[name]
        there = set(self._tables[name].column_names)
        asked = [
            column
            for column, spec in table.columns.items()
            if column in there and not spec.is_required and not column.endswith(_LEFT_OUT) and not _is_provenance(column)
        ]
        rows: Counter[str] = Counter()
        filled: dict[str, Counter[str]] = {column: Counter() for column in asked}
        whole = self._tables[name].columns_without_null()
        looked_into = [column for column in asked if column not in whole or table.columns[column].type == "list"]
        for batch in self._batches(name, [*looked_into, "source"]):
            sources = pc.fill_null(batch["source"], "")
            rows.update(_counts(sources))
            for column in looked_into:
                filled[column].update(_counts(sources.filter(_has_value(batch[column]))))
        filled |= {column: rows for column in asked if column not in looked_into}
        shares = {
            column: {source: found[source] / number for source, number in sorted(rows.items())}
            for column, found in filled.items()
        }
        return Fill(table, dict(sorted(rows.items())), shares)

    def _parts(self, table: str, name: str) -> Iterator[pa.Array]:
        if self.has(table) and name in self._tables[table].column_names:
            yield from column_parts(self._tables[table], name)

    def _batches(self, table: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        if self.has(table):
            rows = self._tables[table]
            yield from rows.select([name for name in names if name in rows.column_names]).to_batches()


def by_year(days: Iterable[Any]) -> tuple[list[tuple[int, int]], int]:
    """Years from the first to the last with a number each, nothing left out between, and how many dates are not known."""
    found = Counter(day.year if (day := _day(value)) else None for value in days)
    unknown = found.pop(None, 0)
    known = {year: number for year, number in found.items() if year is not None}
    return [(year, known.get(year, 0)) for year in range(min(known), max(known) + 1)] if known else [], unknown


def by_population(numbers: Iterable[int | None]) -> tuple[list[tuple[int, int | None, int]], int]:
    """Classes of inhabitants (from, below, number of practices) and how many populations are not known."""
    bounds = (0, *POPULATION_CLASSES)
    found = Counter(None if number is None else bisect.bisect_right(bounds, number) - 1 for number in numbers)
    classes = [(low, high, found[at]) for at, (low, high) in enumerate(zip(bounds, (*POPULATION_CLASSES, None), strict=True))]
    return classes, found[None]


def places_of(snapshot: Snapshot) -> dict[str, Counter[str]]:
    """Place id → kind of record (table) → how many records are linked to it for certain."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in snapshot.records("record_places", ("place_id", "table", "status")):  # a record is linked to a place once
        if row["place_id"] is not None and row["status"] == "resolved":
            found[row["place_id"]][row["table"]] += 1
    return dict(sorted(found.items()))


def _counts(values: pa.Array) -> dict[Any, int]:
    return {item["values"]: item["counts"] for item in pc.value_counts(values).to_pylist()}


def _has_value(values: pa.Array) -> pa.Array:
    valid = pc.is_valid(values)
    if pa.types.is_list(values.type):
        return pc.and_(valid, pc.fill_null(pc.greater(pc.list_value_length(values), 0), False))
    return valid


def _is_provenance(column: str) -> bool:
    return column in ("source", "source_url", "captured_at", "capture_id") or column.startswith("gone_")


def _day(value: Any) -> dt.date | None:
    """The day of a date, a time, or a text in ISO 8601 that may be cut short; January the first stands for a year."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and value[:4].isdigit():
        year, _, rest = value.partition("-")
        month, _, day = rest.partition("-")
        return dt.date(int(year), int(month or 1), int(day or 1))
    return None
