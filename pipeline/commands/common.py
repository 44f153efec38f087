"""What every command is made of: its name, help, options and function; settings and messages from the options given."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.outcome import Outcome, addressed, shown
from pipeline.terminal.plain import inert
from pipeline.terminal.streams import mention

if TYPE_CHECKING:
    from pipeline.config import Settings
    from pipeline.storage.rules import Need

PLACES = ("data_dir", "raw_dir", "extracted_dir", "datasets_dir", "cache_dir")


class Command(NamedTuple):
    """One command of the command line. ``arguments`` adds its own options to the parser, ``run`` does the work.

    ``needs``: what it reads and writes of the stages. A stage that is not named, or a command without needs, works on local
    folders only: where the stage lies at an address, asking for its folder is an error that says so.
    Imports of a stage stand inside ``run``, so that ``--help`` and wrong usage answer at once.
    """

    name: str
    help: str
    run: Callable[[argparse.Namespace], Outcome]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _parser: None
    needs: Callable[[argparse.Namespace], Sequence[Need]] = lambda _options: ()


def ran(command: Command, options: argparse.Namespace) -> Outcome:
    """What a command answers; its stages at addresses are working copies while it runs. Raises PraktykiError."""
    needs = command.needs(options)
    if not needs:
        return command.run(options)
    from pipeline.storage.stages import working_copies

    with working_copies(settings_of(options), needs, say_of(options)) as placed:
        return command.run(argparse.Namespace(**vars(options), placed=placed))


def engine_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of every command that hands work to other processes."""
    engines = ("serial", "processes", "dask")
    parser.add_argument("--engine", choices=engines, help="where the work is done (default: processes)")
    parser.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one a processor)")
    parser.add_argument("--scheduler", metavar="tcp://…", help="of a Dask cluster that runs; without it dask starts one here")


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings of the run, its stages in folders where the command says what it needs of them. Raises ConfigError."""
    from pipeline.config import settings_from

    placed: Settings | None = getattr(options, "placed", None)
    if placed is not None:
        return placed
    names = (*PLACES, "sources_dir", "engine", "workers", "scheduler", "allow_loopback", "crawl_workers")
    return settings_from({name: getattr(options, name, None) for name in names})


def program() -> str:
    """How the program was called: by its name where the shell finds it, else by its path."""
    import shutil
    from pathlib import Path

    called = Path(sys.argv[0])
    return shown(called) if called.name == "praktyki" and shutil.which("praktyki") is None else "praktyki"


def next_step(options: argparse.Namespace, command: str, reason: str) -> str:
    """A command to run next on the same data, and why: ``praktyki build --data-dir my-data   makes …``."""
    import shlex

    for name in (*PLACES, "sources_dir"):
        value = getattr(options, name, None)
        if value is not None:
            command += f" --{name.replace('_', '-')} {shlex.quote(value)}"
    return f"{program()} {command}\n      {reason}"


def say_of(options: argparse.Namespace) -> Callable[[str], None]:
    """What prints a message: on stdout, on stderr where stdout carries JSON, nowhere with ``--quiet``."""

    def say(line: str) -> None:
        if not options.quiet:
            mention(inert(addressed(line)), on_stderr=options.json)

    return say
