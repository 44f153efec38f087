"""Tasks for the tests of engines, in a module that worker processes can import."""

from __future__ import annotations

import os
import signal
import sys


def squared(number: int) -> int:
    return number * number


def dies_on_thirteen(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def fails_on_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def has_loaded(module: str) -> bool:
    return module in sys.modules


def lost(_task: object) -> int:
    return -1
