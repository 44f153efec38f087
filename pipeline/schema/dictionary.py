"""The data dictionary as Markdown, derived from the declared tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pipeline.schema.spec import FIRST_VERSION, SCHEMA_VERSION, Column, Table, code_lists, tables

_INTRODUCTION = f"""# Data dictionary

Schema version {SCHEMA_VERSION}. Made by `praktyki dictionary --write` from `pipeline/schema/`; do not edit.

Types: text (UTF-8), integer (64 bit), number (double), boolean, date, timestamp (UTC, microseconds), list (of text).
*required*: never null. Privacy: *institution* columns may carry an institution's own contact data; *restricted* columns
hold persons and stand only under `restricted/`. A value that could not be read is null, with a row in `quality_issues`.
"""
_FACTS_NOTE = """
*filled*: share of rows with a value, in this snapshot; in the dictionary of the repository, in the sample site. *example*: the
first value, shortened; none for contact data of institutions and none from restricted tables.
"""


class ColumnFacts(NamedTuple):
    """What a snapshot's rows say of a column. ``filled``: share of rows with a value, None when there is no row."""

    filled: float | None
    example: str | None


class TableFacts(NamedTuple):
    """What a snapshot's rows say of a table."""

    rows: int
    columns: Mapping[str, ColumnFacts]


def dictionary_markdown(only: str | None = None, facts: Mapping[str, TableFacts] | None = None) -> str:
    """The dictionary of all tables, or of one; with ``facts`` of a snapshot, of the tables it has, with their fill rates.

    Raises KeyError for a table that is not declared.
    """
    chosen = [tables()[only]] if only else [table for table in tables().values() if facts is None or table.name in facts]
    parts = [_INTRODUCTION if facts is None else _INTRODUCTION + _FACTS_NOTE]
    parts += [_table_markdown(table, facts[table.name] if facts is not None else None) for table in chosen]
    parts.append(_codes_markdown(chosen))
    return "\n".join(parts)


def _table_markdown(table: Table, facts: TableFacts | None) -> str:
    key = ", ".join(f"`{name}`" for name in table.key) or "none"
    head = (
        f"## {table.name}\n\n{table.description.en}  \n*pl:* {table.description.pl}  \n*uk:* {table.description.uk}\n\n"
        f"File: `{table.path}` · key: {key}{f' · rows: {facts.rows}' if facts else ''}\n\n"
        f"| column | type | meaning | po polsku | українською | notes |{' filled | example |' if facts else ''}\n"
        f"| --- | --- | --- | --- | --- | --- |{' ---: | --- |' if facts else ''}\n"
    )
    return head + "".join(_row(name, column, facts.columns[name] if facts else None) for name, column in table.columns.items())


def _row(name: str, column: Column, facts: ColumnFacts | None) -> str:
    cells = [f"`{name}`", column.type, *map(_cell, (column.en, column.pl, column.uk, column_notes(column)))]
    if facts is not None:
        cells += ["" if facts.filled is None else f"{facts.filled:.1%}", _escaped(facts.example or "")]
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    """A value of the data, so that markup of Markdown or HTML in it stays text."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#~&!" else letter for letter in text)


def column_data(column: Column) -> dict[str, Any]:
    """What is declared of a column, for machines: type and meanings, and where there is one unit, label, codes."""
    facts: dict[str, Any] = {"type": column.type, "en": column.en, "pl": column.pl, "uk": column.uk}
    if column.unit is not None:
        facts["unit"] = column.unit
    if column.label is not None:
        facts["label"] = column.label
    if column.codes is not None:
        facts["codes"] = {
            code: dict(zip(("en", "pl", "uk"), words, strict=True)) for code, words in code_lists()[column.codes].items()
        }
    return facts


def column_notes(column: Column) -> str:
    """What holds of a column beside its meaning: required, label, unit, codes, range …, parted by semicolons."""
    notes = []
    if column.is_required:
        notes.append("required")
    if column.since != FIRST_VERSION:
        notes.append(f"since {column.since}")
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
    if bound is None:
        return ""
    if isinstance(bound, dt.date):
        return bound.isoformat()
    return str(int(bound)) if float(bound).is_integer() else str(bound)


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
