"""A WARC record made complete and packed as one gzip member, by warcio."""

from __future__ import annotations

import io
import zlib
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.archive.warc import WARC_VERSION, WarcRecord, clean_name, clean_value, digest_of, field


def completed_record(record: WarcRecord, warcinfo_id: str) -> WarcRecord:
    """The record with clean fields, the digests it lacks, its Content-Length, and the id of the file's warcinfo.

    ``warcinfo_id`` is empty for the warcinfo itself.
    """
    left_out = {"content-length", "warc-warcinfo-id"}
    fields = [(clean_name(n), clean_value(v)) for n, v in record.fields if n.lower() not in left_out and clean_value(v)]
    if warcinfo_id and record.type != "warcinfo":
        fields.append(("WARC-Warcinfo-ID", warcinfo_id))
    # A warcinfo has no payload (ISO 28500 section 5.9), a revisit the digest of what it refers to.
    if record.type not in ("warcinfo", "revisit") and not field(fields, "WARC-Payload-Digest"):
        fields.append(("WARC-Payload-Digest", digest_of(record.payload)))
    if not field(fields, "WARC-Block-Digest"):
        fields.append(("WARC-Block-Digest", digest_of(record.block)))
    fields.append(("Content-Length", str(len(record.block))))
    return WarcRecord(tuple(fields), record.block)


def member_bytes(record: WarcRecord) -> bytes:
    """A record, complete with its digests and length, as one gzip member."""
    head, rest = record.http_head, record.payload
    if record.type == "revisit":  # warcio writes no more of a revisit than its head
        head, rest = record.block, b""
    out = io.BytesIO()
    verbatim = _Verbatim(head) if head or record.type == "revisit" else None
    fields = StatusAndHeaders("", list(record.fields), protocol=WARC_VERSION)
    warcio_record = ArcWarcRecord(
        "warc", record.type, fields, io.BytesIO(rest), verbatim, None, len(record.block), payload_length=len(rest)
    )
    WARCWriter(out, gzip=False, warc_version=WARC_VERSION).write_record(warcio_record)
    # On 27 MB of HTML pages level 9, warcio's own, took 2.3 times as long as 6 and saved 0.7 % of the bytes.
    return zlib.compress(out.getbuffer(), 6, wbits=31)


class _Verbatim(StatusAndHeaders):  # type: ignore[misc]  # warcio ships no types
    """An HTTP head as received: warcio would write it anew, which changes bytes and with them the block digest."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [], protocol="")
        self.headers_buff = head

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        """Keeps the bytes as they are."""

    def __bool__(self) -> bool:
        return True
