"""The law of schema versions: within a major version tables, columns and codes are added, and nothing else changes.

``released/<version>.json`` is what analysts are promised with that version, generated and never edited by hand. What a
promise holds of a column is what code that reads it may rely on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import SchemaError
from pipeline.schema.spec import SCHEMA_VERSION, Column, Table, code_lists, tables

FOLDER = Path(__file__).parent / "released"
_PROMISED = ("type", "is_required", "unit", "codes", "privacy", "references")


def promise() -> dict[str, Any]:
    """What the declared schema promises: tables with path, key and columns, and the codes of every list."""
    return {
        "version": SCHEMA_VERSION,
        "tables": {name: _table(table) for name, table in sorted(tables().items())},
        "codes": {name: sorted(codes) for name, codes in sorted(code_lists().items())},
    }


def promise_json() -> str:
    """The promise as it is kept on file."""
    return json.dumps(promise(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_promise() -> Path:
    """Writes the promise of the declared version; its file. Raises SchemaError when a released promise would be broken."""
    broken = [line for path in sorted(FOLDER.glob("*.json")) for line in breaches(released_promise(path.stem), promise())]
    if broken:
        raise SchemaError(
            f"the schema breaks what version {last_released()} promised: {'; '.join(broken)}; "
            "take it back, or raise the major number of SCHEMA_VERSION"
        )
    path = FOLDER / f"{SCHEMA_VERSION}.json"
    path.write_text(promise_json(), "utf-8")
    return path


def released_promise(version: str) -> dict[str, Any]:
    """The promise of a released version. Raises FileNotFoundError for a version that was not released."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{version}.json").read_text("utf-8"))
    return loaded


def last_released() -> str:
    """The newest released version. Raises ValueError when there is none."""
    return max((path.stem for path in FOLDER.glob("*.json")), key=_numbers)


def breaches(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What ``after`` may not do to the promise ``before`` of the same major version, one line each; a new major may all."""
    if _numbers(after["version"])[0] != _numbers(before["version"])[0]:
        return
    for name, table in before["tables"].items():
        now = after["tables"].get(name)
        if now is None:
            yield f"table {name} is gone"
            continue
        for part in ("path", "key"):
            if now[part] != table[part]:
                yield f"table {name}: {part} was {table[part]!r}, is {now[part]!r}"
        for column, facts in table["columns"].items():
            yield from _column_breaches(f"{name}.{column}", facts, now["columns"].get(column))
    for name, codes in before["codes"].items():
        for code in codes:
            if code not in after["codes"].get(name, ()):
                yield f"code list {name}: code {code!r} is gone"


def additions(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What ``after`` has and ``before`` has not, one line each."""
    for name, table in after["tables"].items():
        was = before["tables"].get(name)
        if was is None:
            yield f"table {name}"
        else:
            yield from (f"column {name}.{column}" for column in table["columns"] if column not in was["columns"])
    for name, codes in after["codes"].items():
        yield from (f"code {name}: {code}" for code in codes if code not in before["codes"].get(name, ()))


def _column_breaches(where: str, before: Mapping[str, Any], after: Mapping[str, Any] | None) -> Iterator[str]:
    if after is None:
        yield f"column {where} is gone"
        return
    for part in _PROMISED:
        if before.get(part) != after.get(part):
            yield f"column {where}: {part} was {before.get(part)!r}, is {after.get(part)!r}"


def _table(table: Table) -> dict[str, Any]:
    return {
        "path": table.path,
        "key": table.key,
        "columns": {name: _column(column) for name, column in table.columns.items()},
    }


def _column(column: Column) -> dict[str, Any]:
    return {part: getattr(column, part) for part in _PROMISED if getattr(column, part) not in (None, False)}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
