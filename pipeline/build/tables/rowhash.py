"""Canonical row hashes: one digest for the rows of a table, the same whichever reader of Parquet takes them out.

A table is hashed column by column, so that no row has to be written out for it. A column is three runs of bytes, each in the
order of the rows: a mark for each value (0 null, 1 any other); a number for each of 8 bytes, little-endian; and texts. The
number is a whole number itself (two's complement), 1 or 0 for true and false, the bits of a double (IEEE 754), days since
1970-01-01, microseconds since 1970-01-01T00:00:00Z, the length of a text in UTF-8, the number of items of a list; 0 for null.
The texts are those of a column of text, one after the other, in UTF-8. The items of a list are a column of their own.

The digest of a column is SHA-256 over those of its marks, its numbers, and its texts or its items; that of a table is SHA-256
over those of its columns in their declared order. A table in several files: see `joined_digest`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schema.spec import Table

METHOD = "praktyki-rows-2"
READERS = ("pyarrow", "pandas", "duckdb", "polars", "fastparquet", "hyparquet")
"""Readers that the test suite holds to these hashes; hyparquet reads through node."""
_DAY_0: Final = dt.date(1970, 1, 1)
_TIME_0: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK: Final = dt.timedelta(microseconds=1)


class ColumnDigest:
    """Takes the values of a column, in order."""

    def __init__(self) -> None:
        self._marks = hashlib.sha256()
        self._numbers = hashlib.sha256()
        self._texts = hashlib.sha256()
        self._items: ColumnDigest | None = None

    def add(self, value: Any) -> None:
        """Takes one plain Python value (None, str, int, float, bool, date, datetime, list).

        Raises TypeError for a value that is none of them.
        """
        number: int | float = 0
        match value:
            case None:
                pass
            case bool() | int() | float():
                number = value
            case str():
                content = value.encode("utf-8", "surrogatepass")
                self._texts.update(content)
                number = len(content)
            case dt.datetime():
                number = (value - _TIME_0) // _TICK
            case dt.date():
                number = (value - _DAY_0).days
            case list() | tuple():
                number = len(value)
                for item in value:
                    self._of_items().add(item)
            case _:
                raise TypeError(f"a value of type {type(value).__name__} has no canonical form")
        self._marks.update(b"\0" if value is None else b"\1")
        self._numbers.update(struct.pack("<d" if isinstance(number, float) else "<q", number))

    def add_all(self, values: pa.Array) -> None:
        """Takes values as `add` does, all at once."""
        kind = values.type
        if values.null_count:
            marks = pc.is_valid(values).cast(pa.uint8()).to_numpy(zero_copy_only=False).tobytes()
        else:
            marks = b"\1" * len(values)
        self._marks.update(marks)
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            self._add_texts(pc.fill_null(values, "").cast(pa.large_binary()))
            return
        if pa.types.is_list(kind):
            numbers = pc.list_value_length(values)
            self._of_items().add_all(pc.list_flatten(values))
        elif pa.types.is_timestamp(kind):
            numbers = values.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        elif pa.types.is_date(kind):
            numbers = values.cast(pa.int32())
        else:
            numbers = values
        plain = pa.float64() if pa.types.is_floating(kind) else pa.int64()
        self._numbers.update(_little_endian(pc.fill_null(numbers.cast(plain), 0).to_numpy(zero_copy_only=False)))

    def digest(self) -> bytes:
        """The 32 bytes of the digest."""
        rest = self._items.digest() if self._items is not None else self._texts.digest()
        return hashlib.sha256(self._marks.digest() + self._numbers.digest() + rest).digest()

    def as_list(self) -> None:
        """Makes it one of lists, which has items even when no list has any."""
        self._of_items()

    def _of_items(self) -> ColumnDigest:
        if self._items is None:
            self._items = ColumnDigest()
        return self._items

    def _add_texts(self, texts: pa.Array) -> None:
        """Texts as bytes, none of them null."""
        _, places, content = texts.buffers()
        ends = np.frombuffer(places, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        self._numbers.update(_little_endian(np.diff(ends)))
        if len(texts) and content is not None:
            self._texts.update(content.slice(int(ends[0]), int(ends[-1] - ends[0])))


class RowsDigest:
    """Takes the rows of a table, in order."""

    def __init__(self, table: Table) -> None:
        self._columns = {name: ColumnDigest() for name in table.columns}
        for name, column in table.columns.items():
            if column.type == "list":
                self._columns[name].as_list()

    def add(self, row: Mapping[str, Any]) -> None:
        """Takes a row of plain Python values. Raises TypeError, KeyError for a column that is not there."""
        for name, column in self._columns.items():
            column.add(row[name])

    def add_all(self, rows: pa.RecordBatch) -> None:
        """Takes some rows."""
        for name, column in self._columns.items():
            column.add_all(rows[name])

    def told(self) -> str:
        """``sha256:<hex>`` over the rows taken."""
        digests = b"".join(column.digest() for column in self._columns.values())
        return f"sha256:{hashlib.sha256(digests).hexdigest()}"


def rows_digest(table: Table, rows: Iterable[Mapping[str, Any]]) -> str:
    """``sha256:<hex>`` over rows with plain Python values, as `ColumnDigest.add` takes them.

    Raises TypeError for a value that is none of them, KeyError for a column that is not there.
    """
    digest = RowsDigest(table)
    for row in rows:
        digest.add(row)
    return digest.told()


def joined_digest(digests: Sequence[str]) -> str:
    """The digest of a table that stands in several files: over the digests of the files, one a line, in order."""
    lines = "".join(f"{digest}\n" for digest in digests)
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def _little_endian(numbers: np.ndarray[Any, Any]) -> bytes:
    return numbers.astype("<f8" if numbers.dtype.kind == "f" else "<i8", copy=False).tobytes()
