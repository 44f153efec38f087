"""A whole crawl against a made-up publisher: what is fetched, what is not and why, and what a second run adds."""

from __future__ import annotations

import itertools
import json
import shutil
import threading
from collections import Counter
from pathlib import Path

from crawl_kit import AGENT, HOME, Asked, JumpingClock, Reply, kinds, means, page, run, serving, source, stored
from ending import PATIENCE

from pipeline import faults
from pipeline.archive.check import archive_problems
from pipeline.crawl.politeness.manner import Manner


def test_first_crawl_fetches_what_is_in_scope_and_accounts_for_the_rest(tmp_path: Path) -> None:
    with serving() as site:
        report = run(tmp_path, means(site.port))
    assert report.exit_code == 0, report.text
    assert Counter(site.targets) == Counter(
        [
            *("/", "/lista/1", "/lista/2", "/sitemap.xml", "/praktyka/stara", "/praktyka/brak", "/pliki/karta.pdf"),
            *(f"/praktyka/{n}" for n in range(1, 8)),
        ]
    )
    counts = report.accounts[0].counts
    assert counts["fetched"] == len(site.targets)
    assert counts["robots"] == 1
    assert counts["out_of_scope"] == 3  # /o-nas, /stara/6, another host in the sitemap
    assert report.accounts[0].discovered == sum(counts.values())
    assert {url for kind, url, _, _ in stored(tmp_path) if kind == "response"} == {
        HOME[:-1] + t for t in (*site.targets, "/robots.txt")
    }
    assert list(archive_problems(tmp_path / "raw")) == []
    data = json.loads((tmp_path / "raw" / "runs" / f"{report.run}.json").read_text())
    assert data["sources"]["gmina"]["fetched"] == counts["fetched"]


def test_second_crawl_adds_only_revisits(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving() as site:
        run(tmp_path, means(site.port, clock=clock))
        first = stored(tmp_path)
        site.asked.clear()
        report = run(tmp_path, means(site.port, clock=clock, everything_due=True))
        assert all("if-none-match" in a.headers for a in site.asked if a.target not in ("/praktyka/stara", "/praktyka/brak"))
        assert len(site.asked) == 14  # robots.txt holds for a day
    assert kinds(tmp_path) == {"response": 14, "revisit": 14}
    assert [record for record in stored(tmp_path) if record[0] == "response"] == first
    assert report.accounts[0].counts["unchanged"] == 14
    assert list(archive_problems(tmp_path / "raw")) == []


def test_only_listings_are_asked_again_before_details_are_due(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving() as site:
        run(tmp_path, means(site.port, clock=clock))
        site.asked.clear()
        clock.time += 3600
        report = run(tmp_path, means(site.port, clock=clock))
        assert sorted(site.targets) == ["/", "/lista/1", "/lista/2", "/sitemap.xml"]
        assert report.accounts[0].counts["deferred"] == 10
        site.asked.clear()
        clock.time += 31 * 86400
        run(tmp_path, means(site.port, clock=clock))
        assert len(site.targets) == 13  # not the file


def test_without_validators_identical_payloads_become_revisits(tmp_path: Path) -> None:
    with serving(etags=False) as site:
        run(tmp_path, means(site.port))
        report = run(tmp_path, means(site.port, everything_due=True))
    assert kinds(tmp_path) == {"response": 14, "revisit": 14}
    assert report.accounts[0].counts["unchanged"] == 14


def test_delay_stands_between_two_requests_of_a_host(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving() as site:
        using = means(site.port, source(delay_seconds=2.0), clock=clock)
        run(tmp_path, using)
        asked = len(site.asked)
    assert len(clock.slept) == asked - 1
    assert all(1.9 < waited <= 2.0 for waited in clock.slept)


def test_one_connection_a_host_and_several_hosts_at_once(tmp_path: Path) -> None:
    with serving() as site:
        run(tmp_path / "one", means(site.port))
        assert site.open_most == 1

    two = threading.Barrier(2)
    numbers = itertools.count(1)

    def meeting(asked: Asked) -> Reply | None:
        if next(numbers) <= 2:  # neither is answered before the other is asked for
            two.wait(PATIENCE)
        return None if asked.target == "/robots.txt" else Reply(page("detail", text=asked.url))

    hosts = [f"gmina{n}.example.org" for n in range(6)]
    made = source(hosts=("*.example.org",), seeds=[f"http://{host}/praktyka/{n}" for host in hosts for n in range(3)])
    with serving(meeting) as site:
        manner = Manner(user_agent=AGENT, hosts_at_once=4)
        report = run(tmp_path / "many", means(site.port, made, manner=manner))
        assert 1 < site.answering_most <= 4
    assert report.accounts[0].counts["fetched"] == 18


def test_what_the_frontier_forgot_in_a_power_loss_is_found_in_the_archive(tmp_path: Path) -> None:
    """SQLite may lose the last commits of a power loss, never their order: an older frontier beside a newer archive."""
    raw = tmp_path / "raw"
    passed: list[str] = []

    def copy(point: str) -> None:
        passed.append(point)
        if len(passed) == 90:
            for path in raw.glob("frontier.sqlite*"):
                shutil.copy(path, tmp_path / path.name)

    faults.set_hook(copy)
    try:
        with serving() as site:
            run(tmp_path, means(site.port, file_size=8_000))
            faults.set_hook(None)
            before = stored(tmp_path)
            for path in raw.glob("frontier.sqlite*"):
                path.unlink()
            for path in tmp_path.glob("frontier.sqlite*"):
                shutil.copy(path, raw / path.name)
            site.asked.clear()
            said: list[str] = []
            report = run(tmp_path, means(site.port), said=said)
            assert any("entered late" in line for line in said)
            assert site.targets == []
    finally:
        faults.set_hook(None)
    assert stored(tmp_path) == before
    assert report.accounts[0].counts["fetched"] == 14
