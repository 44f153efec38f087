"""What the gate weighs beside the rows: the previous snapshot, the crawler's accounts, the pages as they were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.choice.accounts import Account
from pipeline.build.choice.delta import Differing
from pipeline.build.choice.waterfall import SameId
from pipeline.build.tables.store import column_parts
from pipeline.sources.spec import RowExpectation, SourceFacts

ENOUGH_ROWS = 20
"""Below this many rows a share says nothing about a source: one missing value in three is no trend."""


class Publisher(NamedTuple):
    """What the gate has to know of a source."""

    name: str
    facts: SourceFacts


class Evidence(NamedTuple):
    """``before``: tables of the previous snapshot.

    ``asks_volumes``: whether the numbers of rows in a source's TOML are meant. ``whole``: what all sources together must yield.

    ``differing``: by source and table (see `delta`), None when that is not known.
    """

    before: Mapping[str, pa.Table] = {}
    accounts: Mapping[str, Account] = {}
    same_ids: tuple[SameId, ...] = ()
    asks_volumes: bool = True
    whole: Mapping[str, RowExpectation] = {}
    differing: Mapping[tuple[str | None, str], Differing] | None = None

    def differing_in(self, source: str, table: str) -> Differing | None:
        """How many rows of a table of a source may differ from the previous snapshot; None when any may."""
        return self.differing.get((source, table), Differing(0, 0)) if self.differing is not None else None


def of_source(rows: pa.Table, source: str | None) -> pa.Table:
    """The rows of one source."""

    def is_meant(batch: pa.RecordBatch) -> pa.Array:
        return pc.equal(batch["source"], source) if source is not None else pc.is_null(batch["source"])

    return matching(rows, ["source"], is_meant)


def standing(rows: pa.Table) -> pa.Table:
    """The rows whose pages are not gone: what a publisher shows, and what shares and numbers are asked of."""
    return matching(rows, ["is_gone"], lambda batch: pc.invert(batch["is_gone"])) if "is_gone" in rows.column_names else rows


def matching(rows: pa.Table, columns: Sequence[str], is_meant: Callable[[pa.RecordBatch], pa.Array]) -> pa.Table:
    """The rows of which ``is_meant`` holds by these columns; a few rows are asked at a time."""
    masks = [is_meant(batch) for batch in rows.select(columns).to_batches()]
    return rows.filter(pa.chunked_array(masks, pa.bool_()))


def with_one_of(rows: pa.Table, column: str, values: Sequence[str]) -> pa.Table:
    """The rows that have one of these texts in the column."""
    wanted = pa.array(values, pa.string())
    return matching(rows, [column], lambda batch: pc.is_in(batch.column(0), value_set=wanted))


def counted(rows: pa.Table, column: str) -> Counter[Any]:
    """How often each value stands in the column."""
    found: Counter[Any] = Counter()
    for values in column_parts(rows, column):
        for item in pc.value_counts(values):
            found[item["values"].as_py()] += item["counts"].as_py()
    return found


def row_with(rows: pa.Table, column: str, value: Any) -> pa.Table:
    """The first row with this value in the column; no row when none has it."""
    before = 0
    for values in column_parts(rows, column):
        place = pc.index(values, value).as_py()
        if place >= 0:
            return rows.slice(before + place, 1)
        before += len(values)
    return rows.slice(0, 0)


def page_of(row: Mapping[str, Any]) -> str | None:
    """The page a row comes from: its address, its capture id where it has none."""
    return row.get("source_url") or row.get("capture_id")


def first_page(rows: pa.Table) -> str | None:
    """The page of the first row."""
    return page_of(rows.slice(0, 1).to_pylist()[0]) if rows.num_rows and "capture_id" in rows.column_names else None


def present(rows: pa.Table, column: str) -> pa.ChunkedArray:
    """Whether each row has something in the column: a value; in a column of yes and no a yes; in a count more than none."""
    masks = [_present(batch.column(0), column) for batch in rows.select([column]).to_batches()]
    return pa.chunked_array(masks, pa.bool_())


def _present(values: pa.Array, column: str) -> pa.Array:
    if pa.types.is_boolean(values.type):
        return pc.fill_null(values, False)
    if column.endswith("_count"):
        return pc.fill_null(pc.greater(values, 0), False)
    return pc.is_valid(values)


def has_at_least(rows: pa.Table, column: str, number: int) -> bool:
    """Whether so many rows have something in the column; no more of them are looked at than it takes to tell."""
    for batch in rows.select([column]).to_batches():
        number -= _present(batch.column(0), column).true_count
        if number <= 0:
            return True
    return False


def filled(rows: pa.Table, column: str) -> int:
    """Number of rows with a value in the column."""
    return sum(len(batch.column(0)) - batch.column(0).null_count for batch in rows.select([column]).to_batches())


def share(rows: pa.Table, column: str) -> float:
    """The share of rows that have something in the column; 0.0 of no rows."""
    return present_number(rows, column) / rows.num_rows if rows.num_rows else 0.0


def present_number(rows: pa.Table, column: str) -> int:
    """The number of rows that have something in the column."""
    return pc.sum(present(rows, column)).as_py() or 0


def without(rows: pa.Table, column: str) -> pa.Table:
    """The rows that have nothing in the column."""
    return rows.filter(pc.invert(present(rows, column)))
