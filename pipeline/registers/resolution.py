"""Which unit of the Polish register a Metryka names.

A name alone never resolves, even when the register has it once: at least one further fact (voivodeship, powiat or
kind of unit) must be printed and agree, and together they must leave one unit. A fact that contradicts the register is
overruled only where what is left is still certain, and ``method`` says so after a semicolon. All else is
``ambiguous`` with its candidates, or ``unknown`` when nothing fits.

``method`` names the facts that agreed, e.g. ``voivodeship+powiat+kind+name``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from pipeline.registers.names import bare, key
from pipeline.registers.places import GMINA_KINDS, Localities, NameIndex, Place, Unit

Status = Literal["resolved", "ambiguous", "unknown"]

CITY = "miasto_na_prawach_powiatu"
UNIONS = ("zwiazek_miedzygminny", "zwiazek_powiatow")
WARSAW = "146501"

_VOIVODESHIP_WORDS = re.compile(r"^(?:województwo|województwa|wojewodztwo|woj|w wo)\s+")
_POWIAT_WORDS = re.compile(
    r"\b(?:miasto na prawach powiatu|miasto stołeczne|powiatu|powiat|pow|m st|miasto|m|grodzki|ziemski|starostwo powiatowe)\b"
)
_NAME_WORDS = re.compile(
    r"^(?:(?:gmina|gm|miasto stołeczne|miasto i gmina|miasto|m st|m|dzielnica|wieś|powiat|pow|osiedle)\b\s*)+(?:i gmina\s+)?"
)
_AFTER_NAME = re.compile(r"\s*(?:[,;/(]|\bpowiat\b|\bgm\.|\bgmina\b|\bwoj\.|\bk\.|\bkoło\b).*$", re.IGNORECASE | re.DOTALL)
_NOTE = re.compile(r"\s*[,;/(].*$", re.DOTALL)
_CASE_ENDING = re.compile(r"(?<=[scz]k)(?:iego|iemu|im|a|iej|ą|ie)$|(?<=[scz]k)i$")


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


class _Facts(msgspec.Struct):
    """What is printed, read as register keys. A set is null when nothing readable is printed."""

    names: tuple[str, ...]
    kind: str | None
    powiats: set[str] | None
    town_powiats: set[str]
    voivodeships: set[str] | None
    on: dt.date | None
    unread: list[str]

    def agreeing(self, *facts: str) -> str:
        stated = {"voivodeship": self.voivodeships, "powiat": self.powiats, "kind": self.kind}
        return "+".join([fact for fact in facts if stated[fact] is not None])


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
        self._voivodeships = voivodeships
        self._powiats = powiats
        self._gminas = gminas
        self._units = units
        self._localities = localities

    def resolution(
        self, *, name: str | None, unit_type: str | None, powiat: str | None, voivodeship: str | None, on: dt.date | None
    ) -> Finding:
        """The unit named. Never raises, whatever the texts."""
        if unit_type in UNIONS:
            return Finding("unknown", (), "a union of units has no code")
        facts = self._facts(name, unit_type, powiat, voivodeship, on)
        if unit_type == "wojewodztwo":
            return self._voivodeship(facts)
        if unit_type == "powiat":
            return self._powiat(facts)
        if not facts.names:
            return self._nameless(facts)
        return self._gmina(facts)

    # -- reading ---------------------------------------------------------------------------------------------------

    def _facts(
        self, name: str | None, kind: str | None, powiat: str | None, voivodeship: str | None, on: dt.date | None
    ) -> _Facts:
        unread: list[str] = []
        voivodeships = self._read_voivodeship(voivodeship)
        if voivodeship and key(voivodeship) and voivodeships is None:
            unread.append("voivodeship not read")
        powiats, town_powiats = self._read_powiat(powiat)
        if powiat and key(powiat) and powiats is None:
            unread.append("powiat not read")
        names = _name_keys(name)
        district = _district_key(name)
        if district is not None and any(unit.key[:4] == WARSAW[:4] for unit in self._gminas[district]):
            names, powiats = (district,), powiats or {WARSAW[:4]}
        return _Facts(names, kind, powiats, town_powiats, voivodeships, on, unread)

    def _read_voivodeship(self, text: str | None) -> set[str] | None:
        if not text:
            return None
        read = _CASE_ENDING.sub("ie", _VOIVODESHIP_WORDS.sub("", key(text)))
        return {unit.key for unit in self._voivodeships[read]} or None

    def _read_powiat(self, text: str | None) -> tuple[set[str] | None, set[str]]:
        """Powiat codes of a printed powiat, and those whose town is printed instead ("Powiat: Kępno")."""
        if not text:
            return None, set()
        read = " ".join(_POWIAT_WORDS.sub(" ", key(_NOTE.sub("", text))).split()) or key(text)
        found = {unit.key for unit in self._powiats[read]} or {unit.key for unit in self._powiats[_CASE_ENDING.sub("i", read)]}
        towns = {
            unit.key[:4]
            for unit in self._gminas[read]
            if unit.rows[-1].kind in ("gmina_miejska", "gmina_miejsko_wiejska") and self._is_named_after(unit.key[:4], read)
        }
        towns |= {
            other.key
            for code in found
            if int(code[2:]) > 60
            for other in self._units.values()
            if len(other.key) == 4 and other.key != code and other.key[:2] == code[:2] and self._is_named_after(other.key, read)
        }
        return found or towns or None, towns

    def _is_named_after(self, powiat: str, town: str) -> bool:
        """Whether a powiat's adjective begins as the town's name does: Kępno, kępiński."""
        return any(bare(key(row.name))[:3] == bare(town)[:3] for row in self._units[powiat].rows)

    # -- rules -----------------------------------------------------------------------------------------------------

    def _voivodeship(self, facts: _Facts) -> Finding:
        codes = facts.voivodeships or {
            unit.key for name in facts.names for unit in self._voivodeships[_CASE_ENDING.sub("ie", name)]
        }
        return _only(codes, "voivodeship+kind" if facts.voivodeships else "kind+name", "no such voivodeship")

    def _powiat(self, facts: _Facts) -> Finding:
        by_name = {
            unit.key for name in facts.names for unit in (self._powiats[name] or self._powiats[_CASE_ENDING.sub("i", name)])
        }
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

    def _nameless(self, facts: _Facts) -> Finding:
        """Without a name only a city with powiat rights can be told, by its powiat."""
        cities = {code for code in facts.powiats or () if int(code[2:]) > 60}
        cities = {code for code in cities if facts.voivodeships is None or code[:2] in facts.voivodeships}
        if len(cities) == 1 and facts.kind in (CITY, "gmina_miejska"):
            city = self._units[next(iter(cities)) + "01"]
            return Finding("resolved", (city.at(facts.on).code,), facts.agreeing("voivodeship", "powiat", "kind"))
        return Finding("unknown", (), "no name printed")

    def _gmina(self, facts: _Facts) -> Finding:
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

    def _by_kind(self, fitting: list[Unit], facts: _Facts, notes: list[str] | None = None) -> Finding:
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

    def _elsewhere(self, named: list[Unit], facts: _Facts) -> Finding:
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

    def _contradicting_city(self, facts: _Facts) -> Unit | None:
        """The city with powiat rights of that name, where the powiat round it is printed ("Leszno", "leszczyński")."""
        if facts.kind not in ("gmina_miejska", CITY) or facts.powiats is None:
            return None
        cities = [unit for unit in self._within(self._named(facts.names), None, facts.voivodeships) if CITY in unit.kinds()]
        if len(cities) == 1 and any(self._is_named_after(code, key(cities[0].rows[-1].name)) for code in facts.powiats):
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
    def _one(unit: Unit, agreed: str, facts: _Facts, notes: list[str]) -> Finding:
        row = unit.at(facts.on, facts.kind)
        return Finding("resolved", (row.code,), _noted(agreed, [*notes, *facts.unread]))

    @staticmethod
    def _several(units: Iterable[Unit], facts: _Facts, reason: str) -> Finding:
        return Finding("ambiguous", tuple(sorted({unit.at(facts.on, facts.kind).code for unit in units})), reason)


_EQUIVALENT = {"gmina_miejska": (CITY,)}
"""A city with powiat rights is an urban gmina in TERC's own terms; not the other way round."""


