"""The command line as users and jobs meet it: messages, exit codes, machine output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main

PAGE = """<html><head><title>Żłobek w bibliotece</title></head><body><article><h1>Żłobek w bibliotece</h1>
<p>Rada gminy otworzyła czytelnię dla rodziców i małych dzieci, a bibliotekarki prowadzą w niej zajęcia dwa razy w tygodniu.</p>
<p>Z zajęć korzysta każdego miesiąca ponad sto rodzin z całej gminy i z sąsiednich wsi.</p></article></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE, "utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_wrong_usage_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["no-such-command"])
    assert exit_.value.code == 2
    assert "no-such-command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["extract"], 1, "praktyki import"),
        (["build"], 1, "praktyki extract"),
        (["report"], 1, "praktyki build"),
        (["dictionary", "no_such_table"], 2, "practices"),
        (["import", "no-such-file.html"], 5, "no-such-file.html"),
        (["import", "x.html", "--fetched-at", "2026-09-01 12:00"], 2, "offset"),
        (["import", "x.html", "--fetched-at", "yesterday"], 2, "ISO 8601"),
        (["extract", "--workers", "-1"], 2, "workers"),
        (["crawl", "--workers", "0"], 2, "crawl_workers"),
        (["build", "--accept", " "], 2, "--accept"),
        (["sources", "--sources-dir", "no-such-dir"], 2, "no-such-dir"),
        (["status", "--raw-dir", ""], 2, "raw_dir is empty"),
        (["status", "--extracted-dir", __file__], 2, "is a file; write the folder"),
        (["check-archive"], 2, "no such folder"),
        (["registers", "update"], 2, "FILE"),
        (["registers", "update", "no-such.csv"], 2, "no-such.csv"),
        (["registers", "update", "x.csv", "--on", "soon"], 2, "--on"),
    ],
)
def test_errors_are_one_clear_line(
    arguments: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, out, err = run(capsys, *arguments, "--data-dir", str(tmp_path))
    assert exit_code == code
    assert said in err
    assert "Traceback" not in err + out
    assert all(line.startswith("praktyki: ") for line in err.splitlines())


def test_an_empty_variable_means_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAKTYKI_DATA_DIR", "")
    assert run(capsys, "status")[0] == 2
    monkeypatch.setenv("PRAKTYKI_DATA_DIR", __file__)
    assert run(capsys, "status")[0] == 2
    monkeypatch.delenv("PRAKTYKI_DATA_DIR")
    monkeypatch.setenv("PRAKTYKI_MAX_WAIT_SECONDS", "nan")
    assert "0 or more" in run(capsys, "status")[2]


def test_debug_shows_the_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "build", "--debug", "--data-dir", str(tmp_path))
    assert code == 1
    assert "Traceback" in err


def test_from_page_to_table(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data-dir", str(tmp_path / "data"), "--json"]
    url = ["--url", "https://www.example.org/zlobek.html", "--fetched-at", "2026-09-01T12:00:00+02:00"]
    code, out, _ = run(capsys, "import", str(page), *url, *data)
    assert (code, json.loads(out)["added"]) == (0, 1)
    code, out, _ = run(capsys, "import", str(page), *url, *data)
    assert (code, json.loads(out)["added"], json.loads(out)["already_there"]) == (0, 0, 1)
    code, out, _ = run(capsys, "extract", *data)
    assert (code, json.loads(out)["verdicts"]) == (0, [{"source": "web", "verdict": "detail", "captures": 1}])
    code, out, _ = run(capsys, "build", *data)
    built = json.loads(out)
    assert (code, built["outcome"], built["rows"]["articles"]) == (0, "published", 1)
    assert built["snapshot"].startswith("2026-09-01-")
    code, out, _ = run(capsys, "build", *data)
    assert (code, json.loads(out)["outcome"]) == (0, "unchanged")
    code, out, _ = run(capsys, "status", *data)
    assert (code, json.loads(out)["latest"]) == (0, built["snapshot"])
    assert run(capsys, "report", *data)[0] == 0


def test_errors_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "build", "--json", "--data-dir", str(tmp_path))
    assert json.loads(out)["exit_code"] == code == 1


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["build", "--no-such-option"], ["import"], ["build", "--engine", "x"]]
)
def test_wrong_usage_for_machines(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([*arguments, "--json"])
    printed = capsys.readouterr()
    assert exit_.value.code == json.loads(printed.out)["exit_code"] == 2
    assert printed.err.startswith("usage: praktyki")


def test_an_interrupt_for_machines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.build.run.build", interrupted)
    code, out, _ = run(capsys, "build", "--json")
    assert code == json.loads(out)["exit_code"] == 130


def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["import", "\x1b]0;x\x07.html"], ["build", "--accept", "x", "--sources-dir", "\x1b[2J"]):
        _, out, err = run(capsys, *command, "--data-dir", str(tmp_path))
        assert "\x1b" not in out + err
        assert "\x07" not in out + err


