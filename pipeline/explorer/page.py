"""explorer.html of a snapshot: one offline file made from its public Parquet tables, written as it is made.

The page's own markup, style and scripts stand in ``web/``, the look it shares with the report in `pipeline.report.markup`; the
content security policy names styles and scripts by their digests and allows nothing else: no other script, no request. Data
stands in blocks (`pipeline.explorer.blocks`): what search and filters need is opened at once, the texts of records in small
blocks when they are looked at.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.explorer.blocks import block_markup, json_bytes
from pipeline.explorer.borders import voivodeship_lines
from pipeline.explorer.folding import APOSTROPHES, INVISIBLE, LETTERS
from pipeline.explorer.postings import Postings
from pipeline.explorer.reading import Row
from pipeline.explorer.records import KINDS, MOST_OF_A_KIND, are_all_shown, entry_of, shown_records
from pipeline.report.markup import Markup, document, joined, switches, text, words
from pipeline.schema.spec import code_lists

FILE_NAME: Final = "explorer.html"
WEB: Final = Path(__file__).parent / "web"
SCRIPTS: Final = (
    "words.js",
    "elements.js",
    "blocks.js",
    "fold.js",
    "search.js",
    "facets.js",
    "state.js",
    "csv.js",
    "map.js",
    "results.js",
    "record.js",
    "main.js",
)
STYLES: Final = ("explorer.css",)
CODE_LISTS: Final = ("unit_type", "partnership_kind", "issue_status", "origin")

_CODED = ("section", "subsection", "unit_type", "partnership_kind", "language", "powiat", "locality")
_PLAIN = ("kind", "id", "title", "date", "population", "source_url", "is_gone", "snippet", "parts")
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_BLOCK_BYTES = 96 * 1024
"""Size a block of records is filled to before it is packed: small enough to open within a few milliseconds."""


def write_explorer(folder: Path, name: str, target: Path | None = None) -> Path:
    """Writes explorer.html of the snapshot ``name`` from its tables in ``folder``; its path.

    It is written beside the tables, or into the folder ``target``, and takes its name when it is whole. The same tables give
    the same bytes. Raises OSError, ArrowInvalid when a table cannot be read.
    """
    path = (target or folder) / FILE_NAME
    aside = path.with_name(f".{FILE_NAME}")
    texts = path.with_name(f".{FILE_NAME}.texts")
    try:
        with texts.open("w", encoding="utf-8") as file:
            index = _write_records(folder, file.write)
        before, after = _page(name, is_whole=are_all_shown(folder)).split("{{blocks}}")
        with aside.open("w", encoding="utf-8", newline="\n") as page, texts.open(encoding="utf-8") as file:
            page.write(before)
            page.write(block_markup("words", json_bytes(_words(name))))
            page.writelines(index)
            page.writelines(file)
            page.write(after)
        aside.replace(path)
    finally:
        texts.unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
    return path


def _write_records(folder: Path, write: Any) -> Iterable[str]:
    """Writes the blocks of records; the markup of the blocks that search and filters need."""
    postings = Postings()
    entries: list[Row] = []
    starts: list[int] = []
    held: list[bytes] = []
    size = 0
    for number, record in enumerate(shown_records(folder)):
        postings.add(number, record.texts)
        entries.append(entry_of(record))
        packed = json_bytes(record.rows)
        if not held:
            starts.append(number)
        held.append(packed)
        size += len(packed)
        if size >= _BLOCK_BYTES:
            write(_records_block(len(starts), held))
            held, size = [], 0
    if held:
        write(_records_block(len(starts), held))
    vocabulary, lengths, found = postings.blocks()
    return [
        block_markup("index", json_bytes(index_of(entries, starts))),
        block_markup("vocabulary", vocabulary),
        block_markup("lengths", lengths),
        block_markup("postings", found),
    ]


def _records_block(number: int, records: Sequence[bytes]) -> str:
    return block_markup(f"records{number - 1}", b"[" + b",".join(records) + b"]")


def index_of(entries: Sequence[Row], starts: Sequence[int]) -> dict[str, Any]:
    """The index by columns; texts that repeat stand once. ``starts``: number of the first record of each block."""
    return {
        "kinds": KINDS,
        "starts": starts,
        "plain": {name: [_json(entry[name]) for entry in entries] for name in _PLAIN},
        "coded": {name: _coded([entry[name] for entry in entries]) for name in _CODED},
        "region": _coded_lists([entry["region"] for entry in entries]),
    }


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _coded(values: Sequence[str | None]) -> dict[str, Any]:
    known = sorted({value for value in values if value is not None})
    number = {value: at for at, value in enumerate(known)}
    return {"values": known, "of": [-1 if value is None else number[value] for value in values]}


def _coded_lists(values: Sequence[Sequence[str]]) -> dict[str, Any]:
    known = sorted({value for several in values for value in several})
    number = {value: at for at, value in enumerate(known)}
    return {"values": known, "of": [[number[value] for value in several] for several in values]}


def _wording() -> dict[str, tuple[str, str]]:
    """What the page says, by key: in English and in Polish."""
    return tomllib.loads((Path(__file__).parent / "wording.toml").read_text("utf-8"))


def _words(name: str) -> dict[str, Any]:
    return {
        "snapshot": name,
        "words": _wording(),
        "codes": {listed: {code: wording[:2] for code, wording in code_lists()[listed].items()} for listed in CODE_LISTS},
        "map": voivodeship_lines(),
        "folding": {"letters": LETTERS, "apostrophes": APOSTROPHES, "invisible": INVISIBLE},
    }


def _page(name: str, *, is_whole: bool) -> str:
    """The page around the blocks. ``name`` is a snapshot's id: letters, digits and hyphens."""
    body = (WEB / "body.html").read_text("utf-8")
    said = {key: words(polish, english) for key, (english, polish) in _wording().items()}
    said["switches"] = switches()
    said["edition"] = joined([words("Migawka", "Snapshot"), Markup(f"<code>{text(name)}</code>")], " ")
    if not is_whole:
        english, polish = (said_so.format(number=MOST_OF_A_KIND) for said_so in _wording()["not_all"])
        said["edition"] = joined([said["edition"], words(polish, english)], " · ")
    body = _PLACE.sub(lambda found: said.get(found[1], found[0]), body)
    script = '\n(() => {\n"use strict";\n' + "".join(_files(SCRIPTS)) + "})();\n"
    return document(f"Praktyki {name}", Markup(body), styles=["\n" + "".join(_files(STYLES))], scripts=[script])


def _files(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield (WEB / name).read_text("utf-8")
