"""What tests of several rooms share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `praktyki demo` was run: the sample's data lie in demo-data/ below it. To look at, not to change."""
    made = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--data-dir", str(made), "--quiet"]) == 0
    return made
