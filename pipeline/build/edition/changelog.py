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
    """Rows of `changes`, in its order, counted by table and cause, in the order of the names."""
    tally = _Tally()
    for row in changes:
        tally.add(row)
    return tally.counts()


class _Tally:
    """Counts rows of `changes`, those of a record one after the other."""

    def __init__(self) -> None:
        self.columns: Counter[tuple[str, str, str]] = Counter()
        self._records: Counter[tuple[str, str]] = Counter()
        self._cells: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], str] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        key = (row["table"], row["cause"])
        self._records[key] += self._last.get(key) != row["record_id"]
        self._last[key] = row["record_id"]
        self._cells[key] += row["column"] is not None
        if row["column"] is not None:
            self.columns[row["table"], row["column"], row["cause"]] += 1

    def counts(self) -> list[CauseCount]:
        return [CauseCount(*key, self._records[key], self._cells[key]) for key in sorted(self._records)]


def changelog_markdown(name: str, previous: str | None, changes: Iterable[Mapping[str, Any]]) -> str:
    """The changelog of the snapshot ``name`` against ``previous`` (None: it is the first); ``changes`` in their order."""
    head = f"# Changes in {name}\n\n"
    if previous is None:
        return head + "There is no previous snapshot to compare with.\n"
    head += f"Against `{previous}`. Every change, cell by cell, stands in `changes.parquet`.\n\n"
    tally = _Tally()
    for row in changes:
        tally.add(row)
    counts = tally.counts()
    if not counts:
        return head + "No record differs.\n"
    lines = ["| table | cause | records | cells |", "| --- | --- | ---: | ---: |"]
    lines += [f"| {c.table} | {cause_words(c.cause)} | {c.records} | {c.cells} |" for c in counts]
    if tally.columns:
        lines += ["", "## Columns that differ", "", "| column | cause | cells |", "| --- | --- | ---: |"]
        lines += [
            f"| {table}.{column} | {cause_words(cause)} | {number} |"
            for (table, column, cause), number in sorted(tally.columns.items())
        ]
    return head + "\n".join(lines) + "\n"


def cause_words(cause: str) -> str:
    """A cause in English."""
    return code_lists()["change_cause"][cause][0]
