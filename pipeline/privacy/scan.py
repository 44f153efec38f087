"""The detectors over what is published: every public cell of the tables, and every generated file of a snapshot."""

from __future__ import annotations

import csv
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from pipeline.explorer.blocks import Block, blocks_of, without_blocks
from pipeline.privacy.detectors import WORTH_A_LOOK, Place, personal_data_kinds
from pipeline.schema.spec import Column, Table, tables

_OURS = frozenset({".parquet"})
_TOKENS = frozenset({"warc_file", "code", "capture_before", "capture_after"})
"""Columns that carry numbers of ours or of a register beside those the schema tells."""
_LONG = 64
"""Characters from which remembering a text costs less than looking into it again."""
_MOST_CLEAN = 200_000
_LONGEST_CELL = 2**31 - 1
"""The csv module stops at 131072 characters of its own accord; a text of a file or an article may have more."""
_ROWS_AT_ONCE = 2_000
_TEXTS_AT_ONCE = 10_000
_CSV_BYTES = 1 << 22
"""A block of a CSV file; no text of ours is as long."""
_TAG = re.compile(r"<[^>]*>")
_DIGEST = re.compile(r"(?:(?:sha\d+|md5|c):)?[0-9a-fA-F]{8,128}|(?:sha\d+):[A-Z2-7]{16,}")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


class Leak(NamedTuple):
    """Personal data where none may stand: ``where`` names table and column or the file, ``page`` a page it came from."""

    where: str
    kind: str
    values: int
    page: str | None = None


def place_of(table: Table, name: str, column: Column) -> Place:
    """What a column holds, as far as the detectors ask."""
    if column.privacy == "institution":
        return "institution"
    if name.endswith("url"):
        return "address"
    is_token = bool(
        name in table.key
        or name in _TOKENS
        or column.codes
        or column.references
        or column.pattern
        or name.endswith(("_id", "digest"))
    )
    return "prose" if column.is_prose or not is_token else "token"


def suspects(column: pa.Array, place: Place) -> Iterator[tuple[int, str]]:
    """Number of the row and text, of those texts of a column of text or lists that could hold personal data at all."""
    parents = None
    if pa.types.is_list(column.type):
        parents, column = pc.list_parent_indices(column), pc.list_flatten(column)
    # In ids and codes of ours nothing but an e-mail is looked for.
    found = pc.match_substring(column, "@") if place == "token" else pc.match_substring_regex(column, WORTH_A_LOOK)
    places = pc.indices_nonzero(found)
    numbers = places if parents is None else parents.take(places)
    yield from zip(numbers.to_pylist(), column.take(places).to_pylist(), strict=True)


class PublicFile(NamedTuple):
    """A generated file of a snapshot that everybody may read; ``name``: its path in the snapshot."""

    path: Path
    name: str


