"""Writing files so that a crash leaves either the old one or the new one, and errors of the disk in plain words."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.archive.warc import clean_value
from pipeline.errors import ArchiveError
from pipeline.faults import reached


def shown(path: Path | str) -> str:
    """A path on one line, whatever its name is made of."""
    return clean_value(str(path))


@contextlib.contextmanager
def archive_errors(path: Path, remedy: str) -> Iterator[None]:
    """Turns OSError inside the block into ArchiveError: which file, what happened, and what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "free some space, then run again; whole records already written stay"
        raise ArchiveError(f"{shown(error.filename or path)}: {error.strerror or error}; {remedy}") from error


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
