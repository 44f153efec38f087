"""One capture of a snapshot as it lies in the archive: its digest verified, its page decoded again, its bytes counted."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

from pipeline.archive.digests import digest_fits
from pipeline.archive.reader import Payload, payload_at, record_at
from pipeline.archive.warc import CAPTURE_TYPES
from pipeline.errors import CaptureUnreadable, PageTooHeavy
from pipeline.extract.page import Page
from pipeline.records import Capture
from pipeline.trace.letters import Span
from pipeline.trace.locate import Locator

_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml", "text/plain"))
# Endings are ours: a name out of a page or an address could be anything.
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
}


class ByteRange(NamedTuple):
    """Bytes ``start`` to ``end`` (exclusive), counted from 0."""

    start: int
    end: int


class Archived:
    """A capture: what its row in the snapshot says, and the payload that lies where the row points."""

    def __init__(self, raw: Path, row: Mapping[str, Any]) -> None:
        """Reads and verifies the record. Raises CaptureUnreadable when it is missing, damaged, or does not fit the row."""
        self.row = row
        where = f"{row['warc_file']} at byte {row['warc_offset']}"
        if not (raw / row["warc_file"]).is_file():
            raise CaptureUnreadable(f"{raw / row['warc_file']}: not there; put the archive file back, the value stands in it")
        record = record_at(raw, row["warc_file"], row["warc_offset"])
        if record.type not in CAPTURE_TYPES:
            raise CaptureUnreadable(f"{where}: no capture lies here but a record {record.type!r}; run praktyki check-archive")
        fits = digest_fits(row["body_digest"], record.payload)
        if fits is False:
            raise CaptureUnreadable(
                f"{where}: the archived payload does not fit the digest {row['body_digest']} of the snapshot; "
                "run praktyki check-archive"
            )
        self.is_verified = fits is True
        self.capture = Capture(
            capture_id=row["capture_id"],
            source_url=row["source_url"],
            captured_at=_utc(row["captured_at"]),
            record_type=cast(Any, record.type),
            status_code=row["status_code"],
            media_type=row["media_type"],
            body_digest=row["body_digest"],
            warc_file=row["warc_file"],
            warc_offset=row["warc_offset"],
        )
        self.payload: Payload = payload_at(raw, self.capture)
        self.is_coded = self.payload.body != record.payload

    @property
    def is_page(self) -> bool:
        """Whether the capture is one that extract decodes: by its media type, or because it states none."""
        return self.capture.media_type is None or self.capture.media_type in _PAGE_TYPES

    @cached_property
    def page(self) -> Page | None:
        """The page decoded as extract decodes it; None for a file that is no page, and for a page extract refuses."""
        if not self.is_page:
            return None
        try:
            return Page(self.capture, self.payload.body, self.payload.headers)
        except PageTooHeavy:
            return None

    @cached_property
    def locator(self) -> Locator | None:
        """Finds texts on the page."""
        return Locator(self.page) if self.page is not None else None

    @cached_property
    def _bytes_before(self) -> int | None:
        """Bytes of the body before the first of the text (a byte order mark); None unless bytes and text map one to one."""
        if self.page is None:
            return None
        try:
            encoded = self.page.text.encode(self.page.decoded.charset)
        except (UnicodeEncodeError, LookupError):
            return None
        mark = len(self.payload.body) - len(encoded)
        return mark if 0 <= mark <= 4 and self.payload.body[mark:] == encoded else None

    def in_decoded_page(self, span: Span) -> ByteRange:
        """The span in bytes of the decoded page, as UTF-8."""
        text = self.page.text if self.page is not None else ""
        start = len(text[: span.start].encode("utf-8", "surrogatepass"))
        return ByteRange(start, start + len(text[span.start : span.end].encode("utf-8", "surrogatepass")))

    def in_body(self, span: Span) -> ByteRange | None:
        """The span in bytes of the body (its codings undone); None unless the body was decoded one to one."""
        if self.page is None or self._bytes_before is None:
            return None
        charset = self.page.decoded.charset
        start = self._bytes_before + len(self.page.text[: span.start].encode(charset))
        return ByteRange(start, start + len(self.page.text[span.start : span.end].encode(charset)))

    def written(self) -> Path:
        """A new temporary file with the body, codings undone, readable by its owner only; its ending by the media type."""
        ending = _ENDINGS.get(self.capture.media_type or "", "")
        if not ending:
            ending = ".bin" if self.page is None or self.capture.media_type else (".html" if self.page.is_html else ".txt")
        descriptor, name = tempfile.mkstemp(prefix="praktyki-", suffix=ending)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self.payload.body)
        return Path(name)


def _utc(time: dt.datetime | None) -> dt.datetime | None:
    return time.astimezone(dt.UTC) if time is not None else None
