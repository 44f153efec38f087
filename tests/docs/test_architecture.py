"""docs/architecture.md draws the rooms and ranks there are."""

from __future__ import annotations

import ast
import re

from docs_kit import PROJECT
from test_imports import ONLY_IN, PACKAGE, RANKS, UPWARD

PAGE = (PROJECT / "docs" / "architecture.md").read_text("utf-8")
RANK_ROW = re.compile(r"^\| ([\d.]+) \| (.*) \|$", re.MULTILINE)


def test_ranks_are_those_that_are_tested() -> None:
    drawn = {
        f"pipeline.{name}": float(rank) for rank, names in RANK_ROW.findall(PAGE) for name in re.findall(r"`([\w.]+)`", names)
    }
    assert drawn == {name: rank for name, rank in RANKS.items() if name != "pipeline"}


def test_every_room_is_listed() -> None:
    rooms = {path.parent.relative_to(PACKAGE): ast.parse(path.read_text("utf-8")) for path in PACKAGE.glob("*/**/__init__.py")}
    told = {f"{room.as_posix()}/": (ast.get_docstring(module) or "").partition("\n")[0] for room, module in rooms.items()}
    listed = dict(re.findall(r"^\| `([\w/]+/)` \| (.*) \|$", PAGE, re.MULTILINE))
    assert listed == {room: line.replace("``", "`") for room, line in told.items()}


def test_doors_and_exceptions_are_those_that_are_tested() -> None:
    doors = {"httpx": "crawl/network/transport.py", "boto3": "storage/s3.py"}
    assert {library: f"pipeline.{path[:-3].replace('/', '.')}" for library, path in doors.items()}.items() <= {
        library: modules[0] for library, modules in ONLY_IN.items()
    }.items()
    assert all(f"{library} in" in PAGE and path in PAGE.replace("\n", " ") for library, path in doors.items())
    assert UPWARD["pipeline"] == {"pipeline.analysis.frames"}


def test_every_stage_is_drawn() -> None:
    drawing = PAGE.split("```mermaid")[1].split("```")[0]
    for word in (
        "raw/",
        "extracted/",
        "datasets/",
        "crawl",
        "import",
        "extract",
        "build",
        "gate",
        "report",
        "query",
        "load",
        "trace",
    ):
        assert word in drawing
