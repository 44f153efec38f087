"""``praktyki prune``: which snapshots stay, and the removal of the others."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from pipeline.build.edition.package import descriptor_of
from pipeline.build.latest import SNAPSHOTS, latest_snapshot
from pipeline.build.snapshot import PRUNED, synced
from pipeline.errors import BuildError
from pipeline.faults import reached


class Pruning(NamedTuple):
    """``kept``: id → why it stays, newest first; ``removed``: ids."""

    kept: dict[str, str]
    removed: list[str]


def pruning(datasets: Path, keep: int) -> Pruning:
    """What `pruned` would do, without doing it. Raises BuildError when a package cannot be read.

    The newest are those on the way back from ``latest`` over the ``previous`` of each package, then the others by id. The
    latest always stays, and so does a snapshot that one of those kept names as its previous: its `changes` would lead
    nowhere. What such a held snapshot names itself is not held.
    """
    folder = datasets / SNAPSHOTS
    there = {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    previous = {name: descriptor_of(folder / name)["praktyki"]["previous"] for name in there}
    latest = latest_snapshot(datasets)
    order: list[str] = []
    name = latest.name if latest is not None else None
    while name in there and name not in order:
        order.append(name)
        name = previous[name]
    order += sorted(there - {*order}, reverse=True)
    kept = dict.fromkeys(order[:keep], f"among the newest {keep}")
    if latest is not None:
        kept[latest.name] = "latest"
    for name in [*kept]:
        before = previous[name]
        if before in there and before not in kept:
            kept[before] = f"previous of {name}"
    return Pruning({name: kept[name] for name in order if name in kept}, [name for name in order if name not in kept])


def pruned(datasets: Path, keep: int) -> Pruning:
    """Removes all snapshots but those `pruning` keeps. Hold the lock of datasets/. Raises BuildError.

    A snapshot is renamed away first: it is there whole or not at all, and a removal cut short is finished by the next run.
    """
    plan = pruning(datasets, keep)
    try:
        for name in plan.removed:
            aside = datasets / f"{PRUNED}{name}"
            reached("prune.rename")
            (datasets / SNAPSHOTS / name).rename(aside)
            synced(datasets / SNAPSHOTS)
            reached("prune.remove")
            shutil.rmtree(aside)
    except OSError as error:
        raise BuildError(f"{error.filename}: {error.strerror}; run again to remove the rest") from error
    return plan
