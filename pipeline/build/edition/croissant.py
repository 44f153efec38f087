"""``croissant.json`` of a snapshot: its public tables for machine learning tools (MLCommons Croissant 1.0, JSON-LD)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.build.edition.contents import Contents
from pipeline.build.edition.document import json_document
from pipeline.build.edition.terms import DESCRIPTION, KEYWORDS, RIGHTS, TITLE, citation, page_sources
from pipeline.build.tables.outfiles import file_digest
from pipeline.schema.spec import SCHEMA_VERSION, Column, Table, tables

FILE_NAME = "croissant.json"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the Croissant 1.0 specification gives."""
_DATA_TYPES = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
    "list": "sc:Text",
}


def croissant_json(folder: Path, contents: Contents) -> bytes:
    """The Croissant description of the public Parquet tables in ``folder``."""
    public = [tables()[name] for name in contents.made if not tables()[name].is_restricted]
    period = contents.period
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "praktyki",
        "alternateName": f"praktyki-{contents.name}",
        "description": f"{TITLE.en}. {DESCRIPTION.en}",
        "version": f"{SCHEMA_VERSION}.0+{contents.name}",
        "license": RIGHTS.en,
        "url": f"urn:praktyki:{contents.name}",
        "citeAs": citation(contents.name),
        "keywords": [*KEYWORDS],
        "inLanguage": ["pl", "uk", "en"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Praktyki"},
        "publisher": [
            {"@type": "Organization", "name": source.facts.publisher, "url": source.facts.homepage}
            for source in page_sources(contents.made, contents.sources)
        ],
        "distribution": [_file(folder, table) for table in public],
        "recordSet": [_record_set(folder, table) for table in public],
    }
    if period is not None:
        # The day the newest page was captured: the run's clock reaches no file of a snapshot.
        described["datePublished"] = period[1].date().isoformat()
        described["temporalCoverage"] = "/".join(time.date().isoformat() for time in period)
    return json_document(described)


def _file(folder: Path, table: Table) -> dict[str, Any]:
    path = folder / table.path
    if path.is_dir():
        return {
            "@type": "cr:FileSet",
            "@id": table.path,
            "name": table.path,
            "description": table.description.en,
            "encodingFormat": "application/x-parquet",
            "includes": f"{table.path}/*.parquet",
        }
    return {
        "@type": "cr:FileObject",
        "@id": table.path,
        "name": table.path,
        "description": table.description.en,
        "contentUrl": table.path,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file_digest(path).removeprefix("sha256:"),
    }


def _record_set(folder: Path, table: Table) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description.en,
        "field": [_field(folder, table, name, column) for name, column in table.columns.items()],
    }
    if table.key:
        keys = [{"@id": f"{table.name}/{name}"} for name in table.key]
        described["key"] = keys[0] if len(keys) == 1 else keys
    return described


def _field(folder: Path, table: Table, name: str, column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{name}",
        "name": name,
        "description": column.en,
        "dataType": _DATA_TYPES[column.type],
        "source": {
            "fileSet" if (folder / table.path).is_dir() else "fileObject": {"@id": table.path},
            "extract": {"column": name},
        },
    }
    if column.type == "list":
        described["repeated"] = True
    # Croissant's `references` is left out: mlcroissant 1.1 takes it for an order to join the files, and then cannot read them.
    # Keys between tables stand in datapackage.json.
    return described
