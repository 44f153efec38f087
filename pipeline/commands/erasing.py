"""The command that forgets a person."""

from __future__ import annotations

import argparse
import os
import pwd
import sys
from typing import TextIO

from pipeline.commands import needs
from pipeline.commands.common import Command, engine_arguments, say_of, settings_of
from pipeline.errors import PartlyFailed, UsageError
from pipeline.outcome import Outcome


def _forget(options: argparse.Namespace) -> Outcome:
    """A person out of the data folder, and on the list of objections."""
    from pipeline.forgetting.run import SignedBy, forget, forgetting_plan
    from pipeline.forgetting.told import report_text

    settings = settings_of(options)
    terms = _lines(sys.stdin) if options.terms == ["-"] else options.terms
    if options.dry_run:
        report = forgetting_plan(settings, terms)
    else:
        report = forget(
            settings, terms, SignedBy(options.by or _user(), options.reason), say_of(options), hits_many=options.many
        )
    code = 1 if report.residues or report.trouble else PartlyFailed.exit_code if report.unread and not report.is_plan else 0
    return Outcome(report._asdict(), report_text(report), code)


def _lines(stream: TextIO) -> list[str]:
    lines = [line.strip() for line in stream if line.strip()]
    if not lines:
        raise UsageError("no term on standard input; write one a line")
    return lines


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


def _forget_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "terms",
        nargs="*",
        metavar="TERM",
        help="a name, e-mail address or number, each form of it apart; - reads them from standard input, one a line; none:"
        " everybody on the list of objections once more",
    )
    parser.add_argument("--by", metavar="NAME", help="who signs for it in the log (default: the user of this machine)")
    parser.add_argument("--reason", metavar="TEXT", help="why, for the log; do not name the person there")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, change nothing")
    parser.add_argument("--many", action="store_true", help="go on even when a twentieth of the archive, or more, holds a term")
    engine_arguments(parser)


TITLE = "Forget a person"
COMMANDS = (
    Command(
        "forget",
        "take a person out of raw/, extracted/ and datasets/, and keep the person out of later crawls and imports",
        _forget,
        _forget_arguments,
        needs.forget,
    ),
)
