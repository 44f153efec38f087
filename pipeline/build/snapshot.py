"""Snapshots: immutable folders under datasets/snapshots/, and ``latest``, swapped in one step.

A snapshot is written aside, synced, and renamed when whole; ``latest`` is a symbolic link replaced by a rename. A reader,
or a machine that stops at any point, therefore sees the old snapshot or the new one, never a mixture.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.archive.lock import folder_lock
from pipeline.build.latest import LATEST, SNAPSHOTS
from pipeline.build.tables.outfiles import file_digest
from pipeline.build.tables.store import stored_tables, table_files
from pipeline.errors import ArchiveError, BuildError
from pipeline.faults import reached
from pipeline.schema.spec import tables

PRUNED = ".pruned-"
"""Put before the name of a snapshot that is being removed, so that a cut-short removal is seen and finished."""

_WORK = ".work"
_NOT_CONTENT = "changes"
"""`changes` is a function of this snapshot and the previous one: it does not make a snapshot another one."""


@contextmanager
def work_folder(datasets: Path) -> Iterator[Path]:
    """An empty folder to write a snapshot in; removed at the end unless it was published. Left-overs of a crash go first."""
    folder = datasets / _WORK
    try:
        for left_over in (folder, making_folder(folder), *datasets.glob(f"{PRUNED}*")):
            reached("work.clean")
            shutil.rmtree(left_over, ignore_errors=True)
        (datasets / f".{LATEST}").unlink(missing_ok=True)
        reached("work.make")
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        raise BuildError(f"{error.filename or folder}: {error.strerror}; nothing was published") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(making_folder(folder), ignore_errors=True)


def making_folder(folder: Path) -> Path:
    """Where lies what is needed while the snapshot in ``folder`` is made: beside it."""
    return folder.with_name(f"{folder.name}-making")


def snapshot_id(folder: Path, captures: pa.Table) -> str:
    """``<date of newest capture>-<8 hex of the content's digest>``, or ``undated-<8 hex>`` when no capture has a time."""
    digest = hashlib.sha256()
    for name in tables():
        if name != _NOT_CONTENT:
            for path in table_files(folder, name):
                digest.update(f"{name}\0{file_digest(path)}\0".encode())
    newest = pc.max(captures["captured_at"]).as_py()
    date = newest.date().isoformat() if newest is not None else "undated"
    return f"{date}-{digest.hexdigest()[:8]}"


@contextmanager
def datasets_lock(datasets: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Holds datasets/ for one run that publishes or removes snapshots; readers need no lock.

    Raises LockHeld when another run has it, BuildError when the folder cannot be written.
    """
    try:
        with folder_lock(datasets, say):
            yield
    except ArchiveError as error:
        raise BuildError(str(error)) from error


def publish(datasets: Path, folder: Path, name: str) -> Path:
    """Makes ``folder`` the snapshot ``name`` and the latest one; the snapshot's folder."""
    for path in sorted(folder.rglob("*")):
        synced(path)
    synced(folder)
    target = datasets / SNAPSHOTS / name
    target.parent.mkdir(exist_ok=True)
    reached("snapshot.rename")
    folder.rename(target)
    synced(target.parent)
    point_latest(datasets, name)
    return target


def point_latest(datasets: Path, name: str) -> None:
    """Lets ``latest`` point at the snapshot ``name``, in one step."""
    aside = datasets / f".{LATEST}"
    aside.unlink(missing_ok=True)
    reached("latest.link")
    aside.symlink_to(Path(SNAPSHOTS) / name, target_is_directory=True)
    reached("latest.replace")
    aside.replace(datasets / LATEST)
    synced(datasets)


def read_tables(snapshot: Path) -> Mapping[str, pa.Table]:
    """All tables of a snapshot that are there, restricted ones included."""
    return {name: rows.read() for name, rows in stored_tables(snapshot).items()}


def synced(path: Path) -> None:
    """Waits until a file, or the names in a folder, have reached the disk. Raises OSError."""
    reached("snapshot.sync")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
