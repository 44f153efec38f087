"""What people see on a terminal: nothing too wide, nothing that steers it, colour only where it belongs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pipeline.schema.spec import tables
from pipeline.terminal.dictionary import Language, dictionary_text
from pipeline.terminal.plain import inert, one_line
from pipeline.terminal.tables import text_table

TEXTS = st.text(st.characters(), max_size=60)


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), min_size=1, max_size=4)))
def test_no_line_is_wider_than_the_terminal(rows: list[list[str]]) -> None:
    names = [f"column_{number}" for number in range(len(rows[0]))]
    table = text_table(names, rows, numeric=[False] * len(names), width=80)
    assert all(cell_len(line) <= 80 for line in table.split("\n"))
    assert all(unicodedata.category(character) != "Cc" for character in table.replace("\n", ""))


def test_short_columns_stay_whole_and_numbers_stand_right() -> None:
    table = text_table(
        ["id", "title", "n"], [["bdp:1", "a" * 200, "7"], ["bdp:22", "b", "1234"]], numeric=[False, False, True], width=40
    )
    first, second = table.splitlines()[2:]
    assert first.startswith("bdp:1   aaa")
    assert first.endswith("…     7")
    assert second.endswith("  1234")


def test_many_columns_become_blocks() -> None:
    table = text_table([f"c{n}" for n in range(30)], [["value"] * 30], numeric=[False] * 30, width=80)
    assert table.splitlines()[:2] == ["row 1", "c0   value"]


def test_what_steers_a_terminal_is_written_out() -> None:
    assert inert("a\x1b]0;x\x07b\u202ec\nd\te") == "a\\x1b]0;x\\x07b\\u202ec\nd\te"
    assert inert("\x1b[1mbold\x1b[0m") == "\x1b[1mbold\x1b[0m"
    assert one_line("\x1b[1mbold\n\x9bx") == "\\x1b[1mbold \\x9bx"
    assert inert("Żoliborz Жовква 🏛") == "Żoliborz Жовква 🏛"


@pytest.mark.parametrize("language", ["en", "pl", "uk"])
@pytest.mark.parametrize("width", [80, 100])
def test_the_dictionary_fits_and_is_whole(language: Language, width: int) -> None:
    text = dictionary_text(tables().values(), language, width)
    assert max(map(cell_len, text.splitlines())) <= width
    words = set(text.split())
    for table in tables().values():
        assert set(getattr(table.description, language).split()) <= words
        for name, column in table.columns.items():
            assert name in words
            assert set(getattr(column, language).split()) <= words


@pytest.mark.parametrize("no_colour", [False, True])
def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch, no_colour: bool) -> None:  # noqa: FBT001
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b" not in dictionary_text([tables()["places"]], "en", 80)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    text = dictionary_text([tables()["places"]], "en", 80) + text_table(["a"], [["b"]], numeric=[False], width=80)
    assert ("\x1b[" in text) is not no_colour
