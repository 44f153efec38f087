"""Tasks for the tests of engines, in a module that worker processes can import."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path


def squared(number: int) -> int:
    return number * number


def dies_on_thirteen(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def dies_twice_on_two(folder_and_number: tuple[str, int]) -> int:
    """Two workers die of it, the third does not."""
    folder, number = folder_and_number
    if number == 2:
        for death in ("first", "second"):
            with contextlib.suppress(FileExistsError):
                (Path(folder) / death).touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
    return number


def fails_on_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def has_loaded(module: str) -> bool:
    return module in sys.modules


def lost(_task: object) -> int:
    return -1
