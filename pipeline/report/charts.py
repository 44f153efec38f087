"""Charts of counts: bars lying down, and columns.

They are drawn here, as some ten lines of shapes each: a chart library (Vega-Lite by way of vl-convert) took 0.7 CPU seconds of
every build for the report's six, a third of a small one, and 160 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from pipeline.report.markup import Markup
from pipeline.report.svg import bar, drawing, label, line

_WIDTH = 440
_LABELS = 175
"""Room for the labels of bars, on their left."""
_EDGE = 5
_TEXT_SIZE = 13
_SMALL = 11
_BAR_STEP = 26
_COLUMNS_HEIGHT = 200
_COLUMNS_BELOW = 26
_MOST_COLUMNS_TOLD = 25
"""Numbers above more columns than these would run into each other."""
_LABEL_EMS = (_LABELS - 20) / _TEXT_SIZE


class Bar(NamedTuple):
    """One bar: its label, its length, and what of it counts as lost."""

    label: str
    number: int
    lost: int = 0


def bars(rows: Sequence[Bar], caption: str) -> Markup | None:
    """Bars lying down, one under the other, with their numbers. ``caption``: id of the element that names the chart."""
    if not rows:
        return None
    height = _BAR_STEP * len(rows)
    step, thick, first = _steps(height, len(rows), 0.35, 0.1)
    scale = (_WIDTH - _LABELS) / (1.18 * (max(row.number for row in rows) or 1))
    shapes = []
    for at, row in enumerate(rows):
        top, long = first + at * step, row.number * scale
        base = top + thick / 2 + 4
        told = grouped(row.number)
        shapes += [
            bar((0, top, long, thick), "mark", f"{row.label}: {told}"),
            label((long + 5, base), told, "ink", _TEXT_SIZE, "start"),
            label((-8, base), shortened(row.label), "ink", _TEXT_SIZE, "end"),
        ]
    return drawing((-_LABELS, -_EDGE, _WIDTH + _EDGE, height + 2 * _EDGE), caption, shapes)


def columns(rows: Sequence[Bar], caption: str, *, every: int = 1) -> Markup | None:
    """Columns side by side; ``lost`` stands lighter on top, with what was lost above it. ``every``: labels shown."""
    if not rows:
        return None
    wide = _WIDTH - 2 * _EDGE
    step, thick, first = _steps(wide, len(rows), 0.25, 0.1)
    scale = _COLUMNS_HEIGHT / (1.12 * (max(row.number + row.lost for row in rows) or 1))
    size = _TEXT_SIZE if len(rows) <= 12 else _SMALL
    any_lost = any(row.lost for row in rows)
    shapes = []
    for at, row in enumerate(rows):
        left, middle = first + at * step, first + at * step + thick / 2
        top = _COLUMNS_HEIGHT - row.number * scale
        if row.lost:
            above, fallen = top - row.lost * scale, f"−{grouped(row.lost)}"
            shapes.append(bar((left, above, thick, top - above), "rule", f"{row.label}: {fallen}"))
            shapes.append(label((middle, above - 7), fallen, "bad", size, "middle"))
        if row.number:
            told = grouped(row.number)
            shapes.append(bar((left, top, thick, _COLUMNS_HEIGHT - top), "mark", f"{row.label}: {told}"))
            if any_lost:  # it stands in its column where the number lost stands above it
                shapes.append(label((middle, top + 15), told, "paper", size, "middle"))
            elif len(rows) <= _MOST_COLUMNS_TOLD:
                shapes.append(label((middle, top - 7), told, "ink", size, "middle"))
        if at % every == 0:
            shapes.append(label((middle, _COLUMNS_HEIGHT + 16), row.label, "soft", _SMALL, "middle"))
    shapes.append(line((0, _COLUMNS_HEIGHT), (wide, _COLUMNS_HEIGHT), "ink"))
    return drawing((-_EDGE, -_EDGE, _WIDTH, _COLUMNS_HEIGHT + _EDGE + _COLUMNS_BELOW), caption, shapes)


def _steps(room: float, count: int, inner: float, outer: float) -> tuple[float, float, float]:
    """From one bar to the next, its thickness, and where the first begins; gaps are shares of a step."""
    step = room / (count - inner + 2 * outer)
    return step, step * (1 - inner), step * outer


def shortened(told: str) -> str:
    """A label that fits beside a bar; the whole one is the bar's tooltip and stands in the table below.

    The page sets it in the reader's own font: letters are taken as wide as those of a wide sans.
    """
    room = _LABEL_EMS
    for at, letter in enumerate(told):
        room -= _ems(letter)
        if room < 0:
            return f"{told[: max(1, at - 1)].rstrip()}…"
    return told


def _ems(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1
    if letter in "ijl.,:;!|'()[] ":
        return 0.35
    return 0.9 if letter in "mwMW@%" else 0.72 if letter.isupper() else 0.56


def grouped(number: int) -> str:
    """A number with its thousands apart, as Polish and (by ISO 80000-1) English texts may both print it."""
    return f"{number:,}".replace(",", "\u202f")
