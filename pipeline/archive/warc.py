"""WARC records in memory: named fields, block, payload, digests, times, capture ids.

Written after ISO 28500:2017 (WARC/1.1). Nothing here touches a file.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import functools
import hashlib
import itertools
import os
import re
import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

Fields = Sequence[tuple[str, str]]

WARC_VERSION: Final = "WARC/1.1"
MAX_RECORD_BYTES: Final = 100 * 1024 * 1024
MAX_FIELD_BYTES: Final = 4 * 1024 * 1024  # one record's named fields; addresses of a megabyte have been met in the wild
CAPTURE_TYPES: Final = ("response", "resource", "conversion")
NO_ADDRESS_SCHEME: Final = "ni:"

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

_BASE32_PAIRS = ["".join(pair) for pair in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)]
_UUID_7 = 7 << 76 | 2 << 62  # RFC 9562 5.7: version and variant of a UUID that begins with the time
_UUID_RANDOM = (1 << 80) - 1 & ~(15 << 76 | 3 << 62)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_TOKEN = re.compile(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]")
_HEAD_END = re.compile(rb"\n[ \t\r\f\v]*\n")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_VERSION_LINE = re.compile(r"WARC/\d+\.\d+\s*", re.ASCII)
_PLAIN_VERSIONS = (b"WARC/1.1\r\n", b"WARC/1.0\r\n")
_PLAIN_FIELD = re.compile(r"\n([!-9;-~]+):[ \t]*+((?:[!-~](?:[ -~]*[!-~])?)?)[ \t]*+(?=\r?\n|\Z)")
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_RECORD_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLDING = (" ", "\t")
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_FULL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")
_ALGORITHMS = {"sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256", "sha512": "sha512", "md5": "md5"}


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


def status_code_of(http_head: bytes) -> int | None:
    """The status code in a response head, None when there is none."""
    match = _STATUS_LINE.match(http_head)
    return int(match.group(1)) if match else None


def media_type_of(content_type: str | None) -> str | None:
    """The media type that a Content-Type names, in small letters; None when it is not of the form ``type/subtype``."""
    essence = (content_type or "").partition(";")[0].partition(",")[0].strip().lower()
    return essence if _MEDIA_TYPE.fullmatch(essence) else None


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


def clean_value(text: str) -> str:
    r"""``text`` fit for one header line: runs of control characters and line separators become one space.

    What cannot be written as UTF-8 (undecodable file names) is written as ``\udcXX`` in ASCII.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return _CONTROL.sub(" ", text).encode("utf-8", "backslashreplace").decode("utf-8").strip()


def clean_name(text: str) -> str:
    """``text`` fit as a header name: every character that RFC 9110 forbids in a token becomes ``_``."""
    return (_NOT_TOKEN.sub("_", text) if _NOT_TOKEN.search(text) else text) or "_"


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
    first, *lines = _lines(head)
    if not _VERSION_LINE.fullmatch(first):
        raise MalformedRecord(f"no WARC record: begins with {first[:40]!r}")
    fields: list[tuple[str, str]] = []
    for text in lines:
        if text[:1] in _FOLDING and fields:
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


def http_head_length(block: bytes) -> int:
    """Bytes of the HTTP head with its blank line; all of the block when the head does not end."""
    end = _HEAD_END.search(block)
    return end.end() if end else len(block)


def http_headers(head: bytes) -> dict[str, str]:
    """Header lines of an HTTP head, names in small letters, values of one name joined by a comma and a space."""
    found: dict[str, str] = {}
    last = ""
    for text in _lines(head)[1:]:
        if text[:1] in _FOLDING and last:
            found[last] = f"{found[last]} {clean_value(text)}".strip()
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            last = name.strip().lower()
            value = clean_value(value)
            found[last] = f"{found[last]}, {value}" if last in found else value
    return found


def http_head(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """An HTTP head as bytes. Control characters in names and values are neutralised: no header can start another."""
    return made_head(first_line, [(clean_name(name), clean_value(value)) for name, value in headers])


def made_head(first_line: str, headers: Sequence[tuple[str, str]]) -> bytes:
    """As `http_head`, of headers that are clean."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    return f"{clean_value(first_line)}\r\n{lines}\r\n".encode()


def digest_of(*parts: bytes) -> str:
    """SHA-1 in base32, as warcio and the Wayback Machine write digests: ``sha1:…``. Of parts as if they were one."""
    sha1 = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        sha1.update(part)
    number = int.from_bytes(sha1.digest(), "big")
    return "sha1:" + "".join([_BASE32_PAIRS[number >> shift & 1023] for shift in range(150, -1, -10)])


def digest_fits(declared: str, data: bytes) -> bool | None:
    """Whether a declared digest is that of ``data``, in base32, base16 or base64; None for an unknown algorithm."""
    if declared.startswith("sha1:") and declared == digest_of(data):
        return True
    algorithm, _, value = declared.partition(":")
    name = _ALGORITHMS.get(algorithm.strip().lower())
    value = value.strip().rstrip("=")
    if name is None or not value:
        return None
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    folded = {base64.b32encode(digest).decode("ascii").rstrip("=").lower(), digest.hex()}
    exact = {base64.b64encode(digest).decode("ascii").rstrip("="), base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")}
    return value.lower() in folded or value in exact


def full_time(text: str) -> dt.datetime | None:
    """A W3C date and time given to the second or finer, in UTC; None for anything coarser or unreadable.

    WARC/1.1 allows "2016-01": that is no time of capture, and no part of it is guessed.
    """
    if not _FULL_TIME.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


@functools.lru_cache(maxsize=64)
def iso_time(time: dt.datetime) -> str:
    """``2024-05-01T12:00:00Z``, with six decimals when there are microseconds. ``time`` must know its zone."""
    utc = time if time.tzinfo is dt.UTC else time.astimezone(dt.UTC)
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds")[:-6] + "Z"


def timestamp14(date: str) -> str:
    """The 14 digits of a CDX line from a WARC-Date in UTC; coarse dates are filled up with the earliest moment."""
    time = full_time(date)
    digits = re.sub(r"\D", "", iso_time(time) if time else date, flags=re.ASCII)[:14]
    return digits + "00000101000000"[len(digits) :]


def no_address_uri(body: bytes) -> str:
    """``ni:///sha-256;…`` (RFC 6920): the target URI of a capture whose address is not known."""
    value = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode("ascii").rstrip("=")
    return f"{NO_ADDRESS_SCHEME}///sha-256;{value}"


def known_address(uri: str) -> str | None:
    """``uri``, or None where it stands for an address that is not known."""
    return None if not uri or uri.lower().startswith(NO_ADDRESS_SCHEME) else uri


def capture_id(uri: str | None, time: dt.datetime | None, payload_digest: str) -> str:
    """``c:`` and 16 hex digits that depend on nothing but address, time and payload."""
    parts = (uri or "", iso_time(time) if time else "", payload_digest)
    return "c:" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def identity(record_type: str, uri: str, time: dt.datetime | None, payload_digest: str) -> bytes:
    """16 bytes by which two records are the same capture. A revisit is never the same as what it refers to."""
    kind = "revisit" if record_type == "revisit" else "capture"
    parts = (kind, known_address(uri) or "", iso_time(time) if time else "", payload_digest)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:16]


def _lines(head: bytes) -> list[str]:
    """The lines of a head: UTF-8, and Latin-1 each line that is no UTF-8."""
    head = head.replace(b"\r\n", b"\n")
    try:
        return head.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return [_text(line) for line in head.split(b"\n")]


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
