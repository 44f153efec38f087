"""What the program can say, read off its code: errors, lines on the way, failures of an import, requirements of the gate."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline import errors

PACKAGE = Path(errors.__file__).parent
_ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.PraktykiError)}
_SAYS = {"say": 0, "_say": 0, "_failed": 1, "Trouble": 1}
_REQUIRES = {"Problem": 1, "acceptable": 1, "_of_whole": 0, "problem": 0, "first": 0, "_outside": 1}
_GATE = ("checks", "drift", "expectations", "gate", "pagedrift")
_WORDS = re.compile(r"[a-z]{3,}")


def messages() -> dict[str, str]:
    """Every message with words of its own → where it is said; what varies in it is "…"."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for name, call in _calls(path):
            position = 0 if name in _ERRORS else _SAYS.get(name)
            if position is None or len(call.args) <= position:
                continue
            for text in _templates(call.args[position]):
                if _WORDS.search(text):
                    found.setdefault(text, f"{path.relative_to(PACKAGE.parent)}:{call.lineno}")
    return found


def requirements() -> set[str]:
    """The names of what the gate asks for."""
    found = set()
    for module in _GATE:
        for name, call in _calls(PACKAGE / "build" / "gate" / f"{module}.py"):
            position = _REQUIRES.get(name)
            if position is not None and len(call.args) > position:
                found |= {text for text in _templates(call.args[position]) if _WORDS.search(text)}
    return found


def log_events() -> set[str]:
    """What stands under ``what`` in the log of a crawl, beside the states of addresses."""
    found = set()
    for path in (PACKAGE / "crawl").rglob("*.py"):
        for name, call in _calls(path):
            if name == "write" and len(call.args) >= 2 and isinstance(call.args[1], ast.Constant):
                found.add(str(call.args[1].value))
            if name == "_told" and len(call.args) >= 2 and isinstance(call.args[1], ast.Constant):
                found.add(str(call.args[1].value))
    return found


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def _templates(node: ast.expr) -> Iterator[str]:
    """The text of an argument with "…" for what varies; both texts where a condition chooses."""
    match node:
        case ast.Constant(value=str(text)):
            yield " ".join(text.split())
        case ast.JoinedStr(values=parts):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
            yield re.sub("…+", "…", " ".join(text.split()))
        case ast.IfExp(body=body, orelse=other):
            yield from _templates(body)
            yield from _templates(other)
