"""The Polish dictionary of Morfeusz: what a word can be."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

import morfeusz2


@cache
def morfeusz() -> morfeusz2.Morfeusz:
    """The dictionary, for analysis alone: one for all that ask it, since each takes 0.05 s to open."""
    return morfeusz2.Morfeusz(expand_tags=False, generate=False)


@lru_cache(maxsize=20_000)
def analyses(word: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Readings of a Polish word: lemma, tag, and kinds of name ("imię", "nazwisko", "nazwa_geograficzna").

    A word of several parts ("Żółć-Kowalska") has the readings of its last.
    """
    try:
        readings = morfeusz().analyse(word)
    except UnicodeEncodeError:  # lone surrogates stand in broken pages
        return ()
    last = max((end for _, end, _ in readings), default=0)
    return tuple((form[1], form[2], tuple(form[3])) for _, end, form in readings if end == last)


def cases_of(tags: Iterable[str], number: str = "sg") -> frozenset[str]:
    """Cases that the tags of Morfeusz name in the ``number`` (sg, pl): nom, gen, dat, acc, inst, loc, voc."""
    found: set[str] = set()
    for tag in tags:
        parts = tag.split(":")
        if len(parts) > 2 and number in parts[1].split("."):
            found.update(parts[2].split("."))
    return frozenset(found)
