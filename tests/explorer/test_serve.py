"""`praktyki serve`: one snapshot on loopback, nothing else, to nobody else."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ending import PATIENCE

from pipeline.cli import main
from pipeline.errors import PraktykiError
from pipeline.explorer.server import SnapshotServer, served_files

PROJECT = Path(__file__).parents[2]
NODE = shutil.which("node")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Asked:
    """Asks a server that runs in a thread."""

    def __init__(self, server: SnapshotServer) -> None:
        self.server = server
        self.port = server.server_port

    def __call__(self, target: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = Answer(answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return found

    def raw(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def snapshot(demo_snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's snapshot with what must not be served laid into it and beside it."""
    base = tmp_path_factory.mktemp("served")
    (base / "secret.txt").write_text("secret", "utf-8")
    folder = base / "snapshot"
    shutil.copytree(demo_snapshot, folder)
    (folder / "link.txt").symlink_to(base / "secret.txt")
    (folder / "linked").symlink_to(base, target_is_directory=True)
    (folder / ".hidden").write_text("secret", "utf-8")
    (folder / "csv" / ".hidden").write_text("secret", "utf-8")
    os.mkfifo(folder / "pipe.csv")
    return folder


@pytest.fixture(scope="module")
def ask(snapshot: Path) -> Iterator[Asked]:
    with SnapshotServer(snapshot, 0) as server:
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
        thread.start()
        yield Asked(server)
        server.shutdown()
        thread.join()


