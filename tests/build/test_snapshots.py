"""Snapshots: frozen types, same bytes for the same input, one-step publishing, the gate, changes by cause."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import built, page, rows, tab, write_extracted

from pipeline.build.run import build
from pipeline.build.tables.rows import Rows
from pipeline.config import Privacy, Settings
from pipeline.errors import BuildError, ExtractError, RefusedByGate, SchemaError
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import tables

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
PAGES = [page(URL + "7", [tab("bdp:7", labels={"contacts": ["Jan Próbny", "Skarbnik"]})])]


def tree(folder: Path) -> dict[str, str]:
    whole = folder.resolve()
    return {
        path.relative_to(whole).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(whole.rglob("*"))
        if path.is_file()
    }


def test_every_table_exists_with_its_frozen_schema(tmp_path: Path) -> None:
    latest = built(tmp_path, PAGES).snapshot
    for name, table in tables().items():
        schema = pq.read_schema(latest / table.path)
        assert schema.equals(arrow_schema(name)), name


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first = built(tmp_path / "a", PAGES)
    second = built(tmp_path / "b", PAGES)
    assert first.snapshot.name == second.snapshot.name
    assert tree(first.snapshot) == tree(second.snapshot)


def test_publishing_twice_changes_nothing(tmp_path: Path) -> None:
    first = built(tmp_path, PAGES)
    before = {path: path.stat().st_mtime_ns for path in first.snapshot.rglob("*")}
    again = built(tmp_path, PAGES)
    assert (first.outcome, again.outcome) == ("published", "unchanged")
    assert {path: path.stat().st_mtime_ns for path in again.snapshot.rglob("*")} == before
    assert len(list((tmp_path / "datasets" / "snapshots").iterdir())) == 1


def test_id_is_date_of_newest_capture_and_digest(tmp_path: Path) -> None:
    assert built(tmp_path / "dated", PAGES).snapshot.name.startswith("2026-09-01-")
    undated = [page(None, [tab("sha256:0123456789ab")], day=None)]
    assert built(tmp_path / "undated", undated).snapshot.name.startswith("undated-")


def test_all_readers_agree(tmp_path: Path) -> None:
    latest = built(tmp_path, PAGES).snapshot
    for table in tables().values():
        path = latest / table.path
        arrow_rows = pq.read_table(path)
        polars_rows = pl.read_parquet(path)
        pandas_rows = pd.read_parquet(path)
        duckdb_rows = duckdb.read_parquet(str(path))
        assert {polars_rows.height, len(pandas_rows), duckdb_rows.shape[0]} == {arrow_rows.num_rows}
        assert polars_rows.columns == list(pandas_rows.columns) == duckdb_rows.columns == arrow_rows.column_names
        expected = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
                    "timestamp": "TIMESTAMP WITH TIME ZONE", "list": "VARCHAR[]"}  # fmt: skip
        assert [str(kind) for kind in duckdb_rows.types] == [expected[column.type] for column in table.columns.values()]
        polars_types = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date,
                        "timestamp": pl.Datetime("us", "UTC"), "list": pl.List(pl.String)}  # fmt: skip
        assert polars_rows.dtypes == [polars_types[column.type] for column in table.columns.values()]


def test_nothing_extracted_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="praktyki extract"):
        build(Settings(data_dir=tmp_path), print)
    write_extracted(tmp_path, PAGES)
    broken = tmp_path / "extracted" / "test" / "test.jsonl"
    broken.write_bytes(broken.read_bytes()[40:])
    with pytest.raises(BuildError, match=r"test\.jsonl"):
        build(Settings(data_dir=tmp_path), print)


def test_a_text_that_the_disk_gave_back_otherwise_is_not_published(tmp_path: Path) -> None:
    write_extracted(tmp_path, PAGES)
    path = tmp_path / "extracted" / "test" / "test.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Kultura", b"Kulturb", 1))
    with pytest.raises(ExtractError, match=r"test\.jsonl: is not as extract wrote it"):
        build(Settings(data_dir=tmp_path), print)
    write_extracted(tmp_path, PAGES)
    assert build(Settings(data_dir=tmp_path), print).outcome == "published"


def test_restricted_can_be_dropped_altogether(tmp_path: Path) -> None:
    write_extracted(tmp_path, PAGES)
    report = build(Settings(data_dir=tmp_path, privacy=Privacy(keep_restricted=False)), print)
    assert not (report.snapshot / "restricted").exists()
    package = json.loads((report.snapshot / "datapackage.json").read_text("utf-8"))
    assert not [resource["path"] for resource in package["resources"] if "restricted" in resource["path"]]


def test_package_names_hash_bytes_and_rows_of_each_table(tmp_path: Path) -> None:
    latest = built(tmp_path, PAGES).snapshot
    package = json.loads((latest / "datapackage.json").read_text("utf-8"))
    public = {name for name, table in tables().items() if not table.is_restricted}
    assert {resource["name"] for resource in package["resources"]} == set(tables()) | {f"csv-{name}" for name in public}
    for resource in package["resources"]:
        body = (latest / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert resource["bytes"] == len(body)
        assert resource["rows"] == pq.read_metadata(latest / tables()[resource["name"].removeprefix("csv-")].path).num_rows
    assert package["praktyki"]["inputs"] == [
        {"warc_file": "test/test.warc.gz", "sha256": "1" * 64, "bytes": 1, "index_digest": "0" * 64}
    ]
    assert str(tmp_path) not in json.dumps(package)


def test_a_refusal_publishes_nothing_and_leaves_latest_alone(tmp_path: Path) -> None:
    good = built(tmp_path, PAGES).snapshot
    many = [page(f"{URL}{n}", [tab(f"bdp:{n}", title=None, slug=f"s{n}")]) for n in range(30)]
    with pytest.raises(RefusedByGate, match="title") as refusal:
        built(tmp_path, many)
    assert refusal.value.exit_code == 3
    assert "--accept" in str(refusal.value)
    assert (tmp_path / "datasets" / "latest").resolve() == good
    assert sorted(p.name for p in (tmp_path / "datasets").iterdir()) == [
        ".lock",
        "latest",
        "run_report.json",
        "run_report.txt",
        "snapshots",
    ]


def test_an_accepted_refusal_is_recorded(tmp_path: Path) -> None:
    many = [page(f"{URL}{n}", [tab(f"bdp:{n}", title=None, slug=f"s{n}")]) for n in range(30)]
    report = built(tmp_path, many, accept="titles moved, checked by hand")
    gate = json.loads((report.snapshot / "datapackage.json").read_text("utf-8"))["praktyki"]["gate"]
    assert (gate["verdict"], gate["accepted"]) == ("accepted", "titles moved, checked by hand")


def test_schema_and_privacy_cannot_be_accepted_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.build.tables.rows.suspects_in", lambda cells: [[] for _ in cells])  # nothing is masked
    with pytest.raises(RefusedByGate, match="contact data") as refusal:
        built(tmp_path, [page(URL + "7", [tab("bdp:7", title="pisz na jan@example.org")])], accept="never mind")
    assert "jan@example.org" not in str(refusal.value)


def test_latest_is_swapped_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever call fails on the way, `latest` is the old snapshot or the new one, whole."""
    old = built(tmp_path, PAGES).snapshot
    newer = [page(URL + "7", [tab("bdp:7", text="Zmieniona treść o wspólnym ogrodzie we wsi pod lasem.")], day=5)]
    failed = 0
    for fails_at in range(200):
        calls = 0

        def failing(real: Any, at: int = fails_at) -> Any:
            def call(*arguments: Any, **named: Any) -> Any:
                nonlocal calls
                calls += 1
                if calls == at + 1:
                    raise OSError(28, "No space left on device")
                return real(*arguments, **named)

            return call

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", failing(os.fsync))
            patch.setattr(Path, "rename", failing(Path.rename))
            patch.setattr(Path, "replace", failing(Path.replace))
            patch.setattr(Path, "symlink_to", failing(Path.symlink_to))
            patch.setattr(pq, "write_table", failing(pq.write_table))
            try:
                built(tmp_path, newer)
            except BuildError as error:
                failed += 1
                assert "No space left" in str(error)
            else:
                break
        latest = (tmp_path / "datasets" / "latest").resolve()
        assert (latest / "datapackage.json").is_file()
        package = json.loads((latest / "datapackage.json").read_text("utf-8"))
        assert all((latest / resource["path"]).is_file() for resource in package["resources"])
    assert failed > 20
    assert (tmp_path / "datasets" / "latest").resolve() != old


