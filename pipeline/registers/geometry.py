"""Points and polygons, as much as the register tables need: is a point inside, and a point that surely is."""

from __future__ import annotations

from itertools import pairwise

Ring = list[list[float]]
Polygon = list[Ring]
"""Outer ring, then holes; positions are [longitude, latitude] as in GeoJSON (RFC 7946)."""


def polygons(geometry: dict[str, object]) -> list[Polygon]:
    """The polygons of a GeoJSON Polygon or MultiPolygon."""
    coordinates = geometry["coordinates"]
    if not isinstance(coordinates, list):
        return []
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def is_inside(longitude: float, latitude: float, area: list[Polygon]) -> bool:
    """Whether the point lies in one of the polygons and in none of its holes (even-odd rule)."""
    return any(sum(_crosses(longitude, latitude, ring) for ring in polygon) % 2 == 1 for polygon in area)


def centre(area: list[Polygon]) -> tuple[float, float] | None:
    """A point inside the largest polygon: its centroid, or the middle of its widest stretch at that latitude.

    Returns longitude and latitude in degrees, null when the area is empty.
    """
    rings = [polygon for polygon in area if polygon and len(polygon[0]) > 3]
    if not rings:
        return None
    largest = max(rings, key=lambda polygon: abs(_moments(polygon[0])[0]))
    size, east, north = _moments(largest[0])
    if size == 0:
        return None
    longitude, latitude = east / size, north / size
    if is_inside(longitude, latitude, [largest]):
        return longitude, latitude
    cuts = sorted(cut for ring in largest for cut in _cuts(latitude, ring))
    stretches = [(right - left, (left + right) / 2) for left, right in zip(cuts[::2], cuts[1::2], strict=False)]
    return (max(stretches)[1], latitude) if stretches else None


def _moments(ring: Ring) -> tuple[float, float, float]:
    """Signed area and first moments of a ring (shoelace formula)."""
    size = east = north = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        size += cross / 2
        east += (x1 + x2) * cross / 6
        north += (y1 + y2) * cross / 6
    return size, east, north


def _cuts(latitude: float, ring: Ring) -> list[float]:
    return [
        x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > latitude) != (y2 > latitude)
    ]


def _crosses(longitude: float, latitude: float, ring: Ring) -> int:
    return sum(cut > longitude for cut in _cuts(latitude, ring))
