"""What is found out of a table while its rows pass once: fill, examples, leaks, doubled keys, and the digest of its rows.

Facts of several files of one table are joined; whoever needs them reads no row again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.rowhash import RowsDigest, joined_digest
from pipeline.normalise.masks import contact_data_in
from pipeline.privacy.cells import place_of, suspects
from pipeline.privacy.detectors import Place, personal_data_kinds
from pipeline.privacy.scan import Leak
from pipeline.schema.spec import Column, tables

EXAMPLE_LENGTH: Final = 60
_BATCH: Final = 2048


Leaks = dict[str, dict[str, tuple[int, str | None]]]
"""By column and kind, how many values are personal data where none may stand, and one page they came from."""


class Facts(msgspec.Struct, array_like=True, frozen=True):
    """``nulls``, ``examples``: by column.

    ``twice``: how many keys stand more than once, and the first; ``gone``: rows whose page is gone; ``ends``: first and last
    key.
    """

    rows: int
    nulls: dict[str, int]
    examples: dict[str, str]
    leaks: Leaks
    row_hash: str
    twice: tuple[int, str | None]
    gone: int
    ends: tuple[str | None, str | None] = (None, None)


class Collector:
    """Takes the rows of one file of a table, in order."""

    def __init__(self, name: str, *, is_searched: bool = True) -> None:
        """``is_searched``: whether texts are looked into for personal data."""
        self._table = tables()[name]
        self._rows = self._gone = self._twice = 0
        self._nulls = dict.fromkeys(self._table.columns, 0)
        self._examples: dict[str, str] = {}
        self._leaks: Leaks = {}
        self._digest = RowsDigest(self._table)
        self._first_key: tuple[Any, ...] | None = None
        self._last_key: tuple[Any, ...] | None = None
        self._is_doubled = False
        self._doubled: str | None = None
        self._scanned = [
            (column_name, place_of(self._table, column_name, column))
            for column_name, column in self._table.columns.items()
            if not self._table.is_restricted and column.type in ("text", "list") and column.privacy != "restricted"
        ]
        self._is_searched = is_searched

    def add(self, rows: pa.RecordBatch) -> None:
        """Takes some rows."""
        self._rows += rows.num_rows
        for name, column in self._table.columns.items():
            values = rows[name]
            self._nulls[name] += values.null_count
            if name not in self._examples and not self._table.is_restricted and column.privacy == "public":
                self._find_example(name, column, values)
        if "is_gone" in self._table.columns:
            self._gone += rows["is_gone"].true_count
        self._digest.add_all(rows)
        self._count_keys(rows)
        if self._is_searched:
            self.search(rows)

    def search(self, rows: pa.RecordBatch) -> None:
        """Looks for personal data in some rows."""
        for name, place in self._scanned:
            self._scan(name, place, rows)

    def facts(self) -> Facts:
        """What was found."""
        doubled = (self._twice, self._doubled)
        ends = (_shown(self._first_key), _shown(self._last_key))
        return Facts(self._rows, self._nulls, self._examples, self._leaks, self._digest.told(), doubled, self._gone, ends)

    def _find_example(self, name: str, _column: Column, values: pa.Array) -> None:
        """The first value in the order of the rows; never a text that holds contact data."""
        if values.null_count == len(values):
            return
        for value in values.drop_null():
            text = _shortened(value.as_py())
            if not contact_data_in(text):
                self._examples[name] = text
                return

    def _count_keys(self, rows: pa.RecordBatch) -> None:
        if not self._table.key or not rows.num_rows:
            return
        columns = [rows[name] for name in self._table.key]
        same: Any = pa.array([self._last_key == tuple(column[0].as_py() for column in columns)])
        if rows.num_rows > 1:
            inner = None
            for column in columns:
                equal = pc.equal(column.slice(1), column.slice(0, len(column) - 1))
                inner = equal if inner is None else pc.and_(inner, equal)
            same = pa.concat_arrays([same, pc.fill_null(inner, False)])
        if self._first_key is None:
            self._first_key = tuple(column[0].as_py() for column in columns)
        self._last_key = tuple(column[-1].as_py() for column in columns)
        if not same.true_count:
            self._is_doubled = False
            return
        for number, is_same in enumerate(same.to_pylist()):
            if is_same and not self._is_doubled:
                self._twice += 1
                if self._doubled is None:
                    self._doubled = _shown(tuple(column[number].as_py() for column in columns))
            self._is_doubled = is_same

    def _scan(self, name: str, place: Place, rows: pa.RecordBatch) -> None:
        for number, text in suspects(rows[name], place):
            for kind in personal_data_kinds(text, place):
                found = self._leaks.setdefault(name, {})
                count, page = found.get(kind, (0, None))
                found[kind] = (count + 1, page if count else _page_of(rows, number, place))


def _shown(key: tuple[Any, ...] | None) -> str | None:
    return ", ".join(map(str, key)) if key is not None else None


def _page_of(rows: pa.RecordBatch, number: int, place: Place) -> str | None:
    row = rows.slice(number, 1).to_pylist()[0]
    # Where the address itself is at fault it is not repeated.
    page: str | None = row.get("capture_id") if place == "address" else row.get("source_url") or row.get("capture_id")
    return page


def _shortened(value: Any) -> str:
    from pipeline.build.tables.csv_edition import cell

    text = " ".join((value if isinstance(value, str) else cell(value)).split())
    return text if len(text) <= EXAMPLE_LENGTH else text[: EXAMPLE_LENGTH - 1].rstrip() + "…"


def joined_facts(parts: Sequence[Facts]) -> Facts:
    """The facts of a table by those of its files, in order."""
    if len(parts) == 1:
        return parts[0]
    nulls: dict[str, int] = {}
    examples: dict[str, str] = {}
    for part in parts:
        for name, number in part.nulls.items():
            nulls[name] = nulls.get(name, 0) + number
        examples = part.examples | examples
    filled = [part for part in parts if part.rows]
    # The last key of a file may stand at the beginning of the next one too.
    across = [part.ends[0] for before, part in itertools.pairwise(filled) if part.ends[0] and part.ends[0] == before.ends[1]]
    doubled = next((key for key in (*(part.twice[1] for part in parts), *across) if key is not None), None)
    return Facts(
        sum(part.rows for part in parts),
        nulls,
        examples,
        joined_leaks(part.leaks for part in parts),
        joined_digest([part.row_hash for part in parts]),
        (sum(part.twice[0] for part in parts) + len(across), doubled),
        sum(part.gone for part in parts),
        (filled[0].ends[0], filled[-1].ends[1]) if filled else (None, None),
    )


def facts_of(name: str, rows: Any) -> Facts:
    """The facts of a table, those known of it or found out now."""
    known = getattr(rows, "facts", None)
    if isinstance(known, Facts):
        return known
    collector = Collector(name)
    for batch in rows.to_batches(max_chunksize=_BATCH):
        collector.add(batch)
    return collector.facts()


def leaks_in(name: str, rows: pa.Table) -> Leaks:
    """Personal data in rows of a table."""
    collector = Collector(name)
    for batch in rows.to_batches(max_chunksize=_BATCH):
        collector.search(batch)
    return collector.facts().leaks


def joined_leaks(parts: Iterable[Leaks]) -> Leaks:
    """What was found in all of them, the page of the first."""
    found: Leaks = {}
    for leaks in parts:
        for name, kinds in leaks.items():
            for kind, (number, page) in kinds.items():
                count, first = found.setdefault(name, {}).get(kind, (0, page))
                found[name][kind] = (count + number, first)
    return found


def with_leaks(facts: Facts, leaks: Leaks) -> Facts:
    """The facts of a table that was not searched for personal data when it was written, with what was found in its rows."""
    return msgspec.structs.replace(facts, leaks=leaks)


def leaks_of(name: str, facts: Facts) -> list[Leak]:
    """Personal data in a public table, where none may stand."""
    return [
        Leak(f"{name}.{column}", kind, count, page)
        for column in tables()[name].columns
        for kind, (count, page) in sorted(facts.leaks.get(column, {}).items())
    ]
