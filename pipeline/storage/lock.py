"""The lock of a stage at an address: one object, put by whoever finds none, renewed while it works, removed at the end.

A lock is stale when its process, on this machine, is no more, or when it was not renewed for LOCK_SECONDS by the clock of the
storage. It is then taken over, and that is said. A holder that was suspended for so long sees before every step of sending
that the lock is not its own any more.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import platform
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pipeline.errors import LockHeld, ObjectChanged, ObjectMissing, StorageError
from pipeline.storage.base import Storage

NAME: Final = ".lock"
LOCK_SECONDS: Final = 600.0
_RENEWALS = 5  # in LOCK_SECONDS


class StageLock:
    """Holds a stage. Use as a context manager: raises LockHeld when another run has it, StorageError, ConfigError."""

    def __init__(self, storage: Storage, say: Callable[[str], None]) -> None:
        self._storage = storage
        self._say = say
        self._content = json.dumps(_owner()).encode()
        self._tag = ""
        self._renewed = 0.0
        self._is_lost = False
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renewing, name="stage-lock", daemon=True)

    def __enter__(self) -> Self:
        try:
            self._taken(self._storage.put(NAME, self._content, is_new=True).tag)
        except ObjectChanged:
            self._take_over()
        self._held_to_conditions()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(StorageError):  # then it becomes stale
            self._storage.delete(NAME, tag=self._tag)

    def check(self) -> None:
        """Raises LockHeld when the lock was lost."""
        if not self._is_lost and time.monotonic() - self._renewed > LOCK_SECONDS / _RENEWALS * 2:
            self._renew()
        if self._is_lost:
            raise LockHeld(
                f"{self._storage.address}: another run took over the lock while this one stood still;"
                " what is not sent yet stays here, run again"
            )

    def _taken(self, tag: str) -> None:
        self._tag = tag
        self._renewed = time.monotonic()

    def _take_over(self) -> None:
        head = self._storage.head(NAME)
        try:
            content, tag = self._storage.read(NAME)
        except ObjectMissing:
            content, tag = b"", ""
        owner = _read_owner(content)
        is_stale = head is not None and head.tag == tag and (head.age_seconds > LOCK_SECONDS or _is_dead(owner))
        is_left = not content  # of a folder's own lock, which keeps its file: the folder was copied here, or is a mount
        if tag and not is_stale and not is_left:
            raise LockHeld(
                f"{self._storage.address}: {_told(owner)} is writing here; wait for it or stop it, then run again"
                f" (without a sign of it for {LOCK_SECONDS / 60:.0f} minutes its lock is taken over)"
            )
        try:
            item = self._storage.put(NAME, self._content, tag=tag or None, is_new=not tag)
        except (ObjectChanged, ObjectMissing) as error:
            raise LockHeld(f"{self._storage.address}: another run was quicker; wait for it, then run again") from error
        self._taken(item.tag)
        if tag and not is_left:
            self._say(f"{self._storage.address}: took over the lock of {_told(owner)}, which did not end by itself")

    def _held_to_conditions(self) -> None:
        """Raises StorageError when the storage lets through what a condition forbids: then no lock and no pointer is safe."""
        try:
            self._storage.put(NAME, self._content, is_new=True)
        except ObjectChanged:
            return
        self._storage.delete(NAME)
        raise StorageError(
            f"{self._storage.address}: the service does not enforce conditional writes (If-None-Match); two runs could"
            " destroy each other's work; use one that does"
        )

    def _renewing(self) -> None:
        while not self._ended.wait(LOCK_SECONDS / _RENEWALS):
            with contextlib.suppress(StorageError):
                self._renew()

    def _renew(self) -> None:
        with self._guard:
            try:
                self._taken(self._storage.put(NAME, self._content, tag=self._tag).tag)
            except (ObjectChanged, ObjectMissing):
                self._is_lost = True


def _owner() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "host": platform.node(),
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "process": _process(os.getpid()),
        "token": uuid.uuid4().hex,
    }


def _process(pid: int) -> list[str] | None:
    """What tells a process from every other of any machine: boot, namespace, number, time of start. None where unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        namespace = str(Path("/proc/self/ns/pid").readlink())
        start = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None
    return [boot, namespace, str(pid), start]


def _is_dead(owner: dict[str, Any]) -> bool:
    """Whether the owner was a process of this machine that has ended; False whenever that cannot be known."""
    there, mine = owner.get("process"), _process(os.getpid())
    if not isinstance(there, list) or mine is None or there[:2] != mine[:2] or not isinstance(owner.get("pid"), int):
        return False
    return _process(owner["pid"]) != there


def _read_owner(content: bytes) -> dict[str, Any]:
    try:
        owner = json.loads(content)
    except ValueError:
        return {}
    return owner if isinstance(owner, dict) else {}


def _told(owner: dict[str, Any]) -> str:
    text = f"process {owner.get('pid', '?')} on {owner.get('host', '?')} (since {owner.get('started', '?')})"
    return "".join(letter if letter.isprintable() else " " for letter in text[:200])
