"""pywb on loopback, serving a data folder's archive by our own CDXJ indexes: a program apart, in .venv-replay/."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.archive.index import index_path, warc_paths

WAYBACK = Path(__file__).parents[1] / ".venv-replay" / "bin" / "wayback"
COLLECTION = "kopia"
_STARTED_SECONDS = 60.0

needs_pywb = pytest.mark.skipif(not WAYBACK.is_file(), reason="pywb is not there; `make setup-replay` installs it")


class Replayed(NamedTuple):
    """An answer of pywb: its body as sent, codings on."""

    status: int
    headers: dict[str, str]
    body: bytes


class Pywb(NamedTuple):
    """A running pywb."""

    port: int

    def get(self, target: str) -> Replayed:
        """A page of pywb's, asked for without any coding of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", target, headers={"Accept-Encoding": "gzip, br, deflate"})
            answer = connection.getresponse()
            return Replayed(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def memento(self, timestamp: str, url: str) -> Replayed:
        """A capture as it came."""
        return self.get(f"/{COLLECTION}/{timestamp}id_/{url}")

    @property
    def cdx(self) -> str:
        """The address of the CDX server."""
        return f"http://127.0.0.1:{self.port}/{COLLECTION}/cdx"


@contextmanager
def pywb_serving(raw_dir: Path, folder: Path) -> Iterator[Pywb]:
    """pywb over the WARC files below ``raw_dir`` while the block runs; ``folder`` is where it may work."""
    archive, indexes = (folder / "collections" / COLLECTION / name for name in ("archive", "indexes"))
    archive.mkdir(parents=True)
    indexes.mkdir()
    for path in warc_paths(raw_dir):
        shutil.copy(path, archive)
        shutil.copy(index_path(path), indexes)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "pywb.log").open("wb") as log:
        process = subprocess.Popen(
            [str(WAYBACK), "-b", "127.0.0.1", "-p", str(port)],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder)},
        )
        try:
            _wait(process, port, folder / "pywb.log")
            yield Pywb(port)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    give_up = time.monotonic() + _STARTED_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"pywb did not start: {log.read_text(errors='replace')[-2000:]}")
