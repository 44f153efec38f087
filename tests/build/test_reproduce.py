"""A snapshot comes out the same byte by byte: another folder, time zone, locale, hash seed, engine; else it is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.archive.importer import import_paths
from pipeline.build.edition.package import descriptor_of, snapshot_folder
from pipeline.build.environment import environment
from pipeline.build.run import build
from pipeline.build.tables.outfiles import file_digest
from pipeline.build.upkeep import reproduce
from pipeline.build.upkeep.reproduce import reproduction
from pipeline.config import Privacy, Settings
from pipeline.errors import BuildError
from pipeline.extract.run import extract

PACKAGE = Path(__file__).parents[2] / "pipeline"
TEXT = (
    "Rada gminy otworzyła czytelnię dla rodziców i małych dzieci, a bibliotekarki prowadzą w niej zajęcia dwa razy w tygodniu. "
    "Kontakt: Jan Próbny, tel. 61 000 00 01."
)


def silent(_line: str) -> None:
    pass


def grow(data: Path, title: str, day: int) -> Path:
    """One page more in raw/, extracted and built; the snapshot."""
    page = data.parent / f"{data.name}-{day}.html"
    paragraphs = "".join(f"<p>{TEXT} {number}</p>" for number in range(3))
    page.write_text(f"<html><head><title>{title}</title></head><article><h1>{title}</h1>{paragraphs}</article>", "utf-8")
    settings = Settings(data_dir=data, engine="serial")
    address = f"https://www.example.org/{day}.html"
    import_paths([page], settings.raw, url=address, fetched_at=at(day), say=silent)
    extract(settings, silent)
    return build(settings, silent).snapshot


def at(day: int) -> Any:
    import datetime as dt

    return dt.datetime(2026, 9, day, 12, tzinfo=dt.UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    grow(tmp_path / "data", "Pierwszy żłobek", 1)
    grow(tmp_path / "data", "Drugi żłobek", 2)
    return tmp_path / "data"


def latest(data: Path) -> Path:
    return snapshot_folder(data / "datasets", "latest")


def test_the_demo_comes_out_identical(demo_data: Path, demo_snapshot: Path) -> None:
    result = reproduction(Settings(data_dir=demo_data, engine="serial"), demo_snapshot, silent)
    assert (result.outcome, result.differences, result.environment, result.left_out) == ("identical", [], [], [])
    assert {"practices.parquet", "restricted/people.parquet", "csv/slides.csv", "croissant.json", "report.html"} <= {
        *result.compared
    }


@pytest.mark.parametrize(
    ("variables", "engine"),
    [
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, "serial"),
        ({"TZ": "America/St_Johns", "LANG": "pl_PL.UTF-8", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"}, "processes"),
    ],
)
def test_another_folder_zone_locale_seed_and_engine_change_no_byte(
    variables: dict[str, str], engine: str, demo_data: Path, tmp_path: Path
) -> None:
    """A copy of the code in another folder, a copy of the data in another, another home and user name."""
    clone, moved = tmp_path / "clone", tmp_path / "moved away" / "żółte"
    shutil.copytree(PACKAGE, clone / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(demo_data, moved, symlinks=True)
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "USER": "someone", "LOGNAME": "someone", **variables}
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "reproduce",
        "--json",
        "--data-dir",
        str(moved),
        "--engine",
        engine,
        "--workers",
        "2",
    ]
    done = subprocess.run(command, cwd=clone, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # The fingerprint is another one only if somebody edited the code while the tests ran.
    assert [line for line in told["environment"] if not line.startswith("code_fingerprint")] == []
    assert told["differences"] == []
    assert told["outcome"] in ("identical", "same_data")


def test_changes_are_rebuilt_against_the_snapshot_the_package_names(data: Path) -> None:
    newest = latest(data)
    assert pq.read_metadata(newest / "changes.parquet").num_rows
    assert reproduction(Settings(data_dir=data, engine="serial"), newest, silent).outcome == "identical"


def test_without_the_previous_snapshot_changes_are_left_out_and_said(data: Path) -> None:
    newest = latest(data)
    previous = descriptor_of(newest)["praktyki"]["previous"]
    shutil.rmtree(newest.parent / previous)
    result = reproduction(Settings(data_dir=data, engine="serial"), newest, silent)
    assert result.outcome == "identical"
    assert result.left_out == [f"changes: the previous snapshot {previous} is no longer there; taken over as it stands"]


def test_only_the_listed_archives_are_read(data: Path) -> None:
    """A crawl since then adds files to raw/; the older snapshot still comes out."""
    older = descriptor_of(latest(data))["praktyki"]["previous"]
    grow(data, "Trzeci żłobek", 3)
    folder = snapshot_folder(data / "datasets", older)
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    assert reproduction(Settings(data_dir=data, engine="serial"), folder, silent).outcome == "identical"
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


def test_a_raw_file_that_is_another_is_named(data: Path) -> None:
    newest = latest(data)
    warc = min((data / "raw").rglob("*.warc.gz"))
    body = bytearray(warc.read_bytes())
    body[4] ^= 1  # a bit of the gzip head's time: no checksum of a record covers it
    warc.write_bytes(body)
    with pytest.raises(BuildError, match=rf"{warc.name}: is not the file the snapshot was made from"):
        reproduction(Settings(data_dir=data, engine="serial"), newest, silent)
    warc.unlink()
    with pytest.raises(BuildError, match=rf"{warc.name}: is not there"):
        reproduction(Settings(data_dir=data, engine="serial"), newest, silent)


def test_an_altered_snapshot_is_named(data: Path) -> None:
    newest = latest(data)
    (newest / "csv" / "articles.csv").write_text("x")
    with pytest.raises(BuildError, match=r"was altered after it was published: csv/articles\.csv"):
        reproduction(Settings(data_dir=data, engine="serial"), newest, silent)


def test_a_difference_names_table_row_column_and_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = latest(data)
    path = newest / "articles.parquet"
    rows = pq.read_table(path)
    titles = pa_with(rows, "title", "Inny tytuł")
    pq.write_table(titles, path, compression="zstd", compression_level=9, write_page_checksum=True)
    package = newest / "datapackage.json"
    descriptor = json.loads(package.read_text("utf-8"))
    for resource in descriptor["resources"]:
        if resource["path"] == "articles.parquet":
            resource |= {"hash": file_digest(path), "bytes": path.stat().st_size}
    package.write_text(json.dumps(descriptor), "utf-8")
    older = environment() | {"code_fingerprint": "0" * 16, "libraries": environment()["libraries"] | {"pyarrow": "1.0"}}
    monkeypatch.setattr(reproduce, "environment", lambda: older)
    result = reproduction(Settings(data_dir=data, engine="serial"), newest, silent)
    assert result.outcome == "different"
    first = result.differences[0]
    assert (first.path, first.column, first.recorded, first.rebuilt) == (
        "articles.parquet", "title", "Inny tytuł", rows["title"][0].as_py(),
    )  # fmt: skip
    assert first.record_id == rows["article_id"][0].as_py()
    assert [line.partition(":")[0] for line in result.environment] == ["code_fingerprint", "pyarrow"]


def pa_with(rows: Any, column: str, value: str) -> Any:
    """The rows with another value in the first cell of a column."""
    values = rows[column].to_pylist()
    values[0] = value
    place = rows.schema.get_field_index(column)
    return rows.set_column(place, rows.schema.field(column), [values])


def test_another_environment_with_the_same_data_is_no_difference(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = environment() | {"python": "3.11.0"}
    monkeypatch.setattr(reproduce, "environment", lambda: older)
    result = reproduction(Settings(data_dir=data, engine="serial"), latest(data), silent)
    assert result.outcome == "same_data"
    assert result.environment == [f"python: 3.11.0, was {environment()['python']}"]


def test_a_public_copy_reproduces_without_restricted_tables(data: Path) -> None:
    newest = latest(data)
    shutil.rmtree(newest / "restricted")
    result = reproduction(Settings(data_dir=data, engine="serial"), newest, silent)
    assert result.outcome == "identical"
    assert [line.partition(":")[0] for line in result.left_out] == [
        "restricted/people.parquet",
        "restricted/practice_contacts.parquet",
    ]


def test_settings_of_the_snapshot_hold_not_those_of_the_day(tmp_path: Path) -> None:
    newest = grow(tmp_path / "data", "Pierwszy żłobek", 1)
    settings = Settings(data_dir=tmp_path / "data", engine="serial", privacy=Privacy(keep_restricted=False))
    assert reproduction(settings, newest, silent).outcome == "identical"
    assert pc.sum(pq.read_table(newest / "captures.parquet")["warc_offset"]).as_py() > 0


def test_no_such_snapshot_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no snapshot '2026-01-01-00000000'"):
        snapshot_folder(tmp_path, "2026-01-01-00000000")
