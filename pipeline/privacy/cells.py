"""What the cells of a table hold, as far as the detectors ask, and which of them could hold personal data at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.privacy.detectors import WORTH_A_LOOK, Place
from pipeline.schema.spec import Column, Table

_TOKENS = frozenset({"warc_file", "code", "capture_before", "capture_after"})
"""Columns that carry numbers of ours or of a register beside those the schema tells."""


def place_of(table: Table, name: str, column: Column) -> Place:
    """What a column holds, as far as the detectors ask."""
    if column.privacy == "institution":
        return "institution"
    if name.endswith("url"):
        return "address"
    is_token = bool(
        name in table.key
        or name in _TOKENS
        or column.codes
        or column.references
        or column.pattern
        or name.endswith(("_id", "digest"))
    )
    return "prose" if column.is_prose or not is_token else "token"


def suspects(column: pa.Array, place: Place) -> Iterator[tuple[int, str]]:
    """Number of the row and text, of those texts of a column of text or lists that could hold personal data at all."""
    parents = None
    if pa.types.is_list(column.type):
        parents, column = pc.list_parent_indices(column), pc.list_flatten(column)
    places = pc.indices_nonzero(_could_hold(column, place))
    numbers = places if parents is None else parents.take(places)
    yield from zip(numbers.to_pylist(), column.take(places).to_pylist(), strict=True)


def suspect_rows(columns: Sequence[pa.Array], place: Place) -> list[list[int]]:
    """The same of several columns: of each the numbers of such rows. All are looked through at once: most have few rows."""
    parents: list[pa.Array | None] = []
    texts: list[pa.Array] = []
    for column in columns:
        is_list = pa.types.is_list(column.type)
        parents.append(pc.list_parent_indices(column) if is_list else None)
        texts.append(pc.list_flatten(column) if is_list else column)
    if not texts:
        return []
    places = pc.indices_nonzero(_could_hold(pa.concat_arrays(texts), place)).to_numpy().astype(np.int64)
    ends = np.cumsum([len(column) for column in texts])
    found: list[list[int]] = []
    for inside, end, parent, column in zip(
        np.split(places, np.searchsorted(places, ends))[:-1], ends, parents, texts, strict=True
    ):
        numbers = inside - (end - len(column))
        found.append([*dict.fromkeys(numbers.tolist() if parent is None else parent.take(pa.array(numbers)).to_pylist())])
    return found


def _could_hold(texts: pa.Array, place: Place) -> pa.Array:
    """Whether each text could hold personal data at all. In ids and codes of ours nothing but an e-mail is looked for."""
    return pc.match_substring(texts, "@") if place == "token" else pc.match_substring_regex(texts, WORTH_A_LOOK)
