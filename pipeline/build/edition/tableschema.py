"""Table Schema (Data Package 2) of a table and its resources, derived from the declared columns."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.build.tables.csv_edition import csv_path
from pipeline.build.tables.outfiles import file_digest
from pipeline.build.tables.rowhash import joined_digest
from pipeline.build.tables.store import table_files
from pipeline.schema.spec import Column, Table, Wording, code_lists, tables

CSV_PREFIX = "csv-"
_FIELD_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "list": "array",
}
_DIALECT = {"header": True, "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True}


def parquet_resource(folder: Path, table: Table, rows: int) -> dict[str, Any]:
    """The resource of a table as Parquet, in one file or in several (`path` is a list then, and `files` tells of each)."""
    files = table_files(folder, table.name)
    return {
        "name": table.name,
        "type": "table",
        "path": table.path if len(files) == 1 else [path.relative_to(folder).as_posix() for path in files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "title": table.name,
        "description": table.description.en,
        "descriptions": words(table.description),
        "privacy": "restricted" if table.is_restricted else "public",
        **_facts_of_all(folder, files),
        "rows": rows,
        "schema": table_schema(table),
    }


def csv_resource(folder: Path, table: Table, rows: int) -> dict[str, Any]:
    """The resource of a public table in the CSV edition."""
    path = csv_path(table)
    return {
        "name": CSV_PREFIX + table.name,
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "title": f"{table.name} (CSV edition)",
        "description": f"{table.description.en} Texts that a spreadsheet could run are escaped: see csv/README.md.",
        **file_facts(folder / path),
        "rows": rows,
        "schema": table_schema(table, prefix=CSV_PREFIX),
    }


def file_facts(path: Path) -> dict[str, Any]:
    """Digest and size of a file, as a resource states them."""
    return {"hash": file_digest(path), "bytes": path.stat().st_size}


def _facts_of_all(folder: Path, files: list[Path]) -> dict[str, Any]:
    """Of several files: the bytes of all, and a digest over their digests, one a line."""
    if len(files) == 1:
        return file_facts(files[0])
    each = [{"path": path.relative_to(folder).as_posix(), **file_facts(path)} for path in files]
    return {
        "hash": joined_digest([facts["hash"] for facts in each]),
        "bytes": sum(facts["bytes"] for facts in each),
        "files": each,
    }


def table_schema(table: Table, prefix: str = "") -> dict[str, Any]:
    """The schema of a table; ``prefix`` stands before the names of resources that foreign keys point at."""
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(name, column) for name, column in table.columns.items()],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = table.key
    keys = [_foreign_key(name, prefix, column.references) for name, column in table.columns.items() if column.references]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _foreign_key(name: str, prefix: str, target: str) -> dict[str, Any]:
    return {"fields": [name], "reference": {"resource": prefix + target, "fields": [tables()[target].key[0]]}}


def words(wording: Wording | Column) -> dict[str, str]:
    """A description in the three languages."""
    return {"en": wording.en, "pl": wording.pl, "uk": wording.uk}


def _field(name: str, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _FIELD_TYPES[column.type]}
    if column.label:
        field["title"] = column.label
    field |= {"description": column.en, "descriptions": words(column), "privacy": column.privacy, "since": column.since}
    if column.unit:
        field["unit"] = column.unit
    if column.codes:
        field["codeList"] = column.codes
    constraints, items = _constraints(column), _item_constraints(column)
    if column.type == "list" and items:
        field["itemConstraints"] = items  # the standard has `jsonSchema` for this, which frictionless 5 refuses
    elif items:
        constraints |= items
    if constraints:
        field["constraints"] = constraints
    return field


def _constraints(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.is_required:
        constraints["required"] = True
    for bound, limit in (("minimum", column.minimum), ("maximum", column.maximum)):
        if limit is not None:
            constraints[bound] = _limit(column, limit)
    return constraints


def _item_constraints(column: Column) -> dict[str, Any]:
    items: dict[str, Any] = {}
    if column.pattern is not None:
        items["pattern"] = column.pattern
    if column.codes is not None:
        items["enum"] = [*code_lists()[column.codes]]
    return items


def _limit(column: Column, limit: float | dt.date) -> Any:
    if isinstance(limit, dt.date):
        return limit.isoformat()
    return int(limit) if column.type == "integer" else limit
