"""The R script runs in R, where there is one, and answers what the SQL answers."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ending import PATIENCE

SCRIPT = Path(__file__).parents[2] / "examples" / "questions.R"
# Debian has R and not the package arrow: what stands for its one function reads the same table as text, typed as arrow would.
STAND_IN = """
options(width = 200)
read_exported <- function(path) {
  file <- file.path(Sys.getenv("EXPORTED"), basename(path))
  types <- strsplit(readLines(paste0(file, ".types")), ",")[[1]]
  read.csv(paste0(file, ".csv"), colClasses = types, na.strings = "<NA>", encoding = "UTF-8", check.names = FALSE)
}
"""


def r_type(of: pa.DataType) -> str:
    """The class arrow gives a column of this type in R."""
    if pa.types.is_boolean(of):
        return "logical"
    if pa.types.is_integer(of):
        return "integer"
    return "numeric" if pa.types.is_floating(of) else "character"


def export(path: Path, folder: Path) -> None:
    table = pq.read_table(path)
    (folder / f"{path.name}.types").write_text(",".join(r_type(field.type) for field in table.schema) + "\n", "utf-8")
    with (folder / f"{path.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column_names)
        writer.writerows(["<NA>" if cell is None else cell for cell in row.values()] for row in table.to_pylist())


def test_the_r_script_answers_the_three_questions(demo_folder: Path, tmp_path: Path) -> None:
    r = shutil.which("Rscript")
    if r is None:
        pytest.skip("no Rscript on this machine (Debian: r-base-core)")
    script = SCRIPT.read_text("utf-8")
    for name in re.findall(r'table_of\("(\w+)"\)', script):
        export(demo_folder / "demo-data" / "datasets" / "latest" / f"{name}.parquet", tmp_path)
    assert script.count("arrow::read_parquet(") == 1
    changed = tmp_path / "questions.R"
    changed.write_text(STAND_IN + script.replace("arrow::read_parquet(", "read_exported("), "utf-8")

    environment = os.environ | {"EXPORTED": str(tmp_path), "LC_ALL": "C.UTF-8"}
    ran = subprocess.run(
        [r, "--vanilla", changed], capture_output=True, text=True, env=environment, timeout=PATIENCE, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")

    by_voivodeship, rest = ran.stdout.split("class_of_unit\n")
    by_section, by_place = rest.split("partnership founded", 1)
    assert by_voivodeship.count("mazowieckie") == 2  # practices, then inhabitants
    counts = [re.findall(r"(?<= )\d+\b", line) for line in by_section.splitlines()[1:]]
    assert sum(int(count) for line in counts for count in line) == 12
    assert "Pod Zegarem 2015-04 Żoliborz 1465198" in [" ".join(line.split()) for line in by_place.splitlines()]
