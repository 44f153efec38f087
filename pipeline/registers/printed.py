"""What a Metryka prints about its place, read as keys and codes of the Polish register."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import msgspec

from pipeline.registers.names import bare, key
from pipeline.registers.places import GMINA_KINDS, NameIndex, Unit

_WARSAW = "1465"

_VOIVODESHIP_WORDS = re.compile(r"^(?:województwo|województwa|wojewodztwo|woj|w wo)\s+")
_POWIAT_WORDS = re.compile(
    r"\b(?:miasto na prawach powiatu|miasto stołeczne|powiatu|powiat|pow|m st|miasto|m|grodzki|ziemski|starostwo powiatowe)\b"
)
_NAME_WORDS = re.compile(
    r"^(?:(?:(?:gmina|gm)(?: (?:miejsko )?wiejska| miejska)?"
    r"|miasto stołeczne|miasto i gmina|miasto|m st|m|dzielnica|wieś|powiat|pow|osiedle)\b\s*)+(?:i gmina\s+)?"
)
_AFTER_NAME = re.compile(
    r"(?<!^)\s*(?:[,;/(]|\bpowiat\b|\bgm\.|\bgmina\b|\bwoj\.|\bk\.|\bkoło\b).*$", re.IGNORECASE | re.DOTALL
)
_NOTE = re.compile(r"\s*[,;/(].*$", re.DOTALL)
_LONGEST_LIST = 300  # characters
_LISTING = re.compile(r"\s*[,;/]\s*|\s+(?:i|oraz)\s+")
_CASE_ENDING = re.compile(r"(?<=[scz]k)(?:iego|iemu|im|a|iej|ą|ie)$|(?<=[scz]k)i$")


class Facts(msgspec.Struct):
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


class Reader:
    """Reads printed facts against the names of the register."""

    def __init__(self, *, voivodeships: NameIndex, powiats: NameIndex, gminas: NameIndex, units: dict[str, Unit]) -> None:
        self._voivodeships = voivodeships
        self._powiats = powiats
        self._gminas = gminas
        self._units = units

    def facts(
        self, name: str | None, kind: str | None, powiat: str | None, voivodeship: str | None, on: dt.date | None
    ) -> Facts:
        unread: list[str] = []
        voivodeships = self._read_voivodeship(voivodeship)
        if voivodeship and key(voivodeship) and voivodeships is None:
            unread.append("voivodeship not read")
        powiats, town_powiats = self._read_powiat(powiat)
        if powiat and key(powiat) and powiats is None:
            unread.append("powiat not read")
        names = _name_keys(name)
        district = _district_key(name)
        if district is not None and any(unit.key[:4] == _WARSAW for unit in self._gminas[district]):
            names, powiats = (district,), powiats or {_WARSAW}
        return Facts(names, kind, powiats, town_powiats, voivodeships, on, unread)

    def _read_voivodeship(self, text: str | None) -> set[str] | None:
        if not text:
            return None
        read = _CASE_ENDING.sub("ie", _VOIVODESHIP_WORDS.sub("", key(_NOTE.sub("", text))))
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
            if unit.rows[-1].kind in ("gmina_miejska", "gmina_miejsko_wiejska") and self.is_named_after(unit.key[:4], read)
        }
        towns |= {
            other.key
            for code in found
            if int(code[2:]) > 60
            for other in self._units.values()
            if len(other.key) == 4 and other.key != code and other.key[:2] == code[:2] and self.is_named_after(other.key, read)
        }
        return found or towns or None, towns

    def listed_units(self, name: str, voivodeships: set[str] | None) -> list[Unit]:
        """The gminas of a name that is a list of them ("Bytom, Piekary Śląskie"); none where one part is no gmina's name."""
        plain = " ".join(name.split())
        is_list = len(plain) <= _LONGEST_LIST and _LISTING.search(plain) is not None and not self._gminas[key(plain)]
        parts = _LISTING.split(plain) if is_list else []
        listed = [
            [
                unit
                for unit in self._gminas[_NAME_WORDS.sub("", key(part))]
                if unit.rows[-1].kind in GMINA_KINDS and (voivodeships is None or unit.key[:2] in voivodeships)
            ]
            for part in parts
        ]
        units = {unit.key: unit for found in listed for unit in found}
        return list(units.values()) if all(listed) and len({key(part) for part in parts}) > 1 else []

    def is_named_after(self, powiat: str, town: str) -> bool:
        """Whether a powiat's adjective begins as the town's name does: Kępno, kępiński."""
        return any(bare(key(row.name))[:3] == bare(town)[:3] for row in self._units[powiat].rows)

    def named_voivodeships(self, names: Iterable[str]) -> set[str]:
        """Codes of the voivodeships that one of the names is."""
        return {unit.key for name in names for unit in self._voivodeships[_CASE_ENDING.sub("ie", name)]}

    def named_powiats(self, names: Iterable[str]) -> set[str]:
        """Codes of the powiats that one of the names is, in any case of the adjective."""
        return {unit.key for name in names for unit in (self._powiats[name] or self._powiats[_CASE_ENDING.sub("i", name)])}


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
