"""The rows of records that differ from the previous snapshot, taken from the chunks that they were made in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from pipeline.build.tables.affected import KEYS, OF_RECORD
from pipeline.build.tables.chunkfile import chunk_at
from pipeline.build.tables.rows import ordered
from pipeline.errors import WorkCacheDamaged
from pipeline.schema.arrow import arrow_schema


def touched_rows(
    chunks: Iterable[tuple[str, Path]], records: Mapping[str, set[str]], names: Iterable[str]
) -> dict[str, pa.Table]:
    """The rows of records in the tables ``names`` that belong to records (`affected`), each in the order of its table.

    ``chunks``: kinds and files that hold all of the ``records`` (kind → ids). Raises WorkCacheDamaged.
    """
    found: dict[str, list[pa.Table]] = {name: [] for name in names if name in KEYS or name in OF_RECORD}
    for kind, path in chunks:
        try:
            made = chunk_at(path, found)
            owners = [number for number, (name, _) in enumerate(made.records) if name in records[kind]]
            for name in found:
                found[name] += made.of(name, owners)
        except (FileNotFoundError, ValueError) as error:
            raise WorkCacheDamaged(f"{path}: {error}; delete it and build again") from error
    return {
        name: ordered(name, pa.concat_tables(parts)) if parts else arrow_schema(name).empty_table()
        for name, parts in found.items()
    }
