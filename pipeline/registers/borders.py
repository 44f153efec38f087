"""The borders of Polish powiats, for maps of the country: each border between two powiats once.

`borders.csv` has a line for each stretch: the codes on its left and its right (empty: abroad or the sea) and its points as
longitude and latitude in thousandths of a degree (WGS 84), the first whole and each further one as the step from the one
before. Powiats are those of autumn 2020; none was made or dissolved from 2013 to 2025.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.registers.tables import DATA_DIR

FILE = "borders.csv"
_COLUMNS = ("left", "right", "points")


class Point(NamedTuple):
    """Longitude and latitude in thousandths of a degree."""

    x: int
    y: int


class Border(NamedTuple):
    """A stretch of border with the powiats on either side; ``right`` is empty at the edge of the country."""

    left: str
    right: str
    points: tuple[Point, ...]


Ring = list[tuple[float, float]]
"""Longitude and latitude in degrees; the first position stands at the end again."""


def read_borders(folder: Path = DATA_DIR) -> list[Border]:
    """All borders. Raises UsageError when the file is missing or damaged."""
    path = folder / FILE
    try:
        return [*_borders(path, path.stat().st_mtime_ns)]
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as a table of borders ({error}); install the package anew") from error


@lru_cache(maxsize=1)
def _borders(path: Path, _written_at: int) -> tuple[Border, ...]:
    """Report, map and explorer ask for the same borders."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        if tuple(next(reader, ())) != _COLUMNS:
            raise UsageError(f"{path}: not a table of borders; install the package anew")
        return tuple(Border(left, right, tuple(_points(points))) for left, right, points in reader)


def borders_bytes(borders: Iterable[Border]) -> bytes:
    """The table as it stands on disk."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for border in borders:
        steps = (Point(b.x - a.x, b.y - a.y) for a, b in pairwise(border.points))
        writer.writerow((border.left, border.right, " ".join(f"{x} {y}" for x, y in chain(border.points[:1], steps))))
    return text.getvalue().encode()


def outlines(borders: Iterable[Border]) -> dict[str, list[Ring]]:
    """Code of a powiat → its rings: outer ones counter-clockwise, those of enclaves in it clockwise."""
    stretches: dict[str, list[tuple[Point, ...]]] = defaultdict(list)
    for border in borders:
        stretches[border.left].append(border.points)
        if border.right:
            stretches[border.right].append(border.points[::-1])
    return {code: [*_rings(found)] for code, found in sorted(stretches.items())}


def powiats(borders: Iterable[Border]) -> list[str]:
    """Codes of the powiats that have an outline."""
    return sorted({code for border in borders for code in (border.left, border.right) if code})


def lines(borders: Iterable[Border]) -> list[Ring]:
    """Borders as lines in degrees."""
    return [_degrees(border.points) for border in borders]


def _rings(stretches: list[tuple[Point, ...]]) -> Iterator[Ring]:
    beginning: dict[Point, list[tuple[Point, ...]]] = defaultdict(list)
    for stretch in stretches:
        beginning[stretch[0]].append(stretch)
    for first in [stretch[0] for stretch in stretches]:
        if not beginning[first]:
            continue
        ring = [*beginning[first].pop()]
        while ring[-1] != first:
            if not beginning[ring[-1]]:
                raise UsageError(f"{FILE}: a border ends at {ring[-1]} and none goes on; install the package anew")
            ring += beginning[ring[-1]].pop()[1:]
        yield _degrees(ring)


def _degrees(points: Iterable[Point]) -> Ring:
    return [(x / 1000, y / 1000) for x, y in points]


def _points(text: str) -> Iterator[Point]:
    numbers = [int(number) for number in text.split(" ")]
    x = y = 0
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        yield Point(x, y)
