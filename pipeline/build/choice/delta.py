"""Which records differ from those of the previous snapshot, told from the digests of their plans: no row is read for it.

The digests of all plans are kept in the work cache with the name of the snapshot that was made of them. The next build holds
its own against them while it goes through its plans, which come in the same order; neither list is held in memory. Records of
equal digests have equal rows (`selection.RecordPlan`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa

from pipeline.build.choice.selection import KINDS
from pipeline.faults import reached
from pipeline.schema.spec import tables

_MOST_CHANGED: Final = 0.05
"""Share of records from which everything is looked at: the rows of changed records are held in memory."""
_ALWAYS_FEW: Final = 50
_MOST_RECORDS: Final = 6_000
"""The same whatever the share: so many records have some 60 MB of rows on each side, decks three times that."""
_END: Final = "end"

Plan = tuple[str, str, str]
"""Kind and id of a record, and the digest of its plan in hex."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Plan)


class Differing(NamedTuple):
    """How many rows of a table of one source may differ: in either snapshot, and how many of those stand in both."""

    rows: int
    again: int


class Delta(NamedTuple):
    """The rows of the records that differ, by table: as they were, and as they are now."""

    old: Mapping[str, pa.Table]
    new: Mapping[str, pa.Table]

    def differing(self) -> dict[tuple[str | None, str], Differing]:
        """The numbers of such rows, by source and table; a table of a source that is not named is the same in both."""
        found: dict[tuple[str | None, str], Differing] = {}
        for name in self.old.keys() & self.new.keys():
            table = tables()[name]
            keys = [_keys(rows, table.key) for rows in (self.old[name], self.new[name])]
            number = sum((Counter(side.values()) for side in keys), Counter[str | None]())
            again = Counter(keys[1][key] for key in keys[0].keys() & keys[1].keys())
            found |= {(source, name): Differing(rows, again[source]) for source, rows in number.items()}
        return found


def _keys(rows: pa.Table, key: Sequence[str]) -> dict[tuple[object, ...], str | None]:
    """The keys of rows, with the source of each."""
    columns = [rows[name].to_pylist() for name in key]
    return dict(zip(zip(*columns, strict=True), rows["source"].to_pylist(), strict=True))


class PlanLog:
    """Takes the plans of this build, in the order of kinds and ids, and keeps them for the next one."""

    def __init__(self, kept: Path, previous: str | None) -> None:
        """``kept``: where those of the last build are; ``previous``: the snapshot that they must be of. Raises OSError."""
        self._kept = kept
        self.aside = kept.with_name(f"{kept.name}.open")
        self._file = self.aside.open("wb")
        self._digest = blake2b(digest_size=16)
        self._before = _lines_of(kept, previous)
        self._next = next(self._before, None) if self._before is not None else None
        self._number = 0
        self._changed: dict[str, set[str]] = {}
        self._stood: dict[str, set[str]] = {}

    def note(self, kind: str, record_id: str, digest: bytes) -> bool:
        """Takes the plan of a record; whether it is known to be another one than before. Raises OSError."""
        line = _encoder.encode((kind, record_id, digest.hex())) + b"\n"
        self._digest.update(line)
        self._file.write(line)
        self._number += 1
        if self._before is None:
            return False
        while self._before is not None and self._next is not None:
            if line == self._next:  # most are, and nothing is read out of them
                self._next = next(self._before, None)
                return False
            named = _decoder.decode(self._next)[:2]
            if named > (kind, record_id):
                break
            self._next = next(self._before, None)
            self._differs(*named, stood=True)
            if named == (kind, record_id):
                return True
        self._differs(kind, record_id, stood=False)
        return True

    def changed(self) -> dict[str, set[str]] | None:
        """Ends the list. Kind → records that differ; None when that is not known, or when they are many."""
        self._file.close()
        while self._before is not None and self._next is not None:
            self._differs(*_decoder.decode(self._next)[:2], stood=True)
            self._next = next(self._before, None) if self._before is not None else None
        number = sum(map(len, self._changed.values()))
        if self._before is None or number > max(_ALWAYS_FEW, self._number * _MOST_CHANGED):
            return None
        return {kind: self._changed.get(kind, set()) for kind in KINDS}

    def stood(self) -> dict[str, set[str]]:
        """Kind → those records among `changed` that stood in the previous snapshot."""
        return {kind: self._stood.get(kind, set()) for kind in KINDS}

    def keep(self, snapshot: str) -> None:
        """Keeps the plans, once they are ended, as those that the snapshot of this name was made of. Raises OSError."""
        with self.aside.open("ab") as file:
            file.write(_encoder.encode((_END, snapshot, self._digest.hexdigest())) + b"\n")
        reached("cache.plans")
        self.aside.replace(self._kept)

    def close(self) -> None:
        """Ends the list; what was kept before stays."""
        self._file.close()

    def _differs(self, kind: str, record_id: str, *, stood: bool) -> None:
        if sum(map(len, self._changed.values())) > _MOST_RECORDS:
            self._before = None
            self._changed.clear()
            self._stood.clear()
            return
        self._changed.setdefault(kind, set()).add(record_id)
        if stood:
            self._stood.setdefault(kind, set()).add(record_id)


def _lines_of(path: Path, snapshot: str | None) -> Iterator[bytes] | None:
    """The plans that were kept of a snapshot, a line each; None when there are none, or they are not whole."""
    if snapshot is None or not path.is_file():
        return None
    digest = blake2b(digest_size=16)
    last = b""
    with path.open("rb") as file:
        for line in file:
            digest.update(last)
            last = line
    try:
        is_whole = _decoder.decode(last) == (_END, snapshot, digest.hexdigest())
    except msgspec.MsgspecError:
        return None
    return _read(path, last) if is_whole else None


def _read(path: Path, last: bytes) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from takewhile(last.__ne__, file)
