"""Commands for whoever adds a source, and for the shell."""

from __future__ import annotations

import argparse

from pipeline.commands.common import Command, next_step, settings_of
from pipeline.outcome import Outcome, shown

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")


def _new_source(options: argparse.Namespace) -> Outcome:
    """The files of a new source."""
    from pipeline.scaffold.create import created_source

    paths = created_source(options.name, settings_of(options).sources_dir)
    lines = [f"wrote {shown(path)}" for path in paths]
    lines.append("Fill in what is marked FILL; until then the program says what is left and does nothing else.")
    step = next_step(
        options, f"check-source {options.name}", "says what is left to fill in, then whether the pages are read right"
    )
    return Outcome({"written": [str(path) for path in paths]}, "\n".join(lines), next_steps=(step,))


def _check_source(options: argparse.Namespace) -> Outcome:
    """A source held against its saved pages."""
    from pipeline.scaffold.cases import checked_source

    checked = checked_source(options.name, settings_of(options).sources_dir)
    summary = f"{options.name}: {len(checked.cases)} saved pages, {len(checked.problems)} things to mend"
    data = {"source": options.name, "cases": checked.cases, "problems": checked.problems}
    if checked.problems:
        return Outcome(data, "\n".join([*checked.problems, summary]), 1)
    step = next_step(
        options, "import PATH", "takes saved pages of the source into raw/; or `praktyki crawl`, with [crawl] in its TOML"
    )
    return Outcome(data, summary, next_steps=(step,))


def _completion(options: argparse.Namespace) -> Outcome:
    """The completion script of a shell."""
    import shtab

    from pipeline.commands.parser import parser, path_arguments

    top = parser()
    for action, is_folder in path_arguments(top):
        action.complete = shtab.DIRECTORY if is_folder else shtab.FILE  # type: ignore[attr-defined]  # shtab reads what argparse has no field for
    script = shtab.complete(top, options.shell)
    return Outcome({"shell": options.shell, "script": script}, script)


def _source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="small letters, digits and underscores, e.g. example_town")


def _completion_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS)


TITLE = "Extend"
COMMANDS = (
    Command("new-source", "make the files of a new source, to be filled in", _new_source, _source_arguments),
    Command("check-source", "hold a source against its saved pages", _check_source, _source_arguments),
    Command("completion", "print a shell's completion script", _completion, _completion_arguments),
)
