"""What a worker process does: reads captures from the archive, judges and parses each, and hands back lines of JSON.

A page that takes too long, is too heavy, or makes its parser fail is quarantined with its reason; the run goes on.
"""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterable, Sequence
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from pipeline.archive.reader import Payload, payload_at
from pipeline.collecting import collect_rarely
from pipeline.errors import CaptureUnreadable, ConfigError, ExtractError, StorageError
from pipeline.extract.attached.filereader import read_file
from pipeline.extract.attached.files import Told, file_type, is_file
from pipeline.extract.page import Page, one_line
from pipeline.extract.timelimit import time_limit
from pipeline.records import ArchivedFile, Capture, ExtractedPage, Finding, IssueStatus, PageIssue, json_line
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import Judgement, Source, source_of
from pipeline.storage.hand import Where, kept, opened

PAGE_SECONDS = 20.0
"""Processor time that a page may take."""
WORKER_BYTES = 4 * 1024**3
_END: Final = "</html>"


class Chunk(NamedTuple):
    """Captures of one WARC file for one worker. ``sources_dir`` adds sources kept outside the package."""

    warc_file: str
    raw: Where
    sources_dir: Path | None
    captures: Sequence[Capture]


def become_worker() -> None:
    """Holds this process to WORKER_BYTES of address space, so that a poison page cannot take the machine down."""
    collect_rarely()
    with contextlib.suppress(ValueError, OSError):  # a lower limit set by the user stays
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, WORKER_BYTES))


class Lines(NamedTuple):
    """One line of JSON for each capture of a chunk, in its order, and of each who reads it ('-': nobody) and its verdict."""

    warc_file: str
    lines: list[bytes]
    verdicts: list[tuple[str, str]]


def lines_of(warc_file: str, pages: Iterable[ExtractedPage]) -> Lines:
    """Pages of a file as lines."""
    made = Lines(warc_file, [], [])
    for page in pages:
        made.lines.append(json_line(page))
        made.verdicts.append((page.source or "-", page.verdict))
    return made


def extracted_lines(chunk: Chunk) -> Lines:
    """The captures of a chunk as extracted."""
    sources = loaded_sources(chunk.sources_dir)
    raw_dir = chunk.raw.here()
    path = raw_dir / chunk.warc_file
    with kept(path), contextlib.ExitStack() as stack:
        file: BinaryIO | None = None
        with contextlib.suppress(OSError):  # each of its pages will say so
            file = stack.enter_context(opened(path))
        return lines_of(chunk.warc_file, (_extracted(raw_dir, capture, sources, file) for capture in chunk.captures))


@cache
def loaded_sources(sources_dir: Path | None) -> tuple[Source, ...]:
    """All sources with their parsers, those of ``sources_dir`` among them."""
    return tuple(source.loaded() for source in discovered_sources(sources_dir))


def extracted_page(raw_dir: Path, capture: Capture, sources: Sequence[Source]) -> ExtractedPage:
    """What one capture says: who reads it, the verdict, and the findings. Raises nothing that a page can cause.

    StorageError and ConfigError: the archive file lies at an address and cannot be fetched.
    """
    # Fetching is no page's time, and its failure is no page's fault.
    with kept(raw_dir / capture.warc_file):
        return _extracted(raw_dir, capture, sources)


def _extracted(
    raw_dir: Path, capture: Capture, sources: Sequence[Source], archive_file: BinaryIO | None = None
) -> ExtractedPage:
    told = Told(capture.media_type, capture.source_url)
    try:
        with time_limit(PAGE_SECONDS):
            payload = payload_at(raw_dir, capture, archive_file=archive_file)
            if not is_file(payload.body, told):
                page = Page(capture, payload.body, payload.headers)
                read = _as_far_as_archived(read_page(page, sources), page, payload.cut)
                return read if payload.redirect_url is None else msgspec.structs.replace(read, final_url=payload.redirect_url)
            kind = file_type(payload.body, told)
        return _attachment(capture, payload, kind)
    except (StorageError, ConfigError):
        raise
    except (CaptureUnreadable, ExtractError) as error:
        return quarantined(capture, str(error))
    except MemoryError:
        return quarantined(capture, "page needs more memory than a worker may take")
    except RecursionError:
        return quarantined(capture, "page nests deeper than its parser can follow")
    except Exception as error:  # noqa: BLE001 - a parser's fault on one page must not end the run; it is written out
        return quarantined(capture, f"parser failed: {type(error).__name__}: {error}")


