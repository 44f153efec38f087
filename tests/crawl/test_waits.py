"""429, 503, resets, broken lengths, robots.txt in trouble: the right wait, the right reason, and all of it remembered."""

from __future__ import annotations

import email.utils
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from crawl_kit import HOST, Asked, JumpingClock, Reply, kinds, means, page, run, serving, source

from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.politeness.manner import Manner
from pipeline.crawl.politeness.pace import BACKOFF_LIMIT, RETRY_AFTER_LIMIT, backoff_seconds, retry_after_seconds
from pipeline.crawl.runs.why import explanation
from pipeline.sources.spec import RevisitDays

ONE = source(seeds=[f"http://{HOST}/praktyka/1"])
GOOD = Reply(page("detail", text="dobra"))


def troubled(*first: Reply, then: Reply = GOOD) -> tuple[Callable[[Asked], Reply | None], Counter[str]]:
    """A page that answers with ``first``, one a request, then with ``then``."""
    asked: Counter[str] = Counter()

    def answers(request: Asked) -> Reply | None:
        asked[request.target] += 1
        if request.target != "/praktyka/1":
            return None
        return first[asked[request.target] - 1] if asked[request.target] <= len(first) else then

    return answers, asked


def reason_of(data_dir: Path, key: str = f"http://{HOST}/praktyka/1") -> tuple[str, str | None]:
    with Frontier(data_dir / "raw") as frontier:
        row = frontier.address("gmina", key)
        assert row is not None
        return row.state, row.reason


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_kept(tmp_path: Path, status: int) -> None:
    clock = JumpingClock()
    answers, asked = troubled(Reply(status=status, headers={"Retry-After": "120"}))
    with serving(answers) as site:
        report = run(tmp_path, means(site.port, ONE, clock=clock))
    assert asked["/praktyka/1"] == 2
    assert sum(clock.slept) == pytest.approx(120, abs=1)
    assert report.accounts[0].counts["fetched"] == 1
    assert kinds(tmp_path) == {"response": 1}  # what said "not now" is no capture


def test_retry_after_as_a_date_is_kept(tmp_path: Path) -> None:
    clock = JumpingClock()
    date = email.utils.formatdate(clock.time + 200, usegmt=True)
    answers, _ = troubled(Reply(status=503, headers={"Retry-After": date}))
    with serving(answers) as site:
        run(tmp_path, means(site.port, ONE, clock=clock))
    assert sum(clock.slept) == pytest.approx(200, abs=2)


def test_a_long_wait_is_left_to_a_later_run_which_remembers_it(tmp_path: Path) -> None:
    clock = JumpingClock()
    answers, asked = troubled(Reply(status=503, headers={"Retry-After": "7200"}))
    with serving(answers) as site:
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        assert report.accounts[0].counts["deferred"] == 1
        assert report.exit_code == 5
        assert reason_of(tmp_path) == ("deferred", "status 503, Retry-After '7200'")
        clock.time += 3600
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        assert asked["/praktyka/1"] == 1  # half of the time: not asked at all
        assert report.accounts[0].counts["deferred"] == 1
        clock.time += 3700
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        assert asked["/praktyka/1"] == 2
        assert (report.accounts[0].counts["fetched"], report.exit_code) == (1, 0)


def test_a_storm_of_503_backs_off_and_gives_up(tmp_path: Path) -> None:
    clock = JumpingClock()
    answers, asked = troubled(*[Reply("<p>Przeciążenie", 503)] * 9)
    with serving(answers) as site:
        report = run(tmp_path, means(site.port, ONE, clock=clock))
    assert asked["/praktyka/1"] == 4
    waits = [waited for waited in clock.slept if waited > 1]
    assert len(waits) == 3
    assert all(low <= waited <= 2 * low for waited, low in zip(waits, (2.5, 5, 10), strict=True)), waits
    assert reason_of(tmp_path) == ("failed", "status 503 (4 times)")
    assert (report.exit_code, report.accounts[0].trouble is not None) == (5, True)
    assert kinds(tmp_path) == {"response": 1}  # the last answer is kept as evidence


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(page("detail"), drop=20), "reset: "),
        (Reply(page("detail"), headers={"Content-Length": "5000"}, drop=200), "reset: "),
        (Reply(status=500), "status 500"),
        (Reply(b"\x1f\x8b\x08broken", headers={"Content-Encoding": "gzip"}), "coding: "),
    ],
)
def test_what_is_worth_it_is_asked_again(tmp_path: Path, reply: Reply, reason: str) -> None:
    clock = JumpingClock()
    answers, asked = troubled(reply, reply)
    with serving(answers) as site:
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        told = explanation(tmp_path / "raw", [ONE], f"http://{HOST}/praktyka/1").data["known"][0]["events"]
    if reason == "coding: ":
        assert told[0]["reason"].startswith(reason)
        return
    assert asked["/praktyka/1"] == 3
    assert [event["what"] for event in told] == ["again", "again", "fetched"]
    assert all(event["reason"].startswith(reason) for event in told[:2])
    assert report.exit_code == 0
    assert clock.slept[0] < clock.slept[1]