def test_public_files_alone_are_served(snapshot: Path) -> None:
    listed = served_files(snapshot)
    assert {"/explorer.html", "/report.html", "/practices.parquet", "/csv/practices.csv", "/datapackage.json"} <= set(listed)
    assert not [name for name in listed if "restricted" in name or "link" in name or "/." in name or "pipe" in name]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("explorer.html", "text/html; charset=utf-8"),
        ("practices.parquet", "application/vnd.apache.parquet"),
        ("csv/practices.csv", "text/csv; charset=utf-8"),
        ("datapackage.json", "application/json"),
        ("dcat.jsonld", "application/ld+json"),
        ("CHANGELOG.md", "text/markdown; charset=utf-8"),
    ],
)
def test_a_file_is_sent_whole_with_its_type(ask: Asked, snapshot: Path, name: str, media_type: str) -> None:
    body = (snapshot / name).read_bytes()
    answer = ask(f"/{name}?a=1")
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert ("sandbox" in answer.headers["Content-Security-Policy"]) == (not name.endswith(".html"))
    head = ask(f"/{name}", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(body)))
    again = ask(f"/{name}", If_None_Match=f'"x", W/{answer.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")


def test_the_start_leads_to_the_explorer(ask: Asked) -> None:
    answer = ask("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/explorer.html")


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/csv/../../secret.txt",
        "/csv/..%5c..%5csecret.txt",
        "//secret.txt",
        "//127.0.0.1/explorer.html",
        "/explorer.html%00",
        "/explorer.html/",
        "/explorer.html/..",
        "/./explorer.html",
        "/EXPLORER.HTML",
        "/csv",
        "/csv/",
        "/link.txt",
        "/linked/secret.txt",
        "/.hidden",
        "/csv/.hidden",
        "/pipe.csv",
        "/restricted/people.parquet",
        "/restricted%2fpeople.parquet",
        "/%72estricted/people.parquet",
        "/csv/../restricted/people.parquet",
        "/%ff",
        "http://127.0.0.1/explorer.html",
        "*",
        "explorer.html",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_address_leads_elsewhere(ask: Asked, target: str, method: str) -> None:
    answer = ask.raw(f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{ask.port}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"secret" not in answer


def test_absolute_paths_lead_nowhere(ask: Asked, snapshot: Path) -> None:
    for path in (snapshot / "practices.parquet", snapshot.parent / "secret.txt"):
        assert ask(str(path)).status == ask("/" + str(path)).status == 404


def test_a_file_that_became_a_link_is_not_followed(demo_snapshot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for name in ("CHANGELOG.md", "datapackage.json"):
        shutil.copy(demo_snapshot / name, folder / name)
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    with SnapshotServer(folder, 0) as server:
        threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
        ask = Asked(server)
        (folder / "CHANGELOG.md").unlink()
        (folder / "CHANGELOG.md").symlink_to(tmp_path / "secret.txt")
        (folder / "datapackage.json").unlink()
        assert ask("/CHANGELOG.md").status == ask("/datapackage.json").status == ask("/").status == 404
        server.shutdown()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "", "[::1]"])
def test_another_name_for_this_machine_is_not_answered(ask: Asked, host: str) -> None:
    answer = ask.raw(f"GET /explorer.html HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421 ")
    assert b"<script" not in answer


def test_host_must_be_said_once(ask: Asked) -> None:
    ours = f"Host: 127.0.0.1:{ask.port}\r\n"
    assert ask.raw(f"GET /CHANGELOG.md HTTP/1.1\r\n{ours}Host: evil.example\r\n\r\n".encode()).startswith(b"HTTP/1.1 421 ")
    assert ask.raw(b"GET /CHANGELOG.md HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 421 ")
    assert ask.raw(f"GET /CHANGELOG.md HTTP/1.1\r\nHost: localhost:{ask.port}\r\n\r\n".encode()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(ask: Asked, method: str) -> None:
    answer = ask("/practices.parquet", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "request_", [b"\x16\x03\x01\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_request_is_refused_without_repeating_it(ask: Asked, request_: bytes) -> None:
    answer = ask.raw(request_)
    assert b"this request cannot be answered" in answer
    assert b"BREW" not in answer


def test_ranges(ask: Asked, snapshot: Path) -> None:
    body = (snapshot / "practices.parquet").read_bytes()
    size = len(body)
    for given, part in (
        ("bytes=0-3", body[:4]),
        ("bytes=4-", body[4:]),
        ("bytes=-8", body[-8:]),
        (f"bytes=-{size * 2}", body),
        (f"bytes={size - 1}-{size * 9}", body[-1:]),
    ):
        answer = ask("/practices.parquet", Range=given)
        assert (answer.status, answer.body) == (206, part), given
        assert answer.headers["Content-Range"].endswith(f"/{size}")
    for given in (f"bytes={size}-", "bytes=9-3", "bytes=-0", f"bytes={10**17}-"):
        answer = ask("/practices.parquet", Range=given)
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{size}"), given
    for given in ("bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=" + "9" * 400 + "-"):
        assert ask("/practices.parquet", Range=given).status == 200, given
    tag = ask("/practices.parquet", "HEAD").headers["ETag"]
    assert ask("/practices.parquet", Range="bytes=0-3", If_Range=tag).status == 206
    assert ask("/practices.parquet", Range="bytes=0-3", If_Range='"other"').status == 200


def test_a_reader_of_parquet_over_http_gets_the_rows(ask: Asked, snapshot: Path) -> None:
    """Footer first, then the columns asked for: what DuckDB and hyparquet do."""
    size = int(ask("/slides.parquet", "HEAD").headers["Content-Length"])

    class OverHttp(pa.PythonFile):  # type: ignore[misc]  # pyarrow ships no types
        pass

    class Remote:
        closed = False
        at = 0

        def seek(self, at: int, whence: int = 0) -> int:
            self.at = at if whence == 0 else self.at + at if whence == 1 else size + at
            return self.at

        def tell(self) -> int:
            return self.at

        def read(self, count: int = -1) -> bytes:
            last = size - 1 if count < 0 else min(self.at + count, size) - 1
            part = ask("/slides.parquet", Range=f"bytes={self.at}-{last}").body if last >= self.at else b""
            self.at += len(part)
            return part

        def close(self) -> None:
            self.closed = True

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return True

    table = pq.ParquetFile(OverHttp(Remote(), mode="r")).read(columns=["title"])
    assert table.equals(pq.read_table(snapshot / "slides.parquet", columns=["title"]))


@pytest.mark.skipif(
    NODE is None or not (PROJECT / "node_modules" / "hyparquet").is_dir(),
    reason="hyparquet is not there: `make setup-browser` fetches it through npm",
)
def test_hyparquet_reads_a_served_table(ask: Asked, snapshot: Path, tmp_path: Path) -> None:
    script = tmp_path / "read.mjs"
    script.write_text(
        "import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet'\n"
        "import { compressors } from 'hyparquet-compressors'\n"
        "const file = await asyncBufferFromUrl({ url: process.argv[2] })\n"
        "const rows = await parquetReadObjects({ file, compressors, columns: ['practice_id', 'title'] })\n"
        "console.log(JSON.stringify(rows))\n",
        "utf-8",
    )
    (tmp_path / "node_modules").symlink_to(PROJECT / "node_modules", target_is_directory=True)
    address = f"{ask.server.address}practices.parquet"
    done = subprocess.run([str(NODE), str(script), address], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert (
        json.loads(done.stdout) == pq.read_table(snapshot / "practices.parquet", columns=["practice_id", "title"]).to_pylist()
    )


def test_a_port_that_is_taken_is_one_clear_line(ask: Asked, snapshot: Path) -> None:
    with pytest.raises(PraktykiError, match=rf"port {ask.port} of 127\.0\.0\.1 is taken .*--port 0"):
        SnapshotServer(snapshot, ask.port)


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "70000", "--data-dir", str(tmp_path)]) == 2
    assert main(["serve", "--data-dir", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "--port 70000" in told
    assert "no snapshot 'latest'" in told


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_says_where_and_stops_clean(snapshot: Path, stop: signal.Signals) -> None:
    command = [sys.executable, "-u", "-m", "pipeline", "serve", str(snapshot), "--port", "0"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = line.split(" at ")[1].split(" ")[0]
        port = int(address.rsplit(":", 1)[1].strip("/"))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/report.html")
        assert connection.getresponse().status == 200
        process.send_signal(stop)
        out, err = process.communicate(timeout=PATIENCE)
        connection.close()
    assert (process.returncode, out, err) == (0, "stopped\n", "")
    with socket.socket() as again, pytest.raises(ConnectionRefusedError):
        again.connect(("127.0.0.1", port))
