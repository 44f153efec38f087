"""A crawl by several processes: the same captures, one owner a host, and nothing lost by a kill of one of them or of all."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import signal
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from farm_kit import HOSTS, PAGES, Asked, Farm, captures, crawled, ended, entries, farm, sources, started

from pipeline.archive.check import archive_problems
from pipeline.archive.dates import full_time
from pipeline.archive.lock import LOCK_NAME, folder_lock
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.holdings import holding_problems
from pipeline.crawl.workers.shared import SharedCounts
from pipeline.errors import LockHeld

ALL = HOSTS * (1 + PAGES)


@pytest.fixture(scope="module")
def served() -> Iterator[Farm]:
    with farm() as site:
        yield site


@pytest.fixture
def site(served: Farm) -> Farm:
    """Nothing asked yet."""
    served.asked.clear()
    served.most_at_once.clear()
    served.during = lambda _asked: None
    return served


@pytest.fixture(scope="module")
def whole(served: Farm, tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str | None]]:
    """What one process archives, undisturbed."""
    folder = tmp_path_factory.mktemp("one")
    assert crawled(folder / "data", sources(folder / "sources", served.port), 1)[0] == 0
    found = captures(folder / "data")
    assert len([url for url, _, _ in found if not url.endswith("/robots.txt")]) == ALL
    return found


def account(data_dir: Path) -> dict[str, Any]:
    """The account of the last run."""
    path = max((data_dir / "raw" / "runs").glob("*.json"))
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def problems(data_dir: Path) -> list[Any]:
    return [*archive_problems(data_dir / "raw"), *holding_problems(data_dir / "raw"), *data_dir.rglob("*.open")]


def kill_at(site: Farm, *numbers: int) -> list[int]:
    """Kills the process that sends the n-th request or, of those after it, one that has asked two hosts; the processes killed.

    A worker that has one host to itself is let live: it has it since two others died of it, and of the address that it dies
    of the crawl would rightly say that it is given up.
    """
    killed: list[int] = []
    hosts: dict[int, set[str]] = defaultdict(set)
    one_at_a_time = threading.Lock()  # the site answers in threads

    def during(asked: Asked) -> None:
        if asked.process is None:
            return
        with one_at_a_time:
            hosts[asked.process].add(asked.host)
            is_time = len(killed) < len(numbers) and len(site.asked) >= numbers[len(killed)]
            if is_time and asked.process not in killed and len(hosts[asked.process]) > 1:
                killed.append(asked.process)
                os.kill(asked.process, signal.SIGKILL)

    site.during = during
    return killed


def test_three_workers_archive_what_one_does_and_each_host_has_one_owner(
    site: Farm, whole: set[tuple[str, str, str | None]], tmp_path: Path
) -> None:
    code, printed = crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 3)
    assert code == 0, printed
    assert captures(tmp_path / "data") == whole
    assert site.paths() == dict.fromkeys(site.paths(), 1)
    assert set(site.most_at_once.values()) == {1}
    assert problems(tmp_path / "data") == []
    told = account(tmp_path / "data")["sources"]
    assert {name: one["fetched"] for name, one in told.items()} == {"farma": 4 * (1 + PAGES), "druga": 2 * (1 + PAGES)}
    assert sum(one["requests"] for one in told.values()) == len(site.asked)
    files: dict[str, set[str]] = defaultdict(set)
    for entry in entries(tmp_path / "data"):
        if not entry.url.endswith("/robots.txt"):  # archived by whoever needed it
            files[entry.url.split("/")[2]].add(entry.filename)
    assert {len(names) for names in files.values()} == {1}
    assert len({name for names in files.values() for name in names}) > 2
    senders: dict[str, set[int | None]] = defaultdict(set)
    for asked in site.asked:
        senders[asked.host].add(asked.process)
    if None in set().union(*senders.values()):
        pytest.skip("the system does not tell which process holds a connection")
    assert {len(processes) for processes in senders.values()} == {1}  # of 127.0.0.3 the rules were asked for 127.0.0.2 too
    assert len(set().union(*senders.values())) > 1
    assert len([a for a in site.asked if a.host == "127.0.0.3" and a.path == "/robots.txt"]) == 2


def test_hosts_are_asked_one_request_at_a_time_and_with_the_pause_between_them(site: Farm, tmp_path: Path) -> None:
    delay = 0.15
    assert crawled(tmp_path / "data", sources(tmp_path / "sources", site.port, delay=delay), 3)[0] == 0
    assert set(site.most_at_once.values()) == {1}
    times: dict[str, list[float]] = defaultdict(list)
    for entry in entries(tmp_path / "data"):
        time = full_time(entry.date)
        assert time is not None
        times[entry.url.split("/")[2]].append(time.timestamp())
    assert len(times) == HOSTS
    for host, found in times.items():
        found.sort()
        pauses = [after - before for before, after in itertools.pairwise(found)]
        assert min(pauses) > delay - 0.001, host  # times are archived in microseconds


def test_a_worker_that_is_killed_loses_nothing(site: Farm, whole: set[tuple[str, str, str | None]], tmp_path: Path) -> None:
    killed = kill_at(site, 7, 15, 23)
    code, printed = crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 3)
    if not killed:
        pytest.skip("the system does not tell which process holds a connection")
    assert code == 0, printed
    assert printed.count("was killed by signal 9") == len(killed) == 3
    assert captures(tmp_path / "data") == whole
    assert problems(tmp_path / "data") == []
    told = account(tmp_path / "data")
    assert told["outcome"] == "finished"
    assert sum(one["fetched"] for one in told["sources"].values()) == ALL
    assert sum(site.paths().values()) <= ALL + len(killed) * HOSTS  # of each host one request was under way


@pytest.mark.parametrize("number", [2, 17, 40])
def test_a_run_that_is_killed_with_or_without_its_workers_is_continued(
    site: Farm, whole: set[tuple[str, str, str | None]], tmp_path: Path, number: int
) -> None:
    process = started(tmp_path / "data", sources(tmp_path / "sources", site.port), 2)

    def during(_asked: Asked) -> None:
        if len(site.asked) == number:
            if number == 17:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()

    site.during = during
    assert ended(process)[0] == -signal.SIGKILL
    code, printed = crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 2)
    assert code == 0, printed
    assert "was cut short and is continued" in printed
    assert captures(tmp_path / "data") == whole
    assert problems(tmp_path / "data") == []
    assert sum(site.paths().values()) <= ALL + HOSTS


@pytest.mark.parametrize("reached", ["the run", "every process"])
def test_a_stop_is_clean(site: Farm, whole: set[tuple[str, str, str | None]], tmp_path: Path, reached: str) -> None:
    """Ctrl-C on a terminal reaches every process of the run, as a service's SIGTERM does."""
    folder = sources(tmp_path / "sources", site.port, delay=0.1)
    process = started(tmp_path / "data", folder, 2)
    numbers = itertools.count(1)

    def during(_asked: Asked) -> None:
        if next(numbers) == 12:
            if reached == "every process":
                os.killpg(process.pid, signal.SIGINT)
            else:
                process.send_signal(signal.SIGTERM)

    site.during = during
    code, printed = ended(process)
    assert code == 130, printed
    assert problems(tmp_path / "data") == []
    assert account(tmp_path / "data")["outcome"] == "stopped"
    assert "Traceback" not in printed
    code, printed = crawled(tmp_path / "data", folder, 2)
    assert code == 0, printed
    assert captures(tmp_path / "data") == whole
    assert set(site.paths().values()) == {1}


