"""Canonical row hashes: one digest for the rows of a table, the same whichever reader of Parquet takes them out.

A row is one line of JSON, the columns in their declared order, closed by a line feed; the digest is SHA-256 over the
lines in the order of the file. A value is written so that no two readers can disagree: null as ``null``, text and
booleans as themselves, whole numbers in digits, doubles as the 16 hex digits of their IEEE 754 bits (big-endian), dates
as ``YYYY-MM-DD``, timestamps in UTC as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``, lists as JSON arrays. JSON without spaces, text
unescaped but for what JSON must escape. A table in several files: see `joined_digest`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schema.spec import Table

METHOD = "praktyki-rows-1"
READERS = ("pyarrow", "pandas", "duckdb", "polars", "fastparquet", "hyparquet")
"""Readers that the test suite holds to these hashes; hyparquet reads through node."""
_line = msgspec.json.Encoder().encode  # escapes what the json module escapes, and nothing else


def rows_digest(table: Table, rows: Iterable[Mapping[str, Any]]) -> str:
    """``sha256:<hex>`` over rows with plain Python values (None, str, int, float, bool, date, datetime, list).

    Raises TypeError for a value that is none of them, KeyError for a column that is not there.
    """
    digest = hashlib.sha256()
    names = list(table.columns)
    for row in rows:
        digest.update(canonical_line([row[name] for name in names]))
    return f"sha256:{digest.hexdigest()}"


def canonical_line(values: Sequence[Any]) -> bytes:
    """One row as it is hashed."""
    cells = [_canonical(value) for value in values]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def canonical_lines(table: Table, rows: pa.RecordBatch) -> bytes:
    """Some rows as they are hashed, the same bytes as by `canonical_line`, column by column."""
    columns = [_canonical_column(rows[name]) for name in table.columns]
    return b"".join(_line(cells) + b"\n" for cells in zip(*columns, strict=True))


def joined_digest(digests: Sequence[str]) -> str:
    """The digest of a table that stands in several files: over the digests of the files, one a line, in order."""
    lines = "".join(f"{digest}\n" for digest in digests)
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def _canonical_column(values: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(values.type):
        values = pc.strftime(values.cast(pa.timestamp("us", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    elif pa.types.is_date(values.type):
        values = values.cast(pa.string())
    elif pa.types.is_floating(values.type):
        return [_canonical(value) for value in values.to_pylist()]
    found: list[Any] = values.to_pylist()
    return found


def _canonical(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return struct.pack(">d", value).hex()
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case dt.date():
            return value.isoformat()
        case list() | tuple():
            return [_canonical(item) for item in value]
    raise TypeError(f"a value of type {type(value).__name__} has no canonical form")
