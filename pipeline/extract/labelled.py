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
from pipeline.normalise.text import says_nothing
from pipeline.records import LabelledValue, LabelStatus

StatusOf = Callable[[str], tuple[LabelStatus, str | None]]

_OTHER_COLONS = "：∶ː꞉﹕"
_DASH = re.compile(r"(?<!\s)\s+[–—-]\s+(?=\S)")
_LEADERS = re.compile(r"(?<![\s.])\s*\.{4,}\s*")  # dots that lead from a label to its value
_AROUND = f" {NBSP}\t:{_OTHER_COLONS}"
_WIDE_GAP = re.compile(rf"[ {NBSP}]*{NBSP}[ {NBSP}]+")
# A label nobody listed is told by its shape: it begins with a capital and has few words and no sentence in it.
_UNKNOWN_SHAPE = re.compile(r"[^\W\d_][^:\n\t!?;]{1,58}")
_SENTENCE_END = re.compile(r"\.\s+[^\W\d_]")
_MOST_WORDS = 8
_LEAST_STACKED = 3
_LONGEST_LABEL = 80  # characters, the dash behind it included


class _Candidate(NamedTuple):
    """What may be a label. ``mark``: how it is parted from its value: by a cell, by no-break spaces, or plainly."""

    label: str
    rest: str
    mark: str = "plain"

    @property
    def is_marked(self) -> bool:
        """Whether it is parted from its value as only labels are."""
        return self.mark != "plain"


class _Value(NamedTuple):
    """A label taken, with the lines that follow. ``on_row``: its value began on its own line."""

    label: str
    column: str | None
    lines: list[str]
    on_row: bool


def labelled_values(
    lines: Sequence[Line],
    status_of: StatusOf,
    *,
    is_sub_label: Callable[[str], bool] = lambda _: False,
    compound: Collection[str] = (),
    is_compound: Callable[[str], bool] = lambda _: False,
    is_open: bool = False,
) -> tuple[list[str], list[LabelledValue]]:
    """Text before the first label, and the labels in order with their lines.

    ``status_of(label)`` says whether a label is mapped (and to which column), ignored or unknown. ``compound`` names the
    columns whose values carry labels of their own (a contact's ``tel.``, ``e-mail``), ``is_compound(label)`` tells unknown
    labels of that kind; those for which ``is_sub_label`` holds stay there unless they are printed as the page prints its
    labels and fill a column not seen before. With ``is_open`` the lines are known to be labelled from the first on, so an
    unknown label may be the first.
    Lines of a value are trimmed; a blank line inside a value is kept as ``""``, at its ends dropped.
    """
    lines = _without_rendered_blanks(lines)
    before: list[str] = []
    values: list[_Value] = []
    alone = _labels_alone(lines, status_of)
    for position, line in enumerate(lines):
        current = values[-1] if values else None
        candidate = _label_alone(line, position, alone, current) or _candidate(line, status_of)
        if candidate is not None and _is_label(
            candidate,
            line,
            status_of,
            is_sub_label,
            within=current if current and _holds_labels(current, compound, is_compound) else None,
            seen={value.column for value in values},
            inside=is_open or current is not None,
            after_unknown=current is not None and status_of(current.label)[0] == "unknown",
        ):
            first = [candidate.rest] if candidate.rest else []
            values.append(_Value(candidate.label, status_of(candidate.label)[1], first, bool(first)))
        elif current is not None:
            text = line.bare.replace("\t", " ")
            said = text.lstrip(_AROUND) if text[:1] in _AROUND else text  # a table may print the colon in a cell of its own
            if said or not text:
                current.lines.append(said)
        else:
            before.append(line.text)
    found = []
    for value in values:
        status = status_of(value.label)[0]
        found.append(LabelledValue(label=value.label, lines=_trimmed(value.lines), status=status, column=value.column))
    return before, found


def _holds_labels(value: _Value, compound: Collection[str], is_compound: Callable[[str], bool]) -> bool:
    return value.column in compound if value.column is not None else is_compound(value.label)


def known_label(line: Line, status_of: StatusOf) -> str | None:
    """The label the line begins with, when it is a listed one followed by a colon or a gap; else None."""
    candidate = _candidate(line, status_of)
    if candidate is None or status_of(candidate.label)[0] == "unknown":
        return None
    return candidate.label


def is_choice(line: Line, choices: Collection[str]) -> bool:
    """Whether what a search form offers (``choices``, in small letters) stands behind the label: "Powiat: wszystkie"."""
    return line.bare.partition(":")[2].strip(_AROUND + "-–—").casefold() in choices


def _candidate(line: Line, status_of: StatusOf) -> _Candidate | None:
    bare = line.bare
    cell, parted, rest = bare.partition("\t")
    if parted and ":" not in cell.rstrip(_AROUND):
        return _Candidate(cell.strip(_AROUND), rest.lstrip(_AROUND).rstrip(f" {NBSP}\t"), "cell")
    label, colon, rest = bare.partition(_first_colon(bare))
    if colon and not rest.startswith("//"):
        return _Candidate(label.strip(_AROUND), rest.strip(_AROUND), "gap" if rest.startswith((NBSP, f" {NBSP}")) else "plain")
    led = _LEADERS.search(bare) if "...." in bare else None
    if led is not None and status_of(bare[: led.start()])[0] != "unknown":
        return _Candidate(bare[: led.start()], bare[led.end() :], "gap")
    dashed = _DASH.search(bare, 0, _LONGEST_LABEL)
    if dashed is not None and status_of(bare[: dashed.start()])[0] != "unknown":
        return _Candidate(bare[: dashed.start()], bare[dashed.end() :])
    gap = _WIDE_GAP.search(bare) if NBSP in bare else None
    if gap is not None and status_of(bare[: gap.start()])[0] != "unknown":
        return _Candidate(bare[: gap.start()], bare[gap.end() :].strip(), "gap")
    return None


