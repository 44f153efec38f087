"""Lines of CSV written by whole columns are those that Python's csv module writes cell by cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.tables.csv_edition import cell, csv_lines
from pipeline.schema.arrow import ARROW_TYPES
from pipeline.schema.spec import Column, ColumnType, Table, tables

_TEXT = st.text(st.sampled_from("a,\"'\\\r\n\t=-+@\b\f\x00\x1f\x7f\u2028żї😀")) | st.text(st.characters(codec="utf-8"))
_UTC = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=st.just(dt.UTC))  # noqa: DTZ001 - naive bounds, as hypothesis wants them
VALUES: dict[ColumnType, st.SearchStrategy[Any]] = {
    "text": _TEXT.filter(bool),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False),
    "boolean": st.booleans(),
    "date": st.dates(),
    "timestamp": _UTC | _UTC.map(lambda time: time.replace(microsecond=0)),
    "list": st.lists(_TEXT, min_size=1),
}


def table_of_every_type() -> Table:
    """A table with a column of each type, made of one that is declared."""
    of_type: dict[str, Column] = {}
    for declared in tables().values():
        of_type |= {column.type: column for column in declared.columns.values()}
    return msgspec.structs.replace(tables()["practices"], columns=of_type)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_columns_make_the_lines_that_the_csv_module_makes(data: st.DataObject) -> None:
    table = table_of_every_type()
    kinds = [column.type for column in table.columns.values()]
    assert {*kinds} == {*ARROW_TYPES}
    rows = data.draw(st.lists(st.tuples(*(st.none() | VALUES[kind] for kind in kinds)), max_size=5))
    columns = [pa.array([row[at] for row in rows], ARROW_TYPES[kind]) for at, kind in enumerate(kinds)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    lines = csv_lines(table, pa.RecordBatch.from_arrays(columns, names=[*table.columns]))
    assert lines.content == text.getvalue().encode()
    assert len(lines.ends) == len(rows)
    assert all(lines.content[end - 2 : end] == b"\r\n" for end in lines.ends)


@pytest.mark.parametrize("start", [0, 1, 2])
def test_rows_from_the_middle_of_a_table_make_the_same_lines(start: int) -> None:
    table = tables()["slides"]
    texts = {"text": ["pierwszy", 'drugi, "cytat"', None]}
    columns = [pa.array(texts.get(name, [None] * 3), ARROW_TYPES[column.type]) for name, column in table.columns.items()]
    rows = pa.RecordBatch.from_arrays(columns, names=[*table.columns])
    one_by_one = [csv_lines(table, rows.slice(number, 1)).content for number in range(start, 3)]
    assert csv_lines(table, rows.slice(start)).content == b"".join(one_by_one)


@pytest.mark.parametrize("texts", [["a", "=b"], ["'", "'=b"], [None, "", "@b", None, ""], ["a", ""], [None], []])
@pytest.mark.parametrize("start", [0, 1])
def test_what_a_spreadsheet_could_run_is_seen_wherever_the_column_begins(texts: list[str | None], start: int) -> None:
    table = msgspec.structs.replace(tables()["slides"], columns={"text": tables()["slides"].columns["text"]})
    rows = pa.record_batch({"text": pa.array(texts, pa.string())}).slice(start)
    wanted = "".join(f"{cell(value)}\r\n" for value in texts[start:])
    assert csv_lines(table, rows).content == wanted.encode()
