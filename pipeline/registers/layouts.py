"""Official register files as editions: TERC as GUS publishes it, KATOTTH as the ministry does, and re-laid CSV of both.

TERC: columns WOJ, POW, GMI, RODZ, NAZWA, NAZWA_DOD, STAN_NA parted by semicolons (or the same in lower case parted by
commas); a bare list of gminas (terc, nazwa) needs its date from the caller. KATOTTH: five code columns, category and
name, or code, parent, level, category and name; it states no date, so the caller or the file's name gives it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.registers.official_files import cells
from pipeline.registers.tables import Edition, UnitRow

GMINA_KINDS = {"1": "gmina_miejska", "2": "gmina_wiejska", "3": "gmina_miejsko_wiejska", "8": "dzielnica", "9": "delegatura"}
CITY_WITH_POWIAT_RIGHTS = "miasto_na_prawach_powiatu"
FIRST_CITY_POWIAT = 61
"""Powiat numbers from 61 up belong to cities with powiat rights (TERYT: numbering of powiats within a voivodeship)."""

_KATOTTH_KINDS = {"O": "oblast", "K": "special_city", "P": "raion", "H": "hromada", "M": "city", "B": "city_district"}
_SEAT_KINDS = {"M": "city", "X": "settlement", "C": "village"}
_KATOTTH_CODE = re.compile(r"UA\d{17}")
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")
_FEWEST = {"TERC": 2000, "KATOTTH": 2000}
"""A file with fewer units is a fragment: laying it over the table would close thousands of units that still exist."""


def edition_of(path: Path, *, on: dt.date | None = None) -> Edition:
    """The edition that ``path`` holds. Raises `UsageError` when it is neither register, is broken or has no date."""
    rows = cells(path)
    if not rows:
        raise UsageError(f"{path}: the file is empty; give the official TERC or KATOTTH file")
    header = [cell.strip().casefold() for cell in rows[0]]
    if {"woj", "pow", "gmi", "rodz", "nazwa"} <= set(header):
        edition = _terc(header, rows[1:], path, on)
    elif {"terc", "nazwa"} <= set(header):
        edition = _gminas(header, rows[1:], path, on)
    elif any(_KATOTTH_CODE.fullmatch(cell.strip()) for row in rows[:20] for cell in row):
        edition = _katotth(rows, path, on)
    else:
        raise UsageError(
            f"{path}: neither the columns of TERC (WOJ, POW, GMI, RODZ, NAZWA) nor codes of KATOTTH (UA…) were found"
        )
    fewest = _FEWEST[edition.register]
    if len(edition.units) < fewest:
        raise UsageError(
            f"{path}: only {len(edition.units)} units, a whole {edition.register} has over {fewest}: give the whole file"
        )
    return edition


def _terc(header: list[str], rows: list[list[str]], path: Path, on: dt.date | None) -> Edition:
    at = {name: header.index(name) for name in ("woj", "pow", "gmi", "rodz", "nazwa")}
    stated = header.index("stan_na") if "stan_na" in header else None
    units: list[UnitRow] = []
    dates: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if len(row) < len(header):
            raise UsageError(f"{path}: line {number} has {len(row)} cells instead of {len(header)}: the file is cut or broken")
        voivodeship, powiat, gmina, kind, name = (row[at[key]].strip() for key in ("woj", "pow", "gmi", "rodz", "nazwa"))
        if stated is not None:
            dates.add(row[stated].strip())
        code = _terc_code(voivodeship, powiat, gmina, kind)
        if code is None or not name:
            raise UsageError(f"{path}: line {number} has no valid TERC code or no name: {' '.join(row)[:60]!r}")
        unit_kind = _terc_kind(code)
        if unit_kind is not None:
            units.append(UnitRow(code=code, name=name.casefold() if len(code) == 2 else name, kind=unit_kind))
    if len(dates) > 1:
        raise UsageError(f"{path}: several reference dates in STAN_NA ({', '.join(sorted(dates)[:3])}); give one edition")
    date = _iso(next(iter(dates)), path) if dates else _date(path, on)
    return Edition(register="TERC", on=date, scope="all", units=_unique(units, path))


def _gminas(header: list[str], rows: list[list[str]], path: Path, on: dt.date | None) -> Edition:
    code_at, name_at = header.index("terc"), header.index("nazwa")
    units: list[UnitRow] = []
    for number, row in enumerate(rows, start=2):
        code = row[code_at].strip() if len(row) == len(header) else ""
        kind = _terc_kind(code) if re.fullmatch(r"[0-9]{6}[123]", code) else None
        if kind is None or not row[name_at].strip():
            raise UsageError(f"{path}: line {number} has no TERC code of a gmina or no name: {' '.join(row)[:60]!r}")
        units.append(UnitRow(code=code, name=row[name_at].strip(), kind=kind))
    return Edition(register="TERC", on=_date(path, on), scope="gminas", units=_unique(units, path))


def _terc_code(voivodeship: str, powiat: str, gmina: str, kind: str) -> str | None:
    """The joined code; spreadsheets drop leading zeros, so parts of one digit are filled up."""
    parts = [part.zfill(2) if part else "" for part in (voivodeship, powiat, gmina)]
    if (gmina and not powiat) or (bool(gmina) != bool(kind)):
        return None
    code = "".join(parts) + kind
    return code if re.fullmatch(r"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}[1-9])?)?", code) else None


def _terc_kind(code: str) -> str | None:
    """The kind of a unit by its TERC code; null for the towns and rural areas inside urban-rural gminas (4 and 5)."""
    if len(code) == 2:
        return "wojewodztwo"
    if len(code) == 4:
        return "powiat"
    if code[6] == "1" and int(code[2:4]) >= FIRST_CITY_POWIAT:
        return CITY_WITH_POWIAT_RIGHTS
    return GMINA_KINDS.get(code[6])


def _katotth(rows: list[list[str]], path: Path, on: dt.date | None) -> Edition:
    """Hromadas get seat and kind of seat from their first settlement: the codifier numbers the seat 001."""
    entries: list[tuple[str, str, str]] = []
    for number, row in enumerate(rows, start=1):
        codes = [cell.strip() for cell in row if _KATOTTH_CODE.fullmatch(cell.strip())]
        if not codes:
            if entries:
                raise UsageError(f"{path}: line {number} has no KATOTTH code: {' '.join(row)[:60]!r}")
            continue
        rest = [cell.strip() for cell in row if not _KATOTTH_CODE.fullmatch(cell.strip())]
        # Latin, and Cyrillic letters that look alike: the ministry's files have used both for the category.
        marks = [cell.translate(_LOOKALIKES) for cell in rest if cell.translate(_LOOKALIKES) in {*_KATOTTH_KINDS, *_SEAT_KINDS}]
        names = [cell for cell in rest if len(cell) > 1 and not cell.isdigit()]
        if len(marks) != 1 or len(names) != 1:
            raise UsageError(f"{path}: line {number} has no single category or name: {' '.join(row)[:60]!r}")
        is_relaid = "parent" in [cell.strip().casefold() for cell in rows[0]]
        entries.append((codes[0] if is_relaid else codes[-1], marks[0], " ".join(names[0].split())))
    seats = {code[:9]: (name, _SEAT_KINDS[mark]) for code, mark, name in entries if mark in _SEAT_KINDS and code[9:12] == "001"}
    units = [
        UnitRow(code=code, name=name, kind=_KATOTTH_KINDS[mark])
        if mark != "H"
        else UnitRow(
            code=code,
            name=name,
            kind="hromada",
            seat=seats.get(code[:9], ("", ""))[0],
            seat_kind=seats.get(code[:9], ("", ""))[1],
        )
        for code, mark, name in entries
        if mark in _KATOTTH_KINDS
    ]
    return Edition(register="KATOTTH", on=_date(path, on), scope="all", units=_unique(units, path))


_LOOKALIKES = str.maketrans("ОКРНМВХС", "OKPHMBXC")


def _unique(units: list[UnitRow], path: Path) -> tuple[UnitRow, ...]:
    twice = sorted(code for code, times in Counter(unit.code for unit in units).items() if times > 1)[:3]
    if twice:
        raise UsageError(f"{path}: codes stand twice ({', '.join(twice)}); give one edition, unedited")
    return tuple(sorted(units, key=lambda unit: unit.code))


def _date(path: Path, on: dt.date | None) -> str:
    if on is not None:
        return on.isoformat()
    found = _DATE_IN_NAME.search(path.name)
    if found is None:
        raise UsageError(f"{path}: the file states no reference date; give one, or put it into the file's name (YYYY-MM-DD)")
    return _iso("-".join(found.groups()), path)


def _iso(text: str, path: Path) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{path}: {text!r} is no date (YYYY-MM-DD)") from error
