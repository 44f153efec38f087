"""The demo crawls the sample site; crawled again it learns that nothing changed, and the datasets keep every byte."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import sys
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from crawl_kit import kinds

from pipeline import faults
from pipeline.archive.check import archive_problems
from pipeline.cli import main
from pipeline.privacy.objections import Objections
from pipeline.privacy.terms import term_of


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_second_demo_is_answered_by_304_and_changes_no_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "demo-data"
    assert main(["demo", "--data-dir", str(tmp_path), "--quiet"]) == 0
    first, snapshot = kinds(data), digests(data / "datasets")
    assert set(first) == {"response"}
    assert first["response"] > 70
    assert main(["demo", "--data-dir", str(tmp_path), "--quiet"]) == 0
    assert kinds(data) == Counter(response=first["response"], revisit=first["response"])
    assert digests(data / "datasets") == snapshot
    assert list(archive_problems(data / "raw")) == []
    assert main(["build", "--data-dir", str(data)]) == 0  # a sample: the publishers' numbers of rows are not asked of it
    assert digests(data / "datasets") == snapshot
    capsys.readouterr()
    assert main(["why", "https://dobrepraktyki.pl/szukaj.html", "--data-dir", str(data)]) == 0
    assert "line 2: Disallow: /szukaj" in capsys.readouterr().out


def test_a_plain_installation_makes_the_demo_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(library: str) -> str:
        if library == "pypdfium2":
            raise PackageNotFoundError(library)
        return version(library)

    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setattr("pipeline.demo.run.version", without)
    assert main(["demo", "--engine", "serial", "--data-dir", str(tmp_path)]) == 0
    assert "extract  without pypdfium2 some files stay unread" in capsys.readouterr().out


def test_a_demo_asked_to_end_is_no_fault_of_the_sample_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commits = itertools.count(1)

    def asked_to_end(point: str) -> None:
        if point == "frontier.commit" and next(commits) == 10:
            os.kill(os.getpid(), signal.SIGTERM)

    faults.set_hook(asked_to_end)
    try:
        assert main(["demo", "--data-dir", str(tmp_path), "--quiet"]) == 130
    finally:
        faults.set_hook(None)
    assert next(commits) > 10
    assert capsys.readouterr().err == "praktyki: interrupted; what was finished is kept\n"
    assert main(["demo", "--data-dir", str(tmp_path), "--quiet"]) == 0
    assert kinds(tmp_path / "demo-data").keys() == {"response"}  # no address was asked for twice


def test_a_demo_asks_for_no_row_of_somebody_forgotten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = tmp_path / "demo-data" / "raw"
    raw.mkdir(parents=True)
    Objections(raw).enter([term_of("w.tokarczynska@mgops-pleszew.example.org")])
    assert main(["demo", "--data-dir", str(tmp_path)]) == 0
    assert "terms on the list of objections: 1; the sample site's own numbers are not asked for" in capsys.readouterr().out
