"""What is asked of a web archive: addresses of its lists and of its captures, and what an answer of it means.

The CDX server API is that of the Wayback Machine (https://github.com/internetarchive/wayback, wayback-cdx-server) and of
pywb; captures are asked for as they came, by the flag ``id_``. Memento-Datetime is RFC 7089.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import email.utils
import re
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from pipeline.crawl.network.exchange import FetchResult
from pipeline.crawl.scoping.canonical import canonical
from pipeline.crawl.scoping.scope import Scope
from pipeline.crawl.webarchives.cdx import CdxLine, CdxList, cdx_list, memento_time
from pipeline.errors import UsageError
from pipeline.extract.page import bare_host

LINES_ASKED: Final = 5000
_ORIGINAL: Final = "x-archive-orig-"
_RESENT: Final = frozenset(("content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"))
_OF_THE_ARCHIVE: Final = frozenset(
    "memento-datetime link content-location date server vary via age x-ts x-tr x-nid x-location x-rl x-na server-timing".split()
    + "x-page-cache preference-applied cache-control content-security-policy strict-transport-security set-cookie".split()
)


class Query(NamedTuple):
    """One list asked for: all captures of a host, or of one address."""

    url: str
    match: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CdxServer:
    """A CDX server and where the same archive keeps its captures.

    ``mementos`` holds ``{timestamp}`` and ``{url}``. ``since`` and ``until`` are digits of a time, both included.
    """

    address: str
    mementos: str
    since: str | None = None
    until: str | None = None

    def list_url(self, query: Query, resume_key: str | None, limit: int | None) -> str:
        """The address of a list; ``limit`` None asks for all lines at once."""
        parts = urlsplit(self.address)
        wanted = {"url": query.url, "matchType": query.match, "output": "json", "from": self.since, "to": self.until}
        if limit is not None:
            wanted |= {"limit": str(limit), "showResumeKey": "true", "resumeKey": resume_key}
        asked = urlencode({name: value for name, value in wanted.items() if value is not None})
        return urlunsplit(parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked))

    def memento_url(self, line: CdxLine) -> str:
        """The address of a capture as it came."""
        return self.mementos.replace("{timestamp}", line.timestamp, 1).replace("{url}", line.url, 1)


def cdx_server(address: str, mementos: str | None, *, since: str | None = None, until: str | None = None) -> CdxServer:
    """The server at ``address``. Raises UsageError when it cannot be told where the archive keeps its captures."""
    try:
        clean = canonical(address).url
    except ValueError as error:
        raise UsageError(f"--from {address!r}: {error}") from error
    parts = urlsplit(clean)
    root = f"{parts.scheme}://{parts.netloc}"
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    if mementos is not None:
        if "{timestamp}" not in mementos or "{url}" not in mementos:
            raise UsageError(f"archive_mementos is {mementos!r}; it must hold {{timestamp}} and {{url}}")
        place = mementos
    elif parts.path.rstrip("/").endswith("/cdx/search/cdx"):
        place = f"{root}/web/{{timestamp}}id_/{{url}}"
    elif last in ("cdx", "index") and folder:
        place = f"{root}{folder}/{{timestamp}}id_/{{url}}"
    else:
        raise UsageError(
            f"--from {address}: where this archive keeps its captures cannot be told from the address of its CDX server;"
            " set archive_mementos under [crawl] in praktyki.toml"
        )
    return CdxServer(address=clean, mementos=place, since=since, until=until)


def queries(scope: Scope) -> list[Query]:
    """The lists that cover a source: its hosts, or its seeds alone where nothing is followed from them."""
    if not scope.crawl.follow:
        return [Query(address.url, "exact") for address in scope.seeds.values()]
    hosts = {_host(address.url) for address in scope.seeds.values()}
    if not scope.crawl.seed_hosts_only:
        hosts |= {bare_host(host) for host in scope.crawl.hosts or scope.source.facts.claims.hosts if not host.startswith("*")}
    return [Query(host, "host") for host in sorted(hosts)]


def _host(url: str) -> str:
    return bare_host(urlsplit(url).hostname or "")


class Redirected(NamedTuple):
    """The archive keeps the capture under another address."""

    url: str


class Refused(NamedTuple):
    """The answer is no capture of a page, or no list of captures; why."""

    reason: str


class Original(NamedTuple):
    """The answer of the publisher as the archive kept it, and when it was given."""

    result: FetchResult
    captured_at: dt.datetime


def read_list(result: FetchResult) -> tuple[CdxList | Refused, bool]:
    """The list of captures in a final answer, or why there is none; and whether it was cut at a limit.

    pywb and others answer with 404 where they know nothing of the host: an empty list.
    """
    is_cut = result.failure is not None and result.failure.reason == "too_large" and bool(result.body)
    reason = None if result.status == 200 else f"status {result.status}"
    if result.failure is not None and not is_cut:
        reason = f"{result.failure.reason}: {result.failure.detail}"
    if reason is None:
        try:
            return cdx_list((result.body or b"").decode("utf-8", "replace"), is_cut=is_cut), is_cut
        except ValueError as error:
            reason = str(error)
    return (CdxList([], None, 0) if result.status == 404 else Refused(reason)), False


def read_memento(asked: str, line: CdxLine, result: FetchResult) -> Original | Redirected | Refused:
    """What the answer to a request for a capture means. ``asked`` is the address it was asked for under."""
    if result.failure is not None or result.status is None or result.truncated:
        detail = f"{result.failure.reason}: {result.failure.detail}" if result.failure else "no whole answer"
        return Refused(detail)
    captured_at = _memento_datetime(result)
    location = result.header("Location")
    if 300 <= result.status < 400 and location and captured_at is None:
        target = urljoin(asked, location.strip())
        if urlsplit(target).hostname != urlsplit(asked).hostname:
            return Refused(f"the archive leads to another host, {target[:200]}")
        return Redirected(target)
    if captured_at is None:
        return Refused(f"status {result.status} without Memento-Datetime: no capture, but a word of the archive itself")
    if result.status != 200:
        return Refused(f"the capture holds an answer of status {result.status}")
    if not _is_of(line.timestamp, asked, captured_at):
        return Refused(f"another capture was answered, of {captured_at:%Y-%m-%d %H:%M:%S}")
    headers = _original_headers(result)
    return Original(
        dataclasses.replace(
            result,
            url=line.url,
            headers=headers,
            remote_address=None,
            request_line="",
            request_headers=(),
            http_version="HTTP/1.1",
        ),
        captured_at,
    )


def _is_of(timestamp: str, asked: str, captured_at: dt.datetime) -> bool:
    """Whether the time is the one asked for: that of the list, or the one of the address the archive led to."""
    told = {timestamp, *re.findall(r"/(\d{14})[a-z]*_?/", asked)}
    return captured_at in {memento_time(digits) for digits in told}


def _memento_datetime(result: FetchResult) -> dt.datetime | None:
    text = result.header("Memento-Datetime")
    if text is None:
        return None
    try:
        time = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _original_headers(result: FetchResult) -> tuple[tuple[bytes, bytes], ...]:
    """The publisher's header fields: archives hand them on with a prefix, or as they were.

    Codings and length are those of the bytes at hand: an archive may have undone or added a coding.
    """
    marked = {name.lower() for name, _ in result.text_headers if name.lower().startswith(_ORIGINAL)}
    found: list[tuple[bytes, bytes]] = []
    for raw_name, value in result.headers:
        name = raw_name.decode("latin-1")
        low = name.lower()
        if low.startswith(_ORIGINAL):
            if low.removeprefix(_ORIGINAL) not in _RESENT:
                found.append((raw_name[len(_ORIGINAL) :], value))
        elif low == "content-encoding" or not (
            _ORIGINAL + low in marked or low in _RESENT or low in _OF_THE_ARCHIVE or low.startswith(("x-archive-", "x-cache"))
        ):
            found.append((raw_name, value))
    return (*found, (b"Content-Length", str(len(result.payload)).encode("ascii")))


def time_window(lines: Sequence[CdxLine], since: str | None, until: str | None) -> list[CdxLine]:
    """The lines within the window, whatever the server made of it."""
    low, high = (since or "").ljust(14, "0"), (until or "").ljust(14, "9")
    return [line for line in lines if low <= line.timestamp <= high]
