"""Is the archive whole? And, where it is not, made whole again without throwing a byte away.

The checkers of warcio and fastwarc verify the digests that are there; they pass over a missing digest, a cut between two
records, a revisit of nothing, and an index that lies.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pipeline.archive.digests import digest_fits
from pipeline.archive.files import archive_errors, shown, synced_folder
from pipeline.archive.index import (
    INDEX_SUFFIX,
    WARC_SUFFIX,
    Index,
    file_sha256,
    index_path,
    parsed_index,
    warc_paths,
    write_index,
)
from pipeline.archive.indexentry import IndexEntry, entry_of
from pipeline.archive.lock import raw_lock
from pipeline.archive.members import Damage, Member, members
from pipeline.archive.recovery import open_paths, recovered
from pipeline.archive.warc import CAPTURE_TYPES
from pipeline.errors import ArchiveError, IndexStale
from pipeline.storage.hand import opened
from pipeline.terminal.progress import tracked

ProblemKind = Literal[
    "truncated",
    "damaged",
    "empty",
    "missing_digest",
    "wrong_digest",
    "dangling_revisit",
    "wrong_offset",
    "missing_index",
    "stale_index",
    "missing_file",
    "missing_record",
    "extra_record",
    "left_open",
    "unreadable",
]
DAMAGED_SUFFIX: Final = ".damaged"
_MAX_TOLD = 20  # entries of one index that are told one by one


class Problem(NamedTuple):
    """Something wrong with a file of raw/. ``offset`` is None where the whole file or its index is meant."""

    warc_file: str
    offset: int | None
    kind: ProblemKind
    message: str


def archive_problems(raw_dir: Path) -> Iterator[Problem]:
    """Every problem of the archive, file by file in sorted order, dangling revisits last. Reads every byte of raw/."""
    with contextlib.closing(sqlite3.connect("")) as database:  # "" is a temporary database on disk
        database.execute("CREATE TABLE known (name TEXT PRIMARY KEY) WITHOUT ROWID")
        database.execute("CREATE TABLE revisits (file TEXT, offset INTEGER, digest TEXT, refers_to TEXT, uri TEXT)")
        for path in open_paths(raw_dir):
            yield Problem(
                _name(path, raw_dir), None, "left_open", "a run that writes now, or was cut short, left this file open"
            )
        paths = list(warc_paths(raw_dir))
        for path in tracked(paths, "check: files", len(paths)):
            try:
                yield from _file_problems(path, _name(path, raw_dir), database)
            except (OSError, ArchiveError) as error:
                yield Problem(_name(path, raw_dir), None, "unreadable", f"{error}; mend the rights or the disk")
        for path in _orphan_indexes(raw_dir):
            warc = path.with_name(path.name.removesuffix(INDEX_SUFFIX) + WARC_SUFFIX)
            yield Problem(
                _name(warc, raw_dir), None, "missing_file", f"is gone, its index {path.name} is there; put the file back"
            )
        yield from _dangling(database)


def repaired(raw_dir: Path, say: Callable[[str], None] = lambda _line: None) -> list[str]:
    """Makes the archive whole: one line for each thing done or not to be mended. Raises LockHeld, ArchiveError.

    Damaged stretches are cut out of their file and kept beside it as ``….damaged``; every whole record stays. Digests
    that are missing or wrong, and revisits of nothing, are not touched: the bytes alone cannot tell what they were.
    """
    with raw_lock(raw_dir, say):
        done = recovered(raw_dir)
        for path in warc_paths(raw_dir):
            done += _repaired_file(path, _name(path, raw_dir))
        for path in _orphan_indexes(raw_dir):
            target = _free_name(path)
            with archive_errors(path, "mend the rights, then run again"):
                path.rename(target)
            done.append(f"{_name(path, raw_dir)}: its WARC file is gone; the index was put aside as {target.name}")
    return done


def _file_problems(path: Path, name: str, database: sqlite3.Connection) -> Iterator[Problem]:
    if not path.stat().st_size:
        yield Problem(name, None, "empty", "not one byte; put a copy of the file back, or have --repair put it aside")
        if not index_path(path).exists():
            return
    entries: dict[int, IndexEntry] = {}
    records = 0
    for part in tracked(members(path), "check: records"):
        if isinstance(part, Damage):
            kind: ProblemKind = "truncated" if part.is_cut else "damaged"
            yield Problem(name, part.offset, kind, f"{part.reason}; {part.length} bytes hold no whole record")
            continue
        records += 1
        yield from _record_problems(name, part)
        _remember(database, name, part)
        entries |= _entries(path, part)
    try:
        index = parsed_index(path)
    except IndexStale as error:
        missing = not index_path(path).exists()
        yield Problem(name, None, "missing_index" if missing else "stale_index", shown(str(error)))
        return
    yield from _index_problems(path, name, index, entries, records)


def _record_problems(name: str, member: Member) -> Iterator[Problem]:
    record = member.record
    checked = [("WARC-Block-Digest", record.block)]
    if record.type != "warcinfo":
        checked.append(("WARC-Payload-Digest", record.payload))
    for digest_name, data in checked:
        declared = record.field(digest_name)
        if declared is None:
            yield Problem(name, member.offset, "missing_digest", f"a {record.type} record has no {digest_name}")
        elif digest_fits(declared, data) is False and not (record.type == "revisit" and digest_name == "WARC-Payload-Digest"):
            yield Problem(
                name, member.offset, "wrong_digest", f"{digest_name} of a {record.type} record does not fit its bytes"
            )


def _index_problems(path: Path, name: str, index: Index, entries: dict[int, IndexEntry], records: int) -> Iterator[Problem]:
    size = path.stat().st_size
    if index.meta.size != size:
        yield Problem(name, None, "stale_index", f"the index was made for {index.meta.size} bytes, the file has {size}")
    if index.meta.lost_records:
        lost = index.meta.lost_records
        yield Problem(name, None, "missing_record", f"{lost} captures that an earlier index named are gone from the file")
    ids = {entry.record_id: entry for entry in entries.values()}
    found: list[Problem] = []
    named = set()
    for entry in index.entries:
        offset = int(entry.offset)
        named.add(entry.record_id)
        if entries.get(offset) == entry:
            continue
        if entry.record_id not in ids:
            found.append(
                Problem(name, offset, "missing_record", f"the index names a capture of {shown(entry.url)} that is not there")
            )
        elif ids[entry.record_id].offset != entry.offset:
            true = ids[entry.record_id].offset
            found.append(Problem(name, offset, "wrong_offset", f"the index places here what lies at byte {true}"))
        else:
            found.append(Problem(name, offset, "stale_index", f"the index describes the capture of {shown(entry.url)} wrongly"))
    extra = [e for e in entries.values() if e.record_id not in named]
    found += [
        Problem(name, int(e.offset), "extra_record", f"a capture of {shown(e.url)} that the index does not name") for e in extra
    ]
    if not found and index.meta.size == size:
        if index.meta.records != records:
            found.append(Problem(name, None, "stale_index", f"the index counts {index.meta.records} records, not {records}"))
        if index.meta.sha256 != file_sha256(path):
            text = "bytes were altered since the index was made, where no record's checksum covers them"
            found.append(Problem(name, None, "damaged", text))
    yield from found[:_MAX_TOLD]
    if len(found) > _MAX_TOLD:
        yield Problem(name, None, "stale_index", f"{len(found) - _MAX_TOLD} more lines of the index do not fit")


def _remember(database: sqlite3.Connection, name: str, member: Member) -> None:
    record = member.record
    if record.type in CAPTURE_TYPES:
        rows = [(known,) for known in (record.record_id, record.payload_digest) if known]
        database.executemany("INSERT OR IGNORE INTO known VALUES (?)", rows)
    elif record.type == "revisit":
        row = (name, member.offset, record.payload_digest, record.field("WARC-Refers-To") or "", record.uri)
        database.execute("INSERT INTO revisits VALUES (?, ?, ?, ?, ?)", row)


def _dangling(database: sqlite3.Connection) -> Iterator[Problem]:
    query = """SELECT file, offset, uri FROM revisits
               WHERE digest NOT IN (SELECT name FROM known) AND refers_to NOT IN (SELECT name FROM known)
               ORDER BY file, offset"""
    for file, offset, uri in database.execute(query):
        yield Problem(
            file, offset, "dangling_revisit", f"a revisit of {shown(uri)} refers to a capture that is nowhere in raw/"
        )


def _repaired_file(path: Path, name: str) -> list[str]:
    damage: list[tuple[int, int]] = []
    whole: list[tuple[int, int]] = []
    entries: dict[int, IndexEntry] = {}
    beyond_repair = []
    with archive_errors(path, "mend the disk or the rights, then run again"):
        for part in members(path):
            (damage if isinstance(part, Damage) else whole).append((part.offset, part.length))
            if isinstance(part, Member):
                entries |= _entries(path, part)
                beyond_repair += [
                    f"{name} at byte {part.offset}: {problem.message}; left as it is"
                    for problem in _record_problems(name, part)
                ]
        if not path.stat().st_size:
            path.rename(aside := _free_name(path))
            return [f"{name}: not one byte; put aside as {aside.name}"]
        if not whole:
            return [f"{name}: holds no whole record in a gzip member of its own; move it elsewhere and import it"]
        done = []
        if damage:
            aside = _free_name(path)
            _copied(path, aside, damage)
            kept = path.with_name(f".{path.name}.part")
            _copied(path, kept, whole)
            kept.replace(path)
            synced_folder(path.parent)
            cut = sum(length for _, length in damage)
            done.append(f"{name}: {cut} damaged bytes cut out and kept as {aside.name}; {len(whole)} whole records stay")
    if damage or _is_index_wrong(path, name, entries, len(whole)):
        write_index(path)
        done.append(f"{name}: index made anew")
    return [*done, *beyond_repair]


def _is_index_wrong(path: Path, name: str, entries: dict[int, IndexEntry], records: int) -> bool:
    try:
        index = parsed_index(path)
    except IndexStale:
        return True
    return any(True for _ in _index_problems(path, name, index, entries, records))


def _entries(path: Path, member: Member) -> dict[int, IndexEntry]:
    entry = entry_of(member.record, filename=path.name, offset=member.offset, length=member.length)
    return {} if entry is None else {member.offset: entry}


def _copied(source: Path, target: Path, stretches: list[tuple[int, int]]) -> None:
    with opened(source) as file, target.open("wb") as out:
        for offset, length in stretches:
            file.seek(offset)
            left = length
            while left and (chunk := file.read(min(left, 1024 * 1024))):
                out.write(chunk)
                left -= len(chunk)
        out.flush()
        os.fsync(out.fileno())


def _orphan_indexes(raw_dir: Path) -> list[Path]:
    found = []
    for folder, names, files in os.walk(raw_dir):
        names[:] = [name for name in names if not name.startswith(".")]
        stems = {file.removesuffix(WARC_SUFFIX) for file in files if file.endswith(WARC_SUFFIX)}
        indexes = [file for file in files if file.endswith(INDEX_SUFFIX) and not file.startswith(".")]
        found += [Path(folder, file) for file in indexes if file.removesuffix(INDEX_SUFFIX) not in stems]
    return sorted(found)


def _free_name(path: Path) -> Path:
    candidate = path.with_name(path.name + DAMAGED_SUFFIX)
    number = 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}{DAMAGED_SUFFIX}{number}")
    return candidate


def _name(path: Path, raw_dir: Path) -> str:
    return path.relative_to(raw_dir).as_posix()
