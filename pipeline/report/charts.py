"""Charts and the map: altair says what is drawn, vl-convert draws it, without a browser and without a network.

Every channel is given as what it is: for one told by a text altair goes through all classes it has. Both come with the extra
``report``. Without it every function gives None, and the page says how to get it.
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
    return all(importlib.util.find_spec(name) is not None for name in ("altair", "vl_convert"))


def bars(rows: Sequence[Bar], label: str) -> Markup | None:
    """Bars lying down, one under the other, with their numbers."""
    if not can_draw() or not rows:
        return None
    import altair as alt

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
    base = alt.Chart(_data(values)).encode(
        y=alt.Y("at:O", axis=None, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.1)),
        x=alt.X("number:Q", axis=None, scale=alt.Scale(domain=[0, longest * 1.18], nice=False)),
    )
    drawn = base.mark_bar(color=COLOURS["mark"]).encode(description=alt.Description("name:N"))
    numbers = base.mark_text(align="left", dx=5, fontSize=_TEXT_SIZE, color=COLOURS["ink"]).encode(text=alt.Text("told:N"))
    names = base.mark_text(align="right", dx=-8, fontSize=_TEXT_SIZE, color=COLOURS["ink"], limit=_LABELS - 30).encode(
        text=alt.Text("label:N"), x=_at(alt.XValue, 0)
    )
    return _drawn((drawn + numbers + names).properties(width=_WIDTH - _LABELS, height=26 * len(rows)), label, left=_LABELS)


def columns(rows: Sequence[Bar], label: str, *, every: int = 1) -> Markup | None:
    """Columns side by side; ``lost`` stands lighter on top, with what was lost above it. ``every``: labels shown."""
    if not can_draw() or not rows:
        return None
    import altair as alt

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
    scale = alt.Scale(domain=[0, highest * 1.12], nice=False)
    number, both = (alt.Y(f"{name}:Q", axis=None, scale=scale) for name in ("number", "all"))
    base = alt.Chart(_data(values)).encode(
        x=alt.X("at:O", axis=None, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1)), y=number
    )
    small = _TEXT_SIZE if len(rows) <= 12 else _SMALL
    lost = base.mark_bar(color=COLOURS["rule"]).encode(y=both, y2=alt.Y2("number:Q"))
    drawn = base.mark_bar(color=COLOURS["mark"]).encode(description=alt.Description("name:N"))
    numbers = base.mark_text(baseline="bottom", dy=-4, fontSize=small, color=COLOURS["ink"]).encode(text=alt.Text("told:N"))
    fallen = base.mark_text(baseline="bottom", dy=-4, fontSize=small, color=COLOURS["bad"]).encode(
        text=alt.Text("fallen:N"), y=both
    )
    names = base.mark_text(baseline="top", dy=7, fontSize=_SMALL, color=COLOURS["soft"]).encode(
        text=alt.Text("label:N"), y=_at(alt.YValue, 200)
    )
    ground = alt.Chart(_data([{}])).mark_rule(color=COLOURS["ink"]).encode(y=_at(alt.YValue, 200))
    has_losses = any(row.lost for row in rows)
    # The number kept stands in its column where the number lost stands above it.
    inner = base.mark_text(baseline="top", dy=5, fontSize=small, color=COLOURS["paper"]).encode(text=alt.Text("told:N"))
    layers = lost + drawn + (inner + fallen if has_losses else numbers) + names + ground
    return _drawn(layers.properties(width=_WIDTH - 10, height=200), label, left=5, below=26)


def country(
    steps: Mapping[str, tuple[int, str]], decks: Sequence[Dot], partnerships: Sequence[Dot], label: str
) -> Markup | None:
    """Poland by powiat. ``steps``: code of a powiat → step of the scale (0 to 5) and what its tooltip says."""
    if not can_draw():
        return None
    import altair as alt

    borders = read_borders()
    areas = [
        _feature("Polygon", [ring[::-1] for ring in rings], COLOURS[f"scale-{steps.get(code, (0, ''))[0]}"], steps[code][1])
        for code, rings in outlines(borders).items()
        if code in steps
    ]
    # Named data, given at the end: altair copies what stands in a chart at every step.
    data: dict[str, list[Any]] = {"powiats": areas}
    powiats = alt.Chart(alt.NamedData("powiats")).mark_geoshape(stroke=COLOURS["paper"], strokeWidth=0.6)
    layers: Any = powiats.encode(
        fill=alt.Fill("properties.fill:N", scale=None), description=alt.Description("properties.name:N")
    )
    for part, colour, width in ((_inner(borders), "soft", 0.9), (_edge(borders), "ink", 1.2)):
        data[colour] = [_feature("MultiLineString", lines(part))]
        layers += alt.Chart(alt.NamedData(colour)).mark_geoshape(filled=False, stroke=COLOURS[colour], strokeWidth=width)
    for dots, shape, colour, size in ((partnerships, "diamond", "partner", 170), (decks, "circle", "deck", 110)):
        if dots:
            data[colour] = [dot._asdict() for dot in dots]
            layers += (
                alt.Chart(alt.NamedData(colour))
                .mark_point(
                    filled=True,
                    opacity=1,
                    shape=shape,
                    size=size,
                    color=COLOURS[colour],
                    stroke=COLOURS["paper"],
                    strokeWidth=1.5,
                )
                .encode(
                    longitude=alt.Longitude("longitude:Q"),
                    latitude=alt.Latitude("latitude:Q"),
                    description=alt.Description("name:N"),
                )
            )
    # Equal areas, so that a shade weighs what it covers; the parallels are those usual for Poland.
    chart = layers.project("conicEqualArea", parallels=[50, 54], rotate=[-19, 0, 0], precision=0)
    return _drawn(chart.properties(width=_MAP_WIDTH, height=_MAP_HEIGHT), label, left=5, data=data)


def _at(channel: Any, place: int) -> Any:
    """A channel that is one place, in pixels."""
    return channel(place)


def _data(values: Sequence[Any]) -> Any:
    import altair as alt

    return alt.Data(values=[*values])  # type: ignore[no-untyped-call]  # altair leaves it untyped


def _feature(kind: str, coordinates: Any, fill: str = "", name: str = "") -> dict[str, Any]:
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


def _drawn(chart: Any, label: str, *, left: int, below: int = 5, data: Mapping[str, list[Any]] | None = None) -> Markup:
    import altair as alt
    import vl_convert

    # Fixed room around the chart: what it measures would depend on the fonts of the machine.
    whole = chart.properties(
        padding={"left": left, "right": 5, "top": 5, "bottom": below}, autosize=alt.AutoSizeParams(type="none")
    ).configure(font=_FONT, view=alt.ViewConfig(stroke=None))
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    spec = whole.to_dict() | ({"datasets": data} if data else {})
    drawing = vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])
    return inlined(drawing, label)


def grouped(number: int) -> str:
    """A number with its thousands apart, as Polish and (by ISO 80000-1) English texts may both print it."""
    return f"{number:,}".replace(",", "\u202f")
