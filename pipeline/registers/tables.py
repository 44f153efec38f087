"""The compact registers: one row for each code, name and kind a unit has borne, and the editions they were read from.

`terc.csv` and `katotth.csv` hold the rows, `editions.csv` the reference dates. A row's ``valid_from`` is the date of the
first edition that has it (empty: it stands in the oldest known), ``valid_to`` that of the first edition without it
(empty: it stands in the newest). The files are UTF-8 with line feeds, sorted by code and date.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.errors import UsageError

Register = Literal["TERC", "KATOTTH"]
Scope = Literal["all", "gminas"]

DATA_DIR = Path(__file__).parent / "data"
FILES: dict[Register, str] = {"TERC": "terc.csv", "KATOTTH": "katotth.csv"}
EDITIONS_FILE = "editions.csv"
LOCALITIES_FILE = "localities.csv.gz"
COLUMNS = ("code", "name", "kind", "valid_from", "valid_to", "seat", "seat_kind", "lat", "lon", "point")


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One unit under one code, name and kind, with the editions between which it stood so.

    ``seat`` and ``seat_kind`` (city, settlement, village) are known for hromadas only. ``point`` says what the
    coordinates are: ``seat`` (the seat's or the place's own) or ``centre`` (inside the boundary, not a seat).
    """

    code: str
    name: str
    kind: str
    valid_from: str = ""
    valid_to: str = ""
    seat: str = ""
    seat_kind: str = ""
    lat: str = ""
    lon: str = ""
    point: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two rows of different editions the same: code, name and kind."""
        return self.code, self.name, self.kind


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One official file as read: its register, reference date, what it covers, and its units."""

    register: Register
    on: str
    scope: Scope
    units: tuple[UnitRow, ...]


def register_rows(register: Register, folder: Path = DATA_DIR) -> list[UnitRow]:
    """The rows of one register. Raises `UsageError` when the file is missing or has other columns."""
    path = folder / FILES[register]
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            if tuple(next(reader, ())) != COLUMNS:
                raise UsageError(f"{path}: not a register table of this version; run `praktyki registers update` again")
            return [UnitRow(**dict(zip(COLUMNS, cells, strict=True))) for cells in reader]
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path}: cannot be read as a register table ({error}); run `praktyki registers update` again"
        ) from error


def edition_dates(register: Register, folder: Path = DATA_DIR) -> list[tuple[dt.date, Scope]]:
    """Reference dates of the editions in the table, oldest first, with what each covers."""
    path = folder / EDITIONS_FILE
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return sorted(
                (dt.date.fromisoformat(cells["on"]), "gminas" if cells["scope"] == "gminas" else "all")
                for cells in csv.DictReader(lines)
                if cells["register"] == register
            )
    except (OSError, KeyError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); run `praktyki registers update` again") from error


def newest_editions(extra_dir: Path | None = None) -> dict[Register, dt.date]:
    """Reference date of the newest edition of each register; the editions file in ``extra_dir`` counts where there is one.

    Raises `UsageError` when it cannot be read.
    """
    return {register: edition_dates(register, folder_of(EDITIONS_FILE, extra_dir))[-1][0] for register in FILES}


def folder_of(name: str, extra_dir: Path | None) -> Path:
    """Where the table ``name`` is read: in ``extra_dir`` if it stands there, else in the package."""
    return extra_dir if extra_dir is not None and (extra_dir / name).is_file() else DATA_DIR


def is_covered(row: UnitRow, edition: Edition) -> bool:
    """Whether ``edition`` would list this row's kind of unit at all: a list of gminas says nothing on powiats."""
    return edition.scope == "all" or (len(row.code) == 7 and row.code[6] in "123")


def with_edition(rows: Iterable[UnitRow], edition: Edition, *, is_oldest: bool = False) -> list[UnitRow]:
    """``rows`` with one newer edition laid over them: new units open at its date, vanished ones close at it.

    A new row takes seat and point from an open row that differs in kind only (the same six digits), since a unit that
    changes its kind does not move.
    """
    listed = {unit.identity: unit for unit in edition.units}
    merged: list[UnitRow] = []
    points: dict[str, UnitRow] = {}
    for row in rows:
        if not row.valid_to:
            points[point_key(row.code)] = row
            if row.identity in listed:
                del listed[row.identity]
            elif is_covered(row, edition):
                merged.append(msgspec.structs.replace(row, valid_to=edition.on))
                continue
        merged.append(row)
    for unit in listed.values():
        known = points.get(point_key(unit.code))
        opened = msgspec.structs.replace(unit, valid_from="" if is_oldest else edition.on)
        if known is not None and not opened.lat:
            opened = msgspec.structs.replace(opened, lat=known.lat, lon=known.lon, point=known.point)
        merged.append(opened)
    return sorted(merged, key=lambda row: (row.code, row.valid_from, row.valid_to, row.name))


def point_key(code: str) -> str:
    """What stays when a unit changes its kind: the first six digits of a Polish gmina, else the whole code."""
    return code[:6] if len(code) == 7 and code[6] in "123" else code


def table_bytes(rows: Iterable[UnitRow]) -> bytes:
    """A register table as it stands on disk."""
    return _csv_bytes(COLUMNS, [msgspec.structs.astuple(row) for row in rows])


def editions_bytes(editions: Iterable[tuple[str, str, str]]) -> bytes:
    """The editions file, from (register, reference date, scope)."""
    return _csv_bytes(("register", "on", "scope"), sorted(editions))


def _csv_bytes(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
