"""`from pipeline import load`: types, dictionary, which table is given and which is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import pipeline
from pipeline import load
from pipeline.cli import main
from pipeline.errors import BuildError, UsageError
from pipeline.schema.spec import Column, code_lists, tables


@pytest.fixture
def data(demo_folder: Path) -> Path:
    return demo_folder / "demo-data"


@pytest.mark.parametrize("name", tables())
def test_every_table_has_its_types_and_its_rows(data: Path, name: str) -> None:
    table = tables()[name]
    frame = load(name, data_dir=data)
    file = pq.read_table(data / "datasets" / "latest" / table.path)
    assert list(frame.columns) == list(table.columns)
    for column, spec in table.columns.items():
        assert is_right(frame[column].dtype, spec), f"{column}: {frame[column].dtype}"
        assert frame[column].isna().sum() == file[column].null_count
    assert len(frame) == file.num_rows


def is_right(dtype: object, column: Column) -> bool:
    if column.codes is not None:
        return isinstance(dtype, pd.CategoricalDtype) and list(dtype.categories) == list(code_lists()[column.codes])
    wanted = {
        "text": "string",
        "integer": "Int64",
        "number": "float64",
        "boolean": "boolean",
        "date": "datetime64",
        "timestamp": "datetime64[us, UTC]",
        "list": "object",
    }
    return str(dtype).startswith(wanted[column.type])


def test_values_are_those_of_the_file(data: Path) -> None:
    frame = load("practices", data_dir=data).set_index("practice_id")
    rows = {row["practice_id"]: row for row in pq.read_table(data / "datasets/latest/practices.parquet").to_pylist()}
    assert rows
    for key, row in rows.items():
        assert frame.loc[key, "title"] == row["title"]
        assert frame.loc[key, "unit_type"] == row["unit_type"]
        assert frame.loc[key, "entered_on"].date() == row["entered_on"]
        assert frame.loc[key, "captured_at"].to_pydatetime() == row["captured_at"]
        assert frame.loc[key, "phones"] == row["phones"]
    assert frame["population"].sum() == sum(row["population"] or 0 for row in rows.values())


def test_the_dictionary_comes_along_and_survives_work_and_files(data: Path, tmp_path: Path) -> None:
    frame = load("practices", data_dir=data)
    attrs = frame[frame["population"] > 10_000].attrs
    assert attrs["snapshot"] == (data / "datasets" / "latest").resolve().name
    assert attrs["citation"].endswith(attrs["snapshot"])
    assert "publishers" in attrs["licence"]
    assert attrs["columns"]["population"]["unit"] == "persons"
    assert set(attrs["columns"]["title"]) >= {"en", "pl", "uk"}
    assert attrs["columns"]["unit_type"]["codes"]["powiat"]["uk"] == "повіт"
    frame.to_parquet(tmp_path / "out.parquet")
    assert pd.read_parquet(tmp_path / "out.parquet").attrs == frame.attrs


def test_some_columns_and_a_named_snapshot(data: Path) -> None:
    name = (data / "datasets" / "latest").resolve().name
    frame = load("practices", columns=["title", "population"], snapshot=name, data_dir=str(data))
    assert list(frame.columns) == list(frame.attrs["columns"]) == ["title", "population"]
    by_folder = load("practices", columns=["title", "population"], snapshot=str(data / "datasets" / "snapshots" / name))
    pd.testing.assert_frame_equal(by_folder, frame)


def test_persons_come_by_name_alone(data: Path) -> None:
    assert len(load("practice_contacts", data_dir=data)) == len(load("restricted/practice_contacts", data_dir=data)) > 0
    public = {column for name, table in tables().items() if not table.is_restricted for column in table.columns}
    assert not public & {"degree", "role"}


def test_what_is_not_there_is_said(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no table 'practises', did you mean 'practices'\?|'practices'; there are"):
        load("practises", data_dir=data)
    with pytest.raises(UsageError, match="no column 'populaton'"):
        load("practices", columns=["title", "populaton"], data_dir=data)
    with pytest.raises(UsageError, match="a list is meant"):
        load("practices", columns="title", data_dir=data)
    with pytest.raises(BuildError, match="praktyki build"):
        load("practices", data_dir=tmp_path)
    with pytest.raises(BuildError, match="there are 2"):
        load("practices", snapshot="2001-01-01-00000000", data_dir=data)
    copy = tmp_path / "copy"
    shutil.copytree(data / "datasets" / "latest", copy, ignore=shutil.ignore_patterns("restricted"))
    with pytest.raises(BuildError, match="keep_restricted"):
        load("people", snapshot=str(copy))


def test_what_cannot_be_read_is_said(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data / "datasets" / "latest", copy)
    (copy / "places.parquet").write_bytes(b"PAR1 not a table PAR1")
    (copy / "slides.parquet").write_bytes((copy / "slides.parquet").read_bytes()[:-200])
    for name in ("places", "slides"):
        with pytest.raises(BuildError, match=rf"{name}.parquet: cannot be read"):
            load(name, snapshot=str(copy))
    assert main(["query", "SELECT 1", "--snapshot", str(copy)]) == 1


def test_columns_asked_for_twice_come_once(data: Path) -> None:
    assert list(load("practices", columns=["title", "unit_type", "title"], data_dir=data).columns) == ["title", "unit_type"]


def test_from_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAKTYKI_CACHE_DIR", str(tmp_path / "cache"))
    page = tmp_path / "page.html"
    page.write_text(
        "<title>Nowy park</title><article><h1>Nowy park</h1><p>Gmina otworzyła park nad rzeką.</p></article>", "utf-8"
    )
    address = f"file://{tmp_path}/far"
    for command in (["import", str(page)], ["extract", "--engine", "serial"], ["build"]):
        assert main([*command, "--data-dir", address, "--quiet"]) == 0
    frame = load("articles", data_dir=address)
    assert list(frame["title"]) == ["Nowy park"]
    assert frame.attrs["snapshot"].startswith("undated-")


def test_a_code_of_a_later_version_is_kept(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data / "datasets" / "latest", copy)
    rows = pq.read_table(copy / "practices.parquet")
    position = rows.schema.get_field_index("unit_type")
    later = rows.set_column(position, rows.schema.field(position), [["metropolia"] * rows.num_rows])
    pq.write_table(later, copy / "practices.parquet")
    frame = load("practices", snapshot=str(copy))
    assert set(frame["unit_type"]) == {"metropolia"}


def test_import_stays_light() -> None:
    code = "import sys, pipeline; print(sorted({'pandas', 'pyarrow', 'msgspec', 'argparse'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = pipeline.lode
