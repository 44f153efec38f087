"""The command line: ``praktyki COMMAND``. Exit codes are those of `pipeline.errors`; 0 is fine, 130 an interrupt.

Heavy imports stand inside `pipeline.commands` functions, so that ``--help`` and wrong usage answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.errors import PraktykiError

if TYPE_CHECKING:
    from pipeline.outcome import Outcome

_EPILOG = (
    "Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 refused by the gate, 4 another run holds the lock, "
    "5 finished with some inputs or sources failed."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. Errors are one line on stderr, a traceback only with ``--debug``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no reason to fail
    options = _parser().parse_args(argv)
    try:
        outcome: Outcome = _command(options.command)(options)
        _print(outcome, as_json=options.json)
        return outcome.exit_code
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("praktyki: interrupted; what was finished is kept", file=sys.stderr)  # noqa: T201
        return 130
    except PraktykiError as error:
        return _failed(options, error, str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last resort: one line for people, the traceback on request
        return _failed(
            options, error, f"internal error: {type(error).__name__}: {error}; run again with --debug and report it", 1
        )


def _failed(options: argparse.Namespace, error: BaseException, message: str, exit_code: int) -> int:
    if options.debug:
        traceback.print_exception(error)
    line = " ".join(message.split())
    if options.json:
        print(json.dumps({"error": line, "exit_code": exit_code}, ensure_ascii=False))  # noqa: T201
    print(f"praktyki: error: {line}", file=sys.stderr)  # noqa: T201
    return exit_code


def _print(outcome: Outcome, *, as_json: bool) -> None:
    text = json.dumps(outcome.data, ensure_ascii=False, indent=2, default=str) if as_json else outcome.text
    if text:
        print(text)  # noqa: T201
    sys.stdout.flush()


def _command(name: str) -> Callable[[argparse.Namespace], Outcome]:
    from pipeline import commands

    command: Callable[[argparse.Namespace], Outcome] = getattr(commands, f"run_{name.replace('-', '_')}")
    return command


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data-dir", metavar="DIR", help="folder that holds raw/, extracted/, datasets/ (default: the project)"
    )
    common.add_argument("--sources-dir", metavar="DIR", help="further sources: a folder of <source>.toml and <source>.py")
    common.add_argument("--json", action="store_true", help="print one JSON object for machines")
    common.add_argument("--quiet", action="store_true", help="print results and errors only")
    common.add_argument("--debug", action="store_true", help="print the traceback of an error")

    parser = argparse.ArgumentParser(
        prog="praktyki",
        description="Web pages about good practices in local government as typed, traceable Parquet tables.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"praktyki {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, help_text: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, parents=[common], help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}."
        )

    demo = add("demo", "the whole pipeline on the bundled sample site, under demo-data/")
    _engine_options(demo)
    crawl = add("crawl", "fetch what is due from the publishers into raw/, politely")
    crawl.add_argument("sources", nargs="*", metavar="SOURCE", help="sources to crawl (default: all)")
    crawl.add_argument("--seeds", metavar="FILE", help="further addresses, one a line; # begins a comment")
    crawl.add_argument(
        "--from",
        dest="from_archive",
        metavar="ARCHIVE",
        help="take the pages of SOURCE from another archive: wayback, cdx:URL of a CDX server, warc:PATH of WARC files",
    )
    crawl.add_argument("--everything-due", action="store_true", help="ask for every known address again, due or not")
    crawl.add_argument(
        "--allow-loopback", action="store_const", const=True, help="let the crawler reach this machine (demo and tests only)"
    )
    imports = add("import", "captures from elsewhere into raw/: WARC, WET, HTML, text, folders of them")
    imports.add_argument("paths", nargs="+", metavar="PATH")
    imports.add_argument("--url", help="address of the page (one HTML or text file only)")
    imports.add_argument(
        "--fetched-at", metavar="TIME", help="time of capture, ISO 8601 with offset, e.g. 2026-09-01T12:00:00Z"
    )
    check = add("check-archive", "look for damage in raw/")
    check.add_argument("--repair", action="store_true", help="cut damaged files back to the last whole record and index anew")
    extract = add("extract", "raw/ to extracted/: what the pages say, as published")
    _engine_options(extract)
    build = add("build", "extracted/ to a checked snapshot in datasets/")
    build.add_argument("--accept", metavar="REASON", help="publish in spite of missed expectations; the reason is recorded")
    _snapshot_commands(add)
    add("report", "write report.html of the latest snapshot anew")
    add("sources", "the sources there are and what they claim")
    dictionary = add("dictionary", "the data dictionary, of all tables or one")
    dictionary.add_argument("table", nargs="?", metavar="TABLE")
    dictionary.add_argument("--write", action="store_true", help="write docs/DATA_DICTIONARY.md")
    why = add("why", "what the crawler did with an address, and on what evidence")
    why.add_argument("url", metavar="URL")
    trace = add("trace", "a value back to its raw text and the archived bytes it was read from")
    trace.add_argument("table", metavar="TABLE")
    trace.add_argument("record_id", metavar="RECORD_ID", help="key of the row; parts of a compound key joined by /")
    trace.add_argument("column", nargs="?", metavar="COLUMN", help="one column (default: all that are not null)")
    trace.add_argument("--snapshot", metavar="ID", help="a snapshot other than the latest")
    trace.add_argument("--open", action="store_true", help="write the archived page to a temporary file")
    registers = add("registers", "the territorial registers in use; with update, a newer official file laid over them")
    registers.add_argument("action", nargs="?", choices=("update",), help="update: take the newer TERC or KATOTTH file FILE")
    registers.add_argument("file", nargs="?", metavar="FILE")
    registers.add_argument("--on", metavar="DATE", help="reference date of a file that states none, e.g. 2026-01-01")
    add("status", "what raw/, extracted/ and datasets/ hold")
    return parser


def _snapshot_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    diff = add("diff", "what differs between two snapshots, cell by cell and by cause")
    diff.add_argument("before", metavar="A", help="id of a snapshot, latest, or a folder")
    diff.add_argument("after", metavar="B", nargs="?", default="latest", help="the same (default: latest)")
    reproduce = add("reproduce", "make a snapshot once more from the raw files its package lists, and compare bytes")
    reproduce.add_argument("snapshot", metavar="SNAPSHOT", nargs="?", default="latest", help="id, latest, or a folder")
    _engine_options(reproduce)
    prune = add("prune", "remove old snapshots; never the latest, never one that a kept one names as its previous")
    prune.add_argument("--keep", type=int, required=True, metavar="N", help="how many of the newest stay (1 or more)")
    prune.add_argument("--dry-run", action="store_true", help="say what would be removed, remove nothing")


def _engine_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", choices=("serial", "processes"), help="where pages are parsed (default: processes)")
    parser.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one a processor)")
