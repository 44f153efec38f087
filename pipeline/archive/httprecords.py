"""Records of HTTP messages that are made here, put together from their parts: nothing is read back out of a block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.archive.dates import iso_time
from pipeline.archive.digests import digest_of
from pipeline.archive.heads import clean_value
from pipeline.archive.indexentry import IndexEntry, entry_of_http
from pipeline.archive.packing import packed
from pipeline.archive.warc import ORIGIN, WARC_VERSION, Fields, field, new_record_id

Headers = Iterable[tuple[str, str]]
_EMPTY_DIGEST: Final = digest_of(b"")


class HttpRecord(NamedTuple):
    """A record as one gzip member. ``entry`` is its index entry without place, None of a request."""

    member: bytes
    entry: IndexEntry | None
    record_id: str
    payload_digest: str


def is_http_message(uri: str, head: bytes) -> bool:
    """Whether a record of ``head`` at ``uri`` is read as an HTTP message (`WarcRecord.is_http`)."""
    return uri[:6].lower().startswith(("http:", "https:")) and head.startswith(b"HTTP/")


def answer_record(
    kind: str,
    uri: str,
    time: dt.datetime,
    more: Fields,
    head: bytes,
    payload: bytes,
    headers: Sequence[tuple[str, str]],
    warcinfo_id: str,
    payload_digest: str,
) -> HttpRecord:
    """A response with its payload, or a revisit without one. ``more``: further named fields, of names fit to be written.

    ``headers`` are those in ``head``, ``payload_digest`` that of the payload, met now or before.
    """
    record_id, uri, date = new_record_id(), clean_value(uri), iso_time(time)
    kept = [(name, cleaned) for name, value in more if (cleaned := clean_value(value))]
    text = "".join([f"{name}: {value}\r\n" for name, value in kept])
    digest = "" if kind == "revisit" else f"WARC-Payload-Digest: {payload_digest}\r\n"  # a revisit has it among its own
    named = (
        f"{WARC_VERSION}\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {record_id}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {date}\r\n"
        f"Content-Type: application/http; msgtype=response\r\n{text}WARC-Warcinfo-ID: {warcinfo_id}\r\n{digest}"
        f"WARC-Block-Digest: {digest_of(head, payload)}\r\nContent-Length: {len(head) + len(payload)}\r\n\r\n"
    )
    content_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    entry = entry_of_http(kind, uri, date, head, content_type, payload_digest, record_id, field(kept, ORIGIN))
    return HttpRecord(packed(named.encode(), head, payload, b"\r\n\r\n"), entry, record_id, payload_digest)


def request_record(uri: str, time: dt.datetime, head: bytes, warcinfo_id: str, answer_id: str) -> HttpRecord:
    """The request, without a body, that brought an answer."""
    record_id = new_record_id()
    named = (
        f"{WARC_VERSION}\r\nWARC-Type: request\r\nWARC-Record-ID: {record_id}\r\nWARC-Target-URI: {clean_value(uri)}\r\n"
        f"WARC-Date: {iso_time(time)}\r\nContent-Type: application/http; msgtype=request\r\nWARC-Concurrent-To: {answer_id}\r\n"
        f"WARC-Warcinfo-ID: {warcinfo_id}\r\nWARC-Payload-Digest: {_EMPTY_DIGEST}\r\n"
        f"WARC-Block-Digest: {digest_of(head)}\r\nContent-Length: {len(head)}\r\n\r\n"
    )
    return HttpRecord(packed(named.encode(), head, b"\r\n\r\n"), None, record_id, _EMPTY_DIGEST)
