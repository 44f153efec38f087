"""What goes wrong in a run on purpose: a worker that is killed, and a page that kills every worker that reads it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import time
from pathlib import Path

from pipeline.archive.writer import WarcWriter
from pipeline.errors import PraktykiError

_HOST = "poison.example.org"
_TOML = f"""
title = "A page that kills its worker"
publisher = "Benchmark"
homepage = "http://{_HOST}/"
languages = ["pl"]

[claims]
hosts = ["{_HOST}"]

[expect.articles]
rows = [0, 1000000]
fill = {{ title = [0.0, 1.0] }}
"""
_MODULE = '''"""A page of this source kills the process that reads it."""

import signal
from collections.abc import Iterator

from pipeline.extract.page import Page
from pipeline.records import Finding
from pipeline.sources.spec import Judgement, Source


def page_verdict(page: Page, source: Source) -> Judgement:
    signal.raise_signal(signal.SIGKILL)
    return Judgement("detail", "never said")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    yield from ()
'''
_WORKED_TICKS = 60  # hundredths of a second of processor time: a worker that has loaded its code and read pages
_PATIENCE_SECONDS = 120.0


def write_poison(folder: Path) -> tuple[Path, Path]:
    """A source whose page kills its worker, and an archive of one such page: (sources folder, raw folder)."""
    sources, raw = folder / "poison-sources", folder / "poison-raw"
    sources.mkdir(parents=True)
    (sources / "poison.toml").write_text(_TOML, "utf-8")
    (sources / "poison.py").write_text(_MODULE, "utf-8")
    with WarcWriter(raw, "poison") as writer:
        body = "<!DOCTYPE html><title>Trucizna</title><p>Strona, której żaden proces nie przeżyje.".encode()
        at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
        writer.write_response(f"http://{_HOST}/strona/1", at, "HTTP/1.1 200 OK", [("Content-Type", "text/html")], body)
    return sources, raw


def kill_a_worker(process: int) -> None:
    """Kills one of the workers of a run once it has worked for a while. Raises PraktykiError when the run ends before.

    Needs /proc as Linux has it.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and _stat(process)[:1] not in ([], ["Z"]):
        for worker in _below(process):
            if _ticks(worker) >= _WORKED_TICKS and not _is_origin(worker, process):
                os.kill(worker, signal.SIGKILL)
                return
        time.sleep(0.02)
    raise PraktykiError(f"benchmark: process {process} had no worker that could be killed before it ended")


def _below(process: int) -> list[int]:
    """Processes started by any thread of a process, however far down: trackers of resources too, which never work for long."""
    children: list[int] = []
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread is gone
            children += [int(word) for word in listed.read_text().split()]
    return [below for child in children for below in (*_below(child), child)]


def _is_origin(child: int, process: int) -> bool:
    """Whether a child of the run is what its workers are forked from (`pipeline.forks`): it has their command line."""
    try:
        command = Path(f"/proc/{child}/cmdline").read_bytes()
    except OSError:
        return False
    return b"multiprocessing.forkserver" in command and _stat(child)[1:2] == [str(process)]


def _ticks(process: int) -> int:
    fields = _stat(process)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _stat(process: int) -> list[str]:
    """What Linux says of a process from its state on (proc_pid_stat(5)); nothing when there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
