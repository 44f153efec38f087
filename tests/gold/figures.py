"""Figures of the gold set: precision and recall of rows and of columns, out of expected and found rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

Row = Mapping[str, Any]

FIGURES = pytest.StashKey[list[str]]()
"""Where the lines to print stand in the stash of a run."""

ENDS = ("text_starts", "text_ends")
"""How a long text is held to its gold: its first and last words."""


class Figure(NamedTuple):
    """Counts behind a precision and a recall. A wrong value is both something false and something missed."""

    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


class Told(NamedTuple):
    """What a table yields: a figure for its rows, one for each column, and the differences in words."""

    rows: Figure
    columns: dict[str, Figure]
    differences: list[str]


def told(expected: Sequence[Row], found: Sequence[Row], keys: Sequence[str], columns: Sequence[str], *, whole: bool) -> Told:
    """Holds found rows against expected ones, page by page.

    Rows belong together that agree most in ``keys``, at least in one. ``whole``: an expected row states every column, one
    left out being null, and the pages hold no other rows; else only the columns it names are held, and further rows count
    nothing.
    """
    rows: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {name: Counter() for name in columns}
    differences: list[str] = []
    pages = dict.fromkeys([row["page"] for row in expected] + ([row["page"] for row in found] if whole else []))
    for page in pages:
        wanted = [row for row in expected if row["page"] == page]
        left = [row for row in found if row["page"] == page]
        for row in wanted:
            match = _best(row, left, keys)
            rows["right" if match is not None else "missed"] += 1
            if match is not None:
                left.remove(match)
            else:
                differences.append(f"{page}: not found: {_named(row, keys)}")
            _count(row, match, counts, differences, whole=whole)
        if whole:
            rows["false"] += len(left)
            differences += [f"{page}: not there: {_named(row, keys)}" for row in left]
            for row in left:
                for name in columns:
                    counts[name]["false"] += row.get(name) is not None
    return Told(Figure(**rows), {name: Figure(**counts[name]) for name in columns}, differences)


def _best(row: Row, left: Iterable[Row], keys: Sequence[str]) -> Row | None:
    scored = [(sum(row.get(key) is not None and _agree(row[key], key, other) for key in keys), other) for other in left]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def _count(row: Row, match: Row | None, counts: dict[str, Counter[str]], differences: list[str], *, whole: bool) -> None:
    for name, count in counts.items():
        if name not in row and not whole:
            continue
        value = row.get(name)
        has_value = match is not None and _value(name, match) is not None
        if match is not None and _agree(value, name, match):
            count["right"] += value is not None
            continue
        count["missed"] += value is not None
        count["false"] += has_value
        if match is not None:
            differences.append(f"{row['page']}: {name}: {_value(name, match)!r} instead of {value!r}")


def _agree(value: Any, name: str, row: Row) -> bool:
    found = _value(name, row)
    if name in ENDS and value is not None and found is not None:
        return bool(found.startswith(value) if name == "text_starts" else found.endswith(value))
    return bool(value == found)


def _value(name: str, row: Row) -> Any:
    found = row.get("text") if name in ENDS else row.get(name)
    return found.isoformat() if isinstance(found, dt.date) else found


def _named(row: Row, keys: Sequence[str]) -> str:
    return ", ".join(f"{key}={_value(key, row)!r}" for key in keys if _value(key, row) is not None)


def lines_of(name: str, table: Told) -> list[str]:
    """The figures of a table as lines to print."""
    lines = [f"{name:<22} {'rows':<22} {_line(table.rows)}"]
    return lines + [f"{'':<22} {column:<22} {_line(figure)}" for column, figure in table.columns.items()]


def _line(figure: Figure) -> str:
    return f"{figure.precision:>9.3f} {figure.recall:>9.3f} {figure.right:>6} {figure.false:>6} {figure.missed:>6}"


HEADING = f"{'table':<22} {'column':<22} {'precision':>9} {'recall':>9} {'right':>6} {'false':>6} {'missed':>6}"
