"""What the cells of a table hold, as far as the detectors ask, and which of them could hold personal data at all."""

from __future__ import annotations

from collections.abc import Iterator

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
    # In ids and codes of ours nothing but an e-mail is looked for.
    found = pc.match_substring(column, "@") if place == "token" else pc.match_substring_regex(column, WORTH_A_LOOK)
    places = pc.indices_nonzero(found)
    numbers = places if parents is None else parents.take(places)
    yield from zip(numbers.to_pylist(), column.take(places).to_pylist(), strict=True)
