"""`praktyki query`: what comes out, in which form, and what a query may not do."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ending import PATIENCE

from pipeline.analysis import query
from pipeline.analysis.query import answered
from pipeline.cli import main
from pipeline.errors import PraktykiError, UsageError
from pipeline.schema.spec import tables

TITLES = "SELECT practice_id, title, population FROM practices ORDER BY practice_id"


@pytest.fixture
def data(demo_folder: Path) -> Path:
    return demo_folder / "demo-data"


@pytest.fixture
def snapshot(data: Path) -> Path:
    return (data / "datasets" / "latest").resolve()


def ask(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> tuple[int, str, str]:
    code = main(["query", *arguments, "--data-dir", str(data)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def rows_of(snapshot: Path, sql: str) -> list[dict[str, object]]:
    with answered(snapshot, sql) as answer:
        return [row for batch in answer.batches for row in batch.to_pylist()]


@pytest.mark.parametrize("name", [name for name, table in tables().items() if not table.is_restricted])
def test_every_public_table_is_a_view(snapshot: Path, name: str) -> None:
    rows = pq.read_table(snapshot / tables()[name].path).num_rows
    assert rows_of(snapshot, f'SELECT count(*) AS rows FROM "{name}"') == [{"rows": rows}]


def test_a_table_fits_80_columns(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for sql in (TITLES, "FROM practices", "FROM places", "SUMMARIZE slides", "SELECT summary FROM practices"):
        code, out, err = ask(capsys, data, sql)
        assert (code, err) == (0, "")
        assert max(map(len, out.splitlines())) <= 80
        assert "\x1b" not in out
    code, out, _ = ask(capsys, data, TITLES, "--rows", "3")
    assert out.splitlines()[0].split() == ["practice_id", "title", "population"]
    assert "the first 3 rows" in out.splitlines()[-1]


def test_csv_and_json_hold_the_same_rows_as_the_file(data: Path, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = pq.read_table(snapshot / "practices.parquet", columns=["practice_id", "title", "population"]).to_pylist()
    code, out, _ = ask(capsys, data, TITLES, "--csv")
    assert code == 0
    assert [row["title"] for row in csv.DictReader(io.StringIO(out, newline=""))] == [row["title"] for row in file]
    code, out, _ = ask(capsys, data, TITLES, "--json")
    found = json.loads(out)
    assert (found["snapshot"], found["row_count"], found["rows"]) == (snapshot.name, len(file), file)


def test_parquet_file(data: Path, snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.parquet"
    code, out, _ = ask(capsys, data, "FROM practices", "--parquet", str(target), "--json")
    assert (code, json.loads(out)["row_count"]) == (0, pq.read_table(target).num_rows)
    assert pq.read_table(target).to_pylist() == pq.read_table(snapshot / "practices.parquet").to_pylist()
    assert ask(capsys, data, "FROM people", "--restricted", "--parquet", str(target))[0] == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    code, _, err = ask(capsys, data, "SELECT (title || 'x')::INTEGER FROM practices", "--parquet", str(target))
    assert (code, "Conversion" in err) == (1, True)
    assert pq.read_table(target).column_names[0] == "table"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet"]


def test_snapshots_are_never_written_into(data: Path, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for target in (snapshot / "practices.parquet", data / "datasets" / "latest" / "new.parquet"):
        code, _, err = ask(capsys, data, "SELECT 1", "--parquet", str(target))
        assert (code, "snapshots never change" in err) == (2, True)
    code, _, err = ask(capsys, data, "SELECT 1", "--parquet", str(data / "no-such-folder" / "x.parquet"))
    assert (code, "No such file" in err) == (1, True)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY practices TO '{here}/x.csv'",
        "COPY (SELECT 1) TO '{snapshot}/practices.parquet'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{snapshot}/practices.parquet'",
        "SELECT * FROM read_parquet('{snapshot}/restricted/people.parquet')",
        "SELECT * FROM '{snapshot}/restricted/people.parquet'",
        "SELECT * FROM read_text('{snapshot}/datapackage.json')",
        "SELECT * FROM glob('{snapshot}/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "ATTACH '{here}/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE x AS SELECT 1",
        "PRAGMA database_list",
        "EXPORT DATABASE '{here}/x'",
        "SELECT 1; COPY practices TO '{here}/x.csv'",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "SELEC 1",
        "SELECT nope FROM practices",
        "SELECT * FROM people",
        "SELECT * FROM no_such_table",
        "PIVOT practices ON unit_type USING count(*)",
        "\x00",
        "SELECT '\ud800'",
    ],
)
def test_what_a_query_may_not_do_is_one_line(
    data: Path, snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sql: str
) -> None:
    before = {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()}
    code, out, err = ask(capsys, data, sql.format(snapshot=snapshot, here=tmp_path), "--json")
    assert (code, json.loads(out)["exit_code"]) == (2, 2)
    assert err.startswith("praktyki: error: ")
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
    assert {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()} == before


def test_persons_need_the_word(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ask(capsys, data, "FROM practice_contacts")
    assert (code, "--restricted" in err) == (2, True)
    code, out, _ = ask(capsys, data, "SELECT count(*) AS n FROM practice_contacts", "--restricted", "--json")
    assert (code, json.loads(out)["rows"][0]["n"] > 0) == (0, True)


def test_wrong_usage(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["SELECT 1", "--file", "x.sql"], ["SELECT 1", "--csv", "--json"], ["SELECT 1", "--rows", "0"]):
        assert ask(capsys, data, *arguments)[0] == 2
    assert ask(capsys, data, "--file", str(tmp_path / "none.sql"))[0] == 2
    assert ask(capsys, tmp_path, "SELECT 1")[0] == 1
    assert ask(capsys, data, "SELECT 1", "--snapshot", "2001-01-01-00000000")[0] == 1


def test_a_query_from_a_file(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.sql").write_text("\ufeff-- how many\nSELECT count(*) AS n FROM slides\n", "utf-8")
    code, out, _ = ask(capsys, data, "--file", str(tmp_path / "q.sql"), "--csv")
    assert (code, out.splitlines()[0]) == (0, "n")


def test_names_that_repeat_and_types_that_json_does_not_know(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = (
        "SELECT 1 AS a, 2 AS a, sum(population) AS s, 'NaN'::DOUBLE AS f, [1, NULL] AS l, {'x': DATE '2020-02-03'} AS st, "
        "INTERVAL 3 DAY AS iv, 'ab'::BLOB AS b, TIMESTAMPTZ '2020-01-01 12:00:00+02' AS t, 1.5::DECIMAL(5, 2) AS d, NULL AS n, "
        "'-1+1' AS formula FROM practices"
    )
    code, out, _ = ask(capsys, data, sql, "--json")
    (row,) = json.loads(out)["rows"]
    assert code == 0
    assert (row["a"], row["a_2"], row["f"], row["d"], row["n"]) == (1, 2, None, 1.5, None)
    assert (row["l"], row["st"], row["t"]) == ([1, None], {"x": "2020-02-03"}, "2020-01-01T10:00:00Z")
    assert isinstance(row["s"], int)
    assert ask(capsys, data, sql)[0] == 0
    code, out, _ = ask(capsys, data, sql, "--csv")
    assert (code, out.splitlines()[1].rsplit(",", 1)[1]) == (0, "'-1+1")


def test_a_page_cannot_steer_the_terminal(
    data: Path, snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "it's here"
    shutil.copytree(snapshot, copy)
    rows = pq.read_table(copy / "places.parquet")
    position = rows.schema.get_field_index("name")
    hostile = "\x1b]0;owned\x07\x1b[2J\u202eab\nc\td\r[bold]\x9b2J"
    pq.write_table(rows.set_column(position, "name", pa.array([hostile] * rows.num_rows)), copy / "places.parquet")
    for sql in ("SELECT name FROM places", "FROM places", "SELECT name, code FROM places"):
        code, out, _ = ask(capsys, data, sql, "--snapshot", str(copy))
        assert code == 0
        assert not {character for character in out if ord(character) < 32 or ord(character) in (0x9B, 0x202E)} - {"\n"}
    assert "[bold]" in ask(capsys, data, "SELECT name FROM places", "--snapshot", str(copy))[1]


def test_a_large_answer_is_not_held(data: Path) -> None:
    sql = "SELECT i, 'forty letters that fill the rows of a table' || i AS text FROM range(1000000) t(i)"
    code = (
        "import sys; from peak import peak_kib; from pipeline.cli import main; c = main(sys.argv[1:]); "
        "print(peak_kib(), file=sys.stderr); sys.exit(c)"
    )
    peaks = {}
    for name, rows in (("small", "10"), ("large", "1000000")):
        arguments = ["query", sql.replace("1000000", rows), "--data-dir", str(data), "--csv"]
        paths = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, Path(__file__).parents[1:3]))}
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=True, env=paths)
        peaks[name] = int(done.stderr)
        assert done.stdout.count(b"\r\n") == int(rows) + 1
    assert peaks["large"] - peaks["small"] < 80_000  # KiB; the text alone is 53 MB, as Python objects four times that


def test_a_reader_that_leaves_early_is_no_failure_of_ours(data: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "query",
        "SELECT i FROM range(10000000) t(i)",
        "--csv",
        "--data-dir",
        str(data),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"i\r\n"
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


def test_an_error_in_the_middle_leaves_one_json_object(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT CASE WHEN i = 150000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(200000) t(i)"
    code, out, err = ask(capsys, data, sql, "--json")
    assert (code, json.loads(out)["exit_code"]) == (1, 1)
    assert "Conversion" in err


def test_the_time_zone_of_the_machine_does_not_matter(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sql = "SELECT min(captured_at)::VARCHAR AS t, date_part('hour', min(captured_at)) AS h FROM captures"
    here = rows_of(snapshot, sql)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert rows_of(snapshot, sql) == here
    finally:
        monkeypatch.undo()
        time.tzset()


def test_ctrl_c_ends_a_query(data: Path, tmp_path: Path) -> None:
    endless = "SELECT count(*) FROM range(100000000000) a(i), range(1000) b(j) WHERE (i * j) % 7 = 3"
    # A shell may start the tests with SIGINT ignored, which a child inherits.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from pipeline.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "query", endless, "--json", "--data-dir", str(data)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True) as running:
        while running.poll() is None and not list(tmp_path.glob("praktyki-run-query-*")):  # it has begun
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, err) == (130, "praktyki: interrupted; what was finished is kept\n")
    assert out == '{"error": "interrupted", "exit_code": 130}\n'
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_that_comes_before_the_query_runs_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB forgets one that comes before a query has begun."""
    told = []

    class Cursor:
        ended = threading.Event()

        def interrupt(self) -> None:
            told.append(1)
            if len(told) > 2:
                self.ended.set()

    class Interrupted(ThreadPoolExecutor):
        def submit(self, *arguments: Any, **more: Any) -> Any:
            future = super().submit(*arguments, **more)
            if not told:
                told.append(0)
                raise KeyboardInterrupt
            return future

    monkeypatch.setattr(query, "ThreadPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt), query._Aside(Cursor()) as run:
        run(lambda cursor: cursor.ended.wait())
    assert len(told) > 2


def test_without_duckdb_it_says_what_to_install(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match=r"praktyki\[query\]"), answered(snapshot, "SELECT 1"):
        pass


def test_nothing_is_left_behind(snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert rows_of(snapshot, "SELECT 1 AS a") == [{"a": 1}]
    with pytest.raises(PraktykiError), answered(snapshot, "SELECT 'a'::INTEGER") as answer:
        list(answer.batches)
    assert list(tmp_path.iterdir()) == []
