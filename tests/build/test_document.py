"""JSON documents of a snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.build.edition.document import json_document

_SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text('aż"\\/\x7f\u2028'), inner), max_leaves=9)
)
def test_a_document_is_as_the_standard_library_indents_it(value: Any) -> None:
    assert json_document(value) == (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        json_document({"title": "\ud800"})


def test_the_packages_of_a_snapshot_are_indented(demo_snapshot: Path) -> None:
    for name in ("datapackage.json", "csv/datapackage.json", "croissant.json", "dcat.jsonld"):
        told = (demo_snapshot / name).read_bytes()
        assert told == (json.dumps(json.loads(told), ensure_ascii=False, indent=2) + "\n").encode(), name
