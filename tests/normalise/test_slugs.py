from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalise.slugs import title_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Żółta łódź – ćwiczenia", "zolta-lodz-cwiczenia"),
        ("  Karta „Rodzina 3+”: zniżki  ", "karta-rodzina-3-znizki"),
        ("ŚWIĘTO\u00a0ULICY", "swieto-ulicy"),
        ("Gmina (nie)zwykła", "gmina-nie-zwykla"),
        ("e-Urząd 24/7", "e-urzad-24-7"),
        ("…", ""),
    ],
)
def test_slugs_of_titles(title: str, slug: str) -> None:
    assert title_slug(title) == slug


LETTERS = str.maketrans({"ł": "l", "Ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})


def test_every_character_makes_the_slug_it_makes_by_itself() -> None:
    for code in (*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x12000), *range(0x1D000, 0x1E900)):
        title = f"x{chr(code)}y"
        plain = unicodedata.normalize("NFKD", title.translate(LETTERS).casefold().translate(LETTERS))
        bare = "".join(character for character in plain if not unicodedata.combining(character))
        assert title_slug(title) == re.sub("[^a-z0-9]+", "-", bare).strip("-"), hex(code)


@given(st.text())
@settings(deadline=None)
def test_a_slug_is_ascii_words_and_its_own_slug(title: str) -> None:
    slug = title_slug(title)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert title_slug(slug) == slug
