"""Pages of docs/ that can be run: their commands, the files they tell to write, and the lines they promise."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.cli import main

PROJECT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?:^`(?P<file>[^`\n]+)`:?[^\n]*\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_PROGRAM = re.compile(r"(?:\.venv/bin/)?praktyki (?P<rest>.*)")
_SHELL = re.compile(r"[|<>;&$`]")
_VARIES = (  # what another run, or another day, prints otherwise
    (re.compile(r"(?:\d{4}-\d\d-\d\d|undated)-[0-9a-f]{8}"), "<snapshot>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00|Z| UTC)?"), "<time>"),
    (re.compile(r"\b\d{8}T\d{6}Z\b"), "<run>"),
    (re.compile(r"-\d{14}-\d{5}"), "-<file>"),
    (re.compile(r"\bc:[0-9a-f]{16}\b"), "<capture>"),
    (re.compile(r"\b(record at byte|offset +|\"warc_offset\": ?) ?\d+"), r"\1 <offset>"),
    (re.compile(r"(archive files,) \d+ bytes"), r"\1 <bytes>"),
    (re.compile(r"\d+ files compared"), "<files> compared"),
    (re.compile(r"urn:uuid:[0-9a-f-]+"), "<uuid>"),
)


class Step(NamedTuple):
    """A command with the lines it prints, or (``file``) a file with what is to stand in it."""

    command: str
    lines: list[str]
    file: str | None = None


def steps(page: str) -> Iterator[Step]:
    """What a page tells to do, in order: ``console`` blocks, and blocks under a line that is a file's name in backticks."""
    for block in _BLOCK.finditer(page):
        if block["kind"] == "console":
            yield from _commands(block["body"])
        elif block["file"] is not None:
            yield Step("", block["body"].splitlines(), block["file"])


def _commands(body: str) -> Iterator[Step]:
    command, lines = "", list[str]()
    for line in body.splitlines():
        if line.startswith("$ "):
            if command:
                yield Step(command, lines)
            command, lines = line[2:], []
        elif command.endswith("\\") and not lines:
            command = command[:-1] + line.strip()
        else:
            lines.append(line)
    if command:
        yield Step(command, lines)


def printed(command: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command prints, stderr after stdout. Ours run in this process; what needs a shell gets one."""
    ours = _PROGRAM.fullmatch(command)
    if ours is not None and not _SHELL.search(re.sub(r"'[^']*'|\"[^\"$`]*\"", "", ours["rest"])):
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "80")
        capsys.readouterr()
        main(shlex.split(ours["rest"]))
        out, err = capsys.readouterr()
        return [*out.rstrip("\n").splitlines(), *err.rstrip("\n").splitlines()]
    environment = {
        "PATH": f"{folder / '.venv' / 'bin'}:/usr/bin:/bin",
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),
    }
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return [*done.stdout.rstrip("\n").splitlines(), *done.stderr.rstrip("\n").splitlines()]


def difference(promised: list[str], actual: list[str]) -> str | None:
    """The first promised line that is not where it is promised; "…" alone on a line stands for any lines."""
    wanted, have = [_settled(line) for line in promised], [_settled(line) for line in actual]
    at, may_skip = 0, False
    for line in wanted:
        if line == "…":
            may_skip = True
            continue
        found = next((n for n in range(at, len(have)) if have[n] == line), None) if may_skip else at
        if found is None or found >= len(have) or have[found] != line:
            return f"promised: {line}\nprinted:  {have[at] if at < len(have) else '(nothing more)'}\nin full:\n" + "\n".join(
                actual
            )
        at, may_skip = found + 1, False
    return None if may_skip or at == len(have) else "printed beyond what is promised:\n" + "\n".join(actual[at:])


def _settled(line: str) -> str:
    for pattern, name in _VARIES:
        line = pattern.sub(name, line)
    return line.rstrip()
