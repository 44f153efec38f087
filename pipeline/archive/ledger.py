"""Which captures raw/ holds, for asking one by one: ``raw/ledger.sqlite``, a cache of the CDXJ indexes.

It is brought in line with the indexes whenever it is opened, and made anew when it is damaged: it can be deleted at any
time. It is used under the lock of raw/.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pipeline.archive.files import shown
from pipeline.archive.identities import identity
from pipeline.archive.index import index_entries, index_path, warc_paths
from pipeline.errors import ArchiveError

LEDGER_NAME: Final = "ledger.sqlite"
_VERSION = 1
_TABLES = f"""
    PRAGMA user_version = {_VERSION};
    CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, size INTEGER, mtime_ns INTEGER);
    CREATE TABLE captures (identity BLOB NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (identity, file)) WITHOUT ROWID;
    CREATE INDEX captures_by_file ON captures (file);
"""
_OPEN_FILE = 0  # captures written to a file that is not whole yet; never committed


class Ledger:
    """Knows every capture of raw/ by its identity. Raises ArchiveError when it can be neither read nor made anew."""

    def __init__(self, raw_dir: Path) -> None:
        """Opens the ledger and brings it in line with the indexes."""
        self._raw_dir = raw_dir
        self._path = raw_dir / LEDGER_NAME
        try:
            self._database = self._opened()
            self._synced()
        except sqlite3.DatabaseError:
            self._removed()
            try:
                self._database = self._opened()
                self._synced()
            except sqlite3.Error as error:
                raise self._failure(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._database.close()

    def __contains__(self, key: bytes) -> bool:
        try:
            return self._database.execute("SELECT 1 FROM captures WHERE identity = ?", (key,)).fetchone() is not None
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def add(self, key: bytes) -> None:
        """Notes a capture that was written to the file now open."""
        try:
            self._database.execute("INSERT OR IGNORE INTO captures VALUES (?, ?)", (key, _OPEN_FILE))
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def file_finished(self, warc_path: Path) -> None:
        """Notes that the captures added since the last call lie in a file that is whole and indexed now."""
        try:
            number = self._new_file(warc_path)
            self._database.execute("UPDATE OR REPLACE captures SET file = ? WHERE file = ?", (number, _OPEN_FILE))
            self._database.commit()
        except (sqlite3.Error, OSError) as error:
            raise self._failure(error) from error

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        try:
            if database.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                if database.execute("SELECT 1 FROM sqlite_master").fetchone():
                    raise sqlite3.DatabaseError("a ledger of another version")
                database.executescript(_TABLES)
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _removed(self) -> None:
        with contextlib.suppress(AttributeError):
            self._database.close()
        try:
            for suffix in ("", "-journal", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            raise self._failure(error) from error

    def _synced(self) -> None:
        known = {path: (number, size, mtime) for number, path, size, mtime in self._database.execute("SELECT * FROM files")}
        for warc_path in warc_paths(self._raw_dir):
            name = warc_path.relative_to(self._raw_dir).as_posix()
            number, *stamp = known.pop(name, (None, None, None))
            if number is not None and tuple(stamp) == _stamp(warc_path):
                continue
            self._forget(number)
            entries = index_entries(warc_path)
            number = self._new_file(warc_path)
            rows = ((identity(e.record_type, e.url, e.captured_at, e.digest), number) for e in entries)
            self._database.executemany("INSERT OR IGNORE INTO captures VALUES (?, ?)", rows)
            self._database.commit()
        for number, *_ in known.values():
            self._forget(number)
        self._database.commit()

    def _forget(self, number: int | None) -> None:
        self._database.execute("DELETE FROM captures WHERE file = ?", (number,))
        self._database.execute("DELETE FROM files WHERE id = ?", (number,))

    def _new_file(self, warc_path: Path) -> int:
        row = (warc_path.relative_to(self._raw_dir).as_posix(), *_stamp(warc_path))
        return self._database.execute("INSERT INTO files (path, size, mtime_ns) VALUES (?, ?, ?)", row).lastrowid or 0

    def _failure(self, error: Exception) -> ArchiveError:
        return ArchiveError(
            f"{shown(self._path)}: {error}; delete this file (it is made anew) or free some space, then run again"
        )


def _stamp(warc_path: Path) -> tuple[int | None, int | None]:
    """Size and time of change of the index; nothing when it could not be written (read-only archive)."""
    try:
        stat = index_path(warc_path).stat()
    except OSError:
        return None, None
    return stat.st_size, stat.st_mtime_ns
