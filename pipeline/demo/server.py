"""The sample site on loopback: every host of `served.csv` from one free port, with validators, as publishers' servers do."""

from __future__ import annotations

import csv
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

SITE = Path(__file__).parent / "site"


class Served(NamedTuple):
    """One answer of the sample site."""

    body: bytes
    status: int
    content_type: str

    @property
    def etag(self) -> str:
        """Changes with the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def answers() -> dict[str, Served]:
    """Every answer of the sample site by its address without the scheme."""
    found = {}
    with (SITE / "served.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            parts = urlsplit(row["url"])
            target = f"{parts.hostname}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            found[target] = Served((SITE / row["file"]).read_bytes(), int(row["status"]), row["content_type"])
    return found


@contextmanager
def serving() -> Iterator[int]:
    """Serves the sample site while the block runs; the port on 127.0.0.1."""
    known = answers()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "sample-site"
        sys_version = ""
        wbufsize = -1  # head and body in one piece

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            served = known.get(host + self.path) or Served(b"not found\n", 404, "text/plain")
            if served.status == 200 and self.headers["If-None-Match"] == served.etag:
                self.send_response(304)
                self.send_header("ETag", served.etag)
                self.end_headers()
                return
            self.send_response(served.status)
            self.send_header("Content-Type", served.content_type)
            self.send_header("Content-Length", str(len(served.body)))
            if served.status == 200:
                self.send_header("ETag", served.etag)
            self.end_headers()
            self.wfile.write(served.body)

        def log_message(self, *args: object) -> None:
            """Keeps quiet: what was asked for stands in the log of the run."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.05), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
