"""Territorial units as the rest of the pipeline sees them, and the indexes over the register tables."""

from __future__ import annotations

import datetime as dt
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.registers.names import bare, key
from pipeline.registers.tables import DATA_DIR, LOCALITIES_FILE, Register, UnitRow, point_key

GMINA_KINDS = ("gmina_miejska", "gmina_wiejska", "gmina_miejsko_wiejska", "miasto_na_prawach_powiatu")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One territorial unit under one code.

    ``kind`` is for TERC `wojewodztwo`, `powiat`, `gmina_miejska`, `gmina_wiejska`, `gmina_miejsko_wiejska`,
    `miasto_na_prawach_powiatu`, `dzielnica` (of Warsaw), `delegatura`; for KATOTTH `oblast`, `special_city`, `raion`,
    `hromada`, `city`, `city_district`. A city with powiat rights stands twice in TERC, as the register has it: under
    four digits as a `powiat` bearing the city's name, under seven as `miasto_na_prawach_powiatu`; records are linked to the
    seven. ``name`` is the newest name the code has borne, ``former_names`` the older ones. ``valid_from`` is the first
    register edition with the code (null: the oldest known), ``valid_to`` the first without it (null: still there).
    Coordinates are degrees of WGS 84; ``point`` says whether they are the seat's or merely inside the unit (`centre`).
    """

    place_id: str
    register: Register
    code: str
    code_6: str | None
    name: str
    kind: str
    parent_id: str | None
    parent_names: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    point: Literal["seat", "centre"] | None = None
    former_names: tuple[str, ...] = ()


class Unit:
    """One unit through all its codes, names and kinds: the rows that share six digits (TERC) or a code."""

    __slots__ = ("key", "rows")

    def __init__(self, unit_key: str) -> None:
        self.key = unit_key
        self.rows: list[UnitRow] = []

    def at(self, on: dt.date | None, kind: str | None = None) -> UnitRow:
        """The row in force on a day; without a day, the newest, one of ``kind`` first.

        Before the oldest edition the oldest row counts. A unit that was not there on that day gives its nearest row.
        """
        if on is None:
            of_kind = [row for row in self.rows if row.kind == kind]
            return (of_kind or self.rows)[-1]
        day = on.isoformat()
        for row in self.rows:
            if (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day < row.valid_to):
                return row
        return self.rows[0] if self.rows[0].valid_from > day else self.rows[-1]

    def kinds(self) -> set[str]:
        """Every kind the unit has had."""
        return {row.kind for row in self.rows}


class NameIndex:
    """Name keys → units, with and without diacritics, under every name a unit has borne."""

    def __init__(self, units: Iterable[Unit]) -> None:
        exact: dict[str, dict[str, Unit]] = defaultdict(dict)
        for unit in units:
            for row in unit.rows:
                for form in name_forms(row):
                    exact[form][unit.key] = unit
        self._exact = {form: tuple(found.values()) for form, found in exact.items()}
        plain: dict[str, dict[str, Unit]] = defaultdict(dict)
        for form, found in self._exact.items():
            plain[bare(form)].update({unit.key: unit for unit in found})
        self._plain = {form: tuple(found.values()) for form, found in plain.items()}

    def __getitem__(self, name_key: str) -> tuple[Unit, ...]:
        """Units of that name; a key typed without any diacritics also finds the names that have them."""
        found = self._exact.get(name_key)
        if found is None and name_key == bare(name_key):
            found = self._plain.get(name_key)
        return found or ()

    def __iter__(self) -> Iterator[str]:
        return iter(self._exact)


def name_forms(row: UnitRow) -> set[str]:
    """The keys under which a row's name is looked up: whole, without a note in parentheses, a delegation's own part."""
    forms = {key(row.name), key(row.name.split("(")[0])}
    if row.kind == "delegatura":
        forms.add(key(row.name.partition("-")[2]))
    return forms


def units_of(rows: Iterable[UnitRow]) -> dict[str, Unit]:
    """Key → unit, rows in order of time."""
    units: dict[str, Unit] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from, row.valid_to or "9", row.code)):
        unit_key = point_key(row.code)
        if unit_key not in units:
            units[unit_key] = Unit(unit_key)
        units[unit_key].rows.append(row)
    return units


class Localities:
    """Names of towns and villages → six digits of the gminas that hold them."""

    def __init__(self, folder: Path = DATA_DIR) -> None:
        found: dict[str, list[str]] = defaultdict(list)
        for line in gzip.decompress((folder / LOCALITIES_FILE).read_bytes()).decode("utf-8").splitlines():
            gmina, _, names = line.partition(",")
            for name in names.casefold().replace("-", " ").split("|"):
                found[name].append(gmina)
        self._gminas = dict(found)

    def gminas(self, name_key: str) -> tuple[str, ...]:
        """Six-digit codes of the gminas with a town or village of that name, ascending."""
        return tuple(sorted(set(self._gminas.get(name_key, ()))))
