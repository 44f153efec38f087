"""The command line beside an empty Python, and `status` on a large archive."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians, spent
from benchmarks.tiny import write_tiny_archive

TITLE = "6. Answers at once: --help beside an empty Python, status on an archive of tiny pages"
_EMPTY, _HELP = "python -c pass", "praktyki --help"
_TIMES = 21  # a start takes hundredths of a second: one alone says nothing


def measured(setting: Setting) -> list[Line]:
    """Medians of many starts; `status` reads names, sizes and the ledger, and no page."""
    captures = 30_000 if setting.is_quick else 300_000
    log, data = setting.work / "log.txt", setting.work / "data"
    # Linux counts this process's memory as the peak of those it starts: it must not be that of the writer.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as aside:
        aside.submit(write_tiny_archive, data / "raw", captures).result()

    def started(*command: str) -> Callable[[], Spent]:
        return lambda: spent(command, log)

    starts = medians({_EMPTY: started("-c", "pass"), _HELP: started("-m", "pipeline", "--help")}, _TIMES)
    ratio = starts[_HELP].cpu_seconds / starts[_EMPTY].cpu_seconds
    name = f"praktyki status, {captures:,} captures"
    status = medians({name: started("-m", "pipeline", "status", "--data-dir", str(data))}, max(setting.rounds, 3))[name]
    return [
        measured_line(_EMPTY, starts[_EMPTY], None),
        measured_line(_HELP, starts[_HELP], None, ratio=ratio, against=_EMPTY, wanted="≤ 4"),
        measured_line(name, status, captures, wanted="CPU < 1 s" if captures >= 300_000 else None),
    ]
