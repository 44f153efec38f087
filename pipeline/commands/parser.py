"""The parser of the command line: every command by its kind, the options all of them take, and help that fits a terminal."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from typing import Never

from pipeline import __version__
from pipeline.commands import KINDS, commands
from pipeline.commands.common import Command

_DESCRIPTION = "Web pages about good practices in local government\nas typed, traceable Parquet tables."
_NAME_WIDTH = 15
_HELP_WIDTH = 60
_EPILOG = """\
Every command takes --data-dir DIR, --sources-dir DIR, --json, --quiet, --debug.
praktyki COMMAND --help tells the rest. First time here: praktyki demo

Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 refused by the
gate, 4 another run holds the lock, 5 finished, some inputs or sources failed."""


class WrongUsage(Exception):
    """What argparse has against the command line; ``usage`` is the line that says how it is meant."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    """Raises WrongUsage where argparse would print and leave."""

    def error(self, message: str) -> Never:
        raise WrongUsage(message, self.format_usage())


class _TopParser(_Parser):
    """Lists the commands by kind."""

    def format_help(self) -> str:
        lines = [self.format_usage(), _DESCRIPTION]
        for kind in KINDS:
            lines += ["", f"{kind.TITLE}:"]
            for command in kind.COMMANDS:
                first, *more = textwrap.wrap(command.help, _HELP_WIDTH, break_on_hyphens=False)
                lines += [f"    {command.name:<{_NAME_WIDTH}} {first}", *(f"    {'':<{_NAME_WIDTH}} {line}" for line in more)]
        return "\n".join([*lines, "", _EPILOG, ""])


def top_parser() -> argparse.ArgumentParser:
    """The parser of what may stand in place of a command; its help lists the commands and does without their parsers."""
    top = _TopParser(
        prog="praktyki",
        usage="praktyki [--help] [--version] COMMAND …",
        allow_abbrev=False,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=80),  # asking for the terminal's width imports shutil
    )
    top.add_argument("--version", action="version", version=f"praktyki {__version__}")
    return top


def parser() -> argparse.ArgumentParser:
    """The parser of every command, for the command line and for what is derived from it (completion, checks of the docs)."""
    common = _Parser(add_help=False)
    common.add_argument(
        "--data-dir",
        metavar="DIR",
        help="folder or s3://bucket/prefix that holds raw/, extracted/, datasets/ (default: the project)",
    )
    for stage in ("raw", "extracted", "datasets"):
        common.add_argument(f"--{stage}-dir", metavar="DIR", help=f"{stage}/ elsewhere: a folder or s3://bucket/prefix")
    common.add_argument("--cache-dir", metavar="DIR", help="where working copies of s3:// lie (default: ~/.cache/praktyki)")
    common.add_argument("--sources-dir", metavar="DIR", help="further sources: a folder of <source>.toml and <source>.py")
    common.add_argument("--json", action="store_true", help="print one JSON object for machines")
    common.add_argument("--quiet", action="store_true", help="print results and errors only")
    common.add_argument("--debug", action="store_true", help="print the traceback of an error")

    top = top_parser()
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True, prog="praktyki", parser_class=_Parser)
    for command in commands():
        text = f"{command.help[0].upper()}{command.help[1:]}."
        command.arguments(
            subparsers.add_parser(command.name, parents=[common], help=command.help, description=text, allow_abbrev=False)
        )
    return top


def command_of(options: argparse.Namespace) -> Command:
    """The command that was given."""
    return next(command for command in commands() if command.name == options.command)


def path_arguments(top: argparse.ArgumentParser) -> Iterator[tuple[argparse.Action, bool]]:
    """Every argument that is a path, by the name it has in the help, and whether a folder is meant."""
    (subparsers,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001 - no public way
    for parser in subparsers.choices.values():
        for action in parser._actions:  # noqa: SLF001 - the same
            if action.metavar in ("DIR", "FILE", "PATH"):
                yield action, action.metavar == "DIR"
