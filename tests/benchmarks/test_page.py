"""docs/scale.md holds the results as they stand in benchmarks/results/full.json."""

import re
from pathlib import Path

from benchmarks.__main__ import figure_names
from benchmarks.page import PAGE, with_tables


def test_the_page_is_as_the_results() -> None:
    text = PAGE.read_text("utf-8")
    assert with_tables(text) == text, "docs/scale.md is stale: python -m benchmarks.page"


def test_every_figure_has_its_table() -> None:
    assert set(re.findall(r"<!-- table (\w+) -->", PAGE.read_text("utf-8"))) == {*figure_names(), "cost", "scenarios", "month"}


def test_a_figure_that_was_not_measured_is_said_to_be_missing(tmp_path: Path) -> None:
    text = "Before\n<!-- table f1_one_process -->\nold\n<!-- end -->\nAfter\n"
    told = with_tables(text, tmp_path / "none.json")
    assert told == "Before\n<!-- table f1_one_process -->\nNot measured yet: `make bench`.\n<!-- end -->\nAfter\n"
