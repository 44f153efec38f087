"""The gold set: pages of all kinds through import, extract and build, held against rows written by people who read them.

``pages.toml`` names the pages, ``expected/<table>.jsonl`` a row a line, ``floors.toml`` what must be reached. The expected
rows say what the page says; where the program falls short the floor tells how far it comes, and rises when it comes further.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from gold.figures import FIGURES, HEADING, Figure, Told, lines_of, told

from pipeline.cli import main

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES: list[dict[str, str]] = tomllib.loads((HERE / "pages.toml").read_text("utf-8"))["page"]
FLOORS: dict[str, dict[str, list[float]]] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))

WHOLE = {
    "partnerships": (
        ["name", "parties", "initiators", "agreement", "founded"],
        [
            "name",
            "former_name",
            "kind",
            "founded",
            "initiators",
            "coordinator",
            "parties",
            "programme",
            "area",
            "agreement",
            "agreement_on",
        ],
    ),
    "people": (["name", "role"], ["name", "role", "organisation"]),
}
"""Tables whose gold is complete, with the columns that tell which rows belong together, and those that are held."""

KEYS = {
    "articles": ["text_starts", "text_ends", "title"],
    "practices": ["practice_id", "title"],
    "practice_sections": ["position", "heading"],
    "practice_contacts": ["position", "name"],
    "practice_attachments": ["position", "title"],
    "presentations": ["presentation_id"],
    "slides": ["position"],
    "record_places": ["place_id"],
}
RESTRICTED = ("people", "practice_contacts")
TABLES = [*WHOLE, *KEYS]

Row = dict[str, Any]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """Rows of every table, each with the name of its page; record_places on the page of the record they link."""
    inputs, data = tmp_path_factory.mktemp("pages"), tmp_path_factory.mktemp("gold")
    page_of: dict[str, str] = {}
    with (inputs / "captures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "url", "fetched_at"])
        for page in PAGES:
            source = ROOT / page["file"]
            name = page["name"] + source.suffix
            shutil.copyfile(source, inputs / name)
            writer.writerow([name, page.get("url", ""), ""])
            page_of["sha1:" + base64.b32encode(hashlib.sha1(source.read_bytes(), usedforsecurity=False).digest()).decode()] = (
                page["name"]
            )
    for command in (["import", str(inputs)], ["extract"], ["build"]):
        assert main([*command, "--data-dir", str(data), "--quiet"]) == 0
    latest = data / "datasets" / "latest"
    captures = {
        row["capture_id"]: page_of[row["body_digest"]] for row in pq.read_table(latest / "captures.parquet").to_pylist()
    }
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        file_name = f"restricted/{table}.parquet" if table in RESTRICTED else f"{table}.parquet"
        found[table] = [{**row, "page": captures[row["capture_id"]]} for row in pq.read_table(latest / file_name).to_pylist()]
    return found


@pytest.fixture(scope="module")
def figures(snapshot: dict[str, list[Row]], request: pytest.FixtureRequest) -> dict[str, Told]:
    made = {table: _told(table, snapshot[table]) for table in TABLES}
    lines = [HEADING]
    for table, figure in made.items():
        lines += lines_of(table, figure)
    lines += [f"{table}: {line}" for table, figure in made.items() for line in figure.differences]
    request.config.stash[FIGURES] = lines
    return made


def _told(table: str, found: list[Row]) -> Told:
    lines = (HERE / "expected" / f"{table}.jsonl").read_text("utf-8").splitlines()
    expected: list[Row] = [json.loads(line) for line in lines]
    if table in WHOLE:
        keys, columns = WHOLE[table]
        return told(expected, found, keys, columns, whole=True)
    named = dict.fromkeys(name for row in expected for name in row if name != "page")
    if table == "record_places":
        expected = [{**row, "place_id": f"{row['table']} {row['place_id']}"} for row in expected]
        found = [{**row, "place_id": f"{row['table']} {row['place_id']}"} for row in found]
    return told(expected, found, KEYS[table], list(named), whole=False)


def test_the_set_is_large_enough() -> None:
    assert len(PAGES) >= 40
    assert len({page["name"] for page in PAGES}) == len(PAGES)
    assert all((ROOT / page["file"]).is_file() for page in PAGES)


def test_every_expected_row_is_of_a_page_of_the_set() -> None:
    names = {page["name"] for page in PAGES}
    for table in TABLES:
        lines = (HERE / "expected" / f"{table}.jsonl").read_text("utf-8").splitlines()
        assert {json.loads(line)["page"] for line in lines} <= names, table


@pytest.mark.parametrize("table", TABLES)
def test_no_figure_falls_below_its_floor(table: str, figures: dict[str, Told]) -> None:
    made: dict[str, Figure] = {"rows": figures[table].rows, **figures[table].columns}
    assert set(FLOORS[table]) == set(made), "every figure has a floor and every floor a figure"
    below = {
        name: (round(figure.precision, 3), round(figure.recall, 3))
        for name, figure in made.items()
        if figure.precision < FLOORS[table][name][0] or figure.recall < FLOORS[table][name][1]
    }
    assert below == {}, "\n".join(figures[table].differences)
