"""Cells in which contact data is masked on its way into a table: which columns have such, where it stands, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.normalise.masks import masked
from pipeline.privacy.cells import suspect_rows
from pipeline.privacy.detectors import published_address, without_identity_numbers
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import Column, Table


def is_masked(name: str, column: Column, table: Table) -> bool:
    """Whether values of the column may have to be masked."""
    is_meant = column.is_prose or column.privacy == "institution" or name.endswith("url")
    return is_meant and column.type in ("text", "list") and (column.is_prose or not table.is_restricted)


class HeldColumn(NamedTuple):
    """The values of a column, which are looked through from the row ``start`` on."""

    table: str
    name: str
    column: Column
    values: list[Any]
    start: int

    @property
    def array(self) -> pa.Array:
        """Those values. Raises UnicodeEncodeError, ArrowInvalid, ArrowTypeError for what no column holds."""
        return pa.array(self.values[self.start :], arrow_schema(self.table).field(self.name).type)


def suspects_in(cells: Sequence[HeldColumn]) -> list[list[int]]:
    """Of each column the rows whose texts may have to be masked."""
    try:
        found = suspect_rows([cell.array for cell in cells], "prose")
    except (UnicodeEncodeError, pa.ArrowInvalid, pa.ArrowTypeError):  # what no column holds is refused when it is made
        return [[*range(cell.start, len(cell.values))] for cell in cells]
    return [[cell.start + number for number in numbers] for cell, numbers in zip(cells, found, strict=True)]


def masked_cell(name: str, column: Column, value: Any) -> tuple[Any, int]:
    """The value as it may be published, and how many places of it were masked."""
    if isinstance(value, list):
        parts = [masked_cell(name, column, text) for text in value]
        return [part for part, _ in parts], sum(count for _, count in parts)
    if not isinstance(value, str):
        return value, 0
    if column.is_prose:
        return masked(value)
    if column.privacy == "institution":
        published = without_identity_numbers(value)
    elif name.endswith("url"):
        published = published_address(value)
    else:
        return value, 0
    return published, int(published != value)
