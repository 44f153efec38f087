"""Records that are one page archived at several addresses, or with and without one: which are merged into which.

Publishers' ids have merged the spellings of one address already. What is left is told by the text (see `likeness`), among
records of one kind whose titles do not contradict each other:

- two numbers of a publisher (practices, decks) are two records, whatever they say;
- two addresses are one page when title and text are equal; or alike, under the same last part of the address. Two posts of
  a blog are one only as the same path on two hosts;
- a record known by its content alone belongs to the one it is like. When it is like several, it stays and is reported.

The signatures stand on disk; of texts the last few hundred that were compared are in memory.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
import numpy as np

from pipeline.build.choice.likeness import LEAST_ESTIMATE, LEAST_WORDS, Told, bands, estimate, likeness, signature, told_by
from pipeline.build.tables.rows import Rows
from pipeline.records import Article, Deck, ExtractedPage, PracticeTab, Record

_SCHEMA: Final = """
CREATE TABLE likely (
  row INTEGER PRIMARY KEY, record_id TEXT NOT NULL, part TEXT NOT NULL, title TEXT NOT NULL, published TEXT NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL, signature BLOB NOT NULL
);
CREATE TABLE band (part TEXT NOT NULL, key INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (part, key, row)) WITHOUT ROWID;
"""
_BY_ADDRESS: Final = ("blogger", "bpzoliborz", "web")
"""Prefixes of ids made from addresses, in the order of preference: a publisher's own source before the general one."""
_BY_CONTENT: Final = "sha256"
_TEXTS_IN_MEMORY: Final = 500
_LAST_PART = re.compile(r"([^/#?]*?)(?:\.(?:html?|php))?/*(?:\?.*)?$")
TABLES: Final = {"practice": "practices", "deck": "presentations", "article": "articles"}


class Part(NamedTuple):
    """The capture that counts for a part of a record, and where its page stands in extracted/."""

    part: str
    record: Record
    page: ExtractedPage
    number: int
    offset: int


class Merge(NamedTuple):
    """``record_id`` is merged into the first of ``into``; with several it is left as it is: it could be any of them.

    ``page``: where the record stands, without its findings.
    """

    kind: str
    record_id: str
    into: tuple[str, ...]
    page: ExtractedPage
    share: float

    @property
    def is_sure(self) -> bool:
        """Whether the record was merged."""
        return len(self.into) == 1


class _Likely(NamedTuple):
    record_id: str
    title: str
    published: str
    file: int
    offset: int
    signature: bytes


def merges(
    db: sqlite3.Connection,
    kind: str,
    owners: Mapping[str, str],
    parts_of: Callable[[str], Iterable[Part]],
    load: Callable[[str, str, int, int], Record],
) -> Iterator[Merge]:
    """Merges among the records of one kind, the same whatever the order of files and ids.

    ``owners``: every record id and the one it belongs to already, itself most times. ``parts_of`` gives the parts of a
    record, ``load`` (record id, part, file, offset) one of them again.
    """
    db.executescript("DROP TABLE IF EXISTS likely; DROP TABLE IF EXISTS band;" + _SCHEMA)

    @lru_cache(maxsize=_TEXTS_IN_MEMORY)
    def text_of(record_id: str, part: str, file: int, offset: int) -> Told:
        return told_by(lines_of(load(record_id, part, file, offset)))

    row = 0
    for record_id in sorted(owners, key=preference):
        kept: list[tuple[str, _Likely]] = []
        shares: dict[str, list[float]] = {}
        parts = list(parts_of(record_id))
        for part in parts:
            told = told_by(lines_of(part.record))
            signed = signature(told).tobytes()
            mine = _Likely(record_id, title_of(part.record), published_of(part.record), part.number, part.offset, signed)
            kept.append((part.part, mine))
            if not may_be_merged(record_id) or owners[record_id] != record_id:
                continue
            alike: dict[str, float] = {}
            for other in _candidates(db, part.part, mine):
                share = _same(mine, told, other, text_of(other.record_id, part.part, other.file, other.offset))
                if share is not None:
                    alike[owners[other.record_id]] = max(share, alike.get(owners[other.record_id], 0.0))
            for name, share in alike.items():
                shares.setdefault(name, []).append(share)
        # Of several parts each must be like the same record.
        targets = tuple(name for name, found in shares.items() if len(found) == len(parts) and name != record_id)
        if targets:
            page = msgspec.structs.replace(
                parts[0].page, findings=[], file=None
            )  # merges are kept; what the page tells is not asked
            yield Merge(kind, record_id, targets, page, min(shares[targets[0]]))
        if len(targets) != 1:
            for name, likely in kept:
                row += 1
                _insert(db, row, name, likely)


