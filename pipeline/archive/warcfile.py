"""One WARC file that grows: created under the name ``….warc.gz.open``, synced, renamed when whole, indexed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from pipeline.archive.files import archive_errors, synced_folder
from pipeline.archive.index import Index, index_meta, write_index
from pipeline.archive.indexentry import IndexEntry
from pipeline.faults import reached
from pipeline.storage.hand import whole

OPEN_SUFFIX: Final = ".open"
_WRITE_STEP: Final = 1024 * 1024
_MOST_HELD: Final = 1024 * 1024


class WarcFile:
    """Takes members. Every method raises ArchiveError when the disk does not take them.

    ``size`` and ``records`` count what was taken.
    """

    def __init__(self, path: Path, *, writes_at_sync: bool = False) -> None:
        """Creates the file of the final name ``path``. Raises FileExistsError.

        ``writes_at_sync``: members are held until the next sync, or a MiB of them: dozens of them go in one write.
        """
        self.path = path
        self.name = path.name
        self.size = 0
        self.records = 0
        self._most_held = _MOST_HELD if writes_at_sync else 0
        self._held: list[bytes] = []
        self._written = _Written(0, 0, 0)
        self._open_path = path.with_name(path.name + OPEN_SUFFIX)
        self._entries: list[IndexEntry] = []
        self._hash = hashlib.sha256()
        reached("warc.create")
        self._descriptor = os.open(self._open_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)

    def append(self, member: bytes, entry: IndexEntry | None) -> int:
        """The offset at which a member lies, whole; ``entry`` is its index entry but for its place."""
        if self.size - self._written.size + len(member) > self._most_held:
            self.flush()
        offset = self.size
        self._held.append(member)
        self.size += len(member)
        self.records += 1
        if entry is not None:
            place = {"filename": self.name, "offset": str(offset), "length": str(len(member))}
            self._entries.append(msgspec.structs.replace(entry, **place))
        if len(member) > self._most_held:
            self.flush()
        return offset

    def flush(self) -> None:
        """Writes what is held: all of it or, when the disk does not take it, nothing."""
        if not self._held:
            return
        data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held = []
        with self._errors():
            try:
                _write_all(self._descriptor, data)
            except OSError:
                self.size, self.records, entries = self._written
                del self._entries[entries:]
                os.ftruncate(self._descriptor, self.size)
                os.lseek(self._descriptor, self.size, os.SEEK_SET)
                raise
        self._hash.update(data)
        self._written = _Written(self.size, self.records, len(self._entries))

    def sync(self) -> None:
        """Returns when everything taken so far would survive a power loss."""
        self.flush()
        reached("warc.sync")
        with self._errors():
            os.fsync(self._descriptor)

    def finish(self) -> None:
        """Syncs, renames and indexes the file. One of which the last members cannot be written is finished without them."""
        try:
            self.flush()
        finally:
            self._finish()

    def _finish(self) -> None:
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


class _Written(NamedTuple):
    """How much of what was taken lies in the file."""

    size: int
    records: int
    entries: int


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    reached("warc.write")
    while view:
        view = view[os.write(descriptor, view[:_WRITE_STEP]) :]
        reached("warc.written")
