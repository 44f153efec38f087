"""The files of a snapshot, written into its work folder: tables, then the package, which names them, then the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.bare_arrow import lean_arrow
from pipeline.build.choice.waterfall import falls_bytes
from pipeline.build.edition import changelog, croissant, dcat, package
from pipeline.build.edition.contents import Contents
from pipeline.build.edition.filled import table_facts
from pipeline.build.tables.csv_edition import README, write_csv_edition
from pipeline.build.tables.outfiles import finished_files, write_file, write_table
from pipeline.build.tables.store import BATCH, Stored
from pipeline.engine import apart
from pipeline.explorer.kept import Known, is_mostly_kept
from pipeline.explorer.page import write_explorer
from pipeline.explorer.records import KINDS
from pipeline.report.html import WATERFALL, report_html
from pipeline.schema.dictionary import dictionary_markdown
from pipeline.schema.spec import tables

REPORT = "report.html"
DICTIONARY = "DATA_DICTIONARY.md"
CHANGES = "changes"
_EXPLORER_ROWS_APART = 100_000
"""Rows from which the explorer is made by a process of its own: its index takes 160 MB; loading the code once more, 0.6 s."""
_ALWAYS_APART = 500_000
"""Rows from which that time is nothing beside the rest, even where most records are known from the last build."""


def write_files(folder: Path, contents: Contents) -> None:
    """Writes `changes`, the CSV edition, the generated files, the package and the pages; the other tables stand there already.

    Raises OSError.
    """
    write_data_files(folder, contents)
    rows = sum(rows.num_rows for rows in contents.made.values())
    explorer = ExplorerTask(folder, contents.name, contents.known)
    is_quick = rows < _ALWAYS_APART and contents.known is not None and is_mostly_kept(contents.known, KINDS)
    if rows > _EXPLORER_ROWS_APART and not is_quick:
        apart(explorer_made, explorer, lean_arrow)
    else:
        explorer_made(explorer)
    report_made(folder)


class ExplorerTask(NamedTuple):
    """An explorer to be written. ``ready``: table → where its groups stand; None: they are made with it, or known."""

    folder: Path
    name: str
    known: Known | None
    ready: Mapping[str, Path] | None = None


def explorer_made(task: ExplorerTask) -> Path:
    """Writes the explorer of a snapshot; where it is. Raises OSError."""
    return write_explorer(task.folder, task.name, known=task.known, made=task.ready)


def report_made(folder: Path) -> Path:
    """Writes the report of a snapshot whose other files stand there; where it is. Raises OSError."""
    path = folder / REPORT
    write_file(path, report_html(folder).encode())
    return path


def write_data_files(folder: Path, contents: Contents) -> None:
    """The same without the pages, which are made of the tables and of what is written here. Raises OSError."""
    contents = contents._replace(made={name: contents.made[name] for name in tables() if name in contents.made})
    changes = contents.made[CHANGES]
    if not isinstance(changes, Stored):  # else it stands there already
        write_table(folder, CHANGES, changes)
    write_csv_edition(folder, contents.made, contents.csv)
    with finished_files():
        _write_packages(folder, contents)


def _write_packages(folder: Path, contents: Contents) -> None:
    """What tells of the tables and of the CSV edition."""
    changes = contents.made[CHANGES]
    generated = {
        DICTIONARY: dictionary_markdown(facts=table_facts(contents.made)).encode(),
        changelog.FILE_NAME: changelog.changelog_markdown(contents.name, contents.previous, _rows_of(changes)).encode(),
        croissant.FILE_NAME: croissant.croissant_json(folder, contents),
        dcat.FILE_NAME: dcat.dcat_jsonld(folder, contents),
    }
    if contents.falls:  # a snapshot of an older version has none, and neither has what is reproduced from it
        generated[WATERFALL] = falls_bytes(contents.falls)
    for name, content in generated.items():
        write_file(folder / name, content)
    write_file(folder / package.CSV_FILE_NAME, package.csv_package_json(folder, contents))
    listed = [*generated, README, package.CSV_FILE_NAME]
    write_file(folder / package.FILE_NAME, package.package_json(folder, contents, listed))


def _rows_of(rows: Stored | pa.Table) -> Iterator[dict[str, Any]]:
    for batch in rows.to_batches(max_chunksize=BATCH):
        yield from batch.to_pylist()
