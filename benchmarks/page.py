"""The tables of docs/scale.md, written from benchmarks/results/full.json: ``python -m benchmarks.page``.

A table stands between ``<!-- table NAME -->`` and ``<!-- end -->``; NAME is a figure, ``cost``,
``scenarios`` or ``month``. The rest is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.cost import FULL, PageCost, lines_of, page_cost
from benchmarks.figures.f8_index import KEPT, READ
from benchmarks.scenarios import scenarios, taken
from pipeline.errors import PraktykiError

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"
_PAUSE_SECONDS = 5.0
MONTH_LINES = 2_800_000_000
"""Captures of a month of Common Crawl (September 2018, as its own announcement has it)."""
_TABLE = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_COLUMNS = {
    "side": ("side", None),
    "pages": ("pages", 0),
    "cpu_seconds": ("CPU s", 2),
    "wall_seconds": ("wall s", 2),
    "peak_mb": ("peak MB", 0),
    "pages_per_cpu_second": ("pages a CPU s", 0),
    "ratio": ("ratio", 3),
    "wanted": ("wanted", None),
    "note": ("", None),
}


def with_tables(text: str, results: Path = FULL) -> str:
    """The page with its tables as the results have them; a table whose figure was not measured says so."""

    def filled(found: re.Match[str]) -> str:
        try:
            table = _table(found[2], results)
        except PraktykiError:
            table = "Not measured yet: `make bench`."
        return f"{found[1]}{table}\n{found[3]}"

    return _TABLE.sub(filled, text)


def _table(name: str, results: Path) -> str:
    if name == "cost":
        return _cost_table(page_cost(results), results)
    if name == "month":
        return _month(results)
    if name == "scenarios":
        return _scenario_table(page_cost(results), parallel_share(results))
    lines = lines_of(results, name)
    columns = [column for column in _COLUMNS if any(line[column] is not None for line in lines)]
    heads = [_COLUMNS[column][0] for column in columns]
    rows = [[_cell(line[column], _COLUMNS[column][1]) for column in columns] for line in lines]
    machine = msgspec.json.decode(results.read_bytes())["figures"][name]["machine"]
    told = f"Python {machine['python']}, {machine['cores']} cores, {machine['processor']}"
    return f"{_markdown(heads, rows)}\n\n{told}."


def _cost_table(cost: PageCost, results: Path) -> str:
    stages = [("crawl", cost.crawl), ("extract", cost.extract), ("build", cost.build)]
    rows = [[name, f"{seconds * 1000:.2f}", ""] for name, seconds in stages]
    rows += [[told, "", f"{cost.bytes_of[kind] / 1e3:,.2f}"] for kind, told in _KINDS.items()]
    measured = f"Measured on {cost.pages:,} pages; the crawl in figure 4; two workers take"
    share = f"{parallel_share(results):.0%} of extract and build off each other. One worker of a crawl deals with the pages of"
    hosts = f"{_PAUSE_SECONDS / cost.crawl:,.0f} hosts that want {_PAUSE_SECONDS:.0f} seconds between two requests."
    return f"{_markdown(['of 1,000 pages', 'CPU s', 'MB'], rows)}\n\n{measured} {share} {hosts}"


_KINDS = {
    "warc": "WARC files",
    "cdxj": "their indexes",
    "extracted": "extracted/",
    "snapshot": "a snapshot, all of it",
    "parquet": "of it Parquet",
    "csv": "of it CSV",
    "explorer": "of it the explorer",
}


def parallel_share(results: Path = FULL) -> float:
    """The share of extract and build that two workers halve, from figure 7 (Amdahl's law turned round)."""
    two = next(line for line in lines_of(results, "f7_engines") if line["side"] == "processes, two workers")
    return float(min(1.0, max(0.0, 2 * (1 - 1 / two["ratio"]))))


def _scenario_table(cost: PageCost, share: float) -> str:
    rows = []
    for scenario in scenarios():
        took = taken(scenario, cost, share)
        rows.append(
            [
                scenario.name,
                scenario.assumed,
                f"{took.pages:,}",
                f"{took.crawl_seconds / 86_400:,.2f}",
                f"{(took.extract_seconds + took.build_seconds) / 3_600:,.1f} on {scenario.workers}",
                f"{took.core_seconds / 3_600:,.1f}",
                f"{took.bytes_of['warc'] / 1e9:,.1f}",
                f"{took.bytes_of['snapshot'] / 1e9:,.1f}",
            ]
        )
    heads = ["run", "assumed", "pages", "crawl, days", "extract + build, hours on workers", "core hours", "WARC, GB"]
    return _markdown([*heads, "snapshot, GB"], rows)


def _month(results: Path) -> str:
    lines = {line["side"]: line["pages_per_cpu_second"] for line in lines_of(results, "f8_index")}
    hours = {side: MONTH_LINES / rate / 3_600 for side, rate in lines.items()}
    return (
        f"Reading the index of such a month through takes {hours[KEPT]:.1f} core hours when lines are known by their keys, and"
        f" {hours[READ]:.1f} when every line is read."
    )


def _cell(value: Any, digits: int | None) -> str:
    if value is None:
        return ""
    if digits is None:
        return str(value)
    return f"{value:,.{digits + (digits == 2 and value < 1)}f}"  # a start takes hundredths of a second


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def main() -> None:
    """Writes the tables of the page anew."""
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
