"""What the explorer looks up: rows of records that it shows, and no others in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.explorer import records
from pipeline.explorer.reading import Children, Lookup, OfParts, values_of
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import tables


def written(folder: Path, table: str, rows: list[dict[str, Any]]) -> None:
    """A table of which only the columns that are asked for are filled."""
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(table)])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / tables()[table].path)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    issues = [
        ("articles", "a"), ("practice_sections", "b/1"), ("practice_sections", "b/10"), ("practice_sections", "b/c/2"),
        ("practice_sections", "x/1"), ("practices", "b"), ("practices", "b"), ("practices", "b:1"), ("practices", None),
    ]  # fmt: skip
    rows = [{"table": table, "record_id": name, "reason": f"{at}"} for at, (table, name) in enumerate(issues)]
    written(tmp_path, "quality_issues", rows)
    written(tmp_path, "captures", [{"capture_id": f"c{at}"} for at in range(5)])
    return tmp_path


def test_only_wanted_rows_are_held(snapshot: Path) -> None:
    lookup = Lookup(snapshot, "captures", "capture_id", ("capture_id",), {"c1", "c3", "other"})
    assert [*lookup._at] == ["c1", "c3"]
    assert lookup.of("c3") == [{"capture_id": "c3"}]
    assert lookup.of("c2") == lookup.of("other") == lookup.of(None) == []
    assert Lookup(snapshot, "captures", "capture_id", ("capture_id",), set()).of("c1") == []


def test_issues_of_parts_belong_to_their_record(snapshot: Path) -> None:
    parts = OfParts(snapshot, "quality_issues", "record_id", ("reason",), ["b", "b/c"], "practice_sections")
    assert [row["reason"] for row in parts.of("b")] == ["1", "2"]
    assert [row["reason"] for row in parts.of("b/c")] == ["3"]
    assert parts.of("x") == []


def test_issues_of_records_are_read_along_with_them(snapshot: Path) -> None:
    own = Children(snapshot, "quality_issues", "record_id", ("record_id", "reason"), "practices")
    assert own.of("a") == []
    assert own.of("b") == [{"record_id": "b", "reason": "5"}, {"record_id": "b", "reason": "6"}]
    assert own.of("b:1") == [{"record_id": "b:1", "reason": "7"}]
    assert own.of("c") == []


def test_values_stop_where_no_more_are_asked_for(snapshot: Path) -> None:
    assert values_of(snapshot, "captures", "capture_id", 2) == ["c0", "c1"]
    assert len(values_of(snapshot, "captures", "capture_id")) == 5


def test_captures_of_records_that_are_not_shown_are_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_OF_A_KIND", 1)
    for table, key in records.KEYS.items():
        written(tmp_path, table, [{key: name, "capture_id": f"{table} {name}"} for name in ("p1", "p2")])
    section = [{"practice_id": name, "position": 1, "capture_id": f"tab {name}"} for name in ("p1", "p2")]
    written(tmp_path, "practice_sections", section)
    written(tmp_path, "practice_attachments", [])
    wanted = records._captures_shown(tmp_path, {table: ["p1"] for table in records.KEYS})
    assert wanted == {"tab p1", *(f"{table} p1" for table in records.KEYS)}
