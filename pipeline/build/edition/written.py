"""The files that are made of a snapshot's tables, written and searched for personal data; by workers where there are any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pipeline.build.edition.contents import Contents
from pipeline.build.edition.files import ExplorerTask, explorer_made, report_made, write_data_files, write_files
from pipeline.build.snapshot import making_folder
from pipeline.build.tables.csv_edition import csv_path
from pipeline.build.tables.keptlines import copied_spans
from pipeline.build.workers import WORTH_A_PROCESS, bytes_of, lost, rested
from pipeline.collecting import give_back_memory
from pipeline.engine import Call, Workers, called
from pipeline.explorer.kept import KeptGroups, is_mostly_kept
from pipeline.explorer.page import write_groups
from pipeline.explorer.records import KINDS
from pipeline.privacy.clean import keep_pieces, kept_pieces, packed_digests
from pipeline.privacy.csvcells import Span, joined_spans
from pipeline.privacy.scan import (
    Leak,
    PublicFile,
    Searched,
    SearchTask,
    clean_blocks,
    leaks_in_file,
    leaks_in_files,
    public_files,
)
from pipeline.schema.spec import tables


def leaks_in_files_written(folder: Path, contents: Contents, workers: Workers, extracted: list[Path]) -> list[Leak]:
    """Writes the files of the snapshot into ``folder``; the personal data found in those that everybody may read.

    ``extracted``: the files that it is built from; when they are many, workers begin anew for each stage (`workers.rested`).
    Raises OSError.
    """
    if workers.is_serial:
        give_back_memory()  # rows, gate and changes are done with
        write_files(folder, contents)
        give_back_memory()
        pieces = kept_pieces(contents.clean)
        leaks = [*leaks_in_files(folder, pieces, _searched_before(contents))]
        _keep_clean(contents, [packed_digests(pieces.clean)])
        return leaks
    ready = _groups_to_write(folder, contents)
    groups = [Call(groups_made, GroupsTask(folder, table, path)) for table, path in ready.items()]
    files: list[PublicFile] = []

    def searches() -> Iterator[Call]:
        """The report is made and the data files are searched once these are written: groups are made meanwhile."""
        written.result()
        files.extend(public_files(folder))
        yield Call(report_written, folder)
        largest_first = sorted(files, key=lambda file: file.path.stat().st_size, reverse=True)
        before = _searched_before(contents)
        tasks = (SearchTask(file, contents.clean, before.get(file.name, ())) for file in largest_first)
        yield from (Call(leaks_in_file, task) for task in tasks)

    with ThreadPoolExecutor(1) as writing:
        written = writing.submit(write_data_files, folder, contents)
        found: list[Searched] = []
        explorer = [Call(explorer_written, ExplorerTask(folder, contents.name, contents.known, ready or None))]

        def searches_and_explorer() -> Iterator[Call]:
            """The explorer is put together as soon as its groups are made, beside searches."""
            for search in searches():
                if explorer and len(found) >= len(groups):
                    yield explorer.pop()
                yield search

        is_large = bytes_of(extracted) >= WORTH_A_PROCESS
        for stage in (groups, searches()) if is_large else (chain(groups, searches_and_explorer()),):
            for searched in workers.results(called, stage, lost):
                found.append(searched)  # noqa: PERF402 - `searches_and_explorer` asks meanwhile how many there are
            rested(workers, extracted)
        found += workers.results(called, explorer, lost)
        rested(workers, extracted)
    if ready:  # else what was kept tells of the blocks that the page has again
        _keep_clean(contents, [searched.clean for searched in found])
    pages = [SearchTask(file, contents.clean) for file in public_files(folder) if file not in files]
    found += workers.results(leaks_in_file, pages, lost)
    _keep_clean(contents, [searched.clean for searched in found])
    return sorted((leak for searched in found for leak in searched.leaks), key=lambda leak: (leak.where, leak.kind))


def _searched_before(contents: Contents) -> dict[str, list[Span]]:
    """File of CSV → where lines of the last snapshot stand in it, which was published by this code."""
    return {csv_path(tables()[name]): joined_spans(copied_spans(lines)) for name, lines in contents.lines.items()}


class GroupsTask(NamedTuple):
    """What the records of a ``table`` come to in the explorer, to be written to ``path``."""

    folder: Path
    table: str
    path: Path


def groups_made(task: GroupsTask) -> Searched:
    """Writes the groups; which of their blocks hold no personal data. Raises OSError."""
    write_groups(task.folder, task.table, task.path)
    return Searched([], packed_digests(clean_blocks(KeptGroups(task.path).blocks())))


def explorer_written(task: ExplorerTask) -> Searched:
    """Writes the explorer; it is searched once it is whole. Raises OSError."""
    explorer_made(task)
    return Searched([], b"")


def report_written(folder: Path) -> Searched:
    """Writes the report; it is searched with the explorer. Raises OSError."""
    report_made(folder)
    return Searched([], b"")


def _groups_to_write(folder: Path, contents: Contents) -> dict[str, Path]:
    """Table → where its groups are to be written; nothing when most of them are known from the last build."""
    if contents.known is not None and is_mostly_kept(contents.known, KINDS):
        return {}
    work = making_folder(folder)
    work.mkdir(mode=0o700, exist_ok=True)
    return {table: work / f"{table}.explorer" for table in KINDS}


def _keep_clean(contents: Contents, runs: Iterable[bytes]) -> None:
    if contents.clean is not None:
        keep_pieces(contents.clean, runs, those_before=contents.delta is not None)
