"""Rows on their way into tables: collected by column, contact data masked in prose, issues noted beside them.

Masks come last, whole columns at once: Arrow's engine finds the few texts that may hold contact data, a thirtieth of what
Python takes for looking text by text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import pyarrow as pa

from pipeline.build.tables.maskedcells import HeldColumn, is_masked, masked_cell, suspects_in
from pipeline.errors import SchemaError
from pipeline.normalise.reading import Reading
from pipeline.records import ExtractedPage, IssueStatus
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import Column, tables

_ISSUE_OF_READING: dict[str, IssueStatus] = {
    "repaired": "repaired",
    "ambiguous": "ambiguous",
    "invalid": "invalid",
    "missing": "missing",
}


OWNER: Final = "_owner"
"""Column of rows on their way: the number of the record or page they were made from. No table of a snapshot has it."""

_ISSUES: Final = "quality_issues"
_NEVER_TOLD: Final = frozenset((_ISSUES, "changes"))
"""Tables whose masks are no issue: their texts are those of other tables, where they were told."""


class Departure(NamedTuple):
    """A page gone. ``on``: date (UTC) on which that was first seen.

    ``capture_id``: the capture that shows it, None where only a revisit of an answer outside the archive does.
    """

    on: dt.date
    capture_id: str | None

    @property
    def cells(self) -> dict[str, Any]:
        """What a row of the page says of it."""
        return {"is_gone": True, "gone_on": self.on, "gone_capture_id": self.capture_id}


STAYS: Final = {"is_gone": False}
"""What a row says whose page was not seen gone."""


class _Origin(NamedTuple):
    """The page that an issue is of."""

    source: str | None
    source_url: str | None
    capture_id: str | None


class Rows:
    """Rows of all tables, as lists by column. ``owner`` is the number noted beside the rows that are taken from now on."""

    def __init__(self) -> None:
        self._tables = tables()
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in table.columns} for name, table in self._tables.items()
        }
        self._plans = {
            name: [
                (
                    column_name,
                    column,
                    self._columns[name][column_name],
                    _is_ranged(column),
                    is_masked(column_name, column, table),
                )
                for column_name, column in table.columns.items()
            ]
            for name, table in self._tables.items()
        }
        self._owners: dict[str, list[int]] = {name: [] for name in self._tables}
        self._origins: dict[str, list[_Origin | None]] = {name: [] for name in self._tables}
        self._masked_rows = dict.fromkeys(self._tables, 0)  # of each table: how many have been looked through
        self.owner = 0
        self._departure: Departure | None = None

    @contextmanager
    def departed(self, departure: Departure | None) -> Iterator[None]:
        """Rows taken inside are of a page that is gone, or of a record that is; None: as outside."""
        outside, self._departure = self._departure, departure or self._departure
        try:
            yield
        finally:
            self._departure = outside

    def add(self, table: str, values: Mapping[str, Any], page: ExtractedPage | None = None) -> None:
        """Takes one row. Columns left out are null; ``page`` fills the provenance columns and names the issue of a mask.

        Raises SchemaError for a column the table does not have.
        """
        declared = self._tables[table]
        columns = self._columns[table]
        row = dict(values)
        if declared.has_provenance and page is not None:
            row |= provenance(page) | (self._departure.cells if self._departure is not None else STAYS)
        if not row.keys() <= columns.keys():
            raise SchemaError(f"table {table}: no column {', '.join(sorted(row.keys() - columns.keys()))}")
        for name, column, held, is_ranged, _ in self._plans[table]:
            value = row.get(name)
            if value is not None and not value and value in ("", []):
                value = None  # no value is null in every column, so that fill rates and readers agree
            if value is None:
                held.append(None)
                continue
            if is_ranged and not _is_in_range(column, value):
                # Said of one page, such a value must not stop a build: it is null, and its text stands beside it.
                reason = f"outside {_range(column)}, which the column may hold"
                self.issue(table, _record_id(declared.key, row), name, "invalid", reason, page, raw_text=str(value))
                value = None
            held.append(value)
        self._owners[table].append(self.owner)
        self._origins[table].append(_origin(page))

    def issue(
        self,
        table: str,
        record_id: str | None,
        column: str | None,
        status: IssueStatus,
        reason: str,
        page: ExtractedPage | _Origin | None,
        *,
        raw_text: str | None = None,
        label: str | None = None,
        candidates: Iterable[str] = (),
    ) -> None:
        """Takes one row of quality_issues."""
        origin = page if isinstance(page, _Origin) else _origin(page)
        row: dict[str, Any] = {
            "table": table,
            "record_id": record_id,
            "column": column,
            "label": label,
            "status": status,
            "raw_text": raw_text,
            "reason": reason,
            "candidates": list(candidates) or None,
        }
        self.add(_ISSUES, row if origin is None else row | origin._asdict())

    def reading_issue(
        self, reading: Reading[Any], table: str, record_id: str, column: str, page: ExtractedPage, label: str | None = None
    ) -> None:
        """Notes a reading that is not ok; an empty text is no issue, words that say "no data" are one."""
        status = _ISSUE_OF_READING.get(reading.status)
        if status is not None and reading.raw.strip():
            self.issue(
                table,
                record_id,
                column,
                status,
                reading.reason or f"read as {reading.value}",
                page,
                raw_text=reading.raw,
                label=label,
                candidates=reading.candidates,
            )

    def count(self, table: str) -> int:
        """Number of rows so far, without those that masks will add to quality_issues."""
        return len(self._owners[table])

    def filled(self) -> list[str]:
        """The tables that have rows."""
        self._mask()
        return [name for name, owners in self._owners.items() if owners]

    def arrow(self, table: str) -> pa.Table:
        """The table with its frozen schema, sorted by key; a table without a key is sorted by its text columns."""
        return ordered(table, self._made(table))

    def owned(self, table: str) -> pa.Table:
        """The same with the column OWNER beside the others."""
        made = self._made(table)
        return ordered(table, made.append_column(OWNER, pa.array(self._owners[table], pa.int64())))

    def _mask(self) -> None:
        """Masks contact data in the rows that were taken since it was done last, and notes where."""
        self._mask_in([name for name in self._tables if name != _ISSUES])
        self._mask_in([_ISSUES])  # which gets rows from all others

    def _mask_in(self, tables: Sequence[str]) -> None:
        """The same in some tables, in none of which a row is added by it."""
        cells: list[HeldColumn] = []
        for table in sorted(tables):
            start, self._masked_rows[table] = self._masked_rows[table], self.count(table)
            if start < self.count(table):
                cells += [
                    HeldColumn(table, name, column, held, start)
                    for name, column, held, _, may_be in self._plans[table]
                    if may_be
                ]
        for cell, numbers in zip(cells, suspects_in(cells), strict=True):
            for number in numbers:
                cell.values[number], count = masked_cell(cell.name, cell.column, cell.values[number])
                if count and cell.table not in _NEVER_TOLD:
                    self._note_mask(cell.table, number, cell.name, count)

    def _note_mask(self, table: str, number: int, column: str, count: int) -> None:
        record_id = _record_id(self._tables[table].key, {name: held[number] for name, held in self._columns[table].items()})
        reason = f"contact data masked in {count} place{'s' if count > 1 else ''}"
        now, self.owner = self.owner, self._owners[table][number]
        self.issue(table, record_id, column, "masked", reason, self._origins[table][number])
        self.owner = now

    def _made(self, table: str) -> pa.Table:
        self._mask()
        try:
            return pa.Table.from_pydict(self._columns[table], schema=arrow_schema(table))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            raise SchemaError(f"table {table}: {error}") from error


def order_of(table: str) -> list[str]:
    """The columns a table is sorted by: its key, else all columns of text."""
    declared = tables()[table]
    return declared.key or [name for name, column in declared.columns.items() if column.type == "text"]


def ordered(table: str, made: pa.Table) -> pa.Table:
    """The rows in the order of the table."""
    return made.sort_by([(name, "ascending") for name in order_of(table)]).combine_chunks()


def provenance(page: ExtractedPage) -> dict[str, Any]:
    """The columns every data row carries."""
    return {
        "source": page.source,
        "source_url": page.capture.source_url,
        "captured_at": page.capture.captured_at,
        "capture_id": page.capture.capture_id,
    }


def _is_ranged(column: Column) -> bool:
    """Whether a value may be outside of what the column holds; in a required column that is a fault of the code."""
    return not column.is_required and (column.minimum is not None or column.maximum is not None)


def _origin(page: ExtractedPage | None) -> _Origin | None:
    return _Origin(page.source, page.capture.source_url, page.capture.capture_id) if page is not None else None


def _is_in_range(column: Column, value: Any) -> bool:
    low, high = column.minimum, column.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _range(column: Column) -> str:
    low, high = (
        int(bound) if isinstance(bound, float) and bound.is_integer() else bound for bound in (column.minimum, column.maximum)
    )
    return f"the range from {low} to {high}" if high is not None else f"the range from {low}"


def _record_id(key: list[str], row: Mapping[str, Any]) -> str:
    return "/".join(str(row[name]) for name in key)
