"""Figures, drawings and commands of the report, part by part."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.book import step_of
from pipeline.report.charts import Bar, Dot, bars, can_draw, columns, country
from pipeline.report.figures import by_population, by_year
from pipeline.report.quality import trace_command
from pipeline.report.svg import COLOURS, inlined

pytestmark = pytest.mark.usefixtures("drawn")
draws = pytest.mark.skipif(not can_draw(), reason="the extra `report` is not installed")


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
    return ET.fromstring(drawing)  # noqa: S314 - as above


HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" onload="a()">
<script>alert(1)</script><style>@import url(//x)</style><image xlink:href="https://example.org/x.png"/>
<a xlink:href="javascript:a()"><text>kept out</text></a><g id="x" style="fill: red" onclick="a()" fill="url(#x)">
<path d="M0.123456,1e-9L2,3" fill="%s" class="mark"/><text x="1">&lt;b&gt;\u202e</text></g>
<foreignObject><b/></foreignObject></svg>"""


def test_a_drawing_keeps_shapes_and_nothing_else() -> None:
    drawn = inlined(HOSTILE % COLOURS["mark"], 'fig"1')
    root = parsed(drawn)
    assert {element.tag for element in root.iter()} == {"svg", "g", "path", "text", "span"}
    assert {name for element in root.iter() for name in element.attrib} == {
        "role", "aria-labelledby", "viewBox", "fill", "d", "x", "class"
    }  # fmt: skip
    assert 'd="M0.1,1e-9L2,3" fill="var(--mark)"' in drawn
    assert 'fill="none"' in drawn
    assert "example.org" not in drawn


@draws
def test_charts_show_labels_as_text_and_draw_the_same_twice() -> None:
    rows = [Bar("</text><script>alert(1)</script>", 1234567), Bar("{{7*7}}", 0), Bar("zażółć\u202e", 3)]
    for first, second in zip(*([bars(rows, "a"), columns([Bar("a", 3, 2), Bar("b", 0)], "a")] for _ in range(2)), strict=True):
        assert first == second
        assert first is not None
        assert "<script" not in first
        assert "style=" not in first
        parsed(first)
    assert "1\u202f234\u202f567" in str(bars(rows, "a"))
    assert bars([], "a") is None


@draws
def test_the_map_shades_powiats_and_sets_points() -> None:
    drawn = country({"3006": (4, "jarociński: 9"), "0201": (0, "<b>")}, [Dot(17.5, 51.97, "Jarocin: 1")], [], "m")
    assert drawn is not None
    root = parsed(drawn)
    marked = {element.findtext("title"): element.get("fill") for element in root.iter() if element.find("title") is not None}
    assert marked == {"jarociński: 9": "var(--scale-4)", "<b>": "var(--scale-0)", "Jarocin: 1": "var(--deck)"}
