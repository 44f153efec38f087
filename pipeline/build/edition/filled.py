"""How full each column of a snapshot is, and an example of its values: for the dictionary beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.build.tables.facts import facts_of
from pipeline.schema.dictionary import ColumnFacts, TableFacts
from pipeline.schema.spec import tables


def table_facts(made: Mapping[str, Any]) -> dict[str, TableFacts]:
    """Rows, fill rates and examples of every table. No example is taken from a restricted table or contact column."""
    found = {}
    for name, rows in made.items():
        facts = facts_of(name, rows)
        columns = {
            column: ColumnFacts(1 - facts.nulls[column] / facts.rows if facts.rows else None, facts.examples.get(column))
            for column in tables()[name].columns
        }
        found[name] = TableFacts(facts.rows, columns)
    return found
