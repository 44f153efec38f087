"""A local folder, or a mounted one, as a storage. A tag is size, time of change and inode of a file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import ObjectChanged, ObjectMissing, StorageError
from pipeline.faults import reached
from pipeline.storage.base import SMALL_BYTES, STEP, Head, Item, Told, written

_CONDITIONS = ".conditions"


class FolderStorage:
    """Objects are files below a folder; a put is written aside, synced and renamed. See `Storage`."""

    def __init__(self, folder: Path, address: str) -> None:
        self.address = address
        self._folder = folder
        self._requests = self._bytes_read = self._bytes_written = 0

    def items(self) -> Iterator[Item]:
        self._requests += 1
        for folder, names, files in os.walk(self._folder):
            names[:] = [name for name in names if not name.startswith(".")]
            for file in files:
                if not file.startswith("."):
                    path = Path(folder, file)
                    with contextlib.suppress(FileNotFoundError):
                        stat = path.stat()
                        yield Item(path.relative_to(self._folder).as_posix(), stat.st_size, _tag(stat))

    def head(self, name: str) -> Head | None:
        self._requests += 1
        try:
            stat = self._path(name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Head(stat.st_size, _tag(stat), None, max(0.0, time.time() - stat.st_mtime))

    def read(self, name: str, limit: int = SMALL_BYTES) -> tuple[bytes, str]:
        self._requests += 1
        with self._errors(name), self._path(name).open("rb") as file:
            content = file.read(limit + 1)
            tag = _tag(os.fstat(file.fileno()))
        if len(content) > limit:
            raise StorageError(f"{self._told(name)}: has more than {limit} bytes; look what it is and move it away")
        self._bytes_read += len(content)
        return content, tag

    def read_range(self, name: str, start: int, length: int) -> bytes:
        self._requests += 1
        with self._errors(name), self._path(name).open("rb") as file:
            file.seek(start)
            content = file.read(length)
        self._bytes_read += len(content)
        return content

    def fetch(self, item: Item, target: Path) -> str:
        self._requests += 1
        with self._errors(item.name), self._path(item.name).open("rb") as file:
            if _tag(os.fstat(file.fileno())) != item.tag:
                raise ObjectChanged(f"{self._told(item.name)}: was changed while it was read; run again")
            digest = written(iter(lambda: file.read(STEP), b""), target, item.size, None, self._told(item.name))
        self._bytes_read += item.size
        return digest

    def put(self, name: str, source: bytes | Path, *, tag: str | None = None, is_new: bool = False) -> Item:
        self._requests += 1
        reached("storage.put")
        path = self._path(name)
        aside = path.with_name(f".{uuid.uuid4().hex}.part")
        with self._errors(name), self._alone():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._held_to(name, tag, is_new=is_new)
            try:
                with aside.open("xb") as file:
                    if isinstance(source, bytes):
                        file.write(source)
                    else:
                        with source.open("rb") as content:
                            while chunk := content.read(STEP):
                                file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                aside.replace(path)
                stat = path.stat()
            finally:
                aside.unlink(missing_ok=True)
        self._bytes_written += 0 if name.startswith(".") else stat.st_size
        return Item(name, stat.st_size, _tag(stat))

    def delete(self, name: str, *, tag: str | None = None) -> None:
        self._requests += 1
        reached("storage.delete")
        with self._errors(name), self._alone():
            if tag is not None:
                with contextlib.suppress(ObjectMissing):
                    self._held_to(name, tag, is_new=False)
            path = self._path(name)
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # a folder goes with its last file, up to the storage's own
                while (path := path.parent) != self._folder:
                    path.rmdir()

    def told(self) -> Told:
        return Told(self._requests, self._bytes_read, self._bytes_written)

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _told(self, name: str) -> str:
        return f"{self.address}/{name}"

    def _held_to(self, name: str, tag: str | None, *, is_new: bool) -> None:
        if tag is None and not is_new:
            return
        try:
            there = _tag(self._path(name).stat())
        except FileNotFoundError:
            there = None
        if tag is not None and there is None:
            raise ObjectMissing(f"{self._told(name)}: is gone")
        if there != tag:
            raise ObjectChanged(f"{self._told(name)}: is there already or was changed")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Between a condition and the rename nobody else may put: all who use this class hold the lock."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / _CONDITIONS).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise ObjectMissing(f"{self._told(name)}: is not there") from error
        except OSError as error:
            raise StorageError(f"{self._told(name)}: {error.strerror or error}; mend the folder, then run again") from error


def _tag(stat: os.stat_result) -> str:
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"
