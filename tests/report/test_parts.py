"""Figures, drawings and commands of the report, part by part."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.book import step_of
from pipeline.report.charts import Bar, bars, columns, shortened
from pipeline.report.figures import by_population, by_year
from pipeline.report.markup import Markup
from pipeline.report.outline import Dot, country
from pipeline.report.quality import trace_command
from pipeline.report.svg import length


def test_no_year_is_left_out_and_what_is_not_known_is_counted() -> None:
    days = [dt.date(2011, 5, 1), dt.date(2011, 6, 1), dt.date(2013, 1, 1), None]
    assert by_year(days) == ([(2011, 2), (2012, 0), (2013, 1)], 1)
    assert by_year([None]) == ([], 1)


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**8))))
def test_every_population_falls_into_one_class(numbers: list[int | None]) -> None:
    classes, unknown = by_population(numbers)
    assert sum(count for _, _, count in classes) + unknown == len(numbers)
    assert [high for _, high, _ in classes][:-1] == [low for low, _, _ in classes][1:]


def test_bounds_of_classes_belong_to_the_upper_class() -> None:
    classes, _ = by_population([1999, 2000, 500_000])
    assert [count for _, _, count in classes] == [1, 1, 0, 0, 0, 0, 0, 1]


def test_only_nothing_and_all_stand_at_the_ends_of_the_scale() -> None:
    assert [step_of(share) for share in (0, 0.001, 0.25, 0.5, 0.99, 1)] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("issue", "command"),
    [
        (("practices", "bdp:1", "population"), "praktyki trace practices bdp:1 population --snapshot S"),
        (("practices", "bdp:1", None), "praktyki trace practices bdp:1 --snapshot S"),
        (("practices", "bdp:1", "no_such"), "praktyki trace practices bdp:1 --snapshot S"),
        (("slides", "slideplayer.pl:7", "text"), "praktyki trace presentations slideplayer.pl:7 --snapshot S"),
        (("practice_attachments", "bdp:1", None), "praktyki trace practices bdp:1 --snapshot S"),
        (("articles", "blogger:a/$(rm -rf ~)'.html", "title"),
         "praktyki trace articles 'blogger:a/$(rm -rf ~)'\"'\"'.html' title --snapshot S"),
        (("nonsense", "x", None), None),
        (("practices", None, None), None),
    ],
)  # fmt: skip
def test_the_trace_command_of_an_issue(issue: tuple[str, str | None, str | None], command: str | None) -> None:
    assert trace_command(*issue, "S") == command


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - made above


HOSTILE = "</text><script>alert(1)</script>\" onload='a()' {{7*7}} \x00\u202e"


@pytest.mark.parametrize(
    "drawn",
    [
        bars([Bar(HOSTILE, 3), Bar("{{7*7}}", 0)], 'fig"1'),
        columns([Bar(HOSTILE, 3, 2)], 'fig"1'),
        country({"3006": (4, HOSTILE)}, [Dot(17.5, 51.97, HOSTILE)], [Dot(21, 52, HOSTILE)], 'fig"1'),
    ],
)
def test_a_drawing_has_shapes_and_text_and_nothing_else(drawn: Markup) -> None:
    elements = [*parsed(drawn).iter()]
    assert {element.tag for element in elements} <= {"svg", "path", "rect", "text", "title"}
    assert {name for element in elements for name in element.attrib} <= {
        *("role", "aria-labelledby", "viewBox", "x", "y", "width", "height", "d"),
        *("fill", "stroke", "stroke-width", "font-size", "text-anchor"),
    }
    assert {element.get("fill", "none").partition("-")[0] for element in elements} == {"none", "var("}
    assert not any(re.search(r"[\x00\u202e]", element.text or "") for element in elements)


def test_bars_are_as_long_as_their_numbers_and_end_within_the_drawing() -> None:
    drawn = bars([Bar("Oświata", 1_234_567), Bar("Kultura", 617_283), Bar("", 0)], "a")
    assert drawn is not None
    root = parsed(drawn)
    left, _, width, _ = map(float, root.get("viewBox", "").split())
    long = {bar.findtext("title"): float(bar.get("width", "")) for bar in root.iter("rect")}
    assert long["Oświata: 1\u202f234\u202f567"] == pytest.approx(2 * long["Kultura: 617\u202f283"], abs=0.1)
    assert long[": 0"] == 0
    ends = [float(text.get("x", "")) for text in root.iter("text")]
    assert all(left < end < left + width for end in ends)
    assert bars([], "a") is None


def test_columns_stand_on_the_line_with_what_was_lost_above_them() -> None:
    drawn = columns([Bar("listed", 8), Bar("fetched", 5, 3), Bar("gone", 0)], "a")
    assert drawn is not None
    root = parsed(drawn)
    boxes = {bar.findtext("title"): [float(bar.get(side, "")) for side in ("y", "height")] for bar in root.iter("rect")}
    assert set(boxes) == {"listed: 8", "fetched: 5", "fetched: −3"}
    (lost_top, lost_height), (top, height) = boxes["fetched: −3"], boxes["fetched: 5"]
    assert lost_top + lost_height == pytest.approx(top, abs=0.1)
    assert top + height == pytest.approx(200, abs=0.1)
    assert boxes["listed: 8"] == pytest.approx([lost_top, height + lost_height], abs=0.15)
    assert [text.text for text in root.iter("text")] == ["8", "listed", "−3", "5", "fetched", "gone"]
    assert columns([], "a") is None


def test_of_many_columns_every_third_is_named_and_none_counted() -> None:
    drawn = columns([Bar(str(year), 1) for year in range(1990, 2020)], "a", every=3)
    assert drawn is not None
    assert [text.text for text in parsed(drawn).iter("text")] == [str(year) for year in range(1990, 2020, 3)]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Kultura", "Kultura"),
        ("gmina miejsko-wiejska", "gmina miejsko-wiejska"),
        ("Zarządzanie zasobami ludzkimi i kompetencjami", "Zarządzanie zasobami…"),
        ("W" * 40, "W" * 12 + "…"),
        ("界" * 40, "界" * 10 + "…"),
        ("", ""),
    ],
)
def test_a_label_is_cut_to_the_room_it_has(told: str, shown: str) -> None:
    assert shortened(told) == shown


def test_lengths_are_told_to_a_tenth_whatever_their_size() -> None:
    assert [length(value) for value in (0, 0.04, -0.04, 1.25, 229.576, 1_234_567.89)] == [
        "0", "0", "-0", "1.2", "229.6", "1234567.9"
    ]  # fmt: skip


def test_the_map_shades_powiats_and_sets_points() -> None:
    drawn = country({"3006": (4, "jarociński: 9"), "0201": (0, "<b>")}, [Dot(17.5, 51.97, "Jarocin: 1")], [], "m")
    root = parsed(drawn)
    marked = {element.findtext("title"): element.get("fill") for element in root.iter() if element.find("title") is not None}
    assert marked == {"jarociński: 9": "var(--scale-4)", "<b>": "var(--scale-0)", "Jarocin: 1": "var(--deck)"}
    assert drawn == country({"3006": (4, "jarociński: 9"), "0201": (0, "<b>")}, [Dot(17.5, 51.97, "Jarocin: 1")], [], "m")


def test_the_map_has_the_country_within_its_edges_and_areas_as_they_are() -> None:
    """Measured areas of two powiats of north and south, in square kilometres: GUS, Powierzchnia i ludność 2020."""
    shown = {"2201": (0, "bytowski"), "1801": (0, "bieszczadzki")}
    drawn = country(shown, [Dot(19.0, 52.0, "middle"), Dot(19.0, 53.0, "north of it")], [], "m")
    root = parsed(drawn)
    points = [(float(x), float(y)) for path in root.iter("path") for x, y in _positions(path)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    assert min(xs) >= 0
    assert max(xs) <= 860
    assert (min(ys), max(ys)) == pytest.approx((0, 800), abs=0.1) or (min(xs), max(xs)) == pytest.approx((0, 860), abs=0.1)
    areas = {path.findtext("title"): _area(path) for path in root.iter("path")}
    assert areas["bytowski"] / areas["bieszczadzki"] == pytest.approx(2193 / 1139, rel=0.01)
    first = {path.findtext("title"): _positions(path)[0] for path in root.iter("path")}
    assert first["north of it"][0] == first["middle"][0]
    assert float(first["north of it"][1]) < float(first["middle"][1])


def _positions(path: ET.Element) -> list[tuple[str, str]]:
    return re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path.get("d", ""))


def _area(path: ET.Element) -> float:
    corners = [(float(x), float(y)) for x, y in _positions(path)]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(corners))) / 2
