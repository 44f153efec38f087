"""Standard output and error, which may be closed, full, or a pipe whose reader has left."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from pipeline.errors import PraktykiError


def stand_ready() -> None:
    """Gives the process the standard streams it was started without, leading nowhere, and lets every letter be printed.

    Without one, the first file that is opened would take its number, and what a library prints would end up in that file.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # lives as long as the process
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no reason to fail


def mention(line: str, *, on_stderr: bool = False) -> None:
    """Prints a message on the way. One that nobody can take any more is lost: it is no reason to stop the work."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr if on_stderr else sys.stdout, flush=True)


def answer(pieces: Iterable[str]) -> None:
    """Prints what a command was asked for.

    Raises BrokenPipeError when the reader has left, and PraktykiError when standard output cannot take it, a full disk say.
    """
    try:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
        raise
    except OSError as error:
        silence()
        raise PraktykiError(
            f"standard output: {error.strerror}; the answer is not whole, free some space or print it elsewhere and run again"
        ) from error


def silence() -> None:
    """Leads standard output nowhere from now on: what is still held back would fail once more when the process ends."""
    _lead_nowhere(sys.stdout)


def let_go() -> None:
    """Readies the streams for the end of the process: messages that nobody could take would make its exit code Python's 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _lead_nowhere(stream)


def _lead_nowhere(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
