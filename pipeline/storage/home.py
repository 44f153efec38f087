"""The folder of a working copy: ``<cache_dir>/<bucket>-<key>/`` with ``<stage>/``, the copy itself, and notes beside it.

``place.json`` says of which address it is a copy, so that a path alone is enough to fetch what is not there yet.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import StorageError
from pipeline.places import S3Settings, working_home

PLACE: Final = "place.json"
_TEMPORARY = "tmp"
_FETCHED = "fetched"
_LOCKS = "locks"
_LEFT_OVER_SECONDS = 24 * 3600.0
STAND_IN: Final = 0
"""The mode of a stand-in: a file that has the name and size of an object not fetched yet, no block on disk and no rights."""


_homes: dict[Path, Home] = {}


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``place.json`` says."""

    address: str
    stage: str
    s3: S3Settings


class Home:
    """One working copy on disk."""

    def __init__(self, path: Path, place: Place) -> None:
        self.path = path
        self.place = place
        self.folder = path / place.stage

    def temporary(self) -> Path:
        """A name for a file that is written aside, on the same file system."""
        return self.path / _TEMPORARY / uuid.uuid4().hex

    def clear(self) -> None:
        """Removes what a kill left half-fetched; what another process fetches at this moment is younger."""
        for path in (self.path / _TEMPORARY).iterdir():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.lstat().st_mtime > _LEFT_OVER_SECONDS:
                    path.unlink()

    @contextlib.contextmanager
    def held(self, name: str) -> Iterator[None]:
        """One process at a time does what ``name`` says; others wait."""
        with (self.path / _LOCKS / hashlib.sha256(name.encode()).hexdigest()[:24]).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def stand_in(self, target: Path, size: int) -> None:
        """Puts a stand-in of ``size`` bytes at ``target``."""
        aside = self.temporary()
        with aside.open("xb") as file:
            file.truncate(size)
        aside.chmod(STAND_IN)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(target)

    def noted(self, target: Path, size: int) -> None:
        """Notes that a WARC file lies here whole and may be dropped again; drops those used longest ago beyond the limit."""
        name = target.relative_to(self.folder).as_posix()
        note = self._fetched_note(name)
        note.write_text(f"{size} {' '.join(map(str, stamp_of(target.stat())))} {name}", "utf-8")
        found: list[tuple[int, Path, int, str]] = []  # time of note, note, bytes, name
        for path in (self.path / _FETCHED).iterdir():
            with contextlib.suppress(OSError, ValueError):  # another process drops notes too
                number, *_, held = path.read_text("utf-8").split(" ", 4)
                found.append((path.stat().st_mtime_ns, path, int(number), held))
        total = sum(number for _, _, number, _ in found)
        for _, path, held_bytes, held in sorted(found):
            if total <= self.place.s3.cache_bytes or path == note:
                continue
            if self._dropped(self.folder / held, held_bytes):
                path.unlink(missing_ok=True)
                total -= held_bytes

    def fetched_stamp(self, name: str) -> tuple[int, ...] | None:
        """The stamp of a file that came when it was opened, None when it did not."""
        try:
            return tuple(map(int, self._fetched_note(name).read_text("utf-8").split(" ", 4)[1:4]))
        except (OSError, ValueError):
            return None

    def _fetched_note(self, name: str) -> Path:
        return self.path / _FETCHED / hashlib.sha256(name.encode()).hexdigest()[:24]

    def _dropped(self, target: Path, size: int) -> bool:
        """Puts a stand-in where a file lies, unless somebody reads it (`pipeline.storage.hand.kept`)."""
        try:
            with target.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(file.fileno()).st_size == size:
                    self.stand_in(target, size)
        except BlockingIOError:
            return False
        except (FileNotFoundError, PermissionError):
            pass
        return True


def opened_home(address: str, stage: str, s3: S3Settings, cache_dir: Path) -> Home:
    """The working copy of an address, its folders made. Raises StorageError when the disk does not let it."""
    path = working_home(address, s3, cache_dir)
    home = Home(path, Place(address, stage, s3))
    try:
        for folder in (path, path / _TEMPORARY, path / _FETCHED, path / _LOCKS, home.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it may hold persons
        note = msgspec.json.encode(home.place)
        if not (path / PLACE).is_file() or (path / PLACE).read_bytes() != note:
            aside = home.temporary()
            aside.write_bytes(note)
            aside.replace(path / PLACE)
    except OSError as error:
        raise StorageError(
            f"{error.filename or path}: {error.strerror}; cache_dir must be a folder that can be written"
        ) from error
    _homes[path] = home
    return home


def home_of(path: Path) -> Home | None:
    """The working copy in which a path lies, None for every other path."""
    for folder in path.resolve().parents:
        if folder in _homes:
            return _homes[folder]
        try:
            place = msgspec.json.decode((folder / PLACE).read_bytes(), type=Place)
        except (OSError, msgspec.MsgspecError):
            continue
        return _homes.setdefault(folder, Home(folder, place))
    return None


def is_stand_in(stat: os.stat_result) -> bool:
    """Whether a file is there in name and size only."""
    return stat.st_mode & 0o777 == STAND_IN


def stamp_of(stat: os.stat_result) -> tuple[int, int, int]:
    """What changes whenever a file is written or replaced: size, time of change, inode."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
