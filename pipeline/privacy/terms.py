"""Terms by which a person is known, and whether a text holds one: compared without case, marks over letters and spacing.

A term is words (a name, an e-mail address) or digits (a telephone, a number of identity). Its words stand in a text when they
follow each other with nothing but signs between them; the first may be the end of a longer word and the last the beginning
of one (an initial is neither), so that no stretch of letters that spells the term is left. Digits stand in a text with any
spacing, and as a whole number: not within another one.

A list of terms keeps none of them: only how many letters each word has, and a keyed digest. See `pipeline.privacy.objections`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from pipeline.errors import UsageError

FEWEST_LETTERS: Final = 5
FEWEST_DIGITS: Final = 7
"""A shorter term would hit half of any archive."""
MOST_WORDS: Final = 12

Kind = Literal["words", "digits"]

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20d0-\u20ff\ufe00-\ufe0f\ufeff]+"
)
"""Marks over letters and characters that are not seen: soft hyphens, joiners, direction marks."""
_ALIKE = (("ł", "l"), ("đ", "d"), ("ø", "o"), ("ı", "i"), ("ʼ", "'"), ("ʹ", "'"))
"""Letters that Unicode takes for letters of their own and people leave out or write otherwise."""
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d(?:[\s().+_/\-\u2010-\u2015\u2212]{0,4}\d)+")
_GROUP = re.compile(r"\d+")
_ONLY_DIGITS = re.compile(r"[\d\s().+/\-\u2010-\u2015\u2212]+")
_INSTEAD_OF_SIGN = re.compile(r"[\[({<]\s{0,3}(?:at|malpa|dot|kropka|ravlik)\s{0,3}[\])}>]")
"""What stands for @ and for the dot in addresses that are to be hidden from machines."""
_COUNTRIES = (("0048", 13), ("48", 11), ("00380", 14), ("380", 12))
_BEFORE_NUMBER = ("0048", "00380", "48", "380", "0")
"""What may stand before a number without a space: codes of countries, the old trunk 0."""
_MISSES_KEPT = 300_000


class Term(NamedTuple):
    """A term in the form in which it is compared: its words, or its digits as one piece."""

    kind: Kind
    pieces: tuple[str, ...]


class Mark(NamedTuple):
    """What a list keeps of a term: the lengths of its pieces and a keyed digest in hex. Nobody without the key can test it."""

    kind: Kind
    shape: tuple[int, ...]
    digest: str


def folded(text: str) -> str:
    """The text as it is compared: small letters without marks, compatibility forms and look-alikes made one."""
    if text.isascii():
        return text.lower()
    # In this order: "ﬁ" is to become two letters before capitals go, and İ brings a mark of its own.
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())
    for letter, alike in _ALIKE:
        plain = plain.replace(letter, alike)
    return plain


def term_of(text: str) -> Term:
    """The term that a person wrote. Raises UsageError for one that is too short or too long to be looked for."""
    plain = _INSTEAD_OF_SIGN.sub(" ", folded(text))
    if _ONLY_DIGITS.fullmatch(plain.strip()) and any(character.isdigit() for character in plain):
        digits = _national("".join(character for character in plain if character.isdigit()))
        if len(digits) < FEWEST_DIGITS:
            raise UsageError(f"a number of {len(digits)} digits says nothing of a person; give the whole number")
        return Term("digits", (digits,))
    words = tuple(_WORD.findall(plain))
    if sum(map(len, words)) < FEWEST_LETTERS:
        raise UsageError(f"a term of fewer than {FEWEST_LETTERS} letters would hit half of the archive; give the whole name")
    if len(words) > MOST_WORDS:
        raise UsageError(f"a term of {len(words)} words; a name, an e-mail address or a number has {MOST_WORDS} at most")
    return Term("words", words)


def mark_of(term: Term, key: bytes) -> Mark:
    """What a list keeps of the term."""
    return Mark(term.kind, tuple(map(len, term.pieces)), _digest(key, term.kind, " ".join(term.pieces)))


class Matcher:
    """Looks for many terms at once, knowing their marks alone. True when there is any."""

    def __init__(self, key: bytes, marks: Iterable[Mark]) -> None:
        """``key`` is the one the marks were made with."""
        self._key = key
        self._digests: dict[Kind, dict[tuple[int, ...], set[str]]] = {"words": {}, "digits": {}}
        for mark in marks:
            self._digests[mark.kind].setdefault(mark.shape, set()).add(mark.digest)
        self._misses: set[str] = set()

    def __bool__(self) -> bool:
        return any(self._digests.values())

    def holds(self, *texts: str) -> bool:
        """Whether one of the texts holds a term."""
        return self.holds_any(texts)

    def holds_any(self, texts: Iterable[str]) -> bool:
        """Whether one of the texts holds a term; the texts are taken one by one until one does."""
        return bool(self) and any(self._holds(text) for text in texts)

    def _holds(self, text: str) -> bool:
        plain = folded(text)
        if self._digests["digits"] and any(self._is_term("digits", shape, digits) for shape, digits in self._numbers(plain)):
            return True
        if not self._digests["words"]:
            return False
        words = _WORD.findall(_INSTEAD_OF_SIGN.sub(" ", plain))
        return any(
            self._is_term("words", shape, window) for shape in self._digests["words"] for window in set(_windows(words, shape))
        )

    def _numbers(self, plain: str) -> Iterator[tuple[tuple[int, ...], str]]:
        for run in _DIGITS.finditer(plain):
            digits, starts, ends = _groups(run[0])
            for shape in self._digests["digits"]:
                for start in starts:
                    if start + shape[0] in ends:
                        yield shape, digits[start : start + shape[0]]

    def _is_term(self, kind: Kind, shape: tuple[int, ...], window: str) -> bool:
        if window in self._misses:  # the words of one page are those of the next
            return False
        if _digest(self._key, kind, window) in self._digests[kind][shape]:
            return True
        if len(self._misses) >= _MISSES_KEPT:
            self._misses.clear()
        self._misses.add(window)
        return False


def _windows(words: list[str], shape: tuple[int, ...]) -> Iterator[str]:
    """Every stretch of the words that has the shape: the end of one, whole ones, the beginning of one."""
    if len(shape) == 1:
        length = shape[0]
        for word in set(words):
            for start in range(len(word) - length + 1):
                yield word[start : start + length]
        return
    first, last, between = shape[0], shape[-1], shape[1:-1]
    neighbours = pairwise(words) if not between else zip(*(words[number:] for number in range(len(shape))), strict=False)
    for found in set(neighbours):
        middle = found[1:-1]
        if _ends(found[0], first) and _ends(found[-1], last) and tuple(map(len, middle)) == between:
            yield " ".join((found[0][-first:], *middle, found[-1][:last]))


def _ends(word: str, length: int) -> bool:
    """Whether a word may hold the first or last piece of a term: an initial is a word of its own."""
    return len(word) == 1 if length == 1 else len(word) >= length


def _groups(run: str) -> tuple[str, set[int], set[int]]:
    """The digits of a run, where a number in it may begin (behind a code of a country, too), and where it may end."""
    digits = ""
    starts: set[int] = set()
    ends: set[int] = set()
    for group in _GROUP.findall(run):
        starts |= {len(digits), *(len(digits) + len(code) for code in _BEFORE_NUMBER if group.startswith(code))}
        digits += group
        ends.add(len(digits))
    return digits, starts, ends


def _national(digits: str) -> str:
    """A Polish or Ukrainian telephone without what is written before it for calls from elsewhere."""
    for prefix, length in _COUNTRIES:
        if digits.startswith(prefix) and len(digits) == length:
            return digits[len(prefix) :]
    return digits[1:] if digits.startswith("0") and len(digits) == 10 else digits


def _digest(key: bytes, kind: str, window: str) -> str:
    data = f"{kind}\0{window}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, key=key, digest_size=20).hexdigest()
