"""The crawler's database without what names a person: ``raw/frontier.sqlite``, its free pages and its write-ahead log too."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.archive.files import shown
from pipeline.archive.index import index_entries
from pipeline.crawl.ledger.frontier import FRONTIER_NAME, Frontier
from pipeline.errors import ArchiveError
from pipeline.faults import reached
from pipeline.forgetting.keeping import without_lines
from pipeline.forgetting.readings import readings
from pipeline.forgetting.scan import ArchiveScan
from pipeline.privacy.terms import Matcher

STATE: Final = "forgotten"
CAPTURE_FORGOTTEN: Final = "its capture was forgotten; asked for anew when it is due"
_NO_CAPTURE: Final = (
    "etag = NULL, last_modified = NULL, digest = NULL, capture_url = NULL, capture_date = NULL, capture_record = NULL"
)
_ADDRESS_ITSELF: Final = frozenset(("key", "url", "host"))
_NOT_NULL: Final = frozenset(("source", "kind", "origin", "found_run", "state", "run"))
_BATCH: Final = 2_000


class _Hit(NamedTuple):
    """A row that names a person: the values of its key, and the columns in which it does."""

    key: tuple[Any, ...]
    columns: list[str]


def frontier_hits(raw_dir: Path, matcher: Matcher) -> int:
    """How many rows of the crawler's database name a person. Raises ArchiveError."""
    path = raw_dir / FRONTIER_NAME
    if not path.is_file():
        return 0
    with _errors(path), contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        return sum(1 for table in _tables(database) for _ in _hits(database, table, matcher))


def clean_frontier(raw_dir: Path, matcher: Matcher, scan: ArchiveScan) -> int:
    """Takes out what names a person and what was forgotten of the archive; how many rows named one.

    An address that names a person goes; one whose capture was forgotten stays and is asked for again when it is due. Places
    in files that were written anew are put right. Hold the lock of raw/. Raises ArchiveError.
    """
    path = raw_dir / FRONTIER_NAME
    if not path.is_file():
        return 0
    with Frontier(raw_dir):
        pass  # a damaged one is set aside and made anew before it is searched
    with _errors(path), contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=30.0)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("BEGIN IMMEDIATE")
        hits = {table: list(_hits(database, table, matcher)) for table in _tables(database)}
        for table, found in hits.items():
            _clean_table(database, table, found, matcher)
        _forget_captures(database, scan)
        for warc_file in sorted(scan.tombstoned):
            _put_places_right(database, raw_dir, warc_file)
        reached("forget.frontier")
        database.execute("COMMIT")
        reached("forget.vacuum")
        database.execute("VACUUM")
        reached("forget.checkpoint")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for left_over in raw_dir.glob(f"{FRONTIER_NAME}.damaged*"):
        left_over.unlink()  # a broken database cannot be searched, and the crawler has made another
    return sum(map(len, hits.values()))


