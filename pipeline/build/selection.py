"""Which archived page counts for which record: the latest good capture of each part.

A record's own page counts before a page that lists it with others (a blog's archive page shows no comments).

The choice is made on disk (SQLite in a work folder), so memory does not grow with the archive: a first pass notes where
each record part stands in extracted/, the second fetches only the chosen lines.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self

from pipeline.build.addressbook import AddressBook, Found
from pipeline.build.departures import Departure, Departures
from pipeline.build.duplicates import Merge, Part, merges
from pipeline.errors import BuildError
from pipeline.extract.run import extracted_pages, extracted_revisits
from pipeline.records import (
    Article,
    Deck,
    ExtractedPage,
    Finding,
    PageIssue,
    PracticeTab,
    Record,
    from_json_line,
)
from pipeline.terminal.progress import tracked

_SCHEMA = """
CREATE TABLE part (
  kind TEXT NOT NULL, record_id TEXT NOT NULL, part TEXT NOT NULL, captured_at TEXT NOT NULL, capture_id TEXT NOT NULL,
  file INTEGER NOT NULL, offset INTEGER NOT NULL, slug TEXT, is_own_page INTEGER NOT NULL
);
CREATE TABLE chosen (file INTEGER NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (file, offset)) WITHOUT ROWID;
"""


class Chosen(NamedTuple):
    """A part of a record and the page it stands on. ``departure``: when that page was seen gone, None while it stands."""

    part: str
    page: ExtractedPage
    record: Record
    departure: Departure | None = None


class Selection:
    """The parts of all records, noted from extracted files. Use as a context manager: the work file goes at the end."""

    def __init__(self, work_file: Path, extracted_files: Iterable[Path]) -> None:
        """Reads every extracted file once. Raises ExtractError for a broken file, BuildError when the disk is full."""
        work_file.unlink(missing_ok=True)
        self._work_file = work_file
        self._db = sqlite3.connect(work_file, isolation_level=None)
        self._paths: list[Path] = []
        try:
            self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
            self._addresses = AddressBook(self._db, self._page)
            self._departures = Departures(self._db, self._addresses)
            self._db.execute("BEGIN")
            for path in tracked(extracted_files, "build: files read"):
                self._note(path)
            self._db.execute("COMMIT")
            self._db.execute("CREATE INDEX by_record ON part (kind, record_id, part)")
            self._db.execute("CREATE INDEX by_slug ON part (slug)")
            self._addresses.index()
            self._departures.index()
            self._merges = {kind: list(self._found_merges(kind)) for kind in ("practice", "deck", "article")}
        except sqlite3.OperationalError as error:
            raise BuildError(f"{work_file}: {error}; free some space and build again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._db.close()
        self._work_file.unlink(missing_ok=True)

    def practices(self) -> Iterator[tuple[str, list[Chosen]]]:
        """Practices by id in order, each with the latest capture of each of its parts, newest first.

        A practice known by another site's number or by its content alone belongs to the publisher's number whose title
        makes the same slug, when there is exactly one such; one known by its content, to the one whose text it has.
        """
        owner = self._owners("practice") | {
            merge.record_id: merge.into[0] for merge in self.merges("practice") if merge.is_sure
        }
        members: dict[str, list[str]] = {}
        for record_id in sorted(owner):
            members.setdefault(owner[record_id], []).append(record_id)
        for practice_id in sorted(members):
            parts = [chosen for record_id in members[practice_id] for chosen in self._latest("practice", record_id)]
            yield practice_id, _newest_first(parts)

    def decks(self) -> Iterator[tuple[str, Chosen]]:
        """Decks by id in order."""
        return self._single("deck")

    def articles(self) -> Iterator[tuple[str, Chosen]]:
        """Articles by id in order."""
        return self._single("article")

    def merges(self, kind: str) -> list[Merge]:
        """Records of the kind that are another one archived twice: not among those handed out, their captures stay."""
        return self._merges[kind]

    def file_at(self, url: str | None) -> Found:
        """The archived file at an address that a page links to, or the reason why there is none."""
        return self._addresses.file_at(url)

    def pages(self) -> Iterator[tuple[ExtractedPage, bool]]:
        """Every extracted page, and whether a record was taken from it. Ask after the records have been read."""
        for number, path in enumerate(self._paths):
            for offset, page in extracted_pages(path):
                found = self._db.execute("SELECT 1 FROM chosen WHERE file=? AND offset=?", (number, offset)).fetchone()
                yield page, found is not None

    def _single(self, kind: str) -> Iterator[tuple[str, Chosen]]:
        merged = {merge.record_id for merge in self.merges(kind) if merge.is_sure}
        for record_id in sorted(self._owners(kind).keys() - merged):
            for chosen in self._latest(kind, record_id):
                yield record_id, chosen

    def _owners(self, kind: str) -> dict[str, str]:
        """Every record id of a kind, and the one it belongs to by its slug: itself most times."""
        ids = {row[0]: row[0] for row in self._db.execute("SELECT DISTINCT record_id FROM part WHERE kind=?", (kind,))}
        return ids | dict(self._joined_ids()) if kind == "practice" else ids

    def _found_merges(self, kind: str) -> Iterator[Merge]:
        def parts_of(record_id: str) -> Iterator[Part]:
            for part, number, offset in self._places(kind, record_id):
                page = self._page(number, offset)
                yield Part(part, _record_on(page, kind, record_id, part), page, number, offset)

        def load(record_id: str, part: str, number: int, offset: int) -> Record:
            return _record_on(self._page(number, offset), kind, record_id, part)

        return merges(self._db, kind, self._owners(kind), parts_of, load)

    def _note(self, path: Path) -> None:
        number = len(self._paths)
        self._paths.append(path)
        self._departures.note_revisits(extracted_revisits(path))
        rows = []
        for offset, page in extracted_pages(path):
            self._addresses.note(page, number, offset)
            self._departures.note(page)
            time = page.capture.captured_at.isoformat() if page.capture.captured_at is not None else ""
            for kind, record_id, part, slug in dict.fromkeys(filter(None, map(_identity, page.findings))):
                rows.append(
                    (kind, record_id, part, time, page.capture.capture_id, number, offset, slug, page.verdict == "detail")
                )
        self._db.executemany("INSERT INTO part VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def _joined_ids(self) -> Iterator[tuple[str, str]]:
        """(id, id it belongs to) for practices that share a slug with exactly one practice of a preferred kind of id."""
        query = "SELECT DISTINCT slug, record_id FROM part WHERE kind='practice' AND slug<>'' ORDER BY slug, record_id"
        by_slug: dict[str, list[str]] = {}
        for slug, record_id in self._db.execute(query):
            by_slug.setdefault(slug, []).append(record_id)
        for ids in by_slug.values():
            kinds = sorted({_kind_of_id(record_id) for record_id in ids}, key=_preference)
            best = [record_id for record_id in ids if _kind_of_id(record_id) == kinds[0]]
            if len(kinds) > 1 and len(best) == 1:
                yield from ((record_id, best[0]) for record_id in ids if record_id != best[0])

    def _latest(self, kind: str, record_id: str) -> Iterator[Chosen]:
        for part, number, offset in self._places(kind, record_id):
            page = self._page(number, offset)
            self._db.execute("INSERT OR IGNORE INTO chosen VALUES (?,?)", (number, offset))
            departure = self._departures.of(page, partial(self._last_seen, kind, record_id, part))
            yield Chosen(part, page, _record_on(page, kind, record_id, part), departure)

    def _last_seen(self, kind: str, record_id: str, part: str) -> str:
        query = "SELECT max(captured_at) FROM part WHERE kind=? AND record_id=? AND part=?"
        return str(self._db.execute(query, (kind, record_id, part)).fetchone()[0])

    def _places(self, kind: str, record_id: str) -> list[tuple[str, int, int]]:
        """Part, file and offset of the capture that counts for each part of a record."""
        query = (
            "SELECT part, file, offset FROM part WHERE kind=? AND record_id=? "
            "ORDER BY part, is_own_page DESC, captured_at DESC, capture_id DESC"
        )
        found: dict[str, tuple[str, int, int]] = {}
        for place in self._db.execute(query, (kind, record_id)):
            found.setdefault(place[0], place)
        return list(found.values())

    def _page(self, number: int, offset: int) -> ExtractedPage:
        with self._paths[number].open("rb") as file:
            file.seek(offset)
            item = from_json_line(file.readline())
        if not isinstance(item, ExtractedPage):
            raise BuildError(f"{self._paths[number]}: changed while it was read; build again")
        return item


def _identity(finding: Finding) -> tuple[str, str, str, str] | None:
    """Kind, record id, part and slug of a finding that is a record of its own; None for what goes along with one."""
    match finding:
        case PracticeTab():
            return "practice", finding.record_id, finding.tab, finding.slug or ""
        case Deck():
            return "deck", finding.record_id, "", ""
        case Article():
            return "article", finding.record_id, "", ""
        case _:
            return None


def _record_on(page: ExtractedPage, kind: str, record_id: str, part: str) -> Record:
    found = next(f for f in page.findings if (_identity(f) or ("", "", "", ""))[:3] == (kind, record_id, part))
    if isinstance(found, PageIssue):
        raise BuildError("an issue was taken for a record")
    return found


def _kind_of_id(record_id: str) -> str:
    return record_id.partition(":")[0]


def _preference(kind: str) -> tuple[bool, int, str]:
    """A publisher's number before a content id; between two sites of one publisher the older, whose prefix is shorter."""
    return kind == "sha256", len(kind), kind


def _newest_first(parts: list[Chosen]) -> list[Chosen]:
    def time(chosen: Chosen) -> tuple[str, str]:
        capture = chosen.page.capture
        return capture.captured_at.isoformat() if capture.captured_at else "", capture.capture_id

    return sorted(parts, key=time, reverse=True)
