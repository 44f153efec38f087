"""The last line of an extracted file, by which a build knows that it has all that extract wrote, as it was written.

In a copy that was cut short between two lines, or where a disk gives back a byte as another one, pages would be missing or say
something else than the archive does, and every line could be read all the same.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from pipeline.errors import ExtractError
from pipeline.records import ExtractedEnd, from_json_line, json_line

_LONGEST: Final = 256
"""Bytes of the tail in which the last line is looked for; it has about 120."""
_STEP: Final = 1 << 20


def end_line(file: BinaryIO) -> bytes:
    """The line that closes a file in which all others stand; the file is left at its end."""
    size = file.seek(0, os.SEEK_END)
    line = json_line(ExtractedEnd(bytes=size, sha256=_sha256(file, size)))
    file.seek(size)
    return line


def has_end(file: BinaryIO) -> bool:
    """Whether the file ends as extract ended it, and is as long as its last line says. Reads nothing but the tail."""
    return _end(file) is not None


def check_whole(path: Path) -> None:
    """Reads an extracted file once. Raises ExtractError naming it when it is not what extract wrote, OSError."""
    with path.open("rb") as file:
        end = _end(file)
        if end is None or _sha256(file, end.bytes) != end.sha256:
            raise ExtractError(f"{path}: is not as extract wrote it (digest); delete the file and extract again")


def _end(file: BinaryIO) -> ExtractedEnd | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST))
    line = b"".join(file.read().splitlines(keepends=True)[-1:])
    try:
        item = from_json_line(line)
    except msgspec.MsgspecError:
        return None
    if isinstance(item, ExtractedEnd) and item.bytes == size - len(line) and line.endswith(b"\n"):
        return item
    return None


def _sha256(file: BinaryIO, size: int) -> str:
    """Of the first ``size`` bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    while size > 0 and (step := file.read(min(size, _STEP))):
        digest.update(step)
        size -= len(step)
    return digest.hexdigest()
