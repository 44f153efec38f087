"""``datapackage.json`` of a snapshot (Data Package 2): what the files are, what they were made from, and by what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import __version__
from pipeline.build.checks import Problem
from pipeline.build.gate import GateResult
from pipeline.build.snapshot import file_digest
from pipeline.errors import BuildError
from pipeline.records import ExtractedHeader
from pipeline.schema.spec import SCHEMA_VERSION, Column, Table, tables

FILE_NAME = "datapackage.json"
LIBRARIES = ("chardet", "langdetect", "msgspec", "phonenumberslite", "pyarrow", "selectolax", "w3lib", "warcio")
_FIELD_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "list": "list",
}


def package_json(
    folder: Path,
    name: str,
    made: Mapping[str, pa.Table],
    inputs: Iterable[ExtractedHeader],
    gate: GateResult,
    previous: str | None,
) -> bytes:
    """The descriptor. Inputs are WARC files with the digest of their index; no clock, no path of a machine."""
    listed = sorted(inputs, key=lambda header: header.warc_file)
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"praktyki-{name}",
        "title": "Praktyki: good practices in local government",
        "version": name,
        "resources": [_resource(folder, tables()[table], rows) for table, rows in made.items()],
        "praktyki": {
            "snapshot": name,
            "previous": previous,
            "schema_version": SCHEMA_VERSION,
            "code_version": __version__,
            "fingerprints": sorted({header.fingerprint for header in listed}),
            "libraries": {library: version(library) for library in LIBRARIES},
            "inputs": [{"warc_file": header.warc_file, "index_digest": header.index_digest} for header in listed],
            "gate": {
                "verdict": gate.verdict,
                "accepted": gate.accepted,
                "problems": [problem._asdict() for problem in gate.problems],
            },
        },
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(folder: Path, table: Table, rows: pa.Table) -> dict[str, Any]:
    path = folder / table.path
    return {
        "name": table.name,
        "path": table.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description.en,
        "hash": file_digest(path),
        "bytes": path.stat().st_size,
        "rows": rows.num_rows,
        "schema": {
            "fields": [_field(name, column) for name, column in table.columns.items()],
            "primaryKey": table.key,
        },
    }


def _field(name: str, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _FIELD_TYPES[column.type], "description": column.en}
    if column.is_required:
        field["constraints"] = {"required": True}
    return field


def recorded_gate(descriptor: Path) -> GateResult:
    """The gate's verdict as a package states it. Raises BuildError when the descriptor cannot be read."""
    try:
        gate = json.loads(descriptor.read_bytes())["praktyki"]["gate"]
        return GateResult([Problem(**problem) for problem in gate["problems"]], gate["accepted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{descriptor}: cannot be read ({error}); build the snapshot anew") from error
