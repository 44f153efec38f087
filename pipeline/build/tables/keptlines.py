"""Where the lines of each record stand in the CSV edition of the last snapshot: those that are the same are copied.

They were searched for personal data before that snapshot was published, and are not searched again.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from pipeline.build.tables.chunkfile import Record
from pipeline.build.tables.keeping import content_kept, keep_content

_DIGEST: Final = 16
"""Bytes of the digest of a plan (`selection.RecordPlan`), which covers the id of its record."""
_ENDS: Final = "<i8"

Span = tuple[int, int]


class Stretch(msgspec.Struct, array_like=True, frozen=True):
    """The lines of a ``chunk`` of records: where they begin in the file, how many bytes they take, and their CRC-32.

    ``digests``: those of the plans of its records, one behind the other; ``ends``: where the lines of each of them end, from
    the beginning on (little-endian, 8 bytes each); ``copied``: what comes from the last snapshot, from the beginning on too.
    """

    chunk: str
    start: int
    size: int
    checksum: int
    digests: bytes
    ends: bytes
    copied: list[Span]


def stretch_of(
    chunk: str, start: int, content_size: int, checksum: int, records: Sequence[Record], ends: Sequence[int], copied: list[Span]
) -> Stretch:
    """The stretch of a chunk whose records' lines end at ``ends``."""
    digests = b"".join(digest for _, digest in records)
    return Stretch(chunk, start, content_size, checksum, digests, np.array(ends, _ENDS).tobytes(), copied)


class Known(NamedTuple):
    """Lines that are known: ``places`` tells by the digest of a plan where those of its record stand in ``content``."""

    content: bytes
    places: Mapping[bytes, Span]

    def runs(self, records: Sequence[Record]) -> Iterator[tuple[int, int, Span | None]]:
        """Records in a row that are known, or are not: the first, the one after the last, and where their lines stand."""
        first, span = 0, self._of(records[0])
        for number, record in enumerate(records[1:], 1):
            place = self._of(record)
            if span is not None and place is not None and place[0] == span[1]:
                span = span[0], place[1]
            elif span is not None or place is not None:
                yield first, number, span
                first, span = number, place
        yield first, len(records), span

    def _of(self, record: Record) -> Span | None:
        return self.places.get(record[1])


class KeptLines(NamedTuple):
    """The lines of a table in a file of CSV, by chunk."""

    path: Path
    stretches: Mapping[str, Stretch]

    def of(self, chunk: str) -> Known | None:
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
        if len(content) != stretch.size or zlib.crc32(content) != stretch.checksum:
            return None
        ends = [0, *np.frombuffer(stretch.ends, _ENDS).tolist()]
        digests = (stretch.digests[at : at + _DIGEST] for at in range(0, len(stretch.digests), _DIGEST))
        return Known(content, dict(zip(digests, itertools.pairwise(ends), strict=True)))

    def only(self, chunks: Sequence[str]) -> KeptLines:
        """The same for some chunks."""
        return KeptLines(self.path, {chunk: self.stretches[chunk] for chunk in chunks if chunk in self.stretches})


def moved(stretches: Sequence[Stretch], by: int) -> list[Stretch]:
    """The same stretches so many bytes further on."""
    return [msgspec.structs.replace(stretch, start=stretch.start + by) for stretch in stretches]


def copied_spans(stretches: Sequence[Stretch]) -> Iterator[Span]:
    """Where lines stand in the file that come from the last snapshot."""
    for stretch in stretches:
        yield from ((stretch.start + first, stretch.start + last) for first, last in stretch.copied)


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
