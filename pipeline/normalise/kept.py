"""What a function yields of short texts that come again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class Kept(dict[str, Value]):
    """What ``made`` yields of a text, by the text; nothing is kept of texts longer than ``longest`` characters.

    When it holds ``most`` texts it is emptied. Asked by ``map(kept.__getitem__, texts)`` a known text costs half of what
    `functools.lru_cache` takes, which keeps the order of its calls.
    """

    def __init__(self, made: Callable[[str], Value], most: int, longest: int) -> None:
        super().__init__()
        self._made = made
        self._most = most
        self._longest = longest

    def __missing__(self, text: str) -> Value:
        value = self._made(text)
        if len(text) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[text] = value
        return value
