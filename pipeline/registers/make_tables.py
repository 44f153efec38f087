"""Make the compact register tables: `python -m pipeline.registers.make_tables FOLDER [TARGET]`.

FOLDER holds the official editions and the sources of points named below; the same files make the same bytes. What
is taken from which file, and under which licence, stands in data/PROVENANCE.md.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import msgspec

from pipeline.registers.geometry import Polygon, centre, is_inside, polygons
from pipeline.registers.layouts import CITY_WITH_POWIAT_RIGHTS, edition_of
from pipeline.registers.names import folded
from pipeline.registers.tables import (
    DATA_DIR,
    EDITIONS_FILE,
    FILES,
    LOCALITIES_FILE,
    Register,
    UnitRow,
    editions_bytes,
    point_key,
    table_bytes,
    with_edition,
)

EDITIONS = (
    "pl_terc_2016-01-01.csv",
    "pl_terc_2020-01-01.csv",
    "pl_terc_2024-01-01.csv",
    "pl_gminas_2025-01-06.csv",
    "ua_katottg_2024-01-19.csv",
)
PRNG_FILE = "pl_localities_prng_2021-05-11.csv.gz"
SIMC_FILE = "pl_simc_2020-09-26.csv.gz"
GEONAMES_FILE = "geonames_cities500_pl_ua.csv"
BOUNDARY_FILES = (
    "pl_boundaries_voivodeships_2020.geojson",
    "pl_boundaries_powiats_2020.geojson",
    "pl_boundaries_gminas_2020.geojson",
)
TOWNS_AND_VILLAGES = ("01", "96")
GEONAMES_MAZOWIECKIE = "78"
LARGE_TOWN = 5000
"""Inhabitants above which a GeoNames entry is taken for the town, when villages of the oblast bear its name too."""

# GeoNames keeps the FIPS 10-4 numbers of regions; KATOTTH the numbers of the ministry's order 290 of 2020.
OBLAST_BY_FIPS = dict(
    pair.split(":")
    for pair in (
        "01:71 02:74 03:73 04:12 05:14 06:26 07:63 08:65 09:68 10:35 11:01 12:80 13:32 14:44 15:46 16:48 17:51 18:53 "
        "19:56 20:85 21:59 22:61 23:05 24:07 25:21 26:23 27:18"
    ).split()
)

Point = tuple[str, str]


def tables(folder: Path) -> dict[str, bytes]:
    """File name → bytes of every table, made from the reference files in ``folder``."""
    rows: dict[Register, list[UnitRow]] = {"TERC": [], "KATOTTH": []}
    editions: list[tuple[str, str, str]] = []
    for name in EDITIONS:
        edition = edition_of(folder / name)
        rows[edition.register] = with_edition(rows[edition.register], edition, is_oldest=not rows[edition.register])
        editions.append((edition.register, edition.on, edition.scope))
    return {
        FILES["TERC"]: table_bytes(_with_polish_points(rows["TERC"], folder)),
        FILES["KATOTTH"]: table_bytes(_with_ukrainian_points(rows["KATOTTH"], folder)),
        EDITIONS_FILE: editions_bytes(editions),
        LOCALITIES_FILE: gzip.compress(_localities(folder), mtime=0),
    }


def _cells(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
    else:
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def _localities(folder: Path) -> bytes:
    """One line a gmina: its six digits, then the names of its towns and villages (not of their parts) parted by "|"."""
    names: dict[str, set[str]] = defaultdict(set)
    for cells in _cells(folder / SIMC_FILE):
        if cells["sym"] == cells["sympod"] and cells["rm"] in TOWNS_AND_VILLAGES:
            names[cells["terc"][:6]].add(cells["nazwa"])
    return "".join(f"{code},{'|'.join(sorted(names[code]))}\n" for code in sorted(names)).encode()


def _with_polish_points(rows: list[UnitRow], folder: Path) -> list[UnitRow]:
    areas = _areas(folder)
    points: dict[str, tuple[str, str, str]] = {}
    for code, area in areas.items():
        middle = centre(area)
        if middle is not None:
            points[code] = (f"{middle[1]:.4f}", f"{middle[0]:.4f}", "centre")
    for code, (latitude, longitude) in _seats(rows, folder).items():
        # A name that also stands on an old gmina of PRNG can lead astray: the point must lie in the gmina's boundary.
        if code not in areas or is_inside(float(longitude), float(latitude), areas[code]):
            points[code] = (latitude, longitude, "seat")
    for code, (latitude, longitude) in _warsaw_districts(rows, folder).items():
        if is_inside(float(longitude), float(latitude), areas["146501"]):
            points[code] = (latitude, longitude, "seat")
    for row in rows:
        if row.kind == CITY_WITH_POWIAT_RIGHTS and row.code[:6] in points:
            points[row.code[:4]] = points[row.code[:6]]
    return [_at(row, points.get(point_key(row.code))) for row in rows]


def _at(row: UnitRow, point: tuple[str, str, str] | None) -> UnitRow:
    if point is None:
        return row
    latitude, longitude, kind = point
    return msgspec.structs.replace(row, lat=latitude, lon=longitude, point=kind)


def _areas(folder: Path) -> dict[str, list[Polygon]]:
    areas: dict[str, list[Polygon]] = {}
    for name in BOUNDARY_FILES:
        for feature in json.loads((folder / name).read_bytes())["features"]:
            areas[feature["properties"]["terc"][:6]] = polygons(feature["geometry"])
    return areas


def _seats(rows: list[UnitRow], folder: Path) -> dict[str, Point]:
    """Six digits → the point of the one place that bears the gmina's own name inside the gmina, as PRNG states it."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if len(row.code) <= 4:
            names[row.code].add(folded(row.name))
    gminas: dict[tuple[str, str, str, bool], str] = {}
    for row in rows:
        if len(row.code) == 7 and row.code[6] in "123":
            for voivodeship, powiat in product(names[row.code[:2]], names[row.code[:4]]):
                gminas[voivodeship, powiat, folded(row.name), row.code[6] == "1"] = row.code[:6]
    found: dict[str, set[Point]] = defaultdict(set)
    for cells in _cells(folder / PRNG_FILE):
        gmina, _, kind = cells["gmina"].rpartition("-gmina ")
        code = gminas.get((folded(cells["voivodeship"]), folded(cells["powiat"]), folded(gmina), kind == "miejska"))
        if code is not None and folded(cells["name"]) == folded(gmina):
            found[code].add((cells["lat"], cells["lon"]))
    return {code: next(iter(points)) for code, points in found.items() if len(points) == 1}


