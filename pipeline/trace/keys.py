"""Rows of a snapshot by their names: the key, its parts joined by "/". Of a table no more is read than may have the name."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.store import Stored
from pipeline.schema.spec import tables

_LIKE = 0.6


def rows_named(table: str, rows: Stored, name: str) -> list[dict[str, Any]]:
    """The rows of that name. Keys may hold "/" themselves, so names are compared whole.

    In a table without a key a row is called by its record, or by that with its table before.
    """
    first, *_ = key_of(table)
    beginnings = [name[:end] for end, letter in enumerate(name) if letter == "/"] + [name]
    if not tables()[table].key:
        beginnings.append(name.partition("/")[2])
    found: list[dict[str, Any]] = []
    for batch in rows.matching(first, beginnings):
        part = pa.Table.from_batches([batch])
        fits = pc.equal(_names(table, part), name)
        if not tables()[table].key:
            fits = pc.or_kleene(fits, pc.equal(_joined(part, ["table", "record_id"]), name))
        found += part.filter(fits).to_pylist()
    return found


def names_like(table: str, rows: Stored, name: str, number: int) -> list[str]:
    """The names of rows that are most like the one asked for."""
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(name)

    def likeness() -> Iterator[tuple[float, str]]:
        for other in _all_names(table, rows):
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE and (ratio := matcher.ratio()) >= _LIKE:
                yield ratio, other

    return [other for _, other in heapq.nlargest(number, likeness())]


def first_names(table: str, rows: Stored, number: int) -> list[str]:
    """The first names of rows there are, each once."""
    found: list[str] = []
    for name in _all_names(table, rows):
        if len(found) == number:
            break
        found.append(name)
    return found


def key_of(table: str) -> list[str]:
    """Columns that make up the names of a table's rows."""
    return tables()[table].key or ["record_id"]


def _all_names(table: str, rows: Stored) -> Iterator[str]:
    """Names in the order of the rows; of rows of one name that follow each other, once."""
    last = None
    for batch in rows.select(key_of(table)).to_batches():
        for name in _names(table, pa.Table.from_batches([batch])).to_pylist():
            if name is not None and name != last:
                yield name
                last = name


def _names(table: str, rows: pa.Table) -> pa.ChunkedArray:
    return _joined(rows, key_of(table))


def _joined(rows: pa.Table, columns: list[str]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(pc.cast(rows[column], pa.string()) for column in columns), "/")
