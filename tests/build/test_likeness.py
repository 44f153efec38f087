"""Signatures of texts are those that the definition gives, whatever way they are computed."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from pipeline.build.choice import likeness
from pipeline.build.choice.likeness import folded_words, signature_of

_BITS = 64


def defined_signature(words: list[str]) -> list[int]:
    """MinHash over the shingles of three words, word by word in whole numbers."""

    def hashed(word: str) -> int:
        data = word.encode("utf-8", "surrogatepass")
        return zlib.crc32(data) | zlib.crc32(data, 0x5EED) << 32

    hashes = [hashed(word) for word in words] or [0]
    places = [int(factor) for factor in likeness._PLACES]
    shingles = []
    for start in range(max(1, len(hashes) - len(places) + 1)):
        mixed = sum(part * factor for part, factor in zip(hashes[start:], places, strict=False)) % 2**_BITS
        shingles.append(mixed ^ mixed >> 29)
    pairs = zip(likeness._FACTORS, likeness._TERMS, strict=True)
    return [min((shingle * int(factor) + int(term)) % 2**_BITS >> 32 for shingle in shingles) for factor, term in pairs]


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4), max_size=30))
def test_a_signature_is_the_lowest_hash_of_the_shingles_for_each_function(words: list[str]) -> None:
    assert signature_of(words).tolist() == defined_signature(words)


def test_a_text_of_many_words_has_the_signature_of_its_definition() -> None:
    words = [f"słowo{number * number % 1013}" for number in range(2 * likeness._AT_ONCE + 1)]
    assert signature_of(words).tolist() == defined_signature(words)


@given(st.lists(st.text(max_size=20), max_size=8))
def test_words_are_folded_each_for_itself(lines: list[str]) -> None:
    assert folded_words(lines) == [word.casefold() for word in likeness._words(lines)]
