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
from typing import BinaryIO, NamedTuple

import pytest
from ending import PATIENCE

from pipeline.archive.index import index_path, warc_paths

WAYBACK = Path(__file__).parents[1] / ".venv-replay" / "bin" / "wayback"
COLLECTION = "kopia"
_TRIES = 3

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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
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
    with (folder / "pywb.log").open("wb") as log:
        process, port = _started(folder, log)
        try:
            yield Pywb(port)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(folder: Path, log: BinaryIO) -> tuple[subprocess.Popen[bytes], int]:
    """pywb and its port: it takes no port 0, and where another program was quicker to take the free one, the next is tried."""
    for _ in range(_TRIES):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [str(WAYBACK), "-b", "127.0.0.1", "-p", str(port)],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder)},
        )
        if _answers(process, port):
            return process, port
        process.kill()
        process.wait()
    raise AssertionError(f"pywb did not start: {(folder / 'pywb.log').read_text(errors='replace')[-2000:]}")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it listens before it ends."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process.poll() is None
    return False
