"""Tables of a snapshot on disk, read batch by batch: what checks, gate and editions read, whatever the size of a table.

A `Stored` answers like a `pyarrow.Table` as far as those ask. It holds no rows; a column asked for by name is read whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.schema.spec import tables
from pipeline.storage.hand import at_hand

BATCH: Final = 2048


class Stored:
    """A table in one file or in several, and which of its rows are meant. ``facts``: what was found out when it was written."""

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        columns: Sequence[str] | None = None,
        mask: pa.ChunkedArray | None = None,
        facts: Any = None,
        footers: Sequence[pq.FileMetaData] | None = None,
    ) -> None:
        """``footers``: those of the files, when they were read before."""
        self._paths = [*paths]
        self._footers = [pq.read_metadata(path) for path in paths] if footers is None else [*footers]
        self._mask = mask
        self._columns = [*columns] if columns is not None else None
        self.facts = facts
        whole = self._footers[0].schema.to_arrow_schema()
        self.schema = whole if columns is None else pa.schema([whole.field(name) for name in columns], whole.metadata)
        self.num_rows: int = sum(footer.num_rows for footer in self._footers) if mask is None else _true_count(mask)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self.schema.names)

    @property
    def paths(self) -> list[Path]:
        """The files, in order."""
        return self._paths

    def to_batches(self, max_chunksize: int = BATCH) -> Iterator[pa.RecordBatch]:
        """The rows that are meant, a batch at a time."""
        if not self.num_rows:  # most sources have no rows in most tables, and each is asked for each
            return
        start = 0
        for path, footer in zip(self._paths, self._footers, strict=True):
            with pq.ParquetFile(path, metadata=footer) as file:
                for group in range(footer.num_row_groups):
                    size = footer.row_group(group).num_rows
                    mask = self._mask.slice(start, size).combine_chunks() if self._mask is not None else None
                    start += size
                    if mask is None or mask.true_count:  # rows of one source lie together: most groups have all of them or none
                        yield from self._of_group(file, group, mask, max_chunksize)

    def _of_group(self, file: pq.ParquetFile, group: int, mask: pa.Array | None, most: int) -> Iterator[pa.RecordBatch]:
        start = 0
        for batch in file.iter_batches(most, row_groups=[group], columns=self._columns, use_threads=False):
            rows = batch if self._columns is None else batch.select(self._columns)
            if mask is not None:
                rows = rows.filter(mask.slice(start, batch.num_rows))
            start += batch.num_rows
            if rows.num_rows:
                yield rows

    def matching(self, column: str, values: Collection[str]) -> Iterator[pa.RecordBatch]:
        """Rows, of those that are meant, whose ``column`` (of text) has one of the values.

        Row groups in which none can be, by their statistics, are passed by; of the others that column alone is read first.
        """
        wanted = pa.array(sorted(values), pa.string())
        start = 0
        for path, footer in zip(self._paths, self._footers, strict=True):
            with pq.ParquetFile(path, metadata=footer) as file:
                for group in range(footer.num_row_groups):
                    told = footer.row_group(group)
                    own = self._mask.slice(start, told.num_rows).combine_chunks() if self._mask is not None else None
                    start += told.num_rows
                    if not _may_hold(told, column, values):
                        continue
                    found = file.read_row_group(group, columns=[column], use_threads=False).column(0).combine_chunks()
                    mask = pc.is_in(found, wanted)
                    mask = mask if own is None else pc.and_(mask, own)
                    if mask.true_count:
                        yield from self._of_group(file, group, mask, BATCH)

    def columns_without_null(self) -> set[str]:
        """The columns of which the files say that every row has a value; others may be without null too."""
        found = set(self.column_names)
        for footer in self._footers:
            for number in range(footer.num_row_groups):
                group = footer.row_group(number)
                columns = (group.column(place) for place in range(group.num_columns))
                for column in columns:
                    told = column.statistics
                    if told is None or not told.has_null_count or told.null_count:
                        found.discard(column.path_in_schema)
        return found

    def select(self, columns: Sequence[str]) -> Stored:
        """The same rows with these columns only."""
        facts = self.facts if self._mask is None else None
        return Stored(self._paths, columns=columns, mask=self._mask, facts=facts, footers=self._footers)

    def __getitem__(self, column: str) -> pa.ChunkedArray:
        """One column, read whole."""
        batches = [batch.column(0) for batch in self.select([column]).to_batches(16 * BATCH)]
        return pa.chunked_array(batches, self.schema.field(column).type)

    def filter(self, mask: pa.ChunkedArray) -> Stored:
        """The rows for which ``mask`` (one value a row) is true."""
        if self._mask is not None:
            mask = _laid_over(self._mask, mask)
        if isinstance(mask, pa.Array):
            mask = pa.chunked_array([mask])
        return Stored(self._paths, columns=self._columns, mask=pc.fill_null(mask, False), footers=self._footers)

    def slice(self, offset: int = 0, length: int | None = None) -> pa.Table:
        """Some rows in a row, in memory."""
        found, left = [], length if length is not None else self.num_rows
        for batch in self.to_batches():
            if left <= 0:
                break
            if offset >= batch.num_rows:
                offset -= batch.num_rows
                continue
            found.append(batch.slice(offset, left))
            left -= found[-1].num_rows
            offset = 0
        return pa.Table.from_batches(found, self.schema)

    def read(self) -> pa.Table:
        """All rows that are meant, in memory."""
        return pa.Table.from_batches(list(self.to_batches()), self.schema)

    def to_pylist(self) -> list[dict[str, Any]]:
        """All rows that are meant as dictionaries, in memory."""
        return [row for batch in self.to_batches() for row in batch.to_pylist()]


def column_parts(rows: Stored | pa.Table, column: str) -> Iterator[pa.Array]:
    """The values of a column, some rows at a time."""
    for batch in rows.select([column]).to_batches(max_chunksize=16 * BATCH):
        yield batch.column(0)


def _may_hold(group: pq.RowGroupMetaData, column: str, values: Collection[str]) -> bool:
    """Whether a column of a row group may hold one of the values, as far as its statistics tell."""
    chunks = (group.column(number) for number in range(group.num_columns))
    told = next((chunk.statistics for chunk in chunks if chunk.path_in_schema == column), None)
    if told is None or not told.has_min_max:
        return True
    return any(told.min <= value <= told.max for value in values)


def _true_count(mask: pa.ChunkedArray) -> int:
    return sum(chunk.true_count for chunk in mask.chunks)


def _laid_over(below: pa.ChunkedArray, mask: pa.ChunkedArray) -> pa.ChunkedArray:
    """The mask of all rows, of a mask over the rows that ``below`` leaves."""
    whole = below.combine_chunks().to_numpy(zero_copy_only=False).astype(bool)
    inner = mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
    whole[np.flatnonzero(whole)] = inner.fill_null(False).to_numpy(zero_copy_only=False)
    return pa.chunked_array([pa.array(whole)])


def table_files(snapshot: Path, name: str) -> list[Path]:
    """The files of a table of a snapshot, in order; none when the table is not there."""
    path = snapshot / tables()[name].path
    if path.is_dir():
        return [at_hand(part) for part in sorted(path.glob("*.parquet"))]
    return [at_hand(path)] if path.is_file() else []


def stored_tables(snapshot: Path) -> Mapping[str, Stored]:
    """All tables of a snapshot that are there, restricted ones included."""
    found = {name: table_files(snapshot, name) for name in tables()}
    return {name: Stored(paths) for name, paths in found.items() if paths}
