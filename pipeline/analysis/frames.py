"""``from pipeline import load``: a table of a snapshot as a DataFrame, with the types and the dictionary of the schema."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.build.edition.package import descriptor_of, snapshot_folder
from pipeline.build.edition.terms import citation
from pipeline.config import settings_from
from pipeline.errors import BuildError, UsageError
from pipeline.schema.arrow import ARROW_TYPES
from pipeline.schema.dictionary import column_data
from pipeline.schema.spec import ColumnType, Table, code_lists, tables
from pipeline.storage.rules import Need, packages
from pipeline.storage.stages import working_copies

_DTYPES: dict[ColumnType, Any] = {
    "text": pd.StringDtype("pyarrow"),
    "integer": pd.Int64Dtype(),
    "boolean": pd.BooleanDtype(),
}
"""Types that know null, where pandas would make a float of a whole number. Dates and times become datetime64."""


def load(
    table: str,
    *,
    columns: Sequence[str] | None = None,
    snapshot: str = "latest",
    data_dir: str | Path | None = None,
) -> pd.DataFrame:
    """A table of a snapshot, e.g. ``load("practices")``; persons only under the names of their own tables.

    ``columns``: these alone, in this order. ``snapshot``: an id, ``latest``, or a snapshot's folder. ``data_dir``: the folder
    (or address, s3://…) that holds datasets/, else the one that praktyki.toml, PRAKTYKI_DATA_DIR or the project give.

    Texts are ``string``, whole numbers ``Int64``, yes and no ``boolean``, columns with a code list categories of all its
    codes, dates and times (UTC) ``datetime64``, lists Python lists. Null is null; nothing is filled in.

    ``attrs`` holds the dictionary: ``table``, ``description`` (en, pl, uk), ``key``, ``columns`` (of each: type, en, pl, uk,
    and where there is one unit, label, codes), ``snapshot``, ``schema_version``, ``licence``, ``citation``, ``sources``.

    Raises UsageError for a table or column there is not, BuildError when there is no such snapshot.
    """
    declared = _declared(table.removeprefix("restricted/"))
    wanted = _wanted(declared, columns)
    settings = settings_from({"data_dir": None if data_dir is None else str(data_dir)})
    need = Need("datasets", at_hand=packages, snapshots=(snapshot,))
    with working_copies(settings, [need], lambda _line: None) as placed:
        folder = snapshot_folder(placed.datasets, snapshot)
        rows = _rows(_file(folder, declared), wanted)
        attributes = _attributes(declared, folder, rows.column_names)
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_dtype, date_as_object=False)
    for name in frame.columns:
        column = declared.columns.get(name)
        if pa.types.is_list(rows.schema.field(name).type):
            # Not pandas' own list type: pandas 3.1 writes that to Parquet and cannot read it again.
            frame[name] = pd.Series(rows[name].to_pylist(), dtype=object)
        if column is not None and column.codes is not None:
            frame[name] = frame[name].astype(_category(column.codes, frame[name]))
    frame.attrs = attributes
    return frame


def _rows(path: Path, columns: list[str] | None) -> pa.Table:
    try:
        return pq.read_table(path, columns=columns)
    except (OSError, pa.ArrowException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else " ".join(str(error).split())
        raise BuildError(f"{path}: cannot be read ({reason}); take another snapshot, or build it anew") from error


def _dtype(kind: pa.DataType) -> Any:
    """The pandas type of an Arrow type that the schema knows; None leaves the choice to pyarrow."""
    return next((_DTYPES[name] for name, known in ARROW_TYPES.items() if name in _DTYPES and known.equals(kind)), None)


def _declared(name: str) -> Table:
    if name in tables():
        return tables()[name]
    near = difflib.get_close_matches(name, tables(), 1)
    hint = f", did you mean {near[0]!r}" if near else ""
    raise UsageError(f"no table {name!r}{hint}; there are {', '.join(tables())}")


def _wanted(table: Table, columns: Sequence[str] | None) -> list[str] | None:
    if columns is None:
        return None
    columns = columns if isinstance(columns, str) else list(dict.fromkeys(columns))
    unknown = [name for name in columns if name not in table.columns]
    if unknown or isinstance(columns, str):
        asked = columns if isinstance(columns, str) else ", ".join(unknown)
        raise UsageError(f"table {table.name} has no column {asked!r} (a list is meant); it has {', '.join(table.columns)}")
    return list(columns)


def _file(folder: Path, table: Table) -> Path:
    path = folder / table.path
    if path.exists():
        return path
    reason = "keep_restricted was false, or this copy left it out" if table.is_restricted else "it was made by an older version"
    raise BuildError(f"{folder}: snapshot has no table {table.name}: {reason}")


def _category(codes: str, values: pd.Series[Any]) -> pd.CategoricalDtype:
    """All codes of the list in its order, then what else the values hold: a snapshot of another version may know more."""
    known = list(code_lists()[codes])
    more = sorted(set(values.dropna()) - set(known))
    return pd.CategoricalDtype(pd.Index([*known, *more], dtype=pd.StringDtype("pyarrow")))


def _attributes(table: Table, folder: Path, names: Iterable[str]) -> dict[Hashable | None, Any]:
    descriptor = descriptor_of(folder)
    making: Mapping[str, Any] = descriptor["praktyki"]
    return {
        "table": table.name,
        "description": {"en": table.description.en, "pl": table.description.pl, "uk": table.description.uk},
        "key": list(table.key),
        "columns": {name: column_data(table.columns[name]) for name in names if name in table.columns},
        "snapshot": making["snapshot"],
        "schema_version": making.get("schema_version"),
        "licence": "; ".join(licence.get("title") or licence["name"] for licence in descriptor.get("licenses", [])),
        "citation": citation(making["snapshot"]),
        "sources": [source["title"] for source in descriptor.get("sources", [])],
    }
