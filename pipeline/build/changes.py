"""What differs between two snapshots, cell by cell, and why."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.rows import Rows
from pipeline.build.store import Stored, stored_tables
from pipeline.schema.spec import Table, tables

COMPARED = (
    "practices",
    "practice_sections",
    "practice_attachments",
    "presentations",
    "slides",
    "articles",
    "partnerships",
)
_PROVENANCE = ("source", "source_url", "captured_at", "capture_id", "gone_capture_id")
_DEPARTURE = ("is_gone", "gone_on")
_FROM_REGISTER = ("terc", "terc_6", "terc_current", "place_id")

Row = dict[str, Any]


def changes_between(before: Path, after: Mapping[str, pa.Table]) -> Iterator[Row]:
    """Rows of `changes` from the snapshot in folder ``before`` to the tables ``after``.

    Columns that only one of the two knows are not compared. Cause: other captures mean an edit at the source, the same
    capture means our code, or the register for columns that come from it. A row whose page is gone stays: its `is_gone` turns.
    """
    gone = _gone_addresses(after["captures"])
    old_tables = stored_tables(before)
    registers_differ = _register_dates(old_tables) != _dates(after["places"])
    for name in COMPARED:
        if name not in old_tables:
            continue
        old = _by_key(old_tables[name], tables()[name])
        new = _by_key(after[name], tables()[name])
        for key in sorted(old.keys() | new.keys()):
            record_id = "/".join(str(part) for part in key)
            if key not in old:
                yield _change(name, record_id, None, None, None, "new", None, new[key])
            elif key not in new:
                shown = gone.get(old[key].get("source_url") or "")
                cause = "gone_at_source" if shown is not None else "not_seen"
                yield _change(name, record_id, None, None, None, cause, old[key], None) | {"capture_after": shown}
            else:
                yield from _cell_changes(name, record_id, old[key], new[key], registers_differ=registers_differ)


def _cell_changes(table: str, record_id: str, old: Row, new: Row, *, registers_differ: bool) -> Iterator[Row]:
    old = {"is_gone": False, "gone_on": None} | old  # schema 1.0 did not tell
    for column in new:
        if column in _PROVENANCE or column not in old or old[column] == new[column]:
            continue
        if column in _DEPARTURE:
            yield _departure_change(table, record_id, column, old, new)
            continue
        if old.get("capture_id") != new.get("capture_id"):
            cause = "edited_at_source"
        else:
            cause = "new_register" if registers_differ and column in _FROM_REGISTER else "our_code"
        yield _change(table, record_id, column, _text(old[column]), _text(new[column]), cause, old, new)


def _departure_change(table: str, record_id: str, column: str, old: Row, new: Row) -> Row:
    """A page gone or back again: the captures named are those that show it."""
    cause = "gone_at_source" if new["is_gone"] else "edited_at_source"
    shown = {"capture_before": old.get("gone_capture_id") or old["capture_id"]}
    shown["capture_after"] = new["gone_capture_id"] if new["is_gone"] else new["capture_id"]
    return _change(table, record_id, column, _text(old[column]), _text(new[column]), cause, old, new) | shown


def _change(
    table: str,
    record_id: str,
    column: str | None,
    before: str | None,
    after: str | None,
    cause: str,
    old: Row | None,
    new: Row | None,
) -> Row:
    return {
        "table": table,
        "record_id": record_id,
        "column": column,
        "before": before,
        "after": after,
        "cause": cause,
        "capture_before": old.get("capture_id") if old else None,
        "capture_after": new.get("capture_id") if new else None,
    }


def _by_key(rows: pa.Table, table: Table) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in table.key): row for row in rows.to_pylist()}


def _gone_addresses(captures: pa.Table) -> dict[str, str]:
    """Address → the capture that shows it gone."""
    rows = captures.filter(pc.equal(captures["verdict"], "gone")).to_pylist()
    return {row["source_url"]: row["capture_id"] for row in rows if row["source_url"]}


def _register_dates(snapshot: Mapping[str, Stored]) -> set[tuple[str, dt.date | None]]:
    return _dates(snapshot["places"]) if "places" in snapshot else set()


def _dates(places: pa.Table) -> set[tuple[str, dt.date | None]]:
    return set(zip(places["register"].to_pylist(), places["register_on"].to_pylist(), strict=True))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def changes_table(before: Path | None, after: Mapping[str, pa.Table]) -> pa.Table:
    """The table `changes` from the snapshot in folder ``before`` to the tables ``after``; empty without a snapshot before."""
    rows = Rows()
    for row in changes_between(before, after) if before is not None else ():
        rows.add("changes", row)
    return rows.arrow("changes")
