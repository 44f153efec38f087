"""Rows of a few records, taken out of stored tables: row groups that can hold none of them are not read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

KEYS: Final = {
    "articles": "article_id",
    "practices": "practice_id",
    "presentations": "presentation_id",
    "practice_attachments": "practice_id",
    "practice_contacts": "practice_id",
    "practice_sections": "practice_id",
    "slides": "presentation_id",
    "partnerships": "article_id",
}
"""Tables whose rows belong to a record, and the column that names it; a partnership belongs to the article that tells of it."""
KIND_OF: Final = {
    "articles": "article",
    "practices": "practice",
    "presentations": "deck",
    "practice_attachments": "practice",
    "practice_contacts": "practice",
    "practice_sections": "practice",
    "slides": "deck",
    "partnerships": "article",
}
OF_RECORD: Final = ("people", "record_places")
"""Tables that name the record of a row in the column ``record_id``, whatever its kind."""


def affected(files: Mapping[str, Sequence[Path]], records: Mapping[str, Iterable[str]]) -> dict[str, pa.Table]:
    """The rows of records in all tables. ``files``: table → its files; ``records``: kind → ids.

    Raises OSError, ArrowInvalid when a file cannot be read.
    """
    ids = {kind: sorted(names) for kind, names in records.items()}
    found = {table: rows_with(files[table], key, ids[KIND_OF[table]]) for table, key in KEYS.items() if table in files}
    every = {name for names in ids.values() for name in names}
    if "partnerships" in found:
        every.update(found["partnerships"]["partnership_id"].to_pylist())
    return found | {table: rows_with(files[table], "record_id", sorted(every)) for table in OF_RECORD if table in files}


def rows_with(files: Iterable[Path], key: str, values: list[str]) -> pa.Table:
    """The rows whose ``key`` has one of the ``values``, which are sorted. Raises OSError, ArrowInvalid."""
    names = pa.array(values, pa.string())
    found = []
    for path in files:
        with pq.ParquetFile(path) as file:
            for number in range(file.metadata.num_row_groups):
                if _may_hold(file.metadata.row_group(number), key, values):
                    rows = file.read_row_group(number, use_threads=False)
                    found.append(rows.filter(pc.is_in(rows[key], value_set=names)))
            found.append(file.schema_arrow.empty_table())
    return pa.concat_tables(found)


def _may_hold(group: pq.RowGroupMetaData, key: str, values: list[str]) -> bool:
    columns = (group.column(number) for number in range(group.num_columns))
    told = next(column.statistics for column in columns if column.path_in_schema == key)
    if told is None or not told.has_min_max:
        return bool(values)
    first = bisect_left(values, told.min)
    return first < len(values) and values[first] <= told.max
