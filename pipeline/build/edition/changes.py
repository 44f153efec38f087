"""What differs between two snapshots, cell by cell, and why."""

from __future__ import annotations

import datetime as dt
import functools
import heapq
import json
import sys
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.choice.delta import Delta
from pipeline.build.tables.csv_edition import csv_part
from pipeline.build.tables.packs import packed
from pipeline.build.tables.pairing import Key, sides, stretches
from pipeline.build.tables.parts import SortedTask, sorted_written
from pipeline.build.tables.partwriter import PartFile
from pipeline.build.tables.rows import Rows
from pipeline.build.tables.store import Stored, stored_tables
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

_NAME: Final = "changes"
_AT_ONCE: Final = 20_000

Row = dict[str, Any]


def changes_between(before: Path, after: Mapping[str, pa.Table], delta: Delta | None = None) -> Iterator[Row]:
    """Rows of `changes` from the snapshot in folder ``before`` to the tables ``after``. ``delta``: the rows that may differ.

    Columns that only one of the two knows are not compared. Cause: other captures mean an edit at the source, the same
    capture means our code, or the register for columns that come from it. A row whose page is gone stays: its `is_gone` turns.
    """
    gone = _gone_addresses(after["captures"])
    old_tables = stored_tables(before)
    registers_differ = _register_dates(old_tables) != _dates(after["places"])
    for name in COMPARED:
        if name not in old_tables:
            continue
        table = tables()[name]
        old, new = (old_tables[name], after[name]) if delta is None else (delta.old[name], delta.new[name])
        found = sides(old, new, table.key)
        told = (
            (
                (key, _change(name, _named(key), None, None, None, "new", None, row))
                for key, row in _rows(found.new_only, table)
            ),
            ((key, _departed(name, key, row, gone)) for key, row in _rows(found.old_only, table)),
            (
                (key, change)
                for key, old, new in _changed(found.old, found.new, table)
                for change in _cell_changes(name, _named(key), old, new, registers_differ=registers_differ)
            ),
        )
        for _, change in heapq.merge(*told, key=itemgetter(0)):
            yield change


def _departed(table: str, key: Key, old: Row, gone: Mapping[str, str]) -> Row:
    """A row that is there no more."""
    shown = gone.get(old.get("source_url") or "")
    cause = "gone_at_source" if shown is not None else "not_seen"
    return _change(table, _named(key), None, None, None, cause, old, None) | {"capture_after": shown}


def _rows(rows: pa.Table, table: Table) -> Iterator[tuple[Key, Row]]:
    for batch in rows.to_batches():
        for row in batch.to_pylist():
            yield tuple(row[name] for name in table.key), row


def _changed(old: pa.Table, new: pa.Table, table: Table) -> Iterator[tuple[Key, Row, Row]]:
    """Rows of two tables of the same keys that differ in a column both know."""
    names = [name for name in new.column_names if name in old.column_names]
    compared = [name for name in names if name not in _PROVENANCE]
    for was, now in zip(stretches(old), stretches(new), strict=True):
        masks = [_differs(was[name], now[name]) for name in compared]
        if "is_gone" not in names and "is_gone" in new.column_names:  # schema 1.0 did not tell
            masks.append(pc.fill_null(now["is_gone"], False))
        mask = functools.reduce(pc.or_, masks)
        for one, other in zip(was.filter(mask).to_pylist(), now.filter(mask).to_pylist(), strict=True):
            yield tuple(other[name] for name in table.key), one, other


def _differs(old: pa.ChunkedArray, new: pa.ChunkedArray) -> pa.Array:
    """Row by row whether two columns differ; null is a value like others."""
    if old.type != new.type or pa.types.is_nested(new.type):
        pairs = zip(old.to_pylist(), new.to_pylist(), strict=True)
        return pa.array([one != other for one, other in pairs], pa.bool_())
    differ = pc.fill_null(pc.not_equal(old, new), False)
    return pc.or_(differ, pc.xor(pc.is_null(old), pc.is_null(new))).combine_chunks()


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


def _named(key: Key) -> str:
    return "/".join(str(part) for part in key)


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


def changes_written(
    before: Path | None, after: Mapping[str, Any], folder: Path, work: Path, delta: Delta | None = None
) -> tuple[Stored, list[Path]]:
    """`changes_table` written into ``folder`` and never held whole; the table there, and the file with its lines of CSV.

    ``work``: a folder for what is needed meanwhile; ``delta``: the rows that may differ. Raises OSError.
    """
    packs: list[tuple[Path, str]] = []

    def packed_away(rows: Rows) -> Rows:
        packs.append((work / f"{_NAME}-{len(packs)}.pack", _NAME))
        packs[-1][0].write_bytes(packed({_NAME: rows.owned(_NAME)}))
        return Rows()

    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    rows = Rows()
    for row in changes_between(before, after, delta) if before is not None else ():
        rows.add(_NAME, row)
        if rows.count(_NAME) >= _AT_ONCE:
            rows = packed_away(rows)
    packed_away(rows)
    table = tables()[_NAME]
    file = PartFile(_NAME, folder / table.path, work / csv_part(table))
    written = sorted_written(SortedTask(file, [], packs, work, single_rows=sys.maxsize, file_rows=sys.maxsize))
    for path, _ in packs:
        path.unlink()
    return Stored([file.path], facts=written[0].facts), [work / csv_part(table)]


def changes_table(before: Path | None, after: Mapping[str, pa.Table]) -> pa.Table:
    """The table `changes` from the snapshot in folder ``before`` to the tables ``after``; empty without a snapshot before."""
    rows = Rows()
    for row in changes_between(before, after) if before is not None else ():
        rows.add(_NAME, row)
    return rows.arrow(_NAME)
