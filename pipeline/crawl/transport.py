"""One GET over HTTP/1.1, guarded and bounded: the only importer of httpx.

`HttpClient.fetch` makes one hop and never follows a redirect, keeps no cookies, reads no proxy or other setting
of the shell, and answers every trouble with a `FetchResult` instead of an exception. A client holds one connection:
a crawler that runs one task and one client a host has one connection a host.

httpx is used at its transport interface (its documentation, "Transports"), with the body streamed by ``aiter_raw``
("Streaming responses") so that content codings are taken off here, within limits. Not through AsyncClient: even told
not to follow redirects it builds the next request, and raises InvalidURL for a Location it cannot read. The transport
drives an httpcore pool whose network backend is `wire.PinnedBackend`: the connection goes to the address the guard has
checked, while Host header, SNI and certificate check stay with the name.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Final, Self

import certifi
import httpcore
import httpx

from pipeline.crawl.coding import CodingError, Decoder, content_codings, decoder_for
from pipeline.crawl.exchange import Failure, FailureReason, FetchRequest, FetchResult, Truncation
from pipeline.crawl.guard import AddressGuard, AddressRefused, NameNotResolved, Target
from pipeline.crawl.limits import Limits
from pipeline.crawl.wire import HeadTooLarge, Meter, PinnedBackend, TlsFailed, WireBudgetSpent

_KEEPALIVE_SECONDS: Final = 30.0
_BODILESS: Final = frozenset({204, 304})


@functools.cache
def default_ssl_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and name checked against Mozilla's roots (certifi).

    Made by hand because `ssl.create_default_context` obeys the variable SSLKEYLOGFILE.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context


class HttpClient:
    """Fetches from one host at a time over one connection. Use as an async context manager, from one event loop."""

    def __init__(self, guard: AddressGuard, *, ssl_context: ssl.SSLContext | None = None) -> None:
        """``ssl_context`` is for tests with an authority of their own; verification cannot be switched off otherwise."""
        self._guard = guard
        self._meter = Meter()
        self._lock = asyncio.Lock()
        self._transport = _PinnedTransport(guard, self._meter, ssl_context or default_ssl_context())

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
            for last_try in (False, True):
                exchange = _Exchange(request, target, self._meter)
                connections = self._meter.connections
                await exchange.run(self._transport)
                was_kept = self._meter.connections == connections
                if last_try or not was_kept or not exchange.is_stale:
                    break
        return exchange.result()


class _Exchange:
    """The making of one FetchResult: what has arrived stays when something cuts it short."""

    def __init__(self, request: FetchRequest, target: Target, meter: Meter) -> None:
        self._request = request
        self._limits: Limits = request.limits
        self._target = target
        self._meter = meter
        self._response: httpx.Response | None = None
        self._payload: list[bytes] = []
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._decoder: Decoder | None = None
        self._is_readable = True  # the content coding can be taken off
        self._failure: Failure | None = None
        self._truncated: Truncation | None = None
        self._sent: list[tuple[bytes, bytes]] = []

    @property
    def is_stale(self) -> bool:
        """Nothing arrived although a connection was there."""
        reason = self._failure.reason if self._failure else None
        return self._response is None and reason == "reset" and self._meter.wire_bytes == 0

    async def run(self, transport: httpx.AsyncBaseTransport) -> None:
        """Sends the request and reads the answer; afterwards `result` tells all."""
        self._meter.begin(self._limits)
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                await self._run(transport)
        except TimeoutError:
            self._fail("timeout", f"not done within {self._limits.total_seconds:g} s", retry=True, truncated="time")
        except httpcore.TimeoutException as error:
            phase = type(error).__name__.removesuffix("Timeout").lower()
            self._fail("timeout", f"{phase} took too long", retry=True, truncated="time")
        except AddressRefused as error:
            self._fail("blocked_address", str(error), retry=False)
        except NameNotResolved as error:
            self._fail("dns", str(error), retry=error.temporary)
        except TlsFailed as error:
            self._fail("tls", str(error), retry=error.retry)
        except ssl.SSLError as error:
            self._fail("tls", error.reason or str(error), retry=True, truncated="disconnect")
        except httpcore.ConnectError as error:
            self._fail("connect", str(error) or "no connection", retry=True)
        except HeadTooLarge:
            self._fail("head_too_large", f"the response head passes {self._limits.head_bytes} bytes", retry=False)
        except WireBudgetSpent:
            self._fail("too_large", f"more than {self._limits.wire_bytes} bytes on the wire", retry=False, truncated="length")
        except httpcore.LocalProtocolError as error:
            self._fail("request", str(error), retry=False)
        except httpcore.RemoteProtocolError as error:
            self._broken(str(error))
        except (httpcore.NetworkError, OSError) as error:
            self._fail("reset", str(error) or type(error).__name__, retry=True, truncated="disconnect")

    async def _run(self, transport: httpx.AsyncBaseTransport) -> None:
        limits = self._limits
        self._sent = self._request.headers(self._target)
        request = httpx.Request(
            "GET",
            self._target.origin,
            headers=self._sent,
            extensions={
                "target": self._target.request_target.encode("ascii"),
                "timeout": {
                    "connect": limits.connect_seconds,
                    "read": limits.read_seconds,
                    "write": limits.write_seconds,
                    "pool": limits.pool_seconds,
                },
            },
        )
        response = await transport.handle_async_request(request)
        self._meter.in_head = False
        try:
            self._response = response
            if self._head_fits(response) and self._length_fits(response):
                self._choose_decoder(response)
                if await self._read(response):
                    self._keep_connection(response)
        finally:
            await response.aclose()

    def _head_fits(self, response: httpx.Response) -> bool:
        raw = response.headers.raw
        if len(raw) > self._limits.header_count:
            self._fail("head_too_large", f"{len(raw)} header fields, {self._limits.header_count} are taken", retry=False)
        elif sum(len(name) + len(value) + 4 for name, value in raw) > self._limits.head_bytes:
            self._fail("head_too_large", f"the response head passes {self._limits.head_bytes} bytes", retry=False)
        else:
            return True
        self._response = None  # such a head is not archived either
        return False

    def _length_fits(self, response: httpx.Response) -> bool:
        declared = _content_length(response)
        fits = declared is None or declared <= self._limits.wire_bytes or response.status_code in _BODILESS
        if fits or self._request.wants_beginning:
            return True
        detail = f"the server announces {declared} bytes, {self._limits.wire_bytes} are taken"
        self._fail("too_large", detail, retry=False, truncated="length")
        return False

    def _choose_decoder(self, response: httpx.Response) -> None:
        codings = content_codings(response.headers.get_list("content-encoding"))
        if len(codings) > 1:
            self._fail("nested_coding", f"content is coded {len(codings)} times: {', '.join(codings)[:80]}", retry=False)
            self._is_readable = False
        elif codings:
            self._decoder = decoder_for(codings[0])
            if self._decoder is None:
                self._fail("unknown_coding", f"content coding {codings[0][:40]!r} was not asked for", retry=False)
                self._is_readable = False

    async def _read(self, response: httpx.Response) -> bool:
        """Reads the payload; false when a limit stopped it."""
        async for chunk in response.aiter_raw():
            self._payload.append(chunk)
            if not self._decode(chunk):
                return False
        if self._decoder is not None and self._payload:
            try:
                self._decoder.finish()
            except CodingError as error:
                self._fail("coding", str(error), retry=True)
        return True

    def _decode(self, chunk: bytes) -> bool:
        if not self._is_readable:
            return True
        limits = self._limits
        try:
            for piece in self._decoder.pieces(chunk) if self._decoder else (chunk,):
                room = limits.decoded_bytes - self._body_bytes
                self._body.append(piece[:room])
                self._body_bytes += len(piece)
                if len(piece) > room:
                    detail = f"more than {limits.decoded_bytes} bytes decoded"
                    self._fail("too_large", detail, retry=False, truncated="length")
                    return False
                if self._body_bytes > max(limits.ratio_floor_bytes, limits.ratio * self._meter.wire_bytes):
                    detail = f"{self._body_bytes} bytes out of {self._meter.wire_bytes}: more than {limits.ratio} to 1"
                    self._fail("bomb", detail, retry=False, truncated="length")
                    return False
        except CodingError as error:
            self._fail("coding", str(error), retry=False)
            self._decoder, self._is_readable = None, False
        return True

    def _keep_connection(self, response: httpx.Response) -> None:
        chunked = "transfer-encoding" in response.headers
        length = 0 if response.status_code in _BODILESS else _content_length(response)
        self._meter.must_close = not self._meter.ended_cleanly(content_length=length, chunked=chunked)

    def _broken(self, message: str) -> None:
        """h11 raises one error for garbage and for a connection that ended early; its words tell them apart."""
        if "disconnected" in message or "peer closed" in message or "peer unexpectedly closed" in message:
            self._fail("reset", message, retry=True, truncated="disconnect")
        elif "Receive buffer too long" in message and self._response is None:
            self._fail("head_too_large", message, retry=False)
        else:
            self._fail("protocol", message, retry=False, truncated="disconnect")

    def _fail(self, reason: FailureReason, detail: str, *, retry: bool, truncated: Truncation | None = None) -> None:
        if self._response is not None:
            self._truncated = self._truncated or truncated
        if self._failure is None or truncated is not None:
            self._failure = Failure(reason, " ".join(detail.split())[:300], retry)

    def result(self) -> FetchResult:
        """All that is known."""
        common: dict[str, Any] = {
            "url": self._request.url,
            "failure": self._failure,
            "wire_bytes": self._meter.wire_bytes,
            "remote_address": self._meter.remote_address if self._meter.wire_bytes else None,
            "request_line": f"GET {self._target.request_target} HTTP/1.1",
            "request_headers": tuple(self._sent),
        }
        response = self._response
        if response is None:
            return FetchResult(**common)
        payload = b"".join(self._payload)
        body = (b"".join(self._body) if self._decoder else payload[: self._limits.decoded_bytes]) if self._is_readable else None
        reason: bytes = response.extensions.get("reason_phrase", b"")
        return FetchResult(
            **common,
            status=response.status_code,
            http_version=response.extensions["http_version"].decode("ascii"),
            reason_phrase=reason.decode("iso-8859-1"),
            headers=tuple(response.headers.raw),
            payload=payload,
            body=body,
            truncated=self._truncated,
        )


class _PinnedTransport(httpx.AsyncBaseTransport):
    """httpx's door to an httpcore pool of one HTTP/1.1 connection over the guarded backend.

    httpcore's exceptions pass as they are: `_Exchange.run` knows them.
    """

    def __init__(self, guard: AddressGuard, meter: Meter, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            http1=True,
            http2=False,
            retries=0,
            network_backend=PinnedBackend(guard, meter),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Stream(response), extensions=response.extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


def _content_length(response: httpx.Response) -> int | None:
    value = response.headers.get("content-length", "").partition(",")[0].strip()
    return int(value) if value.isascii() and value.isdigit() else None
