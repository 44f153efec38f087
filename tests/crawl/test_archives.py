"""Pages of a site that is gone, from a web archive and from WARC files."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from crawl_kit import AGENT, HOME, HOST, JumpingClock, Reply, Site, kinds, means, page, run, serving, source, stored
from ending import PATIENCE
from memento_kit import ARCHIVE, CDX, Kept, WebArchive

from pipeline.archive.check import archive_problems
from pipeline.archive.index import index_entries, warc_paths
from pipeline.archive.reader import captures_in, payload_at, record_at, warc_files
from pipeline.archive.warc import ARCHIVE_URL, ORIGIN, field
from pipeline.config import CrawlSettings, Settings
from pipeline.crawl.ledger.holdings import holding_problems
from pipeline.crawl.politeness.manner import Manner
from pipeline.crawl.runs.run import CrawlReport, Means
from pipeline.crawl.runs.why import explanation
from pipeline.crawl.scoping.canonical import canonical
from pipeline.crawl.webarchives.archives import crawl_from
from pipeline.errors import UsageError
from pipeline.records import Capture

OLD, NEW = "20150203040506", "20180203040506"


def taken(data_dir: Path, using: Means, place: str = f"cdx:{CDX}", **settings: object) -> CrawlReport:
    crawl = CrawlSettings(allow_loopback=True, **settings)  # type: ignore[arg-type]
    return crawl_from(Settings(data_dir=data_dir, crawl=crawl), ["gmina"], place, lambda _line: None, means=using)


def captures(data_dir: Path) -> dict[str, Capture]:
    raw = data_dir / "raw"
    found = [capture for name in warc_files(raw) for capture in captures_in(raw, name)]
    by_address = {capture.source_url or "": capture for capture in found}
    assert len(by_address) == len(found)
    return by_address


def kept_site() -> list[Kept]:
    return [
        Kept(HOME, OLD, page("index", "/praktyka/1").encode()),
        Kept(HOME, NEW, page("index", "/praktyka/1", "/praktyka/2").encode()),
        Kept(f"{HOME}praktyka/1", OLD, page("detail", text="1", files=("/pliki/a.pdf",)).encode()),
        Kept(f"{HOME}praktyka/1", "20190101000000", b"<p>gone", status=404),
        Kept(f"{HOME}praktyka/2?utm_source=x", OLD, page("detail", text="2, stara").encode()),
        Kept(f"{HOME}praktyka/2", NEW, page("detail", text="2").encode()),
        Kept(f"{HOME}pliki/a.pdf", OLD, b"%PDF-1.4 a", mime="application/pdf"),
        Kept(f"{HOME}o-nas", OLD, b"<p>O nas"),
    ]


def asked_for(site: Site) -> list[str]:
    return [asked.target for asked in site.asked]


def test_the_newest_good_capture_of_each_address_is_taken_with_its_own_time(tmp_path: Path) -> None:
    with serving(WebArchive(kept_site()), etags=False) as site:
        report = taken(tmp_path, means(site.port))
    assert report.exit_code == 0, report.text
    found = captures(tmp_path)
    assert {url.removeprefix(HOME): f"{c.captured_at:%Y%m%d%H%M%S}" for url, c in found.items()} == {
        "": NEW,
        "praktyka/1": OLD,
        "praktyka/2": NEW,
        "pliki/a.pdf": OLD,
    }
    assert {capture.origin for capture in found.values()} == {"archive"}
    payload = payload_at(tmp_path / "raw", found[f"{HOME}praktyka/2"])
    assert payload.body == page("detail", text="2").encode()
    assert payload.headers["server"] == "apache"
    assert payload.headers["content-length"] == str(len(payload.body))
    assert not {name for name in payload.headers if "memento" in name or "archive" in name or name == "link"}
    capture = found[f"{HOME}praktyka/2"]
    record = record_at(tmp_path / "raw", capture.warc_file, capture.warc_offset)
    assert field(record.fields, ORIGIN) == "archive"
    assert field(record.fields, ARCHIVE_URL) == f"http://{ARCHIVE}/web/{NEW}id_/{HOME}praktyka/2"
    assert list(archive_problems(tmp_path / "raw")) == []
    assert {asked.host for asked in site.asked} == {ARCHIVE}
    counts = report.accounts[0].counts
    assert counts["fetched"] == 4
    assert report.accounts[0].discovered == sum(counts.values())
    assert report.accounts[0].requests == len(site.asked)


def test_a_second_run_asks_for_nothing_that_is_there(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving(WebArchive(kept_site()), etags=False) as site:
        taken(tmp_path, means(site.port, clock=clock))
        before = stored(tmp_path)
        site.asked.clear()
        again = taken(tmp_path, means(site.port, clock=clock))
        assert asked_for(site) == []
        assert stored(tmp_path) == before
        assert again.exit_code == 0
        clock.time += 8 * 86400
        taken(tmp_path, means(site.port, clock=clock))
        assert [target.partition("?")[0] for target in asked_for(site)] == ["/robots.txt", "/cdx/search/cdx"]


def test_what_the_publisher_still_had_is_not_taken_again(tmp_path: Path) -> None:
    def publisher_or_archive(asked: object) -> Reply | None:
        host, target = asked.host, asked.target  # type: ignore[attr-defined]
        if host == ARCHIVE:
            return WebArchive(kept_site())(asked)  # type: ignore[arg-type]
        pages = {"/": page("index", "/praktyka/1", "/praktyka/2", text="dziś"), "/praktyka/2": page("detail", text="dziś")}
        return Reply(pages[target]) if target in pages else None

    clock = JumpingClock()
    with serving(publisher_or_archive, etags=False) as site:
        run(tmp_path, means(site.port, clock=clock))
        report = taken(tmp_path, means(site.port, clock=clock))
        mementos = [target for target in asked_for(site) if target.startswith("/web/")]
    assert mementos == [f"/web/{OLD}id_/{HOME}praktyka/1", f"/web/{OLD}id_/{HOME}pliki/a.pdf"]
    assert report.accounts[0].counts["fetched"] == 2
    raw = tmp_path / "raw"
    origins = Counter(capture.origin for name in warc_files(raw) for capture in captures_in(raw, name))
    assert origins == {"crawl": 3, "archive": 2}  # two pages and the 404 from the publisher


def test_lists_come_page_by_page_and_a_spent_budget_is_continued(tmp_path: Path) -> None:
    archive = WebArchive([Kept(f"{HOME}praktyka/{n}", OLD, page("detail", text=str(n)).encode()) for n in range(20)], page=7)
    clock = JumpingClock()
    with serving(archive, etags=False) as site:
        reports = [taken(tmp_path, means(site.port, clock=clock), archive_requests=10)]
        assert len(site.asked) == 10
        assert "the budget of 10 requests" in str(reports[0].data)
        assert "deferred" in reports[0].text
        while len(reports) < 4:
            clock.time += 60
            reports.append(taken(tmp_path, means(site.port, clock=clock), archive_requests=10))
    assert kinds(tmp_path) == {"response": 20}
    targets = Counter(asked_for(site))
    assert max(targets.values()) == 1
    assert sum(target.startswith("/cdx") for target in targets) == 3


def test_a_server_without_resume_keys_is_asked_for_its_whole_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.crawl.webarchives.archive_crawler.LINES_ASKED", 5)
    archive = WebArchive(
        [Kept(f"{HOME}praktyka/{n}", OLD, page("detail", text=str(n)).encode()) for n in range(12)], knows_resume_keys=False
    )
    with serving(archive, etags=False) as site:
        taken(tmp_path, means(site.port))
    assert kinds(tmp_path) == {"response": 12}
    assert sum(target.startswith("/cdx") for target in asked_for(site)) == 2


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (Reply("<h1>Slow down"), "without Memento-Datetime"),
        (Reply("", 302, {"Location": "http://elsewhere.example.net/web/x"}), "leads to another host"),
        (Reply("", 404), "without Memento-Datetime"),
        (Reply(b"x" * 9, 200, {"Memento-Datetime": "Sat, 03 Feb 2018 04:05:07 GMT"}), "another capture was answered"),
        (Reply("", 404, {"Memento-Datetime": "Sat, 03 Feb 2018 04:05:06 GMT"}), "an answer of status 404"),
        (Reply("", 302, {"Memento-Datetime": "Sat, 03 Feb 2018 04:05:06 GMT", "Location": "/web/y"}), "status 302"),
        (Reply("", 200, {"Memento-Datetime": "yesterday"}), "without Memento-Datetime"),
    ],
)
def test_what_is_no_capture_gives_way_to_the_next_older_one(tmp_path: Path, says: Reply, reason: str) -> None:
    url = f"{HOME}praktyka/1"
    archive = WebArchive([Kept(url, NEW, b"", says=says), Kept(url, OLD, page("detail").encode())])
    with serving(archive, etags=False) as site:
        taken(tmp_path, means(site.port))
        assert f"{captures(tmp_path)[url].captured_at:%Y%m%d%H%M%S}" == OLD
        alone = taken(tmp_path / "alone", means(site.port), archive_since="2018")
    assert alone.accounts[0].counts["failed"] == 1
    assert alone.exit_code == 5
    assert reason in explanation(tmp_path / "alone" / "raw", [source()], url).text


def test_the_archive_may_lead_to_where_it_keeps_a_capture(tmp_path: Path) -> None:
    url = f"{HOME}praktyka/1"
    moved = Reply("", 302, {"Location": f"/web/{OLD}id_/{url}"})
    archive = WebArchive([Kept(url, NEW, b"", says=moved), Kept(url, OLD, page("detail").encode())])
    with serving(archive, etags=False) as site:
        taken(tmp_path, means(site.port))
    assert f"{captures(tmp_path)[url].captured_at:%Y%m%d%H%M%S}" == OLD


def test_choice_and_window_of_captures_are_settings(tmp_path: Path) -> None:
    with serving(WebArchive(kept_site()), etags=False) as site:
        taken(tmp_path / "oldest", means(site.port), archive_choice="oldest")
        taken(tmp_path / "until", means(site.port), archive_until="2016")
    assert f"{captures(tmp_path / 'oldest')[HOME].captured_at:%Y}" == "2015"
    assert all(c.captured_at is not None and c.captured_at.year < 2017 for c in captures(tmp_path / "until").values())


def test_robots_txt_of_the_archive_is_obeyed(tmp_path: Path) -> None:
    with serving(WebArchive(kept_site(), robots="User-agent: *\nDisallow: /web/"), etags=False) as site:
        report = taken(tmp_path, means(site.port))
        assert not [target for target in asked_for(site) if target.startswith("/web/")]
    assert report.accounts[0].counts["fetched"] == 0
    assert "forbids it (line 2: Disallow: /web/)" in str(report.data)
    with serving(WebArchive(kept_site(), robots="User-agent: praktyki\nDisallow: /cdx"), etags=False) as site:
        taken(tmp_path / "b", means(site.port))
        assert asked_for(site) == ["/robots.txt"]


def test_the_archive_gets_its_delay_and_its_retry_after(tmp_path: Path) -> None:
    busy = iter([Reply("", 429, {"Retry-After": "40"}), Reply("", 503, {"Retry-After": "50"})])
    archive = WebArchive(kept_site())
    clock = JumpingClock()

    def answers(asked: object) -> Reply | None:
        is_capture = asked.target.startswith("/web/")  # type: ignore[attr-defined]
        return (next(busy, None) if is_capture else None) or archive(asked)  # type: ignore[arg-type]

    with serving(answers, etags=False) as site:
        report = taken(tmp_path, means(site.port, source(delay_seconds=3.0), clock=clock))
    assert report.accounts[0].counts["fetched"] == 4
    waits = sorted(round(wait) for wait in clock.slept)
    assert waits[-2:] == [40, 50]
    assert waits.count(3) >= len(site.asked) - 3


def test_a_private_archive_is_not_asked(tmp_path: Path) -> None:
    report = taken(
        tmp_path, Means(sources=[source()], clock=JumpingClock(), manner=Manner(user_agent=AGENT)), "cdx:http://10.0.0.1/c/cdx"
    )
    assert report.accounts[0].counts["fetched"] == 0
    assert report.exit_code == 5
    assert "private" in str(report.data)


def test_places_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    for place in (
        "",
        "waybac",
        "cdx:",
        "warc:",
        f"warc:{tmp_path}/x.warc",
        "cdx:https://a.example.org/list",
        "cdx:ftp://a/cdx",
    ):
        with pytest.raises(UsageError):
            taken(tmp_path, Means(sources=[source()]), place)
    with pytest.raises(UsageError, match="name them"):
        crawl_from(Settings(data_dir=tmp_path), [], "wayback", lambda _line: None)


def test_without_a_contact_no_archive_is_asked_but_files_are_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="contact"):
        taken(tmp_path, Means(sources=[source()]))


# Files


def lost_site(folder: Path) -> Path:
    """A crawl of the made-up publisher in the folder, with revisits; where its WARC files lie."""
    clock = JumpingClock()
    with serving() as site:
        run(folder, means(site.port, clock=clock))
        clock.time += 60
        run(folder, means(site.port, clock=clock, everything_due=True))
    return folder / "raw" / "gmina"


def test_warc_files_give_what_is_in_scope_once(tmp_path: Path) -> None:
    files = lost_site(tmp_path / "there")
    using = Means(sources=[source()], clock=JumpingClock(), manner=Manner(user_agent=AGENT))
    for _ in range(2):
        report = taken(tmp_path / "here", using, f"warc:{files}")
        there = {url: (c.captured_at, c.body_digest) for url, c in captures(tmp_path / "there").items() if c.status_code == 200}
        here = {url: (c.captured_at, c.body_digest) for url, c in captures(tmp_path / "here").items()}
        assert here == there
        assert f"{HOME}pliki/karta.pdf" in here  # in scope only because a page offers it
        assert {c.origin for c in captures(tmp_path / "here").values()} == {"archive"}
    assert report.accounts[0].requests == 0
    assert list(archive_problems(tmp_path / "here" / "raw")) == []
    assert list(holding_problems(tmp_path / "here" / "raw")) == []
    narrow = source(follow=[], seeds=[HOME])
    taken(tmp_path / "narrow", Means(sources=[narrow], clock=JumpingClock(), manner=Manner(user_agent=AGENT)), f"warc:{files}")
    assert set(captures(tmp_path / "narrow")) == {HOME}


def test_a_cdxj_file_says_which_captures_of_its_warc_files_are_taken(tmp_path: Path) -> None:
    files = lost_site(tmp_path / "there")
    lists = sorted(files.glob("*.cdxj"))
    chosen = files / "chosen.cdxj"
    chosen.write_text("\n".join(line for line in lists[0].read_text().splitlines() if "praktyka/1" in line) + "\n")
    using = Means(sources=[source()], clock=JumpingClock(), manner=Manner(user_agent=AGENT))
    taken(tmp_path / "here", using, f"warc:{chosen}")
    assert set(captures(tmp_path / "here")) == {f"{HOME}praktyka/1"}


def test_a_damaged_warc_file_is_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    files = lost_site(tmp_path / "there")
    path = min(files.glob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    middle = next(int(entry.offset) for entry in index_entries(path) if entry.url == f"{HOME}praktyka/3")
    data[middle + 60] ^= 0xFF
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(bytes(data))
    using = Means(sources=[source()], clock=JumpingClock(), manner=Manner(user_agent=AGENT))
    report = taken(tmp_path / "here", using, f"warc:{broken}")
    assert report.exit_code == 5
    assert f"{HOME}praktyka/3" not in captures(tmp_path / "here")
    assert f"{HOME}praktyka/4" in captures(tmp_path / "here")


def test_addresses_of_the_archive_keep_the_captured_spelling() -> None:
    assert canonical(f"http://{HOST}:80/praktyka/1").url == f"{HOME}praktyka/1"


def test_content_codings_are_those_of_the_bytes(tmp_path: Path) -> None:
    body = page("detail", text="x" * 500).encode()
    packed = gzip.compress(body, mtime=0)
    archive = WebArchive(
        [
            Kept(
                f"{HOME}praktyka/1",
                OLD,
                packed,
                headers={"Content-Encoding": "gzip", "x-archive-orig-content-encoding": "gzip"},
            ),
            Kept(f"{HOME}praktyka/2", OLD, body, headers={"x-archive-orig-content-encoding": "gzip"}),
        ]
    )
    with serving(archive, etags=False) as site:
        taken(tmp_path, means(site.port))
    for capture in captures(tmp_path).values():
        assert payload_at(tmp_path / "raw", capture).body == body
    digests = {
        entry.digest for path in warc_paths(tmp_path / "raw") for entry in index_entries(path) if "praktyka" in entry.url
    }
    assert len(digests) == 2


# Kills


EVERY = 3
"""Every third point is enough: one kill takes two runs, and tests/crawl/test_crawl_kill.py stops at all of them."""


class Driver:
    """A process that forks runs against an archive."""

    def __init__(self, port: int) -> None:
        path = Path(__file__).with_name("archive_kill_driver.py")
        self._port = port
        self._process = subprocess.Popen(
            [sys.executable, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": f"{path.parents[1]}:{path.parents[2]}", "PATH": ""},
        )

    def run(self, data_dir: Path, clock: float, kill_at: int | None = None) -> tuple[int, int]:
        """Exit code and the number of points passed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        command = {"data_dir": str(data_dir), "port": self._port, "clock": clock, "kill_at": kill_at}
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["exit"], len(answer["points"])

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


def facts_of(data_dir: Path) -> dict[str, tuple[object, str, str | None]]:
    return {url: (c.captured_at, c.body_digest, c.origin) for url, c in captures(data_dir).items()}


def test_a_run_killed_anywhere_is_continued_and_asks_twice_only_for_what_was_lost(tmp_path: Path) -> None:
    start = 1_790_000_000.0
    with serving(WebArchive(kept_site(), page=3), etags=False) as site:
        driver = Driver(site.port)
        code, points = driver.run(tmp_path / "undisturbed", start)
        assert code == 0
        assert points > 60
        once, expected = Counter(asked_for(site)), facts_of(tmp_path / "undisturbed")
        for place in range(1, points + 1, EVERY):
            data = tmp_path / f"killed-{place}"
            site.asked.clear()
            assert driver.run(data, start, place)[0] == -signal.SIGKILL, place
            assert driver.run(data, start + 60)[0] == 0, place
            assert facts_of(data) == expected, place
            assert list(archive_problems(data / "raw")) == [], place
            assert list(holding_problems(data / "raw")) == [], place
            again = Counter(asked_for(site)) - once
            assert sum(again.values()) <= 1, (place, again)
            shutil.rmtree(data)
        driver.close()
