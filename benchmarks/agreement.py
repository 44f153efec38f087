"""Whether two readings of one archive say the same: rows of a naive script beside ours, cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd


class Agreement(NamedTuple):
    """Cells of the main columns that both sides have, and how many of them are equal."""

    rows: int
    cells: int
    equal: int
    examples: list[str]

    @property
    def share(self) -> float:
        """Share of equal cells."""
        return self.equal / self.cells if self.cells else 0.0


def agreement(snapshot: Path, naive_table: Path) -> Agreement:
    """Compares what a naive script wrote with a snapshot of ours, by the address of the page."""
    naive = pd.read_parquet(naive_table).set_index("url")
    cells = equal = 0
    examples: list[str] = []
    urls: set[str] = set()
    for ours, theirs, column in _pairs(snapshot, naive):
        for url in ours.index.intersection(theirs.index):
            urls.add(str(url))
            mine, other = _plain(ours[url]), _plain(theirs[url])
            cells += 1
            if mine == other:
                equal += 1
            elif len(examples) < 10:
                examples.append(f"{url} {column}: {mine!r} / {other!r}")
    return Agreement(len(urls), cells, equal, examples)


def _pairs(snapshot: Path, naive: pd.DataFrame) -> list[tuple[pd.Series, pd.Series, str]]:
    def ours(table: str) -> pd.DataFrame:
        frame = pd.read_parquet(snapshot / f"{table}.parquet", dtype_backend="pyarrow")
        return frame.drop_duplicates("source_url").set_index("source_url")

    practices, decks, articles = ours("practices"), ours("presentations"), ours("articles")
    # The Metryka stands on one of a practice's pages; the row names one of them.
    practices = practices.reset_index()
    summary = naive[(naive["kind"] == "practice") & naive["locality"].notna()]
    by_title = summary.drop_duplicates("title", keep=False).reset_index().set_index("title")
    practices = practices.drop_duplicates("title", keep=False).set_index("title")
    pairs = [
        (practices[column], by_title[theirs], column)
        for column, theirs in (
            ("entered_on_raw", "entered_on"),
            ("unit_type_raw", "unit_type"),
            ("locality", "locality"),
            ("powiat", "powiat"),
            ("voivodeship", "voivodeship"),
            ("population", "population"),
        )
    ]
    pairs += [(decks[column], naive[column], column) for column in ("title", "slide_count", "language")]
    pairs += [(articles["title"], naive["title"], "title"), (articles["language"], naive["language"], "language")]
    return [*pairs, (articles["published_on_raw"].dropna(), naive["published"], "published_on_raw")]


def _plain(value: object) -> str:
    text = str(value)
    return text.removesuffix(".0").strip()
