"""The command line: ``praktyki COMMAND``. Exit codes are those of `pipeline.errors`; 0 is fine, 130 an interrupt.

The imports of a stage stand inside the functions of `pipeline.commands`, so that ``--help`` and wrong usage answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import textwrap
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Never

from pipeline import __version__
from pipeline.errors import PraktykiError, UsageError
from pipeline.terminal.plain import inert

if TYPE_CHECKING:
    from pipeline.commands.common import Command
    from pipeline.outcome import Outcome

_DESCRIPTION = "Web pages about good practices in local government\nas typed, traceable Parquet tables."
_NAME_WIDTH = 15
_HELP_WIDTH = 60
_INTERRUPTED = 130
_EPILOG = """\
Every command takes --data-dir DIR, --sources-dir DIR, --json, --quiet, --debug.
praktyki COMMAND --help tells the rest. First time here: praktyki demo

Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 refused by the
gate, 4 another run holds the lock, 5 finished, some inputs or sources failed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. Errors are one line on stderr, a traceback only with ``--debug``.

    With ``--json`` stdout holds one JSON object, whatever happens. Raises SystemExit as argparse does: 0 for ``--help``, 2
    for wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no reason to fail
    try:
        options = parser().parse_args(argv)
    except _WrongUsage as wrong:
        as_json = "--json" in (sys.argv[1:] if argv is None else argv)
        _say_error(str(wrong), UsageError.exit_code, as_json=as_json, usage=wrong.usage)
        raise SystemExit(UsageError.exit_code) from None
    try:
        outcome: Outcome = _commands()[options.command].run(options)
        _print(outcome, as_json=options.json)
        return outcome.exit_code
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        if options.json:
            _print_json_error("interrupted", _INTERRUPTED)
        print("praktyki: interrupted; what was finished is kept", file=sys.stderr)  # noqa: T201
        return _INTERRUPTED
    except PraktykiError as error:
        return _failed(options, error, str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last resort: one line for people, the traceback on request
        return _failed(
            options, error, f"internal error: {type(error).__name__}: {error}; run again with --debug and report it", 1
        )


class _WrongUsage(Exception):
    """What argparse has against the command line; ``usage`` is the line that says how it is meant."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    """Raises _WrongUsage where argparse would print and leave."""

    def error(self, message: str) -> Never:
        raise _WrongUsage(message, self.format_usage())


class _TopParser(_Parser):
    """Lists the commands by kind."""

    def format_help(self) -> str:
        from pipeline.commands import KINDS

        lines = [self.format_usage(), _DESCRIPTION]
        for kind in KINDS:
            lines += ["", f"{kind.TITLE}:"]
            for command in kind.COMMANDS:
                first, *more = textwrap.wrap(command.help, _HELP_WIDTH, break_on_hyphens=False)
                lines += [f"    {command.name:<{_NAME_WIDTH}} {first}", *(f"    {'':<{_NAME_WIDTH}} {line}" for line in more)]
        return "\n".join([*lines, "", _EPILOG, ""])


def _failed(options: argparse.Namespace, error: BaseException, message: str, exit_code: int) -> int:
    if options.debug:
        traceback.print_exception(error)
    _say_error(message, exit_code, as_json=options.json)
    return exit_code


def _say_error(message: str, exit_code: int, *, as_json: bool, usage: str = "") -> None:
    line = " ".join(message.split())
    if as_json:
        _print_json_error(line, exit_code)
    print(f"{usage}praktyki: error: {inert(line)}", file=sys.stderr)  # noqa: T201


def _print_json_error(line: str, exit_code: int) -> None:
    print(json.dumps({"error": line, "exit_code": exit_code}, ensure_ascii=False))  # noqa: T201


def _print(outcome: Outcome, *, as_json: bool) -> None:
    if not outcome.is_printed:
        text = json.dumps(outcome.data, ensure_ascii=False, indent=2, default=str) if as_json else inert(outcome.text)
        if text:
            print(text)  # noqa: T201
    sys.stdout.flush()


def _commands() -> dict[str, Command]:
    from pipeline.commands import commands

    return {command.name: command for command in commands()}


def parser() -> argparse.ArgumentParser:
    """The parser of every command, for the command line and for what is derived from it (completion, checks of the docs)."""
    common = _Parser(add_help=False)
    common.add_argument(
        "--data-dir", metavar="DIR", help="folder that holds raw/, extracted/, datasets/ (default: the project)"
    )
    common.add_argument("--sources-dir", metavar="DIR", help="further sources: a folder of <source>.toml and <source>.py")
    common.add_argument("--json", action="store_true", help="print one JSON object for machines")
    common.add_argument("--quiet", action="store_true", help="print results and errors only")
    common.add_argument("--debug", action="store_true", help="print the traceback of an error")

    top = _TopParser(prog="praktyki", usage="praktyki [--help] [--version] COMMAND …", allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"praktyki {__version__}")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for command in _commands().values():
        text = f"{command.help[0].upper()}{command.help[1:]}."
        command.arguments(
            subparsers.add_parser(command.name, parents=[common], help=command.help, description=text, allow_abbrev=False)
        )
    return top
