"""SIGKILL between any two steps of sending: a reader finds a whole snapshot, no capture is lost, the next run goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ending import PATIENCE
from s3_kit import Service

DRIVER = Path(__file__).with_name("kill_driver.py")


def killed(base: Path, address: str, every: int) -> dict[str, int]:
    paths = os.pathsep.join(str(folder) for folder in (DRIVER.parents[2], DRIVER.parents[1], DRIVER.parent))
    done = subprocess.run(
        [sys.executable, DRIVER, base, address, str(every)],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_kills_at_every_second_point(tmp_path: Path) -> None:
    found = killed(tmp_path / "caches", f"file://{tmp_path}/objects", 2)
    assert min(found.values()) >= 5
    assert sum(found.values()) >= 30


def test_kills_on_a_service(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRAKTYKI_CACHE_DIR")
    found = killed(tmp_path / "caches", service.address("kills"), 14)
    assert min(found.values()) >= 1
