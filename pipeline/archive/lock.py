"""One writer at a time: the lock of raw/, and of any other folder of data."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pipeline.archive.files import archive_errors, shown
from pipeline.archive.warc import clean_value
from pipeline.errors import LockHeld

LOCK_NAME: Final = ".lock"


def raw_lock(raw_dir: Path, say: Callable[[str], None]) -> contextlib.AbstractContextManager[None]:
    """Holds raw/ for one writer: see `folder_lock`."""
    return folder_lock(raw_dir, say)


@contextlib.contextmanager
def folder_lock(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Holds a folder for one writer. Raises LockHeld when another run has it, ArchiveError when it cannot be written.

    The kernel drops the lock of a process that dies, however it dies; the owner written in the file is for people,
    and tells the next run that the last one did not end by itself.
    """
    path = folder / LOCK_NAME
    with archive_errors(folder, "make the folder writable, then run again"):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = _owner(descriptor) or "a run that has just begun"
            raise LockHeld(f"{shown(folder)}: {owner} is writing here; wait for it or stop it, then run again") from error
        stale = _owner(descriptor)
        if stale:
            say(f"{shown(folder)}: took over the lock of {stale}, which did not end by itself")
        _write_owner(descriptor, path)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


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
