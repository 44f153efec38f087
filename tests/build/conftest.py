"""The demo, built once for all tests that need a snapshot with something of everything in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.demo.run import FOLDER, demo


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo run: raw/, extracted/, datasets/."""
    base = tmp_path_factory.mktemp("demo")
    demo(Settings(data_dir=base, engine="serial"), lambda _line: None)
    return base / FOLDER


@pytest.fixture(scope="session")
def demo_snapshot(demo_data: Path) -> Path:
    """Its snapshot. Tests read it; none writes into it."""
    return (demo_data / "datasets" / "latest").resolve()
