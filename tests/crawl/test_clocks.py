"""Clocks that are wrong: nothing is asked in 1970, and what a run asked for in 2100 is not left alone for 74 years."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from crawl_kit import Asked, JumpingClock, Reply, means, run, serving, small_site, stored

from pipeline.archive.check import archive_problems
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.runs.clocks import DRIFT, EARLIEST
from pipeline.errors import ConfigError

FAR = dt.datetime(2100, 3, 1, tzinfo=dt.UTC).timestamp()


def test_a_clock_that_is_surely_wrong_is_refused(tmp_path: Path) -> None:
    with serving() as site:
        for time in (0.0, 10.0, EARLIEST - 1):
            with pytest.raises(ConfigError, match=r"the clock of this machine says .*; set it"):
                run(tmp_path, means(site.port, clock=JumpingClock(time)))
        assert site.asked == []
        assert list(tmp_path.iterdir()) == []
        assert run(tmp_path, means(site.port, clock=JumpingClock(0.0), is_sample=True)).exit_code == 0


def test_what_was_asked_for_at_a_time_to_come_is_asked_for_again(tmp_path: Path) -> None:
    def busy_at_first(asked: Asked) -> Reply | None:
        if asked.target == "/praktyka/3" and Counter(site.targets)["/praktyka/3"] == 1:
            return Reply(status=503, headers={"Retry-After": "500000"})
        return small_site(asked)

    with serving(busy_at_first) as site:
        run(tmp_path, means(site.port, clock=JumpingClock(FAR)))
        before = Counter(asked.target for asked in site.asked)
        site.asked.clear()
        site.asked += [Asked("", "/praktyka/3", {})]  # it was asked for once
        said: list[str] = []
        report = run(tmp_path, means(site.port), said=said)
        second = Counter(asked.target for asked in site.asked)
        site.asked.clear()
        again: list[str] = []
        run(tmp_path, means(site.port, clock=JumpingClock(1_790_003_600.0)), said=again)
    assert not any("clock" in line for line in again)
    assert any("began on 2100-03-01 by its clock, and the clock of this machine says 2026-" in line for line in said)
    assert second >= before
    assert sorted(site.targets) == ["/", "/lista/1", "/lista/2", "/sitemap.xml"]  # listings are due every time
    assert [report.accounts[0].counts[state] for state in ("pending", "deferred", "failed")] == [0, 0, 0]
    assert len([url for kind, url, _, _ in stored(tmp_path) if kind == "response" and url.endswith("/praktyka/3")]) == 1
    assert list(archive_problems(tmp_path / "raw")) == []
    with Frontier(tmp_path / "raw", to_read=True) as frontier:
        year = 366 * 24 * 3600.0
        assert all(row.due < FAR - year for row in frontier.addresses("1"))


def test_clocks_that_differ_by_little_are_no_matter(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving() as site:
        run(tmp_path, means(site.port, clock=JumpingClock(clock.time + DRIFT / 2)))
        site.asked.clear()
        said: list[str] = []
        run(tmp_path, means(site.port, clock=clock), said=said)
    assert site.targets == []
    assert not any("clock" in line for line in said)
