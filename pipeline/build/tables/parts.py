"""Writes the files of a snapshot's tables, rows passing once: Parquet, lines of CSV, and the facts of each file.

A small table is one file. A large one is a folder of that name with several files, cut where the ids say so (or after a
number of rows where rows of many records are sorted together), so that new rows change few of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.build.tables.chunkfile import Chunk, chunk_at, name_in
from pipeline.build.tables.csv_edition import csv_head, csv_lines
from pipeline.build.tables.facts import Collector, Facts
from pipeline.build.tables.keptlines import KeptLines, Known, Stretch, stretch_of
from pipeline.build.tables.outfiles import ZSTD_LEVEL
from pipeline.build.tables.packs import Unpacked
from pipeline.build.tables.rows import OWNER
from pipeline.build.tables.sorting import sorted_tables
from pipeline.errors import WorkCacheDamaged
from pipeline.faults import reached
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import tables

GROUP_ROWS: Final = 8192
GROUP_BYTES: Final = 32 * 1024 * 1024
_STEP: Final = 1024
SORTED: Final = ("captures", "partnerships", "people", "places", "quality_issues", "record_places")


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


class PartTask(NamedTuple):
    """Files of the tables of one kind, made from the rows of chunks in their order. ``lines``: table → lines known already."""

    chunks: list[Path]
    files: list[PartFile]
    lines: Mapping[str, KeptLines] = {}


class SortedTask(NamedTuple):
    """A table sorted from many pieces: ``chunks`` of records, ``packs`` of other rows (file, name of the table in it).

    ``work`` is a folder for what does not fit into memory; ``file_rows``: rows of a file where the table is cut.
    """

    file: PartFile
    chunks: list[Path]
    packs: list[tuple[Path, str]]
    work: Path
    single_rows: int
    file_rows: int


class Written(NamedTuple):
    """A file that was written. ``stretches``: where the lines of chunks stand in its file of CSV."""

    file: PartFile
    facts: Facts
    stretches: Sequence[Stretch] = ()


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

    def add_chunk(self, chunk: Chunk, name: str, lines: KeptLines | None) -> None:
        """Takes the rows of a chunk of records; ``lines``: where those may stand that it comes to."""
        rows = chunk.table(self._file.table).drop_columns([OWNER])
        if self._csv is not None:
            known = lines.of(name) if lines is not None else None
            self._add_lines(rows, chunk, name, known or Known(b"", {}))
        self.add(rows, makes_lines=False)

    def _add_lines(self, rows: pa.Table, chunk: Chunk, name: str, known: Known) -> None:
        """Writes the lines of a chunk, those of records that are the same as they are known."""
        assert self._csv is not None  # whoever calls has seen to that
        start, self._checksum = self._csv.tell(), 0
        places = [0, *np.cumsum(chunk.counts(self._file.table)).tolist()]
        ends: list[int] = []
        copied: list[tuple[int, int]] = []
        size = 0
        for first, last, span in known.runs(chunk.records):
            begin = size
            if span is None:
                ends_of_rows = self._made_lines(rows.slice(places[first], places[last] - places[first]), begin)
                ends += [ends_of_rows[place - places[first]] for place in places[first + 1 : last + 1]]
            else:
                self._write_lines(memoryview(known.content)[slice(*span)])
                copied.append((begin, begin + span[1] - span[0]))
                ends += [begin + known.places[digest][1] - span[0] for _, digest in chunk.records[first:last]]
            size = ends[-1]
        self._stretches.append(stretch_of(name, start, size, self._checksum, chunk.records, ends, copied))

    def _made_lines(self, rows: pa.Table, size: int = 0) -> list[int]:
        """Writes the lines of rows; where each of them begins, and where the last one ends, behind ``size`` bytes."""
        found = [size]
        for start in range(0, rows.num_rows, _STEP):
            for batch in rows.slice(start, _STEP).combine_chunks().to_batches():
                lines = csv_lines(self._table, batch)
                self._write_lines(lines.content)
                found += (lines.ends + found[-1]).tolist()
        return found

    def _write_lines(self, content: bytes | memoryview) -> None:
        assert self._csv is not None  # whoever calls has seen to that
        self._csv.write(content)
        self._checksum = zlib.crc32(content, self._checksum)

    def add(self, rows: pa.Table, *, makes_lines: bool = True) -> None:
        """Takes rows in the order of the table. ``makes_lines``: whether their lines of CSV are to be written."""
        if self._csv is not None and makes_lines:
            self._made_lines(rows)
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


def part_written(task: PartTask) -> list[Written]:
    """Writes the files. Raises OSError, WorkCacheDamaged."""
    writers = [PartWriter(file) for file in task.files]
    for writer in writers:
        writer.__enter__()
    names = {file.table for file in task.files}
    try:
        for path in task.chunks:
            chunk = unpacked_chunk(path, names)
            for file, writer in zip(task.files, writers, strict=True):
                if file.table in chunk:
                    writer.add_chunk(chunk, name_in(path), task.lines.get(file.table))
    finally:
        for writer in writers:
            writer.__exit__(None, None, None)
        pa.default_memory_pool().release_unused()
    return [writer.written() for writer in writers]


def sorted_written(task: SortedTask) -> list[Written]:
    """Writes a table sorted from many pieces. Raises OSError, WorkCacheDamaged."""

    def sources() -> Iterator[pa.Table]:
        for path in task.chunks:
            chunk = unpacked_chunk(path, [task.file.table])
            yield from (rows.drop_columns([OWNER]) for rows in chunk.parts(task.file.table))
        for path, name in task.packs:
            pack = unpacked(path, [name])
            if name in pack:
                yield pack.table(name).drop_columns([OWNER])

    total = sum(unpacked_chunk(path, ()).count(task.file.table) for path in task.chunks)
    total += sum(unpacked(path, ()).count(name) for path, name in task.packs)
    ordered = sorted_tables(task.file.table, sources, total, task.work)
    if total <= task.single_rows:
        return [_one_file(task.file, ordered)]
    folder, written = task.file.path, []
    for number, rows in enumerate(_cut(ordered, task.file_rows)):
        csv = task.file.csv.with_name(f"{task.file.csv.name}-{number:05}") if task.file.csv is not None else None
        if not number:
            _folder(folder, task.file.table)
        file = task.file._replace(path=folder / part_name(number), csv=csv, begins=not number)
        written.append(_one_file(file, rows))
    return written


def part_name(number: int) -> str:
    """Name of a file in the folder of a table."""
    return f"part-{number:05}.parquet"


def part_folder(file: PartFile) -> None:
    """Makes the folder of a table that stands in several files."""
    _folder(file.path, file.table)


def unpacked_chunk(path: Path, wanted: Collection[str]) -> Chunk:
    """The chunk, to be asked for the tables ``wanted``. Raises WorkCacheDamaged when they are not there or not whole."""
    try:
        return chunk_at(path, wanted)
    except (FileNotFoundError, ValueError) as error:
        raise WorkCacheDamaged(f"{path}: {error}; delete it and build again") from error


def unpacked(path: Path, wanted: Collection[str] | None = None) -> Unpacked:
    """The tables of a pack, of which ``wanted`` will be asked for. Raises WorkCacheDamaged when it is not whole."""
    try:
        return Unpacked(path.read_bytes(), wanted)
    except (FileNotFoundError, ValueError) as error:
        raise WorkCacheDamaged(f"{path}: {error}; delete it and build again") from error


def _folder(folder: Path, table: str) -> None:
    mode = 0o700 if tables()[table].is_restricted else 0o755
    folder.parent.mkdir(mode=mode, exist_ok=True)
    folder.mkdir(mode=mode, exist_ok=True)


def _one_file(file: PartFile, ordered: Iterable[pa.Table]) -> Written:
    with PartWriter(file) as writer:
        for rows in ordered:
            writer.add(rows)
    return writer.written()


def _cut(ordered: Iterator[pa.Table], number: int) -> Iterator[list[pa.Table]]:
    """The rows in stretches of ``number`` rows."""
    stretch: list[pa.Table] = []
    missing = number
    for rows in ordered:
        left = rows
        while left.num_rows >= missing:
            yield [*stretch, left.slice(0, missing)]
            left = left.slice(missing)
            stretch, missing = [], number
        if left.num_rows:
            stretch.append(left)
            missing -= left.num_rows
    if stretch:
        yield stretch
