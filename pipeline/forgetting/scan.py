"""Which records of the archive hold a term, and which must go with them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.archive.files import archive_errors
from pipeline.archive.identities import capture_id, known_address
from pipeline.archive.index import index_entries, warc_paths
from pipeline.archive.members import GZIP_MAGIC, Damage, members
from pipeline.archive.reader import record_at
from pipeline.archive.rewriting import Instead
from pipeline.archive.tombstones import (
    cleaned_warcinfo,
    forgotten_capture_id,
    forgotten_digest,
    forgotten_type,
    tombstone_of,
)
from pipeline.archive.warc import CAPTURE_TYPES, WarcRecord
from pipeline.config import EngineName
from pipeline.engine import results
from pipeline.errors import ArchiveError
from pipeline.forgetting.readings import readings
from pipeline.forgetting.texts import texts_of_bytes, texts_of_record
from pipeline.privacy.terms import Matcher
from pipeline.storage.hand import opened
from pipeline.terminal.progress import tracked

_DAMAGE_READ = 8 * 1024 * 1024


class Stretch(NamedTuple):
    """A record, or a damaged stretch (type ``damage``), that holds a term or refers to one that does."""

    offset: int
    length: int
    type: str


class FileScan(NamedTuple):
    """What one WARC file holds. ``ids``, ``digests`` and ``captures`` are those of what is, or already was, forgotten.

    ``digests`` are of captures alone: revisits refer to them. ``unread`` counts damaged stretches that could not be looked
    into to their end, ``records`` all whole ones.
    """

    warc_file: str
    hits: list[Stretch]
    ids: list[str]
    digests: list[str]
    captures: list[str]
    has_tombstones: bool
    unread: int
    records: int


class _Task(NamedTuple):
    raw_dir: Path
    warc_file: str
    matcher: Matcher
    also: frozenset[int]


class ArchiveScan(NamedTuple):
    """What the whole archive holds: ``hits`` by WARC file, revisits of what is forgotten among them.

    ``tombstoned``: files that hold tombstones, or will.
    """

    records: int
    hits: dict[str, list[Stretch]]
    ids: frozenset[str]
    captures: frozenset[str]
    tombstoned: frozenset[str]
    unread: dict[str, int]

    def count(self, *types: str) -> int:
        """How many stretches of the types are hit."""
        return sum(stretch.type in types for found in self.hits.values() for stretch in found)


def archive_scan(
    raw_dir: Path, matcher: Matcher, also: Mapping[str, frozenset[int]], *, engine: EngineName, workers: int
) -> ArchiveScan:
    """Reads every record of raw/. Raises ArchiveError when a file cannot be read.

    ``also``: WARC file → offsets of records that are known to hold a term, by what was read out of them.
    """
    names = [path.relative_to(raw_dir).as_posix() for path in warc_paths(raw_dir)]
    tasks = (_Task(raw_dir, name, matcher, also.get(name, frozenset())) for name in names)
    found = results(_scanned, tasks, engine=engine, workers=workers, lost=_lost)
    scans = list(tracked(found, "forget: archive files looked through", len(names)))
    hits = {scan.warc_file: list(scan.hits) for scan in scans if scan.hits}
    digests = {digest for scan in scans for digest in scan.digests if digest}
    ids = {name for scan in scans for name in scan.ids}
    for name, stretch, record_id in _revisits(raw_dir, names, hits, digests, ids):
        hits.setdefault(name, []).append(stretch)
        ids.add(record_id)
    return ArchiveScan(
        sum(scan.records for scan in scans),
        hits,
        frozenset(ids),
        frozenset(capture for scan in scans for capture in scan.captures),
        frozenset(scan.warc_file for scan in scans if scan.has_tombstones) | hits.keys(),
        {scan.warc_file: scan.unread for scan in scans if scan.unread},
    )


def instead_of(raw_dir: Path, warc_file: str, hits: Iterable[Stretch], matcher: Matcher) -> dict[int, Instead]:
    """What comes in the place of the stretches of a file. Raises CaptureUnreadable."""
    names_person: Callable[[str], bool] = lambda text: matcher.holds_any(readings(text))  # noqa: E731 - typed
    found: dict[int, Instead] = {}
    for stretch in hits:
        record: WarcRecord | None = None
        if stretch.type != "damage":
            record = record_at(raw_dir, warc_file, stretch.offset)
            record = (cleaned_warcinfo if record.type == "warcinfo" else tombstone_of)(record, names_person)
        found[stretch.offset] = Instead(stretch.length, record)
    return found


def _scanned(task: _Task) -> FileScan:
    path = task.raw_dir / task.warc_file
    scan = FileScan(task.warc_file, [], [], [], [], has_tombstones=False, unread=0, records=0)
    with archive_errors(path, "mend the rights or the disk, then run again"):
        for part in members(path):
            if isinstance(part, Damage):
                scan = _look_into_damage(path, part, task.matcher, scan)
                continue
            is_hit = part.offset in task.also or task.matcher.holds_any(texts_of_record(part.record))
            scan = scan._replace(records=scan.records + 1)
            if forgotten_type(part.record) is not None:
                scan = scan._replace(has_tombstones=True)
                _note(scan, part.record, forgotten_type(part.record) or "")
            elif is_hit:
                _note(scan, part.record, part.record.type)
            if is_hit:
                scan.hits.append(Stretch(part.offset, part.length, part.record.type))
    return scan


def _note(scan: FileScan, record: WarcRecord, kind: str) -> None:
    scan.ids.append(record.record_id)
    if kind in CAPTURE_TYPES:
        digest = forgotten_digest(record) or record.payload_digest
        scan.digests.append(digest)
        is_tombstone = forgotten_type(record) is not None
        capture = (
            forgotten_capture_id(record) if is_tombstone else capture_id(known_address(record.uri), record.captured_at, digest)
        )
        if capture is not None:
            scan.captures.append(capture)


def _revisits(
    raw_dir: Path, names: Iterable[str], hits: dict[str, list[Stretch]], digests: set[str], ids: set[str]
) -> Iterator[tuple[str, Stretch, str]]:
    """Revisits of what is forgotten that do not hold a term themselves: nothing may refer to what is no longer there."""
    if not ids:
        return
    names = list(names)
    known = {name: {stretch.offset for stretch in found} for name, found in hits.items()}
    surviving: set[str] = set()
    waiting: list[tuple[str, Stretch, str, str]] = []
    for name in names:
        for entry in index_entries(raw_dir / name):
            if int(entry.offset) in known.get(name, ()):
                continue
            if entry.record_type in CAPTURE_TYPES:
                if entry.digest in digests:
                    surviving.add(entry.digest)
            elif entry.digest in digests or (not entry.digest and _refers_to(raw_dir, name, int(entry.offset)) in ids):
                stretch = Stretch(int(entry.offset), int(entry.length), "revisit")
                waiting.append((name, stretch, entry.record_id, entry.digest))
    for name, stretch, record_id, digest in waiting:
        if digest not in surviving:
            yield name, stretch, record_id


def _refers_to(raw_dir: Path, name: str, offset: int) -> str:
    return record_at(raw_dir, name, offset).field("WARC-Refers-To") or ""


def _look_into_damage(path: Path, damage: Damage, matcher: Matcher, scan: FileScan) -> FileScan:
    with opened(path) as file:
        file.seek(damage.offset)
        data = file.read(min(damage.length, _DAMAGE_READ))
    if holds_in_damage(data, matcher):
        scan.hits.append(Stretch(damage.offset, damage.length, "damage"))
        return scan
    return scan._replace(unread=scan.unread + 1)


def holds_in_damage(data: bytes, matcher: Matcher) -> bool:
    """Whether damaged bytes of an archive hold a term, as far as a patient reader can get it out of them."""
    if matcher.holds_any(texts_of_bytes(data)):
        return True
    start = data.find(GZIP_MAGIC)
    while start >= 0:
        inflate = zlib.decompressobj(31)
        text = bytearray()
        try:
            for step in range(start, len(data), 512):
                text += inflate.decompress(data[step : step + 512], _DAMAGE_READ)
        except zlib.error:
            pass  # what came until here is what can be read
        if text and matcher.holds_any(texts_of_bytes(bytes(text))):
            return True
        start = data.find(GZIP_MAGIC, start + 1)
    return False


def _lost(task: _Task) -> FileScan:
    raise ArchiveError(f"{task.warc_file}: looking through it killed its worker twice (memory); run again with --engine serial")
