"""The detectors over what is published: every public cell of the tables, and every generated file of a snapshot."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from pipeline.explorer.blocks import Block, opened_block, packed_blocks, packed_line, without_blocks
from pipeline.privacy.cells import place_of, suspects
from pipeline.privacy.clean import CleanPieces, kept_pieces, packed_digests
from pipeline.privacy.csvcells import Span, csv_texts
from pipeline.privacy.detectors import Place, personal_data_kinds
from pipeline.schema.spec import tables

_OURS = frozenset({".parquet"})
_LONG = 64
"""Characters from which remembering a text costs less than looking into it again."""
_MOST_CLEAN = 200_000
_TEXTS_AT_ONCE = 10_000
_RECORDS = "records"
"""What the names of the explorer's blocks of records begin with."""
_RECORD = "record"
_raw_records = msgspec.json.Decoder(list[msgspec.Raw])
_TAG = re.compile(r"<[^>]*>")
_DIGEST = re.compile(r"(?:(?:sha\d+|md5|c):)?[0-9a-fA-F]{8,128}|(?:sha\d+):[A-Z2-7]{16,}")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


class Leak(NamedTuple):
    """Personal data where none may stand: ``where`` names table and column or the file, ``page`` a page it came from."""

    where: str
    kind: str
    values: int
    page: str | None = None


class PublicFile(NamedTuple):
    """A generated file of a snapshot that everybody may read; ``name``: its path in the snapshot."""

    path: Path
    name: str


