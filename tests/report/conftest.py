"""One browser for the tests of report and explorer: starting it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser_kit import Browser, browser


@pytest.fixture(scope="session")
def _browser() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def reader(_browser: Browser) -> Browser:
    """The shared browser as it was at its start: Polish, light, 1280 pixels wide."""
    _browser.prefer()
    _browser.size(1280)
    return _browser
