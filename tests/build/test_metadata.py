"""croissant.json, dcat.jsonld and the dictionary of a snapshot: taken by the tools of their fields, true of the files."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import mlcroissant
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rdflib
from made import built, page, tab
from rdflib.namespace import DCAT, DCTERMS, RDF

from pipeline.build.edition.filled import table_facts
from pipeline.normalise.masks import contact_data_in
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.dictionary import dictionary_markdown
from pipeline.schema.spec import tables

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
PUBLIC = [name for name, table in tables().items() if not table.is_restricted]
# Libraries that use what their own dependencies warn of: rdflib's JSON-LD reader, mlcroissant's Parquet reader.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def croissant(demo_snapshot: Path) -> mlcroissant.Dataset:
    return mlcroissant.Dataset(str(demo_snapshot / "croissant.json"))


@pytest.fixture(scope="module")
def record(demo_snapshot: Path) -> rdflib.Graph:
    base = "https://data.example.org/praktyki/dcat.jsonld"
    return rdflib.Graph().parse(demo_snapshot / "dcat.jsonld", format="json-ld", publicID=base)


def test_mlcroissant_validates_without_errors_or_warnings(croissant: mlcroissant.Dataset) -> None:
    issues = croissant.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    assert [record_set.id for record_set in croissant.metadata.record_sets] == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_mlcroissant_loads_every_row(name: str, croissant: mlcroissant.Dataset, demo_snapshot: Path) -> None:
    expected = pq.read_table(demo_snapshot / f"{name}.parquet").to_pylist()
    found = [{key.split("/")[-1]: plain(value) for key, value in row.items()} for row in croissant.records(name)]
    assert found == [{key: utf8(value) for key, value in row.items()} for row in expected]


def plain(value: Any) -> Any:
    """What mlcroissant hands out, as Python values: text is bytes there, no value is NaN, NaT or None."""
    if isinstance(value, list | np.ndarray):
        return [plain(item) for item in value]
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def utf8(value: Any) -> Any:
    if isinstance(value, list):
        return [utf8(item) for item in value]
    if isinstance(value, str):
        return value.encode()
    return pd.Timestamp(value).to_pydatetime() if value is not None and hasattr(value, "year") else value


def test_croissant_names_the_bytes_of_each_file(demo_snapshot: Path) -> None:
    described = json.loads((demo_snapshot / "croissant.json").read_text("utf-8"))
    for file in described["distribution"]:
        body = (demo_snapshot / file["contentUrl"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(body).hexdigest()
        assert file["contentSize"] == f"{len(body)} B"
        assert "restricted" not in file["contentUrl"]


def test_the_dcat_record_has_what_dcat_ap_demands(record: rdflib.Graph, demo_snapshot: Path) -> None:
    (dataset,) = record.subjects(RDF.type, DCAT.Dataset)
    assert str(dataset) == f"urn:praktyki:{demo_snapshot.name}"
    for part in (DCTERMS.title, DCTERMS.description):
        assert {getattr(text, "language", None) for text in record.objects(dataset, part)} == {"en", "pl", "uk"}
    for part in (DCTERMS.publisher, DCTERMS.identifier, DCTERMS.temporal, DCTERMS.spatial, DCTERMS.accessRights, DCAT.theme):
        assert record.value(dataset, part, any=True) is not None, part
    distributions = [*record.objects(dataset, DCAT.distribution)]
    assert len(distributions) == 2 * len(PUBLIC)
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    for distribution in distributions:
        assert (distribution, RDF.type, DCAT.Distribution) in record
        address = str(record.value(distribution, DCAT.downloadURL))
        assert address == str(record.value(distribution, DCAT.accessURL))
        body = (demo_snapshot / address.removeprefix("https://data.example.org/praktyki/")).read_bytes()
        assert int(str(record.value(distribution, DCAT.byteSize))) == len(body)
        checksum = record.value(distribution, spdx.checksum)
        stated = next(text for s, _, text in record.triples((checksum, spdx.checksumValue, None)))
        assert str(stated) == hashlib.sha256(body).hexdigest()
        for part in (DCTERMS["format"], DCAT.mediaType, DCTERMS.rights):
            assert record.value(distribution, part) is not None, part
        assert "restricted" not in address


def test_a_later_record_names_its_predecessor(tmp_path: Path) -> None:
    first = built(tmp_path, [page(URL + "7", [tab("bdp:7")])]).snapshot
    second = built(tmp_path, [page(URL + "7", [tab("bdp:7", title="Inny tytuł")], day=3)]).snapshot
    described = json.loads((second / "dcat.jsonld").read_text("utf-8"))
    assert described["dcat:previousVersion"] == {"@id": f"urn:praktyki:{first.name}"}


def test_the_dictionary_tells_fill_rates_and_examples(tmp_path: Path) -> None:
    pages = [
        page(URL + "7", [tab("bdp:7", title="Ogród | <b>nowy</b>", labels={"phones": ["61 000 00 01"], "population": []})]),
        page(URL + "8", [tab("bdp:8", title="Inna", slug="inna", labels={"contacts": ["Jan Próbny"]})]),
    ]
    text = (built(tmp_path, pages).snapshot / "DATA_DICTIONARY.md").read_text("utf-8")
    lines = {match[1]: line for line in text.splitlines() if (match := re.match(r"\| `(\w+)` \|", line)) and "| 2" not in line}
    assert "rows: 2" in text
    assert lines["population"].endswith(" 50.0% | 45000 |")
    assert r"| 100.0% | Ogród \| \<b\>nowy\</b\> |" in text
    assert lines["postal_code"].endswith(" 100.0% |  |")  # contact data of institutions
    assert "Próbny" not in text


def test_no_example_carries_contact_data_or_a_person(demo_snapshot: Path) -> None:
    made = {name: pq.read_table(demo_snapshot / table.path) for name, table in tables().items()}
    facts = table_facts(made)
    for name, table in tables().items():
        for column, found in facts[name].columns.items():
            if found.example is not None:
                assert not table.is_restricted
                assert table.columns[column].privacy == "public"
                assert not contact_data_in(found.example)
    assert (demo_snapshot / "DATA_DICTIONARY.md").read_text("utf-8") == dictionary_markdown(facts=facts)


def test_an_example_with_contact_data_is_passed_over() -> None:
    nullable = pa.schema([field.with_nullable(True) for field in arrow_schema("slides")])
    texts = ("pisz: jan@example.org", None, "drugi")
    rows = pa.Table.from_pylist([{"text": text} for text in texts], schema=nullable)
    facts = table_facts({"slides": rows})["slides"].columns["text"]
    assert facts.filled == pytest.approx(2 / 3)
    assert facts.example == "drugi"
