"""Rows known before and captured anew: how many of them read otherwise, column by column, some rows at a time."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.pairing import beside, sides
from pipeline.schema.spec import Table

_MOST_VALUES: Final = 50_000
"""Different values that are counted. A value on every page is among the first of them."""
_LONG: Final = 64


class Compared(NamedTuple):
    """A column of such rows where both have a value: how many there are, and their characters before and after.

    ``shortened``, ``changed``: numbers of the first row whose value is shorter, or another one; ``changes``: how many are.
    ``most_common``: the share of the value that stands most often now.
    """

    both: int
    lengths: tuple[int, int]
    shortened: int | None
    changed: int | None
    changes: int
    most_common: float


class Recaptured:
    """The rows of a table that stood in the previous snapshot and come from another capture now."""

    def __init__(self, table: Table, old: Any, new: Any) -> None:
        was, now, *_ = sides(old, new, table.key)
        masks = [
            pc.fill_null(pc.not_equal(one["capture_id"], other["capture_id"]), True).combine_chunks()
            for one, other in beside(was, now, ["capture_id"])
        ]
        mask = pa.chunked_array(masks, pa.bool_())
        self.old, self.new = was.filter(mask), now.filter(mask)

    @property
    def number(self) -> int:
        """How many there are."""
        return int(self.new.num_rows)

    def row(self, number: int) -> dict[str, Any]:
        """One of the rows as it is now."""
        row: dict[str, Any] = self.new.slice(number, 1).to_pylist()[0]
        return row

    def compared(self, column: str) -> Compared:
        """What became of a column."""
        both = changes = before = after = number = 0
        shortened = changed = None
        counted: Counter[Any] = Counter()
        for old, new in beside(self.old, self.new, [column]):
            for was, now in zip(old[column].to_pylist(), new[column].to_pylist(), strict=True):
                if was is not None and now is not None:
                    both += 1
                    old_text, new_text = str(was), str(now)
                    before, after = before + len(old_text), after + len(new_text)
                    if shortened is None and len(new_text) < len(old_text):
                        shortened = number
                    if was != now:
                        changes += 1
                        changed = number if changed is None else changed
                    mark = new_text if len(new_text) <= _LONG else blake2b(new_text.encode(), digest_size=16).digest()
                    if mark in counted or len(counted) < _MOST_VALUES:
                        counted[mark] += 1
                number += 1
        most_common = max(counted.values(), default=0) / both if both else 0.0
        return Compared(both, (before, after), shortened, changed, changes, most_common)
