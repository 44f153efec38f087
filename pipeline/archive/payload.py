"""Bodies as a reader wants them: transfer and content codings undone (RFC 9110, RFC 9112), within a limit.

Archives often hold bodies that were decoded when stored while the headers still name the coding. A body that does not
begin as its coding demands is therefore taken as it is.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

import brotli  # type: ignore[import-untyped]  # ships no types

from pipeline.errors import CaptureUnreadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_DECODED_BYTES: Final = 100 * 1024 * 1024
_MAX_CODINGS = 5
_STEP = 64 * 1024
_ZSTD_WINDOW_LOG: Final = 23
"""8 MiB of window at most (RFC 9659)."""
_MARKUP = re.compile(rb"\s*[<{\[]")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Decoded(NamedTuple):
    """A decoded body. ``is_cut``: the coding did not come to its end, the rest was never archived."""

    body: bytes
    is_cut: bool


class _NotSoCoded(ValueError):
    """The body does not begin as the coding demands."""


def decoded_body(body: bytes, headers: dict[str, str], limit: int = MAX_DECODED_BYTES) -> Decoded:
    """``body`` with the codings named in the headers undone, the last applied first.

    Raises CaptureUnreadable for more than ``limit`` bytes, more than five codings, altered data, or a coding for which
    no decoder is installed.
    """
    is_cut = False
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, is_cut = _dechunked(body)
    codings = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    codings = [name for name in codings if name not in ("", "identity", "none")]
    if len(codings) > _MAX_CODINGS:
        raise CaptureUnreadable(f"the body is coded {len(codings)} times over, the limit is {_MAX_CODINGS}")
    for name in reversed(codings):
        undo = _UNDO.get(name)
        if undo is None:
            raise CaptureUnreadable(f"content coding {name[:20]!r} is not known")
        try:
            body, cut_here = undo(body, limit)
        except _NotSoCoded:
            continue
        is_cut = is_cut or cut_here
    if len(body) > limit:
        raise CaptureUnreadable(f"the body has more than {limit} bytes")
    return Decoded(body, is_cut)


def _dechunked(body: bytes) -> Decoded:
    out = bytearray()
    position = 0
    while True:
        line = _CHUNK_LINE.match(body, position)
        if line is None:
            # No chunk at all: the body was stored without its transfer coding.
            return Decoded(body, is_cut=False) if position == 0 else Decoded(bytes(out), is_cut=True)
        size = int(line.group(1), 16)
        chunk = body[line.end() : line.end() + size]
        if position == 0 and size and len(chunk) == size and body[line.end() + size : line.end() + size + 2][:1] not in b"\r\n":
            return Decoded(body, is_cut=False)
        out += chunk
        if size == 0 or len(chunk) < size:
            return Decoded(bytes(out), is_cut=size != 0)
        position = line.end() + size
        position += 2 if body[position : position + 2] == b"\r\n" else 1


def _inflated(body: bytes, limit: int, wbits: int) -> Decoded:
    inflate = zlib.decompressobj(wbits)
    out = bytearray()
    pending = body
    while True:
        try:
            piece = inflate.decompress(pending, limit + 1 - len(out))
        except zlib.error as error:
            raise CaptureUnreadable(f"the compressed body is altered: {error}") from error
        out += piece
        if len(out) > limit:
            raise CaptureUnreadable(f"the body inflates to more than {limit} bytes")
        if inflate.eof:
            pending = inflate.unused_data
            if not pending.startswith(b"\x1f\x8b"):
                return Decoded(bytes(out), is_cut=False)
            inflate = zlib.decompressobj(wbits)  # a further gzip member
            continue
        pending = inflate.unconsumed_tail
        if not pending and not piece:
            return Decoded(bytes(out), is_cut=True)


def _gunzipped(body: bytes, limit: int) -> Decoded:
    if not body.startswith(b"\x1f\x8b"):
        raise _NotSoCoded
    return _inflated(body, limit, 31)


def _undeflated(body: bytes, limit: int) -> Decoded:
    """Deflate is zlib by RFC 9110 and raw deflate by many servers."""
    if len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0:  # the header of RFC 1950
        return _inflated(body, limit, 15)
    if _MARKUP.match(body):
        raise _NotSoCoded
    try:
        return _inflated(body, limit, -15)
    except CaptureUnreadable as error:
        if isinstance(error.__cause__, zlib.error):
            raise _NotSoCoded from error
        raise


def _unbrotlied(body: bytes, limit: int) -> Decoded:
    decoder = brotli.Decompressor()
    out = bytearray()
    try:
        for start in range(0, len(body), 512):
            out += decoder.process(body[start : start + 512], output_buffer_limit=_STEP)
            while not decoder.can_accept_more_data() and len(out) <= limit:
                out += decoder.process(b"", output_buffer_limit=_STEP)
            if len(out) > limit:
                raise CaptureUnreadable(f"the body inflates to more than {limit} bytes")
    except brotli.error as error:
        if not out or _MARKUP.match(body):
            raise _NotSoCoded from error
        raise CaptureUnreadable(f"the compressed body is altered: {error}") from error
    return Decoded(bytes(out), not decoder.is_finished())


def _unzstded(body: bytes, limit: int) -> Decoded:
    if not body.startswith(b"\x28\xb5\x2f\xfd"):
        raise _NotSoCoded
    out = bytearray()
    frame = None
    try:
        while body:
            if frame is None:
                frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
            piece = frame.decompress(body, _STEP)
            body = b""
            while piece or not (frame.eof or frame.needs_input):
                out += piece
                if len(out) > limit:
                    raise CaptureUnreadable(f"the body inflates to more than {limit} bytes")
                piece = b"" if frame.eof or frame.needs_input else frame.decompress(b"", _STEP)
            if frame.eof:
                body, frame = frame.unused_data, None
    except zstd.ZstdError as error:
        raise CaptureUnreadable(f"the compressed body is altered: {error}") from error
    return Decoded(bytes(out), is_cut=frame is not None)


_UNDO: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}
