"""What a build with a process beside its own takes over from the last one, when little has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made import built, page, tab

from pipeline.engine import Workers
from pipeline.explorer import kept, pieces
from pipeline.explorer.blocks import Block, opened_block
from pipeline.explorer.kept import KeepingGroups, Known, is_mostly_kept
from pipeline.explorer.pieces import Group, MadeGroup
from pipeline.explorer.records import KINDS
from pipeline.privacy import scan
from pipeline.records import ExtractedPage


class AtHand(Workers):
    """Takes the ways of a build with workers and does their tasks here."""

    def __init__(self) -> None:
        super().__init__("processes", 1)

    def results(self, function: Callable[[Any], Any], tasks: Iterable[Any], _lost: Callable[[Any], Any]) -> Iterator[Any]:
        return map(function, tasks)


def practice(number: int) -> ExtractedPage:
    url = f"https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art={number}"
    return page(url, [tab(f"bdp:{number}", title=f"Ogród {number}", slug=f"ogrod-{number}")])


def test_blocks_of_the_page_that_are_the_same_are_not_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "GROUP_RECORDS", 3)
    monkeypatch.setattr("pipeline.build.run.build_workers", lambda *_settings: AtHand())
    first = [practice(number) for number in range(1, 40)]
    built(tmp_path, first, accept="a test")
    opened: list[str] = []

    def noted(name: str, text: str) -> Block:
        opened.append(name)
        return opened_block(name, text)

    monkeypatch.setattr(scan, "opened_block", noted)
    built(tmp_path, [*first, practice(40)], accept="a test")
    assert len([name for name in opened if name.startswith("records")]) == 1


def test_records_that_the_page_does_not_show_are_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_OF_A_KIND", 3)
    path = tmp_path / "kept"
    digests = {name: name.encode() for name in "abcdef"}
    with KeepingGroups(path) as keeping:
        keeping.add(Group("articles", [*"abc"]), [*digests.values()][:3], MadeGroup([], [], [], [], b"", b""))
        keeping.close([], 0)
    assert is_mostly_kept(Known(path, {"articles": digests}), KINDS)
    assert not is_mostly_kept(Known(path, {"articles": digests | {"b": b"another"}}), KINDS)
