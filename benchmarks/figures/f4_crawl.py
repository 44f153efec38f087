"""A crawl of twenty hosts over loopback, archive and ledger on, beside Scrapy's with its archive off.

And what memory a crawl takes that fetches as much each time while it knows ever more addresses.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians, spent

TITLE = "4. Crawl of 20 hosts over loopback, delays off"
OURS = "praktyki crawl, archive and ledger on"
TWO = "praktyki crawl, two workers"
PEER = "Scrapy, archive off"
_HOSTS = 20
_KNOWN = (2_000, 20_000, 200_000)
_IN_A_SITEMAP = 1_000
_REQUESTS = 500  # of a crawl whose memory is measured
_TOML = """
title = "Twenty hosts"
publisher = "Benchmark"
homepage = "http://127.0.0.1/"
languages = ["pl"]

[claims]
hosts = [{hosts}]

[crawl]
seeds = [{seeds}]
follow = [
  {{ pattern = 'http://[^/]+/(?:lista/\\d+)?', kind = "listing" }},
  {{ pattern = 'http://[^/]+/praktyka/\\d+', kind = "detail" }},
  {{ pattern = 'http://[^/]+/mapa-\\d+-\\d+\\.xml', kind = "sitemap" }},
]
delay_seconds = 0.0
max_pages = {requests}

[expect.articles]
rows = [0, 1000000]
fill = {{ title = [0.0, 1.0] }}
"""
_MODULE = '''"""Pages of the benchmark\'s server."""

from collections.abc import Callable, Iterator, Sequence

from pipeline.extract.page import Page
from pipeline.records import Article, Finding
from pipeline.sources.spec import Judgement, Source


def page_verdict(page: Page, source: Source) -> Judgement:
    body = page.first("body")
    kind = body.attributes.get("class") if body is not None else None
    return Judgement("index" if kind == "index" else "detail" if kind == "detail" else "shell", "class of the body")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    yield Article(record_id=f"twenty:{page.url}", title=None, published_text=None, blocks=[])
'''


def measured(setting: Setting) -> list[Line]:
    """Both sides over the same server, all pages counted; then a crawl for each number of known addresses."""
    pages = 50 if setting.is_quick else 500
    log = setting.work / "log.txt"
    with _served(pages) as port:

        def peer() -> Spent:
            return spent(["-m", "benchmarks.peers.with_scrapy", str(port), str(_HOSTS), str(pages)], log)

        ours = _crawl(setting.work / "whole", port, log, ["/"])
        two = _crawl(setting.work / "two", port, log, ["/"], workers=2)
        took = medians({OURS: ours, TWO: two, PEER: peer}, setting.rounds)
        fetched = _HOSTS * (1 + -(-pages // 25) + pages)
        ratio = took[PEER].cpu_seconds / took[OURS].cpu_seconds
        archived = sum(path.stat().st_size for path in (setting.work / "whole/data/raw").rglob("*.warc.gz"))
        lines = [
            measured_line(OURS, took[OURS], fetched, note=f"{archived / 1e6:.0f} MB archived"),
            measured_line(TWO, took[TWO], fetched, ratio=_quicker(took[OURS], took[TWO]), against=OURS, note="ratio of wall s"),
            measured_line(PEER, took[PEER], fetched, ratio=ratio, against=OURS, wanted="≥ 4"),
        ]
        for known in _KNOWN:
            one = _crawl(setting.work / f"known-{known}", port, log, _sitemaps(known // _HOSTS), _REQUESTS)()
            lines.append(_memory_line(known, one, lines[3] if len(lines) > 3 else None))
    return lines


def _quicker(one: Spent, two: Spent) -> float:
    return one.wall_seconds / two.wall_seconds


def _crawl(
    folder: Path, port: int, log: Path, paths: Sequence[str], requests: int = 1_000_000, workers: int = 1
) -> Callable[[], Spent]:
    """A crawl of all hosts from the same seeds of each into an empty data folder."""
    sources, data = folder / "sources", folder / "data"
    sources.mkdir(parents=True)
    names = [f"127.0.0.{number + 1}" for number in range(_HOSTS)]
    hosts = ", ".join(f'"{name}"' for name in names)
    seeds = ", ".join(f'"http://{name}:{port}{path}"' for name in names for path in paths)
    (sources / "twenty.toml").write_text(_TOML.format(hosts=hosts, seeds=seeds, requests=requests), "utf-8")
    (sources / "twenty.py").write_text(_MODULE, "utf-8")
    settings = {"PRAKTYKI_CONTACT": "bench@example.org", "PRAKTYKI_HOSTS_AT_ONCE": str(_HOSTS)}
    command = ["-m", "pipeline", "crawl", "twenty", "--allow-loopback", "--quiet"]
    command += ["--sources-dir", str(sources), "--data-dir", str(data), "--workers", str(workers)]

    def crawled() -> Spent:
        shutil.rmtree(data, ignore_errors=True)
        return spent(command, log, settings)

    return crawled


def _sitemaps(addresses: int) -> list[str]:
    """Sitemaps that name so many record pages of a host."""
    return [f"/mapa-{first}-{min(first + _IN_A_SITEMAP, addresses)}.xml" for first in range(0, addresses, _IN_A_SITEMAP)]


def _memory_line(known: int, took: Spent, least: Line | None) -> Line:
    side = f"crawl that knows {known:,} addresses"
    if least is None or not least.peak_mb:
        return measured_line(side, took, _REQUESTS)
    ratio = took.peak_bytes / 1e6 / least.peak_mb
    return measured_line(side, took, _REQUESTS, ratio=ratio, against=least.side, wanted="≤ 1.25", note="ratio of peak MB")


@contextmanager
def _served(pages: int) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.peers.crawl_server", str(pages)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ), cwd=Path.cwd())  # noqa: S603 - our own server
    try:
        yield int((server.stdout.readline() if server.stdout else "0") or "0")
    finally:
        server.kill()
        server.wait()