def test_the_budget_holds_over_all_workers(site: Farm, tmp_path: Path) -> None:
    assert crawled(tmp_path / "data", sources(tmp_path / "sources", site.port, budget=11), 3)[0] == 0
    told = account(tmp_path / "data")["sources"]
    assert {name: one["requests"] for name, one in told.items()} == {"farma": 11, "druga": 11}
    assert len(site.asked) == 22
    assert all("the budget of 11 requests" in one["reasons"][0]["reason"] for one in told.values())


def killers(site: Farm, host: str, *paths: str) -> list[int]:
    """Kills whoever asks a host for one of the paths; the processes killed so far."""
    killed: list[int] = []

    def during(asked: Asked) -> None:
        if asked.host == host and asked.path in paths and asked.process is not None:
            killed.append(asked.process)
            os.kill(asked.process, signal.SIGKILL)

    site.during = during
    return killed


def test_a_page_that_workers_die_of_is_given_up_and_its_host_is_not(site: Farm, tmp_path: Path) -> None:
    killed = killers(site, "127.0.0.4", "/praktyka/3")
    code, printed = crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 2)
    if not killed:
        pytest.skip("the system does not tell which process holds a connection")
    assert code == 0, printed
    assert len(killed) == 3
    told = account(tmp_path / "data")["sources"]
    assert told["druga"]["fetched"] == 2 * (1 + PAGES)
    assert (told["farma"]["fetched"], told["farma"]["failed"]) == (4 * (1 + PAGES) - 1, 1)
    with Frontier(tmp_path / "data" / "raw", to_read=True) as frontier:
        (row,) = frontier.addresses("state = 'failed'")
        assert row.url.endswith("/praktyka/3")
        assert "worker processes died while it was asked" in (row.reason or "")
        *_, (_, at, what, evidence) = frontier.events(row.id)
        assert (what, evidence["url"], round(row.due - at)) == ("failed", row.url, 24 * 3600)
    assert problems(tmp_path / "data") == []


