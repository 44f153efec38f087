"""The search index of the explorer: every folded word with the records it stands in, as the page carries it.

Layout, read by ``web/search.js``: words sorted by code point, one a line; for each word the byte length of its postings; the
postings themselves, for each record in rising order ``(record - previous record) * 4 + level``. Lengths and postings are
unsigned LEB128 numbers. The level tells where the word stands best: 2 title, 1 facts, summary and headings, 0 body or id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.explorer.folding import words

TITLE: Final = 2
FACTS: Final = 1
BODY: Final = 0
ID: Final = -1
"""Level of an id when texts are added: it stands where bodies do, and its numbers may be long."""

_LONGEST_WORD = 40
_LONGEST_NUMBER = 6
"""Digits of the longest number indexed: nobody looks for longer ones in a body, and none can be anybody's telephone."""


class Postings:
    """Collects the words of records, which come in rising order."""

    def __init__(self) -> None:
        self._of_word: dict[str, bytearray] = {}
        self._last: dict[str, int] = {}

    def add(self, record: int, texts: Iterable[tuple[int, str | None]]) -> None:
        """Takes the texts of one record, each with its level."""
        of_level: dict[int, list[str]] = {}
        for level, text in texts:
            if text:
                of_level.setdefault(level, []).append(text)
        known: set[str] = set()
        for level in sorted(of_level, reverse=True):
            found = words("\n".join(of_level[level])) - known
            known |= found
            for word in found:
                if len(word) > _LONGEST_NUMBER and (len(word) > _LONGEST_WORD or (word.isdigit() and level != ID)):
                    continue
                held = self._of_word.get(word)
                if held is None:
                    held = self._of_word[word] = bytearray()
                _append(held, (record - self._last.get(word, 0)) * 4 + max(level, BODY))
                self._last[word] = record

    def blocks(self) -> tuple[bytes, bytes, bytes]:
        """Vocabulary, lengths and postings."""
        vocabulary = sorted(self._of_word)
        lengths = bytearray()
        for word in vocabulary:
            _append(lengths, len(self._of_word[word]))
        return "\n".join(vocabulary).encode(), bytes(lengths), b"".join(self._of_word[word] for word in vocabulary)


def _append(target: bytearray, number: int) -> None:
    while number > 0x7F:
        target.append(number & 0x7F | 0x80)
        number >>= 7
    target.append(number)
