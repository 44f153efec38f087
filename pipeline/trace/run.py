"""Tracing: from a value of a snapshot to the archived bytes it was read from."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import unquote

from pipeline.build.latest import SNAPSHOTS, latest_snapshot
from pipeline.build.tables.store import Stored, stored_tables
from pipeline.config import Settings
from pipeline.errors import PraktykiError, UsageError
from pipeline.registers.territory import Territory
from pipeline.schema.spec import tables
from pipeline.trace.archived import Archived
from pipeline.trace.captures import Captures, rows_of
from pipeline.trace.cells import CellReader
from pipeline.trace.chosen import ChosenRecords
from pipeline.trace.evidence import Evidence, Piece, Row
from pipeline.trace.keys import first_names, key_of, names_like, rows_named
from pipeline.trace.letters import Span, letters_of

_SUGGESTED = 5


class Located(NamedTuple):
    """A published text behind a cell, and where it stands on the page; no spans when it was not found there."""

    piece: Piece
    spans: tuple[Span, ...]


class Trace(NamedTuple):
    """One cell traced. ``archived`` is None where no page is behind the value."""

    table: str
    key: tuple[Any, ...]
    column: str
    value: Any
    evidence: Evidence
    archived: Archived | None
    texts: tuple[Located, ...]

    @property
    def is_located(self) -> bool:
        """Whether every text behind the cell was found on its page."""
        return all(located.spans for located in self.texts)


class Tracer:
    """Traces cells of one snapshot. Every page is read and decoded once. Use as a context manager."""

    def __init__(self, settings: Settings, snapshot: str | None = None) -> None:
        """``snapshot``: its id, the latest without one. Raises PraktykiError, UsageError when there is none such."""
        folder = _folder(settings.datasets, snapshot)
        self.snapshot = folder.name
        self._settings = settings
        self._tables = stored_tables(folder)
        self._archived: dict[str, Archived] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    @cached_property
    def _captures(self) -> Captures:
        return Captures(self._tables["captures"])

    @cached_property
    def _reader(self) -> CellReader:
        records = self._stack.enter_context(ChosenRecords(self._settings, self._captures))
        return CellReader(self._tables, self._captures, records, Territory.load(self._settings.registers))

    def archived(self, capture_id: str) -> Archived:
        """A capture of the snapshot, verified. Raises CaptureUnreadable when its bytes are not those of the snapshot."""
        if capture_id not in self._archived:
            self._archived[capture_id] = Archived(self._settings.raw, self._captures[capture_id])
        return self._archived[capture_id]

    def rows(self, table: str) -> Iterator[Row]:
        """All rows of a table, some at a time. Raises UsageError for a table the snapshot does not hold."""
        return (row for batch in self._table(table).to_batches() for row in batch.to_pylist())

    def issues(self, table: str, record_id: str, column: str | None) -> list[Row]:
        """What the snapshot has to say of a cell."""
        of_record = rows_of(self._table("quality_issues"), "record_id", [record_id])
        return [issue for issue in of_record if (issue["table"], issue["column"]) == (table, column)]

    def _table(self, table: str) -> Stored:
        if table not in self._tables:
            there = ", ".join(self._tables)
            hint = " (left out of this snapshot)" if table in tables() else _near(table, list(self._tables))
            raise UsageError(f"no table {table!r}{hint}; snapshot {self.snapshot} holds {there}")
        return self._tables[table]

    def matching(self, table: str, record_id: str) -> list[Row]:
        """The rows with that key, its parts joined by "/". Raises UsageError naming close ones when there is none."""
        if table == "changes":
            raise UsageError("changes tells of two snapshots, not of a page: trace the record in its own table")
        rows = self._table(table)
        found: list[Row] = [*rows_named(table, rows, record_id)]
        if not found:
            if like := names_like(table, rows, record_id, _SUGGESTED):
                near = f"; close to it: {', '.join(like)}"
            else:
                known = first_names(table, rows, _SUGGESTED)
                near = f"; there are e.g. {', '.join(known)}" if known else "; it has no rows"
            raise UsageError(
                f"{table} has no record {record_id!r} (key {'/'.join(key_of(table))}) in snapshot {self.snapshot}{near}"
            )
        return found

    def traces(self, table: str, row: Row, column: str | None = None) -> Iterator[Trace]:
        """Traces of one cell of the row, or of all that are not null.

        Raises UsageError for an unknown column, CaptureUnreadable when the archive does not hold what the snapshot says.
        """
        declared = tables()[table]
        if column is not None and column not in declared.columns:
            raise UsageError(
                f"{table} has no column {column!r}{_near(column, list(declared.columns))}; it has {', '.join(declared.columns)}"
            )
        cells = self._reader.cells(table, row)
        key = tuple(row[name] for name in declared.key)
        for name, evidence in cells.items():
            if column in (None, name):
                yield self._trace(table, key, name, row[name], evidence)

    def _trace(self, table: str, key: tuple[Any, ...], column: str, value: Any, evidence: Evidence) -> Trace:
        archived = self.archived(evidence.capture_id) if evidence.capture_id is not None else None
        texts = tuple(_located(piece, archived) for piece in evidence.pieces)
        if archived is not None and texts and all(_is_in_address(located, archived) for located in texts):
            of_address = evidence._replace(derivation="address", pieces=(), note="words of the address")
            return Trace(table, key, column, value, of_address, archived, ())
        return Trace(table, key, column, value, evidence, archived, texts)


def _located(piece: Piece, archived: Archived | None) -> Located:
    locator = archived.locator if archived is not None else None
    if locator is None:
        return Located(piece, ())
    if piece.is_link:
        spans = locator.address(piece.text)
    elif piece.is_number:
        spans = locator.number_before(piece.text, piece.sequence, piece.place)
    elif piece.is_part:
        spans = locator.in_part(piece.text, piece.sequence, piece.place)
    elif piece.sequence:
        spans = locator.in_sequence(piece.sequence, piece.place)
    elif piece.label is not None:
        spans = locator.labelled(piece.label, piece.text)
    elif piece.within is not None:
        spans = locator.within(piece.text, piece.within)
    else:
        spans = locator.anywhere(piece.text)
    return Located(piece, tuple(spans))


def _is_in_address(located: Located, archived: Archived) -> bool:
    """Whether a text that the page does not hold stands in the page's address (a slug where no title is printed)."""
    wanted, address = letters_of(located.piece.text), unquote(archived.capture.source_url or "")
    return not located.spans and wanted != "" and wanted in letters_of(address)


def _near(wanted: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wanted, known, n=_SUGGESTED, cutoff=0.6)
    return f"; close to it: {', '.join(near)}" if near else ""


def _folder(datasets: Path, snapshot: str | None) -> Path:
    if snapshot is None:
        latest = latest_snapshot(datasets)
        if latest is None:
            raise PraktykiError(f"{datasets}: no snapshot yet; run `praktyki build` first")
        return latest
    there = sorted(path.name for path in (datasets / SNAPSHOTS).iterdir()) if (datasets / SNAPSHOTS).is_dir() else []
    if snapshot not in there:
        raise UsageError(f"no snapshot {snapshot!r} in {datasets}; there are {', '.join(there) or 'none'}")
    return datasets / SNAPSHOTS / snapshot
