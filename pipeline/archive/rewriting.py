"""A WARC file with some of its records replaced: the one exception to "write once", made for forgetting.

What stays is copied byte by byte. The index goes before the file is swapped and is made anew after it: at no moment does an
index describe another file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.archive.files import archive_errors, synced_folder
from pipeline.archive.index import index_path, write_index
from pipeline.archive.packing import member_bytes
from pipeline.archive.warc import WarcRecord
from pipeline.faults import reached
from pipeline.storage.hand import opened

_REMEDY = "free some space or mend the rights, then run again"
_STEP = 1024 * 1024


class Instead(NamedTuple):
    """What comes in the place of the ``length`` bytes of a stretch: a record, or nothing."""

    length: int
    record: WarcRecord | None


def rewrite(path: Path, replaced: Mapping[int, Instead]) -> None:
    """Replaces stretches of the file, by their offsets. Hold the lock of raw/. Raises ArchiveError.

    A run that is cut short leaves the old file or the new one, whole.
    """
    part = path.with_name(f".{path.name}.part")
    with archive_errors(path, _REMEDY):
        try:
            with opened(path) as source, part.open("wb") as target:
                shutil.copymode(path, part)
                position = 0
                for offset, instead in sorted(replaced.items()):
                    _copy(source, target, position, offset)
                    position = offset + instead.length
                    if instead.record is not None:
                        reached("rewrite.record")
                        target.write(member_bytes(instead.record))
                _copy(source, target, position, path.stat().st_size)
                target.flush()
                reached("rewrite.sync")
                os.fsync(target.fileno())
            reached("rewrite.index_removed")
            index_path(path).unlink(missing_ok=True)
            synced_folder(path.parent)
            reached("rewrite.rename")
            part.replace(path)
            synced_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
    reached("rewrite.index")
    write_index(path)
    reached("rewrite.done")


def left_over_parts(folder: Path) -> list[Path]:
    """Files that a run which was cut short was writing, sorted: no reader knows them."""
    return sorted(path for path in folder.rglob(".*.part") if path.is_file())


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    source.seek(start)
    while start < end:
        chunk = source.read(min(end - start, _STEP))
        if not chunk:
            raise OSError("the file became shorter while it was read")
        target.write(chunk)
        start += len(chunk)
