"""pywb, a program of others, serves our archive: every capture comes back byte for byte, and a dead site comes back whole."""

from __future__ import annotations

import gzip
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crawl_kit import HOME, Asked, JumpingClock, Reply, means, page, run, serving, small_site, source
from pywb_kit import Pywb, needs_pywb, pywb_serving

from pipeline.archive.check import archive_problems
from pipeline.archive.dates import timestamp14
from pipeline.archive.index import index_entries, warc_paths
from pipeline.archive.indexentry import IndexEntry
from pipeline.archive.reader import captures_in, record_at, warc_files
from pipeline.archive.warc import field
from pipeline.config import CrawlSettings, Settings
from pipeline.crawl.webarchives.archives import crawl_from
from pipeline.demo.crawled import sample_crawl
from pipeline.records import Capture

pytestmark = needs_pywb


def entries(raw: Path) -> Iterator[tuple[str, IndexEntry]]:
    for path in warc_paths(raw):
        for entry in index_entries(path):
            yield path.relative_to(raw).as_posix(), entry


def differences(raw: Path, pywb: Pywb) -> tuple[Counter[str], list[str]]:
    """How many records of each kind were asked for, and where the answer of pywb is another than the archived one."""
    payloads: dict[str, bytes] = {}
    for name, entry in entries(raw):
        if entry.record_type == "response":
            payloads[entry.record_id] = record_at(raw, name, int(entry.offset)).payload
    asked: Counter[str] = Counter()
    wrong = []
    for name, entry in entries(raw):
        record = record_at(raw, name, int(entry.offset))
        kind = entry.record_type
        expected = payloads.get(entry.record_id, b"")
        if kind == "revisit":
            kind = (field(record.fields, "WARC-Profile") or "").rpartition("/")[2]
            if kind == "identical-payload-digest":
                expected = payloads[field(record.fields, "WARC-Refers-To") or ""]
        if record.status_code is not None and 300 <= record.status_code < 400:
            expected = b"" if kind != "response" else expected  # what the publisher sent: a 304, or a redirect met again
        answer = pywb.memento(timestamp14(entry.date), entry.url)
        asked[kind] += 1
        if (answer.status, answer.body) != (record.status_code, expected):
            wrong.append(f"{kind} {entry.url} {entry.date}: {answer.status}, {len(answer.body)} bytes for {len(expected)}")
    return asked, wrong


def test_every_capture_of_a_demo_crawl_replays_byte_for_byte(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "demo")
    settings.data_dir.mkdir()
    for _ in range(2):
        sample_crawl(settings, lambda _line: None)
    with pywb_serving(settings.raw, tmp_path / "pywb") as pywb:
        asked, wrong = differences(settings.raw, pywb)
    assert wrong == []
    assert asked["response"] > 70
    assert asked["server-not-modified"] > 60
    assert asked["identical-payload-digest"] > 0


def coded_site(asked: Asked) -> Reply | None:
    """The made-up publisher with codings, copies of a page, and a page that changes."""
    body = page("index", text="w całości " * 50).encode()
    coded = {
        "/lista/gzip": Reply(gzip.compress(body, mtime=0), headers={"Content-Encoding": "gzip"}),
        "/lista/br": Reply(importlib.import_module("brotli").compress(body), headers={"Content-Encoding": "br"}),
        "/lista/kopia-a": Reply(body),
        "/lista/kopia-b": Reply(body),
        "/": Reply(page("index", *(f"/lista/{n}" for n in ("gzip", "br", "kopia-a", "kopia-b", "1", "2")))),
    }
    return coded.get(asked.target) or small_site(asked)


def test_codings_copies_and_unchanged_pages_replay_too(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving(coded_site, etags=False) as site:
        for _ in range(2):
            run(tmp_path / "data", means(site.port, clock=clock, everything_due=True))
            clock.time += 3600
    raw = tmp_path / "data" / "raw"
    with pywb_serving(raw, tmp_path / "pywb") as pywb:
        asked, wrong = differences(raw, pywb)
    assert wrong == []
    assert asked["identical-payload-digest"] > 15


def pages(raw: Path) -> dict[str, Capture]:
    found = [c for name in warc_files(raw) for c in captures_in(raw, name) if c.status_code == 200]
    return {capture.source_url or "": capture for capture in found}


def test_a_dead_site_comes_back_from_pywb_as_it_was_crawled(tmp_path: Path) -> None:
    clock = JumpingClock()
    with serving() as site:
        for _ in range(2):
            run(tmp_path / "then", means(site.port, clock=clock, everything_due=True))
            clock.time += 3600
    then = pages(tmp_path / "then" / "raw")
    crawl = CrawlSettings(allow_loopback=True)
    with pywb_serving(tmp_path / "then" / "raw", tmp_path / "pywb") as pywb:
        for turn in range(2):
            report = crawl_from(
                Settings(data_dir=tmp_path / "now", crawl=crawl),
                ["gmina"],
                f"cdx:{pywb.cdx}",
                lambda _line: None,
                means=means(pywb.port, source(), clock=clock),
            )
            assert report.exit_code == 0, report.text
            assert report.accounts[0].requests == 0 or not turn
    now = pages(tmp_path / "now" / "raw")
    assert HOME in now
    assert {url: (c.captured_at, c.body_digest) for url, c in now.items()} == {
        url: (c.captured_at and c.captured_at.replace(microsecond=0), c.body_digest) for url, c in then.items()
    }
    assert {capture.origin for capture in now.values()} == {"archive"}
    assert list(archive_problems(tmp_path / "now" / "raw")) == []
