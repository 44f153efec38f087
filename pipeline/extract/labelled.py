"""Labelled fields: lines like ``Powiat:  jarociński`` with their further lines, every label accounted for.

The text renderings of the Metryka print ``label:<nbsp><nbsp> value``; further lines of the same value begin with a no-break
space and carry no label. A table prints label and value in two cells, a definition list on two lines. The same reading
serves all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.extract.lines import NBSP, Line
from pipeline.records import LabelledValue, LabelStatus

StatusOf = Callable[[str], tuple[LabelStatus, str | None]]

_AROUND = f" {NBSP}\t:"
_WIDE_GAP = re.compile(rf"[ {NBSP}]*{NBSP}[ {NBSP}]+")
# A label nobody listed is told by its shape: it begins with a capital and has few words and no sentence in it.
_UNKNOWN_SHAPE = re.compile(r"[^\W\d_][^:\n\t!?;]{1,58}")
_SENTENCE_END = re.compile(r"\.\s+[^\W\d_]")
_MOST_WORDS = 8
_LEAST_STACKED = 3


class _Candidate(NamedTuple):
    """What may be a label. ``is_marked``: parted from its value as only labels are, by a cell or by no-break spaces."""

    label: str
    rest: str
    is_marked: bool
    has_colon: bool


def labelled_values(
    lines: Sequence[Line],
    status_of: StatusOf,
    *,
    is_sub_label: Callable[[str], bool] = lambda _: False,
    compound: Collection[str] = (),
    is_open: bool = False,
) -> tuple[list[str], list[LabelledValue]]:
    """Text before the first label, and the labels in order with their lines.

    ``status_of(label)`` says whether a label is mapped (and to which column), ignored or unknown. ``compound`` names the
    columns whose values carry labels of their own (a contact's ``tel.``, ``e-mail``); those for which ``is_sub_label``
    holds stay there unless they are printed as the page prints its labels and fill a column not seen before. With
    ``is_open`` the lines are known to be labelled from the first on, so an unknown label may be the first.
    Lines of a value are trimmed; a blank line inside a value is kept as ``""``, at its ends dropped.
    """
    lines = _without_rendered_blanks(lines)
    before: list[str] = []
    values: list[tuple[str, str | None, list[str]]] = []
    stacked = _stacked_labels(lines, status_of)
    for position, line in enumerate(lines):
        current = values[-1] if values else None
        candidate = _stacked_label(line, position, stacked, current) or _candidate(line, status_of)
        if candidate is not None and _is_label(
            candidate,
            line,
            status_of,
            is_sub_label,
            within=(current[1] in compound) if current else False,
            seen={column for _, column, _ in values if column is not None},
            inside=is_open or current is not None,
        ):
            values.append((candidate.label, status_of(candidate.label)[1], [candidate.rest] if candidate.rest else []))
        elif current is not None:
            current[2].append(line.bare.replace("\t", " "))
        else:
            before.append(line.text)
    found = []
    for label, column, texts in values:
        found.append(LabelledValue(label=label, lines=_trimmed(texts), status=status_of(label)[0], column=column))
    return before, found


def known_label(line: Line, status_of: StatusOf) -> str | None:
    """The label the line begins with, when it is a listed one followed by a colon or a gap; else None."""
    candidate = _candidate(line, status_of)
    if candidate is None or status_of(candidate.label)[0] == "unknown":
        return None
    return candidate.label


def _candidate(line: Line, status_of: StatusOf) -> _Candidate | None:
    bare = line.bare
    cell, parted, rest = bare.partition("\t")
    if parted and ":" not in cell.rstrip(_AROUND):
        return _Candidate(cell.strip(_AROUND), rest.strip(f" {NBSP}\t"), is_marked=True, has_colon=cell.rstrip().endswith(":"))
    label, colon, rest = bare.partition(":")
    if colon and not rest.startswith("//"):
        return _Candidate(label.strip(_AROUND), rest.strip(_AROUND), rest.startswith((NBSP, f" {NBSP}")), has_colon=True)
    gap = _WIDE_GAP.search(bare)
    if gap is not None and status_of(bare[: gap.start()])[0] != "unknown":
        return _Candidate(bare[: gap.start()], bare[gap.end() :].strip(), is_marked=True, has_colon=False)
    return None


def _is_label(
    candidate: _Candidate,
    line: Line,
    status_of: StatusOf,
    is_sub_label: Callable[[str], bool],
    *,
    within: bool,
    seen: Collection[str],
    inside: bool,
) -> bool:
    status, column = status_of(candidate.label)
    at_left_edge = not line.text.startswith((NBSP, " ", "\t")) and not line.inner
    if within:
        # A contact's own "tel.", "adres" or "koordynator" must not end the contacts: a person's name would leave them.
        if not at_left_edge:
            return False
        if status == "unknown":
            return candidate.is_marked and not is_sub_label(candidate.label) and _has_label_shape(candidate.label)
        if is_sub_label(candidate.label):
            return candidate.is_marked and column not in seen
        return candidate.is_marked or column not in seen
    if status != "unknown":
        return True
    if is_sub_label(candidate.label) or not at_left_edge or not _has_label_shape(candidate.label):
        return False
    return inside or candidate.is_marked


def _has_label_shape(label: str) -> bool:
    return (
        _UNKNOWN_SHAPE.fullmatch(label) is not None
        and label[0].isupper()
        and len(label.split()) <= _MOST_WORDS
        and not label[-1].isdigit()  # a clock time or a ratio: 12:30
        and _SENTENCE_END.search(label) is None
    )


def _stacked_labels(lines: Sequence[Line], status_of: StatusOf) -> dict[int, str]:
    """Positions of lines that are nothing but a listed label, without a colon: a definition list prints them so."""
    alone = {
        position: line.bare
        for position, line in enumerate(lines)
        if line.bare and not line.bare.endswith(":") and status_of(line.bare)[0] != "unknown"
    }
    return alone if len(alone) >= _LEAST_STACKED else {}


def _stacked_label(
    line: Line, position: int, stacked: dict[int, str], current: tuple[str, str | None, list[str]] | None
) -> _Candidate | None:
    if position not in stacked:
        return None
    if current is not None and not current[2]:
        # "Typ jednostki / powiat / … / Powiat / jarociński": the first of the two is a value.
        again = any(later > position and text.casefold() == line.bare.casefold() for later, text in stacked.items())
        if again:
            return None
    return _Candidate(line.bare, "", is_marked=True, has_colon=False)


def _without_rendered_blanks(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines, without the blank line after each of them that some renderings put in; two in a row become one."""
    if any(not a.is_blank and not b.is_blank for a, b in pairwise(lines)) or len(lines) < 2 * _LEAST_STACKED:
        return lines
    return [line for place, line in enumerate(lines) if not line.is_blank or (place and lines[place - 1].is_blank)]


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
