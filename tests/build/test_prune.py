"""Old snapshots go, those that somebody still needs stay; what differs between two is told by cause."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from made import built, page, tab

from pipeline.build.edition.package import damage
from pipeline.build.snapshot import datasets_lock
from pipeline.build.upkeep.prune import pruned, pruning
from pipeline.cli import main
from pipeline.config import Settings
from pipeline.errors import BuildError, LockHeld

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="


def silent(_line: str) -> None:
    pass


def line_of(data: Path, days: int) -> list[str]:
    """Snapshots published one after the other; their ids."""
    names = []
    for day in range(1, days + 1):
        title = f"Tytuł {day}"
        names.append(built(data, [page(URL + "7", [tab("bdp:7", title=title, slug="a")], day=day)]).snapshot.name)
    return names


def there(data: Path) -> set[str]:
    return {path.name for path in (data / "datasets" / "snapshots").iterdir()}


def test_the_newest_and_the_one_they_refer_to_stay(tmp_path: Path) -> None:
    names = line_of(tmp_path, 5)
    plan = pruned(tmp_path / "datasets", 2)
    assert plan.kept == {
        names[4]: "latest",
        names[3]: "among the newest 2",
        names[2]: f"previous of {names[3]}",
    }
    assert plan.removed == [names[1], names[0]]
    assert there(tmp_path) == set(names[2:])
    assert (tmp_path / "datasets" / "latest").resolve().name == names[4]
    assert [damage(tmp_path / "datasets" / "snapshots" / name) for name in names[2:]] == [[], [], []]
    assert sorted(path.name for path in (tmp_path / "datasets").iterdir() if path.is_dir()) == ["latest", "snapshots"]


def test_a_latest_that_went_back_stays_with_what_it_refers_to(tmp_path: Path) -> None:
    names = line_of(tmp_path, 4)
    title = "Tytuł 2"
    again = built(tmp_path, [page(URL + "7", [tab("bdp:7", title=title, slug="a")], day=2)])
    assert (again.outcome, again.snapshot.name) == ("unchanged", names[1])
    plan = pruned(tmp_path / "datasets", 1)
    assert plan.kept == {names[1]: "latest", names[0]: f"previous of {names[1]}"}
    assert there(tmp_path) == {names[0], names[1]}


def test_keeping_more_than_there_are_removes_nothing(tmp_path: Path) -> None:
    names = line_of(tmp_path, 2)
    assert pruned(tmp_path / "datasets", 10).removed == []
    assert there(tmp_path) == set(names)


def test_a_plan_removes_nothing(tmp_path: Path) -> None:
    names = line_of(tmp_path, 4)
    assert pruning(tmp_path / "datasets", 1).removed == [names[1], names[0]]
    assert there(tmp_path) == set(names)


def test_a_package_that_cannot_be_read_stops_the_removal(tmp_path: Path) -> None:
    names = line_of(tmp_path, 4)
    (tmp_path / "datasets" / "snapshots" / names[0] / "datapackage.json").write_text("{")
    with pytest.raises(BuildError, match=names[0]):
        pruned(tmp_path / "datasets", 1)
    assert there(tmp_path) == set(names)


def test_a_removal_cut_short_is_finished_by_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = line_of(tmp_path, 3)

    def full(*_arguments: object, **_named: object) -> None:
        raise OSError(5, "Input/output error", "x")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.build.upkeep.prune.shutil.rmtree", full)
        with pytest.raises(BuildError, match="run again"):
            pruned(tmp_path / "datasets", 1)
    assert list((tmp_path / "datasets").glob(".pruned-*"))
    assert there(tmp_path) == set(names[1:])
    line_of(tmp_path, 4)
    assert not list((tmp_path / "datasets").glob(".pruned-*"))


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = line_of(tmp_path, 3)
    data = ["--data-dir", str(tmp_path)]
    assert main(["prune", "--keep", "0", *data]) == 2
    assert main(["prune", "--keep", "1", "--dry-run", *data]) == 0
    assert f"remove  {names[0]}" in capsys.readouterr().out
    assert there(tmp_path) == set(names)
    assert main(["prune", "--keep", "1", "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == [names[0]]
    assert main(["diff", names[1], "--json", *data]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["after"]) == (names[1], names[2])
    assert told["counts"] == [{"table": "practices", "cause": "edited_at_source", "records": 1, "cells": 1}]
    assert [(row["column"], row["before"], row["after"]) for row in told["changes"]] == [("title", "Tytuł 2", "Tytuł 3")]
    assert main(["diff", names[1], names[2], *data]) == 0
    assert "practices bdp:7 title: 'Tytuł 2' → 'Tytuł 3' (edited at source)" in capsys.readouterr().out
    assert main(["diff", names[2], *data]) == 0
    assert "no record differs" in capsys.readouterr().out
    assert main(["diff", names[0], *data]) == 1
    assert f"no snapshot '{names[0]}'" in capsys.readouterr().err


def test_the_changelog_sums_the_changes_up(tmp_path: Path) -> None:
    names = line_of(tmp_path, 2)
    snapshots = tmp_path / "datasets" / "snapshots"
    assert "no previous snapshot" in (snapshots / names[0] / "CHANGELOG.md").read_text("utf-8")
    text = (snapshots / names[1] / "CHANGELOG.md").read_text("utf-8")
    assert f"Against `{names[0]}`" in text
    assert "| practices | edited at source | 1 | 1 |" in text
    assert "| practices.title | edited at source | 1 |" in text


def test_two_builds_in_one_folder_exclude_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (name,) = line_of(tmp_path, 1)
    with datasets_lock(Settings(data_dir=tmp_path).datasets, silent):
        for command in (["build"], ["prune", "--keep", "1"]):
            assert main([*command, "--data-dir", str(tmp_path)]) == 4
            assert f"process {os.getpid()}" in capsys.readouterr().err
        with pytest.raises(LockHeld):
            line_of(tmp_path, 2)
    assert there(tmp_path) == {name}
    assert main(["build", "--data-dir", str(tmp_path), "--quiet"]) == 0


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    line_of(tmp_path, 1)
    other = tmp_path / "other"
    (other / "extracted").parent.mkdir()
    (tmp_path / "extracted").rename(other / "extracted")
    (other / "datasets").write_text("a file")
    with pytest.raises(BuildError, match="datasets"):
        line_of(other, 1)
