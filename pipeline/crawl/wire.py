"""Between httpcore and the socket: connects to checked addresses only, and counts what comes off the wire.

httpcore's own seam for this is the network backend (httpcore documentation, "Network Backends"): it asks for a TCP
connection to a host and gets a stream. Nothing above this module resolves a name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore

from pipeline.crawl.guard import AddressGuard, AddressRefused
from pipeline.crawl.limits import Limits

_HEAD_READ_BYTES: Final = 16 * 1024
_ENDPOINT_LIMIT: Final = 4  # of the addresses of one name this many are tried


class HeadTooLarge(Exception):
    """Status line and headers passed Limits.head_bytes before they ended."""


class WireBudgetSpent(Exception):
    """Limits.wire_bytes have been read and the response has not ended."""


class TlsFailed(Exception):
    """The TLS handshake failed; ``retry`` is false when the certificate was not accepted."""

    def __init__(self, detail: str, *, retry: bool) -> None:
        super().__init__(detail)
        self.retry = retry


class Meter:
    """What has come off the wire for the current response; shared by the one connection of a client."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.in_head = False
        self.head = bytearray()
        self.wire_bytes = 0
        self.tail = b""
        self.remote_address: str | None = None
        self.connections = 0
        self.must_close = False

    def begin(self, limits: Limits) -> None:
        """Sets the counters back for the next response."""
        self.limits = limits
        self.in_head = True
        self.head.clear()
        self.wire_bytes = 0
        self.tail = b""

    def allowance(self, wanted: int) -> int:
        """How many bytes may be read now. Raises WireBudgetSpent, HeadTooLarge."""
        left = self.limits.wire_bytes - self.wire_bytes
        if self.in_head:
            # The read that ends the head may carry some of the payload: hence the slack of one read.
            if len(self.head) > self.limits.head_bytes + _HEAD_READ_BYTES:
                raise HeadTooLarge
            wanted = min(wanted, _HEAD_READ_BYTES)
        if left <= 0:
            raise WireBudgetSpent
        return min(wanted, left)

    def received(self, data: bytes) -> None:
        """Counts a piece."""
        self.wire_bytes += len(data)
        self.tail = (self.tail + data[-5:])[-5:]
        if self.in_head:
            self.head += data

    def ended_cleanly(self, *, content_length: int | None, chunked: bool) -> bool:
        """Whether the response ended just where it said.

        Bytes after its end would be taken for the answer to the next request, so such a connection is not used again.
        """
        end = self.head.find(b"\r\n\r\n")
        if end < 0 or self.head[8:10] == b" 1":  # 1xx answers before the head: rare enough to close after them
            return False
        if chunked:
            return self.tail == b"0\r\n\r\n"
        return content_length is not None and self.wire_bytes - (end + 4) == content_length


class MeteredStream(httpcore.AsyncNetworkStream):
    """A connection whose reads are counted and bounded by a Meter."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's interface
        data = await self._inner.read(self._meter.allowance(max_bytes), timeout)
        self._meter.received(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's interface
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """TLS over this connection, checked against the name. Raises TlsFailed."""
        try:
            return MeteredStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._meter)
        except httpcore.ConnectError as error:
            cause = error.__cause__
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise TlsFailed(f"certificate refused: {cause.verify_message}", retry=False) from error
            raise TlsFailed(f"handshake failed: {str(error) or type(cause).__name__}", retry=True) from error

    def get_extra_info(self, info: str) -> Any:
        # httpcore asks an idle connection "is_readable" before it uses it again, and closes it when it is.
        return (info == "is_readable" and self._meter.must_close) or self._inner.get_extra_info(info)


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses the guard has checked, in order, and makes sure that it got there."""

    def __init__(self, guard: AddressGuard, meter: Meter) -> None:
        self._guard = guard
        self._meter = meter
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises AddressRefused, NameNotResolved, httpcore.ConnectError, httpcore.ConnectTimeout."""
        self._meter.must_close = False
        try:
            async with asyncio.timeout(timeout):
                endpoints = (await self._guard.endpoints(host, port))[:_ENDPOINT_LIMIT]
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from None
        share = None if timeout is None else timeout / len(endpoints)
        failures: list[httpcore.ConnectError | httpcore.ConnectTimeout] = []
        for endpoint in endpoints:
            try:
                stream = await self._inner.connect_tcp(
                    str(endpoint.address), endpoint.port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failures.append(error)
                continue
            reached = stream.get_extra_info("server_addr")
            if reached is None or ipaddress.ip_address(reached[0]) != endpoint.address:
                await stream.aclose()
                raise AddressRefused("spelling", f"{host}: connected to {reached}, not to {endpoint.address}")
            self._meter.remote_address = str(endpoint.address)
            self._meter.connections += 1
            return MeteredStream(stream, self._meter)
        raise failures[-1]
