"""Lines of the map in the explorer: the edges of Poland and of its voivodeships."""

from __future__ import annotations

from itertools import pairwise

from pipeline.registers.borders import read_borders


def voivodeship_lines() -> list[list[int]]:
    """Borders between voivodeships and at the edge of the country; none is between two powiats of one voivodeship.

    A line is longitude and latitude in thousandths of a degree, the first point whole, each further one as the step from the
    one before.
    """
    found = []
    for border in read_borders():
        if border.left[:2] != border.right[:2]:
            steps = [(b.x - a.x, b.y - a.y) for a, b in pairwise(border.points)]
            found.append([number for point in (border.points[0], *steps) for number in point])
    return found
