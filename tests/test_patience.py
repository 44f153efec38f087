"""No test waits by a figure of its own: a machine that is slow today would turn it into a failure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ITS_HOME = TESTS / "ending.py"
MAY_WAIT = re.compile(r"timeout\s*=\s*[0-9]|\.(?:wait|join)\([0-9]")


def own_figures(path: Path) -> Iterator[str]:
    """Waits with a number of seconds in them, as ``file:line``."""
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if MAY_WAIT.search(text) else ():
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        limits = [word.value for word in node.keywords if word.arg == "timeout"]
        if name in ("wait", "join") and len(node.args) == 1:
            limits += node.args
        if any(isinstance(limit, ast.Constant) and isinstance(limit.value, int | float) for limit in limits):
            yield f"{path.relative_to(TESTS)}:{node.lineno}"


def test_waits_of_tests_have_their_limit_from_one_place() -> None:
    paths = [path for path in TESTS.rglob("*.py") if path != ITS_HOME and "pages" not in path.parts]
    assert [place for path in sorted(paths) for place in own_figures(path)] == []


def test_it_finds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_patience.TESTS", tmp_path)
    (tmp_path / "a.py").write_text("process.wait(3)\nrun(x, timeout=9.5)\nprocess.wait(PATIENCE)\n'a'.join('b')\n")
    assert list(own_figures(tmp_path / "a.py")) == ["a.py:1", "a.py:2"]
