"""The last capture of a robots.txt is found by an index of such files alone, also in frontiers that were made without one."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from pipeline.crawl.ledger.frontier import FRONTIER_NAME, Frontier
from pipeline.crawl.recording.recorder import Recorder
from pipeline.crawl.recording.storing import Refers

ROWS = [
    ("a", "sha1:1", "https://a.example/robots.txt", "2026-01-01T00:00:00Z", "<urn:1>"),
    ("a", "sha1:2", "https://a.example/robots.txt", "2026-03-01T00:00:00Z", "<urn:2>"),
    ("a", "sha1:3", "https://a.example/robots.txt", "2026-02-01T00:00:00Z", "<urn:3>"),
    ("b", "sha1:4", "https://a.example/robots.txt", "2026-04-01T00:00:00Z", "<urn:4>"),
    ("a", "sha1:5", "https://a.example/rules.php", "2026-01-01T00:00:00Z", "<urn:5>"),  # where a redirect led
]


def entered(frontier: Frontier) -> None:
    with frontier.transaction():
        for row in ROWS:
            frontier.execute("INSERT INTO payloads VALUES (?, ?, ?, ?, ?)", *row)


def last_capture(raw_dir: Path, frontier: Frontier, url: str) -> Refers | None:
    recorder = Recorder(raw_dir, frontier, {}, "run", now=lambda: 0.0, info={})
    return recorder._last_capture_of_rules("a", url)


@pytest.mark.parametrize("is_old", [False, True])
def test_last_capture_of_rules(tmp_path: Path, *, is_old: bool) -> None:
    with Frontier(tmp_path) as frontier:
        entered(frontier)
    if is_old:
        with contextlib.closing(sqlite3.connect(tmp_path / FRONTIER_NAME)) as database:
            database.execute("DROP INDEX payloads_of_robots")
            database.execute("CREATE INDEX payloads_by_url ON payloads (source, url)")
    with Frontier(tmp_path) as frontier:
        assert frontier.set_aside is None
        assert last_capture(tmp_path, frontier, "https://a.example/robots.txt") == Refers(*ROWS[1][1:])
        assert last_capture(tmp_path, frontier, "https://a.example/rules.php") == Refers(*ROWS[4][1:])
        assert last_capture(tmp_path, frontier, "https://b.example/robots.txt") is None
