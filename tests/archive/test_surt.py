"""SURT keys, as Wayback machines write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive import surt
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


@settings(deadline=None, max_examples=500)
@given(
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(["a.example", "www.a.example", "www2.a.b", "1.2.3.4", "A.b", "a..b", "a.b.", "a_b.c", "localhost", "-a.b"]),
    st.sampled_from(["", ":80", ":443", ":8080", ":65536", ":0", ":08"]),
    st.text(alphabet="aB/.~_-09%2eE;=&?Z:+,@ ", max_size=12),
)
def test_an_address_in_form_has_the_key_that_the_library_makes(scheme: str, host: str, port: str, path: str) -> None:
    for uri in (f"{scheme}://{host}{port}/{path}", f"{scheme}://{host}{port}"):
        found = surt_key(uri)
        in_form, surt._IN_FORM = surt._IN_FORM, re.compile("(?!)")
        try:
            assert found == surt_key(uri)
        finally:
            surt._IN_FORM = in_form
