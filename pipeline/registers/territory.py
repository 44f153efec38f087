"""The territorial register: look a unit up by its code, follow it through time, resolve what a page prints about it."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.registers.mentions import Mention
from pipeline.registers.places import Localities, NameIndex, Place, Unit, units_of
from pipeline.registers.resolution import Resolution, Resolver
from pipeline.registers.tables import (
    EDITIONS_FILE,
    FILES,
    Register,
    UnitRow,
    folder_of,
    newest_editions,
    point_key,
    register_rows,
)

if TYPE_CHECKING:
    from pipeline.registers.polish_mentions import PolishNames
    from pipeline.registers.ukrainian_mentions import UkrainianNames

__all__ = ["Mention", "Place", "Resolution", "Territory"]

_PREFIX: dict[Register, str] = {"TERC": "terc:", "KATOTTH": "katotth:"}
_KATOTTH_LEVELS = (4, 6, 9, 12)
"""Lengths of the code's part for oblast, raion, hromada and settlement: a parent's code begins with the shorter part."""


class Territory:
    """Both registers, read once. Lookups are dictionary accesses; nothing here changes after loading."""

    def __init__(self, extra_dir: Path | None = None) -> None:
        """Read the tables; a table in ``extra_dir`` (made by `importer.updated`) takes the place of the package's own.

        Raises `UsageError` when a table in ``extra_dir`` cannot be used.
        """
        self._units: dict[Register, dict[str, Unit]] = {}
        self._codes: dict[str, list[UnitRow]] = {}
        for register, file_name in FILES.items():
            rows = register_rows(register, folder_of(file_name, extra_dir))
            self._units[register] = units_of(rows)
            for row in rows:
                self._codes.setdefault(_PREFIX[register] + row.code, []).append(row)
        self._extra_dir = extra_dir
        self._katotth_prefixes = {
            code[8 : 8 + length]: code
            for code in self._codes
            if code.startswith("katotth:")
            for length in [next((size for size in _KATOTTH_LEVELS if not code[8 + size : -5].strip("0")), 14)]
        }
        self._places: dict[str, Place] = {}

    @staticmethod
    def load(extra_dir: Path | None = None) -> Territory:
        """The registers, read at the first call and kept. ``extra_dir`` holds tables newer than the package's."""
        names = (*FILES.values(), EDITIONS_FILE)
        found = [extra_dir / name for name in names] if extra_dir is not None else []
        # An update writes the tables anew: what was kept of the older ones must not answer then.
        written_at = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in found)
        return _loaded(extra_dir if any(written_at) else None, written_at if any(written_at) else ())

    @functools.cached_property
    def register_on(self) -> dict[Register, dt.date]:
        """Reference date of the newest edition of each register."""
        return newest_editions(self._extra_dir)

    def read(self) -> Territory:
        """These registers, with all that is otherwise made of them at its first use."""
        self.mentions("", "pl")
        self.mentions("", "uk")
        self.resolve(name=None, unit_type=None, powiat=None, voivodeship=None, on=None)
        return self

    def units(self, register: Register) -> dict[str, Unit]:
        """Key → unit of one register."""
        return self._units[register]

    @functools.cached_property
    def localities(self) -> Localities:
        """Towns and villages of Poland by name; read at the first use."""
        return Localities()

    @functools.cached_property
    def _resolver(self) -> Resolver:
        units = self._units["TERC"]
        return Resolver(
            voivodeships=NameIndex(unit for unit in units.values() if len(unit.key) == 2),
            powiats=NameIndex(unit for unit in units.values() if len(unit.key) == 4),
            gminas=NameIndex(unit for unit in units.values() if len(unit.key) > 4),
            units=units,
            localities=lambda: self.localities,
        )

    def place(self, place_id: str) -> Place | None:
        """The unit with that id (`terc:3006023`, `katotth:UA…`), current or former; null when no edition has it."""
        if place_id not in self._places:
            rows = self._codes.get(place_id)
            if rows is None:
                return None
            self._places[place_id] = self._place(place_id, rows)
        return self._places[place_id]

    def current(self, place: Place) -> Place | None:
        """The same unit in the newest edition, null when it was dissolved.

        Poland: by the first six digits, which survive a change of kind; a change of name keeps the code. Ukraine: by the
        code, else by its last five digits, which belong to one unit wherever it is moved.
        """
        unit = self._units[place.register].get(point_key(place.code))
        if unit is not None and not unit.rows[-1].valid_to:
            return self.place(_PREFIX[place.register] + unit.rows[-1].code)
        if place.register == "KATOTTH":
            moved = [
                other
                for other in self._units["KATOTTH"].values()
                if other.key[-5:] == place.code[-5:] and not other.rows[-1].valid_to and other.rows[-1].kind == place.kind
            ]
            if len(moved) == 1:
                return self.place("katotth:" + moved[0].rows[-1].code)
        return None

    def resolve(
        self,
        *,
        name: str | None,
        unit_type: str | None,
        powiat: str | None,
        voivodeship: str | None,
        on: dt.date | None,
    ) -> Resolution:
        """The Polish unit that a Metryka names; see `resolution` for the rules.

        ``unit_type`` is a code of the list unit_type, the other texts are as printed; ``on`` is the day whose register
        counts (before the oldest edition: the oldest; null: the newest).
        """
        found = self._resolver.resolution(name=name, unit_type=unit_type, powiat=powiat, voivodeship=voivodeship, on=on)
        candidates = tuple(sorted({_PREFIX["TERC"] + code for code in found.codes}))
        if found.status == "resolved":
            return Resolution(status="resolved", place=self.place(candidates[0]), candidates=candidates, method=found.method)
        return Resolution(status=found.status, place=None, candidates=candidates, method=found.method)

    def mentions(self, text: str, language: str, near: Iterable[str] = ()) -> list[Mention]:
        """The units that a running text names, in its order; see `mentions` for when a name is certain.

        ``language`` is ISO 639-1: Polish and Ukrainian are read, "und" by its script, others give nothing. ``near`` are ids
        of places known to belong to the text from elsewhere (its Metryka, its publisher): they count as agreeing places.
        """
        if language == "und":
            language = "uk" if re.search("[а-яіїєґ]", text, re.IGNORECASE) else "pl"
        register: Register
        if language == "pl":
            register, found = "TERC", self._polish.found(text, [place[5:] for place in near if place.startswith("terc:")])
        elif language == "uk":
            register, found = (
                "KATOTTH",
                self._ukrainian.found(text, [place[8:] for place in near if place.startswith("katotth:")]),
            )
        else:
            return []
        prefix = _PREFIX[register]
        return [
            Mention(
                start=item.start,
                end=item.end,
                raw=text[item.start : item.end],
                place=self.place(prefix + code) if code is not None else None,
                candidates=tuple(prefix + candidate for candidate in item.codes),
                method=method,
            )
            for item, code, method in found
        ]

    @functools.cached_property
    def _polish(self) -> PolishNames:
        from pipeline.registers.polish_mentions import PolishNames

        return PolishNames(self._units["TERC"], self.localities)

    @functools.cached_property
    def _ukrainian(self) -> UkrainianNames:
        from pipeline.registers.ukrainian_mentions import UkrainianNames

        return UkrainianNames(self._units["KATOTTH"])

    def _place(self, place_id: str, rows: list[UnitRow]) -> Place:
        register: Register = "TERC" if place_id.startswith("terc:") else "KATOTTH"
        rows = sorted(rows, key=lambda row: (row.valid_from, row.valid_to or "9"))
        newest = rows[-1]
        parent_id = self._terc_parent(newest.code) if register == "TERC" else self._katotth_parent(newest.code)
        parent = self.place(parent_id) if parent_id is not None else None
        return Place(
            place_id=place_id,
            register=register,
            code=newest.code,
            code_6=newest.code[:6] if register == "TERC" and len(newest.code) == 7 else None,
            name=newest.name,
            kind=newest.kind,
            parent_id=parent_id,
            parent_names=(*parent.parent_names, parent.name) if parent is not None else (),
            latitude=float(newest.lat) if newest.lat else None,
            longitude=float(newest.lon) if newest.lon else None,
            valid_from=dt.date.fromisoformat(rows[0].valid_from) if rows[0].valid_from else None,
            valid_to=dt.date.fromisoformat(newest.valid_to) if newest.valid_to else None,
            point={"seat": "seat", "centre": "centre"}.get(newest.point),  # type: ignore[arg-type]  # the key is a text of the table, or none
            former_names=tuple(dict.fromkeys(row.name for row in rows if row.name != newest.name)),
        )

    def _terc_parent(self, code: str) -> str | None:
        """A gmina's powiat, a powiat's voivodeship; the city of a district or delegation."""
        if len(code) == 2:
            return None
        parent = code[:2] if len(code) == 4 else code[:4] + "011" if code[6] in "89" else code[:4]
        return f"terc:{parent}" if f"terc:{parent}" in self._codes else None

    def _katotth_parent(self, code: str) -> str | None:
        own = next((size for size in _KATOTTH_LEVELS if not code[size:-5].strip("0")), 14)
        return next(
            (
                self._katotth_prefixes[code[:size]]
                for size in (12, 9, 6, 4)
                if size < own and code[:size] in self._katotth_prefixes
            ),
            None,
        )


@functools.lru_cache(maxsize=2)  # 35 MB each
def _loaded(extra_dir: Path | None, _written_at: tuple[int, ...]) -> Territory:
    return Territory(extra_dir)
