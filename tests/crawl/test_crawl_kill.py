"""SIGKILL at every write, sync, rename and commit: the next run ends with what an undisturbed run has, and asks no more."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from crawl_kit import Site, serving, stored
from ending import PATIENCE

from pipeline.archive.check import archive_problems
from pipeline.build.run import build
from pipeline.build.snapshot import read_tables
from pipeline.config import Settings
from pipeline.extract.run import extract

START = 1_790_000_000.0
DAY = 86_400.0
FEWEST_POINTS = 180
DATASETS_EVERY = 10
"""Datasets are built after every tenth kill: they follow from the captures, which are compared after every one."""


class Driver:
    """A process that forks crawls, and the server they ask."""

    def __init__(self, site: Site) -> None:
        self.site = site
        driver = Path(__file__).with_name("kill_driver.py")
        environment = {"PYTHONPATH": f"{driver.parents[1]}:{driver.parents[2]}", "PATH": ""}
        self._process = subprocess.Popen(
            [sys.executable, str(driver)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def crawl(self, data_dir: Path, clock: float, kill_at: int | None = None, hosts: int = 1) -> tuple[int, list[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        command: dict[str, Any] = {"data_dir": str(data_dir), "port": self.site.port, "clock": clock}
        command |= {"kill_at": kill_at, "hosts": hosts}
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["exit"], answer["points"]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def drivers() -> Iterator[list[Driver]]:
    with serving() as one, serving() as two:
        found = [Driver(one), Driver(two)]
        yield found
        for driver in found:
            driver.close()


def asked(site: Site) -> Counter[str]:
    found = Counter(request.target for request in site.asked)
    site.asked.clear()
    return found


def killed_and_run_again(
    driver: Driver, data_dir: Path, base: Path | None, clock: float, kills: tuple[int, ...]
) -> tuple[Counter[str], list[str]]:
    """What was asked for, and complaints: the crawl killed at each point in turn, then run to its end."""
    if base is not None:
        shutil.copytree(base, data_dir)
    driver.site.asked.clear()
    complaints = []
    for number, point in enumerate(kills):
        code, points = driver.crawl(data_dir, clock + 60 * number, point)
        if code != -signal.SIGKILL:
            complaints.append(f"kill at {point}: exit {code} after {len(points)} points")
    code, _ = driver.crawl(data_dir, clock + 60 * len(kills))
    if code:
        complaints.append(f"after a kill at {kills}: exit {code}")
    return asked(driver.site), complaints


def datasets(data_dir: Path) -> dict[str, list[str]]:
    """Rows of every table built from what was crawled, but for when and where in the archive each page was stored."""
    settings = Settings(data_dir=data_dir, engine="serial")
    extract(settings, lambda _line: None)
    snapshot = build(settings, lambda _line: None, asks_volumes=False).snapshot
    own = {"captured_at", "capture_id", "warc_file", "warc_offset"}
    return {
        name: sorted(str({column: value for column, value in row.items() if column not in own}) for row in rows.to_pylist())
        for name, rows in read_tables(snapshot).items()
    }


def outcomes(
    drivers: list[Driver], tmp_path: Path, base: Path | None, clock: float, plan: Sequence[tuple[int, ...]]
) -> list[str]:
    """Complaints about every kill of the plan, against the undisturbed run."""
    calm = tmp_path / "calm"
    if base is not None:
        shutil.copytree(base, calm)
    drivers[0].site.asked.clear()
    assert drivers[0].crawl(calm, clock)[0] == 0
    expected, expected_asked = stored(calm), asked(drivers[0].site)
    kept: list[Path] = []

    def share(driver: Driver, part: Sequence[tuple[int, ...]]) -> list[str]:
        complaints = []
        for kills in part:
            data_dir = tmp_path / "-".join(map(str, kills))
            found, said = killed_and_run_again(driver, data_dir, base, clock, kills)
            complaints += said
            got = stored(data_dir)
            if got != expected:
                extra, missing = Counter(got) - Counter(expected), Counter(expected) - Counter(got)
                complaints.append(f"kill at {kills}: too much {dict(extra)}, missing {dict(missing)}")
            surplus = found - expected_asked
            if expected_asked - found or surplus.total() > len(kills):
                complaints.append(f"kill at {kills}: asked too often {dict(surplus)}, not {dict(expected_asked - found)}")
            complaints += [f"kill at {kills}: {problem}" for problem in archive_problems(data_dir / "raw")]
            if kills[0] % DATASETS_EVERY:
                shutil.rmtree(data_dir)
            else:
                kept.append(data_dir)
        return complaints

    with ThreadPoolExecutor(len(drivers)) as pool:
        parts = [pool.submit(share, driver, plan[n :: len(drivers)]) for n, driver in enumerate(drivers)]
        complaints = [complaint for part in parts for complaint in part.result()]
    expected_rows = datasets(calm)
    assert expected_rows["captures"]
    complaints += [f"{data_dir.name}: other datasets" for data_dir in sorted(kept) if datasets(data_dir) != expected_rows]
    return complaints


def test_killed_at_every_point_of_a_first_crawl(drivers: list[Driver], tmp_path: Path) -> None:
    code, points = drivers[0].crawl(tmp_path / "count", START)
    assert code == 0
    assert len(points) >= FEWEST_POINTS
    assert set(points) >= {
        "warc.write",
        "warc.written",
        "warc.sync",
        "warc.rename",
        "warc.index",
        "frontier.commit",
        "file.rename",
    }
    # After the last point the run is closed: what follows it is another run.
    assert outcomes(drivers, tmp_path, None, START, [(n,) for n in range(1, len(points))]) == []


def test_killed_at_points_of_a_second_crawl(drivers: list[Driver], tmp_path: Path) -> None:
    base = tmp_path / "base"
    assert drivers[0].crawl(base, START)[0] == 0
    shutil.copytree(base, tmp_path / "count")
    code, points = drivers[0].crawl(tmp_path / "count", START + DAY / 2)
    assert code == 0
    assert outcomes(drivers, tmp_path, base, START + DAY / 2, [(n,) for n in range(1, len(points) + 1, 5)]) == []


def test_killed_again_while_it_recovers(drivers: list[Driver], tmp_path: Path) -> None:
    plan = [(first, second) for first in (30, 80, 130, 170) for second in range(1, 22, 2)]
    assert outcomes(drivers, tmp_path, None, START, plan) == []


def test_killed_while_answers_of_several_hosts_are_written_together(drivers: list[Driver], tmp_path: Path) -> None:
    """Which of several equal listings is stored in full depends on who answered first: payloads are compared, not records."""
    hosts, driver = 4, drivers[0]

    def payloads(data_dir: Path) -> set[tuple[str, str, str | None]]:
        return {(url, digest, status) for _, url, digest, status in stored(data_dir)}

    code, points = driver.crawl(tmp_path / "calm", START, hosts=hosts)
    assert code == 0
    expected, calmly_asked = payloads(tmp_path / "calm"), asked(driver.site)
    assert calmly_asked.total() > 1.5 * points.count("warc.sync")  # they are written together
    for kill_at in range(5, len(points), 21):
        data_dir = tmp_path / str(kill_at)
        assert driver.crawl(data_dir, START, kill_at, hosts)[0] == -signal.SIGKILL
        assert driver.crawl(data_dir, START + 60, hosts=hosts)[0] == 0
        assert payloads(data_dir) == expected, kill_at
        assert list(archive_problems(data_dir / "raw")) == [], kill_at
        again = asked(driver.site) - calmly_asked
        assert again.total() <= hosts, (kill_at, again)  # one request a host was under way
        shutil.rmtree(data_dir)
