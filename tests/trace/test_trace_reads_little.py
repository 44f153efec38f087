"""A trace reads of a snapshot what it needs: not whole tables, not what lies in other row groups; and writes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pipeline.demo
from pipeline.archive.importer import import_paths
from pipeline.build.run import build
from pipeline.build.tables.store import Stored
from pipeline.cli import main
from pipeline.config import Settings
from pipeline.extract.run import extract

SITE = Path(pipeline.demo.__file__).parent / "site"
ASKED = (
    ["practices", "bdp:112"],
    ["practices", "bdp:318", "population"],
    ["practice_attachments", "bdp:112/1"],
    ["slides", "slideplayer.pl:7001123/2"],
    ["places", "terc:1817011"],
    ["quality_issues", "bdp:147"],
)


def silent(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"), engine="serial")
    import_paths([SITE], settings.raw, say=silent)
    extract(settings, silent)
    build(settings, silent, "a test")
    return settings.data_dir


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(data_dir: Path, *arguments: str) -> str:
        assert main(["trace", *arguments, "--json", "--data-dir", str(data_dir)]) == 0
        return capsys.readouterr().out

    return run


def test_no_table_is_read_whole(demo: Path, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(*_arguments: object) -> Any:
        raise AssertionError("a table was read whole")

    for name in ("read", "to_pylist", "__getitem__"):
        monkeypatch.setattr(Stored, name, whole)
    monkeypatch.setattr(pq, "read_table", whole)
    for arguments in ASKED:
        assert told(demo, *arguments)


def test_what_a_build_kept_changes_nothing_and_stays_as_it_is(demo: Path, tmp_path: Path, told: Callable[..., str]) -> None:
    data_dir = shutil.copytree(demo, tmp_path / "data", symlinks=True, copy_function=shutil.copy2)
    noted = build(Settings(data_dir=data_dir, engine="serial"), silent, "a test").snapshot.name
    before = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*")}
    kept = [told(data_dir, *arguments) for arguments in ASKED]
    assert {path: path.stat().st_mtime_ns for path in data_dir.rglob("*")} == before
    shutil.rmtree(data_dir / ".build")
    assert [told(data_dir, *arguments) for arguments in ASKED] == kept
    assert not (data_dir / ".build").exists()
    assert noted in kept[0]


def stored(tmp_path: Path, values: list[str | None]) -> Stored:
    """Four rows a group."""
    table = pa.table({"texts": [["a"]] * len(values), "name": pa.array(values, pa.string()), "number": range(len(values))})
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=4)
    return Stored([tmp_path / "rows.parquet"])


def numbers(rows: Stored, *values: str) -> list[int]:
    return [number for batch in rows.matching("name", values) for number in batch.column("number").to_pylist()]


def test_rows_are_found_in_their_groups_and_no_others_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = stored(tmp_path, [f"{letter}{n}" for letter in "abcż" for n in range(4)])
    read: list[int] = []
    original = pq.ParquetFile.read_row_group

    def counted(file: pq.ParquetFile, group: int, **options: Any) -> pa.Table:
        read.append(group)
        return original(file, group, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", counted)
    assert numbers(rows, "b2") == [6]
    assert read == [1]
    assert numbers(rows, "ż3", "a0") == [0, 15]
    assert read == [1, 0, 3]
    assert numbers(rows, "b", "zz") == []
    assert read == [1, 0, 3]


def test_rows_without_a_value_are_nobody_s(tmp_path: Path) -> None:
    rows = stored(tmp_path, [None, "a", None, "b", None, None, None, None, "a"])
    assert numbers(rows, "a") == [1, 8]
    assert numbers(rows, "") == []
    assert numbers(rows) == []


def test_of_rows_that_are_not_meant_none_is_found(tmp_path: Path) -> None:
    rows = stored(tmp_path, ["a", "b", "a", "c", "a", "b"])
    assert numbers(rows.filter(pa.chunked_array([[False, True, True, True, True, True]])), "a") == [2, 4]


def test_a_value_longer_than_statistics_may_be_is_found(tmp_path: Path) -> None:
    long = "x" * 100_000
    assert numbers(stored(tmp_path, [f"{long}1", f"{long}2", "a"]), f"{long}2") == [1]
