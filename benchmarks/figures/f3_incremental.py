"""What a run costs when nothing changed, and when one page in a hundred is new."""

from __future__ import annotations

import shutil

from benchmarks.figure import Line, Setting, measured_line
from benchmarks.measure import Spent, medians
from benchmarks.runs import add_corpus, laid_out, made

TITLE = "3. Extract and build again: nothing changed, and one page in a hundred new, beside the full run"
_SIZES = (10_000, 100_000)
_ONCE_FROM = 100_000  # so many pages are measured once
_FULL, _NOTHING, _NEW = "full run", "nothing changed", "1 % new pages"


def measured(setting: Setting) -> list[Line]:
    """The lines of each size; the setting says how far the sizes go, 1,000 pages and 300,000 are left out."""
    sizes = [500] if setting.is_quick else [pages for pages in setting.sizes if pages in _SIZES]
    return [line for pages in sizes for line in _measured_size(setting, pages)]


def _measured_size(setting: Setting, pages: int) -> list[Line]:
    """The three runs one after the other on one data folder, as often as there are rounds."""
    new = pages // 100
    raw = setting.corpus(pages)
    more = setting.corpus(new, first=pages)  # records are fewer than pages: none of these was there before
    log, data = setting.work / "log.txt", setting.work / "data"

    def full() -> Spent:
        return made(laid_out(data, raw), log).both

    def with_new_pages() -> Spent:
        add_corpus(data, more, "new")
        return made(data, log).both

    sides = {_FULL: full, _NOTHING: lambda: made(data, log).both, _NEW: with_new_pages}
    took = medians(sides, 1 if pages >= _ONCE_FROM else setting.rounds)
    shutil.rmtree(data)
    whole = took[_FULL].cpu_seconds
    against = f"{_FULL}, {pages:,} pages"
    return [
        measured_line(_FULL, took[_FULL], pages),
        measured_line(
            _NOTHING, took[_NOTHING], pages, ratio=took[_NOTHING].cpu_seconds / whole, against=against, wanted="≤ 0.02"
        ),
        measured_line(
            _NEW,
            took[_NEW],
            pages + new,
            ratio=took[_NEW].cpu_seconds / whole,
            against=against,
            wanted="≤ 0.05",
            note=f"{new:,} pages in a file of their own",
        ),
    ]
