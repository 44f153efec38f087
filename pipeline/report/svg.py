"""Drawings of the chart library as they may stand in the page: an allow-list of shapes, no id, no script, no address.

Colours are tokens of look.css, so that a drawing follows light and dark with the page.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Final

from pipeline.report.markup import Markup, attribute, text

COLOURS: Final = {
    name: f"#{0x10101 * (16 + at):06x}"
    for at, name in enumerate(
        "paper sheet ink soft rule mark deck partner bad scale-0 scale-1 scale-2 scale-3 scale-4 scale-5".split()
    )
}
"""Token of look.css → the grey that stands for it in a drawing until it is in the page."""

_TOKENS = {grey: name for name, grey in COLOURS.items()}
_SHAPES = frozenset(("svg", "g", "path", "line", "rect", "circle", "text", "tspan"))
_KEPT = frozenset(
    "d x y x1 x2 y1 y2 dx dy cx cy r width height viewBox transform fill fill-opacity stroke stroke-width stroke-opacity "
    "stroke-dasharray stroke-linecap stroke-linejoin opacity text-anchor font-size font-weight font-style".split()
)
_DEFAULTS = {"opacity": "1", "stroke-width": "1", "transform": "translate(0,0)"}
_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_COLOURED = ("fill", "stroke")


def inlined(drawing: str, label: str) -> Markup:
    """An SVG document as an element of the page, named by the element with the id ``label``.

    What a mark is called (``description``) becomes its tooltip. Raises ET.ParseError for what is no XML.
    """
    root = ET.fromstring(drawing)  # noqa: S314 - as above
    size = root.get("viewBox", "")
    inside = "".join(_element(child) for child in root if not child.tag.endswith("}rect"))  # the white ground
    return Markup(f'<svg role="img" aria-labelledby="{attribute(label)}" viewBox="{attribute(size)}">{inside}</svg>')


def _element(element: ET.Element) -> str:
    name = element.tag.rpartition("}")[2]
    if name not in _SHAPES or element.get("display") == "none" or _is_backdrop(element, name):
        return ""
    attributes = "".join(
        f' {key}="{_value(key, value)}"'
        for key, value in sorted(element.attrib.items())
        if key in _KEPT and _DEFAULTS.get(key) != value
    )
    inside = "".join(_element(child) for child in element)
    if name in ("text", "tspan"):
        inside = f"{text(element.text or '')}{inside}"
    elif name == "g":
        return f"<g{attributes}>{inside}</g>" if inside and attributes else inside
    elif element.get("aria-label") and element.get("aria-roledescription"):
        inside = f"<title>{text(element.get('aria-label'))}</title>{inside}"
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def _is_backdrop(element: ET.Element, name: str) -> bool:
    """Frames the library draws behind everything, and paths without a line."""
    return (name == "path" and not element.get("d")) or element.get("class") in ("background", "foreground")


def _value(key: str, value: str) -> str:
    if key in _COLOURED:
        if value in _TOKENS:
            return f"var(--{_TOKENS[value]})"
        return value if re.fullmatch(r"#?\w+", value) else "none"
    return attribute(_NUMBER.sub(_rounded, value))


def _rounded(found: re.Match[str]) -> str:
    return f"{round(float(found[0]), 1):g}"
