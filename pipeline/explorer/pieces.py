"""What a record comes to in explorer.html: its JSON, its line in the index, its words; and groups of records that share blocks.

Which records share a group is told by their ids alone, so that a new record changes one group and leaves the blocks of all
others as they are.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from pipeline.explorer.blocks import json_bytes, opened, packed
from pipeline.explorer.postings import FOUND, Postings, RecordWords
from pipeline.explorer.records import KINDS, Shown, entry_of

GROUP_RECORDS: Final = 12
"""Records of a group on average."""
_MOST_RECORDS: Final = 48
BLOCK_BYTES: Final = 96 * 1024
"""Size a block of records is filled to before it is packed: small enough to open within a few milliseconds."""


class Group(NamedTuple):
    """Neighbouring records of one table."""

    table: str
    ids: list[str]


class Piece(NamedTuple):
    """A record: its rows as JSON, its entry in the index (`records.entry_of`), and its words."""

    content: bytes
    entry: list[Any]
    words: RecordWords


class MadeGroup(msgspec.Struct, array_like=True):
    """A group as the page and the work cache have it.

    ``blocks``: how many records each holds, and its packed text. ``sizes``: bytes of each record's JSON. ``word_counts``: how
    many words each record has; ``numbers`` and ``levels``: those of all, one record after the other.
    """

    blocks: list[tuple[int, str]]
    sizes: list[int]
    entries: list[list[Any]]
    word_counts: list[int]
    numbers: bytes
    levels: bytes


def groups(ids: Mapping[str, Sequence[str]]) -> Iterator[Group]:
    """The records in groups. ``ids``: table → ids in order."""
    for table in KINDS:
        group: list[str] = []
        for record_id in ids.get(table, ()):
            if group and (zlib.crc32(record_id.encode()) % GROUP_RECORDS == 0 or len(group) >= _MOST_RECORDS):
                yield Group(table, group)
                group = []
            group.append(record_id)
        if group:
            yield Group(table, group)


def piece_of(record: Shown, postings: Postings) -> Piece:
    """What a record comes to."""
    return Piece(json_bytes(record.rows), [*entry_of(record).values()], postings.words_of(record.texts))


def made_group(pieces: Sequence[Piece]) -> MadeGroup:
    """The pieces of a group put together."""
    blocks: list[tuple[int, str]] = []
    held: list[bytes] = []
    for piece in pieces:
        held.append(piece.content)
        if sum(map(len, held)) >= BLOCK_BYTES:
            blocks.append((len(held), packed(_array(held))))
            held = []
    if held:
        blocks.append((len(held), packed(_array(held))))
    return MadeGroup(
        blocks,
        [len(piece.content) for piece in pieces],
        [piece.entry for piece in pieces],
        [len(piece.words.numbers) for piece in pieces],
        b"".join(piece.words.numbers.tobytes() for piece in pieces),
        b"".join(piece.words.levels.astype(np.uint8).tobytes() for piece in pieces),
    )


def pieces_of(group: MadeGroup) -> list[Piece]:
    """A group taken apart. Raises ValueError when it is not whole."""
    contents: list[bytes] = []
    for count, text in group.blocks:
        content, at = opened(text), 1
        for size in group.sizes[len(contents) : len(contents) + count]:
            contents.append(content[at : at + size])
            at += size + 1
    return [Piece(*parts) for parts in zip(contents, group.entries, words_in(group), strict=True)]


def words_in(group: MadeGroup) -> Iterator[RecordWords]:
    """The words of the records of a group, one after the other."""
    found = all_words_in(group)
    end = 0
    for count in group.word_counts:
        start, end = end, end + count
        yield RecordWords(found.numbers[start:end], found.levels[start:end])


def all_words_in(group: MadeGroup) -> RecordWords:
    """The words of the records of a group in one."""
    return RecordWords(np.frombuffer(group.numbers, FOUND), np.frombuffer(group.levels, np.uint8).astype(FOUND))


def _array(records: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(records) + b"]"
