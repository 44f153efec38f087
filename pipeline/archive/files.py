"""Writing files so that a crash leaves either the old one or the new one, and errors of the disk in plain words."""

from __future__ import annotations

import contextlib
import errno
import os
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from pipeline.archive.heads import clean_value
from pipeline.errors import ArchiveError
from pipeline.faults import reached


def shown(path: Path | str) -> str:
    """A path on one line, whatever its name is made of."""
    return clean_value(str(path))


def archive_errors(path: Path, remedy: str) -> AbstractContextManager[None]:
    """Turns OSError inside the block into ArchiveError: which file, what happened, and what to do about it."""
    return _ArchiveErrors(path, remedy)


class _ArchiveErrors:
    """No generator: one is entered for every record that is written."""

    __slots__ = ("_path", "_remedy")

    def __init__(self, path: Path, remedy: str) -> None:
        self._path = path
        self._remedy = remedy

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not isinstance(error, OSError):
            return
        remedy = self._remedy
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "free some space, then run again; whole records already written stay"
        raise ArchiveError(f"{shown(error.filename or self._path)}: {error.strerror or error}; {remedy}") from error


def replaced_file(target: Path, content: bytes) -> None:
    """Puts ``content`` in place of ``target`` in one step, synced to disk. Raises OSError."""
    part = target.with_name(f".{target.name}.part")
    try:
        reached("file.write")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            reached("file.sync")
            os.fsync(file.fileno())
        reached("file.rename")
        part.replace(target)
        reached("file.renamed")
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    synced_folder(target.parent)


def synced_folder(folder: Path) -> None:
    """Makes renames in ``folder`` survive a power loss. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
