"""`praktyki serve`: the public files of one snapshot on loopback, to look at and to query, never to change.

What may be served is listed once, at the start: regular files of the folder, none below ``restricted/``, none that is hidden,
none that is or lies behind a symbolic link. A request can only name a file of that list, so no spelling of an address leads
elsewhere. Only 127.0.0.1 is listened on, and only requests that were addressed to it by name are answered: a page of another
site that has its own name point at 127.0.0.1 (DNS rebinding) gets nothing.

The standard library's server is enough: one reader, files that lie on disk, no data taken in.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote_to_bytes

from pipeline.errors import PraktykiError
from pipeline.interrupts import settling

HOST: Final = "127.0.0.1"
PORT: Final = 8470
MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
}
_STARTS = ("explorer.html", "report.html")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a page may do at most; its own policy, in its head, allows its own scripts and styles alone."""

_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PIECE = 1 << 18
_SECONDS = 30
"""A connection that says nothing for this long is closed."""


def served_files(folder: Path) -> dict[str, Path]:
    """Path of an address → file, for everything of a snapshot that may be served."""
    found = {}
    for place, folders, names in os.walk(folder):  # follows no symbolic link
        inside = Path(place).relative_to(folder)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and (inside / name).as_posix() != "restricted")
        for name in names:
            path = Path(place) / name
            if not name.startswith(".") and stat.S_ISREG(path.lstat().st_mode):
                found["/" + (inside / name).as_posix()] = path
    return dict(sorted(found.items()))


class SnapshotServer(ThreadingHTTPServer):
    """Serves the public files of the snapshot in ``folder``.

    Raises PraktykiError when the port is taken or may not be used.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int = PORT) -> None:
        self.files: Mapping[str, Path] = served_files(folder)
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            why = {errno.EADDRINUSE: "is taken by another program", errno.EACCES: "may not be used without more rights"}
            said = why.get(error.errno or 0, f"cannot be used ({error.strerror})")
            raise PraktykiError(
                f"port {port} of {HOST} {said}; name another with --port N, or --port 0 for a free one"
            ) from error
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        if self.server_port == 80:
            self.hosts |= {HOST, "localhost"}

    @property
    def address(self) -> str:
        """Where the snapshot is looked at."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that goes away in the middle of an answer is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: SnapshotServer
    protocol_version = "HTTP/1.1"
    server_version = "praktyki"
    sys_version = ""
    timeout = _SECONDS
    wbufsize = -1  # head and first piece in one packet

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _not_allowed(self) -> None:
        self.close_connection = True  # a body may follow that nobody reads
        self._say(405, "this server is read-only", {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _not_allowed  # noqa: N815 - names of the base class

    def _answer(self) -> None:
        if self.headers.get_all("Host", []) not in [[host] for host in self.server.hosts]:
            self.close_connection = True
            self._say(421, "this server answers to its own address alone")
            return
        path = self._path()
        if path == "/":
            start = next((name for name in _STARTS if f"/{name}" in self.server.files), None)
            if start is not None:
                self._say(302, start, {"Location": f"/{start}"})
                return
        file = self.server.files.get(path) if path is not None else None
        opened = _opened(file) if file is not None else None
        if file is None or opened is None:
            self._say(404, "no such file in this snapshot")
            return
        with opened:
            self._send(file, opened)

    def _path(self) -> str | None:
        """The path asked for, percent-decoded once; None when it is no text."""
        try:
            return unquote_to_bytes(self.path.partition("?")[0].partition("#")[0]).decode()
        except UnicodeDecodeError:
            return None

    def _send(self, file: Path, opened: BinaryIO) -> None:
        facts = os.fstat(opened.fileno())
        tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
        headers = {
            "ETag": tag,
            "Last-Modified": formatdate(facts.st_mtime, usegmt=True),
            "Accept-Ranges": "bytes",
            "Content-Type": MEDIA_TYPES.get(file.suffix, "application/octet-stream"),
            "Content-Security-Policy": _PAGE_POLICY if file.suffix == ".html" else _FILE_POLICY,
        }
        if tag in [given.strip().removeprefix("W/") for given in self.headers.get("If-None-Match", "").split(",")]:
            self._head(304, headers)
            return
        first, last, status = 0, facts.st_size - 1, 200
        asked = _RANGE.fullmatch(self.headers.get("Range", "").strip())
        if asked and asked[0] != "bytes=-" and self.headers.get("If-Range", tag) == tag:
            first, last = _span(asked[1], asked[2], facts.st_size)
            if first > last:
                self._say(416, "the range lies outside the file", {"Content-Range": f"bytes */{facts.st_size}"})
                return
            status = 206
            headers["Content-Range"] = f"bytes {first}-{last}/{facts.st_size}"
        self._head(status, {**headers, "Content-Length": str(last - first + 1)})
        if self.command == "GET":
            opened.seek(first)
            for piece in _pieces(opened, last - first + 1):
                self.wfile.write(piece)

    def _say(self, status: int, said: str, headers: Mapping[str, str] | None = None) -> None:
        body = f"{said}\n".encode()
        given = {"Content-Type": "text/plain; charset=utf-8", "Content-Security-Policy": _FILE_POLICY}
        self._head(status, {**given, **(headers or {}), "Content-Length": str(len(body))})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, **_HEADERS}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def send_error(self, code: int, *_said: str | None, **_more: str | None) -> None:
        """What the base class refuses by itself (a request line that is none, an unknown method) repeats nothing of it."""
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        self._say(code, "this request cannot be answered")

    def log_message(self, *args: object) -> None:
        """Keeps quiet."""


def _opened(path: Path) -> BinaryIO | None:
    """The file; None when it is gone, or has become a symbolic link since the start."""
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except OSError:
        return None


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte of a range (RFC 9110, 14.1.2); the first lies behind the last when there is no such range."""
    if not first:
        return (max(size - int(last), 0), size - 1) if int(last) else (1, 0)
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) < size and (not last or int(last) >= int(first)) else (1, 0)


def _pieces(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        left -= len(piece)
        yield piece


def until_stopped(server: SnapshotServer) -> None:
    """Serves until Ctrl-C or a request to end (SIGTERM)."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with settling():
            server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
