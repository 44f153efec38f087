"""Addresses that once showed a record and answer with none now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SHOWING: Final = ("detail", "index")
SHOWING_NOTHING: Final = ("shell", "quarantined", "not_ours")

_ASKED: Final = ("source_url", "captured_at", "verdict")
_SHOWING: Final = pa.array(SHOWING, pa.string())
_NOTHING: Final = pa.array(SHOWING_NOTHING, pa.string())


class Stale(NamedTuple):
    """How many addresses once showed a record, and those among them that answer with none now.

    ``pages`` is 0 where none is stale: what it is a share of is not asked then.
    """

    pages: int
    urls: set[str]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of both."""
        return {"pages": self.pages, "stale": len(self.urls)}


def stale_addresses(captures: Any) -> Stale:
    """Those among the captures of a source. Most pages are asked for nothing but their verdict."""
    suspects = _urls(captures, lambda rows: pc.is_in(rows["verdict"], value_set=_NOTHING))
    newest: dict[str, tuple[str, str]] = {}
    for rows in _dated(captures, lambda rows: pc.is_in(rows["source_url"], value_set=suspects)) if len(suspects) else ():
        for url, time, verdict in zip(*(rows[name].to_pylist() for name in _ASKED), strict=True):
            newest[url] = max(newest.get(url, ("", "")), (time.isoformat(), verdict))
    silent = pa.array(sorted(url for url, (_, verdict) in newest.items() if verdict in SHOWING_NOTHING), pa.string())
    if not len(silent):
        return Stale(0, set())

    def once_showed(rows: pa.RecordBatch) -> pa.Array:
        return pc.and_(_shows(rows), pc.is_in(rows["source_url"], value_set=silent))

    stale = set(_urls(captures, once_showed).to_pylist())
    return Stale(_number_of_addresses(captures) if stale else 0, stale)


def _shows(rows: pa.RecordBatch) -> pa.Array:
    return pc.is_in(rows["verdict"], value_set=_SHOWING)


def _dated(captures: Any, is_meant: Callable[[pa.RecordBatch], pa.Array]) -> Iterator[pa.RecordBatch]:
    """Captures whose address and time are known and of which ``is_meant`` holds, some at a time."""
    for batch in captures.select(_ASKED).to_batches():
        wanted = pc.and_(is_meant(batch), pc.and_(pc.is_valid(batch["source_url"]), pc.is_valid(batch["captured_at"])))
        if wanted.true_count:
            yield batch.filter(wanted)


def _urls(captures: Any, is_meant: Callable[[pa.RecordBatch], pa.Array]) -> pa.Array:
    """The different addresses of such captures."""
    found = [rows["source_url"] for rows in _dated(captures, is_meant)]
    return pa.chunked_array(found, pa.string()).unique()


def _number_of_addresses(captures: Any) -> int:
    """How many addresses once showed a record."""
    # A number of 8 bytes stands for each: there are as many as pages.
    marks = [np.fromiter(map(_mark, rows["source_url"].to_pylist()), np.uint64) for rows in _dated(captures, _shows)]
    return len(np.unique(np.concatenate(marks))) if marks else 0


def _mark(url: str) -> int:
    return int.from_bytes(blake2b(url.encode(errors="surrogatepass"), digest_size=8).digest(), "big")
