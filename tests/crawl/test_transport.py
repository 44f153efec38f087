"""One hop: what goes out, what comes back, and a reason for everything that goes wrong."""

from __future__ import annotations

import ast
import asyncio
import dataclasses
import gzip
import itertools
import ssl
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import trustme
from crawl.loopback import AGENT, HASTY, HOST, LIMITS, Connection, fetched, guard_for, request, response, saying, serving, zstd
from ending import PATIENCE
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.crawl.network.coding import CodingError, decoder_for
from pipeline.crawl.network.exchange import FetchResult
from pipeline.crawl.network.guard import AddressGuard, NameNotResolved
from pipeline.crawl.network.limits import Limits
from pipeline.crawl.network.tls import default_ssl_context
from pipeline.crawl.network.transport import HttpClient

PAGE = "<p>Dobra praktyka: wspólny bilet powiatu</p>".encode() * 50


def raw_deflate(data: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(data) + deflate.flush()


CODED = {
    "gzip": (b"gzip", gzip.compress(PAGE, mtime=0)),
    "x-gzip": (b"X-GZip", gzip.compress(PAGE, mtime=0)),
    "gzip in members": (b"gzip", gzip.compress(PAGE[:100], mtime=0) + gzip.compress(PAGE[100:], mtime=0)),
    "gzip with padding": (b"gzip", gzip.compress(PAGE, mtime=0) + b"\0" * 40),
    "deflate": (b"deflate", zlib.compress(PAGE)),
    "bare deflate": (b"deflate", raw_deflate(PAGE)),
    "br": (b"br", brotli.compress(PAGE)),
    "zstd": (b"zstd", zstd.compress(PAGE)),
    "zstd in frames": (b"zstd", zstd.compress(PAGE[:100]) + zstd.compress(PAGE[100:])),
    "identity": (b"identity", PAGE),
}


# What goes out


def test_the_request_as_sent() -> None:
    async def go() -> bytes:
        async with serving(saying(response())) as server, HttpClient(guard_for(server)) as client:
            asked = request('/a/../b?q=%C5%BC&r[]=|"{}', etag='W/"abc"', last_modified="Mon, 02 Jan 2023 10:00:00 GMT")
            result = await client.fetch(asked)
            assert result.request_line == 'GET /a/../b?q=%C5%BC&r[]=|"{} HTTP/1.1'
            head = "\r\n".join([result.request_line, *(f"{n}: {v}" for n, v in result.text_request_headers)]) + "\r\n\r\n"
            assert server.requests == [head.encode("ascii")]
            return server.requests[0]

    assert asyncio.run(go()).decode("ascii").split("\r\n")[1:-2] == [
        f"Host: {HOST}",
        f"User-Agent: {AGENT}",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding: gzip, deflate, br, zstd",
        'If-None-Match: W/"abc"',
        "If-Modified-Since: Mon, 02 Jan 2023 10:00:00 GMT",
    ]


def test_a_validator_cannot_smuggle_a_header() -> None:
    result = fetched(saying(response()), etag='"a"\r\nX-Injected: 1')
    assert result.failure is not None
    assert result.failure.reason == "request"


def test_no_cookie_and_no_password_is_kept() -> None:
    async def go() -> list[bytes]:
        script = saying(response(b"x", b"Set-Cookie: id=1; Path=/", b"WWW-Authenticate: Basic realm=x", status=b"401 No"))
        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            for _ in range(2):
                assert (await client.fetch(request())).status == 401
            return server.requests

    first, second = asyncio.run(go())
    assert first == second


def test_proxies_of_the_shell_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetched(saying(response(b"direct"))).body == b"direct"


def test_a_redirect_is_handed_back_not_followed() -> None:
    async def go() -> tuple[FetchResult, list[str]]:
        script = saying(response(b"", b"Location: /next", status=b"302 Found"))
        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            return await client.fetch(request("/first")), server.paths

    result, paths = asyncio.run(go())
    assert (result.status, result.header("location"), paths) == (302, "/next", ["/first"])


# What comes back


def test_the_head_comes_back_as_received() -> None:
    fields = [b"X-Zulu: 1", b"set-cookie: a=1", b"Set-Cookie: b=2", b"X-Empty:", b"X-Latin: \xb3\xf3d\xbc", b"X-UTF: \xc5\x82"]
    result = fetched(saying(response(b"body", *fields, status=b"200 Wszystko dobrze")))
    assert result.status_line == "HTTP/1.1 200 Wszystko dobrze"
    assert [name for name, _ in result.headers] == [
        *(b"X-Zulu", b"set-cookie", b"Set-Cookie", b"X-Empty", b"X-Latin", b"X-UTF"),
        b"Content-Length",
    ]
    assert dict(result.headers)[b"X-Latin"] == b"\xb3\xf3d\xbc"
    assert result.header("x-utf") == "ł"
    assert result.header("x-latin") == b"\xb3\xf3d\xbc".decode("iso-8859-1")
    assert [value for name, value in result.headers if name.lower() == b"set-cookie"] == [b"a=1", b"b=2"]
    assert result.remote_address == "127.0.0.1"
    assert result.failure is None


@pytest.mark.parametrize("name", CODED)
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_payload_stays_coded_and_body_is_decoded(name: str, framing: str) -> None:
    coding, payload = CODED[name]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: " + coding
    if framing == "length":
        script = saying(head + b"\r\nContent-Length: %d\r\n\r\n" % len(payload), payload)
    elif framing == "chunked":
        chunks = b"".join(b"%x;note=1\r\n%b\r\n" % (len(part), part) for part in (payload[:7], payload[7:]))
        script = saying(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n", chunks, b"0\r\nX-Trailer: 1\r\n\r\n")
    else:
        script = saying(head + b"\r\n\r\n", payload, then="close")
    result = fetched(script)
    assert result.failure is None
    assert result.truncated is None
    assert result.payload == payload
    assert result.body == PAGE


@pytest.mark.parametrize(
    ("raw", "line", "body"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nold", "HTTP/1.0 200 OK", b"old"),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200", b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content", b""),
        (b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 99\r\n\r\n', "HTTP/1.1 304 Not Modified", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK", b"ok"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", "HTTP/1.1 404 Not Found", b"gone"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nLF", "HTTP/1.1 200 OK", b"LF"),
    ],
)
def test_shapes_of_answers(raw: bytes, line: str, body: bytes) -> None:
    result = fetched(saying(raw, then="close"))
    assert (result.status_line, result.body, result.failure) == (line, body, None)


# What goes wrong

HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "closed before the head": (saying(then="close"), "reset", True, None, None),
    "reset before the head": (saying(then="reset"), "reset", True, None, None),
    "closed in the head": (saying(HEAD + b"X-A: ", then="close"), "reset", True, None, None),
    "no HTTP": (saying(b"220 mail.praktyki.example ESMTP\r\n\r\n", then="close"), "protocol", False, None, None),
    "conflicting lengths": (
        saying(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", then="close"),
        *("protocol", False, None, None),
    ),
    "negative length": (saying(HEAD + b"Content-Length: -1\r\n\r\n", then="close"), "protocol", False, None, None),
    "broken header": (saying(HEAD + b"X A: 1\r\n\r\n", then="close"), "protocol", False, None, None),
    "length too long": (
        saying(HEAD + b"Content-Length: 100\r\n\r\nshort", then="close"),
        "reset",
        True,
        "disconnect",
        b"short",
    ),
    "reset in the body": (
        saying(HEAD + b"Content-Length: 100\r\n\r\nshort", then="reset"),
        "reset",
        True,
        "disconnect",
        b"short",
    ),
    "chunks end early": (
        saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", then="close"),
        *("reset", True, "disconnect", b"short"),
    ),
    "broken chunk": (
        saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\nzz\r\n", then="close"),
        *("protocol", False, "disconnect", b"short"),
    ),
    "silence before the head": (saying(then="hang"), "timeout", True, None, None),
    "silence in the head": (saying(HEAD, then="hang"), "timeout", True, None, None),
    "silence in the body": (saying(HEAD + b"Content-Length: 9\r\n\r\nshort", then="hang"), "timeout", True, "time", b"short"),
    "damaged gzip": (saying(response(b"no gzip", b"Content-Encoding: gzip")), "coding", False, None, None),
    "cut gzip": (saying(response(CODED["gzip"][1][:-9], b"Content-Encoding: gzip")), "coding", True, None, PAGE),
    "coded twice": (saying(response(b"x", b"Content-Encoding: gzip, gzip")), "nested_coding", False, None, None),
    "coded in two fields": (
        saying(response(b"x", b"Content-Encoding: br", b"Content-Encoding: gzip")),
        *("nested_coding", False, None, None),
    ),
    "strange coding": (saying(response(b"x", b"Content-Encoding: compress")), "unknown_coding", False, None, None),
}


@pytest.mark.parametrize("case", BROKEN)
def test_reason_retry_and_what_was_read(case: str) -> None:
    script, reason, retry, truncated, body = BROKEN[case]
    result = fetched(script, limits=HASTY if case.startswith("silence") else LIMITS)
    assert result.failure is not None
    assert (result.failure.reason, result.failure.retry) == (reason, retry), result.failure
    assert result.truncated == truncated
    assert result.body == body
    assert result.failure.detail
    assert "\n" not in result.failure.detail


def test_unreadable_content_is_kept_as_received() -> None:
    result = fetched(saying(response(b"no gzip", b"Content-Encoding: gzip")))
    assert (result.payload, result.body, result.truncated) == (b"no gzip", None, None)


def test_drops_of_a_body_do_not_hold_the_page_open() -> None:
    async def drip(connection: Connection, _head: bytes) -> None:
        await connection.send(HEAD + b"Content-Length: 1000000\r\n\r\n")
        while True:
            await connection.send(b"x")
            await asyncio.sleep(0.01)

    result = fetched(drip, limits=dataclasses.replace(LIMITS, total_seconds=1.5))
    assert result.failure is not None
    assert (result.failure.reason, result.truncated) == ("timeout", "time")
    assert set(result.payload) == set(b"x")


def test_drops_of_a_head_do_not_hold_the_page_open() -> None:
    async def drip(connection: Connection, _head: bytes) -> None:
        await connection.send(HEAD)
        while True:
            await connection.send(b"X-More: 1\r\n")
            await asyncio.sleep(0.01)

    result = fetched(drip, limits=dataclasses.replace(LIMITS, total_seconds=1.5))
    assert result.failure is not None
    assert (result.failure.reason, result.status, result.truncated) == ("timeout", None, None)


def test_nobody_listens() -> None:
    async def go() -> FetchResult:
        async with serving(saying()) as server:
            guard = guard_for(server)
        async with HttpClient(guard) as client:
            return await client.fetch(request())

    failure = asyncio.run(go()).failure
    assert failure is not None
    assert (failure.reason, failure.retry) == ("connect", True)


@pytest.mark.parametrize("temporary", [True, False])
def test_name_without_answer(temporary: bool) -> None:  # noqa: FBT001 - a parameter of the table
    async def resolve(host: str, _port: int) -> list[tuple[str, int]]:
        raise NameNotResolved(host, "no such name", temporary=temporary)

    async def go() -> FetchResult:
        async with HttpClient(AddressGuard(resolver=resolve)) as client:
            return await client.fetch(request())

    failure = asyncio.run(go()).failure
    assert failure is not None
    assert (failure.reason, failure.retry) == ("dns", temporary)


def test_a_name_server_that_does_not_answer() -> None:
    async def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
        await asyncio.Event().wait()
        return []

    async def go() -> FetchResult:
        async with HttpClient(AddressGuard(resolver=resolve)) as client:
            return await client.fetch(request(limits=dataclasses.replace(LIMITS, connect_seconds=0.05)))

    failure = asyncio.run(go()).failure
    assert failure is not None
    assert (failure.reason, failure.retry) == ("timeout", True)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "blocked_address"),
        ("http://10.0.0.1/", "blocked_address"),
        ("ftp://www.praktyki.example/", "blocked_address"),
        ("not an address", "blocked_address"),
        ("/relative", "url"),
        ("http://www.praktyki.example/" + "a" * 1_000_000, "url"),
    ],
)
def test_an_address_that_is_not_asked_for(url: str, reason: str) -> None:
    async def go() -> FetchResult:
        async with HttpClient(AddressGuard()) as client:
            return await client.fetch(request(url=url))

    failure = asyncio.run(go()).failure
    assert failure is not None
    assert (failure.reason, failure.retry) == (reason, False)
    assert len(failure.detail) < 400