def preference(record_id: str) -> tuple[int, str]:
    """Order in which records keep their id: a publisher's number, an address, content; then by the id itself."""
    prefix = record_id.partition(":")[0]
    if prefix == _BY_CONTENT:
        return len(_BY_ADDRESS) + 1, record_id
    return _BY_ADDRESS.index(prefix) + 1 if prefix in _BY_ADDRESS else 0, record_id


def may_be_merged(record_id: str) -> bool:
    """Whether the id is made from an address or from content; a publisher's number stands for itself."""
    return preference(record_id)[0] > 0


def add_merge_issues(found: Iterable[Merge], rows: Rows) -> None:
    """Adds a row of quality_issues for every record that was merged, and for every one that could be one of several."""
    for merge in found:
        where = f" ({merge.page.capture.source_url})" if merge.page.capture.source_url else " (address not known)"
        table = TABLES[merge.kind]
        if merge.is_sure:
            reason = f"{merge.record_id}{where} is the same page: {merge.share:.0%} of the words agree; merged into this record"
            rows.issue(table, merge.into[0], None, "repaired", reason, merge.page)
        else:
            reason = "the text is that of several records; which of them it is cannot be told"
            rows.issue(table, merge.record_id, None, "ambiguous", reason, merge.page, candidates=merge.into)


def _candidates(db: sqlite3.Connection, part: str, mine: _Likely) -> Iterator[_Likely]:
    query = (
        "SELECT record_id, title, published, file, offset, signature FROM likely WHERE row IN "
        "(SELECT row FROM band WHERE part=? AND key IN (SELECT value FROM json_each(?))) ORDER BY row"
    )
    keys = bands(np.frombuffer(mine.signature, dtype=np.uint32))
    for columns in db.execute(query, (part, json.dumps(keys))).fetchall():
        other = _Likely(*columns)
        if other.record_id != mine.record_id and _may_be_same(mine, other):
            yield other


def _may_be_same(mine: _Likely, other: _Likely) -> bool:
    if mine.title and other.title and mine.title != other.title:
        return False
    if mine.published and other.published and mine.published != other.published:
        return False
    signatures = [np.frombuffer(likely.signature, dtype=np.uint32) for likely in (mine, other)]
    if estimate(signatures[0], signatures[1]) < LEAST_ESTIMATE:
        return False
    if mine.record_id.startswith("blogger:") and other.record_id.startswith("blogger:"):
        return mine.record_id.partition("/")[2] == other.record_id.partition("/")[2]
    return True


def _same(mine: _Likely, told: Told, other: _Likely, other_told: Told) -> float | None:
    """Share of words in common when the two are one page, else None."""
    found = likeness(told, other_told)
    if not found.is_same:
        return None
    if not mine.record_id.startswith(_BY_CONTENT) and not other.record_id.startswith(_BY_CONTENT):
        if not mine.title or mine.title != other.title:
            return None
        if not found.is_equal and last_part(mine.record_id) != last_part(other.record_id):
            return None
        if found.is_equal and len(told.words) < LEAST_WORDS and last_part(mine.record_id) != last_part(other.record_id):
            return None
    return found.share


def last_part(record_id: str) -> str:
    """The last part of the address an id was made from, without ``.html`` and query."""
    match = _LAST_PART.search(record_id.partition(":")[2])
    return match[1].casefold() if match is not None else ""


def _insert(db: sqlite3.Connection, row: int, part: str, mine: _Likely) -> None:
    columns = (row, mine.record_id, part, *mine[1:])
    db.execute("INSERT INTO likely VALUES (?,?,?,?,?,?,?,?)", columns)
    keys = bands(np.frombuffer(mine.signature, dtype=np.uint32))
    db.executemany("INSERT OR IGNORE INTO band VALUES (?,?,?)", ((part, key, row) for key in keys))


def title_of(record: Record) -> str:
    """The letters and digits of a record's title, small; empty without one."""
    title = getattr(record, "title", None) or ""
    return "".join(char for char in title.casefold() if char.isalnum())


def published_of(record: Record) -> str:
    """The letters and digits of the date printed on an article; empty without one."""
    published = record.published_text if isinstance(record, Article) else None
    return "".join(char for char in (published or "").casefold() if char.isalnum())


def lines_of(record: Record) -> list[str]:
    """The record's own text, line by line."""
    match record:
        case PracticeTab():
            told = [line for block in record.blocks for line in block.text.splitlines()]
            return [*told, *(" ".join([label.label, *label.lines]) for label in record.labels)]
        case Deck():
            return [line for slide in record.slides for line in slide.text.splitlines()]
        case Article():
            return [line for block in record.blocks for line in block.text.splitlines()]
        case _:
            return []
