"""Where a stage lies: in a local folder, or at an address of which commands make working copies.

An address is ``s3://bucket/prefix``, or ``file:///folder`` for a folder on a network mount that is to be treated alike
(no SQLite and no locks on it). What is below it is copied into a folder of `cache_dir` before a command and back after it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from pipeline.errors import ConfigError

STAGES: Final = ("raw", "extracted", "datasets", "registers")
CACHE_BYTES: Final = 4 * 1024**3
_SCHEMES = ("s3", "file")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_PART = re.compile(r"[A-Za-z0-9!_.*'()=@+,-][A-Za-z0-9!_.*'()=@+, -]{0,199}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class S3Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How s3:// is reached, in ``[s3]`` of the file or as PRAKTYKI_S3_*; credentials come from boto3's own chain.

    ``endpoint_url``: of a service other than Amazon's. ``allow_http`` lets it be one without TLS that is not this machine.
    ``cache_bytes``: how many bytes of WARC files working copies may keep on disk; those not used longest go first.
    """

    endpoint_url: str | None = None
    region: str | None = None
    allow_http: bool = False
    cache_bytes: int = CACHE_BYTES


class Address(NamedTuple):
    """A checked address; ``prefix`` has no slash at its ends and is a folder for ``file``."""

    scheme: str
    bucket: str
    prefix: str

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.scheme}://{self.bucket}/{self.prefix}".rstrip("/")


def is_address(text: str) -> bool:
    """Whether a setting names an address and not a local folder."""
    return "://" in text


def parsed_address(text: str) -> Address:
    """Raises ConfigError when the address cannot be used, saying how to write it."""
    scheme, _, rest = text.partition("://")
    bucket, _, prefix = rest.partition("/")
    parts = [part for part in prefix.rstrip("/").split("/") if prefix.rstrip("/")]
    if scheme not in _SCHEMES:
        raise ConfigError(f"{text[:200]!r}: no address we know; write a folder, s3://bucket/prefix or file:///folder")
    is_named = bool(_BUCKET.fullmatch(bucket)) if scheme == "s3" else not bucket and bool(parts)
    if not is_named or any(part in (".", "..") or not _PART.fullmatch(part) for part in parts):
        raise ConfigError(f"{text[:200]!r} cannot be used; write s3://bucket/prefix in plain letters, digits, - _ . and /")
    return Address(scheme, bucket, "/".join(parts))


def joined(address: str, name: str) -> str:
    """The address of what lies below an address."""
    return f"{address.rstrip('/')}/{name}"


def checked_s3(s3: S3Settings) -> None:
    """Raises ConfigError for an endpoint that is none, or that everybody on the way could read along."""
    if s3.cache_bytes < 0:
        raise ConfigError(f"settings: [s3] cache_bytes is {s3.cache_bytes}, it must be 0 or more")
    if s3.endpoint_url is None:
        return
    try:
        parts = urlsplit(s3.endpoint_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise ConfigError(f"settings: [s3] endpoint_url is {s3.endpoint_url!r}; write https://host, credentials elsewhere")
    if parts.scheme == "http" and host not in _LOOPBACK and not s3.allow_http:
        raise ConfigError(
            f"settings: [s3] endpoint_url {s3.endpoint_url} has no TLS: pages and persons could be read on the way;"
            " write https://, or allow_http = true under [s3] where the network is your own"
        )


def working_home(address: str, s3: S3Settings, cache_dir: Path) -> Path:
    """The folder of `cache_dir` in which the working copy of an address and its notes lie."""
    parsed = parsed_address(address)
    told = "\0".join((s3.endpoint_url or "", *parsed)) if parsed.scheme == "s3" else parsed.text
    return cache_dir / f"{parsed.bucket or 'folder'}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
