"""Extract and build from few pages to many: what a page costs, and the largest process."""

from __future__ import annotations

import shutil

from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians
from benchmarks.runs import laid_out, made, sizes_of

TITLE = "2. From few pages to many, everything on, one process: CPU a page beside the smallest, and the largest process"
_ONCE_FROM = 10_000  # so many pages are measured once: start-up and chance weigh little


def measured(setting: Setting) -> list[Line]:
    """A line a size and stage, and one for both; the setting says how far the sizes go."""
    lines: list[Line] = []
    smallest: dict[str, float] = {}
    for pages in setting.sizes:
        for line in _measured_size(setting, pages):
            stage = line.side.partition(",")[0]
            cost = (line.cpu_seconds or 0.0) / pages
            first = smallest.setdefault(stage, cost)
            lines.append(
                Line(
                    **{name: getattr(line, name) for name in line.__struct_fields__}
                    | {
                        "ratio": None if pages == setting.sizes[0] else round(cost / first, 3),
                        "against": None if pages == setting.sizes[0] else f"{stage}, {setting.sizes[0]:,} pages",
                        "wanted": "≤ 1.15, peak < 600 MB" if stage == "extract + build" else None,
                    }
                )
            )
    return lines


def _measured_size(setting: Setting, pages: int) -> list[Line]:
    raw = setting.corpus(pages)
    log, data = setting.work / "log.txt", setting.work / f"data-{pages}"
    taken: dict[str, list[Spent]] = {"extract": [], "build": []}

    def both() -> Spent:
        took = made(laid_out(data, raw), log)
        taken["extract"].append(took.extract)
        taken["build"].append(took.build)
        return took.both

    together = medians({"extract + build": both}, 1 if pages >= _ONCE_FROM else setting.rounds)["extract + build"]
    sizes = sizes_of(data)
    shutil.rmtree(data)
    middle = {stage: sorted(spent_)[len(spent_) // 2] for stage, spent_ in taken.items()}
    lines = [measured_line(f"{stage}, {pages:,} pages", took, pages) for stage, took in middle.items()]
    note = f"{sizes['warc'] / 1e6:,.0f} MB of WARC, snapshot of {sizes['snapshot'] / 1e6:,.0f} MB"
    return [*lines, measured_line(f"extract + build, {pages:,} pages", together, pages, note=note, sizes=sizes)]
