"""The measured cost model: what a page costs in each stage, read from the results of the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.errors import PraktykiError

FULL = Path(__file__).parent / "results" / "full.json"


class PageCost(NamedTuple):
    """What one page costs: CPU seconds a stage, bytes on disk by kind. ``pages``: how many it was measured on."""

    pages: int
    crawl: float
    extract: float
    build: float
    bytes_of: dict[str, float]

    @property
    def cpu_seconds(self) -> float:
        """All stages."""
        return self.crawl + self.extract + self.build


def page_cost(results: Path = FULL) -> PageCost:
    """The cost of a page in the largest run of figure 2, and of a crawled page in figure 4.

    Raises PraktykiError when the results lack a figure.
    """
    stages = _largest(lines_of(results, "f2_scale"))
    crawl = next(line for line in lines_of(results, "f4_crawl") if line["side"].startswith("praktyki crawl"))
    both = stages["extract + build"]
    pages = both["pages"]
    return PageCost(
        pages,
        1 / crawl["pages_per_cpu_second"],
        stages["extract"]["cpu_seconds"] / pages,
        stages["build"]["cpu_seconds"] / pages,
        {kind: size / pages for kind, size in both["sizes"].items()},
    )


def lines_of(results: Path, figure: str) -> list[dict[str, Any]]:
    """The lines of one figure. Raises PraktykiError when it was not measured."""
    try:
        lines: list[dict[str, Any]] = msgspec.json.decode(results.read_bytes())["figures"][figure]["lines"]
    except (OSError, KeyError) as error:
        raise PraktykiError(f"{results}: figure {figure} is not there ({error}); run `make bench`") from error
    return lines


def _largest(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of each stage the line with the most pages."""
    return {line["side"].partition(",")[0]: line for line in sorted(lines, key=lambda line: int(line["pages"]))}
