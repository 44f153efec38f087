"""The words of a text and what each of them tells of its language.

A word tells the same wherever it stands, and texts repeat their words: what is told is kept for each run of characters between
spaces, for as many as a corpus commonly holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, chain, compress
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
_SIGNS = (",", ".", ":", ";")
_ADDRESS_WORDS = frozenset(
    "ul ulica al aleja pl plac os tel telefon fax faks kom e-mail mail www email poczta вул вулиця просп тел факс моб nr street"
    " phone adres lok m tel./fax".split()
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ", "'"))
_LANGUAGES_OF_WORD: dict[str, tuple[str, ...]] = {}
for _code, _small in SMALL_WORDS.items():
    for _one in _small.split():
        _LANGUAGES_OF_WORD[_one] = (*_LANGUAGES_OF_WORD.get(_one, ()), _code)
_LANGUAGES_OF_LETTER: dict[str, tuple[str, ...]] = {}  # none of them is ASCII
for _code, _letters in LETTERS.items():
    for _one in _letters:
        _LANGUAGES_OF_LETTER[_one] = (*_LANGUAGES_OF_LETTER.get(_one, ()), _code)
_MARKED = {code: frozenset(own) for code, own in MARKED_LETTERS.items()}


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


_LENGTH = Word._fields.index("length")
_IS_OF_ADDRESS = Word._fields.index("is_of_address")


class Words:
    """The words of a text, as columns: what each of them tells stands at its place. ``letters``: of all of them."""

    def __init__(self, columns: Sequence[tuple[Any, ...]]) -> None:
        """``columns``: the fields of all words, one after the other."""
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
    columns: tuple[tuple[Any, ...], ...] = ((),) * len(Word._fields)
    rest = text
    while rest:
        runs = rest.split(None, _AT_ONCE)
        rest = runs.pop() if len(runs) > _AT_ONCE else ""
        found += chain.from_iterable(map(_known.__getitem__, runs))
        columns = tuple(zip(*found, strict=True)) or columns
        if sum(columns[_LENGTH]) > most_letters:
            end = bisect_left([*accumulate(columns[_LENGTH])], most_letters) + 1
            columns = tuple(column[:end] for column in columns)
            break
    if True in columns[_IS_OF_ADDRESS]:
        is_kept = [not is_of_address for is_of_address in columns[_IS_OF_ADDRESS]]
        columns = tuple(tuple(compress(column, is_kept)) for column in columns)
    return Words(columns)


def _words(run: str) -> tuple[Word, ...]:
    """The words in a run of characters without white space."""
    bare = run[:-1] if run.endswith(_SIGNS) else run
    if bare.isalpha():  # most are: no noise and one word
        return (_word(bare),)
    return tuple(_word(match[0]) for match in _WORD.finditer(_NOISE.sub(" ", run)))


_known = Kept(_words, _KEPT, _LONGEST_KEPT)


def _word(printed: str) -> Word:
    told = printed.translate(_APOSTROPHES)
    small = told.lower()
    beyond = [letter for letter in small if letter > "\u007f"] if not small.isascii() else []
    cyrillic = sum(1 for letter in beyond if "\u0400" <= letter <= "\u04ff")
    latin = sum(1 for letter in beyond if letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff")
    letters = {letter for letter in beyond if letter.isalpha()}
    return Word(
        text=small,
        length=len(printed),
        begins_small=told[:1].islower(),
        is_upper=told.isupper(),
        is_of_address=small in _ADDRESS_WORDS,
        cyrillic=cyrillic,
        latin=len(small) - len(beyond) + latin,
        small=_LANGUAGES_OF_WORD.get(small, ()),
        marked=tuple(sorted({code for letter in beyond for code in _LANGUAGES_OF_LETTER.get(letter, ())})) if beyond else (),
        foreign=tuple(code for code, own in _MARKED.items() if not letters <= own) if letters else (),
    )
