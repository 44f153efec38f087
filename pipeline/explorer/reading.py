"""Rows of a snapshot's public tables, read in steps: no table of texts is held in memory whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.store import Stored, table_files
from pipeline.errors import BuildError
from pipeline.schema.spec import tables

_BATCH = 500
_OF_ONE_COLUMN = 65_536

Row = dict[str, Any]


def public_path(snapshot: Path, table: str) -> Path:
    """The file of a public table, or its folder. Raises BuildError for a restricted one: the explorer shows none."""
    declared = tables()[table]
    if declared.is_restricted:
        raise BuildError(f"table {table} is restricted and stands in no page")
    return snapshot / declared.path


def _stored(snapshot: Path, table: str) -> Stored:
    path = public_path(snapshot, table)
    return Stored(table_files(snapshot, table) or [path])  # a file that is not there is named when it is opened


def rows_of(snapshot: Path, table: str, columns: Sequence[str], only: str | None = None) -> Iterator[Row]:
    """The rows of a table in its order; a column that the snapshot is too old to have is left out.

    ``only``: the rows whose column ``table`` says so. Raises OSError, ArrowInvalid for a file that is no Parquet.
    """
    for batch in _batches(snapshot, table, columns, only, _BATCH):
        yield from batch.to_pylist()


def _batches(
    snapshot: Path, table: str, columns: Sequence[str], only: str | None, most: int = _OF_ONE_COLUMN
) -> Iterator[pa.RecordBatch]:
    rows = _stored(snapshot, table)
    names = [name for name in columns if name in rows.column_names]
    if only is None:
        yield from rows.select(names).to_batches(most)
        return
    for batch in rows.select([*dict.fromkeys((*names, "table"))]).to_batches(most):
        yield batch.filter(pc.equal(batch["table"], only)).select(names)


def number_of_rows(snapshot: Path, table: str) -> int:
    """How many rows a table has. Raises OSError, ArrowInvalid for a file that is no Parquet."""
    return _stored(snapshot, table).num_rows


def values_of(snapshot: Path, table: str, column: str, most: int | None = None) -> list[Any]:
    """The values of a column, of the first ``most`` rows. Raises OSError, ArrowInvalid for a file that is no Parquet."""
    batches = _batches(snapshot, table, [column], None)
    return [*islice((value for batch in batches for value in batch.column(0).to_pylist()), most)]


class Children:
    """The rows of a table that belong to the records of another one; both are sorted by the record's id and read once."""

    def __init__(self, snapshot: Path, table: str, key: str, columns: Sequence[str], only: str | None = None) -> None:
        """``only``: as `rows_of` has it."""
        self._key = key
        self._is_shown = key in columns
        rows = rows_of(snapshot, table, columns if self._is_shown else [key, *columns], only)
        self._rows = (row for row in rows if row[key] is not None)
        self._next = next(self._rows, None)

    def of(self, record_id: str) -> list[Row]:
        """The rows of the record; records are asked for in rising order of their ids."""
        found = []
        while self._next is not None and self._next[self._key] <= record_id:
            if self._next[self._key] == record_id:
                found.append(self._next)
                if not self._is_shown:
                    del self._next[self._key]
            self._next = next(self._rows, None)
        return found


class Lookup:
    """Rows of a table of short rows by a column, kept as Arrow columns and turned into rows one record at a time."""

    def __init__(
        self,
        snapshot: Path,
        table: str,
        key: str,
        columns: Sequence[str],
        wanted: Collection[str],
        only: str | None = None,
    ) -> None:
        """Holds the rows with a ``wanted`` value in the column ``key`` alone; ``only``: as `rows_of` has it.

        Raises OSError, ArrowInvalid for a file that is no Parquet.
        """
        names = pa.array(sorted(wanted), pa.string())
        found = [
            batch.filter(pc.is_in(self.named(batch[key]), value_set=names))
            for batch in _batches(snapshot, table, [*dict.fromkeys((key, *columns))], only)
        ]
        self._columns: dict[str, pa.Array] = {}
        self._at: dict[str, list[int]] = {}
        found = [batch for batch in found if batch.num_rows]
        if found:
            whole = pa.Table.from_batches(found).combine_chunks()
            self._columns = {name: whole[name].combine_chunks() for name in columns}
            for number, value in enumerate(self.named(whole[key].combine_chunks()).to_pylist()):
                self._at.setdefault(value, []).append(number)

    @staticmethod
    def named(keys: pa.Array) -> pa.Array:
        """What rows are looked up by, of the values of their column."""
        return keys

    def of(self, value: str | None) -> list[Row]:
        """The rows with this value, in the table's order."""
        numbers = self._at.get(value, []) if value is not None else []
        # Value by value: a table of one row costs three times that.
        return [{name: values[number].as_py() for name, values in self._columns.items()} for number in numbers]


class OfParts(Lookup):
    """Rows by record whose column names a part of it, ``<record>/<position>``."""

    @staticmethod
    def named(keys: pa.Array) -> pa.Array:
        """The record of each part; a value of another form names itself."""
        return pc.replace_substring_regex(keys, r"(?s)^(.+)/[0-9]+$", r"\1")