def _name_keys(name: str | None) -> tuple[str, ...]:
    """The readings of a printed name, the whole first: then without a note after it, then without words like "gmina"."""
    if not name:
        return ()
    whole, short = key(name), key(_AFTER_NAME.sub("", name))
    readings = (whole, short, _NAME_WORDS.sub("", whole), _NAME_WORDS.sub("", short))
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def _district_key(name: str | None) -> str | None:
    """The part of "Warszawa-Żoliborz", "Warszawa, Dzielnica Żoliborz" or "Żoliborz m.st. Warszawy" that is not Warsaw."""
    whole = _NAME_WORDS.sub("", key((name or "").replace(",", " ")))
    for pattern in (r"^warszaw[ay] (?:dzielnica )?(.+)$", r"^(.+?)(?: w)?(?: m st| miasta stołecznego)? warszaw[ayi]e?$"):
        found = re.match(pattern, whole)
        if found:
            return found[1]
    return None


def _only(codes: set[str], method: str, reason: str) -> Finding:
    status: Status = "resolved" if len(codes) == 1 else "ambiguous" if codes else "unknown"
    return Finding(
        status, tuple(sorted(codes)), method if len(codes) == 1 else reason if not codes else "several units of that name"
    )


def _noted(agreed: str, notes: list[str]) -> str:
    return "; ".join([agreed, *notes])
