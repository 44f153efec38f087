"""Words, search index and blocks of the explorer, as Python makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.explorer.blocks import Block, block_markup, blocks_of, json_bytes, without_blocks
from pipeline.explorer.folding import LETTERS, folded_word, words
from pipeline.explorer.postings import BODY, FACTS, ID, TITLE, Postings, RecordWords
from pipeline.explorer.records import Shown, entry_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Żoliborz", {"zoliborz"}),
        ("ZAŻÓŁĆ gęślą jaźń", {"zazolc", "gesla", "jazn"}),
        ("Z\u0307olib\u0301orz", {"zoliborz"}),
        ("Канів", {"kaniv"}),
        ("Київ Kyiv", {"kiiv"}),
        ("пʼятниця п'ятниця п’ятниця пятниця", {"piatnitsia"}),
        ("ґанок ганок", {"ganok", "hanok"}),
        ("Єдність Юрій щастя Чернігівська", {"iednist", "iurii", "shchastia", "chernihivska"}),
        ("Yurii", {"iurii"}),
        ("gmina miejsko-wiejska", {"gmina", "miejsko", "wiejska"}),
        ("so\u00adfort 2\u00bd ﬁlm", {"sofort", "212", "film"}),
        ("d'Artagnan ''Pod zegarem'' rock'", {"dartagnan", "pod", "zegarem", "rock"}),
        ("_ - ,", set()),
    ],
)
def test_words(text: str, folded: set[str]) -> None:
    assert {word.replace("⁄", "") for word in words(text)} == folded


def test_no_letter_is_folded_to_one_that_is_folded_on() -> None:
    assert not {letter for value in LETTERS.values() for letter in value if letter in LETTERS}


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_a_folded_word_changes_nothing_more(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) <= once | {""} or any(not word.isalnum() for word in once)


def numbers(packed: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in packed:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def read_back(postings: Postings) -> dict[str, list[tuple[int, int]]]:
    vocabulary, lengths, packed = postings.blocks()
    found: dict[str, list[tuple[int, int]]] = {}
    at = 0
    for word, length in zip(vocabulary.decode().split("\n"), numbers(lengths), strict=True):
        record = 0
        found[word] = []
        for value in numbers(packed[at : at + length]):
            record += value >> 2
            found[word].append((record, value & 3))
        at += length
    assert at == len(packed)
    assert list(found) == sorted(found)
    return found


def test_postings_tell_records_and_the_best_place_of_a_word() -> None:
    postings = Postings()
    postings.add(0, postings.words_of([(BODY, "ogród i dom"), (TITLE, "Ogród"), (FACTS, None)]))
    postings.add(3, postings.words_of([(FACTS, "dom"), (BODY, "dom")]))
    postings.add(5000, postings.words_of([(BODY, "ogrody")]))
    assert read_back(postings) == {
        "ogrod": [(0, TITLE)],
        "i": [(0, BODY)],
        "dom": [(0, BODY), (3, FACTS)],
        "ogrodi": [(5000, BODY)],
    }


def test_words_of_several_records_are_taken_as_those_of_one_after_the_other() -> None:
    texts = ["ogród i dom", "", "dom", "ogrody przy domu"]
    one_by_one, at_once = Postings(), Postings()
    told = [at_once.words_of([(BODY, text), (ID, "bdp:7")]) for text in texts]
    for number, text in enumerate(texts, 5):
        one_by_one.add(number, one_by_one.words_of([(BODY, text), (ID, "bdp:7")]))
    together = RecordWords(*(np.concatenate(parts) for parts in zip(*told, strict=True)))
    at_once.add(5, together, [len(words.numbers) for words in told])
    assert at_once.blocks() == one_by_one.blocks()


def test_no_number_as_long_as_a_telephone_is_indexed_but_ids_are() -> None:
    postings = Postings()
    postings.add(
        0, postings.words_of([(BODY, "600100200 12345 " + "a" * 41), (ID, "slideplayer.pl:7001123"), (TITLE, "600100201")])
    )
    assert set(read_back(postings)) == {"12345", "slideplaier", "pl", "7001123"}


_RECORDS = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from([TITLE, FACTS, BODY, ID]), st.text(st.sampled_from("aĄyЇ'’\u0301\u00ad_ 123456"), max_size=12)
        ),
        max_size=4,
    ),
    max_size=6,
)


@given(_RECORDS, st.integers(1, 20))
def test_postings_are_the_same_however_often_they_are_packed(records: list[list[tuple[int, str]]], waiting: int) -> None:
    expected: dict[str, list[tuple[int, int]]] = {}
    for number, texts in enumerate(records):
        levels: dict[str, int] = {}
        for level, text in texts:
            for word in words(text):
                levels[word] = max(level, levels.get(word, ID))
        for word, level in levels.items():
            if len(word) <= 6 or level == ID or not word.isdigit():
                expected.setdefault(word, []).append((number * 700, max(level, BODY)))
    with mock.patch(f"{Postings.__module__}._MOST_AT_ONCE", waiting), mock.patch(f"{Postings.__module__}._MOST_KEPT", waiting):
        made = Postings()
        for number, texts in enumerate(records):
            made.add(number * 700, made.words_of(texts))
        assert read_back(made) == expected if expected else made.blocks() == (b"", b"", b"")


@given(st.text(st.characters(max_codepoint=127)))
def test_a_word_of_plain_letters_is_folded_as_one_with_a_mark(word: str) -> None:
    assert folded_word(word) == folded_word(word + "\u0301")


def test_a_block_holds_any_text_and_ends_nowhere_early() -> None:
    texts = ["</script><script>alert(1)</script>", "<!--", "\u2028 \U0001f600 zażółć"]
    page = "<p>before</p>" + block_markup("records0", json_bytes(texts)) + block_markup("words", b"") + "<p>after</p>"
    assert list(blocks_of(page)) == [Block("records0", json_bytes(texts)), Block("words", b"")]
    assert without_blocks(page) == "<p>before</p><p>after</p>"
    assert page.count("<script") == page.count("</script") == 2


def test_a_damaged_block_is_told() -> None:
    with pytest.raises(ValueError, match="block index cannot be opened"):
        list(blocks_of('<script type="application/octet-stream" id="index">AAAA</script>'))


def test_a_deck_with_empty_slides_and_a_whole_voivodeship_have_an_entry() -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "presentations": [{"presentation_id": "slideplayer.pl:1", "title": "Talia"}],
        "slides": [{"position": 1, "text": "Talia"}, {"position": 2, "is_empty": True}, {"position": 3, "text": "Trzeci"}],
        "record_places": [{"place_id": "TERC:30", "status": "resolved"}],
        "places": [{"place_id": "TERC:30", "name": "wielkopolskie", "register": "TERC"}],
    }
    entry = entry_of(Shown("presentations", "slideplayer.pl:1", rows, []))
    assert "Trzeci" in str(entry)
    assert "wielkopolskie" in str(entry)
