"""One GET over HTTP/1.1, guarded and bounded: the only importer of httpx.

`HttpClient.fetch` makes one hop and never follows a redirect, keeps no cookies, reads no proxy or other setting
of the shell, and answers every trouble with a `FetchResult` instead of an exception. A client holds one connection:
a crawler that runs one task and one client a host has one connection a host.

httpx is used at its transport interface (its documentation, "Transports"); content codings are taken off here, within
limits. Not through AsyncClient: even told not to follow redirects it builds the next request, and raises InvalidURL for a
Location it cannot read. The transport is our own, over `wire.Connection` and `http1.ResponseReader`: the connection goes to
the address the guard has checked, while Host header, SNI and certificate check stay with the name. httpx's own pool took
half of a crawl's processor time: it walks itself for every request, through anyio and a parser that makes an object a line.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Final, Self

import httpx

from pipeline.crawl.network.body import Body
from pipeline.crawl.network.exchange import Failure, FailureReason, FetchRequest, FetchResult, Truncation
from pipeline.crawl.network.guard import AddressGuard, AddressRefused, NameNotResolved, Target
from pipeline.crawl.network.http1 import BODILESS, EndedEarly, Head, HeadTooLarge, NotHttp, ResponseReader
from pipeline.crawl.network.limits import Limits
from pipeline.crawl.network.request_head import NotSent, request_head
from pipeline.crawl.network.tls import default_ssl_context
from pipeline.crawl.network.wire import ConnectFailed, Connection, Meter, TlsFailed, TookTooLong, WireBudgetSpent, connected

_KEEPALIVE_SECONDS: Final = 30.0


class HttpClient:
    """Fetches from one host at a time over one connection. Use as an async context manager, from one event loop."""

    def __init__(self, guard: AddressGuard, *, ssl_context: ssl.SSLContext | None = None) -> None:
        """``ssl_context`` is for tests with an authority of their own; verification cannot be switched off otherwise."""
        self._guard = guard
        self._lock = asyncio.Lock()
        self._transport = PinnedTransport(guard, (lambda: ssl_context) if ssl_context else default_ssl_context)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connection."""
        await self._transport.aclose()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """The answer to one GET. Raises nothing of the network's; a cancelled task closes the connection at once.

        A kept connection that the server has closed meanwhile is replaced and the request sent once more (RFC 9112
        9.3.1): nothing of an answer had come.
        """
        try:
            target = self._guard.target(request.url, max_bytes=request.limits.url_bytes)
        except AddressRefused as refused:
            reason: FailureReason = "url" if refused.reason in ("url", "length") else "blocked_address"
            return FetchResult(url=request.url, failure=Failure(reason, str(refused), retry=False))
        async with self._lock:
            exchange = _Exchange(request, target)
            await exchange.run(self._transport)
            if exchange.is_stale:
                exchange = _Exchange(request, target)
                await exchange.run(self._transport)
        return exchange.result()


class _Exchange:
    """The making of one FetchResult: what has arrived stays when something cuts it short."""

    def __init__(self, request: FetchRequest, target: Target) -> None:
        self._request = request
        self._limits: Limits = request.limits
        self._target = target
        self._meter = Meter(request.limits)
        self._response: httpx.Response | None = None
        self._body: Body | None = None
        self._failure: Failure | None = None
        self._truncated: Truncation | None = None
        self._sent: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def is_stale(self) -> bool:
        """Nothing arrived over a connection that was there before: the server may have closed it meanwhile."""
        reason = self._failure.reason if self._failure else None
        return self._response is None and reason == "reset" and self._meter.was_kept and not self._meter.received

    async def run(self, transport: httpx.AsyncBaseTransport) -> None:  # noqa: PLR0912 - one line a reason
        """Sends the request and reads the answer; afterwards `result` tells all."""
        try:
            await self._run(transport)
        except TookTooLong as error:
            if error.phase == "total":
                detail = f"not done within {self._limits.total_seconds:g} s"
            else:
                detail = f"{error.phase} took too long"
            self._fail("timeout", detail, retry=True, truncated="time")
        except AddressRefused as error:
            self._fail("blocked_address", str(error), retry=False)
        except NameNotResolved as error:
            self._fail("dns", str(error), retry=error.temporary)
        except TlsFailed as error:
            self._fail("tls", str(error), retry=error.retry)
        except ssl.SSLError as error:
            self._fail("tls", error.reason or str(error), retry=True, truncated="disconnect")
        except ConnectFailed as error:
            self._fail("connect", str(error) or "no connection", retry=True)
        except HeadTooLarge as error:
            self._fail("head_too_large", str(error), retry=False)
        except WireBudgetSpent:
            self._fail("too_large", f"more than {self._limits.wire_bytes} bytes on the wire", retry=False, truncated="length")
        except NotSent as error:
            self._fail("request", str(error), retry=False)
        except NotHttp as error:
            self._fail("protocol", str(error), retry=False, truncated="disconnect")
        except (EndedEarly, OSError) as error:
            self._fail("reset", str(error) or type(error).__name__, retry=True, truncated="disconnect")

    async def _run(self, transport: httpx.AsyncBaseTransport) -> None:
        self._sent = self._request.headers(self._target)
        asked = {"target": self._target, "meter": self._meter}
        response = await transport.handle_async_request(
            httpx.Request("GET", _url(self._target.origin), headers=self._sent, stream=httpx.ByteStream(b""), extensions=asked)
        )
        stream = response.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            raise TypeError(f"{type(stream).__name__} is no stream of an asynchronous transport")
        try:
            self._response = response
            head: Head = response.extensions["head"]
            encodings = [value.decode("iso-8859-1") for value in head.values(b"content-encoding")]
            self._body = body = Body(self._limits, encodings)
            if self._length_fits(head):
                async for piece in stream:
                    if not body.take(piece):
                        break
                else:
                    body.finish()
                if body.trouble is not None:
                    reason, detail, retry, truncated = body.trouble
                    self._fail(reason, detail, retry=retry, truncated=truncated)
        finally:
            await stream.aclose()

    def _length_fits(self, head: Head) -> bool:
        declared = head.length
        fits = declared is None or declared <= self._limits.wire_bytes or head.status in BODILESS
        if fits or self._request.wants_beginning:
            return True
        detail = f"the server announces {declared} bytes, {self._limits.wire_bytes} are taken"
        self._fail("too_large", detail, retry=False, truncated="length")
        return False

    def _fail(self, reason: FailureReason, detail: str, *, retry: bool, truncated: Truncation | None = None) -> None:
        if self._response is not None:
            self._truncated = self._truncated or truncated
        if self._failure is None or truncated is not None:
            self._failure = Failure(reason, " ".join(detail.split())[:300], retry)

    def result(self) -> FetchResult:
        """All that is known."""
        head: Head | None = self._response.extensions["head"] if self._response is not None else None
        body = self._body
        return FetchResult(
            url=self._request.url,
            status=head.status if head else None,
            http_version=head.version.decode("ascii") if head else "HTTP/1.1",
            reason_phrase=head.reason.decode("iso-8859-1") if head else "",
            headers=head.fields if head else (),
            payload=body.payload if body is not None else b"",
            body=body.decoded if body is not None else None,
            truncated=self._truncated,
            failure=self._failure,
            wire_bytes=self._meter.received,
            remote_address=self._meter.remote_address if self._meter.received else None,
            request_line=f"GET {self._target.request_target} HTTP/1.1",
            request_headers=self._sent,
        )


