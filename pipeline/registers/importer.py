"""A newer official register file laid over the tables, into a folder of the user's own."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path

import msgspec

from pipeline.errors import UsageError
from pipeline.registers.layouts import edition_of
from pipeline.registers.tables import (
    DATA_DIR,
    EDITIONS_FILE,
    FILES,
    Register,
    edition_dates,
    editions_bytes,
    register_rows,
    table_bytes,
    with_edition,
)

_MOST_GONE = 0.1
"""Share of the open units that one edition may close. The largest real change known, of 2016 to 2025, closed 4 %."""


class RegisterUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What an update did: the edition laid over, rows opened and closed, and the files written."""

    register: Register
    on: dt.date
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    written: tuple[Path, ...]


def updated(file: Path, target: Path, *, on: dt.date | None = None) -> RegisterUpdate:
    """Lay the official TERC or KATOTTH ``file`` over the tables in ``target``, or over the package's own at first.

    ``on`` is the reference date for a file that states none. The package's tables are never touched: `Territory.load`
    prefers those in ``target``. Raises `UsageError` when the file is neither register, is broken or incomplete, or is not
    newer than the newest edition known; nothing has been written then. Each table is replaced in one step.
    """
    edition = edition_of(file, on=on)
    date = dt.date.fromisoformat(edition.on)
    tables_dir = target if (target / FILES[edition.register]).is_file() else DATA_DIR
    editions_dir = target if (target / EDITIONS_FILE).is_file() else DATA_DIR
    known = edition_dates(edition.register, editions_dir)
    newest = known[-1][0] if known else None
    if newest is not None and date <= newest:
        raise UsageError(f"{file}: its edition of {date} is not newer than {newest}, which is known; give a newer file")
    before = register_rows(edition.register, tables_dir)
    after = with_edition(before, edition)
    closed = tuple(row.code for row in after if row.valid_to == edition.on)
    still_open = sum(not row.valid_to for row in before)
    if len(closed) > still_open * _MOST_GONE:
        raise UsageError(f"{file}: {len(closed)} of {still_open} units would vanish: not the whole register, or another one")
    editions = [
        (register, day.isoformat(), scope) for register in FILES for day, scope in edition_dates(register, editions_dir)
    ]
    editions.append((edition.register, edition.on, edition.scope))
    try:
        target.mkdir(parents=True, exist_ok=True)
        # The editions last: a run cut short between the two files is simply run again.
        written = (
            _replaced(target / FILES[edition.register], table_bytes(after)),
            _replaced(target / EDITIONS_FILE, editions_bytes(editions)),
        )
    except OSError as error:
        raise UsageError(f"{target}: the tables cannot be written there ({error.strerror}); name another folder") from error
    opened = tuple(row.code for row in after if row.valid_from == edition.on)
    return RegisterUpdate(register=edition.register, on=date, opened=opened, closed=closed, written=written)


def _replaced(path: Path, content: bytes) -> Path:
    """Write a file beside ``path``, sync it, and put it in its place in one step."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".open")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
