"""explorer.html of a snapshot: one offline file made from its public Parquet tables, written as it is made.

The page's own markup, style and scripts stand in ``web/``, the look it shares with the report in `pipeline.report.markup`; the
content security policy names styles and scripts by their digests and allows nothing else: no other script, no request. Data
stands in blocks (`pipeline.explorer.blocks`): what search and filters need is opened at once, the texts of records in small
blocks when they are looked at.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np

from pipeline.errors import WorkCacheDamaged
from pipeline.explorer.blocks import block_markup, json_bytes, packed_markup
from pipeline.explorer.borders import voivodeship_lines
from pipeline.explorer.folding import APOSTROPHES, INVISIBLE, LETTERS
from pipeline.explorer.kept import Content, KeepingGroups, KeptGroups, Known
from pipeline.explorer.narrowed import write_narrowed
from pipeline.explorer.pieces import Group, MadeGroup, all_words_in, groups, made_group, piece_of
from pipeline.explorer.postings import FOUND, Postings
from pipeline.explorer.records import ENTRY, KINDS, MOST_OF_A_KIND, Shown, are_all_shown, shown_ids, shown_records
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
_AT_ONCE = 1 << 20
_MANY = 0.3
"""Share of records from which a snapshot in small saves nothing."""


class _Told(NamedTuple):
    """A group with the digests of its records; ``as_kept``: what it was kept as, where nothing in it has changed."""

    group: Group
    digests: list[bytes]
    made: MadeGroup
    as_kept: Content | None = None


def write_explorer(
    folder: Path, name: str, target: Path | None = None, known: Known | None = None, made: Mapping[str, Path] | None = None
) -> Path:
    """Writes explorer.html of the snapshot ``name`` from its tables in ``folder``; its path.

    It is written beside the tables, or into the folder ``target``, and takes its name when it is whole. The same tables give
    the same bytes, whether what records come to is ``known`` from before or not. ``made``: table → where its groups have been
    written (`write_groups`). Raises OSError, ArrowInvalid when a table cannot be read.
    """
    path = (target or folder) / FILE_NAME
    aside = path.with_name(f".{FILE_NAME}")
    texts = path.with_name(f".{FILE_NAME}.texts")
    try:
        try:
            index = _write_records(folder, texts, known, made)
        except WorkCacheDamaged:  # the tables have all that it had
            if known is not None:
                known.path.unlink(missing_ok=True)
            index = _write_records(folder, texts, known)
        before, after = _page(name, is_whole=are_all_shown(folder)).split("{{blocks}}")
        with aside.open("w", encoding="utf-8", newline="\n") as page, texts.open(encoding="utf-8") as file:
            page.write(before)
            page.write(block_markup("words", json_bytes(_words(name))))
            page.writelines(index)
            shutil.copyfileobj(file, page, _AT_ONCE)
            page.write(after)
        aside.replace(path)
    finally:
        texts.unlink(missing_ok=True)
        aside.unlink(missing_ok=True)
    return path


def write_groups(folder: Path, table: str, path: Path) -> None:
    """Writes what the records of a table come to into the file ``path``, for an explorer whose tables are made at once.

    Raises OSError, ArrowInvalid when a table cannot be read.
    """
    postings = Postings()
    records = shown_records(folder, [table])
    with KeepingGroups(path) as keeping:
        for group in groups(shown_ids(folder, [table])):
            made = made_group([piece_of(next(records), postings) for _ in group.ids])
            keeping.add(group, [b""] * len(group.ids), made)
        keeping.close(postings.vocabulary, len(postings.vocabulary))


def _write_records(folder: Path, texts: Path, known: Known | None, ready: Mapping[str, Path] | None = None) -> Iterable[str]:
    """Writes the blocks of records into the file ``texts``; the markup of the blocks that search and filters need."""
    kept = KeptGroups(known.path if known is not None and ready is None else None)
    postings = Postings(kept.words)
    entries: list[list[Any]] = []
    starts: list[int] = []
    keeping = KeepingGroups(known.path if known is not None else None)
    with texts.open("w", encoding="utf-8") as file, keeping:
        for group, digests, made, as_kept in (
            _groups(folder, kept, known, postings) if ready is None else _read_groups(folder, ready, known, postings)
        ):
            number = len(entries)
            for count, text in made.blocks:
                file.write(packed_markup(f"records{len(starts)}", text))
                starts.append(number)
                number += count
            postings.add(len(entries), all_words_in(made), made.word_counts)
            entries += made.entries
            keeping.add(group, digests, made, as_kept)
        vocabulary, lengths, found = postings.blocks()
        keeping.close(postings.vocabulary, vocabulary.count(b"\n") + 1)
    return [
        block_markup("index", json_bytes(index_of(entries, starts))),
        block_markup("vocabulary", vocabulary),
        block_markup("lengths", lengths),
        block_markup("postings", found),
    ]


def _read_groups(folder: Path, ready: Mapping[str, Path], known: Known | None, postings: Postings) -> Iterator[_Told]:
    """The same from the files where the groups of each table have been written."""
    for table in KINDS:
        written = KeptGroups(ready[table])
        numbers = postings.numbers_of(written.words)
        for group in groups(shown_ids(folder, [table])):
            made = written.made(group)
            made.numbers = numbers[np.frombuffer(made.numbers, FOUND)].tobytes()
            yield _Told(group, _digests(known, group), made)


def _digests(known: Known | None, group: Group) -> list[bytes]:
    return known.of(group) if known is not None else [b""] * len(group.ids)


def _groups(folder: Path, kept: KeptGroups, known: Known | None, postings: Postings) -> Iterator[_Told]:
    """All groups in order, each with the digests of its records; those that are not kept are made."""
    told = [(group, _digests(known, group)) for group in groups(shown_ids(folder))]
    missing: dict[str, set[str]] = {table: set() for table in KINDS}
    for group, digests in told:
        for record_id, digest in zip(group.ids, digests, strict=True):
            if not kept.has(group.table, record_id, digest):
                missing[group.table].add(record_id)
    with _missing_records(folder, missing, sum(len(group.ids) for group, _ in told)) as records:
        for group, digests in told:
            whole = kept.whole(group, digests)
            if whole is not None:
                yield _Told(group, digests, *whole)
                continue
            pieces = [
                piece_of(next(records), postings) if name in missing[group.table] else kept.piece(group.table, name)
                for name in group.ids
            ]
            yield _Told(group, digests, made_group(pieces))


@contextmanager
def _missing_records(folder: Path, missing: Mapping[str, set[str]], number: int) -> Iterator[Iterator[Shown]]:
    """The records that are missing (table → ids) of a ``number`` of records, in order."""
    if sum(map(len, missing.values())) > number * _MANY:
        yield (record for record in shown_records(folder) if record.record_id in missing[record.table])
        return
    with TemporaryDirectory(prefix=".explorer-", dir=folder) as small:
        if any(missing.values()):
            write_narrowed(folder, missing, Path(small))
        records = shown_records(Path(small)) if any(missing.values()) else iter(())
        yield (record for record in records if record.record_id in missing[record.table])


def index_of(entries: Sequence[Sequence[Any]], starts: Sequence[int]) -> dict[str, Any]:
    """The index by columns; texts that repeat stand once.

    ``entries``: values as `entry_of` names them; ``starts``: number of the first record of each block.
    """
    columns = dict(zip(ENTRY, zip(*entries, strict=True) if entries else ([] for _ in ENTRY), strict=True))
    return {
        "kinds": KINDS,
        "starts": starts,
        "plain": {name: columns[name] for name in _PLAIN},
        "coded": {name: _coded(columns[name]) for name in _CODED},
        "region": _coded_lists(columns["region"]),
    }


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
