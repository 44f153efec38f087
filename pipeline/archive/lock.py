"""One writer at a time: the lock of raw/, and of any other folder of data."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pipeline.archive.files import archive_errors, shown
from pipeline.archive.heads import clean_value
from pipeline.errors import LockHeld

LOCK_NAME: Final = ".lock"
_ENDING_SECONDS: Final = 15.0
"""Worker processes of a run hold its lock too; when the run was killed they end by themselves, and this is waited for."""


def raw_lock(raw_dir: Path, say: Callable[[str], None]) -> contextlib.AbstractContextManager[int]:
    """Holds raw/ for one writer: see `folder_lock`."""
    return folder_lock(raw_dir, say)


@contextlib.contextmanager
def folder_lock(folder: Path, say: Callable[[str], None]) -> Iterator[int]:
    """Holds a folder for one writer; the descriptor that holds it, for worker processes to hold as well.

    Raises LockHeld when another run has it, ArchiveError when it cannot be written.

    The kernel drops the lock of a process that dies, however it dies; the owner written in the file is for people,
    and tells the next run that the last one did not end by itself.
    """
    path = folder / LOCK_NAME
    with archive_errors(folder, "make the folder writable, then run again"):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            _lock(descriptor)
        except BlockingIOError as error:
            owner = _owner(descriptor) or "a run that has just begun"
            raise LockHeld(f"{shown(folder)}: {owner} is writing here; wait for it or stop it, then run again") from error
        stale = _owner(descriptor)
        if stale:
            say(f"{shown(folder)}: took over the lock of {stale}, which did not end by itself")
        _write_owner(descriptor, path)
        try:
            yield descriptor
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Takes the lock; waits for what a run that was killed has left to end. Raises BlockingIOError when a run has it."""
    end = time.monotonic() + _ENDING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _is_owner_gone(descriptor) or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def _is_owner_gone(descriptor: int) -> bool:
    """Whether the process that wrote itself into the lock file, on this machine, is there no more."""
    try:
        owner = json.loads(os.pread(descriptor, 4096, 0))
        if owner["host"] != platform.node():
            return False
        os.kill(int(owner["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return False


def _write_owner(descriptor: int, path: Path) -> None:
    owner = {"pid": os.getpid(), "host": platform.node(), "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
    with archive_errors(path, "make the folder writable, then run again"):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(owner).encode("utf-8"), 0)


def _owner(descriptor: int) -> str | None:
    """Who wrote itself into the lock file, on one line; None when nobody did."""
    text = os.pread(descriptor, 4096, 0).decode("utf-8", "replace").strip()
    if not text:
        return None
    try:
        owner = json.loads(text)
        return clean_value(f"process {owner['pid']} on {owner['host']} (since {owner['started']})")
    except (ValueError, KeyError, TypeError):
        return "an unknown process"
