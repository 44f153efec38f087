"""``CHANGELOG.md`` of a snapshot: its `changes` summed up, by table, cause and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pipeline.schema.spec import code_lists

FILE_NAME = "CHANGELOG.md"


class CauseCount(NamedTuple):
    """How many rows of `changes` a table has of one cause: records concerned, and cells when columns differ."""

    table: str
    cause: str
    records: int
    cells: int


def cause_counts(changes: Iterable[Mapping[str, Any]]) -> list[CauseCount]:
    """Rows of `changes` counted by table and cause, in the order of the names."""
    records: dict[tuple[str, str], set[str]] = {}
    cells: Counter[tuple[str, str]] = Counter()
    for row in changes:
        key = (row["table"], row["cause"])
        records.setdefault(key, set()).add(row["record_id"])
        cells[key] += row["column"] is not None
    return [CauseCount(*key, len(records[key]), cells[key]) for key in sorted(records)]


def changelog_markdown(name: str, previous: str | None, changes: list[dict[str, Any]]) -> str:
    """The changelog of the snapshot ``name`` against ``previous`` (None: it is the first)."""
    head = f"# Changes in {name}\n\n"
    if previous is None:
        return head + "There is no previous snapshot to compare with.\n"
    head += f"Against `{previous}`. Every change, cell by cell, stands in `changes.parquet`.\n\n"
    if not changes:
        return head + "No record differs.\n"
    lines = ["| table | cause | records | cells |", "| --- | --- | ---: | ---: |"]
    lines += [f"| {c.table} | {cause_words(c.cause)} | {c.records} | {c.cells} |" for c in cause_counts(changes)]
    columns = Counter((row["table"], row["column"], row["cause"]) for row in changes if row["column"] is not None)
    if columns:
        lines += ["", "## Columns that differ", "", "| column | cause | cells |", "| --- | --- | ---: |"]
        lines += [
            f"| {table}.{column} | {cause_words(cause)} | {number} |"
            for (table, column, cause), number in sorted(columns.items())
        ]
    return head + "\n".join(lines) + "\n"


def cause_words(cause: str) -> str:
    """A cause in English."""
    return code_lists()["change_cause"][cause][0]
