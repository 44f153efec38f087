"""docs/adding-a-column.md, applied to a copy of the code: the column is read, described, traced and promised."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docs_kit import PROJECT

from pipeline.schema.spec import SCHEMA_VERSION

PAGE = (PROJECT / "docs" / "adding-a-column.md").read_text("utf-8")
CHANGES = re.findall(r"^`([\w/.]+)`:\n\n```diff\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
SAVED = PROJECT / "tests" / "pages" / "bdp" / "unknown_label_text"
RUN = "import sys; from pipeline.cli import main; sys.exit(main(sys.argv[1:]))"


def applied(text: str, change: str) -> str:
    lines = change.splitlines()
    before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    assert text.count(before) == 1, f"stands {text.count(before)} times:\n{before}"
    return text.replace(before, after)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(PROJECT / "pipeline", folder / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    major, minor = SCHEMA_VERSION.split(".")
    following = f"{major}.{int(minor) + 1}"
    for name, change in CHANGES:
        path = folder / name
        path.write_text(
            applied(path.read_text("utf-8"), re.sub(r'since = "[\d.]+"', f'since = "{following}"', change)), "utf-8"
        )
    spec = folder / "pipeline" / "schema" / "spec.py"
    spec.write_text(spec.read_text("utf-8").replace(f'"{SCHEMA_VERSION}"', f'"{following}"', 1), "utf-8")
    return folder


def run(copy: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments, "--json"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_page_changes_four_files() -> None:
    assert len(CHANGES) == 4


def test_the_column_is_read_traced_and_promised(copy: Path) -> None:
    page, url = SAVED / "page.txt", json.loads((SAVED / "expected.json").read_text("utf-8"))["url"]
    data = ("--data-dir", str(copy / "data"))
    run(copy, "import", str(page), "--url", url, *data)
    run(copy, "extract", "--engine", "serial", *data)
    run(copy, "build", *data)
    found = run(copy, "query", "SELECT practice_id, awards FROM practices", *data)
    assert found["rows"] == [{"practice_id": "bdp:9103", "awards": "wyróżnienie w 2014 r."}]
    traced = run(copy, "trace", "practices", "bdp:9103", "awards", *data)
    assert "wyróżnienie w 2014 r." in json.dumps(traced, ensure_ascii=False)
    written = run(copy, "dictionary", "--write")["written"]
    assert "`awards`" in Path(written[0]).read_text("utf-8")
    assert "awards" in json.loads(Path(written[1]).read_text("utf-8"))["tables"]["practices"]["columns"]