def _tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def _columns(database: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """Columns of the key, and all columns."""
    rows = list(database.execute(f'PRAGMA table_info("{table}")'))
    key = [name for _, name, _, _, _, place in sorted(rows, key=lambda row: row[5]) if place]
    return key, [row[1] for row in rows]


def _hits(database: sqlite3.Connection, table: str, matcher: Matcher) -> Iterator[_Hit]:
    key, columns = _columns(database, table)
    for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names of our own tables
        values = dict(zip(columns, row, strict=True))
        texts = {name: text for name, value in values.items() if (text := _text(value)) is not None}
        # All cells at once first: few rows name anybody.
        if texts and _names(matcher, "\n".join(texts.values())):
            found = [name for name, text in texts.items() if _names(matcher, text)]
            if found:
                yield _Hit(tuple(values[name] for name in key), found)


def _names(matcher: Matcher, text: str) -> bool:
    return matcher.holds_any(readings(text))


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else None


def _clean_table(database: sqlite3.Connection, table: str, hits: Sequence[_Hit], matcher: Matcher) -> None:
    key, _ = _columns(database, table)
    where = " AND ".join(f'"{name}" = ?' for name in key)
    for hit in hits:
        if table == "addresses" and not _ADDRESS_ITSELF.intersection(hit.columns):
            emptied = [f'"{name}" = NULL' for name in hit.columns if name not in _NOT_NULL]
            if {"capture_url", "capture_record", "digest"}.intersection(hit.columns):
                emptied = [*(part for part in emptied if "capture" not in part and "digest" not in part), _NO_CAPTURE]
            if emptied:
                database.execute(f"UPDATE addresses SET {', '.join(emptied)} WHERE {where}", hit.key)  # noqa: S608 - names of columns of a table of ours
        elif table == "events":
            database.execute(f"UPDATE events SET evidence = '{{}}' WHERE {where}", hit.key)  # noqa: S608 - the same
        elif table == "runs":
            database.execute(f"UPDATE runs SET sources = '[]' WHERE {where}", hit.key)  # noqa: S608 - the same
        elif table == "robots" and "origin" not in hit.columns:
            _clean_robots(database, hit.key[0], matcher)
        else:
            database.execute(f'DELETE FROM "{table}" WHERE {where}', hit.key)  # noqa: S608 - the same
            if table == "addresses":
                database.execute("DELETE FROM events WHERE address = ?", hit.key)
                database.execute("UPDATE records SET address = NULL WHERE address = ?", hit.key)


def _clean_robots(database: sqlite3.Connection, origin: str, matcher: Matcher) -> None:
    """Rules stay, lines that name a person go."""
    body, row = database.execute("SELECT body, row FROM robots WHERE origin = ?", (origin,)).fetchone()
    if _names(matcher, row):
        database.execute("DELETE FROM robots WHERE origin = ?", (origin,))  # it is fetched anew before the next request
        return
    database.execute("UPDATE robots SET body = ? WHERE origin = ?", (without_lines(body, matcher), origin))


def _forget_captures(database: sqlite3.Connection, scan: ArchiveScan) -> None:
    ids = sorted(scan.ids)
    for start in range(0, len(ids), _BATCH):
        batch = json.dumps(ids[start : start + _BATCH])
        among = "(SELECT value FROM json_each(?))"
        database.execute(
            f"UPDATE addresses SET {_NO_CAPTURE}, status = NULL, location = NULL, state = ?, reason = ?"  # noqa: S608 - the same
            f" WHERE capture_record IN {among}",
            (STATE, CAPTURE_FORGOTTEN, batch),
        )
        for table in ("records", "payloads"):
            database.execute(f"DELETE FROM {table} WHERE record IN {among}", (batch,))  # noqa: S608 - the same


def _put_places_right(database: sqlite3.Connection, raw_dir: Path, warc_file: str) -> None:
    """Size of a file that was written anew, and where its records lie, as far as events tell."""
    path = raw_dir / warc_file
    if not path.is_file():
        return
    database.execute("UPDATE files SET size = ? WHERE warc_file = ?", (path.stat().st_size, warc_file))
    offsets = {entry.record_id: int(entry.offset) for entry in index_entries(path)}
    quoted: Sequence[Any] = (f"%{json.dumps(warc_file)}%",)
    for number, text in list(database.execute("SELECT id, evidence FROM events WHERE evidence LIKE ?", quoted)):
        evidence = json.loads(text)
        if evidence.get("warc_file") != warc_file:
            continue
        offset = offsets.get(evidence.get("record", ""))
        if offset is None:
            evidence = {name: value for name, value in evidence.items() if name not in ("warc_file", "offset", "record")}
            evidence["note"] = "its record was forgotten"
        elif offset == evidence.get("offset"):
            continue
        else:
            evidence["offset"] = offset
        database.execute("UPDATE events SET evidence = ? WHERE id = ?", (json.dumps(evidence), number))


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ArchiveError(f"{shown(path)}: {error}; free some space or mend the rights, then run again") from error
