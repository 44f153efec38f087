"""The schema's checks: the demo passes, and each declared constraint is missed by no column that breaks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

from pipeline.build.gate.checks import Problem, Since, schema_problems
from pipeline.build.snapshot import read_tables
from pipeline.build.tables.affected import KEYS, OF_RECORD
from pipeline.build.tables.facts import facts_of, joined_facts
from pipeline.build.tables.rows import ordered
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import Column, tables


class Breach(NamedTuple):
    """A value that breaks one constraint of a column."""

    table: str
    column: str
    constraint: str
    value: Any


def breaches_of(table: str, name: str, column: Column) -> Iterator[Breach]:
    if column.is_required:
        yield Breach(table, name, "required", None)
    if column.pattern:
        yield Breach(table, name, "pattern", "§§")
    if column.codes:
        yield Breach(table, name, "codes", "zzz")
    if column.references:
        yield Breach(table, name, "references", "nope")
    for constraint, bound, step in (("minimum", column.minimum, -1), ("maximum", column.maximum, 1)):
        if bound is not None:
            beyond = bound + dt.timedelta(step) if isinstance(bound, dt.date) else int(bound) + step
            yield Breach(table, name, constraint, beyond)
    if column.is_prose and column.type == "text" and not tables()[table].is_restricted:
        yield Breach(table, name, "privacy", "pisz: jan.probny@example.org")


BREACHES = [
    b for table in tables().values() for name, column in table.columns.items() for b in breaches_of(table.name, name, column)
]


OF_RECORDS = (*KEYS, *OF_RECORD)


@pytest.fixture(scope="module")
def made(demo_snapshot: Path) -> dict[str, pa.Table]:
    return dict(read_tables(demo_snapshot))


def test_the_demo_holds_to_the_schema(made: Mapping[str, pa.Table]) -> None:
    assert [*schema_problems(made)] == []


@pytest.mark.parametrize("table", [name for name in tables() if name != "changes"])
def test_no_constraint_is_missed(table: str, made: Mapping[str, pa.Table]) -> None:
    rows = made[table].to_pylist()
    assert rows
    nullable = pa.schema([field.with_nullable(True) for field in arrow_schema(table)])
    for breach in (breach for breach in BREACHES if breach.table == table):
        value = [breach.value] if tables()[table].columns[breach.column].type == "list" else breach.value
        broken = pa.Table.from_pylist([{**rows[0], breach.column: value}, *rows[1:]], schema=nullable)
        found = [*schema_problems({**made, table: broken})]
        assert any(problem.where in (table, f"{table}.{breach.column}") for problem in found), breach
        assert {problem.level for problem in found} == {"refuse"}
        # As in a build that knows which rows of records differ from the previous snapshot, which held to the schema.
        differing = {name: (broken if name == table else made[name]).slice(0, int(name == table)) for name in OF_RECORDS}
        assert [*schema_problems({**made, table: broken}, Since(made, differing))] == found, breach


def test_rows_that_do_not_differ_are_not_looked_at_again(made: Mapping[str, pa.Table]) -> None:
    values = pa.array(["zzz"] * made["practices"].num_rows, pa.string())
    broken = made["practices"].set_column(made["practices"].schema.get_field_index("unit_type"), "unit_type", values)
    wrong = {**made, "practices": broken}
    found = [*schema_problems(wrong)]
    assert found
    none = {name: made[name].slice(0, 0) for name in OF_RECORDS}
    assert [*schema_problems(wrong, Since(made, none))] == []
    assert [*schema_problems(wrong, Since({}, none))] == found  # a table that was not there was not looked at


@pytest.mark.parametrize("table", [table.name for table in tables().values() if table.key])
def test_a_key_that_stands_twice_is_found(table: str, made: Mapping[str, pa.Table]) -> None:
    twice = ordered(table, pa.concat_tables([made[table], made[table].slice(0, 1)]))
    assert "keys are unique" in {problem.requirement for problem in schema_problems({**made, table: twice})}


def test_a_key_that_stands_twice_in_two_files_is_found(made: Mapping[str, pa.Table]) -> None:
    rows = made["captures"]
    parts = [facts_of("captures", part) for part in (rows.slice(0, 5), rows.slice(4, 3), rows.slice(7))]
    assert joined_facts(parts).twice == (1, rows["capture_id"][4].as_py())
    assert joined_facts([facts_of("captures", rows.slice(0, 5)), facts_of("captures", rows.slice(5))]).twice == (0, None)


def test_a_column_of_another_type_or_none_is_found(made: Mapping[str, pa.Table]) -> None:
    practices = made["practices"]
    place = practices.column_names.index("population")
    for changed in (
        practices.set_column(place, "population", pa.nulls(practices.num_rows)),
        practices.drop_columns(["population"]),
        practices.append_column("nonsense", pa.nulls(practices.num_rows, pa.string())),
        practices.select([*reversed(practices.column_names)]),
    ):
        (problem,) = schema_problems({**made, "practices": changed})
        assert (problem.requirement, problem.where) == ("columns are as declared", "practices")
    without: list[Problem] = [*schema_problems({name: rows for name, rows in made.items() if name != "slides"})]
    assert [(problem.requirement, problem.where) for problem in without] == [("tables are as declared", "slides")]
