"""Folders of a run in the temporary directory: gone with it, and with the next one after a kill; nobody else's is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.temporary import temporary_folder

KILLED = """
import os, signal, sys
from pipeline.engine import Workers
from pipeline.temporary import temporary_folder

if __name__ == "__main__":
    with temporary_folder("query") as folder, Workers("processes", 1, ready="json") as workers:
        (folder / "persons").write_text("Jan")
        assert list(workers.results(abs, [-1], lost=abs)) == [1]
        print(*sorted(os.listdir(os.environ["TMPDIR"])), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_goes_with_its_run(temporary: Path) -> None:
    with temporary_folder("a") as folder:
        (folder / "b").mkdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(temporary.iterdir()) == [folder]
    assert list(temporary.iterdir()) == []


@pytest.fixture
def here() -> Iterator[Path]:
    """A folder of short name, as a socket needs."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def test_what_a_killed_run_left_goes_with_the_next(here: Path) -> None:
    environment = os.environ | {"TMPDIR": str(here)}
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert [name.rpartition("-")[0] for name in killed.stdout.split()] == ["praktyki-run-forks", "praktyki-run-query"]
    assert len(list(here.iterdir())) == 2
    again = KILLED.replace("os.kill(", "0 and os.kill(")
    subprocess.run([sys.executable, "-c", again], env=environment, check=True, capture_output=True)
    assert list(here.iterdir()) == []


def test_folders_that_are_held_or_are_no_run_s_stay(temporary: Path) -> None:
    (temporary / "precious").mkdir()
    (temporary / "praktyki-run-link-1").symlink_to(temporary / "precious")
    (temporary / "praktyki-run-file-1").write_text("")
    (temporary / "praktyki-other").mkdir()
    (temporary / "praktyki-run-query-left").mkdir()
    before = {path.name for path in temporary.iterdir()}
    with temporary_folder("query") as first, temporary_folder("query") as second:
        assert first.is_dir()
        assert first != second
    assert {path.name for path in temporary.iterdir()} == before - {"praktyki-run-query-left"}


def test_one_that_is_taken_for_abandoned_before_it_is_held_is_made_anew(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = os.mkdir
    taken: list[Path] = []

    def quicker(path: str, mode: int = 0o777) -> None:
        made(path, mode)
        if not taken:
            taken.append(Path(path))
            taken[0].rmdir()

    monkeypatch.setattr(os, "mkdir", quicker)
    with temporary_folder("a") as folder:
        assert folder.is_dir()
    assert taken
    assert list(temporary.iterdir()) == []
