"""Checks derived from the schema: keys, nulls, code lists, patterns, ranges, references, contact data in public prose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.normalise.masks import contact_data_in
from pipeline.schema.spec import Column, Table, code_lists, tables


class Problem(NamedTuple):
    """A requirement that does not hold. ``refuse``: nothing is published; ``warn``: said, and published."""

    level: Literal["refuse", "warn"]
    requirement: str
    where: str
    detail: str
    may_be_accepted: bool = False


def schema_problems(made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Problems of all tables against their declarations."""
    for name, rows in made.items():
        table = tables()[name]
        yield from _key_problems(table, rows)
        for column_name, column in table.columns.items():
            yield from _column_problems(f"{name}.{column_name}", column, rows[column_name], made)


def _key_problems(table: Table, rows: pa.Table) -> Iterator[Problem]:
    if not table.key or not rows.num_rows:
        return
    counted = rows.select(table.key).group_by(table.key).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted["count_all"], 1))
    if twice.num_rows:
        example = ", ".join(str(twice[name][0].as_py()) for name in table.key)
        yield Problem("refuse", "keys are unique", table.name, f"{twice.num_rows} keys stand more than once, e.g. {example}")


def _column_problems(where: str, column: Column, values: pa.ChunkedArray, made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    if column.is_required and values.null_count:
        yield Problem("refuse", "required columns are filled", where, f"{values.null_count} rows are null")
    flat = pc.list_flatten(values) if column.type == "list" else values
    flat = flat.drop_null()
    if column.codes is not None:
        yield from _outside(where, "codes are in their list", flat, pa.array(sorted(code_lists()[column.codes])))
    if column.references is not None:
        target = tables()[column.references]
        yield from _outside(where, f"values are keys of {target.name}", flat, made[target.name][target.key[0]])
    if column.pattern is not None:
        wrong = flat.filter(pc.invert(pc.match_substring_regex(flat, column.pattern)))
        yield from _first(where, f"values match {column.pattern}", wrong)
    if column.minimum is not None or column.maximum is not None:
        yield from _range_problems(where, column, flat)
    if column.is_prose:
        yield from _contact_problems(where, flat)


def _outside(where: str, requirement: str, values: pa.ChunkedArray, allowed: pa.Array | pa.ChunkedArray) -> Iterator[Problem]:
    if isinstance(allowed, pa.ChunkedArray):
        allowed = allowed.combine_chunks()
    wrong = values.filter(pc.invert(pc.is_in(values, value_set=allowed)))
    yield from _first(where, requirement, wrong)


def _range_problems(where: str, column: Column, values: pa.ChunkedArray) -> Iterator[Problem]:
    for bound, beyond, word in ((column.minimum, pc.less, "at least"), (column.maximum, pc.greater, "at most")):
        if bound is not None:
            limit = bound if isinstance(bound, dt.date) else float(bound)
            compared = values if isinstance(limit, dt.date) else pc.cast(values, pa.float64())
            yield from _first(where, f"values are {word} {bound}", values.filter(beyond(compared, pa.scalar(limit))))


def _contact_problems(where: str, values: pa.ChunkedArray) -> Iterator[Problem]:
    # The value itself is not repeated: a report must not print what must not be published.
    hits = sum(1 for text in values.to_pylist() if contact_data_in(text))
    if hits:
        yield Problem("refuse", "no e-mail or telephone in public prose", where, f"{hits} values carry contact data")


def _first(where: str, requirement: str, wrong: pa.ChunkedArray) -> Iterator[Problem]:
    if len(wrong):
        yield Problem("refuse", requirement, where, f"{len(wrong)} values do not, e.g. {wrong[0].as_py()!r}")
