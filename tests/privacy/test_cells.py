"""Columns that are looked through together tell of the same rows as one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy.cells import suspect_rows, suspects
from pipeline.privacy.detectors import Place

TEXTS = st.none() | st.sampled_from(["", "ogród", "jan@example.org", "tel. 602 123 456", "12345", "zażółć 1 2 3", "a@"])
COLUMNS = st.lists(
    st.lists(TEXTS, max_size=5).map(lambda texts: pa.array(texts, pa.string()))
    | st.lists(st.none() | st.lists(TEXTS, max_size=3), max_size=5).map(lambda lists: pa.array(lists, pa.list_(pa.string()))),
    max_size=4,
)


@pytest.mark.parametrize("place", ["prose", "token"])
@given(columns=COLUMNS)
def test_several_columns_at_once(place: Place, columns: list[pa.Array]) -> None:
    alone = [[*dict.fromkeys(number for number, _ in suspects(column, place))] for column in columns]
    assert suspect_rows(columns, place) == alone
