"""Charts and the map: specifications in Vega-Lite, which vl-convert draws without a browser and without a network.

They are plain dictionaries (https://vega.github.io/vega-lite/docs/spec.html): a library that writes them took longer to load
than all charts take to draw. vl-convert comes with the extra ``report``. Without it every function gives None, and the page
says how to get it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from pipeline.registers.borders import Border, lines, outlines, read_borders
from pipeline.report.markup import Markup
from pipeline.report.svg import COLOURS, inlined

_FONT = "Liberation Sans, Arial, sans-serif"
"""Labels are measured in it; the page sets them in its own font."""
_WIDTH = 440
_LABELS = 175
_TEXT_SIZE = 13
_SMALL = 11
_MAP_WIDTH = 860
_MAP_HEIGHT = 800
_VEGA_LITE = "6.4"
"""The edition of the language the specifications are written in, one of those that vl-convert brings."""

_Spec = dict[str, Any]


class Bar(NamedTuple):
    """One bar: its label, its length, and what of it counts as lost."""

    label: str
    number: int
    lost: int = 0


class Dot(NamedTuple):
    """A place on the map: degrees (WGS 84) and what it is called."""

    longitude: float
    latitude: float
    name: str


@cache
def can_draw() -> bool:
    """Whether the extra ``report`` is installed."""
    return importlib.util.find_spec("vl_convert") is not None


def bars(rows: Sequence[Bar], label: str) -> Markup | None:
    """Bars lying down, one under the other, with their numbers."""
    if not can_draw() or not rows:
        return None
    values = [
        {
            "at": at,
            "label": row.label,
            "name": f"{row.label}: {grouped(row.number)}",
            "number": row.number,
            "told": grouped(row.number),
        }
        for at, row in enumerate(rows)
    ]
    longest = max(row.number for row in rows) or 1
    base = {"y": _place(0.35, 0.1), "x": _length("number", longest * 1.18)}
    layers = [
        _layer({"type": "bar", "color": COLOURS["mark"]}, base | {"description": _name("name")}),
        _layer(_words(_TEXT_SIZE, "ink", align="left", dx=5), base | {"text": _name("told")}),
        _layer(
            _words(_TEXT_SIZE, "ink", align="right", dx=-8, limit=_LABELS - 30),
            base | {"text": _name("label"), "x": {"value": 0}},
        ),
    ]
    chart = {"layer": layers, "data": {"values": values}, "width": _WIDTH - _LABELS, "height": 26 * len(rows)}
    return _drawn(chart, label, left=_LABELS)


def columns(rows: Sequence[Bar], label: str, *, every: int = 1) -> Markup | None:
    """Columns side by side; ``lost`` stands lighter on top, with what was lost above it. ``every``: labels shown."""
    if not can_draw() or not rows:
        return None
    values = [
        {
            "at": at,
            "label": row.label if at % every == 0 else "",
            "name": f"{row.label}: {grouped(row.number)}",
            "number": row.number,
            "all": row.number + row.lost,
            "told": grouped(row.number) if row.number and len(rows) <= 25 else "",
            "fallen": f"−{grouped(row.lost)}" if row.lost else "",
        }
        for at, row in enumerate(rows)
    ]
    highest = max(row.number + row.lost for row in rows) or 1
    number, both = (_length(name, highest * 1.12) for name in ("number", "all"))
    base = {"x": _place(0.25, 0.1), "y": number}
    small = _TEXT_SIZE if len(rows) <= 12 else _SMALL
    layers = [
        _layer({"type": "bar", "color": COLOURS["rule"]}, base | {"y": both, "y2": {"field": "number"}}),
        _layer({"type": "bar", "color": COLOURS["mark"]}, base | {"description": _name("name")}),
    ]
    told = base | {"text": _name("told")}
    if any(row.lost for row in rows):  # the number kept stands in its column where the number lost stands above it
        layers.append(_layer(_words(small, "paper", baseline="top", dy=5), told))
        lost = base | {"text": _name("fallen"), "y": both}
        layers.append(_layer(_words(small, "bad", baseline="bottom", dy=-4), lost))
    else:
        layers.append(_layer(_words(small, "ink", baseline="bottom", dy=-4), told))
    ground = {"y": {"value": 200}}
    layers.append(_layer(_words(_SMALL, "soft", baseline="top", dy=7), base | {"text": _name("label")} | ground))
    layers.append(_layer({"type": "rule", "color": COLOURS["ink"]}, ground) | {"data": {"values": [{}]}})
    chart = {"layer": layers, "data": {"values": values}, "width": _WIDTH - 10, "height": 200}
    return _drawn(chart, label, left=5, below=26)


def country(
    steps: Mapping[str, tuple[int, str]], decks: Sequence[Dot], partnerships: Sequence[Dot], label: str
) -> Markup | None:
    """Poland by powiat. ``steps``: code of a powiat → step of the scale (0 to 5) and what its tooltip says."""
    if not can_draw():
        return None
    borders = read_borders()
    areas = [
        _feature("Polygon", [ring[::-1] for ring in rings], COLOURS[f"scale-{steps.get(code, (0, ''))[0]}"], steps[code][1])
        for code, rings in outlines(borders).items()
        if code in steps
    ]
    powiats = {"type": "geoshape", "stroke": COLOURS["paper"], "strokeWidth": 0.6}
    named = {
        "fill": {"field": "properties.fill", "type": "nominal", "scale": None},
        "description": _name("properties.name"),
    }
    layers = [_layer(powiats, named) | {"data": {"values": areas}}]
    for part, colour, width in ((_inner(borders), "soft", 0.9), (_edge(borders), "ink", 1.2)):
        mark = {"type": "geoshape", "filled": False, "stroke": COLOURS[colour], "strokeWidth": width}
        layers.append(_layer(mark, {}) | {"data": {"values": [_feature("MultiLineString", lines(part))]}})
    for dots, shape, colour, size in ((partnerships, "diamond", "partner", 170), (decks, "circle", "deck", 110)):
        if dots:
            mark = {"type": "point", "filled": True, "opacity": 1, "shape": shape, "size": size, "color": COLOURS[colour]}
            mark |= {"stroke": COLOURS["paper"], "strokeWidth": 1.5}
            at = {name: {"field": name, "type": "quantitative"} for name in ("longitude", "latitude")}
            shown = _layer(mark, at | {"description": _name("name")})
            layers.append(shown | {"data": {"values": [dot._asdict() for dot in dots]}})
    # Equal areas, so that a shade weighs what it covers; the parallels are those usual for Poland.
    projection = {"type": "conicEqualArea", "parallels": [50, 54], "rotate": [-19, 0, 0], "precision": 0}
    chart = {"layer": layers, "projection": projection, "width": _MAP_WIDTH, "height": _MAP_HEIGHT}
    return _drawn(chart, label, left=5)


def _layer(mark: _Spec, encoding: _Spec) -> _Spec:
    return {"mark": mark, "encoding": encoding}


def _words(size: int, colour: str, **more: str | int) -> _Spec:
    """A mark of words, in pixels and a token of look.css."""
    return {"type": "text", "fontSize": size, "color": COLOURS[colour], **more}


def _name(field: str) -> _Spec:
    return {"field": field, "type": "nominal"}


def _place(inner: float, outer: float) -> _Spec:
    """The channel along which bars stand side by side; room between and around them as shares of a step."""
    return {"field": "at", "type": "ordinal", "axis": None, "scale": {"paddingInner": inner, "paddingOuter": outer}}


def _length(field: str, longest: float) -> _Spec:
    """The channel along which bars are as long as their numbers."""
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, longest], "nice": False}}


def _feature(kind: str, coordinates: Any, fill: str = "", name: str = "") -> _Spec:
    return {
        "type": "Feature",
        "properties": {"fill": fill, "name": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _inner(borders: Sequence[Border]) -> list[Border]:
    """Borders between voivodeships."""
    return [border for border in borders if border.right and border.left[:2] != border.right[:2]]


def _edge(borders: Sequence[Border]) -> list[Border]:
    return [border for border in borders if not border.right]


def _drawn(chart: _Spec, label: str, *, left: int, below: int = 5) -> Markup:
    import vl_convert

    # Fixed room around the chart: what it measures would depend on the fonts of the machine.
    spec = chart | {
        "padding": {"left": left, "right": 5, "top": 5, "bottom": below},
        "autosize": {"type": "none"},
        "config": {"font": _FONT, "view": {"stroke": None}},
    }
    return inlined(vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[]), label)


def grouped(number: int) -> str:
    """A number with its thousands apart, as Polish and (by ISO 80000-1) English texts may both print it."""
    return f"{number:,}".replace(",", "\u202f")
