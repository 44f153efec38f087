"""WARC records in memory: named fields, block and payload.

Written after ISO 28500:2017 (WARC/1.1). Nothing here touches a file.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
import time
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from pipeline.archive.dates import full_time
from pipeline.archive.digests import digest_of
from pipeline.archive.heads import (
    FOLDING,
    clean_value,
    head_lines,
    http_head_length,
    http_headers,
    media_type_of,
    status_code_of,
)

Fields = Sequence[tuple[str, str]]

WARC_VERSION: Final = "WARC/1.1"
MAX_RECORD_BYTES: Final = 100 * 1024 * 1024
MAX_FIELD_BYTES: Final = 4 * 1024 * 1024  # one record's named fields; addresses of a megabyte have been met in the wild
CAPTURE_TYPES: Final = ("response", "resource", "conversion")

# Own named fields: ISO 28500 lets writers add some, and readers skip those they do not know.
TIME_STATUS: Final = "Praktyki-Capture-Time"
TIME_UNKNOWN: Final = "unknown"
SOURCE_FILENAME: Final = "Praktyki-Source-Filename"
SOURCE_DATE: Final = "Praktyki-Source-Date"
SOURCE_PAYLOAD_DIGEST: Final = "Praktyki-Source-Payload-Digest"
ORIGIN: Final = "Praktyki-Origin"
FROM_ARCHIVE: Final = "archive"
ARCHIVE_URL: Final = "Praktyki-Archive-URL"
ARCHIVE_FETCHED: Final = "Praktyki-Archive-Fetched"

_UUID_7 = 7 << 76 | 2 << 62  # RFC 9562 5.7: version and variant of a UUID that begins with the time
_UUID_RANDOM = (1 << 80) - 1 & ~(15 << 76 | 3 << 62)
_VERSION_LINE = re.compile(r"WARC/\d+\.\d+\s*", re.ASCII)
_PLAIN_VERSIONS = (b"WARC/1.1\r\n", b"WARC/1.0\r\n")
_PLAIN_FIELD = re.compile(r"\n([!-9;-~]+):[ \t]*+((?:[!-~](?:[ -~]*[!-~])?)?)[ \t]*+(?=\r?\n|\Z)")
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_RECORD_HEAD_END = re.compile(rb"\r?\n\r?\n")


class MalformedRecord(ValueError):
    """Bytes that should be a WARC record are not. Turned into a problem or a failure by every reader of files."""


@dataclasses.dataclass(frozen=True)
class WarcRecord:
    """One record: its named fields in order and its content block, both as archived. What is read off them is kept."""

    fields: tuple[tuple[str, str], ...]
    block: bytes

    def field(self, name: str) -> str | None:
        """Value of the first field of that name, capitals and small letters alike; None when absent or empty."""
        return self._values.get(name.lower())

    @cached_property
    def _values(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.fields:
            if value:
                found.setdefault(name.lower(), value)
        return found

    @cached_property
    def type(self) -> str:
        """WARC-Type in small letters, empty when absent."""
        return (self.field("WARC-Type") or "").lower()

    @cached_property
    def uri(self) -> str:
        """WARC-Target-URI without the angle brackets that Wget 1.19 puts around it, empty when absent."""
        uri = self.field("WARC-Target-URI") or ""
        if uri.startswith("<") and uri.endswith(">"):
            uri = uri[1:-1]
        return clean_value(uri).replace(" ", "%20")

    @property
    def record_id(self) -> str:
        """WARC-Record-ID, empty when absent."""
        return self.field("WARC-Record-ID") or ""

    @property
    def captured_at(self) -> dt.datetime | None:
        """Time of capture in UTC; None when it is marked unknown, or is not given to the second."""
        if self.field(TIME_STATUS) == TIME_UNKNOWN:
            return None
        return full_time(self.field("WARC-Date") or "")

    @cached_property
    def is_http(self) -> bool:
        """Whether the block begins with an HTTP head: by type and scheme, as warcio has it, and by its first bytes.

        Some tools store a bare page as a response; reading up to its first blank line as a head would cut the page.
        """
        if not self.uri[:6].lower().startswith(("http:", "https:")):
            return False
        return self.type == "request" or (self.type in ("response", "revisit") and self.block[:5].upper() == b"HTTP/")

    @cached_property
    def http_head(self) -> bytes:
        """Status or request line and header lines with the blank line, as archived; empty when not HTTP."""
        return self.block[: http_head_length(self.block)] if self.is_http else b""

    @property
    def payload(self) -> bytes:
        """The block without the HTTP head: what WARC-Payload-Digest covers."""
        return self.block[len(self.http_head) :] if self.is_http else self.block

    @cached_property
    def headers(self) -> dict[str, str]:
        """Header lines of the HTTP head by name in small letters; empty when not HTTP."""
        return http_headers(self.http_head)

    @property
    def payload_digest(self) -> str:
        """WARC-Payload-Digest, computed as SHA-1 where the record carries none (a revisit without one has none)."""
        declared = self.field("WARC-Payload-Digest")
        if declared or self.type == "revisit":
            return declared or ""
        return digest_of(self.payload)

    @property
    def status_code(self) -> int | None:
        """HTTP status code, None when there is none."""
        return status_code_of(self.http_head) if self.type in ("response", "revisit") else None

    @property
    def media_type(self) -> str | None:
        """Media type in small letters without parameters, None when absent or not of the form ``type/subtype``."""
        return media_type_of(self.headers.get("content-type") if self.is_http else self.field("Content-Type"))


def field(fields: Fields, name: str) -> str | None:
    """Value of the first field of that name, capitals and small letters alike; None when absent or empty."""
    wanted = name.lower()
    for key, value in fields:
        if value and key.lower() == wanted:
            return value
    return None


def all_fields(fields: Fields, name: str) -> list[str]:
    """Values of every field of that name (WARC-Concurrent-To may repeat)."""
    wanted = name.lower()
    return [value for key, value in fields if key.lower() == wanted and value]


def new_record_id() -> str:
    """A fresh WARC-Record-ID: milliseconds since 1970 and 74 random bits.

    Ids made one after the other are neighbours, so that the ledger writes one page of its indexes for twenty of them.
    """
    number = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10), "big") & _UUID_RANDOM | _UUID_7
    digits = f"{number:032x}"
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}>"


def parsed_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """Named fields of a record from its head, version line included; continuation lines are joined by a space.

    Raises MalformedRecord when the first line is not ``WARC/<version>``.
    """
    if head.startswith(_PLAIN_VERSIONS) and head.isascii():
        plain = _plain_fields(head.decode("ascii"))
        if plain is not None:
            return plain
    first, *lines = head_lines(head)
    if not _VERSION_LINE.fullmatch(first):
        raise MalformedRecord(f"no WARC record: begins with {first[:40]!r}")
    fields: list[tuple[str, str]] = []
    for text in lines:
        if text[:1] in FOLDING and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {text.strip()}".strip())
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            fields.append((name.strip(), value.strip()))
    return tuple(fields)


def _plain_fields(head: str) -> tuple[tuple[str, str], ...] | None:
    """The fields of a head of which every line is ``Name: value`` and nothing more; None when one is not."""
    fields = tuple(_PLAIN_FIELD.findall(head))
    return fields if len(fields) == head.count("\n") else None


def content_length(fields: Fields) -> int:
    """Content-Length of the record in bytes. Raises MalformedRecord when absent or not a number."""
    text = field(fields, "Content-Length") or ""
    if not _LENGTH.fullmatch(text):
        raise MalformedRecord(f"the record has no usable Content-Length ({text[:20]!r})")
    return int(text)


def whole_record(data: bytes) -> WarcRecord:
    """The record that ``data``, one inflated gzip member, holds. Raises MalformedRecord unless it holds exactly one."""
    end, start = _head_end(data)
    fields = parsed_fields(data[:end])
    stop = start + content_length(fields)
    if len(data) < stop:
        raise MalformedRecord(f"the record is {stop - len(data)} bytes shorter than its Content-Length says")
    if data[stop:].strip(b"\r\n"):
        raise MalformedRecord("more than one record, or a wrong Content-Length, in one gzip member")
    return WarcRecord(fields, data[start:stop])


def _head_end(data: bytes) -> tuple[int, int]:
    """Where the fields of a record end, and where its block begins. Raises MalformedRecord when they do not end."""
    end = data.find(b"\r\n\r\n")  # a search for the pattern takes ten times as long
    if end < 0 or b"\n\n" in (head := data[: end + 2]) or b"\n\r\n" in head:
        match = _RECORD_HEAD_END.search(data)
        if match is None:
            raise MalformedRecord("the record's fields do not end")
        return match.span()
    return end, end + 4
