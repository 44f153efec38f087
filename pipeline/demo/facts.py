"""Fill rates and examples of the sample site, for the data dictionary of the repository.

Its answers are archived with one time for all, not crawled: that gives the same rows on any day.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from pipeline.archive.writer import WarcWriter
from pipeline.build.edition.filled import table_facts
from pipeline.build.run import build
from pipeline.build.snapshot import read_tables
from pipeline.config import Settings
from pipeline.demo import server
from pipeline.extract.run import extract
from pipeline.schema.dictionary import ColumnFacts, TableFacts
from pipeline.temporary import temporary_folder

CAPTURED_AT: Final = dt.datetime(2026, 9, 7, 5, 30, tzinfo=dt.UTC)
_OF_THE_ARCHIVE = ("warc_file", "warc_offset")
"""Columns whose values are others in every archive made of the same answers."""


def sample_facts() -> Mapping[str, TableFacts]:
    """What the rows of the sample site say of every table and column. Raises PraktykiError."""
    with temporary_folder("dictionary") as aside:
        settings = Settings(data_dir=aside, engine="serial")
        _archive(settings.raw)
        extract(settings, _silent)
        facts = table_facts(read_tables(build(settings, _silent, asks_volumes=False).snapshot))
    return {table: told._replace(columns=_of_any_archive(told)) for table, told in facts.items()}


def _archive(raw: Path) -> None:
    with (
        (server.SITE / "served.csv").open(encoding="utf-8", newline="") as stream,
        WarcWriter(raw, "sample", now=lambda: CAPTURED_AT) as writer,
    ):
        for row in csv.DictReader(stream):
            status = HTTPStatus(int(row["status"]))
            body = (server.SITE / row["file"]).read_bytes()
            headers = [("Content-Type", row["content_type"])]
            writer.write_response(row["url"], CAPTURED_AT, f"HTTP/1.1 {status} {status.phrase}", headers, body)


def _of_any_archive(told: TableFacts) -> dict[str, ColumnFacts]:
    return {
        column: facts._replace(example=None) if column in _OF_THE_ARCHIVE else facts for column, facts in told.columns.items()
    }


def _silent(_line: str) -> None:
    pass
