"""One result on every engine and at every place, with a worker killed and with a page that kills; two workers beside one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from benchmarks.disturbed import kill_a_worker, write_poison
from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians, total
from benchmarks.runs import engine_of, laid_out, made, snapshot_digest

TITLE = "7. Extract and build on every engine: the same bytes, and two workers beside one (wall time)"
_PAGES = 6_000
"""Enough that starting a cluster twice, two seconds of a run of 3,000 pages, is not what is measured."""
_SERIAL = "serial"
_ANY = "bench"  # the service takes any key
_ACCOUNTS = ("captures", "quality_issues", "changes")
"""Tables in which a page that was given up leaves a row of its own."""


class _Run(NamedTuple):
    engine: str
    workers: int
    is_killed: bool = False
    is_poisoned: bool = False

    @property
    def side(self) -> str:
        workers = "one worker" if self.workers == 1 else "two workers"
        told = _SERIAL if self.engine == "serial" else f"{self.engine}, {workers}"
        return told + ", one killed" * self.is_killed + ", one page kills each" * self.is_poisoned


_QUICK = (_Run("processes", 2), _Run("dask", 2), _Run("processes", 2, is_killed=True), _Run("dask", 2, is_poisoned=True))
_ALL = (
    _Run("processes", 1),
    _Run("dask", 1),
    *_QUICK,
    _Run("dask", 2, is_killed=True),
    _Run("processes", 2, is_poisoned=True),
)


def measured(setting: Setting) -> list[Line]:
    """The snapshot of a serial run is what all others are compared with, byte for byte."""
    pages = 300 if setting.is_quick else _PAGES
    raw = setting.corpus(pages)
    log = setting.work / "log.txt"
    sources, poison = write_poison(setting.work)
    runs = (_Run("serial", 1), *(_QUICK if setting.is_quick else _ALL))
    folders = {run.side: setting.work / f"data-{number}" for number, run in enumerate(runs)}

    def side(run: _Run) -> Callable[[], Spent]:
        def running() -> Spent:
            data = laid_out(folders[run.side], raw, *[poison] * run.is_poisoned)
            more = ["--sources-dir", str(sources)] * run.is_poisoned
            hook = kill_a_worker if run.is_killed else None
            return made(data, log, engine_of(run.engine, run.workers), *more, during_extract=hook).both

        return running

    took = medians({run.side: side(run) for run in runs}, setting.rounds)
    serial = folders[_SERIAL] / "datasets" / "latest"
    lines = []
    for run in runs:
        one = f"{run.engine}, one worker"
        is_ratio = run.workers == 2 and not (run.is_killed or run.is_poisoned) and one in took
        lines.append(
            measured_line(
                run.side,
                took[run.side],
                pages,
                ratio=took[one].wall_seconds / took[run.side].wall_seconds if is_ratio else None,
                against=one if is_ratio else None,
                wanted="≥ 1.7" if is_ratio else None,
                note=_compared(serial, folders[run.side] / "datasets" / "latest", is_poisoned=run.is_poisoned),
            )
        )
    lines.append(_beside_each_other(setting, raw, took[_SERIAL], pages))
    return [*lines, _on_s3(setting, raw, serial, pages)]


def _beside_each_other(setting: Setting, raw: Path, serial: Spent, pages: int) -> Line:
    """Two serial runs at the same time that share nothing: what two of this machine's cores are beside one."""
    folders = [laid_out(setting.work / f"beside-{number}", raw) for number in range(2)]
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(made, folder, folder / "log.txt", engine_of("serial", 1)) for folder in folders]
        both = total([run.result().both for run in runs])._replace(wall_seconds=time.perf_counter() - start)
    return measured_line(
        "two serial runs beside each other",
        both,
        2 * pages,
        ratio=2 * serial.wall_seconds / both.wall_seconds,
        against=_SERIAL,
        note="nothing shared: as much as two cores give here",
    )


def _compared(serial: Path, other: Path, *, is_poisoned: bool) -> str | None:
    """What a snapshot is beside the serial one."""
    if other == serial:
        return None
    if not is_poisoned:
        return "the same bytes" if snapshot_digest(serial) == snapshot_digest(other) else "OTHER BYTES"
    names = sorted(path.relative_to(serial.resolve()) for path in serial.resolve().rglob("*.parquet"))
    others = [name for name in names if name.stem not in _ACCOUNTS and _rows(serial / name) != _rows(other / name)]
    given_up = sum(row["verdict"] == "quarantined" for row in _rows(other / "captures.parquet"))
    return f"OTHER ROWS in {', '.join(map(str, others))}" if others else f"{given_up} page given up, all other rows the same"


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def _on_s3(setting: Setting, raw: Path, serial: Path, pages: int) -> Line:
    """All stages at an address, on an S3 service on loopback."""
    import boto3

    with _service() as endpoint:
        environment = {
            "AWS_ACCESS_KEY_ID": _ANY,
            "AWS_SECRET_ACCESS_KEY": _ANY,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PRAKTYKI_S3_ENDPOINT_URL": endpoint,
            "PRAKTYKI_S3_REGION": "us-east-1",
            "PRAKTYKI_CACHE_DIR": str(setting.work / "cache"),
        }
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=_ANY, aws_secret_access_key=_ANY
        )
        client.create_bucket(Bucket="bench")
        for path in sorted(path for path in raw.rglob("*") if path.is_file()):
            client.upload_file(str(path), "bench", f"data/raw/corpus0/{path.name}")
        took = made("s3://bench/data", setting.work / "log.txt", engine_of("processes", 2) | environment).both
        fetched = setting.work / "fetched" / serial.resolve().name
        prefix = f"data/datasets/snapshots/{fetched.name}/"
        for page in client.get_paginator("list_objects_v2").paginate(Bucket="bench", Prefix=prefix):
            for item in page.get("Contents", ()):
                target = fetched / item["Key"].removeprefix(prefix)
                target.parent.mkdir(parents=True, exist_ok=True)
                client.download_file("bench", item["Key"], str(target))
    is_same = fetched.is_dir() and snapshot_digest(fetched) == snapshot_digest(serial)
    side = "from s3:// to s3://, processes, two workers"
    return measured_line(side, took, pages, note="the same bytes" if is_same else "OTHER BYTES")


@contextmanager
def _service() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.peers.s3_server"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603 - ours
    try:
        yield f"http://127.0.0.1:{int((server.stdout.readline() if server.stdout else '') or 0)}"
    finally:
        server.kill()
        server.wait()