# Connections


def test_one_connection_serves_page_after_page() -> None:
    async def go() -> tuple[int, list[str]]:
        async with serving(saying(response(b"x"))) as server, HttpClient(guard_for(server)) as client:
            await asyncio.gather(*(client.fetch(request(f"/{number}")) for number in range(5)))
            return server.connections, sorted(server.paths)

    assert asyncio.run(go()) == (1, ["/0", "/1", "/2", "/3", "/4"])


@pytest.mark.parametrize(
    "first",
    [
        response(b"page") + response(b"not asked for"),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n" + response(b"not asked for"),
        b"HTTP/1.1 304 Not Modified\r\n\r\n" + response(b"not asked for"),
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + response(b"page") + response(b"not asked for"),
    ],
)
def test_what_follows_an_answer_is_not_taken_for_the_next(first: bytes) -> None:
    async def script(connection: Connection, head: bytes) -> None:
        await connection.send(first if b"GET /first " in head else response(b"second"))

    async def go() -> tuple[bytes | None, int]:
        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            await client.fetch(request("/first"))
            return (await client.fetch(request("/second"))).body, server.connections

    assert asyncio.run(go()) == (b"second", 2)


def test_a_kept_connection_that_died_is_replaced() -> None:
    async def go() -> tuple[list[int | None], int, list[str]]:
        async def script(connection: Connection, head: bytes) -> None:
            if b"/second" in head and server.connections == 1:
                connection.close()  # just as the request arrives: the client could not have known
            else:
                await connection.send(response(b"x"))

        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            statuses = [(await client.fetch(request(path))).status for path in ("/first", "/second")]
            return statuses, server.connections, server.paths

    assert asyncio.run(go()) == ([200, 200], 2, ["/first", "/second", "/second"])


