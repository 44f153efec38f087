"""SURT keys, as Wayback machines write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.surt import surt_key


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("http://www.Example.org:80/A/?b=1&a=2#x", "org,example)/a?a=2&b=1"),
        ("https://example.org", "org,example)/"),
        ("https://www2.example.org./", "org,example)/"),
        ("http://example.org:8080/x", "org,example:8080)/x"),
        ("http://127.0.0.1/x", "127.0.0.1)/x"),
        (
            "https://dobrepraktyki.pl/praktyka/41,bank-czasu.html?tab=content",
            "pl,dobrepraktyki)/praktyka/41,bank-czasu.html?tab=content",
        ),
        ("ni:///sha-256;abc", "ni:///sha-256;abc"),
        ("", "-"),
        ("http://[bad/x y", "http://[bad/x%20y"),
    ],
)
def test_keys(uri: str, key: str) -> None:
    assert surt_key(uri) == key


@given(st.text())
def test_a_key_is_one_word(uri: str) -> None:
    assert surt_key(uri)
    assert not any(char.isspace() for char in surt_key(uri))
