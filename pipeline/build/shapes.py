"""The shape of a short value: telephone, date of one form or another, number, plain text.

A column of streets in which telephones begin to stand keeps its type and its fill rate; only its shapes tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

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


def shape_shares(values: Iterable[str]) -> dict[str, float]:
    """Shape → share of the values; empty without values."""
    counts = Counter(shape_of(value) for value in values)
    return {shape: count / counts.total() for shape, count in sorted(counts.items())}
