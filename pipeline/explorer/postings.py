"""The search index of the explorer: every folded word with the records it stands in, as the page carries it.

Layout, read by ``web/search.js``: words sorted by code point, one a line; for each word the byte length of its postings; the
postings themselves, for each record in rising order ``(record - previous record) * 4 + level``. Lengths and postings are
unsigned LEB128 numbers. The level tells where the word stands best: 2 title, 1 facts, summary and headings, 0 body or id.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

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
_MOST_AT_ONCE = 1 << 18
_MOST_KEPT = 1 << 17
_LONGEST_KEPT = 64

FOUND: Final = np.uint32
Found = npt.NDArray[np.uint32]
_Numbers = npt.NDArray[np.int64]


class RecordWords(NamedTuple):
    """The words of a record: their numbers in the vocabulary, and for each the level where it stands best."""

    numbers: Found
    levels: Found


class Postings:
    """Collects the words of records, which come in rising order."""

    def __init__(self, vocabulary: Iterable[str] = ()) -> None:
        """``vocabulary``: words whose numbers are known already; those that no record has are left out in the end."""
        self._vocabulary = _Vocabulary(vocabulary)
        self._numbers = array("I")
        self._records = array("I")  # each with its level, record * 4 + level

    @property
    def vocabulary(self) -> list[str]:
        """All words by their numbers, whether they are indexed or not."""
        return self._vocabulary.words

    def numbers_of(self, words: Iterable[str]) -> Found:
        """The numbers of words in the vocabulary, which takes those that it does not know."""
        return np.array([self._vocabulary.number(word) for word in words], FOUND)

    def words_of(self, texts: Iterable[tuple[int, str | None]]) -> RecordWords:
        """The words of the texts of one record, each text with its level."""
        of_level: dict[int, list[str]] = {}
        for level, text in texts:
            if text:
                of_level.setdefault(level, []).append(text)
        known: set[int] = set()
        numbers, levels = array("I"), array("I")
        for level in sorted(of_level, reverse=True):
            found = self._vocabulary.numbers("\n".join(of_level[level])) - known
            known |= found
            numbers.extend(found)
            levels.extend([_OF_ID if level == ID else level] * len(found))
        return RecordWords(np.array(numbers, FOUND), np.array(levels, FOUND))

    def add(self, record: int, words: RecordWords, counts: Sequence[int] | None = None) -> None:
        """Takes the words of one record, or of several one after the other; ``counts``: how many each of those has."""
        several = [len(words.numbers)] if counts is None else counts
        records = np.arange(record, record + len(several), dtype=FOUND) * FOUND(4)
        self._numbers.frombytes(words.numbers.tobytes())
        self._records.frombytes((words.levels + np.repeat(records, several)).tobytes())

    def blocks(self) -> tuple[bytes, bytes, bytes]:
        """Vocabulary, lengths and postings."""
        numbers, records = np.frombuffer(self._numbers, FOUND), np.frombuffer(self._records, FOUND)
        words = self._vocabulary.words
        by_word = sorted(range(len(words)), key=words.__getitem__)
        rank = np.empty(len(words), np.int64)
        rank[by_word] = np.arange(len(words))
        indexed = self._vocabulary.indexed()
        order = np.empty(len(numbers), np.int64)
        end = 0
        for at in range(0, len(numbers), _MOST_AT_ONCE):  # what is in work for a while is small: the system clears it each time
            some, of = numbers[at : at + _MOST_AT_ONCE], records[at : at + _MOST_AT_ONCE]
            kept = indexed[some] <= np.where(of & FOUND(3) == _OF_ID, np.uint8(_AS_ID), np.uint8(_EVERYWHERE))
            # Word and record in one number: sorting it is sorting by both. A level takes two bits of the lower half.
            found = rank[some[kept]] << 32 | of[kept]
            order[end : end + len(found)] = found
            end += len(found)
        order = order[:end]
        order.sort()
        starts = _firsts(order)
        present = order[starts] >> 32
        packed: list[bytes] = []
        lengths: list[_Numbers] = []
        for first, last in _stretches(starts, len(order)):
            run, sizes = _packed(order[first:last])
            packed.append(run)
            lengths.append(sizes)
        told, _ = _leb128(np.concatenate(lengths) if lengths else np.zeros(0, np.int64))
        return "\n".join(words[by_word[number]] for number in present.tolist()).encode(), told, b"".join(packed)


def _stretches(starts: _Numbers, end: int) -> Iterator[tuple[int, int]]:
    """Where to cut the postings, between two words, so that few are in work at a time."""
    first = 0
    for start in starts.tolist():
        if start - first >= _MOST_AT_ONCE:
            yield first, start
            first = start
    if end > first:
        yield first, end


def _firsts(order: _Numbers) -> _Numbers:
    """Where the first postings of words stand."""
    found: list[_Numbers] = []
    for at in range(0, len(order), _MOST_AT_ONCE):
        before = max(0, at - 1)
        found.append(np.flatnonzero(_is_first(order[before : at + _MOST_AT_ONCE])[at - before :]) + at)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _is_first(order: _Numbers) -> npt.NDArray[np.bool_]:
    """Which postings are the first of their word."""
    words = order >> 32
    return np.concatenate((np.ones(min(1, len(words)), np.bool_), words[1:] != words[:-1]))


def _packed(order: _Numbers) -> tuple[bytes, _Numbers]:
    """Some postings as the page has them, and how many bytes those of each word take."""
    records, levels = (order & 0xFFFFFFFF) >> 2, order & 3
    levels = np.where(levels == _OF_ID, BODY, levels)
    is_first = _is_first(order)
    before = np.where(is_first, 0, np.roll(records, 1))
    packed, places = _leb128((records - before) * 4 + levels)
    ends = places[np.append(np.flatnonzero(is_first), len(order))]
    return packed, np.diff(ends)


class _Vocabulary:
    """Folded words by their numbers, in the order they came. Runs of characters that come again are read once."""

    def __init__(self, known: Iterable[str]) -> None:
        self.words: list[str] = []
        self._indexed = bytearray()
        self._numbers: dict[str, int] = {}
        for word in known:
            self.number(word)
        self._of_run: Kept[tuple[int, ...]] = Kept(self._numbers_of, _MOST_KEPT, _LONGEST_KEPT)

    def numbers(self, text: str) -> set[int]:
        """The distinct words of a text."""
        return set(chain.from_iterable(map(self._of_run.__getitem__, text.split())))

    def indexed(self) -> npt.NDArray[np.uint8]:
        """Where each word is indexed."""
        return np.frombuffer(bytes(self._indexed), np.uint8)

    def _numbers_of(self, run: str) -> tuple[int, ...]:
        """The words in a run of characters without white space, which no word reaches beyond."""
        return tuple(map(self.number, words(run)))

    def number(self, word: str) -> int:
        """The number of a word, a new one where it has none."""
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
