"""Rows of a snapshot by their names: the key, its parts joined by "/"."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schema.spec import tables


def rows_named(table: str, rows: pa.Table, name: str) -> list[dict[str, Any]]:
    """The rows of that name. Keys may hold "/" themselves, so names are compared whole.

    In a table without a key a row is called by its record, or by that with its table before.
    """
    if not rows.num_rows:
        return []
    fits = pc.equal(_names(table, rows), name)
    if not tables()[table].key:
        fits = pc.or_kleene(fits, pc.equal(_joined(rows, ["table", "record_id"]), name))
    found: list[dict[str, Any]] = rows.filter(fits).to_pylist()
    return found


def names_of(table: str, rows: pa.Table) -> list[str]:
    """Names of the rows in order, each once."""
    names: list[str] = pc.unique(_names(table, rows)).drop_null().to_pylist() if rows.num_rows else []
    return names


def key_of(table: str) -> list[str]:
    """Columns that make up the names of a table's rows."""
    return tables()[table].key or ["record_id"]


def _names(table: str, rows: pa.Table) -> pa.ChunkedArray:
    return _joined(rows, key_of(table))


def _joined(rows: pa.Table, columns: list[str]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(pc.cast(rows[column], pa.string()) for column in columns), "/")