def public_files(folder: Path) -> list[PublicFile]:
    """The generated files of a snapshot. Parquet files are looked into as tables, restricted/ is not public."""
    found = [PublicFile(path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [file for file in found if file.path.suffix not in _OURS and not file.name.startswith("restricted/")]


class SearchTask(NamedTuple):
    """A file to be searched. ``kept``: where is kept what is known to be clean (see `clean`), None for nothing.

    ``searched``: where it holds what was searched before.
    """

    file: PublicFile
    kept: Path | None
    searched: Sequence[Span] = ()


class Searched(NamedTuple):
    """What came of it; ``clean``: digests of the pieces without personal data, packed."""

    leaks: list[Leak]
    clean: bytes


def leaks_in_files(
    folder: Path, pieces: CleanPieces | None = None, searched: Mapping[str, Sequence[Span]] | None = None
) -> Iterator[Leak]:
    """Leaks in the generated files of a snapshot: report, explorer, dictionary, change log, packages, CSV edition.

    The compressed blocks of a page are opened and their texts looked into. ``pieces``: what need not be searched again; takes
    what was searched. ``searched``: file → where lines stand in it that were searched before. Raises OSError, ValueError for a
    file that is not what its name says.
    """
    clean: set[bytes] = set()  # long texts stand in the CSV edition and in the explorer: each is looked into once
    for file in public_files(folder):
        yield from _leaks_in_file(file, clean, pieces or CleanPieces(), (searched or {}).get(file.name, ()))


def leaks_in_file(task: SearchTask) -> Searched:
    """Leaks in one generated file, as `leaks_in_files` finds them."""
    pieces = kept_pieces(task.kept)
    return Searched([*_leaks_in_file(task.file, set(), pieces, task.searched)], packed_digests(pieces.clean))


def clean_blocks(blocks: Iterable[str]) -> set[bytes]:
    """Digests of packed blocks of the explorer's records and of these, when no personal data is in any of them; else none.

    For blocks that a page will be made of: what is found in them is told when the page is searched.
    """
    pieces = CleanPieces()
    unknown = (packed for packed in blocks if not pieces.is_clean(_RECORDS, packed.encode()))
    texts = (text for packed in unknown for text in _texts_of_block(opened_block(_RECORDS, packed), pieces))
    pieces.settle(are_clean=not any(personal_data_kinds(text, place) for text, place, _ in _worth_a_look(texts)))
    return pieces.clean


def _leaks_in_file(file: PublicFile, clean: set[bytes], pieces: CleanPieces, searched: Sequence[Span] = ()) -> Iterator[Leak]:
    found: Counter[str] = Counter()
    for text, place, times in _worth_a_look(_texts_of(file.path, pieces, searched)):
        content = text.encode(errors="surrogatepass")
        mark = blake2b(place.encode() + content, digest_size=16).digest() if len(text) > _LONG else b""
        if mark not in clean and not pieces.is_clean(place, content):
            kinds = personal_data_kinds(text, place)
            found.update(dict.fromkeys(kinds, times))
            if mark and not kinds:
                if len(clean) >= _MOST_CLEAN:
                    clean.clear()
                clean.add(mark)
    pieces.settle(are_clean=not found)
    for kind, count in sorted(found.items()):
        yield Leak(file.name, kind, count)


def _worth_a_look(texts: Iterator[tuple[str, Place]]) -> Iterator[tuple[str, Place, int]]:
    """The texts that could hold personal data at all, some thousand at a time, and how often each of them is there."""
    while several := Counter(islice(texts, _TEXTS_AT_ONCE)):
        of_place: dict[Place, list[str]] = {}
        for text, place in several:
            of_place.setdefault(place, []).append(text)
        for text, place in _suspects(of_place):
            yield text, place, several[text, place]


def _suspects(texts: Mapping[Place, list[str]]) -> Iterator[tuple[str, Place]]:
    """Those of the texts, by where they stand, that could hold personal data at all."""
    for place, some in texts.items():
        try:
            column = pa.array(some, pa.large_string())
        except UnicodeEncodeError:  # half a surrogate pair is no text that Arrow knows
            yield from ((text, place) for text in some)
            continue
        yield from ((text, place) for _, text in suspects(column, place))


def _texts_of(path: Path, pieces: CleanPieces, searched: Sequence[Span]) -> Iterator[tuple[str, Place]]:
    if path.suffix == ".csv" and path.stem in tables():
        yield from csv_texts(path, tables()[path.stem], pieces, searched)
        return
    if path.suffix == ".html":
        yield from _texts_of_page(path, pieces)
        return
    text = path.read_text("utf-8")
    if path.suffix in (".json", ".jsonld"):
        for string in _strings(json.loads(text)):
            yield string, "token" if _DIGEST.fullmatch(string) else "address" if _ADDRESS.fullmatch(string) else "prose"
    else:
        yield from _pieces(text)


def _texts_of_page(path: Path, pieces: CleanPieces) -> Iterator[tuple[str, Place]]:
    """Texts of a page, one block in memory at a time: a block stands on a line."""
    own = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            whole = packed_line(line)
            if whole is not None and whole[0].startswith(_RECORDS) and pieces.is_clean(_RECORDS, whole[1].encode()):
                continue
            for name, packed in packed_blocks(line):
                yield from _texts_of_block(opened_block(name, packed), pieces)
            own.append(without_blocks(line))
    yield from _pieces(html.unescape(_TAG.sub("\n", "".join(own))))


def _pieces(text: str) -> Iterator[tuple[str, Place]]:
    for line in text.splitlines():
        for piece in line.split("|"):
            yield piece.strip().strip("`"), "address" if _ADDRESS.fullmatch(piece.strip().strip("`")) else "prose"


def _texts_of_block(block: Block, pieces: CleanPieces) -> Iterator[tuple[str, Place]]:
    """Texts of a data block of explorer.html, of its records those that could hold personal data and are not known to be clean.

    Its words alone are left out too: no number is as long as a telephone's.
    """
    if block.name == "index":
        index = msgspec.json.decode(block.content)
        coded = {**index["coded"], "region": index["region"]}
        columns = {**index["plain"], **{name: held["values"] for name, held in coded.items()}}
        for name, values in columns.items():
            place: Place = "token" if name == "id" else "address" if name.endswith("url") else "prose"
            for text in values:
                if isinstance(text, str):
                    yield text, place
    elif block.name.startswith(_RECORDS):
        of_place: dict[Place, list[str]] = {}
        for content in _raw_records.decode(block.content):
            if pieces.is_clean(_RECORD, bytes(content)):
                continue
            for name, rows in msgspec.json.decode(content).items():
                places = _places(name)
                for row in rows:
                    for column, value in row.items():
                        if isinstance(value, str):
                            of_place.setdefault(places[column], []).append(value)
                        elif isinstance(value, list):
                            of_place.setdefault(places[column], []).extend(text for text in value if isinstance(text, str))
        yield from _suspects(of_place)


@cache
def _places(table: str) -> Mapping[str, Place]:
    declared = tables()[table]
    return {name: place_of(declared, name, column) for name, column in declared.columns.items()}


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
