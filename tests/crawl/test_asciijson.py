"""One line of visible ASCII, whatever is in it, and the same value when it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.crawl.ledger.asciijson import ascii_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_any_value_is_one_visible_line_and_reads_back(value: Any) -> None:
    line = ascii_json(value)
    assert line.isascii()
    assert all(" " <= character < "\x7f" for character in line)
    assert json.loads(line) == value


@pytest.mark.parametrize("text", ["\x1b[2J", "\x7f", "\u202e", "ż", "\udcff", "a\nb", "</script>"])
def test_what_a_terminal_may_take_for_a_command_is_escaped(text: str) -> None:
    line = ascii_json({"url": text})
    assert json.loads(line) == {"url": text}
    assert all(" " <= character < "\x7f" for character in line)


def test_unknown_types_are_told_by_their_text() -> None:
    assert json.loads(ascii_json({"path": Path("raw"), "other": "ż"})) == {"path": "raw", "other": "ż"}
    assert json.loads(ascii_json({"path": Path("raw")})) == {"path": "raw"}