def test_changes_name_their_cause(tmp_path: Path) -> None:
    first = [
        page(URL + "1", [tab("bdp:1", slug="a")]),
        page(URL + "2", [tab("bdp:2", slug="b")]),
        page(URL + "3", [tab("bdp:3", slug="c")]),
        page(URL + "4", [tab("bdp:4", slug="d")]),
    ]
    built(tmp_path, first)
    assert rows(tmp_path, "changes") == []
    second = [
        page(URL + "1", [tab("bdp:1", slug="a", labels={"population": ["46.000"]})], day=9),
        page(URL + "2", [tab("bdp:2", slug="b", title="Inny tytuł")]),
        page(URL + "4", verdict="gone", day=9, status_code=410),
        page(URL + "5", [tab("bdp:5", slug="e")], day=9),
    ]
    built(tmp_path, second)
    found = {
        (row["record_id"], row["column"]): (row["before"], row["after"], row["cause"]) for row in rows(tmp_path, "changes")
    }
    assert found == {
        ("bdp:1", "population"): ("45000", "46000", "edited_at_source"),
        ("bdp:1", "population_raw"): ("45.000", "46.000", "edited_at_source"),
        ("bdp:2", "title"): ("Wspólny ogród", "Inny tytuł", "our_code"),
        ("bdp:3", None): (None, None, "not_seen"),
        ("bdp:4", None): (None, None, "gone_at_source"),
        ("bdp:5", None): (None, None, "new"),
    }


def test_report_is_self_contained_and_escapes(tmp_path: Path) -> None:
    hostile = '</script><script>alert(1)</script><img src="https://example.org/x.png">'
    latest = built(tmp_path, [page(URL + "7", [tab("bdp:7", title=hostile)])]).snapshot
    html = (latest / "report.html").read_text("utf-8")
    assert html.count("<script>") == 1  # its own, which the policy names by its digest
    assert "alert(1)</script>" not in html
    assert "<img" not in html
    assert "&lt;img src=" in html
    assert "default-src 'none'" in html


def test_a_row_that_does_not_fit_is_our_mistake_and_named() -> None:
    collected = Rows()
    with pytest.raises(SchemaError, match="no column nonsense"):
        collected.add("slides", {"nonsense": 1})
    collected.add("slides", {"position": "first"})
    with pytest.raises(SchemaError, match="table slides"):
        collected.arrow("slides")
    assert isinstance(Rows().arrow("places"), pa.Table)
