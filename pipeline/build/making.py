"""Makes the rows of records in chunks, in worker processes, and keeps them: what has the same pages is not made again.

A chunk is a run of neighbouring records of one kind, by id. Where one ends is told by the ids themselves (a
digest of each), so that a new record changes the chunk it falls into and no other.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from pipeline.build.articles import add_article
from pipeline.build.chunkfile import OWN, Chunk, Record, base_of, chunk_at, chunk_content, renumbered
from pipeline.build.decks import add_deck
from pipeline.build.practices import add_practice
from pipeline.build.rows import Rows, ordered
from pipeline.build.selection import RecordPlan, chosen_at, newest_first, page_on
from pipeline.build.territory import PlaceLinks
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
    """A chunk to be made. ``target`` is where its rows are kept, ``before`` where those of the last build are, if any."""

    kind: str
    records: list[RecordPlan]
    paths: dict[int, Path]
    registers: Path
    target: Path
    before: Path | None


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
    before = _kept(task.before)
    known = {record: number for number, record in enumerate(before.records)} if before is not None else {}
    records = [(plan.record_id, plan.digest) for plan in task.records]
    rows = Rows()
    places = PlaceLinks(rows, _territory(task.registers))
    for number, plan in enumerate(task.records):
        if records[number] not in known:
            rows.owner = number
            _add(task, plan, rows, places)
    made = {name: rows.owned(name) for name in rows.filled()}
    content = chunk_content(records, made) if before is None else _over(task.before, before, records, known, made)
    task.target.parent.mkdir(parents=True, exist_ok=True)
    aside = task.target.with_suffix(".open")
    reached("cache.chunk")
    aside.write_bytes(content)
    aside.replace(task.target)
    return task.target


def _over(
    path: Path | None, before: Chunk, records: list[Record], known: dict[Record, int], made: dict[str, pa.Table]
) -> bytes:
    """A chunk of which some records stand in the one ``before`` at ``path`` (``known``: where), and the others are ``made``."""
    assert path is not None  # ``before`` stands there
    found = [known.get(record, OWN) for record in records]
    base = base_of(path) or path
    places = found if before.base is None else [OWN if number == OWN else before.places[number] for number in found]
    below = before.base or before
    is_layered = places.count(OWN) <= len(records) * MOST_OWN and len(below.records) <= len(records) * (1 + MOST_OWN)
    numbers: list[int | None] = [None] * len(before.records)
    for number, place in enumerate(found):
        if place != OWN:
            numbers[place] = number
    for name in before.names() if before.base is not None or not is_layered else ():
        kept = before.own(name) if is_layered else before.table(name)
        rows = renumbered(kept, numbers) if kept is not None else None
        if rows is not None and rows.num_rows:
            made[name] = ordered(name, pa.concat_tables([made[name], rows]) if name in made else rows)
    return chunk_content(records, made, base.name, places) if is_layered else chunk_content(records, made)


@lru_cache(maxsize=1)  # the registers of one build at a time
def _territory(registers: Path) -> Territory:
    return Territory.load(registers)


def _kept(path: Path | None) -> Chunk | None:
    if path is None:
        return None
    try:
        return chunk_at(path)
    except (OSError, ValueError):
        return None  # it is made anew


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
