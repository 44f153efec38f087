"""Which records can be near-duplicates at all: those that share a band of their signatures with another one of their kind.

Signatures are asked only of texts whose titles leave it open: most titles stand once, and publishers' numbers are never
merged with each other. Two records are compared word by word only when both are here. The keys stand in a file; a few bands of
all records are in memory at a time, 4 bytes each.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.build.choice.duplicates import may_be_merged

BANDS: Final = 32
_AT_ONCE: Final = 8
_READ: Final = 65536

_TOLD: Final = np.dtype(
    [("title", np.uint64), ("text", np.int64), ("part", np.uint64), ("is_merged", np.bool_), ("row", np.int64)]
)

Keys = npt.NDArray[np.uint64]


class Text(NamedTuple):
    """The text of a part of a record, on the page at ``offset`` of its extracted file."""

    offset: int
    kind: str
    record_id: str
    part: str


class Asked(NamedTuple):
    """Texts of a piece of extracted/ whose bands are asked for; ``piece``: its number in the order they were noted in."""

    piece: int
    texts: list[Text]


Signing = Callable[[Iterator[Asked]], Iterator[Sequence[bytes]]]
"""Yields the bands of the texts of each piece; no bytes for a text too short to tell anything."""


class Stretch(NamedTuple):
    """Where the first and the last page of a piece stand in the file of this number."""

    file: int
    first: int
    last: int


class Suspects:
    """Parts of the table `latest` that may be the same text as another one; the bands of texts stand in a work file."""

    def __init__(self, db: sqlite3.Connection, work_file: Path) -> None:
        """Raises OSError."""
        self._db = db
        self._path = work_file
        self._file = work_file.open("wb")
        self._count = 0

    def close(self) -> None:
        """Removes the work file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def ask(self, kinds: Iterable[str], stretches: Sequence[Stretch], signing: Signing) -> None:
        """Has the texts signed that `among` must know of."""
        self._db.execute("CREATE TABLE asked (row INTEGER PRIMARY KEY, bands INTEGER)")
        for kind in kinds:
            parts = _parts(self._db.execute("SELECT title, 0, part, record_id, rowid FROM latest WHERE kind=?", (kind,)))
            rows = parts.rows[_alike(parts, parts.names << np.uint64(32))] if parts.merged.any() else parts.rows[:0]
            self._db.executemany("INSERT INTO asked (row) VALUES (?)", ((int(row),) for row in rows))
        waiting: deque[list[int]] = deque()
        for bands in signing(self._texts(stretches, waiting)):
            for row, told in zip(waiting.popleft(), bands, strict=True):
                if told:
                    self._file.write(told)
                    self._db.execute("UPDATE asked SET bands=? WHERE row=?", (self._count, row))
                    self._count += 1
        self._file.flush()

    def _texts(self, stretches: Sequence[Stretch], waiting: deque[list[int]]) -> Iterator[Asked]:
        """What is asked of each piece; its row numbers are put behind those that are ``waiting`` for their bands."""
        if self._db.execute("SELECT 1 FROM asked LIMIT 1").fetchone() is None:
            return
        query = (
            "SELECT row, offset, kind, record_id, part FROM latest JOIN asked ON row = latest.rowid "
            "WHERE file=? AND offset BETWEEN ? AND ? ORDER BY row"
        )
        for number, stretch in enumerate(stretches):
            found = self._db.execute(query, stretch).fetchall()
            if found:
                waiting.append([row for row, *_ in found])
                yield Asked(number, [Text(*text) for _, *text in found])

    def among(self, kind: str) -> list[int]:
        """The row numbers of parts that may be the same text as another one of their kind.

        Titles that contradict each other, and records none of which may be merged, are never the same.
        """
        query = (
            "SELECT title, bands, part, record_id, row FROM asked JOIN latest ON row = latest.rowid "
            "WHERE kind=? AND bands IS NOT NULL ORDER BY row"
        )
        parts = _parts(self._db.execute(query, (kind,)))
        if not parts.merged.any():
            return []
        found = np.zeros(len(parts.rows), dtype=np.bool_)
        for first in range(0, BANDS, _AT_ONCE):
            bands = self._bands(parts.texts, first)
            for band in bands.T:
                found |= _alike(parts, band.astype(np.uint64) | parts.names << np.uint64(32))
        return [int(row) for row in parts.rows[found]]

    def _bands(self, texts: npt.NDArray[np.int64], first: int) -> npt.NDArray[np.uint32]:
        """_AT_ONCE bands of the texts, from the number ``first`` on."""
        everything = np.empty((self._count, _AT_ONCE), dtype=np.uint32)
        at = 0
        with self._path.open("rb") as file:
            while content := file.read(_READ * BANDS * 4):
                part = np.frombuffer(content, dtype=np.uint32).reshape(-1, BANDS)[:, first : first + _AT_ONCE]
                everything[at : at + len(part)] = part
                at += len(part)
        return everything[texts]


class _Parts(NamedTuple):
    """Parts of records as columns; titles and names of parts as digests, 0 for no title."""

    titles: Keys
    texts: npt.NDArray[np.int64]
    names: Keys
    merged: npt.NDArray[np.bool_]
    rows: npt.NDArray[np.int64]


def _parts(parts: Iterable[tuple[int, int, str, str, int]]) -> _Parts:
    """``parts``: title (a digest, 0 without one), number of the text, name of the part, record id, row number."""
    told = np.fromiter(
        ((title, text, zlib.crc32(part.encode()), may_be_merged(name), row) for title, text, part, name, row in parts),
        dtype=_TOLD,
    )
    return _Parts(*(np.ascontiguousarray(told[name]) for name in _TOLD.names or ()))


def _alike(parts: _Parts, keys: Keys) -> npt.NDArray[np.bool_]:
    """Which parts share their key with another one whose title is theirs, or that has none, one of the two to be merged."""
    untitled = parts.titles == 0
    found = _shared(np.where(untitled, keys, _mixed(keys, parts.titles)), parts.merged)
    return found | _shared(keys, parts.merged, untitled) if untitled.any() else found


def _mixed(keys: Keys, titles: Keys) -> Keys:
    with np.errstate(over="ignore"):
        return (keys * np.uint64(0x9E3779B97F4A7C15)) ^ (titles * np.uint64(0xC2B2AE3D27D4EB4F))


def _shared(keys: Keys, merged: npt.NDArray[np.bool_], needed: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_]:
    """Which keys occur more than once, at one of them a record that may be merged (and one that is ``needed``)."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    sizes = np.diff(np.concatenate((starts, [len(ordered)])))
    is_found = (sizes > 1) & (np.add.reduceat(merged[order].astype(np.int64), starts) > 0)
    if needed is not None:
        is_found &= np.add.reduceat(needed[order].astype(np.int64), starts) > 0
    found = np.zeros(len(keys), dtype=np.bool_)
    found[order] = np.repeat(is_found, sizes)
    return found