def _first_colon(text: str) -> str:
    """The sign that parts a label from its value: the first colon of any kind."""
    others = [sign for sign in _OTHER_COLONS if sign in text]
    return min((sign for sign in (":", *others) if sign in text), key=text.index, default=":") if others else ":"


def _is_label(
    candidate: _Candidate,
    line: Line,
    status_of: StatusOf,
    is_sub_label: Callable[[str], bool],
    *,
    within: _Value | None,
    seen: Collection[str | None],
    inside: bool,
    after_unknown: bool,
) -> bool:
    status, column = status_of(candidate.label)
    at_left_edge = not line.text.startswith((NBSP, " ", "\t")) and not line.inner
    if within is not None:
        # A contact's own "tel.", "adres" or "koordynator" must not end the contacts: a person's name would leave them.
        if not at_left_edge:
            return False
        if status == "unknown" and not is_sub_label(candidate.label):
            return candidate.is_marked and _has_label_shape(candidate.label)
        if is_sub_label(candidate.label):
            # In a table inside the cell of contacts, rows begin anew; then the contacts' own row held no text.
            is_own_row = candidate.mark == "gap" or (candidate.mark == "cell" and within.on_row)
            return is_own_row and status != "unknown" and column not in seen
        return candidate.is_marked or column not in seen
    if status != "unknown":
        # Below a label nobody listed a second "e-mail" or an indented "tel." is rather a person's than the institution's.
        return not (after_unknown and is_sub_label(candidate.label) and (column in seen or not at_left_edge))
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


def _labels_alone(lines: Sequence[Line], status_of: StatusOf) -> dict[int, str]:
    """Positions of lines that are nothing but a label, without a colon.

    A definition list prints them so: a term is a label, and in a text rendering several listed labels are. A table does so
    when the cell of the value begins with a paragraph (the value then follows as inner lines), or is empty.
    """
    surely: dict[int, str] = {}
    in_cells = sum("\t" in line.text and known_label(line, status_of) is not None for line in lines) >= _LEAST_STACKED
    listed: dict[int, str] = {}
    for position, line in enumerate(lines):
        if line.is_blank or line.inner or "\t" in line.text or line.bare.endswith(":"):
            continue
        following = next((other for other in lines[position + 1 :] if not other.is_blank), None)
        if line.role == "term" or (following is not None and following.inner and _has_label_shape(line.bare)):
            surely[position] = line.bare
        elif status_of(line.bare)[0] != "unknown":
            if in_cells and line.bare[:1].isupper():
                surely[position] = line.bare  # the row of a table whose cell of the value is empty
            listed[position] = line.bare
    return surely | listed if len(surely) + len(listed) >= _LEAST_STACKED else surely


def _label_alone(line: Line, position: int, alone: dict[int, str], current: _Value | None) -> _Candidate | None:
    if position not in alone:
        return None
    if current is not None and not current.lines and line.role != "term":
        # "Typ jednostki / powiat / … / Powiat / jarociński": the first of the two is a value.
        again = any(later > position and text.casefold() == line.bare.casefold() for later, text in alone.items())
        # "Typ jednostki / powiat": so is one in small letters, where the label above it begins with a capital.
        if again or (line.bare[:1].islower() and current.label[:1].isupper()):
            return None
    return _Candidate(line.bare, "", "cell")


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


def with_lines_shared_out(labels: Sequence[LabelledValue], single: Collection[str]) -> list[LabelledValue]:
    """The labels; lines that the last of several labels in one cell took are shared out, one to each.

    A layout table prints "Miejscowość: / Powiat: / Województwo:" in one cell and the values in the next. It is told by the
    last label, of a column of ``single``, having as many lines as there are labels without a value up to it.
    """
    found = list(labels)
    for last, label in enumerate(labels):
        count = len(label.lines)
        run = range(last - count + 1, last + 1)
        if count < 2 or label.column not in single or run.start < 0 or "" in label.lines:
            continue
        if not any(labels[at].lines for at in run[:-1]) and all(labels[at].column for at in run):
            for at, line in zip(run, label.lines, strict=True):
                shared = labels[at]
                found[at] = LabelledValue(label=shared.label, lines=[line], status=shared.status, column=shared.column)
    return found


def one_per_column(
    labels: Sequence[LabelledValue], single: Collection[str], rank: Callable[[LabelledValue], int]
) -> list[LabelledValue]:
    """The labels, where two fill a column of ``single``, which holds one value, only the one of lowest rank mapped.

    One that says there is no value ("brak") gives way to one that has it. A second label with the same value is ignored as a
    duplicate; with another value it is reported, not lost.
    """
    kept: dict[str, LabelledValue] = {}
    for label in labels:
        if label.column is not None and label.column in single and label.lines:
            rival = kept.setdefault(label.column, label)
            if (_is_silent(label), rank(label)) < (_is_silent(rival), rank(rival)):
                kept[label.column] = label
    return [_demoted(label, kept.get(label.column or "", label)) for label in labels]


def _demoted(label: LabelledValue, winner: LabelledValue) -> LabelledValue:
    if label is winner or not label.lines:
        return label
    is_same = " ".join(label.lines).casefold() == " ".join(winner.lines).casefold()
    return LabelledValue(label=label.label, lines=label.lines, status="ignored" if is_same or _is_silent(label) else "unknown")


def _is_silent(label: LabelledValue) -> bool:
    """Whether the label's value says that there is none."""
    return says_nothing(" ".join(label.lines))
