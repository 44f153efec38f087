"""Most tests build snapshots to look at their tables: their reports do without charts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from charts_kit import with_charts, without_charts


@pytest.fixture(scope="session", autouse=True)
def _without_charts() -> Iterator[None]:
    with without_charts():
        yield


@pytest.fixture(scope="module")
def drawn() -> Iterator[None]:
    """For tests that compare with a report made by another process, or look at charts."""
    with with_charts():
        yield
