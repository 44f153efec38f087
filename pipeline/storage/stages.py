"""The stages of one command: local folders as they are, addresses as working copies.

A stage that is written to is locked at its address, and its working copy on this machine is held; what was made is sent at the
end, also after an error of ours: what lies in a stage's folder is whole at any time. A stage that is only read needs no lock.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import LockHeld, PraktykiError
from pipeline.outcome import name_folder
from pipeline.places import is_address
from pipeline.storage.base import Storage, Told
from pipeline.storage.copy import WRITER, WorkingCopy, disk_errors
from pipeline.storage.home import Home, opened_home
from pipeline.storage.lock import StageLock
from pipeline.storage.opening import storage_at
from pipeline.storage.rules import Need
from pipeline.storage.sending import Sender

Say = Callable[[str], None]


@contextlib.contextmanager
def working_copies(settings: Settings, needs: Sequence[Need], say: Say) -> Iterator[Settings]:
    """Settings whose needed stages are folders on this machine, for as long as the block runs.

    Stages at an address that no need names stay addresses: whoever asks for their folder gets an error.
    Raises ConfigError, StorageError, LockHeld (another run has the lock, or was there first).
    """
    with contextlib.ExitStack() as stack:
        folders: dict[str, Path] = {}
        told: list[tuple[Storage, Told]] = []
        for need in needs:
            address = settings.place(need.stage)
            if is_address(address):
                storage = storage_at(address, settings.s3)
                told.append((storage, storage.told()))
                home = opened_home(address, need.stage, settings.s3, settings.caches)
                folders[need.stage] = stack.enter_context(_stage(home, storage, need, say))
        yield settings.placed(folders)
    for storage, before in told:
        _tell(storage, before, say)


@contextlib.contextmanager
def _stage(home: Home, storage: Storage, need: Need, say: Say) -> Iterator[Path]:
    copy = WorkingCopy(home, storage, say)
    name_folder(home.folder, storage.address)
    if not need.writes:
        copy.refresh(need)
        yield home.folder
        return
    with _held(home, storage), StageLock(storage, say) as lock:
        copy.refresh(need)
        sender = Sender(copy, lock)
        try:
            with sender.taking():
                yield home.folder
        except PraktykiError as error:
            try:
                sender.send()
            except PraktykiError as second:
                say(f"{second}")
            raise error from None
        sender.send()


@contextlib.contextmanager
def _held(home: Home, storage: Storage) -> Iterator[None]:
    """Holds the working copy for one writer of this machine. Raises LockHeld."""
    with disk_errors(home.path):
        file = (home.path / WRITER).open("ab")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld(
                f"{storage.address}: a run on this machine is writing here; wait for it or stop it, then run again"
            ) from error
        yield


def _tell(storage: Storage, before: Told, say: Say) -> None:
    now = storage.told()
    read, written = now.bytes_read - before.bytes_read, now.bytes_written - before.bytes_written
    if read or written:
        say(f"{storage.address}: {now.requests - before.requests} requests, {read} bytes fetched, {written} bytes sent")