def _attachment(capture: Capture, payload: Payload, kind: str | None) -> ExtractedPage:
    """A capture that is a file, with the text in it unless the status code says that it is none."""
    refused = _judged_by_status(capture)
    if refused is not None:
        return ExtractedPage(
            capture=capture, source=None, verdict=refused.verdict, reason=refused.reason, final_url=payload.redirect_url
        )
    read = read_file(payload.body, capture.media_type, capture.source_url, kind)
    reason = read.reason
    if payload.is_truncated:
        reason = "; ".join(filter(None, (reason, "the archive holds only the beginning of the file")))
    file = ArchivedFile(media_type=kind, size_bytes=len(payload.body), text=read.text, text_missing_reason=reason)
    named = f"a file of type {kind}" if kind == capture.media_type else f"a file of type {kind}, called {capture.media_type}"
    return ExtractedPage(capture=capture, source=None, verdict="attachment", reason=named, file=file)


def _as_far_as_archived(read: ExtractedPage, page: Page, cut: str | None) -> ExtractedPage:
    """The page as it was ``read``, unless its rest was lost on the way: half of a page must not stand in for a whole one.

    Where a limit of the archive cut it no capture is longer: what there is counts, and is said to be the beginning. Servers
    that announce more than they send cut nothing: such a page has its end.
    """
    if page.capture.status_code == HTTPStatus.PARTIAL_CONTENT:
        cut = "status 206"
    elif cut is None or page.text.rstrip()[-len(_END) :].lower() == _END:
        return read
    if read.verdict not in ("detail", "index"):
        return read
    told = f"the archive holds only a part of the page ({one_line(cut)[:40]})"
    if cut not in ("length", "coding"):
        return quarantined(page.capture, told)
    return msgspec.structs.replace(read, findings=[*read.findings, _issue(page, None, "missing", told)])


def quarantined(capture: Capture, reason: str) -> ExtractedPage:
    """The line written for a page that could not be parsed."""
    return ExtractedPage(capture=capture, source=None, verdict="quarantined", reason=reason)


def read_page(page: Page, sources: Sequence[Source]) -> ExtractedPage:
    """What the sources say of a decoded page. Raises whatever a parser raises."""
    source = source_of(page, sources)
    judgement = judged(page, source)
    findings: list[Finding] = []
    if source is not None and judgement.verdict in ("detail", "index"):
        findings = list(source.module.parse(page, source))
        if judgement.verdict == "detail" and all(isinstance(finding, PageIssue) for finding in findings):
            findings.append(
                _issue(page, None, "rejected", f"judged a detail page ({judgement.reason}) but no record was found")
            )
    if page.decoded.replaced and judgement.verdict == "detail":
        unreadable = f"{page.decoded.replaced} characters could not be decoded and stand as U+FFFD"
        findings.append(_issue(page, "charset", "repaired", unreadable))
    return ExtractedPage(
        capture=page.capture,
        source=source.name if source is not None else None,
        verdict=judgement.verdict,
        reason=judgement.reason,
        final_url=page.canonical,
        charset=page.decoded.charset,
        decoder=page.decoded.decoder,
        findings=findings,
    )


def judged(page: Page, source: Source | None) -> Judgement:
    """The verdict on a page: by its status code first, then by its source."""
    by_status = _judged_by_status(page.capture)
    if by_status is not None:
        return by_status
    if source is None:
        return Judgement("not_ours", "no source claims the page")
    if not page.text or page.text.isspace():
        return Judgement("shell", "empty page")
    return source.module.page_verdict(page, source)


def _judged_by_status(capture: Capture) -> Judgement | None:
    status = capture.status_code
    if status in (404, 410):
        return Judgement("gone", f"status {status}")
    if status is not None and status >= 400:
        return Judgement("shell", f"status {status}")
    if status is not None and 300 <= status < 400:
        return Judgement("not_ours", f"redirect, status {status}")
    return None


def _issue(page: Page, column: str | None, status: IssueStatus, reason: str) -> PageIssue:
    return PageIssue(
        record_id=page.capture.capture_id,
        table="captures",
        column=column,
        status=status,
        reason=reason,
    )
