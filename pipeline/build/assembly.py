"""From extracted/ to the tables of a snapshot: notes, plans, rows, files. Nothing here holds all pages, records or rows.

1. Each piece of extracted/ is noted (`notes`), in worker processes, or taken from the work cache.
2. The choice among captures is made on disk (`selection`) and yields a plan for each record.
3. The plans are made into rows chunk by chunk (`making`), in worker processes; unchanged records are taken from the cache.
4. The rows are written as files of the tables (`parts`), in worker processes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from pipeline.build.cache import NoteTask, WorkCache, kept_notes, noted_piece, rows_beside, told_apart
from pipeline.build.choice.delta import PlanLog
from pipeline.build.choice.duplicates import add_merge_issues
from pipeline.build.choice.notes import CAPTURES, CHOSEN_ISSUES, ISSUES, Piece, PieceNotes, chosen_rows, pieces
from pipeline.build.choice.selection import KINDS, RecordPlan, Selection
from pipeline.build.choice.shown import ShownPlans
from pipeline.build.choice.signing import SigningTask, bands_beside, bands_made
from pipeline.build.choice.suspects import Asked
from pipeline.build.choice.waterfall import PageTally
from pipeline.build.latest import latest_snapshot
from pipeline.build.records.making import ChunkTask, chunk_digest, chunk_made, chunk_name, chunks, expected_time, is_boundary
from pipeline.build.tablefiles import TableFiles
from pipeline.build.tables.csv_edition import csv_head, csv_path
from pipeline.build.tables.facts import Facts, Leaks, joined_facts, joined_leaks, leaks_in, with_leaks
from pipeline.build.tables.keptlines import KeptLines, Stretch, kept_lines, moved
from pipeline.build.tables.packs import packed
from pipeline.build.tables.parts import unpacked
from pipeline.build.tables.partwriter import Written
from pipeline.build.tables.rows import Rows, ordered
from pipeline.build.tables.store import Stored
from pipeline.build.tables.touched import touched_rows
from pipeline.build.workers import lost, rested
from pipeline.collecting import give_back_memory
from pipeline.config import Settings
from pipeline.engine import Workers, largest_first
from pipeline.errors import BuildError, WorkCacheDamaged
from pipeline.explorer.kept import Known
from pipeline.extract.endline import check_whole
from pipeline.schema.spec import tables
from pipeline.terminal.progress import tracked

SINGLE_RECORDS: Final = 8192
"""Records of a kind up to which each of its tables is one file."""
FILE_RECORDS: Final = 4096
"""Records of a file on average, beyond that."""
_ISSUES_AT_ONCE = 20_000
_NOTED_HERE: Final = 6
"""Pieces that this process notes itself while what workers need is loaded by another one: 0.3 s."""
_TASKS_AHEAD: Final = 32
"""Chunks to be made that are looked at for the largest: of them alone the plans are held."""


class Assembled(NamedTuple):
    """The tables as they stand in the folder of the snapshot, and what became of the pages.

    ``csv``: table → files with its lines of CSV, in order. ``known``: what the explorer may take over from the last build;
    ``clean``: where is kept what was searched for personal data. ``changed``: kind → records of the previous snapshot that are
    not as they were, None when that is not known; ``differing``: table → the rows of all records that were not there so;
    ``plans``: the plans of this build.
    ``counts``: where is kept what the gate counts (`tallies`). ``lines``: table → where the lines of chunks stand in its file
    of CSV; ``lines_kept``: where the next build finds that.
    """

    tables: Mapping[str, Stored]
    csv: Mapping[str, list[Path]]
    tally: PageTally
    known: Known
    clean: Path
    plans: PlanLog
    changed: Mapping[str, set[str]] | None
    differing: Mapping[str, pa.Table]
    counts: Path
    lines: Mapping[str, Sequence[Stretch]]
    lines_kept: Path


def assembled(settings: Settings, files: list[Path], folder: Path, work: Path, workers: Workers) -> Assembled:
    """Makes the tables from extracted files, into ``folder``; ``work`` is a folder for what is needed meanwhile.

    `changes` is not among them. Raises BuildError, ExtractError, OSError.
    """
    cache = WorkCache(settings)
    try:
        return _Assembly(settings, files, folder, emptied(work), cache, workers).made()
    except WorkCacheDamaged:  # whatever happened to it, extracted/ has all that it had
        cache.emptied()
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return _Assembly(settings, files, folder, emptied(work), cache, workers).made()


class _Assembly:
    def __init__(
        self, settings: Settings, files: list[Path], folder: Path, work: Path, cache: WorkCache, workers: Workers
    ) -> None:
        self._settings = settings
        self._files = files
        self._folder = folder
        self._work = work
        self._cache = cache
        self._workers = workers
        self._used: list[Path] = []
        self._pieces: list[tuple[int, Piece, Path]] = []
        self._shown = ShownPlans()
        self._previous = latest_snapshot(settings.datasets)
        self._plans = PlanLog(cache.plans, self._previous.name if self._previous is not None else None)
        self._changed: Mapping[str, set[str]] | None = None
        self._touched: list[tuple[str, Path]] = []
        self._leaks: list[Leaks] = []

    def made(self) -> Assembled:
        try:
            return self._made()
        finally:
            self._plans.close()

    def _made(self) -> Assembled:
        tally = PageTally()
        for number, path in enumerate(self._files):
            told = told_apart(path)
            of_file = [(number, piece, self._cache.piece(piece, told)) for piece in pieces(path)]
            if not all(target.is_file() for _, _, target in of_file):  # what was noted already was whole then
                check_whole(path)
            self._pieces += of_file
        self._note()
        with Selection(self._work / "selection.sqlite", self._files, self._notes(), self._signed) as selection:
            chunks_of, ends = self._rows(selection)
            self._changed = self._plans.changed()
            rested(self._workers, self._files)
            extra = list(self._other_issues(selection, tally))
            tally.same = list(selection.same_ids())
        give_back_memory()  # the choice among captures is made
        files = TableFiles(
            self._settings,
            self._folder,
            self._work,
            self._workers,
            is_searched=self._changed is None,
            lines=self._known_lines(),
        )
        written = files.written(chunks_of, ends, [rows_beside(target) for _, _, target in self._pieces], extra)
        written |= files.places(written["record_places"])
        self._cache.keep_only([*self._used, self._plans.aside])
        found: dict[str, Stored] = {}
        csv: dict[str, list[Path]] = {}
        for name in tables():
            if name in written:
                facts: Facts = joined_facts([part.facts for part in written[name]])
                facts = with_leaks(facts, joined_leaks(self._leaks)) if name == CAPTURES else facts
                found[name] = Stored([part.file.path for part in written[name]], facts=facts)
                csv[name] = [part.file.csv for part in written[name] if part.file.csv is not None]
        known = Known(self._cache.explorer, self._shown.digests(found))
        csv = {name: paths for name, paths in csv.items() if paths}
        differing = self._searched(found)
        cache = self._cache
        stood = self._plans.stood() if self._changed is not None else None
        made = Assembled(found, csv, tally, known, cache.clean, self._plans, stood, differing, cache.counts, {}, cache.lines)
        return made._replace(lines={name: _stretches(name, written[name]) for name in csv})

    def _known_lines(self) -> dict[str, KeptLines]:
        """Table → its lines in the last snapshot, whose files were searched for personal data by this code."""
        previous = self._previous
        if previous is None:
            return {}
        kept = kept_lines(self._cache.lines, previous.name)
        return {
            name: KeptLines(previous / csv_path(tables()[name]), {stretch.chunk: stretch for stretch in stretches})
            for name, stretches in kept.items()
        }

    def _searched(self, made: Mapping[str, Stored]) -> dict[str, pa.Table]:
        """Looks for personal data in the rows of records that differ; those rows, by table.

        All others stand in the previous snapshot as they are, and none is published that holds any.
        """
        if self._changed is None:
            return {}
        differing = touched_rows(self._touched, self._changed, made)
        for name, rows in differing.items():
            made[name].facts = with_leaks(made[name].facts, leaks_in(name, rows))
        return differing

    def _note(self) -> None:
        """Notes the pieces that were not noted before."""
        for _, _, target in self._pieces:
            self._used += [target, rows_beside(target)]
        missing = [NoteTask(piece, target) for _, piece, target in self._pieces if not target.is_file()]
        here = missing[: _NOTED_HERE * self._workers.are_loading]
        noted = chain(map(noted_piece, here), self._workers.results(noted_piece, missing[len(here) :], lost))
        for _ in tracked(noted, "build: pieces read", len(missing)):
            pass

    def _notes(self) -> Iterator[tuple[int, PieceNotes]]:
        for number, piece, target in self._pieces:
            notes = kept_notes(target)
            if notes is None:
                noted_piece(NoteTask(piece, target))
                notes = kept_notes(target)
            if notes is None:
                raise BuildError(f"{target}: cannot be kept; free some space and build again")
            yield number, notes

    def _signed(self, asked: Iterator[Asked]) -> Iterator[list[bytes]]:
        """The bands of the texts that are asked of each piece, made or known."""
        return self._workers.results(bands_made, map(self._signing, asked), lost)

    def _signing(self, asked: Asked) -> SigningTask:
        _, piece, target = self._pieces[asked.piece]
        kept = bands_beside(target)
        self._used.append(kept)
        return SigningTask(piece.path, asked.texts, kept)

    def _rows(self, selection: Selection) -> tuple[dict[str, list[Path]], dict[str, list[int]]]:
        """The chunks of each kind, made or known, and after which of them a file of its tables ends."""
        chunks_of: dict[str, list[Path]] = {kind: [] for kind in KINDS}
        ends: dict[str, list[int]] = {kind: [] for kind in KINDS}
        missing = (task for kind in KINDS for task in self._missing(kind, selection, chunks_of[kind], ends[kind]))
        ordered = largest_first(missing, expected_time, _TASKS_AHEAD)
        for _ in tracked(self._workers.results(chunk_made, ordered, lost), "build: chunks of records"):
            pass
        for kind, targets in chunks_of.items():
            self._used += targets
            ends[kind].append(len(targets))
        return chunks_of, ends

    def _missing(self, kind: str, selection: Selection, targets: list[Path], ends: list[int]) -> Iterator[ChunkTask]:
        """The chunks of a kind that are not known; notes of all where they stand, and after which of them a file ends."""
        is_one_file = selection.count(kind) <= SINGLE_RECORDS
        for records in chunks(selection.plans(kind)):
            for record in records:
                self._shown.note(kind, record.record_id, record.digest)
            are_others = [self._plans.note(kind, record.record_id, record.digest) for record in records]
            name = chunk_name(kind, records[0].record_id)
            target = self._cache.chunk(name, chunk_digest(records))
            if targets and not is_one_file and is_boundary(records[0].record_id, FILE_RECORDS):
                ends.append(len(targets))
            targets.append(target)
            if any(are_others):
                self._touched.append((kind, target))
            if not target.is_file():
                before = self._cache.chunks_before(kind, records[0].record_id, records[-1].record_id)
                yield ChunkTask(kind, records, self._paths_of(records), self._settings.registers, target, before)

    def _paths_of(self, records: Iterable[RecordPlan]) -> dict[int, Path]:
        numbers = {place.file for record in records for place in record.places}
        numbers |= {answer.file for record in records for answer in record.answers if answer.file >= 0}
        return {number: self._files[number] for number in sorted(numbers)}

    def _other_issues(self, selection: Selection, tally: PageTally) -> Iterator[Path]:
        """Issues of merges, and those of pages from which a record is taken, in packs; counts the pages on the way."""
        rows = Rows()
        for kind in KINDS:
            add_merge_issues(selection.merges(kind), rows)
        waiting = [rows.owned(ISSUES)]
        count = 0
        for (number, piece, target), (_, notes) in zip(self._pieces, self._notes(), strict=True):
            self._leaks.append(notes.leaks)
            chosen = selection.chosen_offsets(number, piece.start, piece.end)
            for page in notes.pages:
                tally.add(page, is_chosen=page.offset in chosen)
            found = chosen_rows(unpacked(rows_beside(target), [CHOSEN_ISSUES]), chosen)
            if found is not None:
                waiting.append(found)
            if sum(table.num_rows for table in waiting) >= _ISSUES_AT_ONCE:
                yield self._pack(waiting, count)
                waiting, count = [], count + 1
        if waiting:
            yield self._pack(waiting, count)

    def _pack(self, waiting: list[pa.Table], number: int) -> Path:
        path = self._work / f"issues-{number}.pack"
        path.write_bytes(packed({ISSUES: ordered(ISSUES, pa.concat_tables(waiting))}))
        return path


def _stretches(name: str, written: Sequence[Written]) -> list[Stretch]:
    """Where the lines of chunks stand in the file of CSV that is put together of those of the parts."""
    found: list[Stretch] = []
    end = 0
    for part in written:
        found += moved(part.stretches, end)
        head = len(csv_head(tables()[name])) if part.file.begins else 0
        end += head + sum(stretch.size for stretch in part.stretches)
    return found


def emptied(folder: Path) -> Path:
    """The folder, made anew. Raises OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder
