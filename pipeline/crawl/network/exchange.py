"""One request and what came of it: what the transport takes and hands back."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.crawl.network.guard import Target
from pipeline.crawl.network.limits import PAGE_LIMITS, Limits

Truncation = Literal["length", "time", "disconnect"]
"""Why a payload is not whole, in the words of WARC-Truncated."""

FailureReason = Literal[
    "url",
    "blocked_address",
    "request",
    "dns",
    "connect",
    "tls",
    "timeout",
    "reset",
    "protocol",
    "head_too_large",
    "too_large",
    "bomb",
    "coding",
    "nested_coding",
    "unknown_coding",
]
"""Why a request brought no whole, readable answer.

url: not an absolute http(s) address, or too long; blocked_address: the guard refused where it leads; request: it
cannot be put into HTTP (a validator with a line break); dns; connect: no address took the connection; tls: handshake
or certificate; timeout: a phase or the page took too long; reset: the connection ended before the message did;
protocol: not HTTP; head_too_large: status line and headers; too_large: wire or decoded bytes; bomb: too much decoded
for what was sent; coding: damaged or cut content coding; nested_coding: more than one; unknown_coding: not asked for.
"""

DEFAULT_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """A GET of one address. ``etag`` and ``last_modified`` are sent back as the server wrote them, to ask for a 304.

    ``user_agent`` is the caller's, with its contact address. A response that announces more than the limits take is not
    read at all, unless ``wants_beginning``: then it is read up to the limit. Cookies, credentials and other headers are
    never sent.
    """

    url: str
    user_agent: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = DEFAULT_ACCEPT
    wants_beginning: bool = False
    limits: Limits = PAGE_LIMITS

    def headers(self, target: Target) -> tuple[tuple[bytes, bytes], ...]:
        """The header fields as sent, in order."""
        return _sent_fields(target.authority, self.user_agent, self.accept, self.etag, self.last_modified)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in one word for machines and one line for people; ``retry``: whether asking again may help."""

    reason: FailureReason
    detail: str
    retry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """The answer to one request, as far as it came.

    ``status`` is None when no response head arrived; then ``failure`` says why. With a head, ``payload`` holds the
    bytes after transfer decoding with their content coding still on (what WARC archives and digests), ``body`` the
    same without the coding: None when it cannot be taken off, only its beginning when ``failure`` is set.
    ``headers`` are as received, in order, duplicates and letter case kept. ``truncated`` is set when ``payload`` is
    not all the server had. ``wire_bytes`` counts everything read off the socket. ``remote_address`` is where the
    connection ended, ``request_line`` and ``request_headers`` what was sent.
    """

    url: str
    status: int | None = None
    http_version: str = "HTTP/1.1"
    reason_phrase: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    payload: bytes = b""
    body: bytes | None = None
    truncated: Truncation | None = None
    failure: Failure | None = None
    wire_bytes: int = 0
    remote_address: str | None = None
    request_line: str = ""
    request_headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def status_line(self) -> str:
        """``HTTP/1.1 200 OK``, for the archive; empty without a response."""
        return f"{self.http_version} {self.status} {self.reason_phrase}".rstrip() if self.status is not None else ""

    @property
    def text_headers(self) -> list[tuple[str, str]]:
        """``headers`` as text: UTF-8 where it is, else ISO-8859-1 (RFC 9110 5.5)."""
        return [(_text(name), _text(value)) for name, value in self.headers]

    @property
    def text_request_headers(self) -> tuple[tuple[str, str], ...]:
        """``request_headers`` as text."""
        return _sent_text(self.request_headers)

    def header(self, name: str) -> str | None:
        """The first value of a header field, None when absent; ``name`` in any letter case."""
        wanted = name.lower().encode("ascii")
        for key, value in self.headers:
            if key.lower() == wanted:
                return _text(value)
        return None


@functools.lru_cache(maxsize=64)
def _sent_fields(
    authority: str, user_agent: str, accept: str, etag: str | None, last_modified: str | None
) -> tuple[tuple[bytes, bytes], ...]:
    """Header fields of a request: without validators the same for page after page of a host."""
    from pipeline.crawl.network.coding import ACCEPT_ENCODING

    fields = [("Host", authority), ("User-Agent", user_agent), ("Accept", accept), ("Accept-Encoding", ACCEPT_ENCODING)]
    if etag is not None:
        fields.append(("If-None-Match", etag))
    if last_modified is not None:
        fields.append(("If-Modified-Since", last_modified))
    return tuple((name.encode("ascii"), value.encode("utf-8")) for name, value in fields)


@functools.lru_cache(maxsize=64)
def _sent_text(fields: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in fields)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("iso-8859-1")
