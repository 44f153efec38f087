"""The reader certificate: every reader of Parquet takes the same rows out of every table, over several snapshots together.

Each reader's rows are hashed as `pipeline.build.tables.rowhash` says and held against what the package states. hyparquet reads
through node; without node or its package (`npm install --no-save hyparquet hyparquet-compressors` in the project folder) its
tests are skipped and say so.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import fastparquet
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import built, page, tab

from pipeline.build.edition.package import descriptor_of
from pipeline.build.tables.rowhash import METHOD, READERS, ColumnDigest, rows_digest
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import Column, Table, tables

PROJECT = Path(__file__).parents[2]
NODE = shutil.which("node")
HYPARQUET = PROJECT / "node_modules" / "hyparquet"
URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
# fastparquet leaves the files it opened to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
Row = dict[str, Any]
Reader = Callable[[Table, Sequence[Path]], list[Row]]


def plain(value: Any, column: Column) -> Any:
    """A reader's own value as a plain Python value; a reader may mark null as None, NaN, NaT or NA."""
    if isinstance(value, list | tuple | np.ndarray | pd.Series | pl.Series):
        return [plain(item, column) for item in value]
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    match column.type:
        case "integer":
            return int(value)
        case "number":
            return float(value)
        case "boolean":
            return bool(value)
        case "date":
            return dt.date.fromisoformat(str(value)[:10])
        case "timestamp":
            stamp = pd.Timestamp(value)
            return (stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")).to_pydatetime()
        case _:
            return value.decode() if isinstance(value, bytes) else str(value)


def rows_of(table: Table, columns: dict[str, list[Any]]) -> list[Row]:
    names = list(table.columns)
    return [
        {name: plain(value, table.columns[name]) for name, value in zip(names, cells, strict=True)}
        for cells in zip(*(columns[name] for name in names), strict=True)
    ]


def by_pyarrow(_table: Table, paths: Sequence[Path]) -> list[Row]:
    rows: list[Row] = ds.dataset([str(path) for path in paths], format="parquet").to_table().to_pylist()
    return rows


def by_pandas(table: Table, paths: Sequence[Path]) -> list[Row]:
    frame = pd.concat([pd.read_parquet(path, dtype_backend="pyarrow") for path in paths], ignore_index=True)
    return rows_of(table, {name: frame[name].tolist() for name in table.columns})


def by_duckdb(table: Table, paths: Sequence[Path]) -> list[Row]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
        # DuckDB hands out a timestamp with a zone only where pytz is: microseconds say the same.
        parts = [f'epoch_us("{name}")' if column.type == "timestamp" else f'"{name}"' for name, column in table.columns.items()]
        found = connection.execute(
            f"SELECT {', '.join(parts)} FROM read_parquet(?)", [[str(path) for path in paths]]
        ).fetchall()
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return [
        {
            name: epoch + dt.timedelta(microseconds=value)
            if column.type == "timestamp" and value is not None
            else plain(value, column)
            for (name, column), value in zip(table.columns.items(), row, strict=True)
        }
        for row in found
    ]


def by_polars(table: Table, paths: Sequence[Path]) -> list[Row]:
    return rows_of(table, pl.scan_parquet([str(path) for path in paths]).collect().to_dict(as_series=False))


def by_fastparquet(table: Table, paths: Sequence[Path]) -> list[Row]:
    rows: list[Row] = []
    for path in paths:
        file = fastparquet.ParquetFile(str(path))
        assert file.columns == list(table.columns)
        if file.count():
            frame = file.to_pandas()
            rows += rows_of(table, {name: frame[name].tolist() for name in table.columns})
    return rows


SCRIPT = """
import { createHash } from 'node:crypto'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
const { types, paths } = JSON.parse(process.argv[2])
const hasher = () => createHash('sha256')
const eight = write => { const b = Buffer.alloc(8); write(b); return b }
class Column {
  constructor(type) {
    this.type = type
    this.marks = hasher()
    this.numbers = hasher()
    this.texts = hasher()
    this.items = type === 'list' ? new Column('text') : null
  }
  add(value) {
    const isNull = value === null || value === undefined
    this.marks.update(Buffer.from([isNull ? 0 : 1]))
    this.numbers.update(eight(b => isNull ? b : this.write(b, value)))
  }
  write(b, value) {
    switch (this.type) {
      case 'number': return b.writeDoubleLE(value)
      case 'integer': case 'timestamp': return b.writeBigInt64LE(BigInt(value))
      case 'boolean': return b.writeBigInt64LE(value ? 1n : 0n)
      case 'date': return b.writeBigInt64LE(BigInt(value.getTime() / 86400000))
      case 'list':
        for (const item of value) this.items.add(item)
        return b.writeBigInt64LE(BigInt(value.length))
      default: {
        const text = Buffer.from(value)
        this.texts.update(text)
        return b.writeBigInt64LE(BigInt(text.length))
      }
    }
  }
  digest() {
    const parts = [this.marks.digest(), this.numbers.digest(), this.items ? this.items.digest() : this.texts.digest()]
    return hasher().update(Buffer.concat(parts)).digest()
  }
}
const parsers = { timestampFromMicroseconds: micros => micros } // a Date would lose the microseconds
const columns = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, new Column(type)]))
for (const path of paths) {
  const file = await asyncBufferFromFile(path)
  for (const row of await parquetReadObjects({ file, compressors, parsers }))
    for (const [name, column] of Object.entries(columns)) column.add(row[name])
}
const digest = hasher().update(Buffer.concat(Object.values(columns).map(column => column.digest())))
console.log('sha256:' + digest.digest('hex'))
"""
BY_ROWS: dict[str, Reader] = {
    "pyarrow": by_pyarrow,
    "pandas": by_pandas,
    "duckdb": by_duckdb,
    "polars": by_polars,
    "fastparquet": by_fastparquet,
}
needs_hyparquet = pytest.mark.skipif(
    NODE is None or not HYPARQUET.is_dir(),
    reason="hyparquet is not here: npm install --no-save hyparquet hyparquet-compressors",
)


def hash_by_hyparquet(table: Table, paths: Sequence[Path], script: Path) -> str:
    """The digest of a table's rows as hyparquet reads them."""
    assert NODE is not None
    script.write_text(SCRIPT)
    (script.parent / "node_modules").symlink_to(PROJECT / "node_modules", target_is_directory=True)
    asked = {"types": {name: column.type for name, column in table.columns.items()}, "paths": [str(path) for path in paths]}
    done = subprocess.run([NODE, script, json.dumps(asked)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def snapshots(demo_snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The demo, one with a null-only column (no title, no date, no population anywhere), and one without any time."""
    base = tmp_path_factory.mktemp("readers")
    bare: dict[str, Sequence[str]] = {"population": [], "entered_on": [], "unit_type": []}
    nulls = [page(f"{URL}{n}", [tab(f"bdp:{n}", title=None, slug=f"s{n}", labels={**bare})], day=2) for n in range(3)]
    undated = [page(None, [tab("sha256:0123456789ab", title="=1+1 „ławka”\n🌳")], day=None)]
    made = [built(base / name, pages).snapshot for name, pages in (("nulls", nulls), ("undated", undated))]
    assert pq.read_table(made[0] / "practices.parquet")["title"].null_count == 3
    return [demo_snapshot, *made]


def test_the_certificate_names_the_readers_that_are_tested(demo_snapshot: Path) -> None:
    certificate = descriptor_of(demo_snapshot)["praktyki"]["reader_certificate"]
    assert certificate["method"] == METHOD
    assert certificate["readers"] == list(READERS) == [*BY_ROWS, "hyparquet"]
    assert set(certificate["tables"]) == set(tables())


@pytest.mark.parametrize("reader", BY_ROWS)
def test_a_reader_takes_out_what_the_certificate_says(reader: str, snapshots: list[Path]) -> None:
    for snapshot in snapshots:
        stated = descriptor_of(snapshot)["praktyki"]["reader_certificate"]["tables"]
        for table in tables().values():
            found = rows_digest(table, BY_ROWS[reader](table, [snapshot / table.path]))
            assert found == stated[table.name], (snapshot.name, table.name)


@pytest.mark.parametrize("reader", BY_ROWS)
def test_a_reader_takes_several_snapshots_together(reader: str, snapshots: list[Path]) -> None:
    for table in tables().values():
        paths = [snapshot / table.path for snapshot in snapshots]
        expected = [row for path in paths for row in pq.read_table(path).to_pylist()]
        assert rows_digest(table, BY_ROWS[reader](table, paths)) == rows_digest(table, expected), table.name
        assert [*map(len, (BY_ROWS[reader](table, paths), expected))] == [sum(pq.read_metadata(p).num_rows for p in paths)] * 2


@needs_hyparquet
def test_hyparquet_agrees(snapshots: list[Path], tmp_path: Path) -> None:
    for number, table in enumerate(tables().values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths = [snapshot / table.path for snapshot in snapshots]
        expected = [row for path in paths for row in pq.read_table(path).to_pylist()]
        assert hash_by_hyparquet(table, paths, folder / "read.mjs") == rows_digest(table, expected), table.name


def test_a_hash_tells_values_apart() -> None:
    columns: list[list[Any]] = [
        [None],
        [""],
        ["null"],
        ["1"],
        [1],
        [1.0],
        [True, True],
        [[]],
        [[None]],
        [[""]],
        [["1"]],
        [["1"], []],
        [[], ["1"]],
        [["1", "2"]],
        [["12"]],
        ["1", "2"],
        ["12", ""],
        ["", "12"],
        ["é"],
        ["e\u0301"],
    ]
    digests = [column_digest(values) for values in columns]
    assert len(set(digests)) == len(digests)
    day = dt.date(2020, 1, 2)
    assert column_digest([day]) == column_digest([(day - dt.date(1970, 1, 1)).days])  # the schema tells them apart
    with pytest.raises(TypeError, match="Decimal"):
        column_digest([__import__("decimal").Decimal(1)])


def column_digest(values: Sequence[Any]) -> bytes:
    digest = ColumnDigest()
    if isinstance(values[0], list):
        digest.as_list()
    for value in values:
        digest.add(value)
    return digest.digest()


VALUES: dict[str, tuple[pa.DataType, Any]] = {
    "texts": (pa.string(), st.text()),
    "lists": (pa.list_(pa.string()), st.lists(st.none() | st.text())),
    "whole numbers": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "doubles": (pa.float64(), st.floats(allow_nan=False)),
    "truths": (pa.bool_(), st.booleans()),
    "dates": (pa.date32(), st.dates()),
    "times": (pa.timestamp("us", "UTC"), st.datetimes(timezones=st.just(dt.UTC))),
}


@pytest.mark.parametrize("kind", VALUES)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_values_taken_at_once_have_the_digest_of_values_taken_one_by_one(kind: str, data: st.DataObject) -> None:
    type_, value = VALUES[kind]
    values = data.draw(st.lists(st.none() | value, max_size=8))
    one_by_one, at_once = ColumnDigest(), ColumnDigest()
    if kind == "lists":
        one_by_one.as_list()
        at_once.as_list()
    for item in values:
        one_by_one.add(item)
    whole = pa.array([None, *values, None], type_)  # slices do not begin where their buffers do
    at_once.add_all(whole.slice(1, 3).slice(0, len(values)))
    at_once.add_all(whole.slice(4, max(0, len(values) - 3)))
    assert at_once.digest() == one_by_one.digest()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.text(), st.none() | st.floats(allow_nan=False), st.none() | st.lists(st.text())), max_size=5))
def test_any_value_comes_back_from_a_file(cells: list[tuple[str, float | None, list[str] | None]]) -> None:
    table = tables()["places"]
    blank = dict.fromkeys(table.columns)
    rows = [
        {
            **blank,
            "place_id": text,
            "register": "TERC",
            "code": "",
            "name": text,
            "kind": "",
            "latitude": number,
            "parent_names": names,
        }
        for text, number, names in cells
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema("places")), sink, compression="zstd")
    back = pq.read_table(pa.BufferReader(sink.getvalue())).to_pylist()
    assert rows_digest(table, back) == rows_digest(table, rows)
