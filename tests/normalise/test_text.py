"""Folding of text: the quick ways give what going character by character gives."""

from __future__ import annotations

import sys
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalise.text import folded, one_line, plain_dashes, spaced_once

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"})


# Without Chinese characters and Hangul, which have no marks.
SCRIPTS = (*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x12000), *range(0x1D000, 0x1E900))


def folded_by_character(text: str) -> str:
    plain = unicodedata.normalize("NFKD", one_line(text).casefold()).casefold()
    kept = ""
    for character in unicodedata.normalize("NFKD", plain_dashes(plain)):
        is_letter_mark = character in "\u0306\u0308" and "\u0400" <= kept[-1:] <= "\u04ff"
        if not unicodedata.combining(character) or is_letter_mark:
            kept += character
    return one_line(plain_dashes(unicodedata.normalize("NFC", kept).translate(LETTERS)))


def test_every_character_is_folded_as_by_itself() -> None:
    for code in SCRIPTS:
        for text in (chr(code), f"й{chr(code)}a"):
            assert folded(text) == folded_by_character(text), hex(code)


@settings(deadline=None)
@given(st.text("aąłЙйї\u0301\u0306\u0308 żéĄ\u00a0\u200b\u00ad–’´`\t\n\x1c\u2028ſıİßﬁ¨ºⅣΣςᾳǰŉ\u0483") | st.text())
def test_any_text_is_folded_as_character_by_character(text: str) -> None:
    assert folded(text) == folded_by_character(text)
    assert one_line(text) == " ".join(text.translate(INVISIBLE).split())


def test_only_the_space_is_printable_white_space() -> None:
    """A text that shows no other, no two of them and none at its ends is on one line as it is."""
    assert [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace() and chr(code).isprintable()] == [" "]


@given(st.text(" ab\t\n\u00a0\u2003ż\u00ad", max_size=9))
def test_white_space_becomes_single_spaces(text: str) -> None:
    assert spaced_once(text) == " ".join(text.split())
