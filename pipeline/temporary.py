"""Folders of one run in the temporary directory: gone when it ends, and after a kill when the next run needs one.

They hold copies of pages and of persons, or a socket. While a run lives it holds a lock on its folder, which the kernel drops
however the run ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_OURS: Final = "praktyki-run-"


@contextmanager
def temporary_folder(what: str) -> Iterator[Path]:
    """An empty folder for ``what`` a run does, with mode 0700, while the block runs. Raises OSError when none can be made."""
    _remove_abandoned(Path(tempfile.gettempdir()))
    folder, descriptor = _held(what)
    try:
        yield folder
    finally:
        try:
            shutil.rmtree(folder)
        finally:
            os.close(descriptor)


def _held(what: str) -> tuple[Path, int]:
    """A new folder and the descriptor that holds it. Another run may take it for abandoned before it is held: then the next."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{_OURS}{what}-"))
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            if _is_locked(descriptor) and folder.exists():
                return folder, descriptor
            os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_abandoned(directory: Path) -> None:
    """Removes the folders of this user's runs that live no more. What cannot be looked at is left: it may be somebody's."""
    for folder in sorted(directory.glob(f"{_OURS}*")):
        with contextlib.suppress(OSError):
            told = folder.lstat()
            if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.geteuid():
                continue
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if _is_locked(descriptor):
                    shutil.rmtree(folder)
            finally:
                os.close(descriptor)
