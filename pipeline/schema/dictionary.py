"""The data dictionary as Markdown, derived from the declared tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pipeline.schema.spec import SCHEMA_VERSION, Column, Table, code_lists, tables

_INTRODUCTION = f"""# Data dictionary

Schema version {SCHEMA_VERSION}. Made by `praktyki dictionary --write` from `pipeline/schema/`; do not edit.

Types: text (UTF-8), integer (64 bit), number (double), boolean, date, timestamp (UTC, microseconds), list (of text).
*required*: never null. Privacy: *institution* columns may carry an institution's own contact data; *restricted* columns
hold persons and stand only under `restricted/`. A value that could not be read is null, with a row in `quality_issues`.
"""


def dictionary_markdown(only: str | None = None) -> str:
    """The dictionary of all tables, or of one. Raises KeyError for a table that is not declared."""
    chosen = [tables()[only]] if only else list(tables().values())
    parts = [_INTRODUCTION]
    parts += [_table_markdown(table) for table in chosen]
    parts.append(_codes_markdown(chosen))
    return "\n".join(parts)


def _table_markdown(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key) or "none"
    head = (
        f"## {table.name}\n\n{table.description.en}  \n*pl:* {table.description.pl}  \n*uk:* {table.description.uk}\n\n"
        f"File: `{table.path}` · key: {key}\n\n"
        "| column | type | meaning | po polsku | українською | notes |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "".join(_row(name, column) for name, column in table.columns.items())


def _row(name: str, column: Column) -> str:
    cells = (f"`{name}`", column.type, column.en, column.pl, column.uk, _notes(column))
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _notes(column: Column) -> str:
    notes = []
    if column.is_required:
        notes.append("required")
    if column.label:
        notes.append(f"label “{column.label}”")
    if column.unit:
        notes.append(f"unit: {column.unit}")
    if column.codes:
        notes.append(f"codes: {column.codes}")
    if column.pattern:
        notes.append(f"pattern `{column.pattern}`")
    if column.minimum is not None or column.maximum is not None:
        low, high = (_bound(bound) for bound in (column.minimum, column.maximum))
        notes.append(f"range {low}…{high}")
    if column.references:
        notes.append(f"key of {column.references}")
    if column.privacy != "public":
        notes.append(column.privacy)
    if column.is_prose:
        notes.append("contact data masked")
    return "; ".join(notes)


def _bound(bound: float | dt.date | None) -> str:
    return "" if bound is None else f"{bound:g}" if isinstance(bound, float | int) else bound.isoformat()


def _codes_markdown(chosen: Iterable[Table]) -> str:
    used = sorted({column.codes for table in chosen for column in table.columns.values() if column.codes})
    parts = ["## Code lists\n"]
    for name in used:
        parts.append(f"### {name}\n\n| code | English | po polsku | українською |\n| --- | --- | --- | --- |\n")
        parts += [f"| `{code}` | {en} | {pl} | {uk} |\n" for code, (en, pl, uk) in code_lists()[name].items()]
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
