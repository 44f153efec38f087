"""The cells of a CSV file that could hold personal data, stretch by stretch of its lines.

Where a stretch ends is told by the lengths of the lines, so that a new line changes one stretch; those that are known to be
clean are left out.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from pipeline.privacy.cells import place_of, suspects
from pipeline.privacy.clean import CleanPieces
from pipeline.privacy.detectors import Place
from pipeline.schema.spec import Table

_LONGEST_CELL: Final = 2**31 - 1
"""The csv module stops at 131072 characters of its own accord; a text of a file or an article may have more."""
_ROWS_AT_ONCE: Final = 2_000
_BYTES_AT_ONCE: Final = 1 << 22
_STRETCH_LINES: Final = 16
"""Lines of a stretch on average."""
_MOST_LINES: Final = 128
_MIXED: Final = np.uint64(0x9E3779B97F4A7C15)
_QUOTE, _LINE_FEED = b'"\n'

Span = tuple[int, int]
"""Where something begins and ends in a file."""


def csv_texts(path: Path, table: Table, pieces: CleanPieces, searched: Sequence[Span] = ()) -> Iterator[tuple[str, Place]]:
    """The texts of a table's CSV file that could hold personal data at all; ``searched``: whole lines looked into before.

    Raises OSError, UnicodeDecodeError.
    """
    with path.open("rb") as file:
        names = next(csv.reader([file.readline().decode("utf-8-sig")]), [])
        places = {name: place for name in names if (place := _place_in(table, name)) is not None}
        waiting: list[bytes] = []
        size = 0
        for stretch in _open_stretches(file, searched):
            if not pieces.is_clean(table.name, stretch):
                waiting.append(stretch)
                size += len(stretch)
            if size >= _BYTES_AT_ONCE:
                yield from _cells(b"".join(waiting), names, places)
                waiting, size = [], 0
        if waiting:
            yield from _cells(b"".join(waiting), names, places)


def joined_spans(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch each other as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def _open_stretches(file: IO[bytes], searched: Sequence[Span]) -> Iterator[bytes]:
    """The stretches of a file from where it stands, without the spans that were searched before."""
    start = file.tell()
    for first, last in (*sorted(searched), (None, None)):
        yield from stretches(file, None if first is None else first - start)
        if last is not None:
            start = file.seek(last)


def stretches(file: IO[bytes], size: int | None = None) -> Iterator[bytes]:
    """So many bytes of a CSV file, or all, in stretches of whole records; a line feed within quotes ends none."""
    rest = b""
    left = sys.maxsize if size is None else size
    while content := file.read(min(_BYTES_AT_ONCE, left)):
        rest += content
        left -= len(content)
        data = np.frombuffer(rest, np.uint8)
        line_feeds = np.flatnonzero(data == _LINE_FEED)
        is_inside = np.searchsorted(np.flatnonzero(data == _QUOTE), line_feeds) & 1
        start = 0
        for end in _cuts(line_feeds[is_inside == 0] + 1):
            yield rest[start:end]
            start = end
        rest = rest[start:]
    if rest:
        yield rest


def _cuts(ends: npt.NDArray[np.int64]) -> Iterator[int]:
    """Which ends of lines are ends of stretches."""
    lengths = np.diff(ends, prepend=0).astype(np.uint64)
    is_cut = (lengths * _MIXED >> np.uint64(40)) % np.uint64(_STRETCH_LINES) == 0
    last = -1
    for number in np.flatnonzero(is_cut).tolist():
        while number - last > _MOST_LINES:
            last += _MOST_LINES
            yield int(ends[last])
        yield int(ends[number])
        last = number
    while len(ends) - 1 - last >= _MOST_LINES:
        last += _MOST_LINES
        yield int(ends[last])


def _cells(lines: bytes, names: Sequence[str], places: dict[str, Place]) -> Iterator[tuple[str, Place]]:
    read = 0
    try:
        for batch in _batches(lines, names, [*places]):
            read += batch.num_rows
            for name, place in places.items():
                yield from ((text, place) for _, text in suspects(batch[name], place))
    except pa.ArrowInvalid:  # a line with more or fewer cells, or longer than a block: read one by one from there
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(io.StringIO(lines.decode(), newline=""))
        while rows := list(islice(reader, read, read + _ROWS_AT_ONCE)):
            read = 0
            for name, cells in zip(names, zip_longest(*rows, fillvalue=""), strict=False):
                if name in places:
                    yield from ((text, places[name]) for _, text in suspects(pa.array(cells, pa.large_string()), places[name]))


def _place_in(table: Table, name: str) -> Place | None:
    """What a column of a table holds, when it holds texts."""
    column = table.columns.get(name)
    return place_of(table, name, column) if column is not None and column.type in ("text", "list") else None


def _batches(lines: bytes, names: Sequence[str], wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Columns of lines of CSV as texts, some rows at a time. Raises ArrowInvalid for what is no table."""
    if not wanted:
        return
    reader = pa_csv.open_csv(
        pa.BufferReader(lines),
        read_options=pa_csv.ReadOptions(use_threads=False, block_size=_BYTES_AT_ONCE, column_names=[*names]),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), include_columns=[*wanted], strings_can_be_null=False
        ),
    )
    with reader:
        yield from reader
