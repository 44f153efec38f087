"""Large tables stand in folders of several files, which every reader opens as one table."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import mlcroissant
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline import load
from pipeline.build import assembly, tablefiles
from pipeline.build.edition.package import damage
from pipeline.build.run import build
from pipeline.build.snapshot import read_tables
from pipeline.build.upkeep.reproduce import reproduction
from pipeline.cli import main
from pipeline.config import Settings
from pipeline.explorer.page import write_explorer
from pipeline.explorer.records import shown_records
from pipeline.schema.spec import tables

IN_PARTS = ("practices", "slides", "captures", "record_places", "people")


def silent(_line: str) -> None: ...


@pytest.fixture(scope="module")
def settings(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The demo built with files of a few rows."""
    data = tmp_path_factory.mktemp("parts")
    for stage in ("raw", "extracted"):
        shutil.copytree(demo_data / stage, data / stage, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "SINGLE_RECORDS", 2)
        patch.setattr(assembly, "FILE_RECORDS", 2)
        patch.setattr(tablefiles, "SINGLE_ROWS", 3)
        patch.setattr(tablefiles, "FILE_ROWS", 3)
        patch.setattr("pipeline.build.records.making.CHUNK_RECORDS", 2)
        patch.setattr("pipeline.build.tables.sorting.IN_MEMORY", 4)
        settings = Settings(data_dir=data)
        build(settings, silent, asks_volumes=False)
        yield settings


@pytest.fixture(scope="module")
def snapshot(settings: Settings) -> Path:
    return (settings.datasets / "latest").resolve()


@pytest.fixture(scope="module")
def whole(demo_snapshot: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of the same tables, each in one file."""
    return {name: rows.to_pylist() for name, rows in read_tables(demo_snapshot).items()}


def test_tables_hold_the_same_rows_in_the_same_order(snapshot: Path, whole: dict[str, list[dict[str, Any]]]) -> None:
    for name in IN_PARTS:
        assert len([*(snapshot / tables()[name].path).glob("part-*.parquet")]) > 1, name
    read = {name: rows.to_pylist() for name, rows in read_tables(snapshot).items()}
    assert {name: rows for name, rows in read.items() if name != "changes"} == {
        name: rows for name, rows in whole.items() if name != "changes"
    }
    assert damage(snapshot) == []


@pytest.mark.parametrize("name", IN_PARTS)
def test_readers_open_a_folder_as_one_table(name: str, snapshot: Path, whole: dict[str, list[dict[str, Any]]]) -> None:
    path = snapshot / tables()[name].path
    key = tables()[name].key
    keys = [tuple(row[column] for column in key) for row in whole[name]]
    in_polars = pl.read_parquet(path).select(key).rows()
    in_pandas = pd.read_parquet(path, columns=key)
    columns = ", ".join(f'"{column}"' for column in key)
    in_duckdb = duckdb.connect().execute(f"SELECT {columns} FROM '{path}/*.parquet'").fetchall()
    assert pq.read_table(path, columns=key).to_pylist() == [dict(zip(key, values, strict=True)) for values in keys]
    assert in_polars == in_duckdb == [*in_pandas.itertuples(index=False, name=None)] == keys


def test_load_and_query_open_them(settings: Settings, capsys: pytest.CaptureFixture[str], whole: dict[str, Any]) -> None:
    assert len(load("slides", data_dir=settings.data_dir)) == len(whole["slides"])
    assert len(load("restricted/people", data_dir=settings.data_dir)) == len(whole["people"])
    assert main(["query", "SELECT count(*) AS n FROM slides", "--json", "--data-dir", str(settings.data_dir)]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == [{"n": len(whole["slides"])}]


def test_what_is_made_of_the_tables_is_the_same(snapshot: Path, demo_snapshot: Path) -> None:
    for name in ("DATA_DICTIONARY.md", "waterfall.json", *(f"csv/{name}.csv" for name in IN_PARTS if name != "people")):
        assert (snapshot / name).read_bytes() == (demo_snapshot / name).read_bytes(), name
    assert [*map(repr, shown_records(snapshot))] == [*map(repr, shown_records(demo_snapshot))]


def test_the_explorer_says_when_it_does_not_show_all(snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        "of each kind; all of them stand" not in write_explorer(snapshot, "a", tmp_path).read_text("utf-8").split("<script")[0]
    )
    for module in ("records", "page"):
        monkeypatch.setattr(f"pipeline.explorer.{module}.MOST_OF_A_KIND", 2)
    assert "the first 2 of each kind" in write_explorer(snapshot, "a", tmp_path).read_text("utf-8")
    assert [record.table for record in shown_records(snapshot)].count("practices") == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # mlcroissant uses what rdflib is about to drop
def test_packages_name_every_file(snapshot: Path, whole: dict[str, Any]) -> None:
    package = json.loads((snapshot / "datapackage.json").read_bytes())
    listed = {item["path"] for resource in package["resources"] for item in resource.get("files", [resource])}
    assert {path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*.parquet") if path.is_file()} <= listed
    dataset = mlcroissant.Dataset(jsonld=snapshot / "croissant.json")
    assert sum(1 for _ in dataset.records("slides")) == len(whole["slides"])


def test_a_snapshot_in_parts_can_be_traced_reproduced_and_built_upon(
    settings: Settings, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", "practices", "bdp:112", "population", "--data-dir", str(settings.data_dir)]) == 0
    assert "bdp:112" in capsys.readouterr().out
    assert reproduction(settings, snapshot, silent).outcome == "identical"
    shutil.rmtree(settings.data_dir / ".build")
    assert build(settings, silent, asks_volumes=False).outcome == "unchanged"
    assert main(["report", "--data-dir", str(settings.data_dir)]) == 0