def test_a_fresh_connection_that_died_is_not_asked_again() -> None:
    async def go() -> tuple[int, list[str]]:
        async with serving(saying(then="close")) as server, HttpClient(guard_for(server)) as client:
            await client.fetch(request())
            return server.connections, server.paths

    assert asyncio.run(go()) == (1, ["/"])


def test_a_cancelled_fetch_lets_go_of_the_connection() -> None:
    async def go() -> None:
        async with serving(saying(HEAD + b"Content-Length: 9\r\n\r\nshort")) as server, HttpClient(guard_for(server)) as client:
            task = asyncio.create_task(client.fetch(request()))
            await server.asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(PATIENCE):
                await server.lost.wait()

    asyncio.run(go())


def test_the_next_address_of_a_name_is_tried() -> None:
    async def go() -> FetchResult:
        async with serving(saying()) as closed:
            dead_port = closed.port
        async with serving(saying(response(b"second address"))) as server:

            async def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
                return [("127.0.0.1", dead_port), ("127.0.0.1", server.port)]

            async with HttpClient(AddressGuard(allow_loopback=True, resolver=resolve)) as client:
                return await client.fetch(request())

    assert asyncio.run(go()).body == b"second address"


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("http://praktyki.example", "praktyki.example", "/"),
        ("http://Praktyki.Example.:80/a", "praktyki.example", "/a"),
        ("http://a_b.praktyki.example:8080?q", "a_b.praktyki.example:8080", "/?q"),
        ("http://żółw.example/%C5%BC#part", "xn--w-uga1v8h.example", "/%C5%BC"),
        ("http://xn--0.example/", "xn--0.example", "/"),
        (
            "http://praktyki.example/a//../b;c?d=%zz&e=http://x@y/|^`{}",
            "praktyki.example",
            "/a//../b;c?d=%zz&e=http://x@y/|^`{}",
        ),
        ("http://praktyki.example/'\"<>~!$()*,", "praktyki.example", "/'\"<>~!$()*,"),
    ],
)
def test_what_the_guard_lets_through_is_asked_for_as_spelt(url: str, host: str, target: str) -> None:
    async def go() -> bytes:
        async with serving(saying(response(b"x"))) as server, HttpClient(guard_for(server)) as client:
            assert (await client.fetch(request(url=url))).failure is None
            return server.requests[0]

    lines = asyncio.run(go()).decode("ascii").split("\r\n")
    assert lines[:2] == [f"GET {target} HTTP/1.1", f"Host: {host}"]


