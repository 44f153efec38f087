"""Kills a run that sends a stage at every point it passes, and looks at what a reader then finds.

    python kill_driver.py FOLDER ADDRESS EVERY      kills at every EVERY-th point

Each killed run has a cache of its own, so that the run that follows on the same machine meets what it left there.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from kill_kit import forked, made_forkable, was_killed_at
from s3_kit import ALL_OF_RAW, PUBLISH, put, snapshot_in

from pipeline.archive.reader import captures_in, payload_at, warc_files
from pipeline.archive.recovery import recovered
from pipeline.archive.writer import WarcWriter
from pipeline.config import Settings, settings_from
from pipeline.storage.opening import storage_at
from pipeline.storage.rules import Need
from pipeline.storage.stages import working_copies

OLD, NEW = "2026-01-01-aaaaaaaa", "2026-02-02-bbbbbbbb"
PAGES = [b"<p>jeden", b"<p>dwa", b"<p>trzy"]


def settings_at(address: str, cache: Path) -> Settings:
    storage_at.cache_clear()
    return settings_from({"data_dir": address, "cache_dir": str(cache)})


def publish_old(settings: Settings) -> None:
    snapshot_in(settings.datasets, OLD)


def publish(settings: Settings) -> None:
    snapshot_in(settings.datasets, NEW, b"new rows", OLD)
    put(settings.datasets, "run_report.json", b"{}")


def prune(settings: Settings) -> None:
    snapshot_in(settings.datasets, NEW, b"new rows", OLD)
    if (settings.datasets / "snapshots" / OLD).is_dir():
        shutil.rmtree(settings.datasets / "snapshots" / OLD)


def crawl(settings: Settings) -> None:
    recovered(settings.raw)
    held = {
        payload_at(settings.raw, found).body for name in warc_files(settings.raw) for found in captures_in(settings.raw, name)
    }
    with WarcWriter(settings.raw, "bdp", size_limit=500) as writer:
        for number, page in enumerate(PAGES):
            if page not in held:
                writer.write_resource(f"https://gmina.example.org/{number}", None, "text/html", page)
    put(settings.raw, "frontier.sqlite", b"state")


def run(settings: Settings, need: Need, work: Callable[[Settings], None]) -> None:
    with working_copies(settings, [need], lambda _line: None) as placed:
        work(placed)


def latest_of(settings: Settings) -> str | None:
    """What a reader finds: the snapshot the pointer names, each of its files looked at."""
    storage = storage_at(settings.place("datasets"), settings.s3)
    names = {item.name for item in storage.items()}
    if "latest" not in names:
        return None
    name = storage.read("latest")[0].decode().strip()
    expected = b"new rows" if name == NEW else b"rows"
    for part in ("practices.parquet", "restricted/people.parquet"):
        if storage.read(f"snapshots/{name}/{part}")[0] != expected:
            raise SystemExit(f"{name}/{part} is not whole")
    json.loads(storage.read(f"snapshots/{name}/datapackage.json")[0])
    return name


def check_datasets(settings: Settings, work: Callable[[Settings], None]) -> None:
    if (found := latest_of(settings)) not in {OLD, NEW}:
        raise SystemExit(f"latest is {found}")
    run(settings, PUBLISH, work)
    names = {item.name for item in storage_at(settings.place("datasets"), settings.s3).items()}
    ids = {name.split("/")[1] for name in names if name.startswith("snapshots/")}
    if latest_of(settings) != NEW or ids != ({NEW} if work is prune else {OLD, NEW}):
        raise SystemExit(f"the next run left {latest_of(settings)} and {ids}")


def check_raw(settings: Settings, work: Callable[[Settings], None]) -> None:
    run(settings, ALL_OF_RAW, work)
    elsewhere = settings_at(settings.data_url or "", settings.caches.with_name("elsewhere"))
    with working_copies(elsewhere, [Need("raw")], lambda _line: None) as placed:
        bodies = [
            payload_at(placed.raw, found).body for name in warc_files(placed.raw) for found in captures_in(placed.raw, name)
        ]
    if sorted(bodies) != sorted(PAGES):
        raise SystemExit(f"the archive holds {bodies}")
    shutil.rmtree(elsewhere.caches)


SCENARIOS = {
    "publish": (PUBLISH, publish, check_datasets),
    "prune": (PUBLISH, prune, check_datasets),
    "crawl": (ALL_OF_RAW, crawl, check_raw),
}


def main(base: Path, address: str, every: int) -> dict[str, int]:
    made_forkable()
    storage_at(address, settings_at(address, base).s3)  # what it imports is imported once, before the children
    killed = {}
    for name, (need, work, check) in SCENARIOS.items():
        killed[name] = 0
        point = 1
        while True:
            settings = settings_at(f"{address}/{name}-{point}", base / f"{name}-{point}")
            if need is PUBLISH:
                forked(partial(run, settings, PUBLISH, publish_old))
            if not was_killed_at(point, partial(run, settings, need, work)):
                break
            killed[name] += 1
            if forked(partial(check, settings, work)):
                raise SystemExit(f"{name}: killed at point {point}, see above")
            point += every
    return killed


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))  # noqa: T201
