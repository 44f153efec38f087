"""What a crash left: ``.open`` files are cut back to their last whole record, renamed and indexed."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.archive.files import archive_errors, shown, synced_folder
from pipeline.archive.index import WARC_SUFFIX, write_index
from pipeline.archive.indexentry import INDEXED_TYPES
from pipeline.archive.members import Member, members
from pipeline.archive.warcfile import OPEN_SUFFIX
from pipeline.faults import reached


def recovered(raw_dir: Path, mark: str | None = None) -> list[str]:
    """Brings every left-over ``.open`` file of raw/ in order; one line each on what was kept. The caller holds the lock.

    With ``mark`` those alone that writers of that mark have left. A file without a single capture is removed. Raises
    ArchiveError when the disk does not let it.
    """
    return [_recovered_file(path, raw_dir) for path in open_paths(raw_dir) if mark is None or is_marked(path, mark)]


def is_marked(path: Path, mark: str) -> bool:
    """Whether a file was written under a mark (`pipeline.archive.writer.WarcWriter`)."""
    return f"-{mark}-" in path.name


def open_paths(raw_dir: Path) -> list[Path]:
    """Every ``.open`` file below ``raw_dir``, sorted: written at this moment, or left by a crash."""
    found: list[Path] = []
    for folder, names, files in os.walk(raw_dir):
        names[:] = [name for name in names if not name.startswith(".")]
        found += [Path(folder, file) for file in files if file.endswith(WARC_SUFFIX + OPEN_SUFFIX)]
    return sorted(found)


def _recovered_file(path: Path, raw_dir: Path) -> str:
    name = shown(path.relative_to(raw_dir))
    with archive_errors(path, "mend the disk or the rights, then run again"):
        size = path.stat().st_size
        end = kept = 0
        for part in members(path):
            if not isinstance(part, Member):
                break
            end = part.offset + part.length
            kept += part.record.type in INDEXED_TYPES
        if not kept:
            reached("recovery.remove")
            path.unlink()
            synced_folder(path.parent)
            return f"{name}: left by a run that was cut short, held no whole capture and was removed"
        with path.open("r+b") as file:
            reached("recovery.truncate")
            file.truncate(end)
            reached("recovery.sync")
            os.fsync(file.fileno())
        target = _free_name(path.with_name(path.name.removesuffix(OPEN_SUFFIX)))
        reached("recovery.rename")
        path.rename(target)
        synced_folder(path.parent)
    reached("recovery.index")
    write_index(target)
    return (
        f"{name}: left by a run that was cut short; {kept} whole captures kept, {size - end} bytes of a broken record cut off"
    )


def _free_name(path: Path) -> Path:
    """``path``, or with a number when a file of that name is there (someone copied files into raw/)."""
    number = 0
    candidate = path
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name.removesuffix(WARC_SUFFIX)}-{number}{WARC_SUFFIX}")
    return candidate
