"""Rows of a snapshot's public tables, read in steps: no table of texts is held in memory whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.build.store import Stored, table_files
from pipeline.errors import BuildError
from pipeline.schema.spec import tables

_BATCH = 500

Row = dict[str, Any]


def public_path(snapshot: Path, table: str) -> Path:
    """The file of a public table, or its folder. Raises BuildError for a restricted one: the explorer shows none."""
    declared = tables()[table]
    if declared.is_restricted:
        raise BuildError(f"table {table} is restricted and stands in no page")
    return snapshot / declared.path


def rows_of(snapshot: Path, table: str, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a table in its order; a column that the snapshot is too old to have is left out.

    Raises OSError, ArrowInvalid for a file that is no Parquet.
    """
    path = public_path(snapshot, table)
    rows = Stored(table_files(snapshot, table) or [path])  # a file that is not there is named when it is opened
    for batch in rows.select([name for name in columns if name in rows.column_names]).to_batches(_BATCH):
        yield from batch.to_pylist()


def number_of_rows(snapshot: Path, table: str) -> int:
    """How many rows a table has. Raises OSError, ArrowInvalid for a file that is no Parquet."""
    return Stored(table_files(snapshot, table) or [public_path(snapshot, table)]).num_rows


class Children:
    """The rows of a table that belong to the records of another one; both are sorted by the record's id and read once."""

    def __init__(self, snapshot: Path, table: str, key: str, columns: Sequence[str]) -> None:
        self._key = key
        self._rows = rows_of(snapshot, table, [key, *columns])
        self._next = next(self._rows, None)

    def of(self, record_id: str) -> list[Row]:
        """The rows of the record; records are asked for in rising order of their ids."""
        found = []
        while self._next is not None and self._next[self._key] <= record_id:
            if self._next.pop(self._key) == record_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


class Lookup:
    """Rows of a table of short rows by a column, kept as Arrow columns and turned into rows one record at a time."""

    def __init__(self, snapshot: Path, table: str, key: str, columns: Sequence[str], only: str | None = None) -> None:
        rows = pq.read_table(
            public_path(snapshot, table),
            columns=list(dict.fromkeys([key, *columns])),
            filters=[("table", "=", only)] if only else None,
            partitioning=None,
        )
        whole: pa.Table = rows.select(list(columns)).combine_chunks()
        self._columns = dict(zip(columns, whole.columns, strict=True))
        self._at: dict[str, list[int]] = {}
        for number, value in enumerate(rows[key].to_pylist()):
            if value is not None:
                self._at.setdefault(value, []).append(number)

    def of(self, value: str | None) -> list[Row]:
        """The rows with this value, in the table's order."""
        numbers = self._at.get(value, []) if value is not None else []
        # Value by value: a table of one row costs three times that.
        return [{name: values[number].as_py() for name, values in self._columns.items()} for number in numbers]
