"""What stands in the place of a record that was forgotten: a metadata record that says so and keeps what names nobody.

Kept are the id (so that requests and notes about the record lead somewhere), the address unless it names the person, the time,
and the digest of the payload as archived. It is no capture: no index lists it and no reader takes it for a page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.archive.digests import digest_of
from pipeline.archive.identities import capture_id, known_address
from pipeline.archive.packing import completed_record
from pipeline.archive.warc import ORIGIN, TIME_STATUS, WarcRecord, field, new_record_id

FORGOTTEN: Final = "Praktyki-Forgotten"
"""Named field of a tombstone: the type of the record that stood there."""
FORGOTTEN_DIGEST: Final = "Praktyki-Forgotten-Payload-Digest"
_KEPT: Final = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date", TIME_STATUS, ORIGIN)
_BLOCK: Final = b"note: removed because a person named in this record asked to be forgotten\r\n"


def tombstone_of(record: WarcRecord, names_person: Callable[[str], bool]) -> WarcRecord:
    """The tombstone of a record, complete. ``names_person`` tells of a value whether it may not stand there.

    A tombstone whose address names another person becomes one without.
    """
    kept = [(name, value) for name in _KEPT if (value := record.field(name)) and not names_person(value)]
    if not field(kept, "WARC-Record-ID"):
        kept.insert(0, ("WARC-Record-ID", new_record_id()))
    fields = [
        ("WARC-Type", "metadata"),
        *kept,
        ("Content-Type", "application/warc-fields"),
        (FORGOTTEN, forgotten_type(record) or record.type or "unknown"),
    ]
    digest = forgotten_digest(record) or record.payload_digest
    if digest and not names_person(digest):
        fields.append((FORGOTTEN_DIGEST, digest))
    return completed_record(WarcRecord(tuple(fields), _BLOCK), record.field("WARC-Warcinfo-ID") or "")


def cleaned_warcinfo(record: WarcRecord, names_person: Callable[[str], bool]) -> WarcRecord:
    """A warcinfo without the lines and fields that name a person: a file begins with one, whoever was its operator."""
    lines = [line for line in record.block.splitlines(keepends=True) if not names_person(line.decode("utf-8", "replace"))]
    own = ("warc-block-digest", "warc-payload-digest", "content-length")
    fields = tuple((n, v) for n, v in record.fields if n.lower() not in own and not names_person(f"{n}: {v}"))
    return completed_record(WarcRecord(fields, b"".join(lines)), "")


def forgotten_type(record: WarcRecord) -> str | None:
    """The type of the record that stood where a tombstone stands; None for any other record."""
    return record.field(FORGOTTEN) if record.type == "metadata" else None


def forgotten_digest(record: WarcRecord) -> str | None:
    """The payload digest that a tombstone keeps."""
    return record.field(FORGOTTEN_DIGEST) if record.type == "metadata" else None


def forgotten_capture_id(record: WarcRecord) -> str | None:
    """The capture id of what stood where a tombstone stands; None when its address was not kept."""
    if not record.uri:
        return None
    return capture_id(known_address(record.uri), record.captured_at, forgotten_digest(record) or digest_of(b""))
