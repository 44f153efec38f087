"""One line of the index of a WARC file: what it says of a capture or revisit, and the capture it describes."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal, cast

import msgspec

from pipeline.archive.dates import full_time, iso_time
from pipeline.archive.heads import media_type_of, status_code_of
from pipeline.archive.identities import capture_id, known_address
from pipeline.archive.warc import CAPTURE_TYPES, FROM_ARCHIVE, ORIGIN, WarcRecord
from pipeline.records import Capture

INDEXED_TYPES: Final = (*CAPTURE_TYPES, "revisit")
_IMPORTED = "import/"


class IndexEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JSON of one line. ``time`` is the capture time in full, None when unknown; numbers are text, as CDXJ has them.

    ``date`` is the WARC-Date as archived, ``record_id`` the WARC-Record-ID, ``refers_to`` what a revisit refers to.
    ``origin`` is ``archive`` where another archive holds the capture, else absent.
    """

    url: str
    mime: str
    status: str | None = None
    digest: str
    length: str
    offset: str
    filename: str
    record_type: str
    time: str | None
    date: str
    record_id: str
    origin: str | None = None

    @property
    def captured_at(self) -> dt.datetime | None:
        """Time of capture in UTC, None when unknown."""
        return full_time(self.time) if self.time else None


def entry_of(record: WarcRecord, *, filename: str, offset: int, length: int) -> IndexEntry | None:
    """The index entry of a record, None for records that are not indexed."""
    if record.type not in INDEXED_TYPES:
        return None
    time = record.captured_at
    return IndexEntry(
        url=record.uri,
        mime="warc/revisit" if record.type == "revisit" else record.media_type or "unk",
        status=str(record.status_code) if record.status_code is not None else None,
        digest=record.payload_digest,
        length=str(length),
        offset=str(offset),
        filename=filename,
        record_type=record.type,
        time=iso_time(time) if time else None,
        date=record.field("WARC-Date") or "",
        record_id=record.record_id,
        origin=FROM_ARCHIVE if record.field(ORIGIN) == FROM_ARCHIVE else None,
    )


def entry_of_http(
    kind: str, uri: str, date: str, head: bytes, content_type: str | None, digest: str, record_id: str, origin: str | None
) -> IndexEntry:
    """What `entry_of` tells of a response or revisit that is being written: its parts need not be read again.

    ``uri`` is one of http, as it stands in the record; ``head`` the HTTP head; ``content_type`` its first such field.
    """
    status = status_code_of(head)
    return IndexEntry(
        url=uri.replace(" ", "%20"),
        mime="warc/revisit" if kind == "revisit" else media_type_of(content_type) or "unk",
        status=str(status) if status is not None else None,
        digest=digest,
        length="",
        offset="",
        filename="",
        record_type=kind,
        time=date,
        date=date,
        record_id=record_id,
        origin=FROM_ARCHIVE if origin == FROM_ARCHIVE else None,
    )


def capture_of(entry: IndexEntry, warc_file: str) -> Capture:
    """The capture that an entry describes. ``warc_file`` is relative to raw/. The entry must be of a capture type."""
    uri = known_address(entry.url)
    time = entry.captured_at
    return Capture(
        capture_id=capture_id(uri, time, entry.digest),
        source_url=uri,
        captured_at=time,
        record_type=cast('Literal["response", "resource", "conversion"]', entry.record_type),
        status_code=int(entry.status) if entry.status else None,
        media_type=None if entry.mime == "unk" else entry.mime,
        body_digest=entry.digest,
        warc_file=warc_file,
        warc_offset=int(entry.offset),
        origin="archive" if entry.origin == FROM_ARCHIVE else "import" if warc_file.startswith(_IMPORTED) else "crawl",
    )
