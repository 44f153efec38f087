"""The law of schema versions: what analysts were promised stays; what is new asks for a new minor version."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import SchemaError
from pipeline.schema import released
from pipeline.schema.released import (
    FOLDER,
    additions,
    breaches,
    last_released,
    promise,
    promise_json,
    released_promise,
    write_promise,
)
from pipeline.schema.spec import SCHEMA_VERSION, tables


def test_the_declared_schema_breaks_no_released_promise() -> None:
    for path in sorted(FOLDER.glob("*.json")):
        assert [*breaches(released_promise(path.stem), promise())] == []


def test_the_promise_of_the_declared_version_is_on_file() -> None:
    assert last_released() == SCHEMA_VERSION, "run `make generate`"
    new = [*additions(released_promise(SCHEMA_VERSION), promise())]
    assert new == [], "added to the schema: run `make generate` and commit pipeline/schema/released/"
    assert (FOLDER / f"{SCHEMA_VERSION}.json").read_text("utf-8") == promise_json()


def test_every_column_says_the_version_that_first_promised_it() -> None:
    versions = sorted((path.stem for path in FOLDER.glob("*.json")), key=lambda version: [int(n) for n in version.split(".")])
    first: dict[tuple[str, str], str] = {}
    for version in versions:
        for table, facts in released_promise(version)["tables"].items():
            for column in facts["columns"]:
                first.setdefault((table, column), version)
    said = {(table.name, name): column.since for table in tables().values() for name, column in table.columns.items()}
    assert said == {place: first[place] for place in said}


def test_a_broken_promise_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(released, "FOLDER", tmp_path)
    first = write_promise()
    assert first.read_text("utf-8") == promise_json()
    kept = json.loads(first.read_text("utf-8"))
    kept["tables"]["slides"]["columns"]["colour"] = {"type": "text"}
    first.write_text(json.dumps(kept))
    with pytest.raises(SchemaError, match=r"column slides\.colour is gone"):
        write_promise()
    assert json.loads(first.read_text("utf-8")) == kept


def test_since_is_the_first_version_with_the_column() -> None:
    versions = sorted(FOLDER.glob("*.json"), key=lambda path: tuple(map(int, path.stem.split("."))))
    first: dict[tuple[str, str], str] = {}
    for path in versions:
        for name, table in released_promise(path.stem)["tables"].items():
            for column in table["columns"]:
                first.setdefault((name, column), path.stem)
    assert {(t, c): column.since for t, table in tables().items() for c, column in table.columns.items()} == first


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p["tables"].pop("slides"), "table slides is gone"),
        (lambda p: p["tables"]["slides"]["columns"].pop("text"), "column slides.text is gone"),
        (
            lambda p: p["tables"]["slides"]["columns"]["text"].update(type="list"),
            "column slides.text: type was 'text', is 'list'",
        ),
        (
            lambda p: p["tables"]["slides"]["columns"]["position"].pop("is_required"),
            "column slides.position: is_required was True, is None",
        ),
        (
            lambda p: p["tables"]["practices"]["columns"]["population"].update(unit="thousands"),
            "column practices.population: unit was 'persons', is 'thousands'",
        ),
        (lambda p: p["tables"]["slides"].update(key=["position"]), "table slides: key was"),
        (lambda p: p["tables"]["people"].update(path="people.parquet"), "table people: path was 'restricted/people.parquet'"),
        (lambda p: p["codes"]["unit_type"].remove("powiat"), "code list unit_type: code 'powiat' is gone"),
        (lambda p: p["codes"].pop("register"), "code list register: code 'KATOTTH' is gone"),
    ],
)
def test_anything_but_an_addition_is_refused(change: Change, said: str) -> None:
    after = copy.deepcopy(promise())
    change(after)
    found = [*breaches(promise(), after)]
    assert found
    assert found[0].startswith(said)
    after["version"] = "2.0"
    assert [*breaches(promise(), after)] == []


def test_additions_break_nothing_and_are_named() -> None:
    after = copy.deepcopy(promise())
    after["tables"]["slides"]["columns"]["colour"] = {"type": "text"}
    after["tables"]["events"] = {"path": "events.parquet", "key": [], "columns": {}}
    after["codes"]["unit_type"].append("solectwo")
    assert [*breaches(promise(), after)] == []
    assert sorted(additions(promise(), after)) == ["code unit_type: solectwo", "column slides.colour", "table events"]
