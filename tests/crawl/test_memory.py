"""Twenty hosts of many pages each: memory stays flat, and every page is fetched once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTS = 20
PAGES = 500
PROBE = Path(__file__).with_name("memory_probe.py")


def probe(data_dir: Path, hosts: int, pages: int) -> dict[str, float]:
    environment = {"PYTHONPATH": f"{PROBE.parents[1]}:{PROBE.parents[2]}", "PATH": ""}
    done = subprocess.run(
        [sys.executable, str(PROBE), str(data_dir), str(hosts), str(pages)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, float] = json.loads(done.stdout)
    return told


@pytest.mark.skipif(not os.environ.get("PRAKTYKI_SLOW_TESTS"), reason="takes minutes; set PRAKTYKI_SLOW_TESTS=1")
def test_memory_is_flat_over_ten_thousand_pages(tmp_path: Path) -> None:
    small = probe(tmp_path / "small", HOSTS, 20)
    large = probe(tmp_path / "large", HOSTS, PAGES)
    assert large["fetched"] == HOSTS * (PAGES + 1)
    assert large["asked"] == HOSTS * (PAGES + 2)
    assert large["peak_mb"] - small["peak_mb"] < 30, (small, large)


def test_memory_is_flat_over_a_thousand_pages(tmp_path: Path) -> None:
    small = probe(tmp_path / "small", 4, 20)
    large = probe(tmp_path / "large", 4, 250)
    assert large["fetched"] == 4 * 251
    assert large["peak_mb"] - small["peak_mb"] < 15, (small, large)
