"""The table of borders: made by the script in the repository, closed, shared, and around the right places."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.registers.borders import FILE, Border, Point, borders_bytes, outlines, read_borders
from pipeline.registers.geometry import is_inside
from pipeline.registers.make_borders import borders, main
from pipeline.registers.tables import DATA_DIR, register_rows

REFERENCE = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the repository")
def test_the_script_makes_the_table_byte_for_byte(tmp_path: Path) -> None:
    main([str(REFERENCE), str(tmp_path)])
    assert (tmp_path / FILE).read_bytes() == (DATA_DIR / FILE).read_bytes()


def test_every_powiat_of_the_register_has_an_outline() -> None:
    in_force = {row.code for row in register_rows("TERC") if len(row.code) == 4 and not row.valid_to}
    found = outlines(read_borders())
    assert set(found) == in_force
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for rings in found.values() for ring in rings)


def test_every_seat_lies_in_the_outline_of_its_powiat() -> None:
    areas = {code: [[[list(point) for point in ring] for ring in rings]] for code, rings in outlines(read_borders()).items()}
    seats = [row for row in register_rows("TERC") if len(row.code) == 7 and row.point == "seat"]
    assert len(seats) > 2300
    assert [row.name for row in seats if not is_inside(float(row.lon), float(row.lat), areas[row.code[:4]])] == []


def test_neighbours_share_their_border() -> None:
    """Every piece of an outline is a neighbour's too, the other way round, or the edge of the country."""
    edge = {piece for border in read_borders() if not border.right for piece in pairwise(border.points)}
    pieces = {
        tuple(Point(round(x * 1000), round(y * 1000)) for x, y in piece)
        for rings in outlines(read_borders()).values()
        for ring in rings
        for piece in pairwise(ring)
    }
    alone = {piece for piece in pieces if piece[::-1] not in pieces}
    assert alone == edge


def square(code: str, west: float, south: float, east: float, north: float, *holes: list[list[float]]) -> dict[str, object]:
    ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
    return {"properties": {"terc": code}, "geometry": {"type": "Polygon", "coordinates": [ring, *holes]}}


def test_a_city_inside_a_powiat_is_a_hole_in_it() -> None:
    around = [[20.2, 50.2], [20.2, 50.4], [20.4, 50.4], [20.4, 50.2], [20.2, 50.2]]
    made = borders(
        [square("0101", 20, 50, 21, 51, around), square("0161", 20.2, 50.2, 20.4, 50.4), square("0102", 21, 50, 22, 51)]
    )
    assert [(border.left, border.right) for border in made] == [("0101", ""), ("0101", "0102"), ("0101", "0161"), ("0102", "")]
    found = outlines(made)
    assert [len(found[code]) for code in ("0101", "0102", "0161")] == [2, 1, 1]
    area = [[[list(point) for point in ring] for ring in found["0101"]]]
    assert is_inside(20.5, 50.5, area)
    assert not is_inside(20.3, 50.3, area)


def test_small_bends_go_and_ends_stay() -> None:
    ring = [[20, 50], [20, 51], [20.5, 51.0004], [21, 51], [21, 50], [20, 50]]
    feature = {"properties": {"terc": "0101"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (border,) = borders([feature])
    assert len(border.points) == 5


@pytest.mark.parametrize("content", ["", "a,b\n", "left,right,points\n0101,,1 2 x\n", "left,right,points\n0101,,1 2 3\n"])
def test_a_damaged_table_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(UsageError, match=FILE):
        read_borders(tmp_path)


def test_a_border_that_leads_nowhere_is_named() -> None:
    with pytest.raises(UsageError, match="none goes on"):
        outlines([Border("0101", "", (Point(0, 0), Point(1, 0)))])


def test_the_table_reads_back(tmp_path: Path) -> None:
    made = [Border("0101", "", (Point(20000, 50000), Point(20000, 51000), Point(20000, 50000)))]
    (tmp_path / FILE).write_bytes(borders_bytes(made))
    assert read_borders(tmp_path) == made
