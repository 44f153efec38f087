"""The command line: ``praktyki COMMAND``. Exit codes are those of `pipeline.errors`; 0 is fine, 130 an interrupt.

The imports of a stage stand inside the functions of `pipeline.commands`, so that ``--help`` and wrong usage answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.errors import PraktykiError

if TYPE_CHECKING:
    from pipeline.commands.common import Command
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
        outcome: Outcome = _commands()[options.command].run(options)
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


def _commands() -> dict[str, Command]:
    from pipeline.commands import commands

    return {command.name: command for command in commands()}


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
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, help_text: str) -> argparse.ArgumentParser:
        return subparsers.add_parser(
            name, parents=[common], help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}."
        )

    for command in _commands().values():
        command.arguments(add(command.name, command.help))
    return parser
