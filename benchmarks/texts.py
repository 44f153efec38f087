"""Invented text in the languages of the sources, drawn from words.toml. No text of a real page."""

from __future__ import annotations

import random
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.registers.tables import UnitRow, register_rows

WORDS = Path(__file__).parent / "words.toml"
_POLISH_UNITS = ("gmina_miejska", "gmina_wiejska", "gmina_miejsko_wiejska", "miasto_na_prawach_powiatu")
_CONSONANTS = "bcdgkłmnprstwz"
_VOWELS = "aeiouy"


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The content of words.toml."""
    return tomllib.loads(WORDS.read_text("utf-8"))


class Unit(NamedTuple):
    """A Polish unit with the names of the units it lies in."""

    name: str
    kind: str
    powiat: str
    voivodeship: str


@lru_cache(maxsize=1)
def polish_units() -> tuple[Unit, ...]:
    """The gminas and cities of the register in use, by code."""
    rows = [row for row in register_rows("TERC") if not row.valid_to]
    name: dict[str, str] = {row.code: row.name for row in rows}
    return tuple(
        Unit(
            row.name,
            row.kind.replace("miejsko_wiejska", "miejsko-wiejska").replace("_", " "),
            name[row.code[:4]],
            name[row.code[:2]],
        )
        for row in rows
        if row.kind in _POLISH_UNITS and row.code[:4] in name
    )


@lru_cache(maxsize=1)
def ukrainian_units() -> tuple[UnitRow, ...]:
    """The hromadas of the register whose seat is known, by code."""
    return tuple(row for row in register_rows("KATOTTH") if row.kind == "hromada" and row.seat and not row.valid_to)


class Writer:
    """Writes sentences of one language. Same random state, same text."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self._rng = rng
        self.language = language
        self._words = words()[language]

    def sentence(self) -> str:
        """One sentence."""
        return self._filled(self._rng.choice(self._words["frames"]))

    def paragraph(self, sentences: int) -> str:
        """Sentences on one line."""
        return " ".join(self.sentence() for _ in range(sentences))

    def title(self) -> str:
        """A title; a made-up proper name keeps titles apart, as real ones are."""
        return f"{self._filled(self._rng.choice(self._words['titles']))} „{self.made_up_name()}”"

    def heading(self) -> str:
        """A heading of a presentation; for Polish alone."""
        return str(self._rng.choice(self._words["headings"]))

    def date(self) -> tuple[int, int, int]:
        """Year, month, day."""
        return self._rng.randint(2008, 2025), self._rng.randint(1, 12), self._rng.randint(1, 28)

    def month(self, number: int) -> str:
        """Name of the month in the genitive."""
        return str(self._words["months"][number - 1])

    def weekday(self) -> str:
        """A day of the week."""
        return str(self._rng.choice(self._words["weekdays"]))

    def person(self) -> str:
        """A made-up person."""
        names, code = words()["names"], self.language
        first, stem, end = (self._rng.choice(names[f"{code}_{part}"]) for part in ("first", "stems", "ends"))
        return f"{first} {stem}{end}"

    def role(self) -> str:
        """What a person is."""
        return str(self._rng.choice(words()["names"][self.language + "_roles"]))

    def made_up_name(self) -> str:
        """A word no register knows."""
        syllables = "".join(self._rng.choice(_CONSONANTS) + self._rng.choice(_VOWELS) for _ in range(self._rng.randint(2, 4)))
        return syllables.capitalize()

    def place(self) -> str:
        """A place of the register in the nominative."""
        if self.language == "uk":
            return self._rng.choice(ukrainian_units()).seat
        return self._rng.choice(polish_units()).name

    def _filled(self, frame: str) -> str:
        parts: list[str] = []
        for piece in frame.replace("}", "{").split("{"):
            drawn = self._drawn(piece) if len(parts) % 2 else piece
            parts.append(drawn)
        return "".join(parts)

    def _drawn(self, slot: str) -> str:
        if slot == "number":
            return str(self._rng.randint(2, 90))
        if slot == "place":
            return self.place()
        kind = {"noun": "noun", "adj": "adjective", "verb": "verb"}[slot.casefold()]
        word = f"{self._rng.choice(self._words[kind + 's'])}{self._rng.choice(self._words[kind + '_endings'])}"
        return word.capitalize() if slot[0].isupper() else word
