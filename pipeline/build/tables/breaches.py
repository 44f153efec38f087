"""Values of a column that break a requirement, looked for some rows at a time: a bit a value is all that is held of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.store import column_parts

_KEYS: Final = 200_000
"""Keys that values are held against at once; more are taken one part after the other."""
_VALUES: Final = 100_000
"""Values that are held against keys at once: for each call Arrow hashes all keys anew."""

Judged = Callable[[pa.Array], pa.Array]
"""Which of some values, none of them null, break the requirement."""


class Breaches(NamedTuple):
    """How many values break it, and of the first one the value and the number of its row."""

    number: int
    value: Any
    row: int


def breaches(rows: Any, column: str, is_wrong: Judged) -> Breaches | None:
    """The values of which ``is_wrong`` holds, those in lists one by one; None without any."""
    return _told(rows, column, [_judged(values, is_wrong) for values in _values(rows, column)])


def strangers(rows: Any, column: str, keys: Iterable[pa.Array]) -> Breaches | None:
    """The values that stand in none of the arrays of ``keys``; None without any."""
    return _told(rows, column, _strange(rows, column, keys))


def unknown(rows: Any, column: str, keys: Iterable[pa.Array]) -> pa.ChunkedArray:
    """Row by row of a column of text whether its value stands in none of the arrays of ``keys``; null stands in none."""
    masks = _strange(rows, column, keys)
    nulls = (pc.is_null(values) for values in column_parts(rows, column))
    return pa.chunked_array([pc.or_(*pair) for pair in zip(masks, nulls, strict=True)], pa.bool_())


def _strange(rows: Any, column: str, keys: Iterable[pa.Array]) -> list[pa.Array]:
    found: list[pa.Array] | None = None
    for known in _together(keys):
        masks = [mask for some in _gathered(_values(rows, column)) for mask in _strangers_in(some, known)]
        found = masks if found is None else [pc.and_(*pair) for pair in zip(found, masks, strict=True)]
    return found or []


def _gathered(parts: Iterable[pa.Array]) -> Iterator[list[pa.Array]]:
    """The arrays in order, some at a time."""
    waiting: list[pa.Array] = []
    for values in parts:
        waiting.append(values)
        if sum(map(len, waiting)) >= _VALUES:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _strangers_in(parts: Sequence[pa.Array], known: pa.Array) -> Iterator[pa.Array]:
    """Of each array a bit a value: whether it is neither null nor known."""
    values = pa.concat_arrays(parts)
    masks = _judged(values, lambda values: pc.invert(pc.is_in(values, value_set=known)))
    start = 0
    for part in parts:
        yield masks.slice(start, len(part))
        start += len(part)


def first_null(rows: Any, column: str) -> int:
    """The number of the first row without a value. Raises ValueError when each has one."""
    before = 0
    for values in column_parts(rows, column):
        if values.null_count:
            return int(before + pc.index(pc.is_null(values), True).as_py())
        before += len(values)
    raise ValueError(f"no row without {column}")


def _values(rows: Any, column: str) -> Iterator[pa.Array]:
    for values in column_parts(rows, column):
        yield pc.list_flatten(values) if pa.types.is_list(values.type) else values


def _judged(values: pa.Array, is_wrong: Judged) -> pa.Array:
    """A bit a value; null breaks no requirement of this kind."""
    return pc.and_(pc.is_valid(values), pc.fill_null(is_wrong(values), False))


def _together(keys: Iterable[pa.Array]) -> Iterator[pa.Array]:
    """The arrays joined to larger ones; an empty one when there is none at all."""
    waiting: list[pa.Array] = []
    is_any = False
    for some in keys:
        waiting.append(some)
        if sum(map(len, waiting)) >= _KEYS:
            yield pa.concat_arrays(waiting)
            waiting, is_any = [], True
    if waiting or not is_any:
        yield pa.concat_arrays(waiting) if waiting else pa.array([], pa.string())


def _told(rows: Any, column: str, masks: list[pa.Array]) -> Breaches | None:
    count = sum(mask.true_count for mask in masks)
    if not count:
        return None
    before = 0
    for values, mask in zip(column_parts(rows, column), masks, strict=True):
        if mask.true_count:
            place = pc.index(mask, True)
            is_list = pa.types.is_list(values.type)
            row = pc.list_parent_indices(values)[place.as_py()].as_py() if is_list else place.as_py()
            flat = pc.list_flatten(values) if is_list else values
            return Breaches(count, flat[place.as_py()].as_py(), before + row)
        before += len(values)
    return None
