"""Labels of a place whose value names something else: a powiat, a voivodeship, a union of units or an office is no locality."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.normalise.text import one_line, says_nothing
from pipeline.records import LabelledValue

_NAMED = {
    "powiat": re.compile(r"(?:powiat|pow\.)\s+\w", re.IGNORECASE),
    "voivodeship": re.compile(r"(?:(?:samorząd\s+)?województw[oa]|woj\.)\s+\w", re.IGNORECASE),
    # A union of communes has no column of its own: it is the institution that acts.
    "implementing_unit": re.compile(
        r"(?:(?:(?:między|miedzy)gminny|komunalny|celowy)\s+)?związek\s+(?:między|miedzy|gmin|komunaln|miast|powiat|celow|samorząd|jst)"
        r"|(?:między|miedzy)gminny\s+związek\s+\w|(?:urząd|starostwo)\s+\w",
        re.IGNORECASE,
    ),
}
"""What the text begins with, by the column such a text belongs to."""


def column_of_unit(text: str) -> str | None:
    """The column that a printed unit belongs to where it is no locality: "Powiat Krotoszyński" → ``powiat``; else None."""
    plain = one_line(text)
    return next((column for column, pattern in _NAMED.items() if pattern.match(plain) is not None), None)


def with_units_in_place(labels: Sequence[LabelledValue], of_places: Collection[str]) -> list[LabelledValue]:
    """The labels, those of the columns ``of_places`` that name another kind of unit mapped to its column.

    Where another label fills that column, the value is ignored when it says the same, and unknown when it does not.
    """
    return [_in_place(label, labels) if label.column in of_places else label for label in labels]


def _in_place(label: LabelledValue, labels: Sequence[LabelledValue]) -> LabelledValue:
    text = " ".join(label.lines)
    column = column_of_unit(text)
    if column is None:
        return label
    rivals = (" ".join(other.lines) for other in labels if other.column == column)
    rival = next((other for other in rivals if not says_nothing(other)), None)
    if rival is None:
        return LabelledValue(label=label.label, lines=label.lines, status="mapped", column=column)
    is_same = one_line(text).casefold().endswith(one_line(rival).casefold())
    return LabelledValue(label=label.label, lines=label.lines, status="ignored" if is_same else "unknown")
