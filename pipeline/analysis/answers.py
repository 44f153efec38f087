"""An answer put out: as a table on a terminal, CSV, JSON, or a Parquet file."""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import io
import json
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.analysis.query import Answer
from pipeline.build.tables.csv_edition import cell
from pipeline.errors import PraktykiError, UsageError
from pipeline.terminal.tables import text_table

_IN_MEMORY = 8 * 1024 * 1024  # of JSON; the rest waits in a temporary file
_PIECE = 1 << 16


def shown_table(answer: Answer, rows: int, width: int) -> str:
    """The first ``rows`` rows as a table of text, and whether there are more."""
    found: list[dict[str, Any]] = []
    for batch in answer.batches:
        found += batch.slice(0, rows + 1 - len(found)).to_pylist()
        if len(found) > rows:
            break
    numeric = [_is_number(field.type) for field in answer.schema]
    body = [[_printed(value) for value in row.values()] for row in found[:rows]]
    table = text_table(answer.schema.names, body, numeric=numeric, width=width)
    if len(found) > rows:
        return f"{table}\n\nthe first {rows} rows; --rows N for more, --csv or --parquet FILE for all"
    return f"{table}\n\n{len(found)} {'row' if len(found) == 1 else 'rows'}"


def csv_pieces(answer: Answer) -> Iterator[str]:
    """The answer as CSV, by the rules of the CSV edition."""
    yield _csv([answer.schema.names])
    for batch in answer.batches:
        yield _csv([[cell(_simple(value)) for value in row.values()] for row in batch.to_pylist()])


def json_pieces(answer: Answer, snapshot: str) -> Iterator[str]:
    """The answer as one JSON object. Nothing comes out before the last row is there: an error leaves no half of an object."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as file:
        columns = [{"name": field.name, "type": str(field.type)} for field in answer.schema]
        file.write(f'{{"snapshot": {_json(snapshot)}, "columns": {_json(columns)}, "rows": [')
        number = 0
        for batch in answer.batches:
            for row in batch.to_pylist():
                file.write(("," if number else "") + "\n " + _json({name: _simple(value) for name, value in row.items()}))
                number += 1
        file.write(f'\n], "row_count": {number}}}\n')
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def written_parquet(answer: Answer, target: Path, datasets: Path, *, is_restricted: bool) -> int:
    """Writes the answer to the file ``target``, whole or not at all; the number of rows.

    With persons in it only its owner may read it. Raises UsageError for a target inside ``datasets``, where nothing changes
    but by `praktyki build`, PraktykiError when it cannot be written.
    """
    if target.resolve().is_relative_to(datasets.resolve()):
        raise UsageError(f"--parquet {target}: lies in datasets/, where snapshots never change; name a file elsewhere")
    rows = 0
    aside = target.with_name(f".{target.name}.part")
    try:
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_restricted else 0o666)
        with os.fdopen(descriptor, "wb") as file, pq.ParquetWriter(file, answer.schema, compression="zstd") as writer:
            for batch in answer.batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        aside.replace(target)
    except (OSError, pa.ArrowException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise PraktykiError(
            f"--parquet {target}: cannot be written ({reason}); name a file in a folder you may write"
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return rows


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _printed(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        return "; ".join(_printed(item) for item in value)
    plain = _simple(value)
    if isinstance(plain, str):
        return plain
    return cell(plain)


def _simple(value: Any) -> Any:
    """A value as JSON knows it: whole decimals (sums of integers) as numbers, times as text in UTC."""
    match value:
        case decimal.Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float():
            return value if math.isfinite(value) else None
        case bytes():
            return value.hex()
        case dt.datetime() if value.tzinfo is not None:
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple():
            return [_simple(item) for item in value]
        case dict():
            return {str(key): _simple(item) for key, item in value.items()}
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)
