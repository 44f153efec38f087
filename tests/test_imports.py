"""The rooms import one way only, and the doors to the outside stand where the design says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pipeline"

# A module may import modules of its own rank or lower. The longest matching name decides. Rooms inside a room stand in an order
# of their own, behind the point.
RANKS: dict[str, float] = {
    "pipeline": 0,
    "pipeline.errors": 0,
    "pipeline.config": 1,
    "pipeline.outcome": 1,
    "pipeline.records": 1,
    "pipeline.schema": 1,
    "pipeline.places": 0,
    "pipeline.bare_arrow": 0,
    "pipeline.collecting": 0,
    "pipeline.forks": 0,
    "pipeline.interrupts": 0,
    "pipeline.temporary": 0,
    "pipeline.storage": 2,
    "pipeline.terminal": 1,
    "pipeline.engine": 2,
    "pipeline.normalise": 2,
    "pipeline.privacy": 3,
    "pipeline.registers": 3,
    "pipeline.archive": 3,
    "pipeline.extract": 4,  # the parsers' tools: page, lines, charset, labelled fields …
    "pipeline.sources": 5,
    "pipeline.forgetting": 5,  # what a crawl must not let in
    "pipeline.forgetting.crawled": 6.3,
    "pipeline.forgetting.files": 6,
    "pipeline.forgetting.finding": 6,
    "pipeline.forgetting.snapshots": 9,
    "pipeline.forgetting.run": 9,
    "pipeline.forgetting.told": 9,
    "pipeline.crawl.network": 6.1,
    "pipeline.crawl.politeness": 6.2,
    "pipeline.crawl.scoping": 6.2,
    "pipeline.crawl.ledger": 6.3,
    "pipeline.crawl.recording": 6.4,
    "pipeline.crawl": 6.5,
    "pipeline.crawl.runs": 6.6,
    "pipeline.crawl.webarchives": 6.7,
    "pipeline.crawl.workers": 6.7,
    "pipeline.extract.attached": 4.1,
    "pipeline.extract.people": 4.1,
    "pipeline.extract.partnerships": 4.2,
    "pipeline.extract.articles": 4.3,
    "pipeline.extract.decks": 4.4,
    "pipeline.extract.shells": 4.4,
    "pipeline.extract.worker": 6,
    "pipeline.extract.run": 6,
    "pipeline.extract.ready": 7,
    "pipeline.build.environment": 7.1,
    "pipeline.build.latest": 7.1,
    "pipeline.build.workers": 7.1,
    "pipeline.build.tables": 7.1,
    "pipeline.build.snapshot": 7.2,
    "pipeline.build.unchanged": 7.2,
    "pipeline.build.choice": 7.2,
    "pipeline.build.records": 7.3,
    "pipeline.build.gate": 7.3,
    "pipeline.build.edition": 7.4,
    "pipeline.build": 7.5,
    "pipeline.build.run": 7.6,
    "pipeline.build.upkeep": 7.7,
    "pipeline.build.ready": 7.7,
    "pipeline.report": 7.2,
    "pipeline.explorer": 7.2,
    "pipeline.explorer.blocks": 2,  # the scan for personal data opens them
    "pipeline.trace": 8,
    "pipeline.analysis": 8,
    "pipeline.scaffold": 8,
    "pipeline.demo": 9,
    "pipeline.commands": 9,
    "pipeline.cli": 10,
    "pipeline.__main__": 11,
}
UPWARD = {
    "pipeline.cli": {"pipeline.commands"},  # the type of a later room, named for the type checker alone
    "pipeline": {"pipeline.analysis.frames"},  # `load`, when it is first asked for
}
ONLY_IN = {
    "httpx": ("pipeline.crawl.network.transport",),
    "boto3": ("pipeline.storage.s3",),
    "selectolax": ("pipeline.extract.page", "pipeline.extract.borders", "pipeline.extract.lines"),
    "os.environ": ("pipeline.config",),
}
NOT_IN_SOURCES = (
    "httpx",
    "pandas",
    "pyarrow",
    "warcio",
    "sqlite3",
    "pathlib",
    "os",
    "io",
    "socket",
    "urllib.request",
    "subprocess",
)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in MODULES}
    return found


def rank(name: str) -> float:
    while name not in RANKS:
        name = name.rpartition(".")[0]
    return RANKS[name]


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way(name: str) -> None:
    upward = {other for other in imported(MODULES[name]) if other.startswith("pipeline.") and rank(other) > rank(name)}
    assert upward <= UPWARD.get(name, set()), f"{name} imports upward: {upward}"


@pytest.mark.parametrize("library", [library for library in ONLY_IN if library != "os.environ"])
def test_doors_to_the_outside(library: str) -> None:
    importers = {
        name for name, path in MODULES.items() if any(i == library or i.startswith(f"{library}.") for i in imported(path))
    }
    assert importers <= set(ONLY_IN[library])


def test_only_config_reads_the_environment() -> None:
    words = re.compile(r"(?<!-)\benviron\b|\bgetenv\b")  # "pre-spawn-environ" is a setting of Dask's
    readers = {name for name, path in MODULES.items() if words.search(path.read_text("utf-8"))}
    assert readers <= {"pipeline.config"}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in MODULES
        if name.startswith("pipeline.sources.")
        and name.rpartition(".")[2] not in ("spec", "loading", "discovery", "labels")  # no publisher's
    ],
)
def test_sources_do_no_io(name: str) -> None:
    forbidden = {i for i in imported(MODULES[name]) if i.split(".")[0] in NOT_IN_SOURCES or i in NOT_IN_SOURCES}
    assert not forbidden
    assert "open(" not in MODULES[name].read_text("utf-8")


def test_files_stay_small() -> None:
    long = {name: lines for name, path in MODULES.items() if (lines := path.read_text("utf-8").count("\n")) > 400}
    assert not long
