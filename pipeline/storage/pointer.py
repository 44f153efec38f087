"""``latest``: what it says at an address, which snapshots there are whole, and the link of that name on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ObjectMissing, StorageError
from pipeline.storage.base import Item, Storage
from pipeline.storage.home import Home
from pipeline.storage.rules import LATEST, PACKAGE, SNAPSHOT_ID, SNAPSHOTS, snapshot_of


class Pointer(NamedTuple):
    """What ``latest`` says at the address, and the tag of the object."""

    snapshot: str
    tag: str


def latest_pointer(storage: Storage) -> Pointer | None:
    """What ``latest`` says, None where there is none. Raises StorageError where it names no snapshot."""
    try:
        content, tag = storage.read(LATEST)
    except ObjectMissing:
        return None
    name = content.decode("utf-8", "replace").strip()
    if not SNAPSHOT_ID.fullmatch(name):
        raise StorageError(f"{storage.address}/{LATEST}: names no snapshot; write the id of one into it")
    return Pointer(name, tag)


def snapshot_parts(storage: Storage, listing: Mapping[str, Item], pointer: Pointer | None) -> list[str]:
    """The objects of snapshots that were not sent to the end. Raises StorageError where ``latest`` names such a one."""
    whole = {snapshot_of(name) for name in listing if name.endswith(f"/{PACKAGE}") and name.count("/") == 2}
    if pointer is not None and pointer.snapshot not in whole:
        raise StorageError(
            f"{storage.address}/{LATEST}: names {pointer.snapshot}, which is not there whole;"
            f" write the id of one that is into {LATEST}, or restore it"
        )
    return [name for name in listing if snapshot_of(name) is not None and snapshot_of(name) not in whole]


def link_latest(home: Home, pointer: Pointer | None) -> None:
    """Makes the link on disk say what ``latest`` says at the address. Raises OSError."""
    link = home.folder / LATEST
    if pointer is None:
        link.unlink(missing_ok=True)
        return
    target = Path(SNAPSHOTS) / pointer.snapshot
    if link.is_symlink() and link.readlink() == target:
        return
    aside = home.temporary()
    aside.symlink_to(target, target_is_directory=True)
    aside.replace(link)
