"""Writes one file of a table, rows passing once: Parquet, its lines of CSV, and the facts of the file."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.build.tables.chunkfile import Chunk
from pipeline.build.tables.columntexts import Lines
from pipeline.build.tables.csv_edition import csv_head, csv_lines
from pipeline.build.tables.facts import Collector, Facts
from pipeline.build.tables.keptlines import KeptLines, Known, Stretch, stretch_of
from pipeline.build.tables.outfiles import ZSTD_LEVEL
from pipeline.build.tables.rows import OWNER
from pipeline.faults import reached
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import tables

GROUP_ROWS: Final = 8192
GROUP_BYTES: Final = 32 * 1024 * 1024
_STEP: Final = 1024


class PartFile(NamedTuple):
    """One file of a table to be written, and where its lines of CSV go (None for restricted tables).

    ``is_searched``: whether its texts are looked into for personal data; otherwise whoever has it written does that.
    ``begins``: whether its lines of CSV are the table's first; they have the head before them then.
    """

    table: str
    path: Path
    csv: Path | None
    is_searched: bool = True
    begins: bool = True


class Written(NamedTuple):
    """A file that was written. ``stretches``: where the lines of chunks stand in its file of CSV."""

    file: PartFile
    facts: Facts
    stretches: Sequence[Stretch] = ()


class _Lined:
    """A chunk whose lines are to be written. ``places``: where the rows of each record begin, and where the last ones end.

    ``runs``: its records as `Known.runs` has them.
    """

    def __init__(self, name: str, chunk: Chunk, rows: pa.Table, table: str, known: Known) -> None:
        self.name = name
        self.records = chunk.records
        self.known = known
        self.places: list[int] = [0, *np.cumsum(chunk.counts(table)).tolist()]
        self.runs = [*known.runs(chunk.records)]
        self._rows = rows

    def unknown(self) -> Iterator[pa.Table]:
        """The rows whose lines are to be made."""
        for first, last, span in self.runs:
            if span is None:
                yield self._rows.slice(self.places[first], self.places[last] - self.places[first])


class _Made(NamedTuple):
    """Lines in one piece; ``ends``: where each row's end, after a 0."""

    content: memoryview
    ends: list[int]

    def between(self, first: int, last: int) -> memoryview:
        """Those of some rows in a row."""
        return self.content[self.ends[first] : self.ends[last]]


class PartWriter:
    """Writes one file. Use as a context manager."""

    def __init__(self, file: PartFile) -> None:
        self._file = file
        self._table = tables()[file.table]
        self._schema = arrow_schema(file.table)
        self._collector = Collector(file.table, is_searched=file.is_searched)
        self._group: list[pa.Table] = []
        self._rows = self._bytes = 0
        self._stretches: list[Stretch] = []
        self._checksum = 0

    def __enter__(self) -> Self:
        reached("snapshot.table")
        self._file.path.parent.mkdir(mode=0o700 if self._table.is_restricted else 0o755, exist_ok=True)
        self._parquet = pq.ParquetWriter(
            self._file.path, self._schema, compression="zstd", compression_level=ZSTD_LEVEL, write_page_checksum=True
        )
        self._csv = self._file.csv.open("wb") if self._file.csv is not None else None
        if self._csv is not None and self._file.begins:
            self._csv.write(csv_head(self._table))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._flush(is_last=True)
        self._parquet.close()
        if self._csv is not None:
            self._csv.close()
        if kind is None and self._table.is_restricted:
            reached("snapshot.chmod")
            self._file.path.chmod(0o600)

    def add_chunks(self, chunks: Sequence[tuple[str, Chunk]], lines: KeptLines | None) -> None:
        """Takes the rows of some chunks of records, each under its name; ``lines``: where those may stand that they come to."""
        rows = [chunk.table(self._file.table).drop_columns([OWNER]) for _, chunk in chunks]
        if self._csv is not None:
            known = [lines.of(name) if lines is not None else None for name, _ in chunks]
            self._add_lines(
                [_Lined(*chunks[n], rows[n], self._file.table, known[n] or Known(b"", {})) for n in range(len(rows))]
            )
        for some in rows:
            self.add(some, makes_lines=False)

    def _add_lines(self, chunks: Sequence[_Lined]) -> None:
        """Writes the lines of chunks, those of records that are the same as they are known; all others are made at once."""
        assert self._csv is not None  # whoever calls has seen to that
        made = self._lines_of([rows for chunk in chunks for rows in chunk.unknown()])
        row = 0
        for chunk in chunks:
            start, self._checksum = self._csv.tell(), 0
            ends: list[int] = []
            copied: list[tuple[int, int]] = []
            size = 0
            for first, last, span in chunk.runs:
                begin = size
                if span is None:
                    at = row - chunk.places[first]
                    content = made.between(row, at + chunk.places[last])
                    ends += [begin + made.ends[at + place] - made.ends[row] for place in chunk.places[first + 1 : last + 1]]
                    row = at + chunk.places[last]
                else:
                    content = memoryview(chunk.known.content)[slice(*span)]
                    copied.append((begin, begin + span[1] - span[0]))
                    ends += [begin + chunk.known.places[digest][1] - span[0] for _, digest in chunk.records[first:last]]
                self._write_lines(content)
                size = ends[-1]
            self._stretches.append(stretch_of(chunk.name, start, size, self._checksum, chunk.records, ends, copied))

    def _lines_of(self, rows: Sequence[pa.Table]) -> _Made:
        """The lines of rows."""
        found, ends = [], [0]
        for lines in self._lines(pa.concat_tables(rows)) if rows else ():
            ends += (lines.ends + ends[-1]).tolist()
            found.append(lines.content)
        return _Made(memoryview(b"".join(found)), ends)

    def _lines(self, rows: pa.Table) -> Iterator[Lines]:
        """The lines of rows, some at a time."""
        for start in range(0, rows.num_rows, _STEP):
            for batch in rows.slice(start, _STEP).combine_chunks().to_batches():
                yield csv_lines(self._table, batch)

    def _write_lines(self, content: bytes | memoryview) -> None:
        assert self._csv is not None  # whoever calls has seen to that
        self._csv.write(content)
        self._checksum = zlib.crc32(content, self._checksum)

    def add(self, rows: pa.Table, *, makes_lines: bool = True) -> None:
        """Takes rows in the order of the table. ``makes_lines``: whether their lines of CSV are to be written."""
        if self._csv is not None and makes_lines:
            self._csv.writelines(lines.content for lines in self._lines(rows))
        while rows.num_rows:
            step = rows.slice(0, min(GROUP_ROWS - self._rows, _STEP - self._rows % _STEP))
            rows = rows.slice(step.num_rows)
            self._group.append(step)
            self._rows += step.num_rows
            self._bytes += step.nbytes
            if self._rows == GROUP_ROWS or (self._rows % _STEP == 0 and self._bytes >= GROUP_BYTES):
                self._flush()

    def written(self) -> Written:
        """What was written. Ask once it is closed."""
        return Written(self._file, self._collector.facts(), self._stretches)

    def _flush(self, *, is_last: bool = False) -> None:
        if not self._group and not is_last:
            return
        if self._group or not self._collector.facts().rows:
            group = pa.concat_tables(self._group).combine_chunks() if self._group else self._schema.empty_table()
            for batch in group.to_batches():  # columns of many rows at once: most of the time went into calls for few
                self._collector.add(batch)
            self._parquet.write_table(group, row_group_size=GROUP_ROWS)
        self._group, self._rows, self._bytes = [], 0, 0
