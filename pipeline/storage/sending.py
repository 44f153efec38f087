"""A working copy sent back to its address: what is new or changed, in order, then the pointer, then what was removed.

Nothing that another run put meanwhile is overwritten: every put says which object it replaces, or that there is none.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from pipeline.errors import ChangedMeanwhile, ObjectChanged, ObjectMissing, PraktykiError, StorageError
from pipeline.faults import reached
from pipeline.storage.base import Item
from pipeline.storage.copy import PARALLEL, WorkingCopy, disk_errors
from pipeline.storage.hand import sending
from pipeline.storage.home import is_stand_in
from pipeline.storage.lock import StageLock
from pipeline.storage.rules import LATEST, PACKAGE, SNAPSHOTS, phase, snapshot_of

_INDEX = ".cdxj"
_WARC = ".warc.gz"


class Sender:
    """Sends what becomes whole while a command works, and the rest at its end."""

    def __init__(self, copy: WorkingCopy, lock: StageLock) -> None:
        self._copy = copy
        self._lock = lock
        self._folder = copy.home.folder
        self._early: list[Future[None]] = []
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="sending")

    @contextlib.contextmanager
    def taking(self) -> Iterator[None]:
        """Lets files that `pipeline.storage.hand.whole` names be sent at once, beside the work."""
        try:
            with sending(self._folder, self._take):
                yield
        finally:
            self._threads.shutdown(wait=True)

    def send(self) -> None:
        """Sends everything that is not at the address yet.

        Raises ChangedMeanwhile when another run was there first, LockHeld when the lock was lost, StorageError.
        """
        copy = self._copy
        self._tell_early()
        with copy.home.held("copy"), disk_errors(copy.home.path):
            _checkpointed(self._folder)
            here = dict(copy.files())
            changed = [n for n, stat in here.items() if not is_stand_in(stat) and not copy.is_as_noted(n, stat)]
            try:
                for _, names in groupby(sorted(changed, key=self._order), key=lambda name: phase(copy.stage, name)):
                    self._lock.check()
                    with ThreadPoolExecutor(PARALLEL) as threads:
                        for _done in threads.map(self._put, names):
                            pass
                    copy.save()
                if copy.stage == "datasets":
                    self._point()
                gone = sorted((n for n in copy.notes if n not in here), key=self._removal)
                for name in gone:
                    self._lock.check()
                    self._delete(name)
            finally:
                copy.save()

    def _take(self, path: Path) -> None:
        self._early.append(self._threads.submit(self._put_early, path))

    def _put_early(self, path: Path) -> None:
        self._lock.check()
        with disk_errors(path):
            names = [path.relative_to(self._folder).as_posix()]
            if names[0].endswith(_WARC):
                names.append(names[0].removesuffix(_WARC) + _INDEX)
            for name in names:
                if (self._folder / name).is_file():
                    self._put(name)

    def _tell_early(self) -> None:
        for done in self._early:
            error = done.exception()
            if isinstance(error, StorageError):  # tried once more with the rest
                self._copy.say(f"{error}; it is sent again at the end")
            elif error is not None:
                raise error
        self._early.clear()

    def _put(self, name: str) -> None:
        copy, path = self._copy, self._folder / name
        note = copy.notes.get(name)
        try:
            item = copy.storage.put(name, path, tag=note.tag if note else None, is_new=note is None)
        except (ObjectChanged, ObjectMissing) as error:
            item = self._taken_over(name, path, error)
        copy.note(item)
        if name.endswith(_WARC):
            copy.home.noted(path, item.size)

    def _taken_over(self, name: str, path: Path, error: PraktykiError) -> Item:
        """The object there, when it is what was to be put: sent by a run that was killed before it could note it."""
        head = self._copy.storage.head(name)
        if head is not None:
            item = Item(name, head.size, head.tag)
            if self._copy.is_same(item, path):
                return item
        raise ChangedMeanwhile(f"{self._copy.storage.address}/{name}: {_MEANWHILE}") from error

    def _point(self) -> None:
        """Swaps the pointer when the copy's ``latest`` is another one. A reader sees the old or the new one, each whole."""
        copy, link = self._copy, self._folder / LATEST
        name = link.readlink().name if link.is_symlink() else None
        before = copy.pointer
        if name is None or (before is not None and name == before.snapshot):
            return
        self._held_whole(name)
        self._lock.check()
        reached("storage.pointer")
        try:
            copy.storage.put(LATEST, f"{name}\n".encode(), tag=before.tag if before else None, is_new=before is None)
        except (ObjectChanged, ObjectMissing) as error:
            raise ChangedMeanwhile(
                f"{copy.storage.address}/{LATEST}: another run published meanwhile; {LATEST} stays as that run left it,"
                f" {name} is kept beside it; run build again"
            ) from error

    def _held_whole(self, name: str) -> None:
        """Raises StorageError unless every file of a snapshot is there as it was sent."""
        listing = self._copy.listed()
        notes = {n: note for n, note in self._copy.notes.items() if snapshot_of(n) == name}
        wrong = [n for n, note in notes.items() if n not in listing or listing[n].tag != note.tag]
        if wrong or f"{SNAPSHOTS}/{name}/{PACKAGE}" not in notes:
            missing = min(wrong) if wrong else PACKAGE
            raise StorageError(f"{self._copy.storage.address}/{missing}: is not there as it was sent; run again")

    def _delete(self, name: str) -> None:
        copy = self._copy
        try:
            copy.storage.delete(name, tag=copy.notes[name].tag)
        except ObjectChanged as error:
            raise ChangedMeanwhile(f"{copy.storage.address}/{name}: {_MEANWHILE}") from error
        del copy.notes[name]

    def _order(self, name: str) -> tuple[int, str]:
        return phase(self._copy.stage, name), name

    def _removal(self, name: str) -> tuple[int, str]:
        """A snapshot's package first: then it is none any more, and the next run removes what is left of it."""
        return -phase(self._copy.stage, name), name


_MEANWHILE = "another run changed it meanwhile; nothing of it was overwritten, what is not sent stays here; run again"


def _checkpointed(folder: Path) -> None:
    """Puts what SQLite holds in its write-ahead logs into the databases themselves: they are sent alone."""
    for log in sorted(folder.glob("*.sqlite-wal")):
        path = log.with_name(log.name.removesuffix("-wal"))
        try:
            with contextlib.closing(sqlite3.connect(path)) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"{path}: {error}; cannot be sent as it is, run again") from error
