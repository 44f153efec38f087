"""The README is true: its snippets run on the demo, its example source reads a page, its lists are those of the program."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.schema.spec import tables

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SNIPPETS = [body for language, body in BLOCKS if language == "python"]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_snippets_run(demo_folder: Path, snippet: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", snippet], cwd=demo_folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


COMMANDS = re.findall(r"^\.venv/bin/praktyki (?!serve )(.*--data-dir demo-data.*)$", README, re.MULTILINE)
"""`serve` goes on until it is stopped: tests/explorer/test_serve.py starts and stops it."""


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_on_the_sample_run(
    demo_folder: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo_folder)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out.strip()


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
