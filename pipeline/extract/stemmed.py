"""Patterns that are searched for only in texts that hold one of the words they cannot do without.

Most sentences tell of no agreement and no founding. A long pattern takes some 20 µs to find that out, a look for its stems 1.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from pipeline.normalise.kept import Kept

_LONGEST_STEM = 6
_LONGEST_KEPT = 5_000  # characters
# A private part of the standard library. Without it every text is searched, which costs time and nothing else.
_PARSER: Any = vars(re).get("_parser")
_REPEATS = frozenset(("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"))


class Stemmed:
    """A compiled pattern with the methods of one, asked only about texts that hold one of its ``stems``."""

    def __init__(self, pattern: str) -> None:
        """``pattern`` is read without regard to capitals."""
        self.pattern = pattern
        self._compiled = re.compile(pattern, re.IGNORECASE)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """What every match holds one of."""
        return stems_of(self._compiled)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self._compiled.search(text, start, end) if self.may_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self._compiled.match(text) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self._compiled.fullmatch(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self._compiled.finditer(text) if self.may_match(text) else iter(())

    def may_match(self, text: str) -> bool:
        """Whether a match in the text is not ruled out; asked about a whole page, it spares its sentences the question."""
        if not self.stems:
            return True
        plain = without_case(text)
        for stem in self.stems:  # noqa: SIM110 - any() over a generator takes twice as long
            if stem in plain:
                return True
        return False


def without_case(text: str) -> str:
    """``text`` so that what `re.IGNORECASE` takes for the same letter is the same letter."""
    return _known[text]


def _without_case(text: str) -> str:
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


_known = Kept(_without_case, 256, _LONGEST_KEPT)  # a sentence is shown to one pattern after the other


def stems_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Beginnings of words, one of which stands in every match, as `without_case` writes them; empty when none is known."""
    if _PARSER is None:
        return ()
    literals = _literals(_PARSER.parse(pattern.pattern, pattern.flags & ~re.UNICODE)) or frozenset()
    stems = {literal[:_LONGEST_STEM] for literal in literals}
    return tuple(sorted(stem for stem in stems if not any(other in stem for other in stems - {stem})))


def _literals(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Texts of which every match of a parsed pattern holds one: the set whose shortest is longest, None when there is none."""
    best: frozenset[str] | None = None
    run = ""
    for operation, argument in [*parsed, ("END", None)]:
        name = str(operation)
        if name == "LITERAL":
            run += without_case(chr(argument))
        elif name != "AT":  # a place between two characters
            best = _better(best, frozenset((run,)) if run else None)
            run = ""
            best = _better(best, _inner(name, argument))
    return best


def _inner(name: str, argument: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _literals(argument[3])
    if name == "BRANCH":
        branches = [_literals(branch) for branch in argument[1]]
        known = [branch for branch in branches if branch is not None]
        return frozenset().union(*known) if len(known) == len(branches) else None
    if name in _REPEATS and argument[0] > 0:
        return _literals(argument[2])
    return None


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    known = [literals for literals in (one, other) if literals]
    return max(known, key=lambda literals: (min(map(len, literals)), -len(literals))) if known else None
