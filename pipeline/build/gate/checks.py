"""Checks derived from the schema: keys, nulls, code lists, patterns, ranges, references, personal data in public cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.breaches import Breaches, Judged, breaches, first_null, strangers
from pipeline.build.tables.facts import Facts, facts_of, leaks_of
from pipeline.build.tables.store import column_parts
from pipeline.privacy.scan import Leak
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import Column, Table, code_lists, tables

Level = Literal["refuse", "warn"]


class Problem(NamedTuple):
    """A requirement that does not hold. ``refuse``: nothing is published; ``warn``: said, and published.

    ``example``: address or capture id of a page to look at; ``cause``: the likely cause in words.
    """

    level: Level
    requirement: str
    where: str
    detail: str
    may_be_accepted: bool = False
    source: str | None = None
    example: str | None = None
    cause: str | None = None

    @property
    def told(self) -> str:
        """The problem on one line, without its level."""
        cause = f"; likely cause: {self.cause}" if self.cause else ""
        example = f"; see {self.example}" if self.example else ""
        return f"{self.where}: {self.requirement}: {self.detail}{cause}{example}"

    @property
    def line(self) -> str:
        """The problem on one line."""
        return f"{self.level}: {self.told}"


def acceptable(
    level: Level, requirement: str, where: str, detail: str, source: str, example: str | None, cause: str
) -> Problem:
    """A problem of a source that may be accepted."""
    return Problem(level, requirement, where, detail, may_be_accepted=True, source=source, example=example, cause=cause)


class Since:
    """What is known when the previous snapshot was held against the same declarations: only rows that differ may break them."""

    def __init__(self, before: Mapping[str, Any], differing: Mapping[str, pa.Table]) -> None:
        """``before``: the tables of that snapshot; ``differing``: table → the rows that were not there so."""
        self._before = before
        self._differing = differing
        self._are_kept: dict[str, bool] = {}

    def clears(self, where: str, column: Column, made: Mapping[str, pa.Table]) -> bool:
        """Whether no value of a column breaks what is asked of it; False when all must be looked at to tell."""
        name = where.partition(".")[0]
        rows = self._differing.get(name) if name in self._before else None
        if rows is None or (column.references is not None and not self._keeps(column.references, made)):
            return False
        return not any(_column_problems(_Cell(where, column, rows), 0, made))

    def _keeps(self, target: str, made: Mapping[str, pa.Table]) -> bool:
        """Whether a table has all keys that it had: what refers to one of them still does."""
        if target not in self._are_kept:
            key = tables()[target].key[0]
            before = self._before.get(target)
            keys = column_parts(made[target], key) if before is not None else ()
            self._are_kept[target] = before is not None and strangers(before, key, keys) is None
        return self._are_kept[target]


def schema_problems(made: Mapping[str, pa.Table], since: Since | None = None) -> Iterator[Problem]:
    """Problems of all tables against their declarations, privacy classes among them. ``since``: None when all may differ."""
    wrong = [*_type_problems(made)]
    if wrong:  # nothing else can be asked of columns that are not there, or hold something else
        yield from wrong
        return
    facts = {name: facts_of(name, rows) for name, rows in made.items()}
    yield from personal_data_problems(leak for name, found in facts.items() for leak in leaks_of(name, found))
    for name, rows in made.items():
        table = tables()[name]
        yield from _key_problems(table, facts[name])
        for column_name, column in table.columns.items():
            cell = _Cell(f"{name}.{column_name}", column, rows)
            nulls = facts[name].nulls[column_name] if column.is_required else 0
            if nulls or (_is_asked(column) and (since is None or not since.clears(cell.where, column, made))):
                yield from _column_problems(cell, nulls, made)


def _is_asked(column: Column) -> bool:
    """Whether the values of a column must be read at all; long texts need not."""
    asked = (column.codes, column.references, column.pattern, column.minimum, column.maximum)
    return any(requirement is not None for requirement in asked)


def _type_problems(made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    for name, rows in made.items():
        declared = arrow_schema(name)
        other = sorted({*declared.names} ^ {*rows.column_names})
        other += [
            field.name
            for field in declared
            if field.name in rows.column_names and rows.schema.field(field.name).type != field.type
        ]
        if other or rows.column_names != declared.names:
            yield Problem(
                "refuse", "columns are as declared", name, f"{', '.join(other) or 'their order'} differs from the schema"
            )
    for name, table in tables().items():
        if name not in made and not table.is_restricted and name != "changes":
            yield Problem("refuse", "tables are as declared", name, "the table was not made")


def _key_problems(table: Table, facts: Facts) -> Iterator[Problem]:
    number, example = facts.twice
    if number:
        yield Problem("refuse", "keys are unique", table.name, f"{number} keys stand more than once, e.g. {example}")


class _Cell(NamedTuple):
    """The column under check: its name for people, its declaration, the rows it stands in."""

    where: str
    column: Column
    rows: pa.Table

    def problem(self, requirement: str, detail: str, number: int | None = None) -> Problem:
        """A refusal; ``number``: the row that shows it."""
        row = self.rows.slice(number, 1).to_pylist()[0] if number is not None else {}
        page = row.get("source_url") or row.get("capture_id")
        return Problem("refuse", requirement, self.where, detail, source=row.get("source"), example=page)

    def first(self, requirement: str, wrong: Breaches | None) -> Iterator[Problem]:
        """A refusal when there are wrong values; what may not be published is not repeated in it."""
        if wrong is not None:
            is_public = self.column.privacy == "public" and not self.where.startswith("quality_issues.")
            example = f", e.g. {wrong.value!r}" if is_public and not _is_restricted(self.where) else ""
            yield self.problem(requirement, f"{wrong.number} values do not{example}", wrong.row)

    def breaches(self, is_wrong: Judged) -> Breaches | None:
        """The values of which ``is_wrong`` holds."""
        return breaches(self.rows, self.name, is_wrong)

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.where.rpartition(".")[2]


def _is_restricted(where: str) -> bool:
    return tables()[where.partition(".")[0]].is_restricted


def _column_problems(cell: _Cell, nulls: int, made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    column = cell.column
    if column.is_required and nulls:
        number = first_null(cell.rows, cell.name)
        yield cell.problem("required columns are filled", f"{nulls} rows are null", number)
    if column.codes is not None:
        yield from _outside(cell, "codes are in their list", [pa.array(sorted(code_lists()[column.codes]))])
    if column.references is not None:
        target = tables()[column.references]
        yield from _outside(cell, f"values are keys of {target.name}", column_parts(made[target.name], target.key[0]))
    if (pattern := column.pattern) is not None:
        wrong = cell.breaches(lambda values: pc.invert(pc.match_substring_regex(values, pattern)))
        yield from cell.first(f"values match {pattern}", wrong)
    if column.minimum is not None or column.maximum is not None:
        yield from _range_problems(cell)


def _outside(cell: _Cell, requirement: str, allowed: Iterable[pa.Array]) -> Iterator[Problem]:
    yield from cell.first(requirement, strangers(cell.rows, cell.name, allowed))


def _range_problems(cell: _Cell) -> Iterator[Problem]:
    column = cell.column
    for bound, beyond, word in ((column.minimum, pc.less, "at least"), (column.maximum, pc.greater, "at most")):
        if bound is not None:
            limit = bound if isinstance(bound, dt.date) else float(bound)

            def is_beyond(values: pa.Array, limit: Any = limit, beyond: Any = beyond) -> pa.Array:
                compared = values if isinstance(limit, dt.date) else pc.cast(values, pa.float64())
                return beyond(compared, pa.scalar(limit))

            yield from cell.first(f"values are {word} {bound}", cell.breaches(is_beyond))


def personal_data_problems(leaks: Iterable[Leak]) -> Iterator[Problem]:
    """What the detectors found. The value itself is not repeated: a report must not print what must not be published."""
    for leak in leaks:
        detail = f"{leak.values} values carry contact data or identity numbers ({leak.kind})"
        yield Problem("refuse", "no personal data where everybody reads", leak.where, detail, example=leak.page)