class PinnedTransport(httpx.AsyncBaseTransport):
    """httpx's door to one guarded connection that is kept from request to request, as long as their origin is the same.

    A request carries its `Target` and `Meter` as extensions, a response its `Head` as received. The exceptions are those of
    `wire` and `http1`, not httpx's: they tell more, and `_Exchange.run` knows them.
    """

    def __init__(self, guard: AddressGuard, tls: Callable[[], ssl.SSLContext]) -> None:
        """``tls`` is asked at an https address: to load Mozilla's roots takes 50 ms."""
        self._guard = guard
        self._tls = tls
        self._connection: Connection | None = None
        self._origin = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target: Target = request.extensions["target"]
        meter: Meter = request.extensions["meter"]
        head = request_head(target, request.headers.raw)
        connection = await self._connected(target, meter)
        try:
            await connection.send(head, meter)
            reader = ResponseReader(meter.limits)
            pieces: list[bytes] = []
            while reader.head is None:
                pieces = await _fed(reader, connection, meter)
        except BaseException:
            connection.abort()
            raise
        stream = _Payload(self, connection, reader, meter, pieces)
        extensions = {"http_version": reader.head.version, "reason_phrase": reader.head.reason, "head": reader.head}
        return httpx.Response(reader.head.status, headers=reader.head.fields, stream=stream, extensions=extensions)

    async def aclose(self) -> None:
        """Closes the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()

    async def _connected(self, target: Target, meter: Meter) -> Connection:
        """The kept connection when it may serve once more, else a new one."""
        loop = asyncio.get_running_loop()
        kept, self._connection = self._connection, None
        if kept is not None:
            if self._origin == target.origin and kept.is_quiet and loop.time() - kept.idle_since < _KEEPALIVE_SECONDS:
                meter.was_kept = True
                meter.remote_address = kept.remote_address
                return kept
            await kept.aclose()
        try:
            async with asyncio.timeout_at(meter.until):
                connection = await connected(self._guard, target, meter.limits, self._tls)
        except TimeoutError:
            raise TookTooLong("total") from None
        self._origin = target.origin
        meter.remote_address = connection.remote_address
        return connection

    def keep(self, connection: Connection) -> None:
        """Takes back a connection whose response is whole and which may serve once more."""
        connection.idle_since = asyncio.get_running_loop().time()
        self._connection = connection


class _Payload(httpx.AsyncByteStream):
    """The payload of a response, piece by piece, with its transfer coding taken off."""

    def __init__(
        self, transport: PinnedTransport, connection: Connection, reader: ResponseReader, meter: Meter, first: list[bytes]
    ) -> None:
        self._transport = transport
        self._connection: Connection | None = connection
        self._reader = reader
        self._meter = meter
        self._pieces = deque(first)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self  # no generator: the event loop keeps account of each

    async def __anext__(self) -> bytes:
        while not self._pieces:
            if self._reader.broken is not None:
                raise self._reader.broken
            if self._reader.is_done or self._connection is None:
                raise StopAsyncIteration
            self._pieces.extend(await _fed(self._reader, self._connection, self._meter))
        return self._pieces.popleft()

    async def aclose(self) -> None:
        """Keeps the connection when the response ended just where it said, else lets go of it."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._reader.is_reusable and connection.is_quiet:
            self._transport.keep(connection)
        else:
            connection.abort()


async def _fed(reader: ResponseReader, connection: Connection, meter: Meter) -> list[bytes]:
    """What the next bytes of the connection, or its end, add to the payload."""
    data = await connection.receive(meter)
    if data:
        return reader.feed(data)
    reader.end()
    return []


@functools.lru_cache(maxsize=1024)
def _url(origin: str) -> httpx.URL:
    return httpx.URL(origin)
