"""The notebook runs on the demo, and its answers are those of the SQL files."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from ending import PATIENCE

from pipeline.cli import main
from pipeline.schema.spec import tables

EXAMPLES = Path(__file__).parents[2] / "examples"
SQL = sorted(EXAMPLES.glob("*.sql"))
DUMP = """
import json
names = ("answer_1", "answer_2", "answer_3")
print(json.dumps({name: json.loads(globals()[name].to_json(orient="records")) for name in names}))
"""


@pytest.fixture(scope="module")
def answers(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    from nbclient import NotebookClient

    nbformat: Any = importlib.import_module("nbformat")  # half of it has no types
    folder = tmp_path_factory.mktemp("project") / "examples"
    folder.mkdir()
    (folder.parent / "demo-data").symlink_to(demo_folder / "demo-data", target_is_directory=True)
    shutil.copy(EXAMPLES / "questions.ipynb", folder)
    notebook = nbformat.read(folder / "questions.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(DUMP))
    NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    found: dict[str, list[dict[str, Any]]] = json.loads(notebook.cells[-1].outputs[0].text)
    return found


def sql_answer(path: Path, demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert main(["query", "--file", str(path), "--data-dir", str(demo_folder / "demo-data"), "--json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return rows


@pytest.mark.parametrize("path", SQL, ids=[path.stem for path in SQL])
def test_notebook_and_sql_agree(
    answers: dict[str, list[dict[str, Any]]], demo_folder: Path, capsys: pytest.CaptureFixture[str], path: Path
) -> None:
    rows = sql_answer(path, demo_folder, capsys)
    assert rows
    assert answers[f"answer_{path.name[0]}"] == rows


def test_the_answers_are_those_of_the_sample_site(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_voivodeship, by_population, by_place = (sql_answer(path, demo_folder, capsys) for path in SQL)
    assert sum(row["practices"] for row in by_voivodeship) == sum(row["practices"] for row in by_population) == 12
    assert {"partnership": "Pod Zegarem", "founded": "2015-04", "place": "Żoliborz", "code": "1465198"} in by_place


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = json.loads((EXAMPLES / "questions.ipynb").read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_the_r_script_names_tables_and_columns_there_are() -> None:
    text = (EXAMPLES / "questions.R").read_text("utf-8")
    named = re.findall(r'table_of\("(\w+)"\)', text)
    assert set(named) <= set(tables())
    known = {column for name in named for column in tables()[name].columns} | {"partnership"}
    assert set(re.findall(r"\$(\w+)", text)) <= known