def test_an_ipv6_address() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(response(head.split(b"\r\n")[1]))
        writer.close()

    async def go() -> tuple[FetchResult, int]:
        try:
            listener = await asyncio.start_server(talk, "::1", 0)
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
        port = listener.sockets[0].getsockname()[1]
        async with listener, HttpClient(AddressGuard(allow_loopback=True)) as client:
            return await client.fetch(request(url=f"http://[0:0::1]:{port}/")), port

    result, port = asyncio.run(go())
    assert (result.failure, result.remote_address) == (None, "::1")
    assert result.body == f"Host: [::1]:{port}".encode()


# DNS rebinding and redirects into the house


def test_a_name_is_resolved_once_a_connection_and_the_checked_address_is_used() -> None:
    """The second answer of a rebinding name server is met at the next connection, and judged again."""
    answers = ["127.0.0.1", "10.0.0.1", "8.8.8.8"]
    asked: list[str] = []

    async def go() -> list[FetchResult]:
        async with serving(saying(response(b"first"), then="close")) as server:

            async def resolve(host: str, _port: int) -> list[tuple[str, int]]:
                asked.append(host)
                return [(answers[len(asked) - 1], server.port)]

            async with HttpClient(AddressGuard(allow_loopback=True, resolver=resolve)) as client:
                return [await client.fetch(request()) for _ in range(2)]

    first, second = asyncio.run(go())
    assert (first.body, first.remote_address) == (b"first", "127.0.0.1")
    assert second.failure is not None
    assert (second.failure.reason, second.status) == ("blocked_address", None)
    assert asked == [HOST, HOST]


