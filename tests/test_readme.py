"""The README is true: its snippets run on the demo, its example source reads a page, its lists are those of the program."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.schema.spec import tables

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SNIPPETS = [body for language, body in BLOCKS if language == "python" and "def parse" not in body]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("readme")
    assert main(["demo", "--data-dir", str(made), "--quiet"]) == 0
    return made


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_snippets_run(folder: Path, snippet: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", snippet], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_example_source_reads_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (toml,) = (body for language, body in BLOCKS if language == "toml" and "[claims]" in body)
    (module,) = (body for language, body in BLOCKS if language == "python" and "def parse" in body)
    (sources / "example_town.toml").write_text(toml, "utf-8")
    (sources / "example_town.py").write_text(module, "utf-8")
    page = tmp_path / "page.html"
    page.write_text(
        "<article><h1>Nowy park</h1><p>Gmina otworzyła park nad rzeką i zaprasza na spacery.</p></article>", "utf-8"
    )
    options = ["--data-dir", str(tmp_path / "data"), "--sources-dir", str(sources), "--quiet"]
    assert main(["import", str(page), "--url", "https://news.example.org/2025/park", *options]) == 0
    assert main(["extract", *options]) == 0
    capsys.readouterr()
    assert main(["build", *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["articles"] == 1
    (line,) = [
        line for path in (tmp_path / "data" / "extracted").rglob("*.jsonl") for line in path.read_text("utf-8").splitlines()[1:]
    ]
    assert json.loads(line)["findings"][0]["record_id"] == "example_town:/2025/park"


def test_every_table_is_listed() -> None:
    listed = set(re.findall(r"^\| `(?:restricted/)?(\w+)` \| ", README, re.MULTILINE))
    assert set(tables()) <= listed


def test_commands_listed_are_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = set(re.findall(r"^    ([a-z][a-z-]+)(?:\s|$)", capsys.readouterr().out, re.MULTILINE))
    section = README.split("## Commands")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`make [a-z]+[^|]*|–) \| (.*?) \| ", section, re.MULTILINE)
    listed = {
        re.split(r"[ `\[]", command.strip("`"))[0]
        for _, command in rows
        if command.startswith("`") and not command.startswith("`--")
    }
    assert listed == offered


def test_make_targets_listed_are_those_there_are() -> None:
    helped = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    listed = set(re.findall(r"^\| `make ([a-z-]+)", README, re.MULTILINE))
    assert listed <= helped
    assert {"setup", "demo", "test", "extract", "datasets", "report", "all", "check", "help"} <= listed


def test_no_machine_path_and_no_registry_host_in_tracked_files() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    hosts = re.compile(r"^\s*(--(extra-)?index-url|-i )|files\.pythonhosted\.org|registry\.npmjs\.org", re.MULTILINE)
    for name in listed.stdout.splitlines():
        path = PROJECT / name
        if (
            path.suffix in (".txt", ".in", ".toml", ".lock", ".json", ".cfg", "")
            and path.is_file()
            and name != "tests/test_readme.py"
        ):
            assert not hosts.search(path.read_text("utf-8", errors="replace")), name
