"""Labelled fields: lines like ``Powiat:  jarociński`` with their further lines, every label accounted for.

The text renderings of the Metryka print ``label:<nbsp><nbsp> value``; further lines of the same value begin with a no-break
space and carry no label. A table prints label and value in two cells. The same reading serves both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipeline.extract.lines import NBSP, Line
from pipeline.records import LabelledValue, LabelStatus

# A label nobody listed is told by its shape: it begins with a capital, has at most eight words, no digit and no sentence,
# and stands at the left edge. An address (http://…) or a clock time is no label.
_LABEL_SHAPE = re.compile(r"(?P<label>[^\W\d_][^:\d\n\t.!?;]{1,58}?)[ \u00a0]*:(?P<value>(?!//).*)", re.DOTALL)
_MOST_WORDS = 8


def labelled_values(
    lines: Sequence[Line],
    status_of: Callable[[str], tuple[LabelStatus, str | None]],
    *,
    is_sub_label: Callable[[str], bool] = lambda label: False,
) -> tuple[list[str], list[LabelledValue]]:
    """Text before the first label, and the labels in order with their lines.

    ``status_of(label)`` says whether a label is mapped (and to which column), ignored or unknown. A label for which
    ``is_sub_label`` holds (``tel.``, ``e-mail`` inside a contact) stays part of the value it stands in.
    Lines of a value are trimmed; a blank line inside a value is kept as ``""``, at its ends dropped.
    """
    before: list[str] = []
    values: list[tuple[str, list[str]]] = []
    for line in lines:
        split = _label_and_value(line, status_of, is_sub_label, inside=bool(values))
        if split is not None:
            label, rest = split
            values.append((label, [rest] if rest else []))
        elif values:
            values[-1][1].append(line.bare.replace("\t", " "))
        else:
            before.append(line.text)
    found = []
    for label, texts in values:
        status, column = status_of(label)
        found.append(LabelledValue(label=label, lines=_trimmed(texts), status=status, column=column))
    return before, found


def _label_and_value(
    line: Line,
    status_of: Callable[[str], tuple[LabelStatus, str | None]],
    is_sub_label: Callable[[str], bool],
    *,
    inside: bool,
) -> tuple[str, str] | None:
    bare = line.bare
    label, parted, rest = bare.partition("\t")
    if parted and not label.rstrip(f" {NBSP}:").count(":"):
        candidate = label.rstrip(f" {NBSP}:")
        if status_of(candidate)[0] != "unknown" or label.rstrip().endswith(":"):
            return candidate, rest.strip(f" {NBSP}\t")
    match = _LABEL_SHAPE.fullmatch(bare)
    if match is None:
        return None
    label, rest = match["label"].strip(), match["value"].strip(f" {NBSP}\t")
    if is_sub_label(label):
        return None
    if status_of(label)[0] != "unknown":
        return label, rest
    at_left_edge = not line.text.startswith((NBSP, " ", "\t")) and not line.inner
    if not at_left_edge or not label[0].isupper() or len(label.split()) > _MOST_WORDS:
        return None
    return (label, rest) if inside or match["value"].startswith(NBSP) else None


def _trimmed(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    while texts and not texts[0]:
        texts.pop(0)
    folded: list[str] = []
    for text in texts:
        if text or (folded and folded[-1]):
            folded.append(text)
    return folded
