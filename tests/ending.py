"""Tells work that ends from work that does not: a guard against hanging, no measure of speed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SECONDS: Final = 120
"""What is tested ends in a second or two; done the wrong way it takes hours, on any machine."""


@contextmanager
def ending() -> Iterator[None]:
    """AssertionError when the work inside does not end. For the main thread."""

    def given_up(_signal: int, _frame: object) -> None:
        raise AssertionError(f"did not end within {_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, given_up)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
