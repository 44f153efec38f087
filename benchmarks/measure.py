"""Whole processes measured: CPU seconds, wall seconds, peak memory. Medians of several rounds."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import PraktykiError

Command = Sequence[str]


class Spent(NamedTuple):
    """What one process and the processes it waited for took. ``peak_bytes``: the largest of them."""

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int


def spent(
    command: Command,
    log: Path,
    environment: Mapping[str, str] | None = None,
    during: Callable[[int], None] | None = None,
) -> Spent:
    """Runs a command of this Python (``["-m", "pipeline", …]``) to its end, output into ``log``.

    ``during`` is called with the number of the process while it runs.

    Raises PraktykiError, naming the log, when it fails.
    """
    arguments = [sys.executable, *command]
    with log.open("ab") as file:
        actions = [(os.POSIX_SPAWN_DUP2, file.fileno(), 1), (os.POSIX_SPAWN_DUP2, file.fileno(), 2)]
        start = time.perf_counter()
        process = os.posix_spawn(sys.executable, arguments, {**os.environ, **(environment or {})}, file_actions=actions)
        if during is not None:
            during(process)
        _, status, used = os.wait4(process, 0)
        wall = time.perf_counter() - start
    if status:
        raise PraktykiError(f"benchmark: {' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}; see {log}")
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024)


def total(parts: Sequence[Spent]) -> Spent:
    """Several processes, one after the other, as one."""
    return Spent(
        sum(part.cpu_seconds for part in parts),
        sum(part.wall_seconds for part in parts),
        max(part.peak_bytes for part in parts),
    )


def medians(sides: Mapping[str, Callable[[], Spent]], rounds: int) -> dict[str, Spent]:
    """Each side measured once a round, the sides in turn, so that a slow minute of the machine meets them all."""
    taken: dict[str, list[Spent]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            taken[name].append(side())
    return {
        name: Spent(*(statistics.median(values) for values in zip(*rounds_of, strict=True)))
        for name, rounds_of in taken.items()
    }
