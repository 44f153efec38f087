"""What a capture is told by: its address or what stands for one, its id, and what makes two records the same capture."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Final

from pipeline.archive.dates import iso_time

NO_ADDRESS_SCHEME: Final = "ni:"


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
