"""Arrow schemas derived from the declared tables. Frozen: never inferred from rows, so an all-null column keeps its type.

Only plain types that pandas, DuckDB, Polars, pyarrow and R read alike: no decimal, map, dictionary or null type.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from pipeline.schema.spec import SCHEMA_VERSION, Column, ColumnType, Table, tables

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
}


@cache
def arrow_schema(table_name: str) -> pa.Schema:
    """Arrow schema of a table, with descriptions, labels and units as field metadata."""
    table: Table = tables()[table_name]
    return pa.schema(
        [_field(name, column) for name, column in table.columns.items()],
        metadata={"table": table.name, "description": table.description.en, "schema_version": SCHEMA_VERSION},
    )


def _field(name: str, column: Column) -> pa.Field:
    metadata = {"description": column.en, "privacy": column.privacy}
    if column.label:
        metadata["label"] = column.label
    if column.unit:
        metadata["unit"] = column.unit
    return pa.field(name, ARROW_TYPES[column.type], nullable=not column.is_required, metadata=metadata)
