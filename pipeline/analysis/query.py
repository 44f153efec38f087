"""SQL over a snapshot, by DuckDB: its tables are views by name, and nothing else can be read or written.

Access to files is switched off except for the snapshot's own tables, settings are locked, no extension is loaded, and
one statement that reads is run. Rows come in batches, so that a result may be larger than memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import pyarrow as pa

from pipeline.build.tables.store import table_files
from pipeline.errors import BuildError, PraktykiError, UsageError
from pipeline.schema.spec import tables
from pipeline.temporary import temporary_folder

MEMORY = "2GB"
"""What DuckDB may hold; sorting and grouping of more goes through a temporary folder."""
_BATCH = 2000
_TOLD_AGAIN_SECONDS = 0.05

Result = TypeVar("Result")


class Answer(NamedTuple):
    """Names of the columns, each once, and the rows in batches."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


@contextlib.contextmanager
def answered(snapshot: Path, sql: str, *, with_restricted: bool = False) -> Iterator[Answer]:
    """The answer to one SELECT over the tables of the snapshot's folder, while the block runs.

    Restricted tables are views ``with_restricted`` alone. Raises UsageError for SQL that is wrong or does more than read, and
    when DuckDB is not there; BuildError when a table of the snapshot cannot be read; PraktykiError when rows cannot be made.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError("`praktyki query` needs DuckDB; run `make setup`, or pip install 'praktyki[query]'") from error
    with contextlib.ExitStack() as stack:
        aside = stack.enter_context(temporary_folder("query"))
        database = stack.enter_context(contextlib.closing(duckdb.connect()))
        try:
            left_out = _views(database, snapshot, aside, with_restricted=with_restricted)
        except duckdb.Error as error:
            raise BuildError(f"{snapshot}: {_first_lines(error)}; take another snapshot, or build it anew") from error
        run = stack.enter_context(_Aside(database.cursor()))
        try:
            _check(duckdb, sql)
            reader = run(lambda cursor: cursor.sql(sql).to_arrow_reader(_BATCH))
        except duckdb.Error as error:
            raise _explained(duckdb, error, left_out) from error
        names = _once(reader.schema.names)
        schema = pa.schema([field.with_name(name) for field, name in zip(reader.schema, names, strict=True)])
        try:
            yield Answer(schema, _batches(run, reader, schema))
        finally:
            reader.close()


class _Aside:
    """Runs DuckDB's work in a thread of its own while this one waits.

    In the main thread DuckDB 2.0 lets Ctrl-C pass unheard for as long as a query runs; told by another thread it stops at once.
    """

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._pool = ThreadPoolExecutor(1, "query")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pool.shutdown()

    def __call__(self, work: Callable[[Any], Result]) -> Result:
        """What ``work`` makes of the cursor. Raises what it raises."""
        try:
            return self._pool.submit(work, self._cursor).result()
        except KeyboardInterrupt:
            self._end_work()
            raise

    def _end_work(self) -> None:
        """Returns once nothing runs. DuckDB forgets an interrupt that comes before a query has begun: it is told again."""
        ended = self._pool.submit(lambda: None)
        while not wait([ended], timeout=_TOLD_AGAIN_SECONDS).done:
            self._cursor.interrupt()


def _views(database: Any, snapshot: Path, aside: Path, *, with_restricted: bool) -> list[str]:
    """Makes the views and shuts every other door; the names of tables that are there and left out."""
    files: list[str] = []
    left_out = []
    for name, table in tables().items():
        paths = table_files(snapshot, name)
        if not paths:
            continue
        if table.is_restricted and not with_restricted:
            left_out.append(name)
            continue
        files += map(_quoted, paths)
        database.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{", ".join(map(_quoted, paths))}])')  # noqa: S608 - names are declared
    for setting in (
        f"memory_limit = '{MEMORY}'",
        f"temp_directory = {_quoted(aside)}",
        "GLOBAL TimeZone = 'UTC'",
        f"allowed_paths = [{', '.join(files)}]",
        "allow_community_extensions = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")
    return left_out


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _check(duckdb: Any, sql: str) -> None:
    """The files of the snapshot may be read, which for DuckDB is the right to write them too: COPY and its like stay out."""
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"SQL: {error}; write it in UTF-8") from error
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"one SELECT is meant, {len(statements)} statements were given")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError(
            f"a {statements[0].type.name} statement does more than read; write SELECT (DESCRIBE and SUMMARIZE work too, "
            "PIVOT with its values in IN (…)), and for files take --csv or --parquet FILE"
        )


def _batches(run: _Aside, reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    try:
        while (batch := run(lambda _cursor: next(reader, None))) is not None:
            yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)
    except (OSError, pa.ArrowException) as error:  # how DuckDB tells of an error in the middle of the rows
        raise PraktykiError(f"SQL: {_first_lines(error)}") from error


def _explained(duckdb: Any, error: Exception, left_out: list[str]) -> PraktykiError:
    line = _first_lines(error)
    if isinstance(error, duckdb.PermissionException):
        return UsageError(f"SQL: {line}; a query reads the tables of the snapshot and nothing else")
    hidden = [name for name in left_out if name in line]
    if hidden:
        return UsageError(f"SQL: table {hidden[0]} holds persons; --restricted lets the restricted tables in")
    if isinstance(error, duckdb.CatalogException):
        return UsageError(f"SQL: {line} The tables: {', '.join(name for name in tables() if name not in left_out)}")
    return UsageError(f"SQL: {line}") if isinstance(error, duckdb.ProgrammingError) else PraktykiError(f"SQL: {line}")


def _first_lines(error: Exception) -> str:
    return " ".join(str(error).partition("\n\nLINE ")[0].split())


def _once(names: list[str]) -> Iterator[str]:
    """The names, a repeated one with a number: rows for machines go by name."""
    seen: set[str] = set()
    for name in names:
        unique, number = name, 1
        while unique in seen:
            number += 1
            unique = f"{name}_{number}"
        seen.add(unique)
        yield unique
