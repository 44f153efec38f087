"""Storages by address."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pipeline.places import S3Settings, parsed_address
from pipeline.storage.base import Storage
from pipeline.storage.folder import FolderStorage


@lru_cache(maxsize=8)
def storage_at(address: str, settings: S3Settings) -> Storage:
    """The storage at an address, opened once a process. Raises ConfigError."""
    parsed = parsed_address(address)
    if parsed.scheme == "file":
        return FolderStorage(Path("/", parsed.prefix), parsed.text)
    from pipeline.storage.s3 import S3Storage

    return S3Storage(parsed, settings)
