"""Commands for analysts: SQL over a snapshot, and the dictionary of its tables."""

from __future__ import annotations

import argparse
import sys

from pipeline.commands import needs
from pipeline.commands.common import Command, settings_of
from pipeline.errors import UsageError
from pipeline.outcome import Outcome, shown

DICTIONARY_PATH = "docs/DATA_DICTIONARY.md"
_ROWS = 40


def _query(options: argparse.Namespace) -> Outcome:
    """SQL over a snapshot."""
    from pipeline.analysis.answers import csv_pieces, json_pieces, shown_table, written_parquet
    from pipeline.analysis.query import answered
    from pipeline.build.edition.package import snapshot_folder
    from pipeline.terminal.streams import answer as print_answer
    from pipeline.terminal.tables import terminal_width

    if options.csv and (options.json or options.parquet):
        raise UsageError("--csv stands alone; take one of --csv, --json and --parquet FILE")
    if options.rows < 1:
        raise UsageError(f"--rows {options.rows}: at least 1")
    sql = _sql(options)
    datasets = settings_of(options).datasets
    folder = snapshot_folder(datasets, options.snapshot)
    with answered(folder, sql, with_restricted=options.restricted) as answer:
        if options.parquet:
            from pathlib import Path

            target = Path(options.parquet)
            rows = written_parquet(answer, target, datasets, is_restricted=options.restricted)
            data = {"snapshot": folder.name, "written": str(target), "row_count": rows}
            return Outcome(data, f"wrote {rows} rows of snapshot {folder.name} to {shown(target)}")
        if options.csv or options.json:
            print_answer(csv_pieces(answer) if options.csv else json_pieces(answer, folder.name))
            return Outcome({}, "", is_printed=True)
        return Outcome({}, shown_table(answer, options.rows, terminal_width()))


def _sql(options: argparse.Namespace) -> str:
    if (options.sql is None) == (options.file is None):
        raise UsageError('write the query, e.g. praktyki query "SELECT count(*) FROM practices", or --file FILE')
    if options.sql is not None:
        return str(options.sql)
    from pathlib import Path

    try:
        return sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--file {options.file}: {error}") from error


def _dictionary(options: argparse.Namespace) -> Outcome:
    """The data dictionary."""
    from pipeline.schema.dictionary import column_data, dictionary_markdown
    from pipeline.schema.released import write_promise
    from pipeline.schema.spec import tables

    if options.table is not None and options.table not in tables():
        raise UsageError(f"no table {options.table!r}; there are {', '.join(tables())}")
    if options.write:
        from pipeline.config import project_dir
        from pipeline.demo.facts import sample_facts

        path = project_dir() / DICTIONARY_PATH
        path.parent.mkdir(exist_ok=True)
        path.write_text(dictionary_markdown(facts=sample_facts()), "utf-8")
        promise = write_promise()
        return Outcome({"written": [str(path), str(promise)]}, f"wrote {shown(path)} and {shown(promise)}")
    chosen = {name: table for name, table in tables().items() if options.table in (None, name)}
    data = {name: {column: column_data(spec) for column, spec in table.columns.items()} for name, table in chosen.items()}
    if options.json or options.markdown or not sys.stdout.isatty():
        return Outcome(data, dictionary_markdown(options.table).rstrip())
    from pipeline.terminal.dictionary import dictionary_text
    from pipeline.terminal.tables import terminal_width

    return Outcome(data, dictionary_text(chosen.values(), options.language, terminal_width()))


def _query_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sql", nargs="?", metavar="SQL", help="one SELECT in DuckDB's SQL; every table is a view by its name")
    parser.add_argument("--file", metavar="FILE", help="read the SQL from a file, - from stdin")
    parser.add_argument("--snapshot", metavar="ID", default="latest", help="a snapshot other than the latest")
    parser.add_argument("--csv", action="store_true", help="print all rows as CSV")
    parser.add_argument("--parquet", metavar="FILE", help="write all rows to a Parquet file")
    parser.add_argument("--rows", type=int, default=_ROWS, metavar="N", help=f"rows of the printed table (default: {_ROWS})")
    parser.add_argument("--restricted", action="store_true", help="let in the tables with persons, too")


def _dictionary_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", nargs="?", metavar="TABLE")
    parser.add_argument("--language", choices=("en", "pl", "uk"), default="en", help="of the meanings on a terminal")
    parser.add_argument("--markdown", action="store_true", help="print Markdown, as in a pipe, on a terminal too")
    parser.add_argument("--write", action="store_true", help="write docs/DATA_DICTIONARY.md")


TITLE = "Ask the data"
COMMANDS = (
    Command("query", "ask a snapshot in SQL: a table, CSV, JSON, or a Parquet file", _query, _query_arguments, needs.query),
    Command("dictionary", "the data dictionary, of all tables or one", _dictionary, _dictionary_arguments),
)
