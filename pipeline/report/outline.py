"""The map of Poland by powiat, on a projection of equal areas, so that a shade weighs what it covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import cos, radians, sin, sqrt
from typing import Final, NamedTuple

from pipeline.registers.borders import Border, Ring, lines, outlines, read_borders
from pipeline.report.markup import Markup
from pipeline.report.svg import Point, area, drawing, length
from pipeline.report.svg import lines as drawn_lines

_WIDTH = 860
_HEIGHT = 800
_EDGE = 5
_PARALLELS: Final = (50, 54)
"""Standard parallels, usual for Poland; `_MERIDIAN` runs through its middle."""
_MERIDIAN: Final = 19
_DECK_RADIUS = 5.2
_PARTNERSHIP_RADIUS = 6.5


class Dot(NamedTuple):
    """A place on the map: degrees (WGS 84) and what it is called."""

    longitude: float
    latitude: float
    name: str


def country(steps: Mapping[str, tuple[int, str]], decks: Sequence[Dot], partnerships: Sequence[Dot], caption: str) -> Markup:
    """Poland by powiat. ``steps``: code of a powiat → step of the scale (0 to 5) and what its tooltip says.

    ``caption``: id of the element that names the map. Raises UsageError when the borders cannot be read.
    """
    borders = read_borders()
    edge = [border for border in borders if not border.right]
    inner = [border for border in borders if border.right and border.left[:2] != border.right[:2]]
    sheet = _Sheet(edge)
    shapes = [
        area([sheet.way(ring) for ring in rings], f"scale-{steps[code][0]}", "paper", 0.6, steps[code][1])
        for code, rings in outlines(borders).items()
        if code in steps
    ]
    shapes.append(drawn_lines(map(sheet.way, lines(inner)), "soft", 0.9))
    shapes.append(drawn_lines(map(sheet.way, lines(edge)), "ink", 1.2))
    shapes += [_dot(sheet, dot, _diamond(_PARTNERSHIP_RADIUS), "partner") for dot in partnerships]
    shapes += [_dot(sheet, dot, _circle(_DECK_RADIUS), "deck") for dot in decks]
    return drawing((-_EDGE, -_EDGE, _WIDTH + 2 * _EDGE, _HEIGHT + 2 * _EDGE), caption, shapes)


class _Sheet:
    """Degrees → pixels of the map, into which the borders given fit."""

    def __init__(self, borders: Iterable[Border]) -> None:
        points = [_plane(*position) for line in lines(borders) for position in line]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._scale = min(_WIDTH / (max(xs) - min(xs)), _HEIGHT / (max(ys) - min(ys)))
        self._left = _WIDTH / 2 - self._scale * (min(xs) + max(xs)) / 2
        self._top = _HEIGHT / 2 - self._scale * (min(ys) + max(ys)) / 2
        self._written: dict[Point, str] = {}

    def pixels(self, position: Point) -> Point:
        """Where a longitude and latitude lie."""
        x, y = _plane(*position)
        return self._left + self._scale * x, self._top + self._scale * y

    def way(self, ring: Ring) -> str:
        """Path data of a line, closed where it is a ring. Most points lie between two powiats."""
        written = self._written
        for position in ring:
            if position not in written:
                x, y = self.pixels(position)
                written[position] = f"{length(x)},{length(y)}"
        is_closed = ring[0] == ring[-1]
        return f"M{'L'.join([written[position] for position in ring])}{'Z' if is_closed else ''}"


@cache
def _cone() -> tuple[float, float]:
    """Constants n and C of the cone that cuts the earth in the standard parallels."""
    low, high = (sin(radians(parallel)) for parallel in _PARALLELS)
    n = (low + high) / 2
    return n, 1 - low * low + 2 * n * low


def _plane(longitude: float, latitude: float) -> Point:
    """Albers' projection of the sphere of radius 1, y southwards (Snyder, Map Projections, USGS PP 1395, eq. 14-1 to 14-4)."""
    n, c = _cone()
    radius = sqrt(c - 2 * n * sin(radians(latitude))) / n
    angle = n * radians(longitude - _MERIDIAN)
    return radius * sin(angle), radius * cos(angle)


def _dot(sheet: _Sheet, dot: Dot, way: str, colour: str) -> Markup:
    x, y = sheet.pixels((dot.longitude, dot.latitude))
    return area([f"M{length(x)},{length(y)}{way}"], colour, "paper", 1.5, dot.name)


def _diamond(radius: float) -> str:
    """Path data around the point it begins at."""
    r = length(radius)
    return f"m-{r},0l{r},-{r}l{r},{r}l-{r},{r}z"


def _circle(radius: float) -> str:
    """As `_diamond`."""
    r, across = length(radius), length(2 * radius)
    return f"m-{r},0a{r},{r},0,1,0,{across},0a{r},{r},0,1,0,-{across},0z"
