"""What a command answers, and how it names a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """What a command answers: for machines, for people, and its exit code.

    ``is_printed``: it has put its answer out itself. ``next_steps``: commands worth running next, each with a word on why.
    """

    data: Mapping[str, Any]
    text: str
    exit_code: int = 0
    is_printed: bool = False
    next_steps: Sequence[str] = ()


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
