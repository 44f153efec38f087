"""Reports with their charts or without: most tests leave them out, half a second each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.report import charts

_CAN_DRAW = charts.can_draw


@contextmanager
def with_charts() -> Iterator[None]:
    """Reports made inside have their charts, when the extra is installed: as the program makes them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "can_draw", _CAN_DRAW)
        yield


@contextmanager
def without_charts() -> Iterator[None]:
    """Reports made inside have none, as where the extra is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "can_draw", lambda: False)
        yield