def test_robots_txt_in_trouble_forbids_everything_until_it_is_back(tmp_path: Path) -> None:
    clock = JumpingClock()
    status = [503]

    def answers(request: Asked) -> Reply | None:
        if request.target == "/robots.txt":
            return Reply("User-agent: *\nDisallow: /x\n", status[0], content_type="text/plain")
        return GOOD if request.target == "/praktyka/1" else None

    with serving(answers) as site:
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        assert site.targets == []
        assert report.exit_code == 5
        assert "robots.txt is unreachable" in (reason_of(tmp_path)[1] or "")
        run(tmp_path, means(site.port, ONE, clock=clock))
        assert len(site.asked) == 1  # not asked again before its time
        status[0] = 200
        clock.time += 86400
        assert run(tmp_path, means(site.port, ONE, clock=clock)).exit_code == 0
        assert site.targets == ["/praktyka/1"]


def test_crawl_delay_of_robots_txt_is_kept(tmp_path: Path) -> None:
    clock = JumpingClock()

    def answers(request: Asked) -> Reply | None:
        if request.target == "/robots.txt":
            return Reply("User-agent: *\nCrawl-delay: 7\n", content_type="text/plain")
        return GOOD if request.target.startswith("/praktyka/") else Reply(page("index", "/praktyka/1", "/praktyka/2"))

    with serving(answers) as site:
        run(tmp_path, means(site.port, clock=clock))
    assert [round(waited) for waited in clock.slept] == [7, 7, 7]


def test_the_last_request_is_remembered_by_the_next_run(tmp_path: Path) -> None:
    clock = JumpingClock()
    slow = source(seeds=[f"http://{HOST}/praktyka/1"], delay_seconds=30.0, revisit_days=RevisitDays(detail=0))
    answers, _ = troubled()
    with serving(answers) as site:
        run(tmp_path, means(site.port, slow, clock=clock))
        before = len(clock.slept)
        run(tmp_path, means(site.port, slow, clock=clock))
    assert clock.slept[before] == pytest.approx(30, abs=1)


def test_a_host_that_does_not_exist_fails_its_source_only(tmp_path: Path) -> None:
    other = source("inna", ("inna.example.org",))
    answers, _ = troubled()
    with serving(answers) as site:
        using = means(site.port, ONE, other)

        async def resolver(host: str, _port: int) -> list[tuple[str, int]]:
            from pipeline.crawl.network.guard import NameNotResolved

            if host == "inna.example.org":
                raise NameNotResolved(host, "no such host", temporary=False)
            return [("127.0.0.1", site.port)]

        from pipeline.crawl.network.guard import AddressGuard
        from pipeline.crawl.network.transport import HttpClient

        guard = AddressGuard(allow_loopback=True, resolver=resolver)
        object.__setattr__(using, "client", lambda: HttpClient(guard))
        report = run(tmp_path, using)
    assert report.exit_code == 5
    assert [account.trouble is None for account in report.accounts] == [True, False]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", RETRY_AFTER_LIMIT),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", RETRY_AFTER_LIMIT),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, 1_790_000_000.0) == seconds


def test_backoff_grows_to_an_hour_and_is_never_the_same_for_all() -> None:
    dice = random.Random(7)  # noqa: S311 - the jitter of a test
    waits = [[backoff_seconds(n, dice) for _ in range(50)] for n in range(1, 30)]
    for n, drawn in enumerate(waits):
        full = min(5.0 * 2**n, BACKOFF_LIMIT)
        assert all(full / 2 <= waited <= full for waited in drawn)
        assert len(set(drawn)) > 40


def test_manner_of_the_run_holds_where_a_source_asks_for_less(tmp_path: Path) -> None:
    clock = JumpingClock()
    answers, _ = troubled()
    with serving(answers) as site:
        run(tmp_path, means(site.port, ONE, clock=clock, manner=Manner(user_agent="praktyki/0 (+a@b.pl)", min_delay_seconds=3)))
    assert [round(waited) for waited in clock.slept] == [3]


def test_a_part_sent_for_the_whole_is_no_page_and_is_not_asked_about_by_its_validators(tmp_path: Path) -> None:
    clock = JumpingClock()
    answers, asked = troubled(Reply("<p>Po", status=206, headers={"Content-Range": "bytes 0-4/900"}))
    with serving(answers) as site:
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        assert report.accounts[0].counts["failed"] == 1
        assert reason_of(tmp_path) == ("failed", "status 206: a part, where all of it was asked for")
        clock.time += 400 * 24 * 3600
        report = run(tmp_path, means(site.port, ONE, clock=clock))
        assert asked["/praktyka/1"] == 2
        assert report.accounts[0].counts["fetched"] == 1
        pages = [one for one in site.asked if one.target == "/praktyka/1"]
    assert not any(name.lower().startswith("if-") for one in pages for name in one.headers)