@pytest.mark.parametrize(
    "location",
    [
        *(
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
        ),
        *(
            "http://localhost/",
            "http://169.254.169.254/latest/",
            "http://www.praktyki.example@127.0.0.1/",
            "http://10.0.0.7:8080/",
        ),
        *("file:///etc/passwd", "ftp://127.0.0.1/", "http://１２７.0.0.1/", "http://[64:ff9b::127.0.0.1]/", "http://0/"),
        *("http:\\\\127.0.0.1/", "http://inside.praktyki.example/"),
    ],
)
def test_a_redirect_into_the_house_ends_at_the_guard(location: str) -> None:
    async def go() -> tuple[FetchResult, FetchResult, int]:
        script = saying(response(b"", b"Location: " + location.encode(), status=b"302 Found"))
        async with serving(script) as server:

            async def resolve(host: str, _port: int) -> list[tuple[str, int]]:
                return [("192.168.1.1", 80)] if host.startswith("inside.") else [("127.0.0.1", server.port)]

            # The publisher stands on loopback here, so its own name is let through and nothing else is.
            guard = AddressGuard(allow_loopback=True, resolver=resolve)
            async with HttpClient(guard) as client, HttpClient(AddressGuard(resolver=resolve)) as strict:
                first = await client.fetch(request())
                return first, await strict.fetch(request(url=first.header("Location") or "")), len(server.requests)

    first, second, requests = asyncio.run(go())
    assert first.header("Location") == location
    assert second.failure is not None
    assert second.failure.reason == "blocked_address"
    assert requests == 1


