"""What a command answers, and how it names a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Outcome(NamedTuple):
    """What a command answers: for machines, for people, and its exit code.

    ``is_printed``: it has put its answer out itself. ``next_steps``: commands worth running next, each with a word on why.
    """

    data: Mapping[str, Any]
    text: str
    exit_code: int = 0
    is_printed: bool = False
    next_steps: Sequence[str] = ()


_addresses: dict[str, str] = {}


def name_folder(folder: Path, address: str) -> None:
    """Lets everything that is printed from now on name an address where it would name the working copy of it."""
    _addresses[str(folder)] = _addresses[str(folder.resolve())] = address


def addressed(text: str) -> str:
    """A message with addresses in place of the folders that hold working copies."""
    for folder, address in _addresses.items():
        text = text.replace(folder, address)
    return text


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    if addressed(str(path)) != str(path):
        return addressed(str(path))
    try:
        return str(path.resolve().relative_to(path.cwd()))
    except ValueError:
        return str(path)
