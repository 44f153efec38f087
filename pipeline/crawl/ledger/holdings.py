"""Whether raw/ holds what the crawler's ledger says it archived.

That is what the files alone cannot tell: a file that is gone with its index, a record taken out or put in and indexed anew.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.archive.check import Problem
from pipeline.archive.files import shown
from pipeline.archive.index import index_entries, warc_paths
from pipeline.crawl.ledger.frontier import FRONTIER_NAME
from pipeline.errors import ArchiveError

_MAX_TOLD: Final = 20  # records of one file that are told one by one


def holding_problems(raw_dir: Path) -> Iterator[Problem]:
    """Files and records that the ledger knows and raw/ lacks, and the other way round; file by file, sorted.

    Only what the crawler archived is looked at; nothing is changed. A run that was killed may leave records that are not in
    the ledger yet: the next crawl enters them.
    """
    path = raw_dir / FRONTIER_NAME
    if not path.is_file():
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            yield from _problems(raw_dir, database)
    except sqlite3.Error as error:
        yield Problem(FRONTIER_NAME, None, "unreadable", f"{shown(str(error))}; the next crawl makes it anew from the archive")


def _problems(raw_dir: Path, database: sqlite3.Connection) -> Iterator[Problem]:
    known = {name for (name,) in database.execute("SELECT warc_file FROM files UNION SELECT DISTINCT warc_file FROM records")}
    folders = {name.partition("/")[0] for name in known}
    there = {path.relative_to(raw_dir).as_posix() for folder in folders for path in warc_paths(raw_dir / folder)}
    for name in sorted(known | there):
        noted = {record for (record,) in database.execute("SELECT record FROM records WHERE warc_file = ?", (name,))}
        if name in there:
            yield from _differences(raw_dir, name, noted)
        elif noted and not (raw_dir / f"{name}.open").exists():
            what = f"is gone with {len(noted)} records that the crawler archived in it"
            yield Problem(name, None, "missing_file", f"{what}; put the file back, or the next crawl fetches them again")


def _differences(raw_dir: Path, name: str, noted: set[str]) -> Iterator[Problem]:
    try:
        entries = {entry.record_id: entry for entry in index_entries(raw_dir / name)}
    except ArchiveError as error:
        yield Problem(name, None, "unreadable", str(error))
        return
    lost = len(noted - entries.keys())
    if lost:
        remedy = "put the file back as it was, or the next crawl fetches them again"
        yield Problem(
            name, None, "missing_record", f"{lost} of {len(noted)} records that the crawler archived are gone; {remedy}"
        )
    extra = [entry for record, entry in entries.items() if record not in noted]
    for entry in extra[:_MAX_TOLD]:
        what = f"{entry.record_type} of {shown(entry.url[:200])} is not in the crawler's ledger"
        yield Problem(
            name, int(entry.offset), "extra_record", f"{what}; after a kill the next crawl enters it, else look who added it"
        )
    if len(extra) > _MAX_TOLD:
        yield Problem(name, None, "extra_record", f"{len(extra) - _MAX_TOLD} more records are not in the crawler's ledger")
