"""Addresses that once showed a record and answer with none now."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.gate.evidence import matching, with_one_of
from pipeline.build.tables.store import column_parts

SHOWING: Final = ("detail", "index")
SHOWING_NOTHING: Final = ("shell", "quarantined", "not_ours")


class Stale(NamedTuple):
    """How many addresses once showed a record, and those among them that answer with none now."""

    pages: int
    urls: set[str]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of both."""
        return {"pages": self.pages, "stale": len(self.urls)}


def stale_addresses(captures: pa.Table) -> Stale:
    """Those among the captures of a source."""
    dated = matching(captures, ["source_url", "captured_at"], lambda rows: pc.and_(*map(pc.is_valid, rows.columns)))
    showing = with_one_of(dated, "verdict", SHOWING)
    # A number of 8 bytes stands for an address that once showed a record: there are as many as pages.
    showed = np.unique(np.fromiter(map(_mark, _texts(showing, "source_url")), np.uint64, showing.num_rows))
    suspects = {*_texts(with_one_of(dated, "verdict", SHOWING_NOTHING), "source_url")}
    newest: dict[str, tuple[str, str]] = {}
    for batch in dated.select(["source_url", "captured_at", "verdict"]).to_batches() if suspects else ():
        for url, time, verdict in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if url in suspects:
                newest[url] = max(newest.get(url, ("", "")), (time.isoformat(), verdict))
    stale = {url for url, (_, verdict) in newest.items() if verdict in SHOWING_NOTHING}
    return Stale(len(showed), {url for url in stale if np.isin(_mark(url), showed).item()})


def _texts(rows: pa.Table, column: str) -> Iterator[str]:
    for values in column_parts(rows, column):
        yield from values.to_pylist()


def _mark(url: str) -> int:
    return int.from_bytes(blake2b(url.encode(errors="surrogatepass"), digest_size=8).digest(), "big")
