"""The captures a snapshot knows, read from its table as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.build.tables.store import Stored
from pipeline.trace.evidence import Row


class Captures:
    """Rows of the table ``captures``. What was asked for once is kept."""

    def __init__(self, table: Stored) -> None:
        self._table = table
        self._rows: dict[str, Row] = {}
        self._by_digest: dict[str, list[Row]] = {}

    def __getitem__(self, capture_id: str) -> Row:
        """The row of a capture. Raises KeyError when the snapshot does not know it."""
        if capture_id not in self._rows:
            for row in rows_of(self._table, "capture_id", [capture_id]):
                self._rows[capture_id] = row
        return self._rows[capture_id]

    def with_digest(self, body_digest: str) -> list[Row]:
        """Rows of the captures whose body has that digest."""
        if body_digest not in self._by_digest:
            self._by_digest[body_digest] = list(rows_of(self._table, "body_digest", [body_digest]))
        return self._by_digest[body_digest]

    def verdicts(self) -> Iterator[tuple[str, str]]:
        """Id and verdict of every capture."""
        for batch in self._table.select(["capture_id", "verdict"]).to_batches():
            yield from zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)


def rows_of(table: Stored, column: str, values: list[str]) -> Iterator[Row]:
    """Rows of a table whose column has one of the values."""
    for batch in table.matching(column, values):
        yield from batch.to_pylist()
