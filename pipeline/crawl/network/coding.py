"""Content codings taken off piece by piece (RFC 9110 8.4): gzip, deflate, br, zstd, one layer, in flat memory.

No decoder hands out more than PIECE_BYTES at once whatever its input, so that the caller can stop a bomb between two
pieces. Windows are bounded by the formats: deflate 32 KiB, br 16 MiB, zstd 8 MiB (RFC 9659).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

import brotli  # type: ignore[import-untyped]  # ships no types

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"
PIECE_BYTES: Final = 64 * 1024
_MEMBER_LIMIT: Final = 1000  # gzip members or zstd frames in a row: pages have one, pigz and bgzip dumps more
_ZSTD_WINDOW_LOG: Final = 23


class CodingError(Exception):
    """The coded bytes cannot be read. The capture keeps them as received; there is no body, or only its beginning."""


class Decoder(Protocol):
    """Takes one content coding off a stream."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` decodes to, in pieces of at most PIECE_BYTES. Raises CodingError."""

    def finish(self) -> None:
        """Called once at the end of the stream. Raises CodingError when the coding is not complete."""


def content_codings(field_values: list[str]) -> list[str]:
    """The codings that Content-Encoding names, outermost last, in small letters; ``identity`` and blanks left out."""
    names = [name.strip().lower() for value in field_values for name in value.split(",")]
    return [{"x-gzip": "gzip"}.get(name, name) for name in names if name not in ("", "identity", "none")]


def decoder_for(coding: str) -> Decoder | None:
    """A fresh decoder, None for a coding that was not asked for."""
    made: dict[str, Callable[[], Decoder]] = {"gzip": _Gzip, "deflate": _Deflate, "br": _Brotli, "zstd": _Zstd}
    return made[coding]() if coding in made else None


class _Gzip:
    """RFC 1952: one member or several in a row; what follows the last one and is no member is ignored."""

    def __init__(self) -> None:
        self._inflate: Any = None
        self._pending = b""
        self._members = 0
        self._done = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        data, self._pending = self._pending + data, b""
        while data and not self._done:
            if self._inflate is None:
                if self._members and len(data) == 1 and data == b"\x1f":
                    self._pending = data  # the next piece tells whether another member begins
                    return
                if self._members and not data.startswith(b"\x1f\x8b"):
                    self._done = True
                    return
                if self._members == _MEMBER_LIMIT:
                    raise CodingError(f"more than {_MEMBER_LIMIT} gzip members")
                self._inflate = zlib.decompressobj(wbits=31)
                self._members += 1
            yield from _inflated(self._inflate, data, "gzip")
            if not self._inflate.eof:
                return
            data, self._inflate = self._inflate.unused_data, None

    def finish(self) -> None:
        if self._inflate is not None:
            raise CodingError("the gzip stream is cut short")


class _Deflate:
    """RFC 9110 8.4.1.2 means the zlib format; some servers send bare deflate, told apart by the zlib header."""

    def __init__(self) -> None:
        self._inflate: Any = None
        self._pending = b""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            data, self._pending = self._pending + data, b""
            if len(data) < 2:
                self._pending = data
                return
            is_zlib = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inflate = zlib.decompressobj(wbits=15 if is_zlib else -15)
        if not self._inflate.eof:
            yield from _inflated(self._inflate, data, "deflate")

    def finish(self) -> None:
        if self._pending or (self._inflate is not None and not self._inflate.eof):
            raise CodingError("the deflate stream is cut short")


class _Brotli:
    """RFC 7932, without the "large window" extension."""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()
        self._started = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        while not self._decompressor.is_finished():
            try:
                piece = bytes(self._decompressor.process(data, output_buffer_limit=PIECE_BYTES))
            except brotli.error as error:
                raise CodingError(f"the br stream is damaged ({error})") from None
            data = b""
            if piece:
                yield from _cut(piece)
            elif self._decompressor.can_accept_more_data():
                return

    def finish(self) -> None:
        if self._started and not self._decompressor.is_finished():
            raise CodingError("the br stream is cut short")


class _Zstd:
    """RFC 8878: one frame or several in a row; a window above 8 MiB is refused as RFC 9659 says."""

    def __init__(self) -> None:
        self._decompressor: zstd.ZstdDecompressor | None = None
        self._frames = 0
        self._done = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data and not self._done:
            if self._decompressor is None:
                if self._frames == _MEMBER_LIMIT:
                    raise CodingError(f"more than {_MEMBER_LIMIT} zstd frames")
                self._decompressor = zstd.ZstdDecompressor(
                    options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
                )
                self._frames += 1
            while True:
                try:
                    piece = self._decompressor.decompress(data, PIECE_BYTES)
                except zstd.ZstdError as error:
                    if self._frames > 1:  # whatever follows a whole frame and is none is ignored, as with gzip
                        self._done = True
                        self._decompressor = None
                        return
                    raise CodingError(f"the zstd stream is damaged ({error})") from None
                data = b""
                if piece:
                    yield piece
                if self._decompressor.eof or self._decompressor.needs_input:
                    break
            if not self._decompressor.eof:
                return
            data, self._decompressor = self._decompressor.unused_data, None

    def finish(self) -> None:
        if self._decompressor is not None:
            raise CodingError("the zstd stream is cut short")


def _inflated(inflate: Any, data: bytes, name: str) -> Iterator[bytes]:
    while data or not inflate.eof:
        try:
            piece = inflate.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            raise CodingError(f"the {name} stream is damaged ({error})") from None
        data = inflate.unconsumed_tail
        if piece:
            yield piece
        if inflate.eof or (not data and len(piece) < PIECE_BYTES):
            return


def _cut(piece: bytes) -> Iterator[bytes]:
    """Pieces of at most PIECE_BYTES: brotli may overshoot its limit by a block."""
    for start in range(0, len(piece), PIECE_BYTES):
        yield piece[start : start + PIECE_BYTES]
