"""What a place name in running text comes to, whatever the language: the records and the rule of agreement.

A name found in prose resolves only with a context word that says what it is ("gmina", "powiat", "громада", …) and leaves
one unit, or when another place of the same text agrees with exactly one of its candidates. Otherwise the mention carries
its candidates and no place.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

import msgspec

from pipeline.registers.places import Place


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A place name in a text: ``text[start:end] == raw``. ``place`` is null unless certain; ``candidates`` are place ids."""

    start: int
    end: int
    raw: str
    place: Place | None
    candidates: tuple[str, ...]
    method: str


class Token(msgspec.Struct, frozen=True):
    """A word of a text with the positions where it starts and ends."""

    text: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


class Found(msgspec.Struct):
    """A name found, before the rule of agreement: the codes it may mean, and what stood beside it.

    ``context`` is empty where no word says what the name is; ``level`` is gmina for all units below a powiat.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    context: str
    level: Literal["voivodeship", "powiat", "gmina"]
    is_weak: bool = False
    """A common word or a name borne by places outside the register: only its own mention elsewhere confirms it."""
    is_pair: bool = False
    """"gmina X" where a town and a rural gmina share the name: the one named elsewhere need not be the one meant here."""


class Role(NamedTuple):
    """What a word makes of the text around it: it governs names of a level or kind, or may be the first word of a name."""

    governs: str | None
    begins_name: bool


class Tokens:
    """The words of a text by a pattern, which is one group. A token is made when it is asked for: few of a text's words are."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._pieces = pattern.split(text)
        self.texts: list[str] = self._pieces[1::2]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, index: int) -> Token:
        return Token(self.texts[index], self._places[2 * index], self._places[2 * index + 1])

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it, or the beginning of the text."""
        return self._pieces[2 * index]

    @functools.cached_property
    def _places(self) -> list[int]:
        return list(itertools.accumulate(map(len, self._pieces)))


class Regions(Protocol):
    """How codes of one register lie in one another."""

    def around(self, code: str) -> tuple[str, ...]:
        """Keys of the regions a unit lies in, the narrowest first."""

    def vouched(self, code: str) -> str:
        """Key of the region that a unit named in the text vouches for."""

    def is_enough(self, found: Found, code: str, region: str) -> bool:
        """Whether a place in ``region`` makes this reading of the name certain."""


def agreed(finds: list[Found], regions: Regions, near: Iterable[str]) -> list[tuple[Found, str | None, str]]:
    """Each find with its code, null when not certain, and the method; ``near`` are codes known from elsewhere.

    First what a context word leaves as the only reading is taken, then what agrees with it (the same unit, or one region)
    until nothing more follows; then two names without context that share their narrowest region vouch for each other.
    """
    return _Agreement(finds, regions, near).outcome()


class _Agreement:
    def __init__(self, finds: list[Found], regions: Regions, near: Iterable[str]) -> None:
        self._finds = finds
        self._regions = regions
        self._codes: dict[int, str] = {}
        self._firm: dict[str, set[str]] = defaultdict(set)
        self._named: set[str] = set()
        for code in near:
            self._vouch(code)
        for index, found in enumerate(finds):
            if found.context and len(found.codes) == 1 and not found.is_weak:
                self._codes[index] = found.codes[0]
                self._vouch(found.codes[0])

    def outcome(self) -> list[tuple[Found, str | None, str]]:
        at_once = set(self._codes)
        self._spread(self._firm)
        tentative: dict[str, set[str]] = defaultdict(set)
        for index, found in enumerate(self._finds):
            if index not in self._codes and len(found.codes) == 1 and not found.is_weak:
                tentative[self._regions.around(found.codes[0])[0]].add(found.codes[0])
        if tentative:
            self._spread(tentative, once=True)
            self._spread(self._firm)
        listed: list[tuple[Found, str | None, str]] = []
        for index, found in enumerate(self._finds):
            method = f"{found.context}+name" if found.context else "name alone"
            if index in self._codes and index not in at_once:
                method = f"{found.context or 'name'}; agrees with another place in the text"
            listed.append((found, self._codes.get(index), method))
        return listed

    def _vouch(self, code: str) -> None:
        self._named.add(code)
        self._firm[self._regions.vouched(code)].add(code)

    def _spread(self, evidence: dict[str, set[str]], *, once: bool = False) -> None:
        is_changed = True
        while is_changed:
            is_changed = False
            for index, found in enumerate(self._finds):
                if index in self._codes:
                    continue
                fitting = [code for code in found.codes if code in self._named and not found.is_pair]
                fitting = fitting or self._vouched(found, evidence)
                if len(fitting) == 1:
                    self._codes[index] = fitting[0]
                    self._vouch(fitting[0])
                    is_changed = not once

    def _vouched(self, found: Found, evidence: dict[str, set[str]]) -> list[str]:
        """The readings of which another unit of a region around them is named, by the narrowest such region.

        A name is no evidence for itself, and a raion or powiat tells more than an oblast or voivodeship.
        """
        if found.is_weak:
            return []
        around = {code: self._regions.around(code) for code in found.codes}
        for depth in range(max(map(len, around.values()), default=0)):
            fitting = [
                code
                for code, regions in around.items()
                if depth < len(regions)
                and evidence.get(regions[depth], set()).difference(found.codes)
                and self._regions.is_enough(found, code, regions[depth])
            ]
            if fitting:
                return fitting
        return []


def without_overlaps(finds: Iterable[Found]) -> list[Found]:
    """The finds in order; of two that overlap the one with context, then the longer, stays."""
    kept: list[Found] = []
    for found in sorted(finds, key=lambda item: (not item.context, item.start - item.end, item.start)):
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda item: item.start)
