"""Generated corpora: mixed pages in the shapes of the sources, seeded, any number of them, streamed into a web archive.

    python -m benchmarks.corpus DATA_DIR PAGES [--seed N]

Record n of a seed is the same on every machine and in every corpus: a corpus of 10,000 pages begins with that of 1,000.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.shapes import Drawn, deck, library_page, new_site_practice, old_site_practice, post, town_page
from pipeline.archive.writer import WarcWriter

SEED = 20260101
# Twenty pages: two practices of three tabs on the old site, one on the new, four decks, five posts, two other pages.
_ROUND = (
    old_site_practice,
    deck,
    post,
    post,
    library_page,
    old_site_practice,
    deck,
    post,
    deck,
    new_site_practice,
    post,
    town_page,
    deck,
    post,
)
_FIRST_CAPTURE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class CorpusPage(NamedTuple):
    """A page as it is fetched."""

    url: str
    fetched_at: dt.datetime
    body: bytes


def pages(number: int, seed: int = SEED, first: int = 0) -> Iterator[CorpusPage]:
    """``number`` pages, one after the other; ``first`` records are left out, so that a second corpus holds new pages."""
    return islice(_pages(seed, first), number)


def _pages(seed: int, first: int) -> Iterator[CorpusPage]:
    for record in count(first):
        drawn: Drawn = _ROUND[record % len(_ROUND)](random.Random(f"{seed}:{record}"), record)  # noqa: S311 - not for secrets
        for tab, (url, page) in enumerate(drawn):
            yield CorpusPage(url, _FIRST_CAPTURE + dt.timedelta(seconds=10 * record + tab), page.encode())


def write_corpus(raw_dir: Path, number: int, seed: int = SEED, first: int = 0) -> int:
    """Writes ``number`` pages into raw/; the bytes of their bodies."""
    total = 0
    with WarcWriter(raw_dir, "corpus") as writer:
        for page in pages(number, seed, first):
            headers = [("Content-Type", "text/html"), ("Content-Length", str(len(page.body)))]
            writer.write_response(page.url, page.fetched_at, "HTTP/1.1 200 OK", headers, page.body)
            total += len(page.body)
    return total


def main() -> None:
    """Writes a corpus under DATA_DIR/raw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("pages", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--first", type=int, default=0, help="records to leave out")
    told = parser.parse_args()
    total = write_corpus(told.data_dir / "raw", told.pages, told.seed, told.first)
    print(f"{told.pages} pages, {total:,} bytes in {told.data_dir}")  # noqa: T201 - what the command answers


if __name__ == "__main__":
    main()
