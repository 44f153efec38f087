"""Texts long enough to tell a language by are found by their beginnings, and counted whole where those do not tell."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.build.gate.soundness import _HEAD, _LEAST_TOLD, _is_asked

_RUNS = st.tuples(st.sampled_from(["ż", "ї", " ", "7\n"]), st.sampled_from([1, 39, 40, 41, 120, 159, 160, 161]))
_TEXT = st.lists(_RUNS, max_size=4).map(lambda runs: "".join(letter * number for letter, number in runs))


@given(st.lists(st.tuples(st.none() | _TEXT, st.sampled_from(["pl", "uk", "und", None])), max_size=6))
def test_a_text_is_asked_when_it_has_letters_enough_and_a_language(rows: list[tuple[str | None, str | None]]) -> None:
    assert _HEAD > _LEAST_TOLD
    columns = [pa.array([row[at] for row in rows], pa.string()) for at in (0, 1)]
    asked = _is_asked("text", "language", pa.RecordBatch.from_arrays(columns, names=["text", "language"]))
    assert asked.to_pylist() == [
        sum(map(str.isalpha, text or "")) >= _LEAST_TOLD and language not in ("und", None) for text, language in rows
    ]
