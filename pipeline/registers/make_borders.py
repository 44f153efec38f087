"""Make the table of borders: `python -m pipeline.registers.make_borders FOLDER [TARGET]`.

FOLDER holds the boundaries of powiats named below (state register of boundaries; terms in data/PROVENANCE.md). A border
that two powiats share is drawn once, coarsely enough for a map of the whole country, and stays shared. The same file makes the
same bytes.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from pipeline.registers.borders import FILE, Border, Point, borders_bytes
from pipeline.registers.geometry import polygons
from pipeline.registers.tables import DATA_DIR

BOUNDARY_FILE = "pl_boundaries_powiats_2020.geojson"
SMALLEST_TRIANGLE = 1.5
"""Square kilometres: a corner that takes less than this off a border goes. On a map 900 pixels wide a pixel is 0.6 km²."""
_KM = 0.11132, 0.11132 * math.cos(math.radians(52))
"""Kilometres in a thousandth of a degree, of latitude and, in the middle of Poland, of longitude."""

Side = tuple[str, str]


def borders(features: Iterable[dict[str, object]]) -> list[Border]:
    """The borders between the areas of GeoJSON features with a property ``terc``, simplified."""
    sides = _segments(features)
    ends = Counter(point for start, end in sides for point in (start, end))
    return sorted(
        Border(left, right, tuple(_simplified(line)))
        for (left, right), segments in _by_side(sides).items()
        for line in _lines(segments, ends)
    )


def _segments(features: Iterable[dict[str, object]]) -> dict[tuple[Point, Point], Side]:
    """Each piece of border once, in the direction that has the smaller code on its left: (start, end) → (left, right)."""
    left_of: dict[tuple[Point, Point], str] = {}
    for feature in features:
        code = str(feature["properties"]["terc"])  # type: ignore[index]  # GeoJSON as published
        for polygon in polygons(feature["geometry"]):  # type: ignore[arg-type]  # the same
            for position, ring in enumerate(polygon):
                points = [Point(round(longitude * 1000), round(latitude * 1000)) for longitude, latitude in ring]
                for segment in pairwise(points if _is_counterclockwise(points) == (position == 0) else points[::-1]):
                    if segment[0] != segment[1]:
                        left_of[segment] = code
    sides = {}
    for (start, end), left in left_of.items():
        right = left_of.get((end, start), "")
        if left < right or not right:
            sides[start, end] = left, right
    return sides


def _by_side(sides: dict[tuple[Point, Point], Side]) -> dict[Side, list[tuple[Point, Point]]]:
    grouped: dict[Side, list[tuple[Point, Point]]] = defaultdict(list)
    for segment, side in sorted(sides.items()):
        grouped[side].append(segment)
    return grouped


def _lines(segments: list[tuple[Point, Point]], ends: Counter[Point]) -> Iterator[list[Point]]:
    """Segments joined end to end, from one meeting of three areas to the next; what is left over are closed rings."""
    following = dict(segments)
    for start in [start for start, _ in segments if ends[start] != 2] + [start for start, _ in segments]:
        if start not in following:
            continue
        line = [start, following.pop(start)]
        while line[-1] != start and ends[line[-1]] == 2 and line[-1] in following:
            line.append(following.pop(line[-1]))
        yield line


def _simplified(line: list[Point]) -> list[Point]:
    """Corners taken away, the smallest triangle first (Visvalingam and Whyatt 1993); a ring keeps four."""
    before = {at: at - 1 for at in range(1, len(line))}
    after = {at: at + 1 for at in range(len(line) - 1)}
    heap = [(_triangle(line[at - 1], line[at], line[at + 1]), at) for at in range(1, len(line) - 1)]
    heapq.heapify(heap)
    current = {at: size for size, at in heap}
    least = 4 if line[0] == line[-1] else 2
    kept = len(line)
    while heap and kept > least:
        size, at = heapq.heappop(heap)
        if current.get(at) != size:
            continue
        if size >= SMALLEST_TRIANGLE:
            break
        kept -= 1
        del current[at]
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for corner in (left, right):
            if corner in current:
                # Never smaller than what went before: else a long gentle bend would vanish corner by corner.
                current[corner] = max(size, _triangle(line[before[corner]], line[corner], line[after[corner]]))
                heapq.heappush(heap, (current[corner], corner))
    points, at = [line[0]], 0
    while at in after:
        at = after[at]
        points.append(line[at])
    return points


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2 * _KM[0] * _KM[1]


def _is_counterclockwise(ring: list[Point]) -> bool:
    return sum(a.x * b.y - b.x * a.y for a, b in pairwise(ring)) > 0


def main(arguments: list[str]) -> None:
    """Write the table made from the folder named first into the folder named second (the package's data by default)."""
    folder, target = Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else DATA_DIR
    features = json.loads((folder / BOUNDARY_FILE).read_bytes())["features"]
    (target / FILE).write_bytes(borders_bytes(borders(features)))


if __name__ == "__main__":
    main(sys.argv[1:])
