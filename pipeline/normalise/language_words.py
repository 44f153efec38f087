"""The words of a text and what each of them tells of its language.

A word tells the same wherever it stands, and texts repeat their words: what is told is kept for each run of characters between
spaces, for as many as a corpus commonly holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, NamedTuple

from pipeline.normalise.kept import Kept
from pipeline.normalise.language_marks import LETTERS, MARKED_LETTERS, SMALL_WORDS

_KEPT = 1 << 16
_AT_ONCE = 256  # runs: as many as commonly hold the letters that count
_LONGEST_KEPT = 64  # characters; longer runs are addresses or glued text, and no text repeats them
_NOISE = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+\.(?:pl|com|org|net|eu|ua|gov|edu|html?|php)\b\S*|\[(?:e-mail|telefon)\]|\S*[\d_]\S*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_ADDRESS_WORDS = frozenset(
    "ul ulica al aleja pl plac os tel telefon fax faks kom e-mail mail www email poczta вул вулиця просп тел факс моб nr street"
    " phone adres lok m tel./fax".split()
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ", "'"))
_LANGUAGES_OF_WORD: dict[str, tuple[str, ...]] = {}
for _code, _small in SMALL_WORDS.items():
    for _one in _small.split():
        _LANGUAGES_OF_WORD[_one] = (*_LANGUAGES_OF_WORD.get(_one, ()), _code)
_LANGUAGES_OF_LETTER: dict[str, tuple[str, ...]] = {}
for _code, _letters in LETTERS.items():
    for _one in _letters:
        _LANGUAGES_OF_LETTER[_one] = (*_LANGUAGES_OF_LETTER.get(_one, ()), _code)


class Word(NamedTuple):
    """A word in small letters with what it tells.

    ``small``: languages that have it as a small word; ``marked``: those one of its letters speaks for; ``foreign``: those
    that are not written with one of its letters.
    """

    text: str
    length: int
    begins_small: bool
    is_upper: bool
    is_of_address: bool
    cyrillic: int
    latin: int
    small: tuple[str, ...]
    marked: tuple[str, ...]
    foreign: tuple[str, ...]


class Words:
    """The words of a text, as columns: what each of them tells stands at its place. ``letters``: of all of them."""

    def __init__(self, words: Sequence[Word]) -> None:
        columns: tuple[Any, ...] = tuple(zip(*words, strict=True)) if words else ((),) * len(Word._fields)
        self.texts: tuple[str, ...] = columns[0]
        self.begins_small: tuple[bool, ...] = columns[2]
        self.is_upper: tuple[bool, ...] = columns[3]
        self.cyrillic: tuple[int, ...] = columns[5]
        self.latin: tuple[int, ...] = columns[6]
        self.small: tuple[tuple[str, ...], ...] = columns[7]
        self.marked: tuple[tuple[str, ...], ...] = columns[8]
        self.foreign: tuple[tuple[str, ...], ...] = columns[9]
        self.letters = sum(map(len, self.texts))

    def __len__(self) -> int:
        return len(self.texts)


def words_of(text: str, most_letters: int) -> Words:
    """The words of the text up to the one that makes ``most_letters`` full, without those of postal addresses.

    Addresses of the web, numbers and marks of masks are no words.
    """
    found: list[Word] = []
    letters = 0
    runs = text.split()
    for start in range(0, len(runs), _AT_ONCE):
        part = [*chain.from_iterable(map(_known.__getitem__, runs[start : start + _AT_ONCE]))]
        found += part
        letters += sum(map(_LENGTH, part))
        if letters > most_letters:
            whole = list(accumulate(map(_LENGTH, found)))
            found = found[: bisect_left(whole, most_letters) + 1]
            break
    return Words([word for word in found if not word.is_of_address] if any(map(_IS_OF_ADDRESS, found)) else found)


def _words(run: str) -> tuple[Word, ...]:
    """The words in a run of characters without white space."""
    return tuple(_word(match[0]) for match in _WORD.finditer(_NOISE.sub(" ", run)))


_known = Kept(_words, _KEPT, _LONGEST_KEPT)
_LENGTH = attrgetter("length")
_IS_OF_ADDRESS = attrgetter("is_of_address")


def _word(printed: str) -> Word:
    told = printed.translate(_APOSTROPHES)
    small = told.lower()
    beyond = [letter for letter in small if letter > "\u007f" and letter.isalpha()]
    return Word(
        text=small,
        length=len(printed),
        begins_small=told[:1].islower(),
        is_upper=told.isupper(),
        is_of_address=small in _ADDRESS_WORDS,
        cyrillic=sum(1 for letter in small if "\u0400" <= letter <= "\u04ff"),
        latin=sum(1 for letter in small if letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff"),
        small=_LANGUAGES_OF_WORD.get(small, ()),
        marked=tuple(sorted({code for letter in small for code in _LANGUAGES_OF_LETTER.get(letter, ())})),
        foreign=tuple(code for code, own in MARKED_LETTERS.items() if any(letter not in own for letter in beyond)),
    )
