"""Answers as WARC records: in full, or as a revisit of a capture that is there already."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.archive.dates import iso_time
from pipeline.archive.warc import ARCHIVE_FETCHED, ARCHIVE_URL, FROM_ARCHIVE, ORIGIN, Fields
from pipeline.archive.writer import Request, RevisitProfile, WarcWriter, Written
from pipeline.crawl.ledger.tables import Row
from pipeline.crawl.network.exchange import FetchResult


class Refers(NamedTuple):
    """The capture a revisit refers to: its payload digest, address, WARC-Date and record id, as archived."""

    digest: str
    capture_url: str
    capture_date: str
    capture_record: str


class Memento(NamedTuple):
    """Where another archive holds a capture, and when it was fetched from there, in seconds since 1970."""

    url: str
    fetched_at: float

    @property
    def fields(self) -> Fields:
        """The named fields that tell of it."""
        return ((ORIGIN, FROM_ARCHIVE), (ARCHIVE_URL, self.url), (ARCHIVE_FETCHED, iso_time(utc_time(round(self.fetched_at)))))


class Writers:
    """The open WARC files of a run, one a source. ``finished`` are the files that became whole and are not noted yet."""

    def __init__(
        self,
        raw_dir: Path,
        now: Callable[[], float],
        info: Mapping[str, str],
        file_size: int | None = None,
        mark: str | None = None,
    ) -> None:
        """``info`` goes into each warcinfo; ``file_size`` is the size at which a file is whole; ``mark`` as of `WarcWriter`."""
        self._raw_dir = raw_dir
        self._now = now
        self._info = info
        self._options: dict[str, Any] = {"mark": mark} | ({"size_limit": file_size} if file_size else {})
        self._writers: dict[str, WarcWriter] = {}
        self.finished: list[Path] = []

    def of(self, source: str) -> WarcWriter:
        """The writer of a source."""
        if source not in self._writers:
            self._writers[source] = WarcWriter(
                self._raw_dir,
                source,
                now=lambda: utc_time(self._now()),
                info=self._info,
                on_finished=self.finished.append,
                writes_at_sync=True,
                **self._options,
            )
        return self._writers[source]

    def finish(self) -> None:
        """Makes every open file whole. Raises ArchiveError."""
        for writer in self._writers.values():
            writer.finish()


def own_capture(row: Row) -> Refers | None:
    """What a revisit of the address refers to; None before its first capture."""
    if row.digest is None or row.capture_url is None or row.capture_date is None or row.capture_record is None:
        return None
    return Refers(row.digest, row.capture_url, row.capture_date, row.capture_record)


def written_response(
    writer: WarcWriter, result: FetchResult, at: float, more: Fields = (), payload_digest: str | None = None
) -> Written:
    """The answer in full, with its request. ``payload_digest`` where it is known already. Raises ArchiveError."""
    return writer.write_response(
        result.url,
        utc_time(at),
        result.status_line,
        result.text_headers,
        result.payload,
        request=_request(result),
        truncated=result.truncated,
        ip_address=result.remote_address,
        more=more,
        payload_digest=payload_digest,
    )


def written_revisit(
    writer: WarcWriter,
    result: FetchResult,
    at: float,
    refers: Refers,
    profile: RevisitProfile = "identical-payload-digest",
    more: Fields = (),
) -> Written:
    """The answer's head alone, referring to a capture. Raises ArchiveError."""
    return writer.write_revisit(
        result.url,
        utc_time(at),
        result.status_line,
        result.text_headers,
        payload_digest=refers.digest,
        refers_to_uri=refers.capture_url,
        refers_to_date=refers.capture_date,
        refers_to=refers.capture_record,
        profile=profile,
        request=_request(result),
        more=more,
    )


def _request(result: FetchResult) -> Request | None:
    return Request(result.request_line, result.text_request_headers) if result.request_line else None


@functools.lru_cache(maxsize=64)
def utc_time(at: float) -> dt.datetime:
    """Seconds since 1970 as a time in UTC."""
    return dt.datetime.fromtimestamp(at, dt.UTC)
