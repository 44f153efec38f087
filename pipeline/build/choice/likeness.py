"""Whether two texts are the same text: signatures that find candidates, and the word-by-word comparison that decides.

A page fetched twice differs by what is added or left out (a credit, a counter, a menu line). Two pages made from one template
differ by what stands *in place of* each other: names and numbers. So texts with a name or a number replaced are two texts,
however alike they are otherwise.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

LEAST_WORDS: Final = 40
"""Shorter texts are the same only when they are equal."""
LEAST_EQUAL_WORDS: Final = 8
"""Still shorter ones ("page under construction") tell nothing even when they are equal."""
LEAST_LIKENESS: Final = 0.8
"""Share of words two texts must have in common, in order. Measured in tests/build/test_duplicates.py."""
LEAST_ESTIMATE: Final = 0.55
"""Estimated Jaccard index of shingles below which two texts are not compared: 0.8 of the words can be fewer of the shingles."""
_BANDS: Final = 32
_ROWS: Final = 3
_SHINGLE: Final = 3
_MAX_WORDS: Final = 20_000
_AT_ONCE: Final = 1024
"""Shingles whose hashes are in memory at once: some 800 KB, which caches of processors hold."""
_EDGE_LINES: Final = 3
_FURNITURE_WORDS: Final = 8
_ANCHOR: Final = 4  # words of a run that two texts are laid beside each other by
_MAX_GAP: Final = 1_000_000  # product of the lengths beyond which two passages are held to be different
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_seeds = np.random.Generator(np.random.PCG64(20260901))  # fixed: signatures are the same in every process
_FACTORS: Final = _seeds.integers(1, 2**63, size=_BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_TERMS: Final = _seeds.integers(0, 2**63, size=_BANDS * _ROWS, dtype=np.uint64)
_PLACES: Final = _seeds.integers(1, 2**63, size=_SHINGLE, dtype=np.uint64) | np.uint64(1)

Signature = npt.NDArray[np.uint32]


class Likeness(NamedTuple):
    """How two texts compare. ``share`` of the longer text's words that stand in both, in order."""

    is_same: bool
    is_equal: bool
    share: float


class Told:
    """A text ready to be compared: its words as printed and in small letters, and names and numbers by their neighbours."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.folded = _folded(words)

    @cached_property
    def settings(self) -> dict[tuple[str, str], str]:
        """Names and numbers by the words around them; few texts are ever compared, so this waits until one is."""
        return _settings(self.words, self.folded)


def told_by(lines: Sequence[str]) -> Told:
    """A text, without counters and dates that stand on short lines at its beginning or end."""
    return Told(_words(lines))


def folded_words(lines: Sequence[str]) -> list[str]:
    """The words of `told_by` in small letters."""
    return _folded(_words(lines))


def _folded(words: Sequence[str]) -> list[str]:
    return "\n".join(words).casefold().split("\n") if words else []


def _words(lines: Sequence[str]) -> list[str]:
    kept = [line for line in lines if line.strip()]
    for edge in (range(_EDGE_LINES), range(len(kept) - 1, len(kept) - 1 - _EDGE_LINES, -1)):
        for number in edge:
            if 0 <= number < len(kept) and _is_furniture(kept[number]):
                kept[number] = ""
    return _WORD.findall(unicodedata.normalize("NFC", "\n".join(kept)))[:_MAX_WORDS]


def _is_furniture(line: str) -> bool:
    return _DIGIT.search(line) is not None and len(_WORD.findall(line)) <= _FURNITURE_WORDS


@lru_cache(maxsize=50_000)
def _word_hash(word: str) -> int:
    data = word.encode("utf-8", "surrogatepass")
    return zlib.crc32(data) | zlib.crc32(data, 0x5EED) << 32


def signature(told: Told) -> Signature:
    """MinHash of the text's shingles of three words (Broder 1997)."""
    return signature_of(told.folded)


