"""Stops, locks, damage and full disks: what a run leaves behind, and what the next one makes of it."""

from __future__ import annotations

import asyncio
import errno
import itertools
import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest
from crawl_kit import HOME, HOST, Asked, JumpingClock, Reply, kinds, means, page, run, serving, small_site, source, stored
from ending import PATIENCE, wait_for

from pipeline import faults
from pipeline.archive.check import archive_problems
from pipeline.archive.index import warc_paths
from pipeline.cli import main
from pipeline.crawl.crawler import Crawler
from pipeline.crawl.ledger.frontier import FRONTIER_NAME, Frontier
from pipeline.crawl.politeness.manner import user_agent
from pipeline.crawl.runs.stopping import until_stopped
from pipeline.errors import ArchiveError, ConfigError, LockHeld, UsageError
from pipeline.sources.spec import RevisitDays

CRAWL = """
import dataclasses, sys
from pathlib import Path
from typing import Any
from crawl_kit import means, run, source
from pipeline.crawl.network.limits import PAGE_LIMITS
from pipeline.crawl.politeness.pace import SystemClock
patient = dataclasses.replace(PAGE_LIMITS, read_seconds=1e6, total_seconds=1e6)
made = source(delay_seconds=float(sys.argv[3]))
report = run(Path(sys.argv[1]), means(int(sys.argv[2]), made, clock=SystemClock(), limits=patient))
sys.exit(report.exit_code)
"""
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}", "PATH": ""}


def started(data_dir: Path, port: int, delay: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CRAWL, str(data_dir), str(port), str(delay)], env=ENVIRONMENT)


class Quick:
    """A crawler that is done at once."""

    async def run(self) -> None:
        """Nothing is asked of anyone."""


def test_what_a_signal_did_before_a_crawl_it_does_after_it() -> None:
    def heard(_number: int, _frame: object) -> None: ...

    for which, handler in ((signal.SIGTERM, heard), (signal.SIGHUP, signal.SIG_IGN)):
        before = signal.signal(which, handler)
        try:
            asyncio.run(until_stopped(cast(Crawler, Quick()), print))
            assert signal.getsignal(which) == handler
        finally:
            signal.signal(which, before)


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_is_clean_and_soon_and_the_run_is_continued(tmp_path: Path, which: signal.Signals) -> None:
    running: list[subprocess.Popen[bytes]] = []
    numbers = itertools.count(1)

    def answers(asked: Asked) -> Reply | None:
        if next(numbers) == 5:
            wait_for(lambda: running)
            running[0].send_signal(which)
        return small_site(asked)

    with serving(answers) as site:
        running.append(started(tmp_path, site.port, 0.3))
        assert running[0].wait(PATIENCE) == 130  # many addresses are left
        assert not list(tmp_path.rglob("*.open"))
        assert list(archive_problems(tmp_path / "raw")) == []
        (path,) = (tmp_path / "raw" / "runs").glob("*.json")
        account = json.loads(path.read_text())
        assert account["outcome"] == "stopped"
        assert account["sources"]["gmina"]["pending"] > 0
        said: list[str] = []
        from pipeline.crawl.politeness.pace import SystemClock

        report = run(tmp_path, means(site.port, clock=SystemClock()), said=said)
        assert any("continued" in line for line in said)
        assert report.run == account["run"]
        assert max(Counter(site.targets).values()) == 1
    assert report.accounts[0].counts["pending"] == 0
    assert kinds(tmp_path) == {"response": 14}


def test_a_request_that_hangs_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    has_ended = threading.Event()

    def answers(asked: Asked) -> Reply | None:
        if asked.target == "/":
            has_ended.wait()
        return None

    with serving(answers) as site:
        process = started(tmp_path, site.port, 0)
        wait_for(lambda: site.targets == ["/"])
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(PATIENCE) == 130
        finally:
            has_ended.set()
            process.kill()


def test_one_run_at_a_time(tmp_path: Path) -> None:
    may_go_on = threading.Event()

    def answers(asked: Asked) -> Reply | None:
        if asked.target == "/":
            may_go_on.wait()
        return small_site(asked)

    with serving(answers) as site:
        process = started(tmp_path, site.port, 0)
        wait_for(lambda: site.targets == ["/"])
        with pytest.raises(LockHeld) as held:
            run(tmp_path, means(site.port))
        assert held.value.exit_code == 4
        assert str(process.pid) in str(held.value)
        process.kill()
        process.wait()
        may_go_on.set()
        said: list[str] = []
        assert run(tmp_path, means(site.port), said=said).exit_code == 0
        assert any("took over the lock" in line for line in said)


