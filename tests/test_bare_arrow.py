"""Work that never makes a data frame does without pandas; who wants one gets it all the same."""

from __future__ import annotations

import subprocess
import sys


def _printed(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_lists_become_arrays_without_pandas() -> None:
    assert (
        _printed(
            "import sys, pyarrow as pa\n"
            "from pipeline.bare_arrow import lean_arrow\n"
            "lean_arrow()\n"
            "rows = pa.table({'a': pa.array([1, None], pa.int64())})\n"
            "print(rows.to_pylist(), 'pandas' in sys.modules)"
        )
        == "[{'a': 1}, {'a': None}] False"
    )


def test_a_frame_can_be_made_later() -> None:
    assert (
        _printed(
            "import pyarrow as pa\n"
            "from pipeline.bare_arrow import lean_arrow\n"
            "lean_arrow()\n"
            "frame = pa.table({'a': [1, 2]}).to_pandas()\n"
            "import pandas\n"
            "print(type(frame) is pandas.DataFrame, pa.array(frame['a']).to_pylist())"
        )
        == "True [1, 2]"
    )


def test_the_modules_of_a_build_do_not_load_it() -> None:
    assert (
        _printed(
            "import sys\n"
            "from pipeline.bare_arrow import lean_arrow\n"
            "lean_arrow()\n"
            "import pipeline.build.run, pipeline.demo.run\n"
            "print('pandas' in sys.modules)"
        )
        == "False"
    )


def test_pandas_that_is_there_stays_known() -> None:
    assert (
        _printed(
            "import pandas, pyarrow as pa\n"
            "from pipeline.bare_arrow import lean_arrow\n"
            "lean_arrow()\n"
            "print(pa.array(pandas.Series([1.5, float('nan')])).to_pylist())"
        )
        == "[1.5, None]"
    )