def signature_of(folded: Sequence[str]) -> Signature:
    """The signature of a text by its words in small letters."""
    hashes = np.fromiter(map(_word_hash, folded), dtype=np.uint64) if folded else np.zeros(1, dtype=np.uint64)
    length = max(1, len(hashes) - _SHINGLE + 1)
    with np.errstate(over="ignore"):
        shingles = np.zeros(length, dtype=np.uint64)
        for place, factor in enumerate(_PLACES):
            part = hashes[place : place + length]
            shingles[: len(part)] += part * factor
        shingles ^= shingles >> np.uint64(29)
        lowest = np.full(_BANDS * _ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
        for start in range(0, length, _AT_ONCE):
            mixed = np.multiply.outer(_FACTORS, shingles[start : start + _AT_ONCE])
            mixed += _TERMS[:, np.newaxis]
            np.minimum(lowest, mixed.min(axis=1), out=lowest)
    return (lowest >> np.uint64(32)).astype(np.uint32)


def bands(signed: Signature) -> list[int]:
    """Keys of which two texts share at least one when they are alike: 0.9998 of pairs with a Jaccard index of 0.6 do."""
    return [number << 32 | zlib.crc32(row.tobytes()) for number, row in enumerate(signed.reshape(_BANDS, _ROWS))]


def estimate(one: Signature, other: Signature) -> float:
    """Estimated Jaccard index of the texts' shingles."""
    return float((one == other).mean())


def likeness(one: Told, other: Told) -> Likeness:
    """Whether the texts are the same: equal, or alike with no name and no number standing in place of another."""
    shorter, longer = sorted((len(one.folded), len(other.folded)))
    if one.folded == other.folded:
        return Likeness(shorter >= LEAST_EQUAL_WORDS, is_equal=True, share=1.0)
    if shorter < LEAST_WORDS or shorter < LEAST_LIKENESS * longer or _is_replaced_somewhere(one, other):
        return Likeness(is_same=False, is_equal=False, share=shorter / max(longer, 1))
    gaps = _gaps(one.folded, other.folded)
    common = len(one.folded) - sum(end - start for start, end, _, _ in gaps)
    replaced = False
    for start, end, other_start, other_end in gaps:
        here, there = slice(start, end), slice(other_start, other_end)
        matcher = SequenceMatcher(None, one.folded[here], other.folded[there], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes() if (end - start) * (other_end - other_start) <= _MAX_GAP else ():
            if kind == "equal":
                common += b - a
            elif kind == "replace":
                replaced = replaced or (_tells_apart(one.words[here][a:b]) and _tells_apart(other.words[there][c:d]))
    share = common / longer
    return Likeness(share >= LEAST_LIKENESS and not replaced, is_equal=False, share=share)


def _gaps(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """What stands between the runs of words that two texts have in common: start and end in each.

    The runs are anchored at sequences of words that occur once in each text, as in patience sorting's longest increasing
    subsequence: the time grows with the length, not with its square.
    """
    places = _unique_runs(other)
    anchors = [(start, places[run]) for run, start in _unique_runs(one).items() if run in places]
    gaps = []
    end = other_end = 0
    for start, other_start in _increasing(anchors):
        if start < end or other_start < other_end:
            continue
        while start > end and other_start > other_end and one[start - 1] == other[other_start - 1]:
            start, other_start = start - 1, other_start - 1  # noqa: PLW2901  # the run is grown to the left
        if start > end or other_start > other_end:
            gaps.append((end, start, other_end, other_start))
        end, other_end = start, other_start
        while end < len(one) and other_end < len(other) and one[end] == other[other_end]:
            end, other_end = end + 1, other_end + 1
    if end < len(one) or other_end < len(other):
        gaps.append((end, len(one), other_end, len(other)))
    return gaps


def _unique_runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Runs of words that occur once, and where they start, in their order."""
    runs = [tuple(words[start : start + _ANCHOR]) for start in range(len(words) - _ANCHOR + 1)]
    counts = Counter(runs)
    return {run: start for start, run in enumerate(runs) if counts[run] == 1}


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, sorted by their first number, whose second numbers increase too."""
    tops: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        pile = bisect_left(tops, second)
        before.append(tails[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [second]
        tails[pile : pile + 1] = [number]
    found = []
    at = tails[-1] if tails else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _is_replaced_somewhere(one: Told, other: Told) -> bool:
    """Whether between the same two words, which stand so once in each text, there is another name or number."""
    fewer, more = sorted((one.settings, other.settings), key=len)
    return any(more.get(around, word) != word for around, word in fewer.items())


def _settings(words: Sequence[str], folded: Sequence[str]) -> dict[tuple[str, str], str]:
    """Names and numbers by the words around them, where these stand around one word only."""
    around = list(zip(folded, folded[2:], strict=False))
    counts = Counter(around)
    return {
        pair: folded[at + 1] for at, pair in enumerate(around) if counts[pair] == 1 and _tells_apart(words[at + 1 : at + 2])
    }


def _tells_apart(words: Sequence[str]) -> bool:
    """Whether a name or a number is among the words."""
    return any(word[0].isupper() or _DIGIT.search(word) for word in words)
