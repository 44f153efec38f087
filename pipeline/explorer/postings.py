"""The search index of the explorer: every folded word with the records it stands in, as the page carries it.

Layout, read by ``web/search.js``: words sorted by code point, one a line; for each word the byte length of its postings; the
postings themselves, for each record in rising order ``(record - previous record) * 4 + level``. Lengths and postings are
unsigned LEB128 numbers. The level tells where the word stands best: 2 title, 1 facts, summary and headings, 0 body or id.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.explorer.folding import words
from pipeline.normalise.kept import Kept

TITLE: Final = 2
FACTS: Final = 1
BODY: Final = 0
ID: Final = -1
"""Level of an id when texts are added: it stands where bodies do, and its numbers may be long."""

_OF_ID = 3
"""How ID is written where the two lowest bits of a number hold the level."""
_LONGEST_WORD = 40
_LONGEST_NUMBER = 6
"""Digits of the longest number indexed: nobody looks for longer ones in a body, and none can be anybody's telephone."""
_EVERYWHERE, _AS_ID, _NOWHERE = range(3)
"""Where a word is indexed."""
_MOST_WAITING = 1 << 18
_MOST_KEPT = 1 << 17
_LONGEST_KEPT = 64

_Numbers = npt.NDArray[np.int64]


class Postings:
    """Collects the words of records, which come in rising order."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()
        self._packed: dict[int, bytearray] = {}
        self._last: _Numbers = np.zeros(0, np.int64)
        self._numbers = array("q")
        self._records = array("q")  # each with its level, record * 4 + level

    def add(self, record: int, texts: Iterable[tuple[int, str | None]]) -> None:
        """Takes the texts of one record, each with its level."""
        of_level: dict[int, list[str]] = {}
        for level, text in texts:
            if text:
                of_level.setdefault(level, []).append(text)
        known: set[int] = set()
        for level in sorted(of_level, reverse=True):
            found = self._vocabulary.numbers("\n".join(of_level[level])) - known
            known |= found
            self._numbers.extend(found)
            self._records.extend([record * 4 + (_OF_ID if level == ID else level)] * len(found))
        if len(self._numbers) >= _MOST_WAITING:
            self._pack()

    def blocks(self) -> tuple[bytes, bytes, bytes]:
        """Vocabulary, lengths and postings."""
        self._pack()
        held = sorted((self._vocabulary.words[number], packed) for number, packed in self._packed.items())
        lengths, _ = _leb128(np.array([len(packed) for _, packed in held], np.int64))
        return "\n".join(word for word, _ in held).encode(), lengths, b"".join(packed for _, packed in held)

    def _pack(self) -> None:
        """Takes what waits into the postings of its words, all of them at once: a posting alone costs more than its bytes."""
        numbers, records = np.array(self._numbers, np.int64), np.array(self._records, np.int64)
        del self._numbers[:], self._records[:]
        indexed = self._vocabulary.indexed()
        is_of_id = records & 3 == _OF_ID
        kept = indexed[numbers] <= np.where(is_of_id, _AS_ID, _EVERYWHERE)
        order = np.flatnonzero(kept)[np.argsort(numbers[kept], kind="stable")]
        if not len(order):
            return
        numbers, levels, records = numbers[order], np.where(is_of_id, BODY, records & 3)[order], records[order] >> 2
        self._last = np.concatenate((self._last, np.zeros(len(indexed) - len(self._last), np.int64)))
        is_first = np.concatenate(([True], numbers[1:] != numbers[:-1]))
        starts = np.flatnonzero(is_first)
        before = np.where(is_first, self._last[numbers], np.roll(records, 1))
        ends = np.append(starts[1:], len(numbers))
        self._last[numbers[starts]] = records[ends - 1]
        packed, places = _leb128((records - before) * 4 + levels)
        for number, start, end in zip(numbers[starts].tolist(), places[starts].tolist(), places[ends].tolist(), strict=True):
            self._packed.setdefault(number, bytearray()).extend(packed[start:end])


class _Vocabulary:
    """Folded words by their numbers, in the order they came. Runs of characters that come again are read once."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._indexed = bytearray()
        self._numbers: dict[str, int] = {}
        self._of_run: Kept[tuple[int, ...]] = Kept(self._numbers_of, _MOST_KEPT, _LONGEST_KEPT)

    def numbers(self, text: str) -> set[int]:
        """The distinct words of a text."""
        return set(chain.from_iterable(map(self._of_run.__getitem__, set(text.split()))))

    def indexed(self) -> npt.NDArray[np.uint8]:
        """Where each word is indexed."""
        return np.frombuffer(bytes(self._indexed), np.uint8)

    def _numbers_of(self, run: str) -> tuple[int, ...]:
        """The words in a run of characters without white space, which no word reaches beyond."""
        return tuple(map(self._number, words(run)))

    def _number(self, word: str) -> int:
        known = self._numbers.get(word)
        if known is not None:
            return known
        is_number = word.isdigit() and len(word) > _LONGEST_NUMBER
        self._indexed.append(_NOWHERE if len(word) > _LONGEST_WORD else _AS_ID if is_number else _EVERYWHERE)
        self._numbers[word] = len(self.words)
        self.words.append(word)
        return self._numbers[word]


def _leb128(numbers: _Numbers) -> tuple[bytes, _Numbers]:
    """The numbers as unsigned LEB128, and where each of them begins; the end of the last one closes the list."""
    sizes = np.ones(len(numbers), np.int64)
    rest = numbers >> 7
    while rest.any():
        sizes += rest > 0
        rest >>= 7
    places = np.concatenate(([0], np.cumsum(sizes)))
    packed = np.empty(places[-1], np.uint8)
    for place in range(int(sizes.max(initial=0))):
        has = sizes > place
        more = np.where(sizes[has] > place + 1, 0x80, 0)
        packed[places[:-1][has] + place] = numbers[has] >> 7 * place & 0x7F | more
    return packed.tobytes(), places
