"""Logs, accounts and whatever else lies in the data folder: what names a person in it goes, and what is left is told."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.archive.files import archive_errors, replaced_file
from pipeline.archive.index import WARC_SUFFIX
from pipeline.archive.members import Damage, members
from pipeline.errors import ArchiveError
from pipeline.faults import reached
from pipeline.forgetting.readings import readings
from pipeline.forgetting.texts import texts_of_bytes, texts_of_record
from pipeline.privacy.terms import Matcher

FORGOTTEN: Final = "[forgotten]"
_REMEDY = "free some space or mend the rights, then run again"
_OF_CELLS: Final = (".jsonl", ".csv")
_SQLITE: Final = b"SQLite format 3\0"


def told_files(raw: Path, datasets: Path) -> list[Path]:
    """Logs and accounts of crawls, and the report of the last build."""
    return [*sorted(raw.glob("runs/*")), *sorted(datasets.glob("run_report.*"))]


def clean_text_file(path: Path, matcher: Matcher) -> bool:
    """Takes out of a file of JSON, of JSON lines or of plain lines what names a person; whether there was any.

    Strings of JSON become ``[forgotten]``, so that who reads the file still finds its form; so do lines of plain text. Raises
    ArchiveError.
    """
    with archive_errors(path, _REMEDY):
        content = path.read_bytes()
    if not matcher.holds_any(texts_of_bytes(content)):
        return False
    text = content.decode("utf-8", "replace")
    try:
        cleaned = json.dumps(_without(json.loads(text), matcher), ensure_ascii=True, indent=2) + "\n"
    except ValueError:
        cleaned = "".join(_clean_line(line, matcher) for line in text.splitlines(keepends=True))
    with archive_errors(path, _REMEDY):
        reached("forget.told")
        replaced_file(path, cleaned.encode("utf-8", "replace"))
    return True


def _clean_line(line: str, matcher: Matcher) -> str:
    if not _names(matcher, line):
        return line
    try:
        return json.dumps(_without(json.loads(line), matcher), ensure_ascii=True) + "\n"
    except ValueError:
        return f"{FORGOTTEN}\n"


def _without(value: Any, matcher: Matcher) -> Any:
    """The value with ``[forgotten]`` for every string that names a person; numbers are counts of ours."""
    if isinstance(value, dict):
        kept = {name: _without(item, matcher) for name, item in value.items()}
        return {FORGOTTEN if _names(matcher, name) else name: item for name, item in kept.items()}
    if isinstance(value, list):
        return [_without(item, matcher) for item in value]
    return FORGOTTEN if isinstance(value, str) and _names(matcher, value) else value


def _names(matcher: Matcher, text: str) -> bool:
    return matcher.holds_any(readings(text))


def residues(folders: Sequence[Path], matcher: Matcher, seen: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Files below the folders that still name a person, in their names or in what they hold. Raises ArchiveError.

    Of the files in ``seen`` only the names are looked at.
    """
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            is_file = path.is_file() and not path.is_symlink() and path not in seen
            if _names(matcher, path.relative_to(folder).as_posix()) or (is_file and matcher.holds_any(_texts_of(path))):
                yield path


def names_person(path: Path, matcher: Matcher) -> bool:
    """Whether a file holds a term. Raises ArchiveError."""
    return matcher.holds_any(_texts_of(path))


def _texts_of(path: Path) -> Iterator[str]:
    with archive_errors(path, "mend the rights, then run again"):
        if path.name.endswith((WARC_SUFFIX, f"{WARC_SUFFIX}.open")):
            for part in members(path):
                if isinstance(part, Damage):
                    continue  # looked into before, and told
                yield from texts_of_record(part.record)
            return
        if path.suffix == ".parquet":
            yield from table_texts(pq.read_table(path))
            return
        content = path.read_bytes()
    if path.suffix in _OF_CELLS:
        yield from _cells(content.decode("utf-8", "replace"), path.suffix)
        return
    if content.startswith(_SQLITE):
        yield from _texts_of_database(path)
    for start in range(0, len(content), 64 * 1024 * 1024):  # a term across the border is found in the part's own overlap
        yield from texts_of_bytes(content[max(0, start - 65536) : start + 64 * 1024 * 1024])


def _cells(text: str, suffix: str) -> Iterator[str]:
    """Strings of JSON lines and cells of a CSV file one by one: what two of them say together says nobody."""
    strings: Iterator[str]
    try:
        if suffix == ".csv":
            strings = chain.from_iterable(csv.reader(io.StringIO(text, newline="")))
        else:
            strings = chain.from_iterable(strings_of(json.loads(line)) for line in text.splitlines())
        yield from chain.from_iterable(map(readings, strings))
    except (ValueError, csv.Error):
        yield from readings(text)


def strings_of(value: Any) -> Iterator[str]:
    """Every string of a JSON value, names of objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


def table_texts(rows: pa.Table) -> Iterator[str]:
    """Every distinct text of a table's cells."""
    for column in rows.columns:
        values = column.combine_chunks()
        if pa.types.is_list(values.type):
            values = values.flatten()
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            for value in values.unique().to_pylist():
                if value:
                    yield from readings(value)


def _texts_of_database(path: Path) -> Iterator[str]:
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            for (table,) in list(database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")):
                for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names of the database itself
                    yield from readings("\n".join(value for value in row if isinstance(value, str)))
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"{path}: {error}; delete this file if nobody needs it, then run again") from error
