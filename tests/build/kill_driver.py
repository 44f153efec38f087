"""Kills builds at every named point and looks at what a reader then finds. Started by test_kill.py, prints one JSON object.

python kill_driver.py FOLDER PART PARTS      kills at every PARTS-th point from PART on
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kill_kit import forked, made_forkable, was_killed_at
from made import built, page, tab

from pipeline import faults
from pipeline.build import run
from pipeline.build.edition.package import damage
from pipeline.build.snapshot import datasets_lock
from pipeline.build.upkeep.prune import pruned

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
CONTACTS: dict[str, Sequence[str]] = {"contacts": ["Jan Próbny", "Skarbnik"]}
RECOVERED_EVERY = 3
"""After each third kill the next run is let finish; what a reader finds is looked at after every kill."""

Run = Callable[[Path], object]


def build_version(version: int) -> Run:
    pages = [page(URL + "7", [tab("bdp:7", title=f"Tytuł {version}", slug="a", labels=CONTACTS)], day=version)]
    return lambda data: built(data, pages)


def prune(data: Path) -> object:
    datasets = data / "datasets"
    with datasets_lock(datasets, lambda _line: None):
        return pruned(datasets, 1)


# name → versions that stand there before, the run that is killed, the run that follows it
SCENARIOS: dict[str, tuple[list[int], Run, Run]] = {
    "first": ([], build_version(1), build_version(1)),
    "next": ([1], build_version(2), build_version(2)),
    "back": ([1, 2], build_version(1), build_version(1)),
    "prune": ([1, 2, 3], prune, build_version(3)),
}


def points_of(passing: Run, data: Path) -> int:
    """How many points a run passes."""
    reading, writing = os.pipe()

    def counted() -> None:
        passed: list[str] = []
        faults.set_hook(passed.append)
        passing(data)
        os.write(writing, str(len(passed)).encode())

    status = forked(counted)
    os.close(writing)
    number = os.read(reading, 64)
    os.close(reading)
    if status:
        raise SystemExit("the undisturbed run failed")
    return int(number)


def latest_of(data: Path) -> str | None:
    """Id of the latest snapshot, once it has passed its own package's hashes."""
    link = data / "datasets" / "latest"
    if not link.is_symlink():
        return None
    if wrong := damage(link.resolve(strict=True)):
        raise SystemExit(f"latest is not whole: {wrong}")
    return link.resolve().name


def left_overs(data: Path) -> list[str]:
    """What a finished run must not leave in datasets/."""
    names = sorted(path.name for path in (data / "datasets").iterdir())
    return [name for name in names if name.startswith((".work", ".latest", ".pruned", ".part"))]


def main(base: Path, part: int, parts: int) -> dict[str, Any]:
    made_forkable()
    run._refuse_leaks = lambda *_arguments: None  # it writes nothing, and takes as long as all the rest
    build_version(1)(base / f"warm-{part}")  # registers, schemas and patterns are read once, before the children
    killed = recovered = 0
    per_scenario = {}
    for name, (before, disturbed, following) in SCENARIOS.items():
        template, work = base / f"{name}-{part}", base / f"{name}-{part}-work"
        for version in before:
            forked(partial(build_version(version), template))
        template.mkdir(exist_ok=True)
        old = latest_of(template)
        shutil.copytree(template, work, symlinks=True)
        points = points_of(disturbed, work)
        new = latest_of(work)
        for point in range(1 + part, points + 1, parts):
            shutil.rmtree(work)
            shutil.copytree(template, work, symlinks=True)
            if not was_killed_at(point, partial(disturbed, work)):
                raise SystemExit(f"{name}: the run was not killed at point {point}")
            killed += 1
            if (found := latest_of(work)) not in {old, new}:
                raise SystemExit(f"{name}, point {point}: latest is {found}, neither {old} nor {new}")
            if killed % RECOVERED_EVERY:
                continue
            recovered += 1
            if forked(partial(following, work)) != 0:
                raise SystemExit(f"{name}, point {point}: the next run failed")
            if latest_of(work) != new or left_overs(work):
                raise SystemExit(f"{name}, point {point}: the next run left {latest_of(work)} and {left_overs(work)}")
        per_scenario[name] = points
    return {"killed": killed, "recovered": recovered, "points": per_scenario}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201
