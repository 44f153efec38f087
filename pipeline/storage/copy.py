"""The working copy of a stage, brought in line with its address before a command.

``copy.json`` beside it notes of each file the object it is of (tag, bytes) and how the file looked then. What is as noted is
not asked for again; one listing is enough to know that nothing changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import ObjectChanged, ObjectMissing, StorageError
from pipeline.faults import reached
from pipeline.storage.base import Item, Storage, digests
from pipeline.storage.home import Home, is_stand_in, stamp_of
from pipeline.storage.pointer import Pointer, latest_pointer, link_latest, snapshot_parts
from pipeline.storage.rules import LATEST, PACKAGE, SNAPSHOTS, Need, is_safe, is_sent, keeps_unsent, snapshot_of

PARALLEL: Final = 8
WRITER: Final = "writer"
NOTES: Final = "copy.json"
_UNSENT = "unsent"
_ASIDE = "aside"
_TRIES = 3
_TOLD = 3

Say = Callable[[str], None]


class Note(msgspec.Struct, frozen=True, array_like=True):
    """The object a file is of, and the file's size, time of change and inode; no stamp while it is a stand-in."""

    tag: str
    size: int
    stamp: tuple[int, int, int] | None = None


class WorkingCopy:
    """One stage on disk. See `pipeline.storage.stages` for who may do what when."""

    def __init__(self, home: Home, storage: Storage, say: Say) -> None:
        self.home = home
        self.storage = storage
        self.say = say
        self.stage = home.place.stage
        self.notes: dict[str, Note] = {}
        self.pointer: Pointer | None = None
        self._guard = threading.Lock()

    def refresh(self, need: Need) -> None:
        """Brings the copy in line. Raises StorageError, ConfigError; a copy that a run here is writing is left as it is."""
        with self.home.held("copy"), disk_errors(self.home.path):
            if not need.writes and self._is_being_written():
                return
            self._load()
            for attempt in range(1, _TRIES + 1):
                try:
                    self._refreshed(need)
                    break
                except (ObjectChanged, ObjectMissing) as error:  # somebody writes there at this moment: list again
                    if attempt == _TRIES:
                        raise StorageError(f"{self.storage.address}: keeps changing while it is read ({error})") from error
                finally:
                    self.save()

    def files(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every file of the copy that belongs to the stage, stand-ins too."""
        folder = self.home.folder
        for parent, names, files in os.walk(folder):
            names[:] = [name for name in names if not name.startswith(".")]
            for file in files:
                path = Path(parent, file)
                name = path.relative_to(folder).as_posix()
                if is_sent(name):
                    with contextlib.suppress(FileNotFoundError):
                        yield name, path.stat(follow_symlinks=False)

    def is_as_noted(self, name: str, stat: os.stat_result) -> bool:
        """Whether a file is still what was fetched or sent last."""
        note = self.notes.get(name)
        if note is None or stat.st_size != note.size:
            return False
        return is_stand_in(stat) or stamp_of(stat) in (note.stamp, self.home.fetched_stamp(name))

    def note(self, item: Item) -> None:
        """Notes that the file is the object ``item`` now."""
        stat = (self.home.folder / item.name).stat()
        with self._guard:
            self.notes[item.name] = Note(item.tag, item.size, None if is_stand_in(stat) else stamp_of(stat))

    def save(self) -> None:
        """Writes the notes down. Raises OSError."""
        with self._guard:
            content = msgspec.json.encode(dict(self.notes))
        aside = self.home.temporary()
        aside.write_bytes(content)
        reached("copy.notes")
        aside.replace(self.home.path / NOTES)

    def listed(self) -> dict[str, Item]:
        """The objects at the address that can be files of the stage. The others are told and left alone."""
        found: dict[str, Item] = {}
        left: list[str] = []
        for item in self.storage.items():
            if is_safe(item.name) and item.name != LATEST:
                found[item.name] = item
            elif item.name != LATEST and not _is_hidden(item.name):
                left.append(item.name)
        for name in [name for name in found if any(parent in found for parent in _parents(name))]:
            del found[name]
            left.append(name)
        if left:
            shown = ", ".join(repr(name[:100]) for name in sorted(left)[:_TOLD])
            self.say(f"{self.storage.address}: {len(left)} objects are none of ours and left alone: {shown}")
        return {name: item for name, item in found.items() if is_sent(name)}

    def is_same(self, item: Item, path: Path) -> bool:
        """Whether an object holds the bytes of a file, as far as its tag or its digest tell."""
        size, sha256, md5 = digests(path)
        if size != item.size:
            return False
        if item.tag.strip('"') == md5.hex():
            return True
        head = self.storage.head(item.name)
        return head is not None and head.tag == item.tag and head.sha256 == sha256

    def _is_being_written(self) -> bool:
        with (self.home.path / WRITER).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _load(self) -> None:
        try:
            self.notes = msgspec.json.decode((self.home.path / NOTES).read_bytes(), type=dict[str, Note])
        except (OSError, msgspec.MsgspecError):
            self.notes = {}  # then everything is looked at anew
        self.home.clear()

    def _refreshed(self, need: Need) -> None:
        if self.stage == "datasets":
            self.pointer = latest_pointer(self.storage)  # before the listing: what it names is there whole
        listing = self.listed()
        wanted = need.at_hand
        if self.stage == "datasets":
            listing = self._without_parts(listing, removes=need.writes)
            wanted = self._with_snapshots(need)
        if need.writes:
            self._take_back()
        here = dict(self.files())
        self._without_gone(listing, here, keeps=need.writes)
        if need.forgets:
            shutil.rmtree(self.home.path / _ASIDE, ignore_errors=True)
        fetched = [item for item in listing.values() if self._is_to_fetch(item, here.get(item.name), wanted)]
        self._fetch(fetched)
        if need.with_previous:
            self._fetch_previous(need, listing)
        if self.stage == "datasets":
            link_latest(self.home, self.pointer)

    def _is_to_fetch(self, item: Item, stat: os.stat_result | None, wanted: Callable[[str], bool]) -> bool:
        """Whether an object is to be fetched; where not, its file or a stand-in is there afterwards."""
        note = self.notes.get(item.name)
        path = self.home.folder / item.name
        if stat is not None and note is not None and note.tag == item.tag:
            if self.is_as_noted(item.name, stat):
                return is_stand_in(stat) and wanted(item.name)
            if keeps_unsent(self.stage):
                return False  # changed here by a run that was cut short; the next one that writes sends it
        elif stat is not None and not is_stand_in(stat):
            if self.is_same(item, path):
                self.note(item)
                return False
            if keeps_unsent(self.stage) and not (note is not None and self.is_as_noted(item.name, stat)):
                self._put_aside(item.name)
        if wanted(item.name):
            return True
        self.home.stand_in(path, item.size)
        self.note(item)
        return False

    def _without_gone(self, listing: Mapping[str, Item], here: Mapping[str, os.stat_result], *, keeps: bool) -> None:
        """Deals with files that are not at the address: gone there, or never sent."""
        unsent = 0
        for name, stat in here.items():
            if name in listing:
                continue
            was_sent = name in self.notes and self.is_as_noted(name, stat)
            if was_sent or is_stand_in(stat) or not keeps_unsent(self.stage):
                self._remove(name)
            elif not keeps:
                self._move(name, _UNSENT)
                unsent += 1
        for name in [name for name in self.notes if name not in listing]:
            del self.notes[name]
        if unsent:
            self.say(
                f"{self.storage.address}: {unsent} files of a run that was cut short here are not sent yet;"
                " the next crawl or import sends them"
            )

    def _take_back(self) -> None:
        base = self.home.path / _UNSENT
        for path in sorted(base.rglob("*")):
            target = self.home.folder / path.relative_to(base)
            if path.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)

    def _put_aside(self, name: str) -> None:
        """Both sides changed: the address counts, and what lies here is kept outside the copy."""
        target = self._move(name, _ASIDE)
        self.say(f"{self.storage.address}/{name}: was changed there too; what was not sent is kept as {target}")

    def _move(self, name: str, place: str) -> Path:
        base = target = self.home.path / place / name
        number = 1
        while target.exists():
            number += 1
            target = base.with_name(f"{base.name}.{number}")
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.home.folder / name).replace(target)
        return target

    def _remove(self, name: str) -> None:
        path = self.home.folder / name
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # an emptied folder is no snapshot and no source
            while (path := path.parent) != self.home.folder:
                path.rmdir()

    def _fetch(self, items: list[Item]) -> None:
        with ThreadPoolExecutor(PARALLEL) as threads:
            for _ in threads.map(self._fetch_one, items):
                pass

    def _fetch_one(self, item: Item) -> None:
        aside = self.home.temporary()
        try:
            self.storage.fetch(item, aside)
            aside.chmod(0o600)
            target = self.home.folder / item.name
            target.parent.mkdir(parents=True, exist_ok=True)
            reached("copy.fetched")
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
        self.note(item)

    def _without_parts(self, listing: Mapping[str, Item], *, removes: bool) -> dict[str, Item]:
        """The listing without snapshots that were not sent to the end: whoever may write removes them."""
        parts = snapshot_parts(self.storage, listing, self.pointer)
        if removes and parts:
            for name in parts:
                self.storage.delete(name)
            self.say(f"{self.storage.address}: {len(parts)} left-over files of a run that was cut short removed")
        return {name: item for name, item in listing.items() if name not in {*parts}}

    def _with_snapshots(self, need: Need) -> Callable[[str], bool]:
        chosen = {name for name in need.snapshots if name != LATEST}
        if LATEST in need.snapshots and self.pointer is not None:
            chosen.add(self.pointer.snapshot)
        return lambda name: snapshot_of(name) in chosen or need.at_hand(name)

    def _fetch_previous(self, need: Need, listing: Mapping[str, Item]) -> None:
        latest = self.pointer.snapshot if self.pointer is not None else ""
        for name in {latest if name == LATEST else name for name in need.snapshots}:
            path = self.home.folder / SNAPSHOTS / name / PACKAGE
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                before = msgspec.json.decode(path.read_bytes())["praktyki"]["previous"]
                self._fetch(
                    [
                        item
                        for item in listing.values()
                        if snapshot_of(item.name) == before and is_stand_in((self.home.folder / item.name).stat())
                    ]
                )


@contextlib.contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns OSError inside the block into StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{error.filename or path}: {error.strerror or error}; mend the disk, then run again") from error


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part not in (".", "..") for part in name.split("/"))


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")
    return ("/".join(parts[:number]) for number in range(1, len(parts)))
