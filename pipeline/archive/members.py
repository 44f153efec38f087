"""Gzip members of a WARC file of our own kind: one record a member, each found again by its offset.

A damaged stretch is reported and skipped: reading goes on at the next member that holds a record.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from isal import isal_zlib
from isal.igzip_lib import IsalError

from pipeline.archive.warc import MAX_FIELD_BYTES, MAX_RECORD_BYTES, MalformedRecord, WarcRecord, whole_record
from pipeline.storage.hand import opened

_ALTERED = cast(type[Exception], IsalError)  # its stub calls the class an instance
GZIP_MAGIC: Final = b"\x1f\x8b\x08"
MAX_MEMBER_BYTES: Final = MAX_RECORD_BYTES + 4 * MAX_FIELD_BYTES
_CHUNK = 256 * 1024
_FIRST_CHUNK = 32 * 1024  # most pages, packed, are no longer
_PROBE = 64 * 1024


class Member(NamedTuple):
    """A whole record with the bytes of the file it lies in."""

    offset: int
    length: int
    record: WarcRecord


class Damage(NamedTuple):
    """Bytes of the file that hold no whole record, and why. ``is_cut``: the file ends within the record."""

    offset: int
    length: int
    reason: str
    is_cut: bool


class DamagedMember(ValueError):
    """A gzip member cannot be inflated to its end."""


class CutMember(DamagedMember):
    """The file ends before the gzip member does."""


def members(path: Path) -> Iterator[Member | Damage]:
    """Every record of the file in order, and every damaged stretch. Raises OSError."""
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        offset = 0
        ahead = b""
        while offset < size:
            try:
                data, length, ahead = _inflated(file, ahead, MAX_MEMBER_BYTES)
                yield Member(offset, length, whole_record(data))
                offset += length
            except (DamagedMember, MalformedRecord) as error:
                following = next_member_offset(file, offset + 1)
                end = size if following is None else following
                yield Damage(offset, end - offset, str(error), following is None and isinstance(error, CutMember))
                offset = end
                ahead = b""
                file.seek(offset)


def inflated_member(file: BinaryIO, offset: int) -> tuple[bytes, int]:
    """The inflated bytes of the member at ``offset`` and its length in the file, checksum verified.

    Raises DamagedMember when it is cut, altered, no gzip at all, or inflates beyond MAX_MEMBER_BYTES.
    """
    file.seek(offset)
    data, length, _ = _inflated(file, b"", MAX_MEMBER_BYTES)
    return data, length


def _inflated(file: BinaryIO, ahead: bytes, limit: int) -> tuple[bytes, int, bytes]:
    """The inflated bytes of a member, its length, and what was read beyond it.

    ``ahead``: its first bytes, as far as they were read; the file stands behind them.
    """
    pending = ahead if len(ahead) >= len(GZIP_MAGIC) else ahead + file.read(_FIRST_CHUNK)
    read = len(pending)
    if pending and not GZIP_MAGIC.startswith(pending[: len(GZIP_MAGIC)]):
        raise DamagedMember("no gzip member begins here")
    inflate = isal_zlib.decompressobj(31)
    parts: list[bytes] = []  # mostly one, which is handed on uncopied
    size = 0
    while not inflate.eof:
        if not pending:
            pending = file.read(_FIRST_CHUNK if read < _FIRST_CHUNK else _CHUNK)
            read += len(pending)
            if not pending:
                raise CutMember("the file is cut off within a record")
        try:
            part = inflate.decompress(pending, limit + 1 - size)
        except _ALTERED as error:
            raise DamagedMember(f"the bytes of a record were altered ({error})") from error
        parts.append(part)
        size += len(part)
        if size > limit:
            raise DamagedMember(f"a record of more than {limit} bytes")
        pending = inflate.unconsumed_tail
    rest = inflate.unused_data
    return parts[0] if len(parts) == 1 else b"".join(parts), read - len(rest), rest


def next_member_offset(file: BinaryIO, start: int) -> int | None:
    """Offset of the first gzip member at or after ``start`` that begins a WARC record; None when there is none."""
    position = start
    while True:
        file.seek(position)
        chunk = file.read(_CHUNK)
        found = chunk.find(GZIP_MAGIC)
        while found >= 0:
            if _begins_record(file, position + found):
                return position + found
            found = chunk.find(GZIP_MAGIC, found + 1)
        if len(chunk) < _CHUNK:
            return None
        position += len(chunk) - len(GZIP_MAGIC) + 1


def _begins_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        return isal_zlib.decompressobj(31).decompress(file.read(_PROBE), 5) == b"WARC/"
    except _ALTERED:
        return False