def test_a_file_name_of_two_lines_is_told_on_one(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data-dir", str(tmp_path / "data"))
    run(capsys, "import", str(page), *data)
    (tmp_path / "data" / "raw" / "import" / "a\nERROR: b.warc.gz").touch()
    for command in (["check-archive"], ["extract"], ["check-archive", "--repair"]):
        _, out, err = run(capsys, *command, *data)
        assert "ERROR: b.warc.gz" in out or command[-1] == "--repair"
        assert not any(line.startswith("ERROR") for line in (out + err).splitlines())


def test_sources_and_dictionary(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "sources", "--json")
    assert code == 0
    assert {"bdp", "slideplayer", "blogger", "bpzoliborz", "web"} <= set(json.loads(out))
    code, out, _ = run(capsys, "dictionary", "slides")
    assert code == 0
    assert "| `slide_number` |" in out
    assert "practices.parquet" not in out


def test_registers_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "registers", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["TERC"]["edition"] >= "2025-01-06"
    assert found["KATOTTH"]["units"] > 2000


def test_a_broken_terminal_encoding_is_no_failure() -> None:
    command = [sys.executable, "-m", "pipeline", "sources"]
    for encoding in ("ascii", "iso-8859-2"):
        done = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": encoding, "PATH": ""}, check=False)
        assert done.returncode == 0, done.stderr


def test_help_imports_nothing_that_takes_time() -> None:
    said = "import sys; from pipeline.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    heavy = set("msgspec hashlib json shutil datetime sqlite3 pyarrow pipeline.config pipeline.storage.base".split())
    assert not heavy & set(done.stderr.split())


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == 0
    out = capsys.readouterr().out
    for command in ("demo", "import", "check-archive", "extract", "build", "report", "sources", "dictionary", "status"):
        assert f"\n    {command}" in out


def shell(line: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program as a shell runs it, ``$@``, with its streams as ``line`` has them."""
    command = ["bash", "-o", "pipefail", "-c", line, "bash", sys.executable, "-m", "pipeline", *arguments]
    # Streams that hold back what they could not write, as people's do, whatever the tests were started with.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_build_whose_reader_leaves_is_published(page: Path, tmp_path: Path) -> None:
    data = ("--data-dir", str(tmp_path / "data"))
    assert main(["import", str(page), *data]) == 0
    for command in ("extract", "build"):
        done = shell('"$@" 2>&1 | true', command, *data)
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "data" / "datasets" / "latest").exists()


def test_closed_streams_are_no_failure() -> None:
    for line in ('"$@" >&-', '"$@" <&- >&- 2>&-'):
        done = shell(line, "sources")
        assert (done.returncode, done.stderr) == (0, "")
    assert "internal error" not in shell('"$@" --file - <&-', "query").stderr


@pytest.mark.parametrize("arguments", [["sources"], ["sources", "--json"], ["--help"], ["build", "--help"]])
def test_an_answer_that_cannot_be_printed_is_a_failure(arguments: list[str]) -> None:
    done = shell('"$@" >/dev/full', *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("praktyki: error: standard output: No space left on device; ")
    assert done.stderr.count("\n") == 1
    assert shell('"$@" >/dev/full 2>&1', *arguments).returncode == 1
    assert shell('"$@" 2>&1 | true', *arguments).returncode == 0
