from __future__ import annotations

import re

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


@given(st.text())
@settings(deadline=None)
def test_a_slug_is_ascii_words_and_its_own_slug(title: str) -> None:
    slug = title_slug(title)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert title_slug(slug) == slug
