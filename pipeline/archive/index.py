"""The CDXJ index beside each WARC file: what lies where, known without reading the archive.

One sorted line a capture or revisit: SURT key, 14-digit timestamp, JSON. The first line, ``!meta 0 {…}``, names the
size of the WARC file and the number of its records: an index that does not fit is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from pipeline.archive.dates import timestamp14
from pipeline.archive.files import archive_errors, replaced_file
from pipeline.archive.indexentry import IndexEntry, entry_of
from pipeline.archive.members import Damage, members
from pipeline.archive.surt import surt_key
from pipeline.errors import IndexStale
from pipeline.storage.hand import opened

WARC_SUFFIX: Final = ".warc.gz"
INDEX_SUFFIX: Final = ".cdxj"
_FORMAT = "praktyki-cdxj-1"


class IndexMeta(msgspec.Struct, frozen=True, kw_only=True):
    """What the first line says of the WARC file: bytes, records of any type, bytes that hold no whole record.

    ``sha256`` of the whole file tells of altered bytes that no record's checksum covers (gzip heads, padding bits).
    ``lost_records`` counts what an earlier index named and the file no longer holds: making an index anew must not
    hide that a file was cut. `check.repaired` sets it back.
    """

    format: str
    filename: str
    size: int
    records: int
    sha256: str
    damaged_bytes: int = 0
    lost_records: int = 0


class Index(msgspec.Struct, frozen=True):
    """A whole index, entries in the order in which the records lie in the file."""

    meta: IndexMeta
    entries: list[IndexEntry]


_decoder = msgspec.json.Decoder(IndexEntry)
_encoder = msgspec.json.Encoder()
_meta_decoder = msgspec.json.Decoder(IndexMeta)


def index_path(warc_path: Path) -> Path:
    """Where the index of a WARC file lies."""
    return warc_path.with_name(warc_path.name.removesuffix(WARC_SUFFIX) + INDEX_SUFFIX)


def write_index(warc_path: Path, index: Index | None = None) -> Path:
    """Writes the index of a WARC file, reading the file when no ``index`` is handed in. Raises ArchiveError."""
    target = index_path(warc_path)
    content = _content(index or scanned_index(warc_path))
    with archive_errors(target, "free some space or mend the rights, then run again"):
        replaced_file(target, content)
    return target


def scanned_index(warc_path: Path) -> Index:
    """The index as the WARC file itself says. Damaged stretches are left out and counted. Raises ArchiveError."""
    entries: list[IndexEntry] = []
    records = damaged = 0
    with archive_errors(warc_path, "mend the rights, then run again"):
        for part in members(warc_path):
            if isinstance(part, Damage):
                damaged += part.length
                continue
            records += 1
            entry = entry_of(part.record, filename=warc_path.name, offset=part.offset, length=part.length)
            if entry is not None:
                entries.append(entry)
        size = warc_path.stat().st_size
        sha256 = file_sha256(warc_path)
    return Index(index_meta(warc_path.name, size, records, sha256, damaged), entries)


def index_meta(filename: str, size: int, records: int, sha256: str, damaged_bytes: int = 0) -> IndexMeta:
    """The first line of an index."""
    return IndexMeta(format=_FORMAT, filename=filename, size=size, records=records, sha256=sha256, damaged_bytes=damaged_bytes)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hex. Raises OSError."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parsed_index(warc_path: Path) -> Index:
    """The index as it lies on disk, whether it fits or not. Raises IndexStale when it is missing or unreadable."""
    path = index_path(warc_path)
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise IndexStale(f"{path}: {error.strerror}; it is made anew from the WARC file") from error
    try:
        mark, zero, head = lines[0].split(b" ", 2)
        meta = _meta_decoder.decode(head)
        entries = [_decoder.decode(line.split(b" ", 2)[2]) for line in lines[1:] if line]
        entries.sort(key=lambda entry: int(entry.offset))
    except (ValueError, IndexError, msgspec.MsgspecError) as error:
        raise IndexStale(f"{path}: not an index of ours ({error}); it is made anew from the WARC file") from error
    if (mark, zero, meta.format, meta.filename) != (b"!meta", b"0", _FORMAT, warc_path.name) or lines[-1]:
        raise IndexStale(f"{path}: not the index of {warc_path.name}; it is made anew from the WARC file")
    return Index(meta, entries)


def stored_index(warc_path: Path) -> Index:
    """The index as it lies on disk. Raises IndexStale also when it was made for a file of another size."""
    index = parsed_index(warc_path)
    with archive_errors(warc_path, "put the file back, then run again"):
        size = warc_path.stat().st_size
    if index.meta.size != size:
        raise IndexStale(f"{index_path(warc_path)}: was made for {index.meta.size} bytes, {warc_path.name} has {size}")
    return index


def current_index(warc_path: Path) -> Index:
    """The index of a WARC file, made anew when stale. An index that cannot be written is used all the same."""
    try:
        return stored_index(warc_path)
    except IndexStale:
        index = scanned_index(warc_path)
        with contextlib.suppress(IndexStale):
            index = Index(
                msgspec.structs.replace(index.meta, lost_records=_lost(parsed_index(warc_path), index)), index.entries
            )
        with contextlib.suppress(OSError):  # a read-only archive can still be read
            replaced_file(index_path(warc_path), _content(index))
        return index


def _lost(old: Index, new: Index) -> int:
    there = {(entry.offset, entry.record_id) for entry in new.entries}
    return old.meta.lost_records + sum((entry.offset, entry.record_id) not in there for entry in old.entries)


def index_entries(warc_path: Path) -> list[IndexEntry]:
    """Entries of a WARC file in the order of their offsets; the index is made anew when stale. Raises ArchiveError."""
    return current_index(warc_path).entries


def index_digest(warc_path: Path) -> str:
    """SHA-256 of the index in hex: changes whenever a record is added, removed, moved or replaced."""
    return archive_digests(warc_path).index_sha256


class ArchiveDigests(NamedTuple):
    """What tells a WARC file from any other: SHA-256 of its index and of the file itself in hex, and the file's bytes."""

    index_sha256: str
    warc_sha256: str
    warc_bytes: int


