"""Shapes of a drawing as they stand in the page (SVG 1.1, https://www.w3.org/TR/SVG11/): no id, style, script or address.

Lengths are pixels of the drawing, written to a tenth; colours are tokens of look.css, so that a drawing follows light and dark
with the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pipeline.report.markup import Markup, attribute, bare_text

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width and height."""


def drawing(box: Box, label: str, shapes: Iterable[Markup]) -> Markup:
    """The shapes, the later ones above, named by the element with the id ``label``. ``box``: what of them is seen."""
    seen = " ".join(map(length, box))
    return Markup(f'<svg role="img" aria-labelledby="{attribute(label)}" viewBox="{seen}">{"".join(shapes)}</svg>')


def bar(box: Box, colour: str, name: str) -> Markup:
    """A filled rectangle; ``name`` is its tooltip."""
    x, y, width, height = map(length, box)
    return Markup(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="var(--{colour})">{_title(name)}</rect>')


def label(at: Point, told: str, colour: str, size: int, anchor: Literal["start", "middle", "end"]) -> Markup:
    """A line of text that begins, has its middle or ends at a point of its base line."""
    x, y = map(length, at)
    return Markup(
        f'<text x="{x}" y="{y}" fill="var(--{colour})" font-size="{size}px" text-anchor="{anchor}">{bare_text(told)}</text>'
    )


def line(start: Point, end: Point, colour: str, width: float = 1) -> Markup:
    """A straight line."""
    return lines([f"M{length(start[0])},{length(start[1])}L{length(end[0])},{length(end[1])}"], colour, width)


def lines(ways: Iterable[str], colour: str, width: float) -> Markup:
    """Lines along ``ways``, which are path data of our own."""
    return Markup(f'<path d="{"".join(ways)}" fill="none" stroke="var(--{colour})" stroke-width="{length(width)}"/>')


def area(ways: Iterable[str], colour: str, edge: str, width: float, name: str) -> Markup:
    """What lies inside closed ``ways`` with its edge; ``name`` is its tooltip."""
    shown = f'fill="var(--{colour})" stroke="var(--{edge})" stroke-width="{length(width)}"'
    return Markup(f'<path d="{"".join(ways)}" {shown}>{_title(name)}</path>')


def length(value: float) -> str:
    """A length or coordinate to a tenth of a pixel."""
    return f"{round(value, 1):.12g}"


def _title(name: str) -> str:
    return f"<title>{bare_text(name)}</title>"
