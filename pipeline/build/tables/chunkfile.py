"""The rows of a chunk of records as the work cache keeps them: whole, or as what differs from a chunk of an earlier build.

A chunk in which one record of a hundred is new holds that record's rows and the name of the file that has the others: their
rows are neither read nor written to keep it. What it lies over, its base, is always whole.

A file begins with a line that names the base, empty without one. Its list follows (length in 4 bytes, the list, its CRC-32),
then a pack.
"""

from __future__ import annotations

import itertools
import mmap
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.packs import Unpacked, packed
from pipeline.build.tables.rows import OWNER, ordered

OF_KIND: Final = {
    "article": ("articles",),
    "deck": ("presentations", "slides"),
    "practice": ("practices", "practice_attachments", "practice_contacts", "practice_sections"),
}
"""Tables whose rows follow each other as their records do. Rows of the others are sorted anew, whatever record they are of."""
OWN: Final = -1
"""In place of a number in the base: the rows of the record stand in the file itself."""

_BY_RECORD: Final = frozenset(itertools.chain.from_iterable(OF_KIND.values()))
_WORD: Final = 4

Record = tuple[str, bytes]
"""The id of a record and the digest of its plan."""


class _List(msgspec.Struct, array_like=True, frozen=True):
    records: list[Record]
    places: list[int]
    counts: dict[str, list[int]]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_List)


