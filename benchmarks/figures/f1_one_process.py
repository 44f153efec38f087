"""Extract and build with everything on, beside naive scripts for the main columns, and beside inflating and parsing."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from benchmarks.agreement import agreement
from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians, spent, total

TITLE = "1. Extract and build of a mixed corpus, everything on, WARC to Parquet"
OURS = "praktyki extract + build"
LIMIT = "inflate + Lexbor parse alone"
_PEERS = {
    "BeautifulSoup + langdetect + pandas": ["with_beautifulsoup"],
    "the same on lxml": ["with_beautifulsoup", "lxml"],
    "parsel + langdetect + pandas": ["with_parsel"],
}
_WANTED = {"BeautifulSoup + langdetect + pandas": "≥ 20", "parsel + langdetect + pandas": "≥ 10"}


def measured(setting: Setting) -> list[Line]:
    """Our two commands in one process each, on one and on two workers; the peers; the limit."""
    pages = 500 if setting.is_quick else 3_000
    raw = setting.corpus(pages)
    log = setting.work / "log.txt"
    data = setting.work / "data"

    def ours(workers: int) -> Callable[[], Spent]:
        engine = {"PRAKTYKI_ENGINE": "serial" if workers == 1 else "processes", "PRAKTYKI_WORKERS": str(workers)}

        def run() -> Spent:
            shutil.rmtree(data, ignore_errors=True)
            data.mkdir()
            (data / "raw").symlink_to(raw.resolve())
            commands = (["extract"], ["build", "--accept", "generated pages: their numbers are not a publisher's"])
            return total([spent(["-m", "pipeline", *command, "--data-dir", str(data)], log, engine) for command in commands])

        return run

    def peer(module: str, *more: str) -> Callable[[], Spent]:
        table = str(setting.work / f"{module}.parquet")
        return lambda: spent(["-m", f"benchmarks.peers.{module}", str(raw), table, *more], log)

    sides = {OURS: ours(1)} | {name: peer(*words) for name, words in _PEERS.items()}
    sides[LIMIT] = lambda: spent(["-m", "benchmarks.peers.limit", str(raw)], log)
    took = medians(sides, setting.rounds)
    lines = [measured_line(OURS, took[OURS], pages)]
    snapshot = data / "datasets" / "latest"
    for name, words in _PEERS.items():
        alike = agreement(snapshot, setting.work / f"{words[0]}.parquet")
        lines.append(
            measured_line(
                name,
                took[name],
                pages,
                ratio=took[name].cpu_seconds / took[OURS].cpu_seconds,
                against=OURS,
                wanted=_WANTED.get(name),
                note=f"{alike.share:.1%} of {alike.cells:,} cells as ours",
            )
        )
    lines.append(
        measured_line(
            LIMIT, took[LIMIT], pages, ratio=took[LIMIT].cpu_seconds / took[OURS].cpu_seconds, against=OURS, wanted="≥ 0.25"
        )
    )
    two = medians({"two": ours(2)}, setting.rounds)["two"]
    lines.append(
        measured_line(
            f"{OURS}, two workers",
            two,
            pages,
            ratio=took[OURS].wall_seconds / two.wall_seconds,
            against=OURS,
            wanted="≥ 1.7",
            note="wall time",
        )
    )
    return lines
