"""The command line: ``praktyki COMMAND``. Exit codes are those of `pipeline.errors`; 0 is fine, 130 an interrupt.

The imports of a stage stand inside the functions of `pipeline.commands`, so that ``--help`` and wrong usage answer at once.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.collecting import leave_uncollected, rarely_collected
from pipeline.commands.common import ran, say_of
from pipeline.commands.parser import WrongUsage, command_of, parser, top_parser
from pipeline.errors import PraktykiError, UsageError
from pipeline.interrupts import end_on_request, settling
from pipeline.outcome import addressed
from pipeline.terminal.plain import inert
from pipeline.terminal.streams import answer, let_go, mention, silence, stand_ready

if TYPE_CHECKING:
    from pipeline.outcome import Outcome

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. Errors are one line on stderr, a traceback only with ``--debug``.

    With ``--json`` stdout holds one JSON object, whatever happens. Raises SystemExit as argparse does: 0 for ``--help``, 2
    for wrong usage.
    """
    stand_ready()
    words = sys.argv[1:] if argv is None else argv
    try:
        options = (top_parser() if words[:1] == ["--help"] else parser()).parse_args(words)
    except WrongUsage as wrong:
        _say_error(str(wrong), UsageError.exit_code, as_json="--json" in words, usage=wrong.usage)
        raise SystemExit(UsageError.exit_code) from None
    except SystemExit:
        _end_help()
        raise
    from pipeline.terminal.progress import progress_shown

    try:
        with settling(), rarely_collected(), progress_shown(say_of(options), is_quiet=options.quiet):
            outcome = ran(command_of(options), options)
        return _answered(outcome, options)
    except BrokenPipeError:
        silence()
        return 1
    except KeyboardInterrupt:
        return _interrupted(as_json=options.json)
    except PraktykiError as error:
        return _failed(options, error, str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last resort: one line for people, the traceback on request
        return _failed(
            options, error, f"internal error: {type(error).__name__}: {error}; run again with --debug and report it", 1
        )


def program() -> int:
    """`main` for a process that does nothing else and ends with it."""
    end_on_request()
    try:
        with settling():
            return main()
    except KeyboardInterrupt:  # before the command began, or after it
        return _interrupted(as_json="--json" in sys.argv)
    finally:
        let_go()
        leave_uncollected()


def _interrupted(*, as_json: bool) -> int:
    if as_json:
        _mention_json_error("interrupted", _INTERRUPTED)
    mention("praktyki: interrupted; what was finished is kept", on_stderr=True)
    return _INTERRUPTED


def _end_help() -> None:
    """Has all of the help printed; it is an answer as others are."""
    try:
        answer([])
    except BrokenPipeError:
        return
    except PraktykiError as error:
        _say_error(str(error), error.exit_code, as_json=False)
        raise SystemExit(error.exit_code) from None


def _failed(options: argparse.Namespace, error: BaseException, message: str, exit_code: int) -> int:
    if options.debug:
        import traceback

        traceback.print_exception(error)
    _say_error(message, exit_code, as_json=options.json)
    return exit_code


def _say_error(message: str, exit_code: int, *, as_json: bool, usage: str = "") -> None:
    line = " ".join(addressed(message).split())
    if as_json:
        _mention_json_error(line, exit_code)
    mention(f"{usage}praktyki: error: {inert(line)}", on_stderr=True)


def _mention_json_error(line: str, exit_code: int) -> None:
    import json

    mention(json.dumps({"error": line, "exit_code": exit_code}, ensure_ascii=False))


def _answered(outcome: Outcome, options: argparse.Namespace) -> int:
    """Prints the answer; the exit code, which is the command's own where the reader did not wait for the end of it."""
    text = ""
    if not outcome.is_printed:
        text = inert(addressed(outcome.text))
        if options.json:
            import json

            text = addressed(json.dumps(outcome.data, ensure_ascii=False, indent=2, default=str))
        elif outcome.next_steps and not options.quiet:
            text += "\n\nNext:\n" + "\n".join(f"  {line}" for line in outcome.next_steps)
    with contextlib.suppress(BrokenPipeError):
        answer([f"{text}\n"] if text else [])
    return outcome.exit_code
