"""``dcat.jsonld`` of a snapshot: a record for data portals (DCAT-AP 3, JSON-LD). Public files only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.build.edition.contents import Contents
from pipeline.build.edition.document import json_document
from pipeline.build.edition.terms import DESCRIPTION, KEYWORDS, RIGHTS, TITLE, page_sources
from pipeline.build.tables.csv_edition import csv_path
from pipeline.build.tables.outfiles import file_digest
from pipeline.build.tables.store import table_files
from pipeline.schema.spec import SCHEMA_VERSION, Table, Wording, tables

FILE_NAME = "dcat.jsonld"
_EU = "http://publications.europa.eu/resource/authority"
_IANA = "https://www.iana.org/assignments/media-types"
_PARQUET = ("PARQUET", "application/vnd.apache.parquet")
_CSV = ("CSV", "text/csv")
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def dcat_jsonld(folder: Path, contents: Contents) -> bytes:
    """The record of the snapshot. Addresses of files are relative to the record, so that it holds wherever it is put."""
    public = [tables()[name] for name in contents.made if not tables()[name].is_restricted]
    dataset: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": _iri(contents.name),
        "@type": "dcat:Dataset",
        "dcterms:title": _in_languages(TITLE),
        "dcterms:description": _in_languages(DESCRIPTION),
        "dcterms:identifier": f"praktyki-{contents.name}",
        "dcat:version": contents.name,
        "dcat:keyword": [*KEYWORDS],
        "dcat:theme": _node(f"{_EU}/data-theme/GOVE"),
        "dcterms:language": [_node(f"{_EU}/language/{code}") for code in ("POL", "UKR", "ENG")],
        "dcterms:spatial": [_node(f"{_EU}/country/{code}") for code in ("POL", "UKR")],
        "dcterms:accessRights": _node(f"{_EU}/access-right/PUBLIC"),
        "dcterms:conformsTo": {"@type": "dcterms:Standard", "rdfs:label": f"Praktyki schema {SCHEMA_VERSION}"},
        "dcterms:publisher": {"@type": "foaf:Agent", "foaf:name": "Praktyki"},
        "dcterms:source": [_page(source.facts.homepage) for source in page_sources(contents.made, contents.sources)],
        "dcat:distribution": [
            _distribution(folder, contents.name, path, table, kind)
            for table in public
            for path, kind in (*((path, _PARQUET) for path in _files(folder, table)), (csv_path(table), _CSV))
        ],
    }
    if contents.previous is not None:
        dataset["dcat:previousVersion"] = _node(_iri(contents.previous))
    if contents.period is not None:
        start, end = (time.date().isoformat() for time in contents.period)
        dataset["dcterms:temporal"] = {
            "@type": "dcterms:PeriodOfTime",
            "dcat:startDate": _day(start),
            "dcat:endDate": _day(end),
        }
    return json_document(dataset)


def _files(folder: Path, table: Table) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in table_files(folder, table.name)]


def _distribution(folder: Path, name: str, path: str, table: Table, kind: tuple[str, str]) -> dict[str, Any]:
    file_type, media_type = kind
    file = folder / path
    return {
        "@id": f"{_iri(name)}:{path}",
        "@type": "dcat:Distribution",
        "dcterms:title": path,
        "dcterms:description": _in_languages(table.description),
        "dcat:accessURL": _node(path),
        "dcat:downloadURL": _node(path),
        "dcterms:format": _node(f"{_EU}/file-type/{file_type}"),
        "dcat:mediaType": _node(f"{_IANA}/{media_type}"),
        "dcat:byteSize": {"@value": str(file.stat().st_size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _node("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            "spdx:checksumValue": {"@value": file_digest(file).removeprefix("sha256:"), "@type": "xsd:hexBinary"},
        },
        "dcterms:rights": {"@type": "dcterms:RightsStatement", "rdfs:label": _in_languages(RIGHTS)},
        "adms:status": _node(f"{_EU}/distribution-status/COMPLETED"),
    }


def _iri(name: str) -> str:
    return f"urn:praktyki:{name}"


def _node(iri: str) -> dict[str, str]:
    return {"@id": iri}


def _page(address: str) -> dict[str, str]:
    return {"@id": address, "@type": "foaf:Document"}


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:date"}


def _in_languages(wording: Wording) -> list[dict[str, str]]:
    return [{"@value": text, "@language": code} for code, text in (("en", wording.en), ("pl", wording.pl), ("uk", wording.uk))]
