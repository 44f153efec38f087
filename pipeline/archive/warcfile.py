"""One WARC file that grows: created under the name ``….warc.gz.open``, synced, renamed when whole, indexed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from pipeline.archive.files import archive_errors, synced_folder
from pipeline.archive.index import Index, IndexEntry, index_meta, write_index
from pipeline.faults import reached
from pipeline.storage.hand import whole

OPEN_SUFFIX: Final = ".open"
_WRITE_STEP: Final = 1024 * 1024


class WarcFile:
    """Takes members. Every method raises ArchiveError when the disk does not take them."""

    def __init__(self, path: Path) -> None:
        """Creates the file of the final name ``path``. Raises FileExistsError."""
        self.path = path
        self.name = path.name
        self.size = 0
        self.records = 0
        self._open_path = path.with_name(path.name + OPEN_SUFFIX)
        self._entries: list[IndexEntry] = []
        self._hash = hashlib.sha256()
        reached("warc.create")
        self._descriptor = os.open(self._open_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)

    def append(self, member: bytes, entry: IndexEntry | None) -> int:
        """The offset at which a member was written, whole; ``entry`` is its index entry but for its place."""
        offset = self.size
        with self._errors():
            try:
                _write_all(self._descriptor, member)
            except OSError:
                os.ftruncate(self._descriptor, offset)
                os.lseek(self._descriptor, offset, os.SEEK_SET)
                raise
        self.size += len(member)
        self.records += 1
        self._hash.update(member)
        if entry is not None:
            place = {"filename": self.name, "offset": str(offset), "length": str(len(member))}
            self._entries.append(msgspec.structs.replace(entry, **place))
        return offset

    def sync(self) -> None:
        """Returns when everything written so far would survive a power loss."""
        reached("warc.sync")
        with self._errors():
            os.fsync(self._descriptor)

    def finish(self) -> None:
        """Syncs, renames and indexes the file."""
        with self._errors():
            try:
                reached("warc.sync")
                os.fsync(self._descriptor)
            finally:
                os.close(self._descriptor)
            reached("warc.rename")
            self._open_path.rename(self.path)
            reached("warc.folder_sync")
            synced_folder(self.path.parent)
        reached("warc.index")
        meta = index_meta(self.name, self.size, self.records, self._hash.hexdigest())
        write_index(self.path, Index(meta, self._entries))
        reached("warc.finished")
        whole(self.path)

    def discard(self) -> None:
        """Takes the file away."""
        os.close(self._descriptor)
        with contextlib.suppress(OSError):
            self._open_path.unlink()

    def _errors(self) -> contextlib.AbstractContextManager[None]:
        return archive_errors(self._open_path, "mend the disk or the rights, then run again; whole records stay")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    reached("warc.write")
    while view:
        view = view[os.write(descriptor, view[:_WRITE_STEP]) :]
        reached("warc.written")
