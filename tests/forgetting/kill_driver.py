"""Kills `forget` at every named point and lets it be run again. Started by test_forget_kill.py, prints one JSON object.

python kill_driver.py TEMPLATE WORK EVERY      kills at every EVERY-th point (1: at each)
"""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

from crawl_kit import stored
from forgetting_kit import forgotten, traces
from kill_kit import forked, made_forkable, was_killed_at

from pipeline import faults
from pipeline.archive.check import archive_problems
from pipeline.build.edition.package import damage
from pipeline.build.snapshot import read_tables
from pipeline.crawl.ledger.holdings import holding_problems
from pipeline.errors import PraktykiError
from pipeline.forgetting import run, snapshots

_SELDOM = ("snapshot.sync", "snapshot.table", "snapshot.csv", "snapshot.file")
"""Points of which there are many, all inside the work folder: tests/build kills at each; here at every eighth."""


def finished(data_dir: Path) -> None:
    report = forgotten(data_dir)
    if not report.is_complete:
        raise PraktykiError(f"{report}")


def state(data_dir: Path) -> dict[str, Any]:
    """What can be compared of two data folders: records, tables, and files by name."""
    tables = read_tables(data_dir / "datasets" / "latest")
    passing = ("log.jsonl", "-shm", "-wal")  # readers of a database leave the latter two
    names = sorted(path.relative_to(data_dir).as_posix() for path in data_dir.rglob("*") if not path.name.endswith(passing))
    return {"records": stored(data_dir), "tables": {n: rows.to_pylist() for n, rows in tables.items()}, "names": names}


def complaints_about(data_dir: Path, expected: dict[str, Any]) -> list[str]:
    found = [str(problem) for problem in (*archive_problems(data_dir / "raw"), *holding_problems(data_dir / "raw"))]
    found += traces(data_dir)
    now = state(data_dir)
    return found + [f"{part} differ" for part in expected if now[part] != expected[part]]


def _nothing(*_arguments: object) -> list[Any]:
    return []


def main(template: Path, work: Path, every: int) -> dict[str, Any]:
    made_forkable()
    setattr(snapshots, "leaks_in_files", _nothing)  # noqa: B010 - it writes nothing, and takes as long as all the rest
    setattr(run, "residues", _nothing)  # noqa: B010 - `traces` looks for what is left
    calm = work / "calm"
    shutil.copytree(template, calm, symlinks=True)
    points: list[str] = []
    faults.set_hook(points.append)
    forgotten(calm)  # warms this process up for its children, too
    faults.set_hook(None)
    expected = state(calm)
    complaints = [f"undisturbed: {line}" for line in complaints_about(calm, expected)]
    seldom = [number for number, point in enumerate(points) if point in _SELDOM][::8]
    chosen = [number for number, point in enumerate(points) if point not in _SELDOM or number in seldom]
    for number in chosen[::every]:
        data_dir = work / str(number)
        shutil.copytree(template, data_dir, symlinks=True)

        here = f"{number} ({points[number]})"
        if not was_killed_at(number + 1, partial(forgotten, data_dir)):
            complaints.append(f"{here}: was not killed")
        if wrong := damage((data_dir / "datasets" / "latest").resolve(strict=True)):
            complaints.append(f"{here}: latest is not whole: {wrong}")
        if forked(partial(finished, data_dir)):
            complaints.append(f"{here}: the next run did not finish it")
        else:
            complaints += [f"{here}: {line}" for line in complaints_about(data_dir, expected)]
        shutil.rmtree(data_dir)
    return {"points": points, "killed": len(chosen[::every]), "complaints": complaints}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201
