"""The files of the tables, written from chunks of rows by workers; and which of them a table is cut into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.build.choice.notes import CAPTURES, ISSUES
from pipeline.build.choice.selection import KINDS
from pipeline.build.records.territory import PlaceLinks
from pipeline.build.tables.affected import KEYS, OF_RECORD
from pipeline.build.tables.chunkfile import OF_KIND, name_in
from pipeline.build.tables.csv_edition import csv_part
from pipeline.build.tables.keptlines import KeptLines
from pipeline.build.tables.packs import packed
from pipeline.build.tables.parts import (
    SORTED,
    PartTask,
    SortedTask,
    part_folder,
    part_name,
    part_written,
    sorted_written,
)
from pipeline.build.tables.partwriter import PartFile, Written
from pipeline.build.tables.rows import Rows
from pipeline.build.tables.store import Stored
from pipeline.build.workers import bytes_of, lost
from pipeline.config import Settings
from pipeline.engine import Call, Workers, called
from pipeline.registers.territory import Territory
from pipeline.schema.spec import tables

SINGLE_ROWS: Final = 200_000
FILE_ROWS: Final = 100_000
"""The same for tables that are sorted from the rows of many records."""


class TableFiles:
    """Writes them into ``folder``; ``work`` is a folder for what is needed meanwhile.

    ``is_searched``: whether rows of records are to be searched for personal data; those of captures have been (`notes`).
    ``lines``: table → its lines in the CSV edition of the last snapshot, where they are known.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        work: Path,
        workers: Workers,
        *,
        is_searched: bool,
        lines: Mapping[str, KeptLines],
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._work = work
        self._workers = workers
        self._is_searched = is_searched
        self._lines = lines

    def written(
        self,
        chunks_of: Mapping[str, list[Path]],
        ends: Mapping[str, list[int]],
        pages: Sequence[Path],
        extra: Sequence[Path],
    ) -> dict[str, list[Written]]:
        """Writes the files of all tables but `places`; what was written, by table.

        ``chunks_of``: kind → rows of its records, chunk by chunk; ``ends``: after which of them a file ends; ``pages``: rows of
        captures and their issues; ``extra``: issues of merges and of pages that records are taken from. Raises OSError.
        """
        found: dict[str, list[Written]] = {}
        every = [path for kind in KINDS for path in chunks_of[kind]]
        sorted_tasks = [
            SortedTask(
                self._file(name),
                [] if name == CAPTURES else every,
                [(path, str(name)) for path in pages if name in (CAPTURES, ISSUES)]
                + [(path, str(name)) for path in extra if name == ISSUES],
                self._work,
                SINGLE_ROWS,
                FILE_ROWS,
            )
            for name in SORTED
            if name != "places" and self._is_kept(name)
        ]
        calls = chain(
            (Call(sorted_written, task) for task in sorted_tasks),
            (Call(part_written, task) for task in self._part_tasks(chunks_of, ends)),
        )
        for written in self._workers.results(called, calls, lost):
            for part in written:
                found.setdefault(part.file.table, []).append(part)
        return found

    def _part_tasks(self, chunks_of: Mapping[str, list[Path]], ends: Mapping[str, list[int]]) -> Iterator[PartTask]:
        # Largest first: what is handed out last should not keep one worker busy for long.
        for kind, names in sorted(OF_KIND.items(), key=lambda of_kind: -bytes_of(chunks_of[of_kind[0]])):
            kept = [self._file(name) for name in names if self._is_kept(name)]
            if len(ends[kind]) == 1:
                yield self._part_task(chunks_of[kind], kept)
                continue
            for file in kept:
                part_folder(file)
            start = 0
            for number, end in enumerate(ends[kind]):
                files = [
                    file._replace(
                        path=file.path / part_name(number),
                        csv=file.csv.with_name(f"{file.csv.name}-{number:05}") if file.csv is not None else None,
                        begins=not number,
                    )
                    for file in kept
                ]
                yield self._part_task(chunks_of[kind][start:end], files)
                start = end

    def _part_task(self, chunks: list[Path], files: list[PartFile]) -> PartTask:
        names = [name_in(path) for path in chunks]
        known = {file.table: self._lines[file.table].only(names) for file in files if file.table in self._lines}
        return PartTask(chunks, files, known)

    def places(self, links: list[Written]) -> dict[str, list[Written]]:
        """Writes the units that occur in record_places (``links``), and those they lie in. Raises OSError."""
        pack = self._work / "places.pack"
        task = SortedTask(self._file("places"), [], [(pack, "places")], self._work, SINGLE_ROWS, FILE_ROWS)
        places = PlacesTask([part.file.path for part in links], self._settings.registers, pack, task)
        (written,) = self._workers.results(places_written, [places], lost)
        return {"places": written}

    def _is_kept(self, name: str) -> bool:
        return self._settings.privacy.keep_restricted or not tables()[name].is_restricted

    def _file(self, name: str) -> PartFile:
        table = tables()[name]
        csv = None if table.is_restricted else self._work / csv_part(table)
        is_of_records = name in KEYS or name in OF_RECORD
        is_searched = name != CAPTURES and (self._is_searched or not is_of_records)
        return PartFile(name, self._folder / table.path, csv, is_searched=is_searched)


class PlacesTask(NamedTuple):
    """The units that ``links`` name, from the ``registers`` to the file of ``pack`` and on to that of the table."""

    links: list[Path]
    registers: Path
    pack: Path
    table: SortedTask


def places_written(task: PlacesTask) -> list[Written]:
    """Writes them; a task of its own, since workers have the registers loaded. Raises OSError."""
    used: set[str] = set()
    for batch in Stored(task.links).select(["place_id"]).to_batches():
        used.update(batch.column(0).unique().to_pylist())
    rows = Rows()
    PlaceLinks(rows, Territory.load(task.registers)).add_places(sorted(used))
    task.pack.write_bytes(packed({"places": rows.owned("places")}))
    return sorted_written(task.table)