def test_a_host_that_workers_die_of_again_and_again_is_left_alone(site: Farm, tmp_path: Path) -> None:
    killed = killers(site, "127.0.0.4", *(f"/praktyka/{number}" for number in range(100)))
    code, printed = crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 2)
    if not killed:
        pytest.skip("the system does not tell which process holds a connection")
    assert code == 0, printed
    assert len(killed) == 5  # two that asked other hosts too, three of its own
    told = account(tmp_path / "data")["sources"]
    assert told["druga"]["fetched"] == 2 * (1 + PAGES)
    assert told["farma"]["failed"] == 3
    assert told["farma"]["fetched"] + told["farma"]["deferred"] == 4 * (1 + PAGES) - 3
    with Frontier(tmp_path / "data" / "raw", to_read=True) as frontier:
        left = {row.host.partition(":")[0] for row in frontier.addresses("state = 'deferred'")}
    assert left == {"127.0.0.4"}
    assert any("worker processes died 3 times" in reason["reason"] for reason in told["farma"]["reasons"])
    assert problems(tmp_path / "data") == []


def test_a_worker_that_cannot_write_ends_the_run_with_one_line(site: Farm, tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "druga").write_text("a file where the folder of a source should be")
    code, printed = crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 2)
    assert code == 1
    assert "Traceback" not in printed
    assert "druga" in printed.splitlines()[-1]
    (tmp_path / "data" / "raw" / "druga").unlink()
    assert crawled(tmp_path / "data", sources(tmp_path / "sources", site.port), 2)[0] == 0
    assert problems(tmp_path / "data") == []


def test_one_that_is_held_by_workers_of_a_killed_run_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).touch()
    with (tmp_path / LOCK_NAME).open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        gone = {"pid": 2**22 + 1, "host": os.uname().nodename, "started": "2026-01-01T00:00:00+00:00"}  # above any process's
        held.write(json.dumps(gone))
        held.flush()
        timer = threading.Timer(0.2, fcntl.flock, (held, fcntl.LOCK_UN))
        timer.start()
        said: list[str] = []
        with folder_lock(tmp_path, said.append):
            assert len(said) == 1
        timer.join()
        fcntl.flock(held, fcntl.LOCK_EX)
        held.seek(0)
        held.write(json.dumps(gone | {"pid": os.getpid()}))
        held.flush()
        with pytest.raises(LockHeld), folder_lock(tmp_path, said.append):
            pass


def test_requests_are_counted_up_to_the_budget() -> None:
    counts = SharedCounts.made({"a": 2, "b": 0})
    assert [counts.taken("a", 4) for _ in range(3)] == [True, True, False]
    assert [counts.taken("b", 1), counts.taken("b", 1)] == [True, False]
    assert (counts.of("a"), counts.of("b")) == (4, 1)
    counts.close()
