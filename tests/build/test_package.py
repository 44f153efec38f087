"""datapackage.json: valid as Data Package 2, true of the files beside it, the same bytes whoever makes it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import frictionless
import pytest
from made import built, page, tab

from pipeline.archive.index import file_sha256
from pipeline.build.edition.package import damage, descriptor_of
from pipeline.build.edition.tableschema import CSV_PREFIX
from pipeline.errors import BuildError
from pipeline.schema.spec import code_lists, tables

PAGES = [page("https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art=7", [tab("bdp:7")])]


@pytest.fixture(scope="module")
def descriptor(demo_snapshot: Path) -> dict[str, Any]:
    return descriptor_of(demo_snapshot)


def test_frictionless_takes_the_csv_edition_as_it_stands(demo_snapshot: Path) -> None:
    package = frictionless.Package(str(demo_snapshot / "csv" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["type", "message"])
    assert len(report.tasks) == sum(not table.is_restricted for table in tables().values())


def test_frictionless_takes_the_descriptor_of_the_whole(demo_snapshot: Path, descriptor: dict[str, Any]) -> None:
    package = frictionless.Package(str(demo_snapshot / "datapackage.json"))
    assert {resource.name for resource in package.resources} == {resource["name"] for resource in descriptor["resources"]}
    for resource in package.resources:
        if resource.format == "csv":
            report = resource.validate()
            assert report.valid, report.flatten(["type", "message"])


def test_frictionless_would_see_a_wrong_cell(demo_snapshot: Path, tmp_path: Path) -> None:
    """The validation above means something: a wrong type, a missing key, a dangling key and other bytes are found."""
    shutil.copytree(demo_snapshot / "csv", tmp_path / "csv")
    file = tmp_path / "csv" / "slides.csv"
    file.write_bytes(file.read_bytes() + b",x,,,,,,,,,\r\nnowhere:1,1,1,,,false,pl,web,,,c:0\r\n")
    report = frictionless.Package(str(tmp_path / "csv" / "datapackage.json")).validate()
    types = {kind for (kind,) in report.flatten(["type"])}
    assert {"constraint-error", "type-error", "hash-count", "byte-count"} <= types


def test_the_profile_of_the_standard_holds(descriptor: dict[str, Any]) -> None:
    """What the Data Package 2 and Table Schema profiles ask for, beyond what frictionless looks at."""
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[-a-z0-9._/]+", descriptor["name"])
    assert all(licence.get("name") or licence.get("path") for licence in descriptor["licenses"])
    assert all(source["title"] and source["path"].startswith("https://" if "http:" not in source["path"] else "http://")
               for source in descriptor["sources"])  # fmt: skip
    assert all(contributor["title"] and contributor["roles"] for contributor in descriptor["contributors"])
    names = [resource["name"] for resource in descriptor["resources"]]
    assert len(set(names)) == len(names)
    kinds = {"string", "integer", "number", "boolean", "date", "datetime", "array"}
    for resource in descriptor["resources"]:
        assert not Path(resource["path"]).is_absolute()
        assert ".." not in resource["path"]
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert {field["type"] for field in fields.values()} <= kinds
        assert set(resource["schema"].get("primaryKey", [])) <= fields.keys()
        for key in resource["schema"].get("foreignKeys", []):
            assert set(key["fields"]) <= fields.keys()
            assert key["reference"]["resource"] in names
        for field in fields.values():
            text = field["type"] in {"string", "array"}
            assert not (text and {"minimum", "maximum"} & field.get("constraints", {}).keys())
            assert ("itemConstraints" in field) <= (field["type"] == "array")


def test_every_declared_column_is_described_in_three_languages(descriptor: dict[str, Any]) -> None:
    by_name = {resource["name"]: resource for resource in descriptor["resources"]}
    for table in tables().values():
        names = [table.name] if table.is_restricted else [table.name, CSV_PREFIX + table.name]
        assert (CSV_PREFIX + table.name in by_name) == (not table.is_restricted)
        for name in names:
            fields = {field["name"]: field for field in by_name[name]["schema"]["fields"]}
            assert [*fields] == [*table.columns]
            for column_name, column in table.columns.items():
                field = fields[column_name]
                assert field["descriptions"] == {"en": column.en, "pl": column.pl, "uk": column.uk}
                constraints = field.get("constraints", {})
                assert constraints.get("required", False) == column.is_required
                items = field.get("itemConstraints", {}) if column.type == "list" else constraints
                assert items.get("pattern") == column.pattern
                assert items.get("enum") == ([*code_lists()[column.codes]] if column.codes else None)


def test_inputs_are_the_files_of_the_archive(demo_data: Path, descriptor: dict[str, Any]) -> None:
    inputs = descriptor["praktyki"]["inputs"]
    assert inputs
    for item in inputs:
        path = demo_data / "raw" / item["warc_file"]
        assert (item["sha256"], item["bytes"]) == (file_sha256(path), path.stat().st_size)
        index = path.with_name(path.name.removesuffix(".warc.gz") + ".cdxj")
        assert item["index_digest"] == file_sha256(index)


def test_the_making_is_told_without_clock_or_machine(demo_data: Path, descriptor: dict[str, Any]) -> None:
    making = descriptor["praktyki"]
    assert {"TERC", "KATOTTH"} == set(making["registers"])
    assert re.fullmatch(r"[0-9a-f]{16}", making["environment"]["code_fingerprint"])
    assert all(making["environment"]["libraries"].values())
    assert making["gate"]["verdict"] == "passed"
    text = json.dumps(descriptor)
    assert str(demo_data) not in text
    assert str(Path.home()) + "/" not in text


def test_damage_names_what_does_not_fit(tmp_path: Path) -> None:
    snapshot = built(tmp_path, PAGES).snapshot
    assert damage(snapshot) == []
    (snapshot / "csv" / "practices.csv").write_text("x")
    (snapshot / "DATA_DICTIONARY.md").unlink()
    assert [line.partition(":")[0] for line in damage(snapshot)] == ["csv/practices.csv", "DATA_DICTIONARY.md"]
    (snapshot / "datapackage.json").write_text("{}")
    with pytest.raises(BuildError, match=r"datapackage\.json"):
        damage(snapshot)
