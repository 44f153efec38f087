"""Two versions of a table beside each other, key by key, in bounded memory. Both are sorted by their key."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

STEP: Final = 1024
_OLD, _NEW = range(2)

Key = tuple[Any, ...]


class Sides(NamedTuple):
    """Two tables taken apart. ``old`` and ``new`` have as many rows as each other, with the same keys in the same order."""

    old: Any
    new: Any
    old_only: Any
    new_only: Any


def sides(old: Any, new: Any, key: Sequence[str]) -> Sides:
    """The rows whose key stands in both tables, and those whose key stands in one. Tables of pyarrow, or `store.Stored`."""
    shared = bytearray(old.num_rows), bytearray(new.num_rows)
    merged = heapq.merge(_keys(old, key, _OLD), _keys(new, key, _NEW))
    for _, rows in groupby(merged, itemgetter(0)):
        numbers = {side: number for _, side, number in rows}
        if len(numbers) > 1:
            shared[_OLD][numbers[_OLD]] = shared[_NEW][numbers[_NEW]] = True
    masks = [pa.array(memoryview(mask)).cast(pa.bool_()) for mask in shared]
    both = [rows.filter(mask) for rows, mask in zip((old, new), masks, strict=True)]
    return Sides(*both, *(rows.filter(pc.invert(mask)) for rows, mask in zip((old, new), masks, strict=True)))


def beside(old: Any, new: Any, columns: Sequence[str]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Columns of two tables of as many rows, some rows at a time."""
    yield from zip(stretches(old.select(columns)), stretches(new.select(columns)), strict=True)


def stretches(rows: Any) -> Iterator[pa.Table]:
    """The rows in tables of STEP rows; the last may have fewer."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in rows.to_batches():
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, STEP - count)
            waiting.append(part)
            start, count = start + part.num_rows, count + part.num_rows
            if count == STEP:
                yield pa.Table.from_batches(waiting)
                waiting, count = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting)


def _keys(rows: Any, key: Sequence[str], side: int) -> Iterator[tuple[Key, int, int]]:
    number = 0
    for batch in rows.select(key).to_batches():
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield values, side, number
            number += 1
