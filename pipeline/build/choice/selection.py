"""Which archived page counts for which record: the latest good capture of each part.

A record's own page counts before a page that lists it with others (a blog's archive page shows no comments).

The choice is made on disk (SQLite in a work folder), so memory does not grow with the archive. It yields plans: where the
pages of each record stand, for workers that make its rows from them.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Self

import msgspec

from pipeline.build.choice.addressbook import AddressBook, Answer
from pipeline.build.choice.chosen import Chosen, Place, chosen_at, newest_first, page_at, record_on
from pipeline.build.choice.departures import EVER_GONE, Departures
from pipeline.build.choice.duplicates import Merge, Part, merges, preference
from pipeline.build.choice.notes import PageNote, PieceNotes
from pipeline.build.choice.suspects import Signing, Stretch, Suspects
from pipeline.build.choice.waterfall import SameId
from pipeline.errors import BuildError
from pipeline.records import ExtractedPage, Record

KINDS = ("article", "deck", "practice")

_SCHEMA = """
CREATE TABLE part (
  kind TEXT NOT NULL, record_id TEXT NOT NULL, part TEXT NOT NULL, captured_at TEXT NOT NULL, capture_id TEXT NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL, slug TEXT NOT NULL, is_own_page INTEGER NOT NULL, key TEXT NOT NULL,
  digest BLOB NOT NULL, links TEXT, title INTEGER NOT NULL
);
CREATE TABLE title (
  source TEXT NOT NULL, record_id TEXT NOT NULL, address TEXT NOT NULL, at TEXT NOT NULL, title TEXT NOT NULL
);
"""
_CHOICE = """
CREATE TABLE latest AS SELECT record_id AS owner, * FROM (
  SELECT *, row_number() OVER (
    PARTITION BY kind, record_id, part ORDER BY is_own_page DESC, captured_at DESC, capture_id DESC, file, offset
  ) AS place FROM part
) WHERE place = 1;
CREATE INDEX latest_by_record ON latest (kind, record_id, part);
CREATE INDEX latest_by_page ON latest (file, offset);
CREATE INDEX latest_by_slug ON latest (slug) WHERE slug <> '';
"""
_CACHE_KIB = 65536
_OF_PLANS = f"SELECT owner, record_id, part, file, offset, key, captured_at, digest, links, {EVER_GONE} FROM latest"  # noqa: S608 - of constants


class RecordPlan(msgspec.Struct, array_like=True, frozen=True):
    """What the rows of a record are made from. ``digest`` covers all of it: equal digests, equal rows."""

    record_id: str
    places: list[Place]
    answers: list[Answer]
    digest: bytes


class Selection:
    """The parts of all records. Use as a context manager: the work files go at the end."""

    def __init__(
        self, work_file: Path, paths: Sequence[Path], notes: Iterable[tuple[int, PieceNotes]], signing: Signing
    ) -> None:
        """``notes``: what was noted of the pieces of the extracted files ``paths``, with the number of the file.

        Raises BuildError when the disk is full.
        """
        work_file.unlink(missing_ok=True)
        self._work_file = work_file
        self._paths = paths
        self._db = sqlite3.connect(work_file, isolation_level=None)
        self._suspects = Suspects(self._db, work_file.with_suffix(".bands"))
        try:
            self._db.executescript(
                f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-{_CACHE_KIB}; PRAGMA temp_store=FILE;"
                f"PRAGMA locking_mode=EXCLUSIVE; {_SCHEMA}"
            )
            self._addresses = AddressBook(self._db)
            self._departures = Departures(self._db, self._addresses)
            self._db.execute("BEGIN")
            stretches = [self._note(number, noted) for number, noted in notes]
            self._db.execute("COMMIT")
            self._db.executescript(_CHOICE)
            self._addresses.index()
            self._departures.index()
            self._join()
            self._suspects.ask(KINDS, stretches, signing)
            self._merges = {kind: list(self._found_merges(kind)) for kind in KINDS}
            self._apply_merges()
        except (sqlite3.OperationalError, OSError) as error:
            raise BuildError(f"{work_file}: {error}; free some space and build again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._db.close()
        self._suspects.close()
        self._work_file.unlink(missing_ok=True)

    def count(self, kind: str) -> int:
        """Number of records of a kind."""
        query = "SELECT count(DISTINCT owner) FROM latest WHERE kind=?"
        return int(self._db.execute(query, (kind,)).fetchone()[0])

    def plans(self, kind: str) -> Iterator[RecordPlan]:
        """The records of a kind by id in order, each with the latest capture of each of its parts.

        A practice known by another site's number or by its content alone belongs to the publisher's number whose title
        makes the same slug, when there is exactly one such; one known by its content, to the one whose text it has.
        """
        query = f"{_OF_PLANS} WHERE kind=? ORDER BY owner, record_id, part"
        for owner, rows in itertools.groupby(self._db.execute(query, (kind,)), key=lambda row: row[0]):
            yield self._plan(kind, str(owner), list(rows))

    def record(self, kind: str, record_id: str) -> list[Chosen]:
        """One of the records: its parts with the pages they stand on, the newest first; none for an unknown id."""
        self._db.execute("CREATE INDEX IF NOT EXISTS latest_by_owner ON latest (kind, owner)")
        rows = self._db.execute(f"{_OF_PLANS} WHERE kind=? AND owner=? ORDER BY record_id, part", (kind, record_id)).fetchall()
        places = self._plan(kind, record_id, rows).places
        return newest_first([chosen_at(self._page(place.file, place.offset), kind, place) for place in places])

    def merges(self, kind: str) -> list[Merge]:
        """Records of the kind that are another one archived twice: not among those handed out, their captures stay."""
        return self._merges[kind]

    def chosen_offsets(self, number: int, start: int, end: int) -> set[int]:
        """Where the lines stand of a stretch of an extracted file from which a record is taken."""
        query = "SELECT offset FROM latest WHERE file=? AND offset>=? AND offset<?"
        return {offset for (offset,) in self._db.execute(query, (number, start, end))}

    def same_ids(self) -> Iterator[SameId]:
        """Ids under which pages of different titles stand: the newest capture of each address is asked."""
        several = (
            "SELECT source, record_id FROM title GROUP BY source, record_id HAVING count(DISTINCT title)>1 "
            "ORDER BY source, record_id"
        )
        for source, record_id in self._db.execute(several).fetchall():
            query = "SELECT address, max(at || char(0) || title) FROM title WHERE source=? AND record_id=? GROUP BY address"
            by_address = {address: told.partition("\0")[2] for address, told in self._db.execute(query, (source, record_id))}
            if len(titles := set(by_address.values())) > 1:
                yield SameId(source, record_id, len(titles), sorted(by_address)[:2])

    def _note(self, number: int, notes: PieceNotes) -> Stretch:
        """Takes the notes of a piece; where its pages stand."""
        self._addresses.note(notes.pages, number)
        self._departures.note(notes.pages)
        self._departures.note_revisits(notes.revisits)
        self._db.executemany("INSERT INTO part VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", self._part_rows(number, notes.pages))
        titles = ((p.source, record_id, p.address, p.time, title) for p in notes.pages for record_id, title in p.titles)
        self._db.executemany("INSERT INTO title VALUES (?,?,?,?,?)", titles)
        offsets = [page.offset for page in notes.pages]
        return Stretch(number, min(offsets, default=0), max(offsets, default=-1))

    def _part_rows(self, number: int, pages: Iterable[PageNote]) -> Iterator[tuple[object, ...]]:
        for page in pages:
            for part in page.parts:
                yield (
                    part.kind,
                    part.record_id,
                    part.part,
                    page.time,
                    page.capture_id,
                    number,
                    page.offset,
                    part.slug,
                    page.verdict == "detail",
                    page.key,
                    page.digest,
                    json.dumps(part.links) if part.links else None,
                    part.title,
                )

    def _plan(self, kind: str, owner: str, rows: list[tuple[object, ...]]) -> RecordPlan:
        places, answers = [], []
        told = hashlib.blake2b(owner.encode(), digest_size=16)
        for _, record_id, part, number, offset, key, since, digest, links, was_gone in rows:
            last_seen = partial(self._last_seen, kind, str(record_id), str(part))
            departure = self._departures.of(str(key), str(since), last_seen) if was_gone else None
            gone = (departure.on.isoformat(), departure.capture_id) if departure is not None else (None, None)
            places.append(Place(str(record_id), str(part), int(str(number)), int(str(offset)), *gone))
            told.update(repr((record_id, part, digest, gone)).encode())
            answers += [self._addresses.answer(url) for url in dict.fromkeys(json.loads(str(links)))] if links else []
        for answer in answers:
            told.update(repr((answer.url, answer.digest, answer.reason)).encode())
        return RecordPlan(owner, places, answers, told.digest())

    def _join(self) -> None:
        """Gives practices that share a slug with exactly one practice of a preferred kind of id to that one."""
        query = "SELECT DISTINCT slug, record_id FROM latest WHERE slug<>'' ORDER BY slug, record_id"
        joined = []
        for _, rows in itertools.groupby(self._db.execute(query), key=lambda row: row[0]):
            ids = [str(record_id) for _, record_id in rows]
            kinds = sorted({_kind_of_id(record_id) for record_id in ids}, key=_preference)
            best = [record_id for record_id in ids if _kind_of_id(record_id) == kinds[0]]
            if len(kinds) > 1 and len(best) == 1:
                joined += [(best[0], record_id) for record_id in ids if record_id != best[0]]
        self._db.executemany("UPDATE latest SET owner=? WHERE kind='practice' AND record_id=?", joined)

    def _found_merges(self, kind: str) -> Iterator[Merge]:
        def parts_of(record_id: str) -> Iterator[Part]:
            for part, number, offset in self._places(kind, record_id):
                page = self._page(number, offset)
                yield Part(part, record_on(page, kind, record_id, part), page, number, offset)

        def load(record_id: str, part: str, number: int, offset: int) -> Record:
            return record_on(self._page(number, offset), kind, record_id, part)

        owners: dict[str, str] = {}
        for row in self._suspects.among(kind):
            record_id, owner = self._db.execute("SELECT record_id, owner FROM latest WHERE rowid=?", (row,)).fetchone()
            owners[record_id] = owner
        return merges(self._db, kind, {name: owners[name] for name in sorted(owners, key=preference)}, parts_of, load)

    def _apply_merges(self) -> None:
        for kind, found in self._merges.items():
            sure = [(merge.into[0], merge.record_id) for merge in found if merge.is_sure]
            if kind == "practice":
                # Whatever belongs to the merged one by its slug stays with it, as before.
                self._db.executemany("UPDATE latest SET owner=? WHERE kind='practice' AND record_id=?", sure)
            else:
                names = [(kind, record_id) for _, record_id in sure]
                self._db.executemany("DELETE FROM latest WHERE kind=? AND record_id=?", names)

    def _last_seen(self, kind: str, record_id: str, part: str) -> str:
        query = "SELECT max(captured_at) FROM part WHERE kind=? AND record_id=? AND part=?"
        return str(self._db.execute(query, (kind, record_id, part)).fetchone()[0])

    def _places(self, kind: str, record_id: str) -> list[tuple[str, int, int]]:
        """Part, file and offset of the capture that counts for each part of a record."""
        query = "SELECT part, file, offset FROM latest WHERE kind=? AND record_id=? ORDER BY part"
        return self._db.execute(query, (kind, record_id)).fetchall()

    def _page(self, number: int, offset: int) -> ExtractedPage:
        return page_at(self._paths[number], offset)


def _kind_of_id(record_id: str) -> str:
    return record_id.partition(":")[0]


def _preference(kind: str) -> tuple[bool, int, str]:
    """A publisher's number before a content id; between two sites of one publisher the older, whose prefix is shorter."""
    return kind == "sha256", len(kind), kind
