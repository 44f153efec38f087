"""The compact tables: what they hold, and that the script in the repository makes them from the reference files."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.registers.geometry import centre, is_inside, polygons
from pipeline.registers.make_tables import tables
from pipeline.registers.tables import DATA_DIR, Edition, UnitRow, edition_dates, register_rows, with_edition

REFERENCE = Path(__file__).parents[2].parent / "shared" / "data"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference files are not beside the repository")


@needs_reference
def test_the_script_makes_the_tables_byte_for_byte() -> None:
    for name, content in tables(REFERENCE).items():
        kept = (DATA_DIR / name).read_bytes()
        if name.endswith(".gz"):
            # Other builds of zlib compress the same text to other bytes.
            content, kept = gzip.decompress(content), gzip.decompress(kept)  # noqa: PLW2901 - the pair is compared below
        assert content == kept, name


@needs_reference
def test_every_point_lies_in_the_boundary_of_its_unit() -> None:
    areas = {}
    for name in ("voivodeships", "powiats", "gminas"):
        for feature in json.loads((REFERENCE / f"pl_boundaries_{name}_2020.geojson").read_bytes())["features"]:
            areas[feature["properties"]["terc"][:6]] = polygons(feature["geometry"])
    outside = [
        row.code
        for row in register_rows("TERC")
        if row.lat and row.kind != "dzielnica" and row.code[:6] in areas
        if not is_inside(float(row.lon), float(row.lat), areas[row.code[:6]])
    ]
    # Rounding to four decimals (11 m) may put a centre beside a ragged edge, a seat never.
    assert outside == []
    districts = [row for row in register_rows("TERC") if row.kind == "dzielnica" and row.lat]
    assert len(districts) >= 14
    assert all(is_inside(float(row.lon), float(row.lat), areas["146501"]) for row in districts)


def test_the_tables_are_small_sorted_and_plain() -> None:
    assert sum(path.stat().st_size for path in DATA_DIR.iterdir()) < 700_000
    for name in ("terc.csv", "katotth.csv", "editions.csv"):
        data = (DATA_DIR / name).read_bytes()
        assert b"\r" not in data
        assert not data.startswith(b"\xef\xbb\xbf")
        lines = data.decode("utf-8").splitlines()[1:]
        assert lines == sorted(lines, key=lambda line: line.split(",")[0])


def test_counts_of_units_in_force() -> None:
    def in_force(day: str) -> list[UnitRow]:
        rows = register_rows("TERC")
        return [row for row in rows if row.valid_from <= day and (not row.valid_to or day < row.valid_to)]

    for day, gminas in (("2016-01-01", 2478), ("2020-01-01", 2477), ("2024-01-01", 2477), ("2025-01-06", 2479)):
        assert sum(len(row.code) == 7 and row.code[6] in "123" for row in in_force(day)) == gminas
        assert sum(len(row.code) == 4 for row in in_force(day)) == 380
        assert sum(row.kind == "dzielnica" for row in in_force(day)) == 18
        assert sum(row.kind == "miasto_na_prawach_powiatu" for row in in_force(day)) == 66
    assert edition_dates("TERC")[-1] == (dt.date(2025, 1, 6), "gminas")


def test_hromadas_know_their_seat() -> None:
    hromadas = [row for row in register_rows("KATOTTH") if row.kind == "hromada"]
    assert len(hromadas) == 1772
    assert {row.seat_kind for row in hromadas} == {"city", "settlement", "village"}
    assert all(row.seat for row in hromadas)


def test_provenance_stands_beside_the_tables() -> None:
    text = (DATA_DIR / "PROVENANCE.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in text
    assert "GeoNames" in text
    assert f"{len(register_rows('TERC')):,}" in text


def test_an_edition_opens_and_closes_rows() -> None:
    def unit(code: str, name: str, kind: str = "gmina_wiejska") -> UnitRow:
        return UnitRow(code=code, name=name, kind=kind, lat="50.0", lon="20.0", point="seat")

    oldest = with_edition(
        [],
        Edition(register="TERC", on="2016-01-01", scope="all", units=(unit("0201012", "A"), unit("0201022", "B"))),
        is_oldest=True,
    )
    newer = with_edition(
        oldest,
        Edition(
            register="TERC",
            on="2020-01-01",
            scope="all",
            units=(
                UnitRow(code="0201013", name="A", kind="gmina_miejsko_wiejska"),
                UnitRow(code="0201032", name="C", kind="gmina_wiejska"),
            ),
        ),
    )
    assert [(row.code, row.valid_from, row.valid_to, row.lat) for row in newer] == [
        ("0201012", "", "2020-01-01", "50.0"),
        ("0201013", "2020-01-01", "", "50.0"),
        ("0201022", "", "2020-01-01", "50.0"),
        ("0201032", "2020-01-01", "", ""),
    ]


def test_a_list_of_gminas_closes_no_powiat() -> None:
    powiat = UnitRow(code="0201", name="a", kind="powiat")
    district = UnitRow(code="1465198", name="Żoliborz", kind="dzielnica")
    after = with_edition([powiat, district], Edition(register="TERC", on="2025-01-06", scope="gminas", units=()))
    assert [row.valid_to for row in after] == ["", ""]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(14, 24), st.floats(49, 55)), min_size=3, max_size=12, unique=True))
def test_a_centre_lies_inside_its_ring(corners: list[tuple[float, float]]) -> None:
    middle = (sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners))
    ring = [list(corner) for corner in sorted(corners, key=lambda c: math.atan2(c[1] - middle[1], c[0] - middle[0]))]
    ring.append(ring[0])
    found = centre([[ring]])
    if found is not None and abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) > 1e-3:
        assert is_inside(*found, [[ring]])
