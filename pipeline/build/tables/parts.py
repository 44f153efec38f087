"""Writes the files of a snapshot's tables, rows passing once: Parquet, lines of CSV, and the facts of each file.

A small table is one file. A large one is a folder of that name with several files, cut where the ids say so (or after a
number of rows where rows of many records are sorted together), so that new rows change few of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from pipeline.build.tables.chunkfile import Chunk, chunk_at, name_in
from pipeline.build.tables.keptlines import KeptLines
from pipeline.build.tables.packs import Unpacked
from pipeline.build.tables.partwriter import PartFile, PartWriter, Written
from pipeline.build.tables.rows import OWNER
from pipeline.build.tables.sorting import sorted_tables
from pipeline.errors import WorkCacheDamaged
from pipeline.schema.spec import tables

_BYTES_AT_ONCE: Final = 2 * 1024 * 1024
"""Bytes of chunks, as the work cache keeps them, whose lines are made together: some ten times that of texts."""
SORTED: Final = ("captures", "partnerships", "people", "places", "quality_issues", "record_places")


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


def part_written(task: PartTask) -> list[Written]:
    """Writes the files. Raises OSError, WorkCacheDamaged."""
    writers = [PartWriter(file) for file in task.files]
    for writer in writers:
        writer.__enter__()
    names = {file.table for file in task.files}
    try:
        for chunks in _some_at_once(task.chunks, names):
            for file, writer in zip(task.files, writers, strict=True):
                filled = [(name, chunk) for name, chunk in chunks if file.table in chunk]
                if filled:
                    writer.add_chunks(filled, task.lines.get(file.table))
    finally:
        for writer in writers:
            writer.__exit__(None, None, None)
        pa.default_memory_pool().release_unused()
    return [writer.written() for writer in writers]


def _some_at_once(paths: Iterable[Path], names: Collection[str]) -> Iterator[list[tuple[str, Chunk]]]:
    """Chunks with their names, some in a row: what is made of few rows costs as much as what is made of many."""
    waiting: list[tuple[str, Chunk]] = []
    size = 0
    for path in paths:
        waiting.append((name_in(path), unpacked_chunk(path, names)))
        size += waiting[-1][1].size
        if size >= _BYTES_AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


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
