"""Files of a stage as they are needed: `opened` fetches what a working copy holds in name only, `whole` sends what is ready.

Every other folder is not touched by any of it: `opened` then is `open`, and `whole` does nothing.

A task for a worker on another machine carries a `Where` in place of a folder; `Where.here` is the folder there.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.config import default_cache_dir
from pipeline.errors import ObjectMissing
from pipeline.places import S3Settings
from pipeline.storage.base import Item, Storage
from pipeline.storage.home import Home, home_of, is_stand_in, opened_home
from pipeline.storage.opening import storage_at
from pipeline.storage.rules import is_safe

_TRIES: Final = 3
WHOLE_BYTES: Final = 8 * 1024 * 1024
"""A file up to this size is fetched whole, even for one record."""
_PART_BYTES: Final = 64 * 1024

_ready: dict[Path, Callable[[Path], None]] = {}


def opened(path: Path) -> io.BufferedReader:
    """The file for reading bytes, fetched first where only its stand-in lies (or, below a working copy, nothing at all).

    Raises OSError as `open` does, StorageError when it cannot be fetched.
    """
    for _ in range(_TRIES):
        try:
            file = path.open("rb")
        except (FileNotFoundError, PermissionError):
            if not _fetched(path):
                raise
            continue
        if not is_stand_in(os.fstat(file.fileno())):
            return file
        file.close()
        if not _fetched(path):
            break
    return path.open("rb")


def opened_in_parts(path: Path) -> io.BufferedReader:
    """The file for reading a record or two: of a large one that is not there yet only the bytes asked for are fetched.

    Raises OSError as `open` does, StorageError. It has no file number.
    """
    with contextlib.suppress(OSError):
        stat = path.stat()
        home = home_of(path) if is_stand_in(stat) and stat.st_size > WHOLE_BYTES else None
        if home is not None and path.resolve().is_relative_to(home.folder):
            name = path.resolve().relative_to(home.folder).as_posix()
            return io.BufferedReader(_Parts(storage_at(home.place.address, home.place.s3), name, stat.st_size), _PART_BYTES)
    return opened(path)


class _Parts(io.RawIOBase):
    """An object read in ranges."""

    def __init__(self, storage: Storage, name: str, size: int) -> None:
        self._storage = storage
        self._name = name
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), max(0, self._size - self._at))
        content = self._storage.read_range(self._name, self._at, wanted) if wanted else b""
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


def at_hand(path: Path) -> Path:
    """The path, once the file it names is really there: for readers that take names only. See `opened`, which is safer."""
    opened(path).close()
    return path


@contextlib.contextmanager
def kept(path: Path) -> Iterator[None]:
    """Fetches a file of a working copy where it is not there yet, and keeps it from being dropped while the block runs.

    A file that is nowhere is no error here: whoever opens it will say so. Raises StorageError when it cannot be fetched.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            for _ in range(_TRIES):
                file = stack.enter_context(opened(path))
                fcntl.flock(file, fcntl.LOCK_SH)
                if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                    break
        yield


def whole(path: Path) -> None:
    """Tells that a file of a stage is complete: it is sent at once where its folder is a working copy that is written to."""
    for folder, send in _ready.items():
        if path.is_relative_to(folder):
            send(path)


@contextlib.contextmanager
def sending(folder: Path, send: Callable[[Path], None]) -> Iterator[None]:
    """Lets `whole` hand the files of a folder to ``send``."""
    _ready[folder] = send
    try:
        yield
    finally:
        del _ready[folder]


class Where(msgspec.Struct, frozen=True):
    """A stage's folder, fit to be sent to another process or machine.

    ``address`` is None for a local folder; workers on other machines must then see the same path (a network mount).
    """

    folder: Path
    stage: str = ""
    address: str | None = None
    s3: S3Settings = S3Settings()

    def here(self) -> Path:
        """The folder on this machine: the working copy it names, else one made here, into which files come when opened."""
        if self.address is None:
            return self.folder
        home = home_of(self.folder / self.stage)
        if home is not None and home.place.address == self.address:
            return self.folder
        return opened_home(self.address, self.stage, self.s3, default_cache_dir()).folder


def where_of(folder: Path) -> Where:
    """What to send to a worker in place of ``folder``, which may be any folder."""
    home = home_of(folder / "any")
    if home is None or home.folder != folder.resolve():
        return Where(folder)
    return Where(folder, home.place.stage, home.place.address, home.place.s3)


def _fetched(path: Path) -> bool:
    """Fetches the object that a path of a working copy stands for; False when it is no such path or there is no such object."""
    path = path.resolve()
    home = home_of(path)
    if home is None or not path.is_relative_to(home.folder):
        return False
    name = path.relative_to(home.folder).as_posix()
    if not is_safe(name):
        return False
    with home.held(name):
        with contextlib.suppress(FileNotFoundError):
            if not is_stand_in(path.stat()):
                return True  # another process was quicker
        return _fetch(home, name, path)


def _fetch(home: Home, name: str, path: Path) -> bool:
    storage = storage_at(home.place.address, home.place.s3)
    head = storage.head(name)
    if head is None:
        return False
    aside = home.temporary()
    try:
        storage.fetch(Item(name, head.size, head.tag), aside)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(path)
    except ObjectMissing:
        return False
    finally:
        aside.unlink(missing_ok=True)
    home.noted(path, head.size)
    return True
