"""The words of a text and what each of them tells of its language.

A word tells the same wherever it stands, and texts repeat their words: what is told is kept for each run of characters between
spaces, for as many as a corpus commonly holds. It is kept as one number, of which 32 bits each are a count (letters, capitals,
the score of a language …), so that what all words of a text tell is one sum.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import Final, NamedTuple

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
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
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


SCORED: Final = tuple(sorted({*SMALL_WORDS, *LETTERS}))
"""The languages that words are witnesses of."""
_COUNTS = ("length", "number", "letters", "begins_small", "is_upper", "cyrillic", "latin")
_COUNTED = struct.Struct(f"<{len(_COUNTS)}I")
_LAYOUT = struct.Struct(f"<{len(_COUNTS) + len(SCORED) + len(MARKED_LETTERS)}I")
_LENGTH = (1 << 32) - 1  # the lowest count
_UNIT = 5040
"""What a small word of one language alone adds to its score: a number that 1 to 10 divide, as languages share words."""
_MARK = _UNIT * 3 // 2


class Words:
    """The words of a text without those of postal addresses, as counts.

    ``number``: how many; ``letters``, ``cyrillic`` and ``latin``: of all of them; ``begins_small`` and ``is_upper``: how many
    do or are. ``scores``: how much speaks for a language, one for each of its small words and 1.5 for each word with a letter
    of its own, in parts where several languages have them. ``foreign``: how many words a language is not written like.
    """

    def __init__(self, told: int, runs: Sequence[str], last: Sequence[Word]) -> None:
        """``told``: the sum of what the words tell, which stand in ``runs`` and in ``last``."""
        self._runs, self._last = runs, last
        counts = _LAYOUT.unpack(told.to_bytes(_LAYOUT.size, "little"))
        _, self.number, self.letters, self.begins_small, self.is_upper, self.cyrillic, self.latin = counts[: len(_COUNTS)]
        scores = zip(SCORED, counts[len(_COUNTS) : -len(MARKED_LETTERS)], strict=True)
        self.scores = {code: score / _UNIT for code, score in scores if score}
        self.foreign = dict(zip(MARKED_LETTERS, counts[-len(MARKED_LETTERS) :], strict=True))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words in small letters."""
        last = (word.text for word in self._last if not word.is_of_address)
        return (*chain.from_iterable(map(_texts.__getitem__, self._runs)), *last)

    def have_small_word_of(self, code: str) -> bool:
        """Whether one of them is a small word of the language."""
        return any(code in _LANGUAGES_OF_WORD.get(text, ()) for text in self.texts)


def words_of(text: str, most_letters: int) -> Words:
    """The words of the text up to the one that makes ``most_letters`` full, without those of postal addresses.

    Addresses of the web, numbers and marks of masks are no words. A text of a few thousand characters is meant: counts are
    held in 32 bits.
    """
    told = 0
    taken: list[str] = []
    rest = text
    while rest:
        runs = rest.split(None, _AT_ONCE)
        rest = runs.pop() if len(runs) > _AT_ONCE else ""
        with_these = sum(map(_told.__getitem__, runs), told)
        if with_these & _LENGTH >= most_letters:
            sums = [*accumulate(map(_told.__getitem__, runs), initial=told)]
            full_at = bisect_left(sums, most_letters, lo=1, key=lambda so_far: so_far & _LENGTH) - 1
            if runs[full_at].isalpha():
                return Words(sums[full_at + 1], [*taken, *runs[: full_at + 1]], ())
            last = _words_until(_words(runs[full_at]), most_letters - (sums[full_at] & _LENGTH))
            return Words(sums[full_at] + sum(map(_counts, last)), [*taken, *runs[:full_at]], last)
        told = with_these
        taken += runs
    return Words(told, taken, ())


def _words_until(words: Sequence[Word], most_letters: int) -> Sequence[Word]:
    return words[: bisect_left([*accumulate(word.length for word in words)], most_letters) + 1]


def _words(run: str) -> tuple[Word, ...]:
    """The words in a run of characters without white space."""
    bare = run[:-1] if run.endswith(_SIGNS) else run
    if bare.isalpha():  # most are: no noise and one word
        return (_word(bare),)
    return tuple(_word(match[0]) for match in _WORD.finditer(_NOISE.sub(" ", run)))


def _word(printed: str) -> Word:
    told = printed.translate(_APOSTROPHES)
    small = told.lower()
    beyond = _BEYOND_ASCII.findall(small) if not small.isascii() else []
    letters = _letters_tell(frozenset(beyond)) if beyond else _NOTHING
    latin = sum(map(letters.latin.__contains__, beyond))
    return Word(
        text=small,
        length=len(printed),
        begins_small=told[:1].islower(),
        is_upper=told.isupper(),
        is_of_address=small in _ADDRESS_WORDS,
        cyrillic=sum(map(letters.cyrillic.__contains__, beyond)),
        latin=len(small) - len(beyond) + latin,
        small=_LANGUAGES_OF_WORD.get(small, ()),
        marked=letters.marked,
        foreign=letters.foreign,
    )


class _Letters(NamedTuple):
    """What the letters of a word beyond a to z tell: which are Cyrillic, which Latin, and the languages as in `Word`."""

    cyrillic: frozenset[str]
    latin: frozenset[str]
    marked: tuple[str, ...]
    foreign: tuple[str, ...]


_NOTHING = _Letters(frozenset(), frozenset(), (), ())


@lru_cache(maxsize=4096)
def _letters_tell(letters: frozenset[str]) -> _Letters:
    alphabetic = {letter for letter in letters if letter.isalpha()}
    return _Letters(
        frozenset(letter for letter in letters if "\u0400" <= letter <= "\u04ff"),
        frozenset(letter for letter in letters if letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff"),
        tuple(sorted({code for letter in letters for code in _LANGUAGES_OF_LETTER.get(letter, ())})),
        tuple(code for code, own in _MARKED.items() if not alphabetic <= own) if alphabetic else (),
    )


def _counts(word: Word) -> int:
    """What a word tells, as one number; one of a postal address counts with its length alone."""
    if word.is_of_address:
        return word.length
    counts = (word.length, 1, len(word.text), word.begins_small, word.is_upper, word.cyrillic, word.latin)
    return int.from_bytes(_COUNTED.pack(*counts), "little") + _witness(word.small, word.marked, word.foreign)


@lru_cache(maxsize=4096)
def _witness(small: tuple[str, ...], marked: tuple[str, ...], foreign: tuple[str, ...]) -> int:
    """What speaks for languages and against them, as the upper part of such a number."""
    scores = dict.fromkeys(SCORED, 0)
    for code in small:
        scores[code] += _UNIT // len(small)
    for code in marked:
        scores[code] += _MARK // len(marked)
    no_counts = (0,) * len(_COUNTS)
    return int.from_bytes(_LAYOUT.pack(*no_counts, *scores.values(), *(code in foreign for code in MARKED_LETTERS)), "little")


def _told_by(run: str) -> int:
    return _one_object(sum(map(_counts, _words(run))))


@lru_cache(maxsize=4096)
def _one_object(told: int) -> int:
    """Equal numbers as one object: thousands of words tell one of three hundred, which then lie in the processor's cache."""
    return told


def _texts_in(run: str) -> tuple[str, ...]:
    return tuple(word.text for word in _words(run) if not word.is_of_address)


_told = Kept(_told_by, _KEPT, _LONGEST_KEPT)
_texts = Kept(_texts_in, _KEPT, _LONGEST_KEPT)  # asked for few texts alone
