"""A farm of made-up publishers on 127.0.0.x, whose pages lead from one to the next, and crawls of it by the command line.

The server notes when a request came and which process sent it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from crawl_kit import page
from ending import PATIENCE

from pipeline.archive.index import index_entries, warc_paths
from pipeline.archive.indexentry import IndexEntry

HOSTS = 6
PAGES = 8
SOURCES = {"farma": range(1, 5), "druga": range(5, HOSTS + 1)}
"""Source → numbers of its hosts. The first host of each is its seed; the rest is found from page to page."""

_TOML = """
title = "{name}"
publisher = "P"
homepage = "http://127.0.0.1/"
languages = ["pl"]

[claims]
hosts = [{hosts}]

[crawl]
seeds = ["http://127.0.0.{first}:{port}/"]
follow = [
  {{ pattern = 'http://[^/]+/', kind = "listing" }},
  {{ pattern = 'http://[^/]+/praktyka/\\d+', kind = "detail", from_detail = true }},
]
delay_seconds = {delay}
max_pages = {budget}

[expect.articles]
rows = [0, 1000]
fill = {{ title = [0.0, 1.0] }}
"""
_MODULE = '''"""Pages of the farm."""

from collections.abc import Iterator

from pipeline.extract.page import Page
from pipeline.records import Article, Finding
from pipeline.sources.spec import Judgement, Source


def page_verdict(page: Page, source: Source) -> Judgement:
    body = page.first("body")
    kind = body.attributes.get("class") if body is not None else None
    return Judgement("index" if kind == "index" else "detail" if kind == "detail" else "shell", "class of the body")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    yield Article(record_id=f"farm:{page.url}", title=None, published_text=None, blocks=[])
'''


class Asked(NamedTuple):
    """One request: its host and path, and the process that sent it (None where the system does not tell)."""

    host: str
    path: str
    process: int | None


class Farm:
    """The running server. ``during`` is called with each request before it is answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[Asked] = []
        self.at_once = Counter[str]()
        self.most_at_once = Counter[str]()
        self.during: Callable[[Asked], None] = lambda _asked: None

    def paths(self) -> Counter[str]:
        """How often each address was asked for, robots.txt left out."""
        return Counter(f"{a.host}{a.path}" for a in self.asked if a.path != "/robots.txt")

    def body(self, number: int, path: str) -> str | None:
        """The page at a path of a host."""
        if path == "/":
            following = number % HOSTS + 1
            links = [f"/praktyka/{n}" for n in range(PAGES)]
            if any(number in hosts and following in hosts for hosts in SOURCES.values()):
                links.append(f"http://127.0.0.{following}:{self.port}/")
            return page("index", *links, text=str(number))
        return page("detail", text=f"{number} {path}") if path.startswith("/praktyka/") else None


@contextmanager
def farm() -> Iterator[Farm]:
    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            name = self.headers["Host"].partition(":")[0]
            asked = Asked(name, self.path, _sender(self.client_address, site.port))
            with counting:
                site.asked.append(asked)
                site.at_once[name] += 1
                site.most_at_once[name] = max(site.most_at_once[name], site.at_once[name])
            try:
                site.during(asked)
                self._answer(int(name.rpartition(".")[2]))
            finally:
                with counting:
                    site.at_once[name] -= 1

        def _answer(self, number: int) -> None:
            if self.path == "/robots.txt" and number == 2:  # its rules stand at another host, which others ask too
                self.send_response(301)
                self.send_header("Location", f"http://127.0.0.3:{site.port}/robots.txt")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = (site.body(number, self.path) or "nie ma").encode()
            self.send_response(200 if site.body(number, self.path) else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # a process was killed
                super().handle()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)  # noqa: S104 - all of 127.0.0.x
    server.daemon_threads = True
    site = Farm(server.server_port)
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _sender(client: tuple[str, int], port: int) -> int | None:
    """The process at the other end of a connection, as Linux tells it."""
    wanted = f":{client[1]:04X}", f":{port:04X}"
    try:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        fields = [line.split() for line in lines]
        sockets = {f"socket:[{f[9]}]" for f in fields if f[1].endswith(wanted[0]) and f[2].endswith(wanted[1])}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and folder.name != str(os.getpid()):
                try:
                    if any(str(link.readlink()) in sockets for link in (folder / "fd").iterdir()):
                        return int(folder.name)
                except OSError:
                    continue  # it ended, or is not ours
    except OSError:
        return None
    return None


def sources(folder: Path, port: int, *, delay: float = 0.0, budget: int = 1000) -> Path:
    """The folder of the farm's sources."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, numbers in SOURCES.items():
        hosts = ", ".join(f'"127.0.0.{number}"' for number in numbers)
        values = {"name": name, "hosts": hosts, "first": numbers[0], "port": port, "delay": delay, "budget": budget}
        (folder / f"{name}.toml").write_text(_TOML.format(**values), "utf-8")
        (folder / f"{name}.py").write_text(_MODULE, "utf-8")
    return folder


def started(data_dir: Path | str, sources_dir: Path, workers: int, **more: str) -> subprocess.Popen[str]:
    """A crawl of the farm that has just begun, in a group of processes of its own."""
    command = [sys.executable, "-m", "pipeline", "crawl", *SOURCES, "--workers", str(workers), "--allow-loopback"]
    command += ["--sources-dir", str(sources_dir), "--data-dir", str(data_dir)]
    root = str(Path(__file__).parents[1])
    environment = {"PYTHONPATH": root, "PATH": "", "PRAKTYKI_CONTACT": "tests@example.org", **more}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and what was printed."""
    printed = process.communicate(timeout=PATIENCE)[0]
    return process.returncode, printed


def crawled(data_dir: Path | str, sources_dir: Path, workers: int, **more: str) -> tuple[int, str]:
    """A whole crawl: exit code and what was printed."""
    return ended(started(data_dir, sources_dir, workers, **more))


def entries(data_dir: Path) -> list[IndexEntry]:
    """The index of the whole archive."""
    return [entry for path in warc_paths(data_dir / "raw") for entry in index_entries(path)]


def captures(data_dir: Path) -> set[tuple[str, str, str | None]]:
    """Address, payload digest and status of all that is archived."""
    return {(entry.url, entry.digest, entry.status) for entry in entries(data_dir)}
