"""Run in a process of its own by test_bombs.py: fetches every trap, prints what came of it and how memory grew.

Limits are small here, the traps a gigabyte or endless. ``python -m crawl.bomb_probe`` in the folder of the tests.
"""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # ships no types
from crawl.loopback import Connection, Script, guard_for, request, response, saying, serving, zstd
from peak import peak_kib

from pipeline.crawl.network.limits import KIB, MIB, Limits
from pipeline.crawl.network.transport import HttpClient

BOMB_BYTES = 1024 * MIB
LIMITS = Limits(wire_bytes=4 * MIB, decoded_bytes=8 * MIB, ratio=10**9, total_seconds=60)
RATIO = Limits(wire_bytes=4 * MIB, decoded_bytes=2**40, ratio=100, total_seconds=60)
ZEROS = bytes(MIB)
OK = b"HTTP/1.1 200 OK\r\n"


def deflate_bomb(wbits: int, size: int = BOMB_BYTES) -> bytes:
    """Zeros; the same flushed block again and again, which is quick to make. A checksum is never reached."""
    deflate = zlib.compressobj(9, wbits=wbits)
    head = deflate.compress(ZEROS) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(ZEROS) + deflate.flush(zlib.Z_FULL_FLUSH)
    return head + block * (size // MIB - 1)


def zstd_bomb(size: int = BOMB_BYTES) -> bytes:
    compressor = zstd.ZstdCompressor(level=1)
    return b"".join(compressor.compress(ZEROS) for _ in range(size // MIB)) + compressor.flush()


def brotli_bomb(size: int = BOMB_BYTES) -> bytes:
    compressor = brotli.Compressor(quality=1)
    return b"".join(compressor.process(ZEROS) for _ in range(size // MIB)) + bytes(compressor.finish())


def coded(coding: bytes, payload: bytes) -> Script:
    return saying(response(payload, b"Content-Encoding: " + coding))


def endless(head: bytes, piece: bytes) -> Script:
    async def script(connection: Connection, _head: bytes) -> None:
        await connection.send(head)
        while True:
            await connection.send(piece)

    return script


def big_window() -> bytes:
    """A frame (RFC 8878 3.1.1) of 10 bytes that asks for a window of 128 MiB for one run-length block of 64 KiB."""
    block = 64 * KIB << 3 | 1 << 1 | 1
    return bytes.fromhex("28b52ffd") + bytes([0, (27 - 10) << 3]) + block.to_bytes(3, "little") + b"\0"


EMPTY_MEMBER = zlib.compressobj(wbits=31).flush()
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
TRAPS: dict[str, Callable[[], Script]] = {
    "gzip": lambda: coded(b"gzip", deflate_bomb(31)),
    "deflate": lambda: coded(b"deflate", deflate_bomb(15)),
    "bare deflate": lambda: coded(b"deflate", deflate_bomb(-15)),
    "br": lambda: coded(b"br", brotli_bomb()),
    "zstd": lambda: coded(b"zstd", zstd_bomb()),
    "nested gzip": lambda: coded(b"gzip, gzip", deflate_bomb(31, 64 * MIB)),
    "gzip in gzip": lambda: coded(b"gzip", zlib.compress(deflate_bomb(31), wbits=31)),
    "empty members": lambda: coded(b"gzip", EMPTY_MEMBER * 100_000),
    "empty frames": lambda: coded(b"zstd", zstd.compress(b"") * 100_000),
    "zstd window": lambda: coded(b"zstd", big_window()),
    "endless body": lambda: endless(OK + b"\r\n", ZEROS[: 64 * KIB]),
    "endless chunks": lambda: endless(CHUNKED, b"10000\r\n" + ZEROS[: 64 * KIB] + b"\r\n"),
    "endless chunk notes": lambda: endless(CHUNKED, b"1;" + b"n" * 8000 + b"\r\nx\r\n"),
    "endless trailers": lambda: endless(CHUNKED + b"0\r\n", b"X-More: 1\r\n"),
    "endless head": lambda: endless(OK, b"X-More: " + b"m" * 1000 + b"\r\n"),
    "endless header line": lambda: endless(OK + b"X-Long: ", b"m" * 64 * KIB),
    "endless early hints": lambda: endless(b"", b"HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n"),
    "endless status line": lambda: endless(b"HTTP/1.1 200 ", b"O" * 64 * KIB),
    "header of 1 MB": lambda: saying(response(b"x", b"X-Long: " + b"m" * 1_000_000)),
    "header of 90 KB": lambda: saying(response(b"x", b"X-Long: " + b"m" * 90_000)),
    "many headers": lambda: saying(response(b"x", *[b"X-%d: 1" % number for number in range(1000)])),
    "announced gigabyte": lambda: endless(OK + b"Content-Length: %d\r\n\r\n" % BOMB_BYTES, ZEROS[: 64 * KIB]),
}


def memory() -> int:
    return peak_kib() * KIB


async def probed(name: str, limits: Limits) -> dict[str, object]:
    script = TRAPS[name]()
    async with serving(script) as server, HttpClient(guard_for(server)) as client:
        result = await client.fetch(request(limits=limits))
    async with serving(saying(response(b"alive"))) as server, HttpClient(guard_for(server)) as client:
        after = await client.fetch(request())
    return {
        "reason": result.failure.reason if result.failure else None,
        "retry": result.failure.retry if result.failure else None,
        "status": result.status,
        "truncated": result.truncated,
        "payload": len(result.payload),
        "body": None if result.body is None else len(result.body),
        "wire": result.wire_bytes,
        "alive": (after.body or b"").decode("ascii"),
    }


async def main() -> dict[str, object]:
    traps = [("gzip", RATIO), ("br", RATIO), ("zstd", RATIO), *((name, LIMITS) for name in TRAPS)]
    await probed("many headers", LIMITS)  # what the first fetch of a process needs is none of a trap's
    before = memory()
    found: dict[str, object] = {
        f"{name}, ratio" if limits is RATIO else name: await probed(name, limits) for name, limits in traps
    }
    return found | {"memory": memory() - before}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main())))
