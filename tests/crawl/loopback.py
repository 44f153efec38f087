"""Small servers on loopback that say exactly the bytes a test wants, and a client that reaches them by any name."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
import ssl
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.network.guard import AddressGuard
from pipeline.crawl.network.limits import Limits
from pipeline.crawl.network.transport import HttpClient

if sys.version_info >= (3, 14):
    from compression import zstd as zstd  # noqa: PLC0414 - handed on to the tests
else:
    from backports import zstd as zstd  # noqa: PLC0414 - handed on to the tests

AGENT = "praktyki/0.1 (+mailto:crawler@praktyki.example)"
HOST = "www.praktyki.example"

# Long enough for a busy machine, short enough for a test that runs into one: no test measures a time.
LIMITS = Limits(connect_seconds=20, read_seconds=20, write_seconds=20, pool_seconds=20, total_seconds=60)
HASTY = dataclasses.replace(LIMITS, read_seconds=1.0)


class Connection:
    """What a test's script does with a connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()

    def close(self) -> None:
        self._writer.close()

    def reset(self) -> None:
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def hang(self) -> None:
        await asyncio.Event().wait()

    @property
    def is_closing(self) -> bool:
        return self._writer.is_closing()


Script = Callable[[Connection, bytes], Awaitable[None]]
"""Called with the connection and the request head, once a request."""


class Server:
    """A running server: where it listens and what was asked of it."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[bytes] = []
        self.connections = 0
        self.asked = asyncio.Event()  # a request arrived
        self.lost = asyncio.Event()  # a client went away

    @property
    def paths(self) -> list[str]:
        return [head.split(b" ", 2)[1].decode("ascii") for head in self.requests]


@contextlib.asynccontextmanager
async def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server()
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        connection = Connection(writer)
        try:
            while not connection.is_closing:
                head = await reader.readuntil(b"\r\n\r\n")
                server.requests.append(head)
                server.asked.set()
                await script(connection, head)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            server.lost.set()
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(talk(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls, limit=4 * 1024 * 1024)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def guard_for(server: Server) -> AddressGuard:
    """Every name leads to the server, so that tests may use addresses as they are published."""

    async def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", server.port)]

    return AddressGuard(allow_loopback=True, resolver=resolve)


def request(path: str = "/", **changes: Any) -> FetchRequest:
    values: dict[str, Any] = {"url": f"http://{HOST}{path}", "user_agent": AGENT, "limits": LIMITS}
    return FetchRequest(**values | changes)


def fetched(script: Script, **changes: Any) -> FetchResult:
    """The result of one fetch from a server that runs ``script``."""

    async def go() -> FetchResult:
        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            return await client.fetch(request(**changes))

    return asyncio.run(go())


def saying(*pieces: bytes, then: str = "wait") -> Script:
    """A script that sends pieces and then waits for the next request, closes, resets or hangs."""

    async def script(connection: Connection, _head: bytes) -> None:
        await connection.send(*pieces)
        if then == "close":
            connection.close()
        elif then == "reset":
            await asyncio.sleep(0.05)  # lets the client read what was sent: a reset discards what is under way
            connection.reset()
        elif then == "hang":
            await connection.hang()

    return script


def response(body: bytes = b"", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A plain response with Content-Length."""
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
