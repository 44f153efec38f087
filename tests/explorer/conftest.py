"""The demo's snapshot, one with texts that mean harm, and one browser for all tests of the explorer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_kit import Browser, browser
from hostile import HOSTILE
from made import built, page, tab

from pipeline.config import Settings
from pipeline.demo.run import FOLDER, demo

OLD_SITE = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=3&art="


@pytest.fixture(scope="session")
def demo_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's snapshot. Tests read it; none writes into it."""
    base = tmp_path_factory.mktemp("demo")
    demo(Settings(data_dir=base, engine="serial"), lambda _line: None)
    return (base / FOLDER / "datasets" / "latest").resolve()


@pytest.fixture(scope="session")
def hostile_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot whose titles, texts and labels try to be more than text."""
    base = tmp_path_factory.mktemp("hostile")
    pages = [
        page(
            f"{OLD_SITE}{number}",
            [tab(f"bdp:{number}", title=title, text=f"{title} i mieszkańcy.", labels={"locality": [title], "powiat": [title]})],
        )
        for number, title in enumerate(HOSTILE, 1)
    ]
    return built(base, pages, accept="texts that mean harm").snapshot


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser saves files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def _browser(downloads: Path) -> Iterator[Browser]:
    with browser(downloads=downloads) as opened:
        yield opened


@pytest.fixture
def reader(_browser: Browser) -> Browser:
    """The shared browser as it was at its start: Polish, light, 1280 pixels wide."""
    _browser.prefer()
    _browser.size(1280)
    return _browser
