"""The pages of docs/ are true: what they tell to type is typed, and what they say is printed is printed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from docs_kit import PROJECT, difference, printed, steps

DOCS = PROJECT / "docs"
PAGES = sorted(path for path in DOCS.glob("*.md") if any(step.command for step in steps(path.read_text("utf-8"))))
_DEMO = re.compile(r"make (demo|setup)")


@pytest.fixture
def project(tmp_path: Path, demo_folder: Path) -> Path:
    """A folder as a checkout in which `make demo` was run."""
    (tmp_path / "demo-data").symlink_to(demo_folder / "demo-data", target_is_directory=True)
    (tmp_path / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    (tmp_path / "examples").symlink_to(PROJECT / "examples", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_page(page: Path, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    done = 0
    for step in steps(page.read_text("utf-8")):
        if step.file is not None:
            target = project / step.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join(step.lines) + "\n", "utf-8")
        elif not _DEMO.match(step.command) and not step.command.startswith(("git clone", "cd ")):
            wrong = difference(step.lines, printed(step.command, project, capsys, monkeypatch))
            assert wrong is None, f"{page.name}: $ {step.command}\n{wrong}"
            done += 1
    assert done


def test_a_promise_that_is_not_kept_is_seen() -> None:
    assert difference(["a", "…", "c"], ["a", "b", "c"]) is None
    assert difference(["a", "…"], ["a", "b", "c"]) is None
    assert difference(["snapshot 2026-01-01-0123abcd"], ["snapshot 2027-02-02-ffffffff"]) is None
    for promised in (["a"], ["a", "c"], ["b", "…"], ["…", "d"], ["a", "b", "c", "d"], ["…", "b"]):
        assert difference(promised, ["a", "b", "c"]) is not None


def test_every_page_is_in_the_index_and_every_link_leads_somewhere() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([\w.-]+\.md)\)", index))
    assert linked == {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    for page in [*DOCS.glob("*.md"), PROJECT / "README.md", PROJECT / "examples" / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
