"""Labels that nobody listed on pages which print a label on one line and its value on the next, without a colon.

Such a page is known by its listed labels. One that is not listed looks like a further line of the value above it; it is told
where that value, of a column that holds no words on a line of their own, has just as many lines as pairs would make.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline.extract.lines import Line
from pipeline.records import LabelledValue

_LEAST_ALONE = 3  # listed labels on lines of their own
_LABEL = re.compile(r"(?=.{3,60}$)[^\W\d_a-ząćęłńóśźż][^\W\d_]*(?:[ /-]+\(?[^\W\d_]+\)?){0,5}")
_ADDRESSES = frozenset(("phones", "faxes", "emails", "websites"))


def with_pairs_apart(labels: Sequence[LabelledValue], lines: Sequence[Line], single: Collection[str]) -> list[LabelledValue]:
    """The labels; what the value of a column of ``single``, or of addresses, has in pairs below it are labels nobody listed."""
    written = {line.bare for line in lines}
    alone = {label.label for label in labels if label.column is not None and label.label in written}
    if len(alone) < _LEAST_ALONE:
        return list(labels)
    return [piece for label in labels for piece in (_pairs(label, single) if label.label in alone else [label])]


def _pairs(label: LabelledValue, single: Collection[str]) -> Iterator[LabelledValue]:
    lines = label.lines
    names = lines[1::2]
    is_one = label.column in single or label.column in _ADDRESSES
    if not is_one or len(lines) < 3 or len(lines) % 2 == 0 or "" in lines or not all(map(_LABEL.fullmatch, names)):
        yield label
        return
    yield LabelledValue(label=label.label, lines=lines[:1], status=label.status, column=label.column)
    for name, value in zip(names, lines[2::2], strict=True):
        yield LabelledValue(label=name, lines=[value], status="unknown")
