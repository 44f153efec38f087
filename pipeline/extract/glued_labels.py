"""Labels that a rendering ran together on one line: "Miejscowość: Lipno Powiat: lipnowski"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.labelled import StatusOf, known_label
from pipeline.extract.lines import Line

_MOST_WORDS = 5
_BETWEEN = " |·•;"  # what a rendering parts fields on one line with


def one_label_a_line(lines: Sequence[Line], status_of: StatusOf, *, last: str) -> list[Line]:
    """The lines, each that begins with a listed label broken before every further one with a capital and a colon.

    From the label of the column ``last`` on nothing is broken: its values carry labels of their own.
    """
    found: list[Line] = []
    for at, line in enumerate(lines):
        label = known_label(line, status_of) if ":" in line.text or "\t" in line.text else None
        if label is not None and status_of(label)[1] == last:
            return [*found, *lines[at:]]
        if label is not None and line.text.count("\t") > 1:
            found += _fields(line, status_of)
            if _column(found[-1], status_of) == last:
                return [*found, *lines[at + 1 :]]
        else:
            found += _broken(line, status_of) if label is not None and line.text.count(":") > 1 else [line]
    return found


def _column(line: Line, status_of: StatusOf) -> str | None:
    label = known_label(line, status_of)
    return status_of(label)[1] if label is not None else None


def _fields(line: Line, status_of: StatusOf) -> list[Line]:
    """Each label of a table's row with the cells behind it: "Miejscowość | Lipno | Powiat | lipnowski"."""
    cells = line.text.split("\t")
    starts = [0]
    for at in range(1, len(cells)):
        cell = cells[at].strip()
        has_colon = cell.endswith(":")
        # "Typ jednostki | Powiat | Powiat | lipnowski": a cell without a colon right behind a label is its value.
        if not cell[:1].isupper() or (not has_colon and (starts[-1] == at - 1 or at + 1 == len(cells))):
            continue
        if status_of(cell.rstrip(": "))[0] == "mapped":
            starts.append(at)
    ends = [*starts[1:], len(cells)]
    fields = ("\t".join(cells[start:end]).strip() for start, end in zip(starts, ends, strict=True))
    return [line._replace(text=field if "\t" in field or ":" in field else f"{field}:") for field in fields]  # an empty value


def _broken(line: Line, status_of: StatusOf) -> Iterator[Line]:
    start = 0
    text = line.text
    colon = text.find(":", text.find(":") + 1)
    while colon != -1:
        at = _label_start(text, start, colon, status_of)
        if at is not None:
            yield line._replace(text=text[start:at].strip().rstrip(_BETWEEN))
            start = at
        colon = text.find(":", colon + 1)
    yield line._replace(text=text[start:].strip() if start else text)


def _label_start(text: str, start: int, colon: int, status_of: StatusOf) -> int | None:
    """Where the longest listed label right before the colon begins, behind the value of another."""
    found = None
    at = colon
    for _ in range(_MOST_WORDS):
        at = text.rfind(" ", start, at)
        if at == -1 or ":" in text[at:colon]:
            break
        if text[at + 1 : at + 2].isupper() and status_of(text[at + 1 : colon])[0] == "mapped":
            found = at + 1
    has_value = found is not None and text[start:found].rstrip()[-1:] != ":"
    return found if has_value else None
