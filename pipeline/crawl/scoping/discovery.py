"""What a fetched page leads to: links of listings, tabs and files of records, entries of sitemaps and feeds."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final, NamedTuple

from pipeline.crawl.network.exchange import FetchResult
from pipeline.crawl.scoping.scope import Origin, Scope
from pipeline.crawl.scoping.sitemaps import SitemapUnreadable, read_sitemap
from pipeline.errors import ExtractError
from pipeline.extract.page import Page
from pipeline.extract.timelimit import page_took, time_limit
from pipeline.extract.worker import judged, read_page
from pipeline.records import Capture, PracticeTab
from pipeline.sources.spec import Source, source_of

MAX_LINKS: Final = 10_000
"""Links taken from one page; a listing of BDP has some hundreds."""
READING_SECONDS: Final = 5.0
"""Processor time; a page that takes longer to read leads nowhere; extract has more patience and reports it."""


_SHORTEST_ALARM: Final = 0.001
"""Seconds; one of less than a millionth would be none."""


class Found(NamedTuple):
    """A link and where it stood."""

    link: str
    origin: Origin


class Reading(NamedTuple):
    """What a page is and leads to; ``verdict`` is None for what is no page. ``note``: what could not be read."""

    verdict: str | None = None
    reason: str | None = None
    found: tuple[Found, ...] = ()
    note: str | None = None


class _Watch:
    """Holds what is read in the main thread to READING_SECONDS, by an alarm that is set once for many pages.

    It goes by processor time, as `time_limit` does. One that goes off while no page, or another, is read is set again for what
    that one has left.
    """

    def __init__(self) -> None:
        self._since: float | None = None  # when the page under way was begun
        self._is_set = False

    def __enter__(self) -> None:
        self._since = time.process_time()
        if not self._is_set:
            self._set(READING_SECONDS)

    def __exit__(self, *_: object) -> None:
        self._since = None

    def alarm(self, _signal: int, _frame: object) -> None:
        """The handler. Raises PageTooHeavy in the page that has taken too long."""
        self._is_set = False
        if self._since is None:
            return
        left = self._since + READING_SECONDS - time.process_time()
        if left <= 0:
            raise page_took(READING_SECONDS)
        self._set(max(left, _SHORTEST_ALARM))

    def _set(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        self._is_set = True


_watches: list[_Watch] = []


@contextmanager
def watched() -> Iterator[None]:
    """While the block runs, no handler and no alarm is set and taken away for each page. Of use in the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watch = _Watch()
    before = signal.signal(signal.SIGPROF, watch.alarm)
    _watches.append(watch)
    try:
        yield
    finally:
        _watches.pop()
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _limit() -> AbstractContextManager[None]:
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()
    return _watches[-1] if _watches else time_limit(READING_SECONDS)


def reading(result: FetchResult, kind: str, scope: Scope, sources: Sequence[Source]) -> Reading:
    """What a whole answer of status 200 leads to. ``kind`` is what the address was taken for. Raises nothing."""
    if result.body is None or kind == "attachment":
        return Reading()
    if kind == "sitemap":
        return _sitemap(result)
    media_type = (result.header("Content-Type") or "").partition(";")[0].strip().lower() or None
    if media_type not in (None, "text/html", "application/xhtml+xml", "text/plain"):
        return Reading(note=f"a file of type {media_type[:80]}")
    try:
        with _limit():
            return _page(result, media_type, kind, scope, sources)
    except ExtractError as error:
        return Reading("quarantined", str(error))
    except (MemoryError, RecursionError) as error:
        return Reading("quarantined", f"page too heavy ({type(error).__name__})")
    except Exception as error:  # noqa: BLE001 - a parser's fault on one page must not end the run; it is written out
        return Reading("quarantined", f"parser failed: {type(error).__name__}: {error}")


def _page(result: FetchResult, media_type: str | None, kind: str, scope: Scope, sources: Sequence[Source]) -> Reading:
    capture = Capture(
        capture_id="",
        source_url=result.url,
        captured_at=None,
        record_type="response",
        status_code=result.status,
        media_type=media_type,
        body_digest="",
        warc_file="",
        warc_offset=0,
    )
    page = Page(capture, result.body or b"", {name.lower(): value for name, value in reversed(result.text_headers)})
    source = source_of(page, sources)
    judgement = judged(page, source)
    found: list[Found] = []
    if judgement.verdict == "index" or (kind == "listing" and judgement.verdict == "not_ours"):
        found += [Found(address, "listing") for address in page.addresses]
        found += [Found(page.absolute(href), "listing") for href in _feeds(page)]
    elif judgement.verdict == "detail" and any(rule.from_detail for rule in scope.crawl.follow):
        found += [Found(address, "detail") for address in page.addresses]
    if scope.crawl.attachment_bytes and judgement.verdict in ("detail", "index"):
        # Before the links: a file offered on a page is a file, whatever the rules say of its address.
        found = [*_attachments(page, sources), *found]
    unique = tuple(dict.fromkeys(found))
    note = f"{len(unique)} links, the first {MAX_LINKS} are taken" if len(unique) > MAX_LINKS else None
    return Reading(judgement.verdict, judgement.reason, unique[:MAX_LINKS], note)


def _attachments(page: Page, sources: Sequence[Source]) -> list[Found]:
    files = []
    for finding in read_page(page, sources).findings:
        if isinstance(finding, PracticeTab):
            files += [Found(file.url, "attachment") for file in finding.attachments if file.url]
    return files


def _feeds(page: Page) -> list[str]:
    nodes = page.every('link[rel="alternate"][type="application/atom+xml"], link[rel="alternate"][type="application/rss+xml"]')
    return [href for node in nodes if (href := (node.attributes.get("href") or "").strip())]


def _sitemap(result: FetchResult) -> Reading:
    try:
        sitemap = read_sitemap(result.body or b"", result.url)
    except SitemapUnreadable as error:
        return Reading(note=str(error))
    origin: Origin = "robots" if sitemap.kind == "sitemapindex" else "sitemap"
    return Reading(sitemap.kind, None, tuple(Found(address, origin) for address in sitemap.addresses), sitemap.note)
