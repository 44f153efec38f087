"""Records of HTTP messages that are made here, put together from their parts: nothing is read back out of a block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.archive.index import IndexEntry, entry_of_http
from pipeline.archive.warc import ORIGIN, Fields, clean_value, digest_of, field

Headers = Iterable[tuple[str, str]]
_EMPTY_DIGEST = digest_of(b"")


class HttpRecord(NamedTuple):
    """A record, complete but for its compression. ``entry`` is its index entry without place, None of a request."""

    fields: Fields
    block: tuple[bytes, ...]
    entry: IndexEntry | None
    record_id: str
    payload_digest: str


def is_http_message(uri: str, head: bytes) -> bool:
    """Whether a record of ``head`` at ``uri`` is read as an HTTP message (`WarcRecord.is_http`)."""
    return uri[:6].lower().startswith(("http:", "https:")) and head.startswith(b"HTTP/")


def response_record(
    fields: Fields, head: bytes, payload: bytes, headers: Headers, warcinfo_id: str, payload_digest: str | None = None
) -> HttpRecord:
    """A response, or a revisit, whose ``fields`` hold the payload digest already. Named fields are given as to a writer.

    ``headers`` are those in ``head``. The names of the fields must be fit to be written.
    """
    kept = [(name, cleaned) for name, value in fields if (cleaned := clean_value(value))]
    kind, record_id, uri, date = (value for _, value in kept[:4])
    kept.append(("WARC-Warcinfo-ID", warcinfo_id))
    if kind == "revisit":
        digest = field(kept, "WARC-Payload-Digest") or ""
    else:
        digest = payload_digest or digest_of(payload)
        kept.append(("WARC-Payload-Digest", digest))
    kept.append(("WARC-Block-Digest", digest_of(head, payload)))
    kept.append(("Content-Length", str(len(head) + len(payload))))
    content_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    entry = entry_of_http(kind, uri, date, head, content_type, digest, record_id, field(kept, ORIGIN))
    return HttpRecord(kept, (head, payload), entry, record_id, digest)


def request_record(fields: Fields, head: bytes, warcinfo_id: str) -> HttpRecord:
    """A request without a body."""
    kept = [(name, cleaned) for name, value in fields if (cleaned := clean_value(value))]
    kept += [
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-Payload-Digest", _EMPTY_DIGEST),
        ("WARC-Block-Digest", digest_of(head)),
        ("Content-Length", str(len(head))),
    ]
    return HttpRecord(kept, (head,), None, kept[1][1], _EMPTY_DIGEST)
