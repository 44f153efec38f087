"""Makes the rows of records in chunks, in worker processes, and keeps them: what has the same pages is not made again.

A chunk is a run of neighbouring records of one kind, by id. Where one ends is told by the ids themselves (a
digest of each), so that a new record changes the chunk it falls into and no other.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from pipeline.build.choice.chosen import chosen_at, newest_first, page_on
from pipeline.build.choice.selection import RecordPlan
from pipeline.build.records.articles import add_article
from pipeline.build.records.decks import add_deck
from pipeline.build.records.practices import add_practice
from pipeline.build.records.territory import PlaceLinks
from pipeline.build.tables.chunkfile import OWN, Chunk, Record, base_of, chunk_at, chunk_content, renumbered
from pipeline.build.tables.rows import Rows, ordered
from pipeline.errors import WorkCacheDamaged
from pipeline.faults import reached
from pipeline.records import ExtractedPage
from pipeline.registers.territory import Territory
from pipeline.storage.hand import opened

CHUNK_RECORDS: Final = 128
"""Records of a chunk on average."""
MOST_RECORDS: Final = 256
"""More in one chunk would take more memory the more records there are: the longest of many runs is long."""
SUFFIX: Final = ".rows"
_TIMES: Final = {"article": 1, "practice": 2, "deck": 4}
"""What a record of each kind takes beside one of another: 1.3, 2.3 and 4.5 ms were measured."""
MOST_OWN: Final = 0.25
"""Share of records up to which a chunk keeps what differs from an earlier one, not all of it."""


class ChunkTask(NamedTuple):
    """A chunk to be made. ``target`` is where its rows are kept, ``before`` where those of the last build are, in order.

    Most times that is one chunk. Where a run of records is cut for its length, a new one moves every cut behind it.
    """

    kind: str
    records: list[RecordPlan]
    paths: dict[int, Path]
    registers: Path
    target: Path
    before: list[Path]


def chunks(plans: Iterable[RecordPlan]) -> Iterator[list[RecordPlan]]:
    """The plans in chunks."""
    chunk: list[RecordPlan] = []
    for plan in plans:
        if chunk and (is_boundary(plan.record_id, CHUNK_RECORDS) or len(chunk) >= MOST_RECORDS):
            yield chunk
            chunk = []
        chunk.append(plan)
    if chunk:
        yield chunk


def is_boundary(record_id: str, mean: int) -> bool:
    """Whether a run of records ends before this one, when runs are to hold ``mean`` records on average."""
    return zlib.crc32(record_id.encode()) % mean == 0


def chunk_name(kind: str, first: str) -> str:
    """The name of the chunk that begins with a record, fit for a file."""
    return f"{kind}-{hashlib.blake2b(first.encode(), digest_size=12).hexdigest()}"


def chunk_digest(records: Sequence[RecordPlan]) -> str:
    """The digest of a chunk: equal digests, equal rows."""
    digest = hashlib.blake2b(digest_size=12)
    for record in records:
        digest.update(record.digest)
    return digest.hexdigest()


def expected_time(task: ChunkTask) -> int:
    """How long a chunk will take, beside others."""
    return len(task.records) * _TIMES[task.kind]


def chunk_made(task: ChunkTask) -> Path:
    """Makes the rows of a chunk and keeps them; where they are."""
    records = [(plan.record_id, plan.digest) for plan in task.records]
    known: set[int] = set()
    before: list[_Found] = []
    for path in task.before:
        if (found := _found(path, records, known)) is not None:
            before.append(found)
            known.update(number for number in found.numbers if number is not None)
    rows = Rows()
    places = PlaceLinks(rows, _territory(task.registers))
    for number, plan in enumerate(task.records):
        if number not in known:
            rows.owner = number
            _add(task, plan, rows, places)
    made = {name: rows.owned(name) for name in rows.filled()}
    content = _over(before[0], records, made) if len(before) == 1 else _beside(before, records, made)
    task.target.parent.mkdir(parents=True, exist_ok=True)
    aside = task.target.with_suffix(".open")
    reached("cache.chunk")
    aside.write_bytes(content)
    aside.replace(task.target)
    return task.target


class _Found(NamedTuple):
    """A chunk of an earlier build at ``path`` that has rows; ``numbers``: those that its records have now, None for no such.

    ``chunk`` is to be asked for its records alone: most times the new one lies over it, and no row of it is read.
    """

    path: Path
    chunk: Chunk
    numbers: list[int | None]


def _found(path: Path, records: list[Record], known: set[int]) -> _Found | None:
    """What a chunk of an earlier build has of the rows of ``records``, without those that are ``known`` by their numbers.

    None when that is nothing, or it is damaged.
    """
    try:
        chunk = chunk_at(path, ())
    except (OSError, ValueError):
        return None  # they are made anew
    wanted = {record: number for number, record in enumerate(records) if number not in known}
    numbers = [wanted.get(record) for record in chunk.records]
    return _Found(path, chunk, numbers) if any(number is not None for number in numbers) else None


def _over(found: _Found, records: list[Record], made: dict[str, pa.Table]) -> bytes:
    """A chunk of which some records stand in the one ``found``, and the others are ``made``."""
    path, before, numbers = found
    base = base_of(path) or path
    places = [OWN] * len(records)
    for place, number in enumerate(numbers):
        if number is not None:
            places[number] = place if before.base is None else before.places[place]
    below = before.base or before
    is_layered = places.count(OWN) <= len(records) * MOST_OWN and len(below.records) <= len(records) * (1 + MOST_OWN)
    if not is_layered:
        return _beside([found], records, made)
    if before.base is not None:
        own = _read(path, asks_base=False)
        _take(made, {name: rows for name in own.names() if (rows := own.own(name)) is not None}, numbers)
    return chunk_content(records, made, base.name, places)


def _beside(before: list[_Found], records: list[Record], made: dict[str, pa.Table]) -> bytes:
    """A chunk that is kept whole: the rows of those ``before``, and those ``made``."""
    for found in before:
        chunk = _read(found.path)
        _take(made, {name: chunk.table(name) for name in chunk.names()}, found.numbers)
    return chunk_content(records, made)


def _read(path: Path, *, asks_base: bool = True) -> Chunk:
    """A chunk of an earlier build to take rows from. Raises WorkCacheDamaged."""
    try:
        return chunk_at(path, asks_base=asks_base)
    except (OSError, ValueError) as error:
        raise WorkCacheDamaged(f"{path}: {error}; delete it and build again") from error


def _take(made: dict[str, pa.Table], kept: Mapping[str, pa.Table], numbers: list[int | None]) -> None:
    """Puts rows that were kept among those that are ``made``, under the ``numbers`` that their records have now."""
    for name, below in kept.items():
        rows = renumbered(below, numbers)
        if rows.num_rows:
            made[name] = ordered(name, pa.concat_tables([made[name], rows]) if name in made else rows)


@lru_cache(maxsize=1)  # the registers of one build at a time
def _territory(registers: Path) -> Territory:
    return Territory.load(registers)


def _add(task: ChunkTask, plan: RecordPlan, rows: Rows, places: PlaceLinks) -> None:
    parts = [chosen_at(_page(task, place.file, place.offset), task.kind, place) for place in plan.places]
    match task.kind:
        case "practice":
            answers = {
                answer.url: answer.found(_page(task, answer.file, answer.offset) if answer.file >= 0 else None)
                for answer in plan.answers
            }
            add_practice(plan.record_id, newest_first(parts), answers, rows, places)
        case "deck":
            add_deck(plan.record_id, parts[0], rows, places)
        case _:
            add_article(plan.record_id, parts[0], rows, places)


def _page(task: ChunkTask, number: int, offset: int) -> ExtractedPage:
    path = task.paths[number]
    with opened(path) as file:
        file.seek(offset)
        return page_on(file.readline(), path)
