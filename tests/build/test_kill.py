"""SIGKILL at every point of build, publish and prune: a reader finds a whole snapshot, the next run finds its way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from ending import PATIENCE

DRIVER = Path(__file__).with_name("kill_driver.py")
PARTS = 2


def test_latest_is_whole_after_a_kill_at_every_point(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, DRIVER, tmp_path, str(part), str(PARTS)],
            env=os.environ | {"PYTHONPATH": f"{DRIVER.parents[2]}{os.pathsep}{DRIVER.parents[1]}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for part in range(PARTS)
    ]
    total: Counter[str] = Counter()
    for process in running:
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err.decode()
        told = json.loads(out)
        total.update({"killed": told["killed"], "recovered": told["recovered"]})
        assert set(told["points"]) == {"first", "next", "back", "prune"}
    assert total["killed"] >= 200
    assert total["recovered"] >= 60
