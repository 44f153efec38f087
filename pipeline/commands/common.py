"""What every command is made of: its name, help, options and function; settings and messages from the options given."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipeline.config import Settings, settings_from
from pipeline.outcome import Outcome, shown
from pipeline.terminal.plain import inert


class Command(NamedTuple):
    """One command of the command line. ``arguments`` adds its own options to the parser, ``run`` does the work.

    Imports of a stage stand inside ``run``, so that ``--help`` and wrong usage answer at once.
    """

    name: str
    help: str
    run: Callable[[argparse.Namespace], Outcome]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _parser: None


def engine_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of every command that parses pages."""
    parser.add_argument("--engine", choices=("serial", "processes"), help="where pages are parsed (default: processes)")
    parser.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one a processor)")


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of the run. Raises ConfigError."""
    names = ("data_dir", "sources_dir", "engine", "workers", "allow_loopback")
    return settings_from({name: getattr(options, name, None) for name in names})


def program() -> str:
    """How the program was called: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    return shown(called) if called.name == "praktyki" and shutil.which("praktyki") is None else "praktyki"


def next_step(options: argparse.Namespace, command: str, reason: str) -> str:
    """A command to run next on the same data, and why: ``praktyki build --data-dir my-data   makes …``."""
    for name in ("data_dir", "sources_dir"):
        value = getattr(options, name, None)
        if value is not None:
            command += f" --{name.replace('_', '-')} {shlex.quote(value)}"
    return f"{program()} {command}\n      {reason}"


def say_of(options: argparse.Namespace) -> Callable[[str], None]:
    """What prints a message: on stdout, on stderr where stdout carries JSON, nowhere with ``--quiet``."""

    def say(line: str) -> None:
        if not options.quiet:
            print(inert(line), file=sys.stderr if options.json else sys.stdout, flush=True)

    return say