# TLS


def authority() -> tuple[trustme.CA, ssl.SSLContext]:
    ca = trustme.CA()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ca.configure_trust(trusting)
    return ca, trusting


def fetched_over_tls(certificate_host: str, *, trusted: bool) -> tuple[FetchResult, list[str | None]]:
    ca, trusting = authority()
    names: list[str | None] = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(certificate_host).configure_cert(tls)
    tls.sni_callback = lambda _socket, name, _context: names.append(name)

    async def go() -> FetchResult:
        context = trusting if trusted else None
        async with (
            serving(saying(response(b"secret")), tls=tls) as server,
            HttpClient(guard_for(server), ssl_context=context) as client,
        ):
            return await client.fetch(request(url=f"https://{HOST}/"))

    return asyncio.run(go()), names


def test_tls_is_checked_against_the_name_while_the_address_is_pinned() -> None:
    result, names = fetched_over_tls(HOST, trusted=True)
    assert (result.body, result.failure, result.remote_address) == (b"secret", None, "127.0.0.1")
    assert names == [HOST]


@pytest.mark.parametrize(("host", "trusted"), [(HOST, False), ("other.example", True)])
def test_a_certificate_that_does_not_fit_is_refused(host: str, trusted: bool) -> None:  # noqa: FBT001 - the table's
    result, _ = fetched_over_tls(host, trusted=trusted)
    assert result.failure is not None
    assert (result.failure.reason, result.failure.retry, result.status) == ("tls", False, None)
    assert "certificate" in result.failure.detail


def test_plain_http_on_a_tls_port() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def go() -> FetchResult:
        listener = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]

        async def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", port)]

        async with listener, HttpClient(AddressGuard(allow_loopback=True, resolver=resolve)) as client:
            return await client.fetch(request(url=f"https://{HOST}/"))

    failure = asyncio.run(go()).failure
    assert failure is not None
    assert failure.reason == "tls"


def test_the_default_context_verifies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = default_ssl_context.__wrapped__()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert len(context.get_ca_certs()) > 50
    assert context.keylog_filename is None


# Decoders and limits, and who may import httpx


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=5000), st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.lists(st.integers(0, 5000), max_size=5))
def test_decoders_do_not_care_where_a_stream_is_cut(data: bytes, coding: str, cuts: list[int]) -> None:
    coded = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[coding](data)
    decoder = decoder_for(coding)
    assert decoder is not None
    edges = sorted({0, len(coded), *(cut for cut in cuts if cut < len(coded))})
    pieces = [piece for start, end in itertools.pairwise(edges) for piece in decoder.pieces(bytes(coded[start:end]))]
    decoder.finish()
    assert b"".join(pieces) == data
    assert all(len(piece) <= 65536 for piece in pieces)


@settings(deadline=None, max_examples=150)
@given(st.binary(min_size=1, max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_decoders_say_what_they_cannot_read(data: bytes, coding: str) -> None:
    decoder = decoder_for(coding)
    assert decoder is not None
    try:
        list(decoder.pieces(data))
        decoder.finish()
    except CodingError as error:
        assert str(error)


def test_limits_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="wire_bytes"):
        Limits(wire_bytes=0)


def test_httpx_stands_in_the_transport_alone() -> None:
    package = Path(__file__).parent.parent.parent / "pipeline"
    importers = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "httpx" for name in names):
                importers.add(path.relative_to(package).as_posix())
    assert importers == {"crawl/network/transport.py"}