def public_files(folder: Path) -> list[PublicFile]:
    """The generated files of a snapshot. Parquet files are looked into as tables, restricted/ is not public."""
    found = [PublicFile(path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [file for file in found if file.path.suffix not in _OURS and not file.name.startswith("restricted/")]


def leaks_in_files(folder: Path) -> Iterator[Leak]:
    """Leaks in the generated files of a snapshot: report, explorer, dictionary, change log, packages, CSV edition.

    The compressed blocks of a page are opened and their texts looked into. Raises OSError, ValueError for a file that is not
    what its name says.
    """
    clean: set[bytes] = set()  # long texts stand in the CSV edition and in the explorer: each is looked into once
    for file in public_files(folder):
        yield from _leaks_in_file(*file, clean)


def leaks_in_file(file: PublicFile) -> list[Leak]:
    """Leaks in one generated file, as `leaks_in_files` finds them."""
    return [*_leaks_in_file(*file, set())]


def _leaks_in_file(path: Path, name: str, clean: set[bytes]) -> Iterator[Leak]:
    found: Counter[str] = Counter()
    for text, place, times in _worth_a_look(_texts_of(path)):
        mark = blake2b(f"{place} {text}".encode(errors="surrogatepass"), digest_size=16).digest() if len(text) > _LONG else b""
        if mark not in clean:
            kinds = personal_data_kinds(text, place)
            found.update(dict.fromkeys(kinds, times))
            if mark and not kinds:
                if len(clean) >= _MOST_CLEAN:
                    clean.clear()
                clean.add(mark)
    for kind, count in sorted(found.items()):
        yield Leak(name, kind, count)


def _worth_a_look(texts: Iterator[tuple[str, Place]]) -> Iterator[tuple[str, Place, int]]:
    """The texts that could hold personal data at all, some thousand at a time, and how often each of them is there."""
    while several := Counter(islice(texts, _TEXTS_AT_ONCE)):
        of_place: dict[Place, list[str]] = {}
        for text, place in several:
            of_place.setdefault(place, []).append(text)
        for place, distinct in of_place.items():
            try:
                column = pa.array(distinct, pa.large_string())
            except UnicodeEncodeError:  # half a surrogate pair is no text that Arrow knows
                yield from ((text, place, several[text, place]) for text in distinct)
                continue
            for _, text in suspects(column, place):
                yield text, place, several[text, place]


def _texts_of(path: Path) -> Iterator[tuple[str, Place]]:
    if path.suffix == ".csv" and path.stem in tables():
        yield from _cells(path, tables()[path.stem])
        return
    if path.suffix == ".html":
        yield from _texts_of_page(path)
        return
    text = path.read_text("utf-8")
    if path.suffix in (".json", ".jsonld"):
        for string in _strings(json.loads(text)):
            yield string, "token" if _DIGEST.fullmatch(string) else "address" if _ADDRESS.fullmatch(string) else "prose"
    else:
        yield from _pieces(text)


def _texts_of_page(path: Path) -> Iterator[tuple[str, Place]]:
    """Texts of a page, one block in memory at a time: a block stands on a line."""
    own = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            for block in blocks_of(line):
                yield from _texts_of_block(block)
            own.append(without_blocks(line))
    yield from _pieces(html.unescape(_TAG.sub("\n", "".join(own))))


def _pieces(text: str) -> Iterator[tuple[str, Place]]:
    for line in text.splitlines():
        for piece in line.split("|"):
            yield piece.strip().strip("`"), "address" if _ADDRESS.fullmatch(piece.strip().strip("`")) else "prose"


def _texts_of_block(block: Block) -> Iterator[tuple[str, Place]]:
    """Texts of a data block of explorer.html. Its words alone are left out: no number is as long as a telephone's."""
    if block.name == "index":
        index = msgspec.json.decode(block.content)
        coded = {**index["coded"], "region": index["region"]}
        columns = {**index["plain"], **{name: held["values"] for name, held in coded.items()}}
        for name, values in columns.items():
            place: Place = "token" if name == "id" else "address" if name.endswith("url") else "prose"
            for text in values:
                if isinstance(text, str):
                    yield text, place
    elif block.name.startswith("records"):
        for record in msgspec.json.decode(block.content):
            for name, rows in record.items():
                places = {column: place_of(tables()[name], column, spec) for column, spec in tables()[name].columns.items()}
                for row in rows:
                    for column, value in row.items():
                        for text in value if isinstance(value, list) else [value]:
                            if isinstance(text, str):
                                yield text, places[column]


def _cells(path: Path, table: Table) -> Iterator[tuple[str, Place]]:
    """The cells of a CSV file that could hold personal data at all."""
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        names = next(reader, [])
        places = {name: place for name in names if (place := _place_in(table, name)) is not None}
        read = 0
        try:
            for batch in _batches(path, names, [*places]):
                read += batch.num_rows
                for name, place in places.items():
                    yield from ((text, place) for _, text in suspects(batch[name], place))
        except pa.ArrowInvalid:  # a line with more or fewer cells, or longer than a block: read one by one from there
            while rows := list(islice(reader, read, read + _ROWS_AT_ONCE)):
                read = 0
                for name, cells in zip(names, zip_longest(*rows, fillvalue=""), strict=False):
                    if name in places:
                        yield from (
                            (text, places[name]) for _, text in suspects(pa.array(cells, pa.large_string()), places[name])
                        )


def _place_in(table: Table, name: str) -> Place | None:
    """What a column of a table holds, when it holds texts."""
    column = table.columns.get(name)
    return place_of(table, name, column) if column is not None and column.type in ("text", "list") else None


def _batches(path: Path, names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Columns of a CSV file as texts, some rows at a time. Raises ArrowInvalid for what is no table."""
    if not wanted:
        return
    reader = pa_csv.open_csv(
        path,
        read_options=pa_csv.ReadOptions(use_threads=False, block_size=_CSV_BYTES),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), include_columns=[*wanted], strings_can_be_null=False
        ),
    )
    with reader:
        yield from reader


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
