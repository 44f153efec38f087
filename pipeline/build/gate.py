"""The gate: what must hold before a snapshot is published.

Requirements come from the schema (`checks`) and from each source's TOML (fill rates, and that pages of a source yield rows).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.checks import Problem, schema_problems
from pipeline.sources.spec import Source

ROWS_FOR_A_SHARE = 20
"""Below this many rows a fill rate says nothing about a source: one missing value in three is no trend."""


class GateResult(NamedTuple):
    """The gate's verdict. ``accepted`` is the reason given for publishing in spite of refusals that may be accepted."""

    problems: list[Problem]
    accepted: str | None

    @property
    def refusals(self) -> list[Problem]:
        """Problems that stop publication."""
        return [
            problem
            for problem in self.problems
            if problem.level == "refuse" and not (self.accepted and problem.may_be_accepted)
        ]

    @property
    def verdict(self) -> str:
        """One word for reports."""
        return "refused" if self.refusals else "accepted" if self.accepted else "passed"


def gate_result(made: Mapping[str, pa.Table], sources: Iterable[Source], accept: str | None) -> GateResult:
    """Holds the tables against every requirement."""
    problems = [*schema_problems(made)]
    for source in sources:
        problems += _source_problems(source, made)
    return GateResult(problems, accept)


def _source_problems(source: Source, made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    pages = _of_source(made["captures"], source.name)
    details = pages.filter(pc.equal(pages["verdict"], "detail")).num_rows
    rows_found = 0
    for table_name, expectation in source.facts.expect.items():
        rows = _of_source(made[table_name], source.name)
        rows_found += rows.num_rows
        if rows.num_rows < ROWS_FOR_A_SHARE:
            continue
        for column, least in expectation.fill.items():
            share = 1 - rows[column].null_count / rows.num_rows
            if share < least:
                detail = f"{share:.0%} of {rows.num_rows} rows have a value, at least {least:.0%} is expected: label renamed?"
                yield Problem("refuse", "fill rate", f"{source.name}: {table_name}.{column}", detail, may_be_accepted=True)
    if pages.num_rows >= ROWS_FOR_A_SHARE and not details and not rows_found:
        detail = f"{pages.num_rows} pages archived, none carries a record: site replaced or blocked?"
        yield Problem("refuse", "a source yields records", source.name, detail, may_be_accepted=True)


def _of_source(rows: pa.Table, source: str) -> pa.Table:
    return rows.filter(pc.equal(rows["source"], source))
