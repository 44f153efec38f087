"""Twenty hosts at once: memory does not grow with the number of pages, and no host sees two connections at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from crawl_kit import page
from ending import PATIENCE

from pipeline.archive.check import archive_problems

HOSTS = 20
FEW, MANY = 25, 100
PAGES_A_LISTING = 25
GROWTH_MIB = 16
"""What allocators and SQLite's cache may take more for four times the pages; 1500 more pages are 5 MB of bodies alone."""


class ManyHosts:
    """A server that calls itself by any name and has ``pages`` record pages under each."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.asked: Counter[str] = Counter()
        self.most_connections: Counter[str] = Counter()
        self._open: dict[str, set[int]] = {}
        self._lock = threading.Lock()

    def body(self, host: str, path: str) -> str | None:
        if path == "/":
            listings = range((self.pages + PAGES_A_LISTING - 1) // PAGES_A_LISTING)
            return page("index", *(f"/lista/{number}" for number in listings), text=host)
        name, _, number = path.strip("/").partition("/")
        if name == "lista" and number.isdigit():
            first = int(number) * PAGES_A_LISTING
            return page("index", *(f"/praktyka/{n}" for n in range(first, min(first + PAGES_A_LISTING, self.pages))), text=host)
        if name == "praktyka" and number.isdigit() and int(number) < self.pages:
            return page("detail", text=f"{host} {number}: " + "gmina i jej mieszkańcy; " * 120)
        return None

    def connected(self, connection: int, host: str) -> None:
        with self._lock:
            there = self._open.setdefault(host, set())
            there.add(connection)
            self.most_connections[host] = max(self.most_connections[host], len(there))

    def closed(self, connection: int) -> None:
        with self._lock:
            for there in self._open.values():
                there.discard(connection)


@contextmanager
def serving(site: ManyHosts) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            host = self.headers["Host"]
            site.connected(id(self), host)
            site.asked[f"{host}{self.path}"] += 1
            text = site.body(host, self.path)
            body = (text or "nie ma").encode()
            self.send_response(200 if text is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def finish(self) -> None:
            super().finish()
            site.closed(id(self))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def crawled(site: ManyHosts, data_dir: Path) -> dict[str, Any]:
    probe = Path(__file__).with_name("many_hosts_probe.py")
    environment = {"PYTHONPATH": f"{probe.parents[1]}:{probe.parents[2]}", "PATH": ""}
    with serving(site) as port:
        arguments = [sys.executable, str(probe), str(data_dir), str(port), str(HOSTS)]
        ended = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_memory_is_flat_over_twenty_hosts_and_each_has_one_connection(tmp_path: Path) -> None:
    peaks = {}
    for pages in (FEW, MANY):
        site = ManyHosts(pages)
        told = crawled(site, tmp_path / str(pages))
        of_a_host = 1 + (pages + PAGES_A_LISTING - 1) // PAGES_A_LISTING + pages
        assert told["exit_code"] == 0
        assert told["fetched"] == told["discovered"] == HOSTS * of_a_host
        assert told["responses"] + told["other_records"] == told["requests"] == HOSTS * (of_a_host + 1)  # and robots.txt
        assert len(site.asked) == HOSTS * (of_a_host + 1)
        assert set(site.asked.values()) == {1}
        assert len(site.most_connections) == HOSTS
        assert set(site.most_connections.values()) == {1}
        peaks[pages] = told["peak_mib"]
        print(pages, told)  # noqa: T201 - the figures of the run, shown when asked for
    assert list(archive_problems(tmp_path / str(MANY) / "raw")) == []
    assert peaks[MANY] < peaks[FEW] + GROWTH_MIB, peaks
