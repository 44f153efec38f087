"""What a run and its worker processes tell each other: typed messages over a pair of sockets that nobody else can reach."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from pipeline.crawl.network.exchange import FetchRequest, FetchResult

_LENGTH_BYTES: Final = 4
_RECEIVED_AT_ONCE: Final = 256 * 1024


class Message(msgspec.Struct, frozen=True, tag=True):
    """Anything that is told."""


class Serve(Message, frozen=True):
    """To a worker: ask for what the frontier holds for a host; it is the worker's from now on.

    ``is_alone``: nothing else will be; each address is told (`Asking`) before it is asked for.
    """

    host: str
    is_alone: bool = False


class Served(Message, frozen=True):
    """From a worker: nothing is left that the host may be asked for now."""

    host: str


class Asking(Message, frozen=True):
    """From a worker that serves one host alone: the address, by its number in the frontier, that it asks for next."""

    host: str
    number: int


class Found(Message, frozen=True):
    """From a worker: the frontier holds addresses of other hosts that it did not hold before."""


class Settled(Message, frozen=True):
    """From a worker: what became of addresses, each by its host and state."""

    addresses: list[tuple[str, str]]


class Whole(Message, frozen=True):
    """From a worker: a file of the archive is complete."""

    path: str


class Asked(Message, frozen=True):
    """A request for a robots.txt that stands at a host another worker owns; passed on to that worker."""

    number: int
    host: str
    source: str
    request: FetchRequest


class Answered(Message, frozen=True):
    """What came of `Asked`. Without a result the reason: the budget is ``spent``, the host is left alone until, or a stop."""

    number: int
    result: FetchResult | None = None
    at: float = 0.0
    spent: str | None = None
    left: tuple[str, float] | None = None


class Stop(Message, frozen=True):
    """To a worker: ask for nothing new."""


class Finish(Message, frozen=True):
    """To a worker: make the open files whole and end."""


class Finished(Message, frozen=True):
    """From a worker: the last thing it says."""


class Failed(Message, frozen=True):
    """From a worker: it gave up. ``is_ours``: ``reason`` is one line for people, else a traceback."""

    reason: str
    is_ours: bool


_Any = Serve | Served | Asking | Found | Settled | Whole | Asked | Answered | Stop | Finish | Finished | Failed
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(_Any)


class Channel:
    """One end. `send` never waits: what the other side does not take yet is kept. For one event loop."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._unsent: asyncio.Queue[bytes] = asyncio.Queue()
        self._sending = asyncio.create_task(self._send_all())

    def send(self, message: Message) -> None:
        """Tells the other side, after what was told before; nothing happens when it is gone."""
        data = _encoder.encode(message)
        self._unsent.put_nowait(len(data).to_bytes(_LENGTH_BYTES, "big") + data)

    async def messages(self) -> AsyncIterator[Message]:
        """What the other side tells, until it is gone."""
        loop = asyncio.get_running_loop()
        pending = bytearray()
        while True:
            try:
                data = await loop.sock_recv(self._sock, _RECEIVED_AT_ONCE)
            except OSError:
                return
            if not data:
                return
            pending += data
            while len(pending) >= _LENGTH_BYTES:
                end = _LENGTH_BYTES + int.from_bytes(pending[:_LENGTH_BYTES], "big")
                if len(pending) < end:
                    break
                message: Message = _decoder.decode(pending[_LENGTH_BYTES:end])
                del pending[:end]
                yield message

    async def sent(self) -> None:
        """Returns when all that was told will reach the other side, whatever becomes of this one; or when that is gone."""
        unsent = asyncio.create_task(self._unsent.join())
        await asyncio.wait({unsent, self._sending}, return_when=asyncio.FIRST_COMPLETED)
        unsent.cancel()

    async def close(self) -> None:
        """Returns when the other side has taken everything, or is gone."""
        with contextlib.suppress(asyncio.CancelledError):
            await self.sent()
        self._sending.cancel()
        self._sock.close()

    async def _send_all(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data = await self._unsent.get()
            try:
                await loop.sock_sendall(self._sock, data)
            except OSError:
                return
            self._unsent.task_done()
