"""SIGKILL at any point of `forget`: `latest` is whole, and run again it ends with what an undisturbed run has."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from crawl_kit import serving
from ending import PATIENCE
from forgetting_kit import built, crawled, few_answers

EVERY = 8
"""One point in so many: all of them take minutes."""


def test_killed_and_run_again(tmp_path: Path) -> None:
    template = tmp_path / "template"
    with serving(few_answers) as site:
        crawled(template, site)
        crawled(template, site, 1)
    built(template)
    driver = Path(__file__).with_name("kill_driver.py")
    environment = {"PYTHONPATH": f"{driver.parents[1]}:{driver.parents[2]}", "PATH": ""}
    command = [sys.executable, str(driver), str(template), str(tmp_path / "work"), str(EVERY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["complaints"] == []
    assert told["killed"] >= 8
    assert set(told["points"]) >= {
        *("objections.key", "objections.list", "objections.log"),
        *("rewrite.record", "rewrite.index_removed", "rewrite.rename", "rewrite.index"),
        *("forget.frontier", "forget.vacuum", "forget.checkpoint", "forget.told", "forget.extracted"),
        *("snapshot.rename", "latest.replace", "forget.snapshot", "forget.snapshot_removed"),
    }