def test_a_second_run_begins_anew_after_a_day(tmp_path: Path) -> None:
    clock = JumpingClock()
    passed: list[str] = []

    def stop(point: str) -> None:
        passed.append(point)
        if len(passed) == 100:
            raise ArchiveError("stopped here")

    with serving() as site:
        faults.set_hook(stop)
        try:
            with pytest.raises(ArchiveError):
                run(tmp_path, means(site.port, clock=clock))
        finally:
            faults.set_hook(None)
        clock.time += 2 * 86400
        said: list[str] = []
        run(tmp_path, means(site.port, clock=clock), said=said)
    assert not any("continued" in line for line in said)
    with Frontier(tmp_path / "raw") as frontier:
        assert [outcome for (outcome,) in frontier.rows("SELECT outcome FROM runs ORDER BY started")] == [
            "abandoned",
            "finished",
        ]


def test_a_full_disk_at_any_write_loses_nothing(tmp_path: Path) -> None:
    calm = tmp_path / "calm"
    slow = source(delay_seconds=1.0)  # the clock jumps; every request is noted before it is made
    points: list[str] = []
    with serving() as site:
        faults.set_hook(points.append)
        try:
            run(calm, means(site.port, slow))
        finally:
            faults.set_hook(None)
        assert len(points) > 100
        for number in range(3, len(points), 11):
            data = tmp_path / str(number)
            passed: list[str] = []

            def full(point: str, number: int = number, passed: list[str] = passed) -> None:
                passed.append(point)
                if len(passed) == number:
                    raise OSError(errno.ENOSPC, "No space left on device")

            faults.set_hook(full)
            try:
                with pytest.raises((ArchiveError, OSError)):
                    run(data, means(site.port, slow))
            finally:
                faults.set_hook(None)
            run(data, means(site.port, slow))
            assert stored(data) == stored(calm), number


def test_a_damaged_frontier_is_made_anew_from_the_archive(tmp_path: Path) -> None:
    often = source(revisit_days=RevisitDays(listing=1, detail=30, attachment=30, sitemap=1))
    with serving() as site:
        run(tmp_path, means(site.port, often))
        before = stored(tmp_path)
        for suffix in ("", "-wal", "-shm"):
            path = tmp_path / "raw" / (FRONTIER_NAME + suffix)
            if path.exists():
                path.write_bytes(b"no database at all" * 300)
        site.asked.clear()
        said: list[str] = []
        report = run(tmp_path, means(site.port, often), said=said)
        assert any("set aside" in line for line in said)
    assert site.targets == []  # everything was found in the archive
    assert stored(tmp_path) == before
    assert report.accounts[0].counts["pending"] == 0


def test_what_a_lost_file_held_is_fetched_again(tmp_path: Path) -> None:
    with serving() as site:
        run(tmp_path, means(site.port, file_size=5_000))
        before = stored(tmp_path)
        paths = list(warc_paths(tmp_path / "raw"))
        assert len(paths) > 3
        lost = {
            line.split('"url":"')[1].split('"')[0]
            for line in paths[1].with_name(paths[1].name.replace(".warc.gz", ".cdxj")).read_text().splitlines()[1:]
        }
        paths[1].unlink()
        paths[1].with_name(paths[1].name.replace(".warc.gz", ".cdxj")).unlink()
        site.asked.clear()
        clock = JumpingClock()
        run(tmp_path, means(site.port, source(revisit_days=RevisitDays(listing=9, sitemap=9)), clock=clock))
        again = {HOME[:-1] + target for target in site.targets}
    assert lost - {f"{HOME}robots.txt"} <= again
    assert {record for record in before if record[0] == "response"} <= set(stored(tmp_path)) | {
        record for record in before if record[1].endswith("/robots.txt")
    }


def test_seeds_that_no_source_takes_are_said(tmp_path: Path) -> None:
    web = source("siec", ("siec.example.org",), seeds=[], takes_seeds=True, follow=[])
    seeds = ("http://siec.example.org/a", "http://obca.example.org/", "mailto:x@example.org", f"http://{HOST}/panel")
    with serving(lambda asked: Reply(page("detail")) if asked.target == "/a" else small_site(asked)) as site:
        said: list[str] = []
        run(tmp_path, means(site.port, source(), web), "siec", said=said, seeds=seeds)
    assert [asked.url for asked in site.asked if asked.target != "/robots.txt"] == ["http://siec.example.org/a"]
    assert len(said) == 3
    assert all("left out" in line for line in said)


