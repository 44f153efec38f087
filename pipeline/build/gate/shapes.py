"""The shape of a short value: telephone, date of one form or another, number, plain text.

A column of streets in which telephones begin to stand keeps its type and its fill rate; only its shapes tell.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pyarrow as pa

from pipeline.normalise.masks import EMAIL_MASK, PHONE_MASK

TEXT: Final = "text"
LONGEST: Final = 200
"""Characters beyond which a value is prose, whose shape says nothing."""

_SHAPES = (
    ("masked e-mail", re.compile(rf"(?:{re.escape(EMAIL_MASK)}[\s,;/]*)+")),
    ("masked telephone", re.compile(rf"(?:[\s,;/+()\d.-]*{re.escape(PHONE_MASK)}[\s,;/+()\d.-]*)+")),
    ("e-mail", re.compile(r"\S+@\S+")),
    ("web address", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("date, year first", re.compile(r"(?:1[89]|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:\D.*)?")),
    ("date, year last", re.compile(r"\d{1,2}[-./]\s?\d{1,2}[-./]\s?\d{4}(?:\D.*)?")),
    ("date in words", re.compile(r"\d{1,2}\.?\s[^\W\d_]{3,}\s\d{4}.{0,3}")),
    ("postal code", re.compile(r"\d{2}-\d{3}(?:\D.*)?|\d{5}(?:\s\D.*)?")),
    ("telephone", re.compile(r"(?:tel\S*\s?)?[+(]*\d[\d\s()/.,;-]{6,}(?:(?:;ext=|w\S*\s?)\d+)?", re.IGNORECASE)),
    ("number", re.compile(r"[\d\s.,]+")),
)


def shape_of(value: str) -> str:
    """The shape of one value."""
    value = value.strip()
    if len(value) > LONGEST:
        return TEXT
    return next((name for name, pattern in _SHAPES if pattern.fullmatch(value)), TEXT)


class ShapeTally:
    """Counts the shapes of a column's values, which come some at a time.

    ``values``: how many there are; ``counts``: shape → how many of them; ``first``: shape → row of the first.
    """

    def __init__(self) -> None:
        self.values = self._length = self._row = 0
        self.counts: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def add(self, column: pa.Array) -> None:
        """Takes values: texts, or lists of texts, which are told by what stands in them side by side."""
        for value in column.to_pylist():
            if value:
                told = ", ".join(value) if isinstance(value, list) else value
                shape = shape_of(told)
                self.values += 1
                self._length += len(told)
                self.counts[shape] += 1
                self.first.setdefault(shape, self._row)
            self._row += 1

    def share(self, shape: str) -> float:
        """The share of a shape among the values."""
        return self.counts[shape] / self.values

    @property
    def is_prose(self) -> bool:
        """Whether the values are too long to have a shape."""
        return bool(self.values) and self._length / self.values > LONGEST