class Chunk:
    """A chunk as it was kept. ``records``: its records; ``base``: the chunk it lies over, None when it is whole.

    ``places``: for each record its number in the base, or OWN.
    """

    def __init__(self, told: _List, rows: Unpacked, base: Chunk | None) -> None:
        """``rows``: those of its own file. Raises ValueError when the base is another one than it was."""
        self.records = told.records
        self.base = base
        self.places = told.places
        self._counts = told.counts
        self._rows = rows
        if base is not None:
            for record, place in zip(self.records, self.places, strict=True):
                if place != OWN and (place >= len(base.records) or base.records[place] != record):
                    raise ValueError(f"record {record[0]} is not what it lies over")

    def __contains__(self, name: str) -> bool:
        return self.count(name) > 0

    @property
    def size(self) -> int:
        """Bytes of its rows as they are kept, those it lies over included."""
        return self._rows.size + (self.base.size if self.base is not None else 0)

    def names(self) -> list[str]:
        """The tables that have rows."""
        below = self.base.names() if self.base is not None else []
        return [name for name in dict.fromkeys([*self._rows.names(), *below]) if name in self]

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return int(self.counts(name).sum())

    def counts(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """How many rows each record has in a table."""
        found = np.array(self._counts.get(name, [0] * len(self.records)), np.int64)
        if self.base is not None:
            places = np.array(self.places, np.int64)
            below = self.base.counts(name)
            found[places != OWN] = below[places[places != OWN]]
        return found

    def own(self, name: str) -> pa.Table | None:
        """The rows of a table in its own file, under the numbers of their records here; None when there is none."""
        return self._rows.table(name) if name in self._rows else None

    def table(self, name: str) -> pa.Table:
        """The rows of a table that has some, in its order and under the numbers of their records."""
        if name in _BY_RECORD and self.base is not None:
            return self._interleaved(name)
        parts = self.parts(name)
        return parts[0] if len(parts) == 1 else ordered(name, pa.concat_tables(parts))

    def parts(self, name: str) -> list[pa.Table]:
        """The same in one part or two, each in the order of the table."""
        own = self.own(name)
        below = self.base.own(name) if self.base is not None else None
        if below is not None:
            below = renumbered(below, self._numbers())
        return [rows for rows in (own, below) if rows is not None and rows.num_rows]

    def of(self, name: str, numbers: Sequence[int]) -> list[pa.Table]:
        """The rows of some records in a table, in one part or two, without their numbers."""
        places = [place for number in numbers if (place := self.places[number]) != OWN]
        below = self.base.own(name) if self.base is not None and places else None
        return [
            rows.filter(pc.is_in(rows[OWNER], value_set=pa.array(meant, pa.int64()))).drop_columns([OWNER])
            for rows, meant in ((self.own(name), numbers), (below, places))
            if rows is not None
        ]

    def _numbers(self) -> list[int | None]:
        """For each record of the base its number here, None when it is none of these."""
        found: list[int | None] = [None] * len(self.base.records if self.base is not None else ())
        for number, place in enumerate(self.places):
            if place != OWN:
                found[place] = number
        return found

    def _interleaved(self, name: str) -> pa.Table:
        """Rows of both in the order of the records: stretches of either, nothing is sorted or copied."""
        assert self.base is not None  # there is nothing to lie over otherwise
        own, below = self.own(name), self.base.own(name)
        ends, ends_below = _ends(self._counts.get(name, [0] * len(self.records))), _ends(self.base.counts(name))
        parts = []
        for first, last, place in _runs(self.places):
            rows, starts = (own, ends) if place == OWN else (below, ends_below)
            begin, end = (first, last) if place == OWN else (place, place + last - first)
            if rows is not None:
                parts.append(rows.slice(starts[begin], starts[end] - starts[begin]))
        rows = pa.concat_tables(parts)
        owners = pa.array(np.repeat(np.arange(len(self.records)), self.counts(name)), pa.int64())
        return rows.set_column(rows.schema.get_field_index(OWNER), OWNER, owners)


def _ends(counts: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
    """Where the rows of each record end, after a 0."""
    return [0, *np.cumsum(np.asarray(counts, np.int64)).tolist()]


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Records of which the rows stand one behind the other in one file: the first, the one after the last, its place."""
    first = 0
    for number in range(1, len(places) + 1):
        before = places[number - 1]
        if number == len(places) or places[number] != (OWN if before == OWN else before + 1):
            yield first, number, places[first]
            first = number


def renumbered(rows: pa.Table, numbers: Sequence[int | None]) -> pa.Table:
    """The rows under the numbers that their records have now, without those of records that have none."""
    now = pc.take(pa.array(numbers, pa.int64()), rows[OWNER].combine_chunks())
    rows = rows.set_column(rows.schema.get_field_index(OWNER), OWNER, now)
    return rows.filter(pc.is_valid(now)) if now.null_count else rows


def chunk_content(records: Sequence[Record], made: Mapping[str, pa.Table], base: str = "", places: Sequence[int] = ()) -> bytes:
    """A chunk as it is kept. ``made``: its own rows, under the numbers of their records; ``base``: the name of its file."""
    counts = {name: np.bincount(rows[OWNER].to_numpy(), minlength=len(records)).tolist() for name, rows in made.items()}
    told = _encoder.encode(_List([*records], [*places] or [OWN] * len(records), counts))
    words = (number.to_bytes(_WORD, "big") for number in (len(told), zlib.crc32(told)))
    return b"".join([base.encode(), b"\n", next(words), told, next(words), packed(made)])


def chunk_at(path: Path, wanted: Collection[str] | None = None, *, is_whole: bool = False, asks_base: bool = True) -> Chunk:
    """A chunk that was kept. ``wanted``: the tables that will be asked for, None for all; ``is_whole``: it must have no base.

    ``asks_base``: whether they will be asked of what it lies over too.

    Raises ValueError when it, or what it lies over, is damaged, OSError.
    """
    with path.open("rb") as file:  # of what is not asked for no byte is read
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    at = content.find(b"\n") + 1
    name = content[: max(0, at - 1)]
    end = at + _WORD + int.from_bytes(content[at : at + _WORD], "big")
    told = content[at + _WORD : end]
    if not at or len(told) < end - at - _WORD or zlib.crc32(told) != int.from_bytes(content[end : end + _WORD], "big"):
        raise ValueError("the list of a chunk is damaged")
    if name and is_whole:
        raise ValueError("a chunk lies over one that is not whole")
    base = chunk_at(path.with_name(name.decode("ascii")), wanted if asks_base else (), is_whole=True) if name else None
    return Chunk(_decoder.decode(told), Unpacked(memoryview(content)[end + _WORD :], wanted), base)


def first_in(path: Path) -> str | None:
    """The id of the first record of a chunk, None when that cannot be told. Raises OSError."""
    with path.open("rb") as file:
        file.readline()
        size = int.from_bytes(file.read(_WORD), "big")
        told = file.read(size)
        if zlib.crc32(told) != int.from_bytes(file.read(_WORD), "big"):
            return None  # whoever reads the chunk is told that it is damaged
    try:
        return _decoder.decode(told).records[0][0]
    except (ValueError, IndexError):
        return None


def base_of(path: Path) -> Path | None:
    """The file that a chunk lies over, None when it is whole, or names none. Raises OSError."""
    with path.open("rb") as file:
        name = file.readline().removesuffix(b"\n")
    try:
        return path.with_name(name.decode("ascii")) if name else None
    except ValueError:
        return None  # whoever reads the chunk is told that it is damaged


def name_in(path: Path) -> str:
    """What the files of a chunk are called whose records begin with the same one; a digest of its plans follows it."""
    return path.name.partition(".")[0]
