"""``datapackage.json`` of a snapshot (Data Package 2): what the files are, what they were made from, and by what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.build.edition.contents import Contents
from pipeline.build.edition.document import json_document
from pipeline.build.edition.tableschema import csv_resource, file_facts, parquet_resource, words
from pipeline.build.edition.terms import (
    DESCRIPTION,
    KEYWORDS,
    LICENCE_NAME,
    RIGHTS,
    TITLE,
    contributor_list,
    page_sources,
    source_list,
)
from pipeline.build.environment import environment
from pipeline.build.gate.checks import Problem
from pipeline.build.gate.gate import GateResult
from pipeline.build.latest import SNAPSHOTS
from pipeline.build.tables.csv_edition import FOLDER
from pipeline.build.tables.facts import facts_of
from pipeline.build.tables.rowhash import METHOD, READERS
from pipeline.errors import BuildError
from pipeline.records import ExtractedHeader
from pipeline.schema.spec import SCHEMA_VERSION, code_lists, tables

FILE_NAME = "datapackage.json"
CSV_FILE_NAME = f"{FOLDER}/{FILE_NAME}"


def package_json(folder: Path, contents: Contents, generated: Iterable[str]) -> bytes:
    """The descriptor of the files in ``folder``: tables, CSV edition, and the ``generated`` files named by their paths.

    No clock, no path of a machine: the same contents made by the same code give the same bytes.
    """
    resources = [parquet_resource(folder, tables()[name], rows.num_rows) for name, rows in contents.made.items()]
    resources += _csv_resources(folder, contents)
    descriptor = _described(contents, contents.name) | {
        "resources": resources,
        "praktyki": _making(folder, contents, generated),
    }
    return json_document(descriptor)


def csv_package_json(folder: Path, contents: Contents) -> bytes:
    """The descriptor of the CSV edition alone, for `csv/`: that folder can be handed on without the rest."""
    resources = _csv_resources(folder, contents)
    for resource in resources:
        resource["path"] = resource["path"].removeprefix(f"{FOLDER}/")
    descriptor = _described(contents, f"{contents.name}-csv") | {"resources": resources}
    return json_document(descriptor)


def _csv_resources(folder: Path, contents: Contents) -> list[dict[str, Any]]:
    public = [(tables()[name], rows) for name, rows in contents.made.items() if not tables()[name].is_restricted]
    return [csv_resource(folder, table, rows.num_rows) for table, rows in public]


def _described(contents: Contents, name: str) -> dict[str, Any]:
    used = page_sources(contents.made, contents.sources)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"praktyki-{name}",
        "title": TITLE.en,
        "titles": words(TITLE),
        "description": DESCRIPTION.en,
        "descriptions": words(DESCRIPTION),
        "version": contents.name,
        "keywords": [*KEYWORDS],
        "licenses": [{"name": LICENCE_NAME, "title": RIGHTS.en}],
        "sources": source_list(used),
        "contributors": contributor_list(used),
    }


def _making(folder: Path, contents: Contents, generated: Iterable[str]) -> dict[str, Any]:
    period = contents.period
    return {
        "snapshot": contents.name,
        "previous": contents.previous,
        "schema_version": SCHEMA_VERSION,
        "period": [time.date().isoformat() for time in period] if period else None,
        "environment": environment(),
        "parser_fingerprints": sorted({header.fingerprint for header in contents.headers}),
        "registers": {register: date.isoformat() for register, date in sorted(contents.registers.items())},
        "settings": {"keep_restricted": contents.keep_restricted},
        "gate": {
            "verdict": contents.gate.verdict,
            "accepted": contents.gate.accepted,
            "problems": [problem._asdict() for problem in contents.gate.problems],
        },
        "inputs": [_input(header) for header in sorted(contents.headers, key=lambda header: header.warc_file)],
        "files": [{"path": name, **file_facts(folder / name)} for name in sorted(generated)],
        "code_lists": {
            name: {code: dict(zip(("en", "pl", "uk"), wording, strict=True)) for code, wording in codes.items()}
            for name, codes in code_lists().items()
        },
        "reader_certificate": {
            "method": METHOD,
            "readers": [*READERS],
            "tables": {name: facts_of(name, rows).row_hash for name, rows in contents.made.items()},
        },
    }


def _input(header: ExtractedHeader) -> dict[str, Any]:
    return {
        "warc_file": header.warc_file,
        "sha256": header.warc_sha256,
        "bytes": header.warc_bytes,
        "index_digest": header.index_digest,
    }


def snapshot_folder(datasets: Path, name: str) -> Path:
    """The folder of a snapshot: by its id, by ``latest``, or by a path. Raises BuildError when there is none."""
    for folder in (datasets / SNAPSHOTS / name, datasets / name, Path(name)):
        if (folder / FILE_NAME).is_file():
            return folder.resolve()
    there = sorted(path.name for path in (datasets / SNAPSHOTS).glob("*")) if (datasets / SNAPSHOTS).is_dir() else []
    if there:
        raise BuildError(f"no snapshot {name!r} in {datasets}; there are {', '.join(there)}")
    raise BuildError(
        f"no snapshot {name!r} in {datasets}, which holds none yet; fill raw/ with `praktyki import` or `praktyki crawl`, "
        "then run `praktyki extract` and `praktyki build`; what `praktyki demo` made lies in the data folder demo-data"
    )


def descriptor_of(snapshot: Path) -> dict[str, Any]:
    """The descriptor of a snapshot. Raises BuildError when it is missing or cannot be read."""
    path = snapshot / FILE_NAME
    try:
        descriptor: dict[str, Any] = json.loads(path.read_bytes())
        descriptor["resources"], descriptor["praktyki"]["snapshot"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path}: cannot be read ({error}); build the snapshot anew") from error
    return descriptor


def recorded_gate(descriptor: Path) -> GateResult:
    """The gate's verdict as a package states it. Raises BuildError when the descriptor cannot be read."""
    try:
        gate = descriptor_of(descriptor.parent)["praktyki"]["gate"]
        return GateResult([Problem(**problem) for problem in gate["problems"]], gate["accepted"])
    except (KeyError, TypeError) as error:
        raise BuildError(f"{descriptor}: cannot be read ({error}); build the snapshot anew") from error


def damage(snapshot: Path) -> list[str]:
    """What a snapshot's files differ in from its own package, one line a file; empty for a whole snapshot.

    Digest and size of every table, CSV file and generated file are compared. ``report.html`` may be made anew by
    `praktyki report` and is not among them. Raises BuildError when the package itself cannot be read.
    """
    descriptor = descriptor_of(snapshot)
    found = []
    listed_files = [file for resource in descriptor["resources"] for file in resource.get("files", [resource])]
    for listed in [*listed_files, *descriptor["praktyki"].get("files", [])]:
        path = snapshot / listed["path"]
        if not path.is_file():
            found.append(f"{listed['path']}: missing")
        elif (facts := file_facts(path)) != {"hash": listed["hash"], "bytes": listed["bytes"]}:
            found.append(f"{listed['path']}: {facts['bytes']} bytes, {facts['hash']}; the package says {listed['hash']}")
    return found
