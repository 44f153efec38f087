"""The declared tables, columns and code lists: the one place they are written down is ``tables/*.toml`` and ``codes.toml``.

Arrow schemas, checks, the dictionary and package metadata are derived from what this module loads.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from pipeline.errors import SchemaError

SCHEMA_VERSION = "1.1"
"""Additive changes raise the minor number; anything else is a new major version."""
FIRST_VERSION = "1.0"

ColumnType = Literal["text", "integer", "number", "boolean", "date", "timestamp", "list"]
Privacy = Literal["public", "institution", "restricted"]

T = TypeVar("T")
_FOLDER = Path(__file__).parent


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One description in the three languages."""

    en: str
    pl: str
    uk: str


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column. ``privacy``: public; institution (its own contact data may stand here); restricted (persons).

    ``is_prose``: text as published, in which contact data is masked before it is published.
    ``codes`` names a code list, ``references`` the table whose key the value is, ``label`` the label as printed.
    """

    type: ColumnType
    en: str
    pl: str
    uk: str
    is_required: bool = False
    is_prose: bool = False
    label: str | None = None
    pattern: str | None = None
    codes: str | None = None
    minimum: float | dt.date | None = None
    maximum: float | dt.date | None = None
    unit: str | None = None
    privacy: Privacy = "public"
    references: str | None = None
    since: str = FIRST_VERSION


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table: its columns in order, the provenance columns last. ``key`` is empty for a table without one."""

    name: str
    key: list[str]
    description: Wording
    columns: dict[str, Column]
    is_restricted: bool = False
    has_provenance: bool = False

    @property
    def path(self) -> str:
        """Where the table stands in a snapshot."""
        return f"restricted/{self.name}.parquet" if self.is_restricted else f"{self.name}.parquet"


class _Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    columns: dict[str, Column]


CodeLists = dict[str, dict[str, tuple[str, str, str]]]


@cache
def tables() -> dict[str, Table]:
    """All tables by name, public ones first, each part in alphabetical order. Raises SchemaError when a file is wrong."""
    provenance = _decoded(_FOLDER / "tables" / "_provenance.toml", _Provenance).columns
    loaded = []
    for path in sorted((_FOLDER / "tables").glob("[!_]*.toml")):
        table = _decoded(path, Table)
        if table.name != path.stem:
            raise SchemaError(f"{path}: declares table {table.name!r}; file and table have one name")
        if table.has_provenance:
            table = msgspec.structs.replace(table, columns={**table.columns, **provenance})
        loaded.append(table)
    named = {table.name: table for table in sorted(loaded, key=lambda table: (table.is_restricted, table.name))}
    for table in loaded:
        _check(table, named)
    return named


@cache
def code_lists() -> CodeLists:
    """Code lists by name: code → what it stands for in English, Polish, Ukrainian."""
    return _decoded(_FOLDER / "codes.toml", CodeLists)


def _decoded(path: Path, type_: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path}: {error}") from error


def _check(table: Table, named: dict[str, Table]) -> None:
    for name in table.key:
        if name not in table.columns:
            raise SchemaError(f"table {table.name}: key column {name!r} is not declared")
    for name, column in table.columns.items():
        if column.codes is not None and column.codes not in code_lists():
            raise SchemaError(f"table {table.name}, column {name}: code list {column.codes!r} is not declared")
        if column.references is not None and column.references not in named:
            raise SchemaError(f"table {table.name}, column {name}: references unknown table {column.references!r}")
        if column.privacy == "restricted" and not table.is_restricted:
            raise SchemaError(f"table {table.name}, column {name}: restricted data may stand only in a restricted table")
