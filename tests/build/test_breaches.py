"""Values that break a requirement: found in parts, the same as in one piece."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.build.gate.evidence import counted, row_with, with_one_of
from pipeline.build.tables import breaches as at_work
from pipeline.build.tables.breaches import Breaches, breaches, first_null, strangers, unknown
from pipeline.build.tables.store import Stored

WORDS = ["a", None, "b", "c", "b", None, "d"]
LISTS = [["a", "b"], None, [], ["z"], ["a", "y"]]


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """A table in two files of groups of two rows."""
    paths = [tmp_path / "0.parquet", tmp_path / "1.parquet"]
    whole = pa.table({"word": WORDS, "number": range(len(WORDS))})
    for path, rows in zip(paths, (whole.slice(0, 3), whole.slice(3)), strict=True):
        pq.write_table(rows, path, row_group_size=2)
    return Stored(paths)


@pytest.mark.parametrize("at_once", [1, 2, 200_000])
def test_keys_in_several_parts_are_all_known(stored: Stored, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(at_work, "_KEYS", at_once)
    monkeypatch.setattr(at_work, "_VALUES", at_once)
    keys = [pa.array(["a", "x"]), pa.array(["b"]), pa.array(["d"])]
    assert strangers(stored, "word", keys) == Breaches(1, "c", 3)
    assert strangers(stored, "word", [*keys, pa.array(["c"])]) is None
    assert unknown(stored, "word", keys).to_pylist() == [False, True, False, True, False, True, False]


def test_without_keys_every_value_is_a_stranger(stored: Stored) -> None:
    assert strangers(stored, "word", []) == Breaches(5, "a", 0)
    assert strangers(stored.filter(pa.chunked_array([[False] * len(WORDS)])), "word", []) is None


@pytest.mark.parametrize("at_once", [1, 3, 100_000])
def test_values_held_against_keys_together_stay_in_their_rows(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(at_work, "_VALUES", at_once)
    parts = [pa.table({"words": pa.array(some, pa.list_(pa.string()))}) for some in (LISTS[:2], LISTS[2:])]
    rows = pa.concat_tables(parts)
    assert strangers(rows, "words", [pa.array(["a", "b"])]) == Breaches(2, "z", 3)
    assert strangers(rows, "words", [pa.array(["a", "b", "z"])]) == Breaches(1, "y", 4)


def test_values_in_lists_are_judged_one_by_one() -> None:
    rows = pa.table({"words": pa.array(LISTS, pa.list_(pa.string()))})
    assert strangers(rows, "words", [pa.array(["a", "b"])]) == Breaches(2, "z", 3)
    assert breaches(rows, "words", lambda values: pc.equal(values, "y")) == Breaches(1, "y", 4)


def test_null_breaks_nothing_and_is_found_when_asked_for(stored: Stored) -> None:
    assert breaches(stored, "word", lambda values: pc.greater(values, "b")) == Breaches(2, "c", 3)
    assert first_null(stored, "word") == 1
    with pytest.raises(ValueError, match="no row without number"):
        first_null(stored, "number")


def test_groups_without_a_meant_row_are_left_out(stored: Stored) -> None:
    meant = with_one_of(stored, "word", ["b", "d"])
    assert meant.to_pylist() == [{"word": "b", "number": 2}, {"word": "b", "number": 4}, {"word": "d", "number": 6}]
    assert with_one_of(meant, "word", ["d"]).to_pylist() == [{"word": "d", "number": 6}]
    assert counted(meant, "word") == {"b": 2, "d": 1}
    assert counted(stored, "word")[None] == 2


def test_the_first_row_with_a_value(stored: Stored) -> None:
    assert row_with(stored, "word", "b").to_pylist() == [{"word": "b", "number": 2}]
    assert row_with(stored, "word", "d").to_pylist() == [{"word": "d", "number": 6}]
    assert row_with(stored, "word", "x").num_rows == 0
