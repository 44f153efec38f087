"""Progress of long work: bars on a terminal, lines in a log, nothing when quiet; what is said to do next; completion."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.commands import commands
from pipeline.commands.extending import SHELLS
from pipeline.commands.parser import parser
from pipeline.terminal import progress
from pipeline.terminal.progress import progress_shown, tracked


def test_without_a_display_nothing_is_said() -> None:
    assert list(tracked(range(3), "x")) == [0, 1, 2]


def test_lines_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 2)
    said: list[str] = []
    with progress_shown(said.append, is_quiet=False):
        assert list(tracked(range(5), "build: pages", 5)) == [0, 1, 2, 3, 4]
        list(tracked(iter("ab"), "extract: files"))
    assert said == ["build: pages: 2 of 5", "build: pages: 4 of 5", "extract: files: 2"]
    with progress_shown(said.append, is_quiet=True):
        list(tracked(range(5), "build: pages", 5))
    assert len(said) == 3


def test_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    with progress_shown(lambda _line: None, is_quiet=False):
        assert terminal.getvalue() == ""
        for item in tracked(range(3), "build: [bold]pages", 3):
            assert list(tracked("ab", f"inner {item}")) == ["a", "b"]
        assert next(tracked(range(3), "cut short")) == 0
    assert "build: [bold]pages" in terminal.getvalue()
    assert list(tracked([1], "after")) == [1]


def test_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>Nowy park</title><article><h1>Nowy park</h1><p>Gmina otworzyła park.</p></article>", "utf-8")
    data = ["--data-dir", str(tmp_path / "my data")]
    for command, following in (
        (["import", str(page)], "extract"),
        (["extract"], "build"),
        (["build"], 'query "FROM practices"'),
    ):
        assert main([*command, *data]) == 0
        first = capsys.readouterr().out.partition("Next:\n")[2].splitlines()[0]
        assert first.startswith(f"  praktyki {following}")
        assert first.endswith(f" --data-dir '{tmp_path}/my data'")
        assert main([*command, *data, "--quiet"]) == 0
        assert "Next:" not in capsys.readouterr().out
        assert main([*command, *data, "--json"]) == 0
        json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_knows_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command.name in script for command in commands())
    program = {"bash": "bash", "zsh": "zsh", "fish": "fish", "tcsh": "tcsh", "powershell": "pwsh"}[shell]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on this machine: the script was made and not parsed")
    done = subprocess.run([program, "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_bash_completes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("bash") is None:
        pytest.skip("no bash on this machine")
    main(["completion", "bash"])
    (tmp_path / "praktyki.bash").write_text(capsys.readouterr().out, "utf-8")
    (tmp_path / "query.sql").touch()
    asked = "COMP_WORDS=(praktyki {words}); COMP_CWORD={at}; _shtab_praktyki; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    for words, at, offered in (("qu", 1, "query"), ("query --sn", 2, "--snapshot"), ("query --file q", 3, "query.sql")):
        line = f"source ./praktyki.bash; {asked.format(words=words, at=at)}"
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert offered in done.stdout.split()


def test_help_fits_80_columns(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for arguments in ([], *([command.name] for command in commands())):
        with pytest.raises(SystemExit):
            parser().parse_args([*arguments, "--help"])
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
