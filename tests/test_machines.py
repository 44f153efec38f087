"""Every command with ``--json``: one JSON object on stdout, whatever happens; with ``--quiet`` nothing that is no result."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.commands import commands

# What each command is given: once so that it works on the sample's data, once on an empty folder.
ARGUMENTS = {
    "import": ["{here}/page.html"],
    "why": ["https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=1&art=112"],
    "query": ["SELECT 1 AS one"],
    "extract": ["--engine", "serial"],
    "reproduce": ["--engine", "serial"],
    "diff": ["latest"],
    "prune": ["--keep", "1", "--dry-run"],
    "trace": ["practices", "bdp:112", "population"],
    "new-source": ["made_up", "--sources-dir", "{here}/sources"],
    "check-source": ["bdp"],
    "completion": ["bash"],
    "crawl": ["no_such_source"],
    "demo": ["--engine", "no_such_engine"],
    "forget": ["--help-is-not-an-option"],
    "serve": ["--help-is-not-an-option"],
}
NAMES = [command.name for command in commands()]


@pytest.fixture(scope="module")
def copy(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's data, to be written into."""
    folder = tmp_path_factory.mktemp("copy") / "data"
    shutil.copytree(demo_folder / "demo-data", folder, symlinks=True)
    return folder


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ["sample", "empty"])
def test_one_json_object(
    name: str,
    place: str,
    copy: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "page.html").write_text("<title>Nowy park</title><p>Gmina otworzyła park.</p>", "utf-8")
    arguments = [argument.format(here=tmp_path) for argument in ARGUMENTS.get(name, [])]
    folder = copy if place == "sample" else tmp_path / "empty"
    capsys.readouterr()
    try:
        code = main([name, *arguments, "--json", "--data-dir", str(folder)])
    except SystemExit as wrong:
        code = int(str(wrong.code))
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    if "error" in found:
        assert found["exit_code"] == code != 0
    else:
        assert code in (0, 1, 5)


@pytest.mark.parametrize("name", ["import", "extract", "status", "check-archive", "sources", "registers"])
def test_quiet_says_results_only(name: str, copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_text("<title>Nowy park</title><p>Gmina otworzyła park.</p>", "utf-8")
    arguments = [argument.format(here=tmp_path) for argument in ARGUMENTS.get(name, [])]
    main([name, *arguments, "--quiet", "--data-dir", str(copy)])
    printed = capsys.readouterr()
    assert printed.out.strip()
    assert "Next:" not in printed.out
    assert printed.err == ""
