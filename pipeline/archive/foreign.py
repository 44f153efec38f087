"""Reads WARC and WET files that others made: gzip or plain, one record a member or the whole file in one.

Memory stays flat: one record at a time, and a record above the limit is passed over. What cannot be read is told as a
`Trouble` at its place; after a damaged gzip member reading goes on at the next one that begins a record.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.archive.digests import digest_fits
from pipeline.archive.members import GZIP_MAGIC, next_member_offset
from pipeline.archive.warc import (
    MAX_FIELD_BYTES,
    MAX_RECORD_BYTES,
    MalformedRecord,
    WarcRecord,
    content_length,
    field,
    parsed_fields,
)

_CHUNK = 256 * 1024


class Trouble(NamedTuple):
    """Something in the file that could not be read: near which byte of the file, and what."""

    offset: int
    reason: str


class _Broken(Exception):
    """The file cannot be read on from here. Caught in `foreign_records`, told as Trouble."""


def foreign_records(path: Path, limit: int = MAX_RECORD_BYTES) -> Iterator[WarcRecord | Trouble]:
    """Every whole record of a WARC file, and every trouble, in order. Raises OSError.

    A record counts as whole when its gzip member ended with the right checksum, something follows it, or its own block
    digest fits.
    """
    with path.open("rb") as file:
        start: int | None = 0
        while start is not None:
            stream = _Stream(file, start)
            try:
                yield from _records(stream, limit)
            except _Broken as error:
                yield Trouble(stream.offset, str(error))
                start = next_member_offset(file, stream.member_start + 1) if stream.is_gzip else None
            else:
                return


def _records(stream: _Stream, limit: int) -> Iterator[WarcRecord | Trouble]:
    while stream.pass_blank_lines():
        start = stream.offset
        head = _head(stream)
        try:
            fields = parsed_fields(head)
            length = content_length(fields)
        except MalformedRecord as error:
            raise _Broken(str(error)) from error
        if length > limit:
            stream.skip(length)
            yield Trouble(start, f"a record of {length} bytes, the limit is {limit}; it is left out")
            continue
        record = WarcRecord(fields, stream.take(length))
        try:
            _refuse_wrong_end(stream)
        except _Broken:
            if digest_fits(field(fields, "WARC-Block-Digest") or "", record.block):
                yield record
            raise
        yield record


def _refuse_wrong_end(stream: _Stream) -> None:
    if stream.pass_blank_lines() and not stream.follows(b"WARC/"):
        raise _Broken("a record is not followed by another: its Content-Length is wrong")


def _head(stream: _Stream) -> bytes:
    lines: list[bytes] = []
    total = 0
    if not stream.follows(b"WARC/"):
        raise _Broken(f"no WARC record begins here, but {stream.take_some(40)!r}")
    while True:
        line = stream.line(MAX_FIELD_BYTES - total)
        total += len(line)
        if not line.strip():
            return b"".join(lines)
        lines.append(line)


class _Stream:
    """Bytes of the file from an offset on, gzip undone."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        file.seek(start)
        self._file = file
        self._raw = file.read(_CHUNK)
        self._position = start + len(self._raw)
        self.is_gzip = self._raw.startswith(GZIP_MAGIC[:2])
        self.member_start = start
        self._inflate = zlib.decompressobj(31) if self.is_gzip else None
        self._buffer = bytearray()
        self._used = 0

    @property
    def offset(self) -> int:
        """The byte of the file near which reading stands."""
        return self.member_start if self.is_gzip else self._position - len(self._raw) - len(self._buffer) + self._used

    def line(self, limit: int) -> bytes:
        """Up to and with the next line feed. Raises _Broken at the end of the file or beyond ``limit`` bytes."""
        searched = self._used
        while True:
            end = self._buffer.find(b"\n", searched)
            if end >= 0:
                return self._taken(end + 1 - self._used)
            if len(self._buffer) - self._used > limit:
                raise _Broken("the named fields of a record do not end")
            kept = len(self._buffer) - self._used
            if not self._fill():
                raise _Broken("the file ends within a record" if kept else "the file ends before a record does")
            searched = self._used + kept

    def take(self, count: int) -> bytes:
        """Exactly ``count`` bytes. Raises _Broken when the file ends before."""
        while len(self._buffer) - self._used < count:
            if not self._fill():
                raise _Broken("the file ends within a record")
        return self._taken(count)

    def take_some(self, count: int) -> bytes:
        """At most ``count`` bytes of what has been read of the file."""
        return self._taken(min(count, len(self._buffer) - self._used))

    def skip(self, count: int) -> None:
        """Passes over ``count`` bytes. Raises _Broken when the file ends before."""
        while count:
            if self._used == len(self._buffer) and not self._fill():
                raise _Broken("the file ends within a record")
            step = min(count, len(self._buffer) - self._used)
            self._used += step
            count -= step

    def pass_blank_lines(self) -> bool:
        """Passes over line ends; whether anything follows them."""
        while True:
            while self._used < len(self._buffer) and self._buffer[self._used] in b"\r\n":
                self._used += 1
            if self._used < len(self._buffer):
                return True
            if not self._fill():
                return False

    def follows(self, wanted: bytes) -> bool:
        """Whether the next bytes are ``wanted``; nothing is consumed."""
        while len(self._buffer) - self._used < len(wanted) and self._fill():
            pass
        return self._buffer.startswith(wanted, self._used)

    def _taken(self, count: int) -> bytes:
        data = bytes(memoryview(self._buffer)[self._used : self._used + count])
        self._used += count
        return data

    def _read(self) -> None:
        if not self._raw:
            self._raw = self._file.read(_CHUNK)
            self._position += len(self._raw)

    def _fill(self) -> bool:
        """More bytes into the buffer; False at the end of the file. Raises _Broken for damaged gzip."""
        del self._buffer[: self._used]
        self._used = 0
        if not self.is_gzip:
            self._read()
            self._buffer += self._raw
            had, self._raw = bool(self._raw), b""
            return had
        while True:
            self._read()
            if self._inflate is None and not self._next_member():
                return False
            if self._inflate is None:
                continue
            try:
                out = self._inflate.decompress(self._raw, _CHUNK)
            except zlib.error as error:
                raise _Broken(f"the gzip data is damaged ({error})") from error
            was_raw, self._raw = bool(self._raw), self._inflate.unconsumed_tail
            if self._inflate.eof:
                self._raw = self._inflate.unused_data
                self._inflate = None
            elif not was_raw and not out:
                raise _Broken("the gzip data is cut off")
            self._buffer += out
            if out:
                return True

    def _next_member(self) -> bool:
        """Starts on the next gzip member; False at the end of the file. Zero bytes between members are padding."""
        self._raw = self._raw.lstrip(b"\0")
        if not self._raw:
            self._read()
            return bool(self._raw)
        self.member_start = self._position - len(self._raw)
        self._inflate = zlib.decompressobj(31)
        return True