def _warsaw_districts(rows: list[UnitRow], folder: Path) -> dict[str, Point]:
    """District code → point, where exactly one GeoNames place of the voivodeship bears the district's name."""
    found: dict[str, list[Point]] = defaultdict(list)
    for cells in _cells(folder / GEONAMES_FILE):
        if cells["country"] == "PL" and cells["admin1"] == GEONAMES_MAZOWIECKIE:
            point = f"{float(cells['lat']):.4f}", f"{float(cells['lon']):.4f}"
            for name in {folded(cells["name"]), *map(folded, cells["alternatenames"].split("|"))}:
                found[name].append(point)
    return {
        row.code: found[folded(row.name)][0] for row in rows if row.kind == "dzielnica" and len(found[folded(row.name)]) == 1
    }


def _with_ukrainian_points(rows: list[UnitRow], folder: Path) -> list[UnitRow]:
    """Points of cities, and of hromadas by their seats, where oblast and Ukrainian name lead to one GeoNames place."""
    settlements: dict[tuple[str, str], int] = defaultdict(int)
    for cells in _cells(folder / "ua_katottg_2024-01-19.csv"):
        if cells["category"] in "MXCK":
            settlements[cells["katottg"][2:4], folded(cells["name_uk"])] += 1
    found: dict[tuple[str, str], list[tuple[int, Point]]] = defaultdict(list)
    for cells in _cells(folder / GEONAMES_FILE):
        if cells["country"] == "UA" and cells["admin1"] in OBLAST_BY_FIPS:
            point = f"{float(cells['lat']):.4f}", f"{float(cells['lon']):.4f}"
            for name in {folded(alternative) for alternative in cells["alternatenames"].split("|")}:
                found[OBLAST_BY_FIPS[cells["admin1"]], name].append((int(cells["population"] or 0), point))

    def point_of(oblast: str, name: str, *, is_city: bool) -> tuple[str, str, str] | None:
        places = found.get((oblast, folded(name)), [])
        if is_city and (len(places) > 1 or settlements[oblast, folded(name)] > 1):
            places = [place for place in places if place[0] >= LARGE_TOWN]
        elif settlements[oblast, folded(name)] > 1:
            return None
        return (*places[0][1], "seat") if len(places) == 1 else None

    pointed: list[UnitRow] = []
    for row in rows:
        name, is_city = (row.seat, row.seat_kind == "city") if row.kind == "hromada" else (row.name, True)
        known = point_of(row.code[2:4], name, is_city=is_city) if row.kind in ("hromada", "city", "special_city") else None
        pointed.append(_at(row, known))
    return pointed


def main(arguments: list[str]) -> None:
    """Write the tables made from the folder named first into the folder named second (the package's data by default)."""
    folder, target = Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else DATA_DIR
    for name, content in tables(folder).items():
        (target / name).write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
