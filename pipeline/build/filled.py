"""How full each column of a snapshot is, and an example of its values: for the dictionary beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from pipeline.build.csv_edition import cell
from pipeline.normalise.masks import contact_data_in
from pipeline.schema.dictionary import ColumnFacts, TableFacts
from pipeline.schema.spec import Column, tables

EXAMPLE_LENGTH = 60


def table_facts(made: Mapping[str, pa.Table]) -> dict[str, TableFacts]:
    """Rows, fill rates and examples of every table. No example is taken from a restricted table or contact column."""
    facts = {}
    for name, rows in made.items():
        table = tables()[name]
        columns = {
            column_name: ColumnFacts(
                _share(rows[column_name]), _example(column, rows[column_name], is_open=not table.is_restricted)
            )
            for column_name, column in table.columns.items()
        }
        facts[name] = TableFacts(rows.num_rows, columns)
    return facts


def _share(values: pa.ChunkedArray) -> float | None:
    return 1 - values.null_count / len(values) if len(values) else None


def _example(column: Column, values: pa.ChunkedArray, *, is_open: bool) -> str | None:
    """The first value in the order of the rows; none where contact data may stand, and never a text that holds some."""
    if not is_open or column.privacy != "public":
        return None
    for batch in values.chunks:
        for value in batch.drop_null():
            text = _shortened(value.as_py())
            if not contact_data_in(text):
                return text
    return None


def _shortened(value: Any) -> str:
    text = " ".join((value if isinstance(value, str) else cell(value)).split())
    return text if len(text) <= EXAMPLE_LENGTH else text[: EXAMPLE_LENGTH - 1].rstrip() + "…"
