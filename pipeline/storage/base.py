"""What every storage can do: objects by name below one address, whole or in part, and conditional puts.

Names are relative, parts joined by ``/``. A name that a listing yields comes from outside: `is_safe` decides whether it may
become a path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from pipeline.errors import StorageError

MAX_OBJECTS: Final = 2_000_000
SMALL_BYTES: Final = 1024 * 1024
"""What is read whole into memory (pointer, lock) may have so many bytes."""
STEP: Final = 1024 * 1024


class Item(NamedTuple):
    """An object as a listing has it. ``tag`` (the ETag) is another one whenever the object is put again."""

    name: str
    size: int
    tag: str


class Head(NamedTuple):
    """What is known of one object. ``sha256`` in hex where whoever put it said so; ``age_seconds`` by the storage's clock."""

    size: int
    tag: str
    sha256: str | None
    age_seconds: float


class Told(NamedTuple):
    """Requests made and bytes of data moved since the storage was opened; locks and other hidden objects are no data."""

    requests: int
    bytes_read: int
    bytes_written: int


class Storage(Protocol):
    """Objects below one address.

    Every method raises StorageError, or ConfigError where a setting is to blame, with one line that says what to do.
    ObjectMissing: there is no such object. ObjectChanged: a condition (``tag`` or ``is_new``) does not hold.
    """

    address: str

    def items(self) -> Iterator[Item]:
        """Every object, in no order that means anything."""

    def head(self, name: str) -> Head | None:
        """What is known of an object, None when there is none."""

    def read(self, name: str, limit: int = SMALL_BYTES) -> tuple[bytes, str]:
        """An object of at most ``limit`` bytes, and its tag."""

    def read_range(self, name: str, start: int, length: int) -> bytes:
        """Bytes of an object from ``start`` on; fewer where it ends before."""

    def fetch(self, item: Item, target: Path) -> str:
        """Writes the object, when it still is the one listed, to a new file; its SHA-256 in hex, verified where one is kept."""

    def put(self, name: str, source: bytes | Path, *, tag: str | None = None, is_new: bool = False) -> Item:
        """Puts an object whole. With ``tag`` only in place of that one, with ``is_new`` only where there is none."""

    def delete(self, name: str, *, tag: str | None = None) -> None:
        """Removes an object; nothing happens when there is none. With ``tag`` only that one."""

    def told(self) -> Told:
        """What the storage was asked for so far."""


def digests(source: bytes | Path) -> tuple[int, str, bytes]:
    """Bytes, SHA-256 in hex and MD5 of what is to be put, in one pass. Raises OSError."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    size = 0
    if isinstance(source, bytes):
        sha256.update(source)
        md5.update(source)
        return len(source), sha256.hexdigest(), md5.digest()
    with source.open("rb") as file:
        while chunk := file.read(STEP):
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
    return size, sha256.hexdigest(), md5.digest()


def written(chunks: Iterator[bytes], target: Path, size: int, expected: str | None, where: str) -> str:
    """Writes what a storage sends to ``target``; its SHA-256. Raises StorageError when it is not what was announced."""
    sha256 = hashlib.sha256()
    got = 0
    with target.open("xb") as file:
        for chunk in chunks:
            got += len(chunk)
            if got > size:
                break
            sha256.update(chunk)
            file.write(chunk)
    if got != size:
        raise StorageError(f"{where}: {got} bytes came instead of {size}; run again")
    if expected is not None and sha256.hexdigest() != expected:
        raise StorageError(f"{where}: is not what was put there (sha256 {expected}); restore the object, then run again")
    return sha256.hexdigest()
