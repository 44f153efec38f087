"""Where two versions of a table part: the first row, in the order of the key, and the first column."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.schema.spec import Table

SHOWN = 120


class FirstDifference(NamedTuple):
    """The first cell that differs. Values are shortened; of restricted tables they are not shown at all."""

    detail: str
    record_id: str | None = None
    column: str | None = None
    recorded: str | None = None
    rebuilt: str | None = None


def first_difference(table: Table, recorded: pa.Table, rebuilt: pa.Table) -> FirstDifference | None:
    """The first row and column in which ``rebuilt`` is not ``recorded``; None when both hold the same rows."""
    if recorded.column_names != rebuilt.column_names:
        other = sorted({*recorded.column_names} ^ {*rebuilt.column_names})
        return FirstDifference(f"has other columns: {', '.join(other) or 'in another order'}")
    then, now = recorded.to_pylist(), rebuilt.to_pylist()
    for number, (old, new) in enumerate(zip(then, now, strict=False)):
        for column in table.columns:
            if old[column] != new[column]:
                if table.key and column in table.key:
                    return _row_difference(table, then, now)
                place = f"row {_record_id(table, old, number)}, column {column}"
                return FirstDifference(
                    f"{place} differs",
                    _record_id(table, old, number),
                    column,
                    _shown(table, old[column]),
                    _shown(table, new[column]),
                )
    return _row_difference(table, then, now) if len(then) != len(now) else None


def _row_difference(table: Table, then: list[dict[str, Any]], now: list[dict[str, Any]]) -> FirstDifference:
    """Rows came or went: the first of them by key; by number where the table has no key."""
    if not table.key:
        return FirstDifference(f"{len(now)} rows, {len(then)} were recorded")
    old, new = ({_record_id(table, row, 0) for row in rows} for rows in (then, now))
    gone, come = sorted(old - new), sorted(new - old)
    if gone and (not come or gone[0] <= come[0]):
        return FirstDifference(f"row {gone[0]} is missing ({len(now)} rows, {len(then)} were recorded)", gone[0])
    if come:
        return FirstDifference(f"row {come[0]} was not recorded ({len(now)} rows, {len(then)} were recorded)", come[0])
    return FirstDifference("the same rows in another order")


def _record_id(table: Table, row: dict[str, Any], number: int) -> str:
    return "/".join(str(row[name]) for name in table.key) if table.key else str(number)


def _shown(table: Table, value: Any) -> str:
    if table.is_restricted:
        return "(not shown)"
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
