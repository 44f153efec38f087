"""Host names by the bundled list of public suffixes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.normalise.domains import is_host


@pytest.mark.parametrize(
    "host",
    ["jarocin.pl", "WWW.Jarocin.PL", "ug.gmina.com.pl", "rada.gov.ua", "громада.укр", "xn--80aaxridi.xn--j1amh",
     "gmina.blogspot.com", "blogspot.com", "www.ck", "city.kawasaki.jp"],
)  # fmt: skip
def test_a_name_below_a_public_suffix_is_a_host(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "text",
    ["jarocin.p", "10.0.0.1", "com.pl", "gov.ua", "pl", "укр", "plik.docx", "x.ck", "a..pl", ".pl", "a_b.pl", "-a.pl",
     "a" * 64 + ".pl", "xn--a.xn--zzzz", "", "a.pl.", "a b.pl"],
)  # fmt: skip
def test_what_no_registry_gives_out_is_none(text: str) -> None:
    assert not is_host(text)


def test_the_list_brings_no_http_client() -> None:
    code = "import sys; from pipeline.normalise.domains import is_host; assert is_host('jarocin.pl'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"http.client", "ssl", "requests"} & set(loaded)
