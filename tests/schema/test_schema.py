"""The declared schema: whole in three languages, naming law kept, generated files current."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from pipeline.demo.facts import sample_facts
from pipeline.errors import SchemaError
from pipeline.records import IssueStatus, Verdict
from pipeline.schema import spec
from pipeline.schema.dictionary import dictionary_markdown
from pipeline.schema.spec import Column, code_lists, tables

PROJECT = Path(__file__).parents[2]
COLUMNS = [(table, name, column) for table in tables().values() for name, column in table.columns.items()]


def test_every_table_of_the_contract_is_declared() -> None:
    assert set(tables()) == {
        "practices", "practice_sections", "practice_attachments", "presentations", "slides", "articles", "partnerships",
        "record_places", "places", "captures", "quality_issues", "changes", "practice_contacts", "people",
    }  # fmt: skip
    assert {name for name, table in tables().items() if table.is_restricted} == {"practice_contacts", "people"}


@pytest.mark.parametrize(("table", "name", "column"), COLUMNS, ids=lambda value: getattr(value, "name", str(value)[:40]))
def test_columns_are_described_and_named_by_the_law(table: spec.Table, name: str, column: Column) -> None:
    assert column.privacy != "restricted" or table.is_restricted
    for text in (column.en, column.pl, column.uk):
        assert len(text) > 5
        assert "TODO" not in text
        assert text[0].isupper() or text[0].isdigit() or text.startswith("und")
    assert name == name.lower()
    assert (column.type == "boolean") == name.startswith(("is_", "has_")) or name.endswith("_is_approximate")
    assert (column.type == "timestamp") == name.endswith("_at")
    assert (column.type == "date") <= (name.endswith("_on") or name.startswith("valid_"))
    assert not (name.endswith("_bytes") and column.unit != "bytes")
    assert not (column.is_prose and column.type not in ("text", "list"))


def test_every_data_row_carries_its_provenance() -> None:
    without = {name for name, table in tables().items() if not table.has_provenance}
    assert without == {"captures", "changes", "places", "quality_issues"}


def test_code_lists_are_whole() -> None:
    assert set(code_lists()["verdict"]) == set(get_args(Verdict))
    assert set(code_lists()["issue_status"]) == set(get_args(IssueStatus))
    used = {column.codes for _, _, column in COLUMNS if column.codes}
    assert used == set(code_lists())
    assert all(len(words) == 3 and all(words) for codes in code_lists().values() for words in codes.values())


def test_the_data_dictionary_is_current() -> None:
    """Fill rates and examples of the sample site included, which are the same on any day."""
    written = (PROJECT / "docs" / "DATA_DICTIONARY.md").read_text("utf-8")
    assert written == dictionary_markdown(facts=sample_facts()), "stale: run `make generate`"
    assert "| 83.3% | Usługi społeczne |" in written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": ["nonsense"]}, "key column 'nonsense'"),
        ({"columns": {"slide_id": Column(type="text", en="e", pl="p", uk="u", codes="nonsense")}}, "code list 'nonsense'"),
        ({"columns": {"slide_id": Column(type="text", en="e", pl="p", uk="u", references="nonsense")}}, "unknown table"),
        ({"columns": {"slide_id": Column(type="text", en="e", pl="p", uk="u", privacy="restricted")}}, "restricted"),
    ],
)
def test_a_wrong_declaration_is_named(change: dict[str, object], said: str) -> None:
    table = msgspec.structs.replace(tables()["slides"], key=[])
    with pytest.raises(SchemaError, match=said):
        spec._check(msgspec.structs.replace(table, **change), tables())
