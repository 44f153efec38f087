"""Where the lines of each chunk of records stand in the CSV edition of the last snapshot: those that are the same are copied.

They were searched for personal data before that snapshot was published, and are not searched again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline.build.keeping import content_kept, keep_content


class Stretch(msgspec.Struct, array_like=True, frozen=True):
    """The lines of a chunk of records: where they begin in the file, how many bytes they take, and their CRC-32.

    ``is_copied``: whether they come from the last snapshot.
    """

    chunk: str
    start: int
    size: int
    checksum: int
    is_copied: bool


class KeptLines(NamedTuple):
    """The lines of a table in a file of CSV, by chunk."""

    path: Path
    stretches: Mapping[str, Stretch]

    def of(self, chunk: str) -> bytes | None:
        """The lines of a chunk; None when they are not there as they were written."""
        stretch = self.stretches.get(chunk)
        if stretch is None:
            return None
        try:
            with self.path.open("rb") as file:
                file.seek(stretch.start)
                content = file.read(stretch.size)
        except OSError:
            return None  # they are made anew
        return content if len(content) == stretch.size and zlib.crc32(content) == stretch.checksum else None

    def only(self, chunks: Sequence[str]) -> KeptLines:
        """The same for some chunks."""
        return KeptLines(self.path, {chunk: self.stretches[chunk] for chunk in chunks if chunk in self.stretches})


def moved(stretches: Sequence[Stretch], by: int) -> list[Stretch]:
    """The same stretches so many bytes further on."""
    return [msgspec.structs.replace(stretch, start=stretch.start + by) for stretch in stretches]


def keep_lines(path: Path, snapshot: str, lines: Mapping[str, Sequence[Stretch]]) -> None:
    """Keeps where lines stand in the snapshot of this name; ``lines``: table → stretches. Raises OSError."""
    keep_content(path, msgspec.msgpack.encode((snapshot, lines)))


def kept_lines(path: Path, snapshot: str) -> dict[str, list[Stretch]]:
    """Table → stretches of its file in the snapshot of this name; nothing when that was not kept, or is not whole."""
    content = content_kept(path)
    if content is None:
        return {}
    try:
        name, lines = msgspec.msgpack.decode(content, type=tuple[str, dict[str, list[Stretch]]])
    except msgspec.MsgspecError:
        return {}  # all lines are made
    return lines if name == snapshot else {}
