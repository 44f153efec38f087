"""Tells work that ends from work that does not: a guard against hanging, no measure of speed.

`tests/test_patience.py` has every wait of a test take its limit from here.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 900
"""Seconds. What is tested ends in a second or two; done the wrong way it takes hours, on any machine."""


def wait_for(condition: Callable[[], object]) -> None:
    """Returns once ``condition`` is true. AssertionError when it never becomes so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"did not come true within {PATIENCE} seconds"
        time.sleep(0.01)


@contextmanager
def ending() -> Iterator[None]:
    """AssertionError when the work inside does not end. For the main thread."""

    def given_up(_signal: int, _frame: object) -> None:
        raise AssertionError(f"did not end within {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, given_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