@pytest.mark.parametrize("contact", [None, "", "x", "you at example", "ą@example.org", "a@b.pl\r\nX: y", "<a@b.pl>"])
def test_no_contact_no_crawl(contact: str | None) -> None:
    with pytest.raises(ConfigError):
        user_agent(contact)


def test_contact_stands_in_the_user_agent(tmp_path: Path) -> None:
    assert user_agent("kto@example.org").endswith("(+kto@example.org)")
    assert "https://example.org/robot" in user_agent(" https://example.org/robot ")
    with serving() as site:
        run(tmp_path, means(site.port))
        assert all(asked.headers["user-agent"].startswith("praktyki/") for asked in site.asked)
        assert not any({"cookie", "referer", "authorization"} & set(asked.headers) for asked in site.asked)


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = ["--data-dir", str(tmp_path)]
    assert main(["crawl", *data]) == 2
    assert "PRAKTYKI_CONTACT" in capsys.readouterr().err
    assert main(["why", "https://dobrepraktyki.pl/", *data]) == 2
    assert "praktyki crawl" in capsys.readouterr().err
    monkeypatch.setenv("PRAKTYKI_CONTACT", "tests@example.org")
    assert main(["crawl", "nosuch", *data]) == 2
    assert main(["crawl", "--seeds", str(tmp_path / "none.txt"), *data]) == 2
    capsys.readouterr()
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("# deck\nhttp://127.0.0.1:9/praktyka\nfile:///etc/passwd\n", "utf-8")
    assert main(["crawl", "web", "--seeds", str(seeds), "--json", *data]) == 5
    out = capsys.readouterr()
    assert json.loads(out.out)["sources"]["web"]["deferred"] == 1  # this machine may not be asked
    assert "only http and https" in out.err
    assert main(["why", "http://127.0.0.1:9/praktyka", *data]) == 0
    assert "loopback" in capsys.readouterr().out
    assert main(["status", *data]) == 0
    told = capsys.readouterr().out
    assert "finished" in told
    addresses = told.split("\n\n")[1].splitlines()
    assert addresses[0].split() == ["source", "addresses", "due", "now", "failed", "next", "due"]
    assert any(line.split()[:2] == ["web", "1"] for line in addresses)
    assert max(map(len, addresses)) <= 80


def test_a_source_without_crawl_rules_cannot_be_crawled(tmp_path: Path) -> None:
    import msgspec

    from pipeline.sources.spec import Source

    made = source()
    bare = Source("goly", msgspec.structs.replace(made.facts, crawl=None), made.module, made.files)
    with pytest.raises(UsageError, match="no \\[crawl\\] table"):
        run(tmp_path, means(1, made, bare), "goly")


def test_metrics_are_in_the_text_format(tmp_path: Path) -> None:
    with serving() as site:
        report = run(tmp_path, means(site.port))
    lines = (tmp_path / "raw" / "runs" / "metrics.prom").read_text().splitlines()
    values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert values['praktyki_crawl_addresses{source="gmina",state="fetched"}'] == report.accounts[0].counts["fetched"]
    assert values['praktyki_crawl_source_failed{source="gmina"}'] == 0
    assert len(lines) > 10


def test_looking_never_touches_the_frontier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as site:
        run(tmp_path, means(site.port))
    path = tmp_path / "raw" / FRONTIER_NAME
    with Frontier(tmp_path / "raw") as writing, writing.transaction():  # as a crawl under way
        assert main(["why", f"{HOME}praktyka/1", "--data-dir", str(tmp_path)]) == 0
        assert main(["status", "--data-dir", str(tmp_path)]) == 0
    path.write_bytes(b"no database" * 1000)
    assert main(["status", "--data-dir", str(tmp_path)]) == 1
    assert FRONTIER_NAME in capsys.readouterr().err
    assert path.read_bytes() == b"no database" * 1000


def test_a_reason_is_kept_to_some_length_whoever_gives_it(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier, frontier.transaction():
        about: dict[str, Any] = {
            "source": "a",
            "host": "a.example",
            "kind": "detail",
            "depth": 1,
            "origin": "listing",
            "found_on": None,
        }
        for number in range(2):
            frontier.add(key=str(number), url=f"http://a.example/{number}", run="r", **about)
        frontier.update(1, state="failed", reason="x" * 5000)
        frontier.update(1, reason=None)
        assert frontier.address_at(1).reason is None
        frontier.update(1, reason="y" * 5000)
        frontier.defer("r", "z" * 5000, 0.0, "id = ?", 2)
        assert [frontier.address_at(number).reason for number in (1, 2)] == ["y" * 2000, "z" * 2000]
