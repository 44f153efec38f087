"""The workers of a build: those asked for, none, or one process beside the build's own, by how much there is to do."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NoReturn

from pipeline.bare_arrow import lean_arrow
from pipeline.collecting import collect_rarely
from pipeline.config import Settings
from pipeline.engine import Workers, workers_of
from pipeline.errors import BuildError

WORTH_WORKERS: Final = 3_000_000
"""Bytes of extracted/ below which starting workers costs more than it saves."""
WORTH_A_PROCESS: Final = 100_000_000
"""Bytes of extracted/ from which a build without workers does its tasks in one process beside its own: what that learns of
words and names, up to 200 MB, never lies beside what the choice among captures takes, and goes before files are written."""

_READY: Final = "pipeline.build.ready"


def build_workers(settings: Settings, files: list[Path]) -> Workers:
    """The workers for a build of extracted files: those asked for, none where starting them costs more than it saves."""
    size = bytes_of(files)
    if size < WORTH_WORKERS:
        return Workers()
    if settings.engine == "serial" and size >= WORTH_A_PROCESS:
        return Workers("processes", 1, begin_build_work, ready=_READY)
    return workers_of(settings, begin_build_work, _READY)


def workers_loading(settings: Settings) -> AbstractContextManager[None]:
    """Has what the workers of a build need loaded while this process loads its own part, where it will ask for any."""
    from pipeline.extract.run import SUFFIX

    return build_workers(settings, [*settings.extracted.rglob(f"*{SUFFIX}")]).loading()


def bytes_of(files: list[Path]) -> int:
    """Bytes of files."""
    return sum(path.stat().st_size for path in files)


def rested(workers: Workers, files: list[Path]) -> None:
    """Lets workers begin anew between two stages of a build of many pages, so that they do not hold what both need."""
    if bytes_of(files) >= WORTH_A_PROCESS:
        workers.rest()


def begin_build_work() -> None:
    """What a worker of a build begins with."""
    collect_rarely()
    lean_arrow()


def lost(task: object) -> NoReturn:
    """Says that a piece of work killed its worker twice. Raises BuildError."""
    raise BuildError(
        f"a worker process died twice over one piece of work ({type(task).__name__}); free some memory, build again"
    )
