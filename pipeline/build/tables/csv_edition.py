"""The CSV edition: the public tables as RFC 4180 files under ``csv/``, safe to open in a spreadsheet.

The Parquet tables stay the data; this edition is derived from them and says so in its README. Restricted tables have none.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.tables.columntexts import (
    Lines,
    dates_text,
    first_bytes,
    joined_lines,
    json_lists,
    python_texts,
    quoted_csv,
    side_by_side,
    times_text,
    whole_text,
)
from pipeline.build.tables.outfiles import write_file
from pipeline.faults import reached
from pipeline.schema.spec import Table, tables

FOLDER = "csv"
README = "csv/README.md"
ESCAPED = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet may run a text that begins like this as a formula (OWASP, CSV injection)."""

_LINE_END = "\r\n"
_MARK = "'"
_RISKY = r"\A'*[=+\-@\t\r\n]"
_MAY_BE_RISKY = np.isin(np.arange(256), np.frombuffer("".join((_MARK, *ESCAPED)).encode(), np.uint8))
"""By the byte that a text begins with: a column without any is not asked text by text."""
_BATCH = 2000

README_TEXT = """# CSV edition

The public tables of this snapshot as CSV, derived from the Parquet files beside this folder. The Parquet files are the
data; use them where you can: they keep types, lists and texts exactly.

- RFC 4180: comma, double quotes, lines end in CR LF, a header line. UTF-8 without a byte order mark. To open a file in a
  spreadsheet, import it as text with encoding UTF-8.
- An empty cell is null. No column holds an empty text.
- Booleans are `true` and `false`; dates `YYYY-MM-DD`; times UTC, `YYYY-MM-DDTHH:MM:SSZ`; numbers with a decimal point.
- Lists are JSON arrays: `["a","b"]`.
- **Formulas.** A text that begins with `=`, `+`, `-`, `@`, a tab or a line end could be run by a spreadsheet as a formula.
  Such a text has one apostrophe `'` put before it here, and so has a text that begins with an apostrophe
  followed by one of these. To get the text back, take one apostrophe away from a text that begins with apostrophes
  followed by one of these characters. Numbers, dates and lists are never changed; the Parquet files hold every text
  unchanged.
- Tables with persons (`restricted/`) are in no CSV file.

`datapackage.json` in this folder describes each file with its columns (Data Package 2); `frictionless validate
datapackage.json` checks them. This folder can be handed on without the rest of the snapshot.
"""


def csv_path(table: Table) -> str:
    """Where the CSV file of a table stands in a snapshot."""
    return f"{FOLDER}/{table.name}.csv"


def csv_part(table: Table) -> str:
    """Name of a file that holds the table's lines alone, on their way into the edition."""
    return f"{table.name}.csv"


def csv_head(table: Table) -> bytes:
    """The first line of a table's file."""
    return (",".join(table.columns) + _LINE_END).encode()


def csv_lines(table: Table, rows: pa.RecordBatch) -> Lines:
    """Some rows as lines of a CSV file."""
    columns = [quoted_csv(pc.fill_null(_cells(rows[name]), "")) for name in table.columns]
    return joined_lines(columns, "", ",", _LINE_END)


def write_csv_edition(folder: Path, made: Mapping[str, Any], parts: Mapping[str, Sequence[Path]] | None = None) -> list[Path]:
    """Writes the CSV edition of all public tables below ``folder``; the files. Raises OSError.

    ``parts``: table → files that hold its lines already, in order, the first with the head; they are taken, and removed.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    readme = folder / README
    write_file(readme, README_TEXT.encode())
    written = [readme]
    for name, rows in made.items():
        table = tables()[name]
        if table.is_restricted:
            continue
        path = folder / csv_path(table)
        reached("snapshot.csv")
        if parts is not None and name in parts:
            _put_together(path, parts[name])
        else:
            with path.open("wb") as file:
                file.write(csv_head(table))
                file.writelines(csv_lines(table, batch).content for batch in rows.to_batches(max_chunksize=_BATCH))
        written.append(path)
    return written


def _put_together(path: Path, parts: Sequence[Path]) -> None:
    """Makes a file of its parts, which are there no more then. The first becomes it: most tables have no other."""
    first, *others = parts
    first.replace(path)
    for part in others:
        with part.open("rb") as lines, path.open("ab") as file:
            shutil.copyfileobj(lines, file)
        part.unlink()


def _cells(values: pa.Array) -> pa.Array:
    """A column as `cell` writes it; null stays null."""
    kind = values.type
    if pa.types.is_string(kind):
        texts = values.cast(pa.large_string())
        if not _MAY_BE_RISKY[first_bytes(texts)].any():
            return texts
        risky = pc.match_substring_regex(texts, _RISKY)
        return pc.if_else(risky, side_by_side(_MARK, texts), texts) if risky.true_count else texts
    if pa.types.is_list(kind):
        return json_lists(values)
    if pa.types.is_timestamp(kind):
        try:
            return times_text(values)
        except pa.ArrowInvalid:  # one has parts of a second
            return python_texts(values, cell)
    if pa.types.is_date(kind):
        return dates_text(values)
    return python_texts(values, cell) if pa.types.is_floating(kind) else whole_text(values)


def cell(value: Any) -> str:
    """A value of a table as it stands in a CSV cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return escaped(value)
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return str(value)


def escaped(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula. `unescaped` gives the text back, whatever it was."""
    return _MARK + text if text.lstrip(_MARK).startswith(ESCAPED) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if text.startswith(_MARK) and text.lstrip(_MARK).startswith(ESCAPED) else text
