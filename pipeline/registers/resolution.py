"""Which unit of the Polish register a Metryka names.

A name alone never resolves, even when the register has it once: at least one further fact (voivodeship, powiat or
kind of unit) must be printed and agree, and together they must leave one unit. A fact that contradicts the register is
overruled only where what is left is still certain, and ``method`` says so after a semicolon. All else is
``ambiguous`` with its candidates, or ``unknown`` when nothing fits.

``method`` names the facts that agreed, e.g. ``voivodeship+powiat+kind+name``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from pipeline.registers.names import key
from pipeline.registers.places import GMINA_KINDS, Localities, NameIndex, Place, Unit
from pipeline.registers.printed import Facts, Reader

Status = Literal["resolved", "ambiguous", "unknown"]

CITY = "miasto_na_prawach_powiatu"
UNIONS = ("zwiazek_miedzygminny", "zwiazek_powiatow")


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """What a Metryka's place came to. ``candidates`` are place ids, ascending; one of them when resolved."""

    status: Status
    place: Place | None
    candidates: tuple[str, ...]
    method: str


class Finding(msgspec.Struct, frozen=True):
    """A resolution by codes, before places are made of them."""

    status: Status
    codes: tuple[str, ...]
    method: str


class Resolver:
    """The rules over the indexes of the register."""

    def __init__(
        self,
        *,
        voivodeships: NameIndex,
        powiats: NameIndex,
        gminas: NameIndex,
        units: dict[str, Unit],
        localities: Callable[[], Localities],
    ) -> None:
        self._reader = Reader(voivodeships=voivodeships, powiats=powiats, gminas=gminas, units=units)
        self._gminas = gminas
        self._units = units
        self._localities = localities

    def resolution(
        self, *, name: str | None, unit_type: str | None, powiat: str | None, voivodeship: str | None, on: dt.date | None
    ) -> Finding:
        """The unit named. Never raises, whatever the texts."""
        if unit_type in UNIONS:
            return Finding("unknown", (), "a union of units has no code")
        facts = self._reader.facts(name, unit_type, powiat, voivodeship, on)
        if unit_type == "wojewodztwo":
            return self._voivodeship(facts)
        if unit_type == "powiat":
            return self._powiat(facts)
        if not facts.names:
            return self._nameless(facts)
        listed = self._reader.listed_units(name or "", facts.voivodeships)
        if listed:
            return self._several(listed, facts, "several units are named")
        return self._gmina(facts)

    # -- rules -----------------------------------------------------------------------------------------------------

    def _voivodeship(self, facts: Facts) -> Finding:
        codes = facts.voivodeships or self._reader.named_voivodeships(facts.names)
        return _only(codes, "voivodeship+kind" if facts.voivodeships else "kind+name", "no such voivodeship")

    def _powiat(self, facts: Facts) -> Finding:
        by_name = self._reader.named_powiats(facts.names)
        codes, source = (facts.powiats, "powiat") if facts.powiats else (by_name, "name")
        land = {code for code in codes if int(code[2:]) <= 60}
        if not land and facts.town_powiats:
            land, source = facts.town_powiats, "powiat by its town"
        codes = land or codes
        if not codes:
            # Of the seat alone only the powiats around it can be told, not which of them is meant.
            near = {unit.key[:4] for unit in self._within(self._named(facts.names), None, facts.voivodeships)}
            return Finding("ambiguous" if near else "unknown", tuple(sorted(near)), "no powiat printed that the register has")
        kept = {code for code in codes if facts.voivodeships is None or code[:2] in facts.voivodeships}
        if not kept:
            return Finding("ambiguous", tuple(sorted(codes)), "powiat lies in another voivodeship than printed")
        agreed = "+".join(filter(None, (facts.agreeing("voivodeship"), source, "kind")))
        if not land and len(kept) == 1:
            city = self._units[next(iter(kept)) + "01"]
            return Finding("resolved", (city.at(facts.on).code,), _noted(agreed, ["a city with powiat rights", *facts.unread]))
        return _only(kept, _noted(agreed, facts.unread), "no such powiat")

    def _nameless(self, facts: Facts) -> Finding:
        """Without a name only a city with powiat rights can be told, by its powiat."""
        cities = {code for code in facts.powiats or () if int(code[2:]) > 60}
        cities = {code for code in cities if facts.voivodeships is None or code[:2] in facts.voivodeships}
        if len(cities) == 1 and facts.kind in (CITY, "gmina_miejska"):
            city = self._units[next(iter(cities)) + "01"]
            return Finding("resolved", (city.at(facts.on).code,), facts.agreeing("voivodeship", "powiat", "kind"))
        return Finding("unknown", (), "no name printed")

    def _gmina(self, facts: Facts) -> Finding:
        named = self._named(facts.names)
        if facts.kind == CITY:
            cities = [unit for unit in self._within(named, None, facts.voivodeships) if CITY in unit.kinds()]
            if len(cities) == 1:
                differs = facts.powiats is not None and cities[0].key[:4] not in facts.powiats
                agreed = facts.agreeing("voivodeship", "kind") if differs else facts.agreeing("voivodeship", "powiat", "kind")
                return self._one(cities[0], f"{agreed}+name", facts, ["powiat differs"] if differs else [])
        fitting = self._within(named, facts.powiats, facts.voivodeships)
        if fitting:
            return self._by_kind(fitting, facts)
        if facts.town_powiats:
            fitting = self._within(named, facts.town_powiats, facts.voivodeships)
            if fitting:
                return self._by_kind(fitting, facts, ["powiat by its town"])
        return self._elsewhere(named, facts)

    def _by_kind(self, fitting: list[Unit], facts: Facts, notes: list[str] | None = None) -> Finding:
        """One of the units that name, powiat and voivodeship leave."""
        notes = notes or []
        place = facts.agreeing("voivodeship", "powiat")
        gminas = [unit for unit in fitting if unit.rows[-1].kind != "delegatura"]
        if facts.kind == "dzielnica" and len(gminas) < len(fitting):
            return self._several(fitting, facts, "several cities have a district of that name")
        if facts.kind is None:
            if len(gminas) == 1 and facts.powiats is None and facts.voivodeships is not None:
                # Without powiat and kind the name may be a village of another gmina as well.
                villages = [unit for unit in self._villages(facts.names, None, facts.voivodeships) if unit is not gminas[0]]
                if villages:
                    return self._several([*gminas, *villages], facts, "name is a village elsewhere in the voivodeship")
            if len(gminas) == 1 and place:
                return self._one(gminas[0], f"{place}+name", facts, notes)
            return self._several(fitting, facts, "name alone" if not place else "several units of that name; no kind printed")
        if not place and len(gminas) > 1:
            # Kinds change with the years: of several units of one name, the kind alone does not tell which is meant.
            return self._several(fitting, facts, "several units of that name; no powiat or voivodeship printed")
        agreed = "+".join(filter(None, (place, "kind+name")))
        for kinds in (facts.kind,), _EQUIVALENT.get(facts.kind, ()):
            at_date = [unit for unit in gminas if unit.at(facts.on, facts.kind).kind in kinds]
            ever = [unit for unit in gminas if unit.kinds().intersection(kinds)]
            if len(at_date) == 1:
                return self._one(at_date[0], agreed, facts, notes)
            if not at_date and len(ever) == 1:
                return self._one(ever[0], agreed, facts, [*notes, "kind as in another edition of the register"])
            if at_date or ever:
                return self._several(at_date or ever, facts, "several units of that kind and name")
        if len(gminas) == 1 and facts.powiats is not None and facts.kind in GMINA_KINDS:
            near = self._contradicting_city(facts)
            if near is not None and near is not gminas[0]:
                return self._several([gminas[0], near], facts, "one unit differs in kind, another in powiat")
            return self._one(gminas[0], f"{place}+name", facts, [*notes, "kind differs from the register"])
        return self._several(fitting, facts, "no unit of that kind has the name there")

    def _elsewhere(self, named: list[Unit], facts: Facts) -> Finding:
        """The name is no unit's in the printed powiat: a city beside it, a village in it, or nothing certain."""
        city = self._contradicting_city(facts)
        villages = self._villages(facts.names, facts.powiats, facts.voivodeships)
        if city is not None and facts.voivodeships is not None and not villages:
            return self._one(city, "voivodeship+kind+name", facts, ["powiat differs"])
        if villages:
            kinds = (facts.kind, *_EQUIVALENT.get(facts.kind or "", ())) if facts.kind else GMINA_KINDS
            fitting = [unit for unit in villages if unit.at(facts.on, facts.kind).kind in kinds]
            if len(fitting) == 1 and facts.powiats is not None:
                agreed = (
                    facts.agreeing("voivodeship", "powiat", "kind") if facts.kind else facts.agreeing("voivodeship", "powiat")
                )
                return self._one(fitting[0], f"{agreed}+locality", facts, [])
            return self._several(
                fitting or villages,
                facts,
                "a locality of several gminas" if len(fitting) > 1 else "a locality; kind or powiat missing",
            )
        near = self._within(named, None, facts.voivodeships) or named
        if near:
            return self._several(near, facts, "name is not in the powiat or voivodeship printed")
        return Finding("unknown", (), "name is not in the register")

    def _contradicting_city(self, facts: Facts) -> Unit | None:
        """The city with powiat rights of that name, where the powiat round it is printed ("Leszno", "leszczyński")."""
        if facts.kind not in ("gmina_miejska", CITY) or facts.powiats is None:
            return None
        cities = [unit for unit in self._within(self._named(facts.names), None, facts.voivodeships) if CITY in unit.kinds()]
        if len(cities) == 1 and any(self._reader.is_named_after(code, key(cities[0].rows[-1].name)) for code in facts.powiats):
            return cities[0]
        return None

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _named(self, names: Iterable[str]) -> list[Unit]:
        for name in names:
            found = self._gminas[name]
            if found:
                return list(found)
        return []

    def _villages(self, names: Iterable[str], powiats: set[str] | None, voivodeships: set[str] | None) -> list[Unit]:
        if powiats is None and voivodeships is None:
            return []
        for name in names:
            units = [self._units[code] for code in self._localities().gminas(name) if code in self._units]
            fitting = self._within(units, powiats, voivodeships)
            if fitting:
                return fitting
        return []

    @staticmethod
    def _within(units: Iterable[Unit], powiats: set[str] | None, voivodeships: set[str] | None) -> list[Unit]:
        return [
            unit
            for unit in units
            if (powiats is None or unit.key[:4] in powiats) and (voivodeships is None or unit.key[:2] in voivodeships)
        ]

    @staticmethod
    def _one(unit: Unit, agreed: str, facts: Facts, notes: list[str]) -> Finding:
        row = unit.at(facts.on, facts.kind)
        return Finding("resolved", (row.code,), _noted(agreed, [*notes, *facts.unread]))

    @staticmethod
    def _several(units: Iterable[Unit], facts: Facts, reason: str) -> Finding:
        return Finding("ambiguous", tuple(sorted({unit.at(facts.on, facts.kind).code for unit in units})), reason)


_EQUIVALENT = {"gmina_miejska": (CITY,)}
"""A city with powiat rights is an urban gmina in TERC's own terms; not the other way round."""


def _only(codes: set[str], method: str, reason: str) -> Finding:
    status: Status = "resolved" if len(codes) == 1 else "ambiguous" if codes else "unknown"
    return Finding(
        status, tuple(sorted(codes)), method if len(codes) == 1 else reason if not codes else "several units of that name"
    )


def _noted(agreed: str, notes: list[str]) -> str:
    return "; ".join([agreed, *notes])
