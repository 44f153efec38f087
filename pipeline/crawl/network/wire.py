"""The connection to a publisher: made to checked addresses only, its bytes counted and bounded.

Nothing above this module resolves a name or opens a socket.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final

from pipeline.crawl.network.guard import AddressGuard, AddressRefused, Endpoint, Target
from pipeline.crawl.network.limits import KIB, Limits

_ENDPOINT_LIMIT: Final = 4  # of the addresses of one name this many are tried
_UNREAD_LIMIT: Final = 256 * KIB  # what may wait here unread before the socket is left alone
_FAREWELL_SECONDS: Final = 1.0


class ConnectFailed(Exception):
    """No address of the host took the connection."""


class TookTooLong(Exception):
    """``phase`` (connect, read, write) took longer than the limits allow; ``total``: the request as a whole did."""

    def __init__(self, phase: str) -> None:
        super().__init__(phase)
        self.phase = phase


class TlsFailed(Exception):
    """The TLS handshake failed; ``retry`` is false when the certificate was not accepted."""

    def __init__(self, detail: str, *, retry: bool) -> None:
        super().__init__(detail)
        self.retry = retry


class WireBudgetSpent(Exception):
    """Limits.wire_bytes have been read and the response has not ended."""


class Meter:
    """Bounds of one request, and what came of it off the wire.

    ``until``: the loop's time at which it must be done. ``was_kept``: the connection had served an earlier request.
    """

    __slots__ = ("limits", "received", "remote_address", "until", "was_kept")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.until = asyncio.get_running_loop().time() + limits.total_seconds
        self.received = 0
        self.remote_address: str | None = None
        self.was_kept = False


class Connection(asyncio.Protocol):
    """One TCP or TLS connection, for one request after the other."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._unread: list[bytes] = []
        self._unread_bytes = 0
        self._is_paused = False
        self._is_ended = False
        self._error: Exception | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._written: asyncio.Future[None] | None = None
        self._lost = self._loop.create_future()
        self._awaited: asyncio.Future[None] | None = None
        self._late_at = 0.0
        self._phase = ""
        self._timer: asyncio.TimerHandle | None = None
        self.remote_address = ""
        self.idle_since = 0.0

    # Called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream transport, as protocols of streams get
        transport.set_write_buffer_limits(high=0)  # type: ignore[attr-defined]  # the same

    def data_received(self, data: bytes) -> None:
        self._unread.append(data)
        self._unread_bytes += len(data)
        if self._unread_bytes > _UNREAD_LIMIT and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._is_ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_ended = True
        self._error = exc
        self._wake()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.resume_writing()
        if not self._lost.done():
            self._lost.set_result(None)

    def pause_writing(self) -> None:
        self._written = self._loop.create_future()

    def resume_writing(self) -> None:
        written, self._written = self._written, None
        if written is not None and not written.done():
            written.set_result(None)

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    # Called by the transport

    @property
    def is_quiet(self) -> bool:
        """Nothing came since the last response, not even its end: the next request may be sent."""
        return not (self._is_ended or self._unread)

    async def send(self, data: bytes, meter: Meter) -> None:
        """Returns when the machine has taken ``data``. Raises TookTooLong, OSError."""
        if self._transport is None or self._is_ended:
            raise ConnectionResetError("the connection is closed")
        self._transport.write(data)
        if self._written is not None:
            await self._wait(self._written, meter, meter.limits.write_seconds, "write")

    async def receive(self, meter: Meter) -> bytes:
        """What came, at least one byte; empty at the end of the connection.

        Raises TookTooLong, WireBudgetSpent, OSError (the connection was reset).
        """
        left = meter.limits.wire_bytes - meter.received
        if left <= 0:
            raise WireBudgetSpent
        if not self._unread and not self._is_ended:
            self._waiting = self._loop.create_future()
            await self._wait(self._waiting, meter, meter.limits.read_seconds, "read")
        if not self._unread:
            if self._error is not None:
                raise self._error
            return b""
        data = self._unread[0] if len(self._unread) == 1 else b"".join(self._unread)
        rest = data[left:]
        self._unread = [rest] if rest else []
        self._unread_bytes = len(rest)
        if self._is_paused and not rest and self._transport is not None:
            self._is_paused = False
            self._transport.resume_reading()
        data = data[:left] if rest else data
        meter.received += len(data)
        return data

    async def _wait(self, future: asyncio.Future[None], meter: Meter, seconds: float, phase: str) -> None:
        """Returns when ``future`` is done. Raises TookTooLong."""
        late_at = self._loop.time() + seconds
        self._late_at, self._phase = (late_at, phase) if late_at <= meter.until else (meter.until, "total")
        self._awaited = future
        if self._timer is None or self._timer.when() > self._late_at:
            self._set_timer()
        try:
            await future
        finally:
            self._awaited = None

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._late_at, self._time_is_up)

    def _time_is_up(self) -> None:
        """One timer serves many waits: one that goes off for a wait that has ended is set again for the one under way."""
        self._timer = None
        if self._awaited is None or self._awaited.done():
            return
        if self._loop.time() < self._late_at:
            self._set_timer()
        else:
            self._awaited.set_exception(TookTooLong(self._phase))

    def abort(self) -> None:
        """Lets go of the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    async def aclose(self) -> None:
        """Closes the connection; returns when it is closed."""
        if self._transport is None:
            return
        self._transport.close()
        await asyncio.wait([self._lost], timeout=_FAREWELL_SECONDS)  # TLS says farewell, and some peers never answer
        self.abort()
        await self._lost


async def connected(guard: AddressGuard, target: Target, limits: Limits, tls: Callable[[], ssl.SSLContext]) -> Connection:
    """A connection to one of the checked addresses of a target, over TLS where its scheme says so.

    Raises AddressRefused, NameNotResolved, ConnectFailed, TlsFailed, TookTooLong.
    """
    try:
        async with asyncio.timeout(limits.connect_seconds):
            endpoints = (await guard.endpoints(target.host, target.port))[:_ENDPOINT_LIMIT]
    except TimeoutError:
        raise TookTooLong("connect") from None
    share = limits.connect_seconds / len(endpoints)
    failure: Exception = ConnectFailed(f"{target.host} has no address")
    for endpoint in endpoints:
        try:
            async with asyncio.timeout(share):
                sock = await _socket(endpoint, target.host)
        except TimeoutError:
            failure = TookTooLong("connect")
        except OSError as error:
            failure = ConnectFailed(error.strerror or str(error))
        else:
            connection = await _over(sock, target, limits, tls)
            connection.remote_address = str(endpoint.address)
            return connection
    raise failure


async def _socket(endpoint: Endpoint, host: str) -> socket.socket:
    """A connected socket. Raises OSError, and AddressRefused when it got elsewhere."""
    family = socket.AF_INET6 if endpoint.address.version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (str(endpoint.address), endpoint.port))
        reached: Any = sock.getpeername()
        if ipaddress.ip_address(reached[0]) != endpoint.address:
            raise AddressRefused("spelling", f"{host}: connected to {reached}, not to {endpoint.address}")  # noqa: TRY301 - the socket is closed below
    except BaseException:
        sock.close()
        raise
    return sock


async def _over(sock: socket.socket, target: Target, limits: Limits, tls: Callable[[], ssl.SSLContext]) -> Connection:
    """The connection over a socket; the certificate is checked against the name that was asked for. Raises TlsFailed."""
    options: dict[str, Any] = {}
    if target.scheme == "https":
        options = {"ssl": tls(), "server_hostname": target.host, "ssl_shutdown_timeout": _FAREWELL_SECONDS}
    try:
        async with asyncio.timeout(limits.connect_seconds):
            return (await asyncio.get_running_loop().create_connection(Connection, sock=sock, **options))[1]
    except ssl.SSLCertVerificationError as error:
        raise TlsFailed(f"certificate refused: {error.verify_message}", retry=False) from error
    except TimeoutError:
        raise TookTooLong("connect") from None
    except OSError as error:  # of ssl too
        detail = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise TlsFailed(f"handshake failed: {detail}", retry=True) from error
