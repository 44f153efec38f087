"""``python -m benchmarks [--quick] [FIGURE…]``: a table on the terminal, JSON in benchmarks/results/."""

from __future__ import annotations

import argparse
import compileall
import importlib
import io
import os
import pkgutil
import platform
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

import msgspec

import pipeline
from benchmarks import figures, page
from benchmarks.alone import measured_alone
from benchmarks.figure import FigureModule, Line, Setting
from pipeline import __version__
from pipeline.errors import PraktykiError

RESULTS = Path(__file__).parent / "results"
_LIBRARIES = (
    "aiohttp beautifulsoup4 boto3 distributed fastwarc httpx isal langdetect langdetect-rs lxml moto"
    " msgspec pandas parsel pyarrow scrapy selectolax warcio"
).split()


def figure_names() -> list[str]:
    """Names of all figures, in order."""
    return sorted(module.name for module in pkgutil.iter_modules(figures.__path__))


def machine() -> dict[str, Any]:
    """What ran: versions, processor and number of cores; no name of the machine, no path."""
    cpuinfo = Path("/proc/cpuinfo")
    names = (
        [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        if cpuinfo.exists()
        else []
    )
    return {
        "praktyki": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": names[0] if names else platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


_HEADINGS = ("side", "pages", "CPU s", "wall s", "peak MB", "pages/CPU s", "ratio", "wanted", "")


def told_table(title: str, lines: list[Line]) -> str:
    """A figure as a table of plain text: what a ratio compares with stands in its note."""
    cells = [
        (
            line.side,
            "" if line.pages is None else f"{line.pages:,}",
            _number(line.cpu_seconds),
            _number(line.wall_seconds),
            _number(line.peak_mb, 0),
            _number(line.pages_per_cpu_second, 0),
            _number(line.ratio),
            line.wanted or "",
            line.note or "",
        )
        for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *cells, strict=True)]
    rows = [
        "  ".join(
            cell.ljust(width) if number in (0, len(widths) - 1) else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (_HEADINGS, *cells)
    ]
    return "\n".join([title, *(row.rstrip() for row in rows), ""])


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def main() -> int:
    """Measures the figures named, or all; the exit code."""
    cast(io.TextIOWrapper, sys.stdout).reconfigure(errors="backslashreplace")  # a terminal that lacks "≤" is no reason to fail
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("figure", nargs="*", help=f"of {', '.join(figure_names())}; without: all")
    parser.add_argument("--quick", action="store_true", help="small corpora, one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--largest", type=int, default=10_000, help="pages that figures 2 and 3 go up to (10000); 300000 takes hours"
    )
    parser.add_argument("--work", type=Path, help="folder for corpora and scratch files; without: a temporary one")
    told = parser.parse_args()
    unknown = sorted(set(told.figure) - set(figure_names()))
    if unknown:
        parser.error(f"no figure {', '.join(unknown)}; there are {', '.join(figure_names())}")
    work = told.work or Path(tempfile.mkdtemp(prefix="praktyki-bench-"))
    setting = Setting(work, work / "corpora", told.quick, 1 if told.quick else told.rounds, told.largest)
    compileall.compile_dir(str(Path(pipeline.__file__).parent), quiet=1)  # no command is measured compiling itself
    is_whole = False
    try:
        for name in told.figure or figure_names():
            module = cast(FigureModule, importlib.import_module(f"benchmarks.figures.{name}"))
            folder = work / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            lines = measured_alone(name, setting._replace(work=folder))
            print(told_table(module.TITLE, lines), flush=True)  # noqa: T201 - what the command answers
            _write(name, module.TITLE, lines, told.quick)
            shutil.rmtree(folder, ignore_errors=True)
        is_whole = True
    except PraktykiError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - what the command answers
        return 1
    finally:
        if told.work is None and is_whole:  # else a log lies there that an error names
            shutil.rmtree(work, ignore_errors=True)
        if not told.quick:
            page.main()  # docs/scale.md holds these results
    return 0


def _write(name: str, title: str, lines: list[Line], is_quick: bool) -> None:  # noqa: FBT001 - one caller
    """A figure into the JSON of results, in place of its former lines; the other figures stay."""
    path = RESULTS / ("quick.json" if is_quick else "full.json")
    RESULTS.mkdir(exist_ok=True)
    told = msgspec.json.decode(path.read_bytes())["figures"] if path.is_file() else {}
    told[name] = {"title": title, "lines": msgspec.to_builtins(lines), "machine": machine()}
    merged = {"figures": {figure: told[figure] for figure in sorted(told)}}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(merged, order="deterministic"), indent=2) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
