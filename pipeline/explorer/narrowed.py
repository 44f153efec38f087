"""A snapshot in small: a few records with all that belongs to them, as tables that are read like those of a whole one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.build.tables.affected import rows_with
from pipeline.build.tables.store import table_files
from pipeline.explorer.reading import OfParts
from pipeline.explorer.records import KEYS
from pipeline.schema.spec import tables

_OF_PARENT: Final = {"practice_sections": "practices", "practice_attachments": "practices", "slides": "presentations"}
_OF_RECORD: Final = ("record_places", "quality_issues")


def write_narrowed(snapshot: Path, wanted: Mapping[str, Iterable[str]], folder: Path) -> None:
    """Writes into ``folder`` the rows of the records ``wanted`` (table → ids), as `shown_records` asks for them.

    Partnerships that a wanted article tells of are there too. Raises OSError, ArrowInvalid when a table cannot be read.
    """
    ids = {table: sorted(set(names)) for table, names in wanted.items()}
    made = {table: _rows(snapshot, table, key, ids[table]) for table, key in KEYS.items()}
    told = _rows(snapshot, "partnerships", "article_id", ids["articles"])
    both = pa.concat_tables([made["partnerships"], told])
    made["partnerships"] = _first_of_each(both.sort_by(KEYS["partnerships"]), KEYS["partnerships"])
    for table, parent in _OF_PARENT.items():
        made[table] = _rows(snapshot, table, KEYS[parent], ids[parent])
    every = pa.array(sorted({name for names in ids.values() for name in names}), pa.string())
    for table in _OF_RECORD:
        made[table] = _of_records(snapshot, table, every)
    pages = {page for rows in made.values() if "capture_id" in rows.column_names for page in rows["capture_id"].to_pylist()}
    made["captures"] = _rows(snapshot, "captures", "capture_id", sorted(pages - {None}))
    places = {*made["record_places"]["place_id"].to_pylist()} - {None}
    made["places"] = _rows(snapshot, "places", "place_id", sorted(places))
    for table, rows in made.items():
        pq.write_table(rows, folder / tables()[table].path, compression="none", write_statistics=False)


def _rows(snapshot: Path, table: str, key: str, values: list[str]) -> pa.Table:
    return rows_with(table_files(snapshot, table), key, values)


def _of_records(snapshot: Path, table: str, ids: pa.Array) -> pa.Table:
    """Rows that name one of the records, or a part of it."""
    found = []
    for path in table_files(snapshot, table):
        with pq.ParquetFile(path) as file:
            for rows in file.iter_batches(use_threads=False):
                is_meant = (pc.is_in(names, value_set=ids) for names in (rows["record_id"], OfParts.named(rows["record_id"])))
                found.append(pa.Table.from_batches([rows.filter(pc.or_(*is_meant))]))
            found.append(file.schema_arrow.empty_table())
    return pa.concat_tables(found)


def _first_of_each(rows: pa.Table, key: str) -> pa.Table:
    """Rows sorted by a key without those that repeat it."""
    keys = rows[key].to_pylist()
    return rows.filter(pa.array([at == 0 or keys[at - 1] != value for at, value in enumerate(keys)], pa.bool_()))
