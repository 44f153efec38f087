"""Sorts rows that come in many sorted pieces, in bounded memory: dealt out by their order into files, and sorted there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.packs import ALONE
from pipeline.build.tables.rows import order_of, ordered

IN_MEMORY: Final = 250_000
"""Rows that are sorted at once: 150 MB for a while, and each piece is read once instead of three times."""
_SAMPLES: Final = 64
_LAST = "\U0010ffff"
"""Stands for null, which sorts after every text."""


def sorted_tables(name: str, sources: Callable[[], Iterator[pa.Table]], total: int, work: Path) -> Iterator[pa.Table]:
    """The rows of ``sources`` in the order of the table, some at a time. Each source is in that order.

    ``total``: how many rows there are; ``work``: a folder for what does not fit into memory. Raises OSError.
    """
    if total <= IN_MEMORY:
        found = list(sources())
        if found:
            yield ordered(name, pa.concat_tables(found))
        return
    splits = _splits(name, sources(), total)
    files = [work / f"{name}-{number}.arrow" for number in range(len(splits) + 1)]
    writers: list[pa.ipc.RecordBatchStreamWriter | None] = [None] * len(files)
    for rows in sources():
        heads = _heads(name, rows)
        starts = [0, *(pc.sum(pc.less(heads, split)).as_py() or 0 for split in splits), rows.num_rows]
        for number, (start, end) in enumerate(itertools.pairwise(starts)):
            if end > start:
                writer = writers[number] or pa.ipc.new_stream(files[number], rows.schema)
                writers[number] = writer
                writer.write_table(rows.slice(start, end - start))
    for file, writer in zip(files, writers, strict=True):
        if writer is not None:
            writer.close()
            with pa.OSFile(str(file)) as stored:
                yield ordered(name, pa.ipc.open_stream(stored, options=ALONE).read_all())
            file.unlink()


def _splits(name: str, sources: Iterator[pa.Table], total: int) -> list[str]:
    """Where the order is cut, so that about half of IN_MEMORY rows fall between two cuts."""
    wanted = total * 2 // IN_MEMORY
    step = max(1, total // (wanted * _SAMPLES))
    samples: list[str] = []
    seen = 0
    for rows in sources:
        first = -seen % step
        places = pa.array(range(0, max(0, rows.num_rows - first), step), pa.int64())
        samples += _heads(name, rows.slice(first)).take(places).to_pylist()
        seen += rows.num_rows
    samples.sort()
    return sorted({samples[len(samples) * number // wanted] for number in range(1, wanted)})


def _heads(name: str, rows: pa.Table) -> pa.ChunkedArray:
    """The first columns of the order as one text, which sorts as they do."""
    columns = order_of(name)[:2]
    texts = [pc.fill_null(rows[column], _LAST) for column in columns if pa.types.is_string(rows.schema.field(column).type)]
    return pc.binary_join_element_wise(*texts, "\0") if len(texts) > 1 else texts[0]