def archive_digests(warc_path: Path) -> ArchiveDigests:
    """Digests of a WARC file as its index states them, without reading the file itself when the index fits it."""
    try:
        with index_path(warc_path).open("rb") as file:
            mark, _, head = file.readline().partition(b" 0 ")
            file.seek(0)
            if mark == b"!meta":
                meta = _meta_decoder.decode(head)
                if meta.size == warc_path.stat().st_size:
                    return ArchiveDigests(hashlib.file_digest(file, "sha256").hexdigest(), meta.sha256, meta.size)
    except (OSError, ValueError, msgspec.MsgspecError):
        pass  # whatever is wrong with the index, it is made anew below
    index = current_index(warc_path)
    return ArchiveDigests(hashlib.sha256(_content(index)).hexdigest(), index.meta.sha256, index.meta.size)


def _content(index: Index) -> bytes:
    head = f"!meta 0 {_json(index.meta)}\n".encode("ascii")
    return head + b"".join(sorted(_line(entry) for entry in index.entries))


def _line(entry: IndexEntry) -> bytes:
    date = entry.time or entry.date
    return f"{surt_key(entry.url)} {timestamp14(date)} {_json(entry)}\n".encode("utf-8", "backslashreplace")


def _json(item: msgspec.Struct) -> str:
    quick = _encoder.encode(item)
    if quick.isascii() and b"\\" not in quick:  # then the two write the same; msgspec does so at a tenth of the cost
        return quick.decode("ascii")
    return json.dumps(msgspec.to_builtins(item), separators=(",", ":"))


def warc_paths(raw_dir: Path) -> Iterable[Path]:
    """Every finished WARC file below ``raw_dir``, sorted by path; hidden folders and links to folders are left out."""
    found: list[Path] = []
    for folder, names, files in os.walk(raw_dir):
        names[:] = sorted(name for name in names if not name.startswith("."))
        found += [Path(folder, file) for file in files if file.endswith(WARC_SUFFIX) and not file.startswith(".")]
    return sorted(found, key=lambda path: path.relative_to(raw_dir).as_posix())
