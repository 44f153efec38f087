"""A crawl of twenty hosts over loopback, archive and ledger on, beside Scrapy's with its archive off."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians, spent

TITLE = "4. Crawl of 20 hosts over loopback, delays off"
OURS = "praktyki crawl, archive and ledger on"
PEER = "Scrapy, archive off"
_HOSTS = 20
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
]
delay_seconds = 0.0
max_pages = 1000000

[expect.articles]
rows = [0, 1000000]
fill = {{ title = [0.0, 1.0] }}
"""
_MODULE = '''"""Pages of the benchmark\'s server."""

from collections.abc import Iterator

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
    """Both sides over the same server; the record pages of every run are counted."""
    pages = 50 if setting.is_quick else 500
    log = setting.work / "log.txt"
    with _served(pages) as port:
        sources = setting.work / "sources"
        sources.mkdir()
        names = [f"127.0.0.{number + 1}" for number in range(_HOSTS)]
        seeds = ", ".join(f'"http://{name}:{port}/"' for name in names)
        (sources / "twenty.toml").write_text(_TOML.format(hosts=", ".join(f'"{n}"' for n in names), seeds=seeds), "utf-8")
        (sources / "twenty.py").write_text(_MODULE, "utf-8")
        data = setting.work / "data"
        settings = {"PRAKTYKI_CONTACT": "bench@example.org", "PRAKTYKI_HOSTS_AT_ONCE": str(_HOSTS)}
        command = ["-m", "pipeline", "crawl", "twenty", "--allow-loopback", "--quiet"]
        command += ["--sources-dir", str(sources), "--data-dir", str(data)]

        def ours() -> Spent:
            shutil.rmtree(data, ignore_errors=True)
            return spent(command, log, settings)

        def peer() -> Spent:
            return spent(["-m", "benchmarks.peers.with_scrapy", str(port), str(_HOSTS), str(pages)], log)

        took = medians({OURS: ours, PEER: peer}, setting.rounds)
    fetched = _HOSTS * (1 + -(-pages // 25) + pages)
    ratio = took[PEER].cpu_seconds / took[OURS].cpu_seconds
    archived = sum(path.stat().st_size for path in (data / "raw").rglob("*.warc.gz"))
    return [
        measured_line(OURS, took[OURS], fetched, note=f"{archived / 1e6:.0f} MB archived"),
        measured_line(PEER, took[PEER], fetched, ratio=ratio, against=OURS, wanted="≥ 4"),
    ]


@contextmanager
def _served(pages: int) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.peers.crawl_server", str(pages)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ), cwd=Path.cwd())  # noqa: S603 - our own server
    try:
        yield int((server.stdout.readline() if server.stdout else "0") or "0")
    finally:
        server.kill()
        server.wait()
