"""Which records can be near-duplicates at all: those that share a band of their signatures with another one of their kind.

Two records are compared word by word only when both are here. The keys stand in a file; a few bands of all records are in
memory at a time, 4 bytes each.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.build.duplicates import may_be_merged

BANDS: Final = 32
_AT_ONCE: Final = 8
_READ: Final = 65536

_TOLD: Final = np.dtype(
    [("title", np.uint64), ("text", np.int64), ("part", np.uint64), ("is_merged", np.bool_), ("row", np.int64)]
)

Keys = npt.NDArray[np.uint64]


class Suspects:
    """The bands of all texts, in a work file."""

    def __init__(self, work_file: Path) -> None:
        """Raises OSError."""
        self._path = work_file
        self._file = work_file.open("wb")
        self._count = 0

    def note(self, bands: bytes) -> int | None:
        """Takes the bands of a text; its number, None for a text too short to tell anything."""
        if not bands:
            return None
        self._file.write(bands)
        self._count += 1
        return self._count - 1

    def close(self) -> None:
        """Removes the work file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def among(self, parts: Iterable[tuple[int, int, str, str, int]]) -> list[int]:
        """The row numbers of parts that may be the same text as another one.

        ``parts``: title (a digest, 0 without one), number of the text, name of the part, record id, row number. Titles that
        contradict each other, and records none of which may be merged, are never the same.
        """
        told = np.fromiter(
            ((title, text, zlib.crc32(part.encode()), may_be_merged(name), row) for title, text, part, name, row in parts),
            dtype=_TOLD,
        )
        titles, texts, names, merged, rows = (np.ascontiguousarray(told[name]) for name in _TOLD.names or ())
        if not merged.any():
            return []
        del told
        found = np.zeros(len(rows), dtype=np.bool_)
        untitled = titles == 0
        self._file.flush()
        for first in range(0, BANDS, _AT_ONCE):
            bands = self._bands(texts, first)
            for band in bands.T:
                keys = band.astype(np.uint64) | names << np.uint64(32)
                titled = np.where(untitled, keys, _mixed(keys, titles))
                found |= _shared(titled, merged)
                if untitled.any():
                    found |= _shared(keys, merged, untitled)
        return [int(row) for row in rows[found]]

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
