"""What tests of several rooms share. Most build snapshots to look at their tables: their reports do without charts."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.cli import main

settings.register_profile("praktyki", deadline=None)  # a busy machine is no fault: by itself an example has 200 ms
settings.load_profile("praktyki")


@pytest.fixture(scope="session", autouse=True)
def _signals_are_heard() -> Iterator[None]:
    """Tests that send signals need them heard: ``nohup`` and the background of a shell have what they start ignore them."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.SIGHUP: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    }
    yield
    for which, handler in before.items():
        signal.signal(which, handler)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `praktyki demo` was run: the sample's data lie in demo-data/ below it. To look at, not to change."""
    made = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--data-dir", str(made), "--quiet"]) == 0
    return made
