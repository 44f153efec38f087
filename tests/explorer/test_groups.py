"""The explorer made of groups that were written apart, a table at a time, as worker processes do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from pipeline.build.edition.written import GroupsTask, groups_made
from pipeline.explorer.blocks import Block, opened_block, packed, packed_blocks
from pipeline.explorer.kept import KeptGroups
from pipeline.explorer.page import FILE_NAME, write_explorer, write_groups
from pipeline.explorer.records import KINDS, shown_ids
from pipeline.privacy import scan
from pipeline.privacy.clean import keep_pieces, kept_pieces
from pipeline.privacy.scan import clean_blocks, leaks_in_files


def written_apart(snapshot: Path, folder: Path) -> dict[str, Path]:
    paths = {table: folder / f"{table}.groups" for table in KINDS}
    for table, path in paths.items():
        write_groups(snapshot, table, path)
    return paths


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def test_the_page_is_the_same(demo_snapshot: Path, tmp_path: Path) -> None:
    groups = written_apart(demo_snapshot, tmp_path)
    page = write_explorer(demo_snapshot, demo_snapshot.name, tmp_path, made=groups)
    assert page.read_bytes() == (demo_snapshot / FILE_NAME).read_bytes()


def test_it_is_the_same_when_a_file_of_groups_is_damaged_or_gone(demo_snapshot: Path, tmp_path: Path) -> None:
    harms: list[Callable[[Path], None]] = [_cut, Path.unlink]
    for number, harm in enumerate(harms):
        folder = tmp_path / str(number)
        folder.mkdir()
        groups = written_apart(demo_snapshot, folder)
        harm(groups["articles"])
        page = write_explorer(demo_snapshot, demo_snapshot.name, folder, made=groups)
        assert page.read_bytes() == (demo_snapshot / FILE_NAME).read_bytes()
        assert not [path for path in folder.iterdir() if path.name.startswith(".explorer")]


def test_blocks_searched_before_the_page_is_made_are_not_opened_again(demo_snapshot: Path, tmp_path: Path) -> None:
    runs = [groups_made(GroupsTask(demo_snapshot, table, tmp_path / f"{table}.groups")).clean for table in KINDS]
    kept = tmp_path.with_suffix(".kept")
    keep_pieces(kept, runs)
    written = write_explorer(demo_snapshot, demo_snapshot.name, tmp_path / "", made=None)
    names = [name for name, _ in packed_blocks(written.read_text("utf-8")) if name.startswith("records")]
    records = sum(map(len, shown_ids(demo_snapshot).values()))
    assert sum(map(len, runs)) == 16 * (len(names) + records)
    assert len(names) > 3
    for path in tmp_path.glob("*.groups"):
        path.unlink()
    opened: list[str] = []

    def noted(name: str, text: str) -> Block:
        opened.append(name)
        return opened_block(name, text)

    with mock.patch.object(scan, "opened_block", noted):
        assert [*leaks_in_files(tmp_path, kept_pieces(kept))] == []
    assert opened
    assert not [name for name in opened if name.startswith("records")]


def test_blocks_with_personal_data_are_not_told_to_be_clean() -> None:
    records = [{"practices": [{"practice_id": "bdp:1", "title": title}]} for title in ("Ogród", "Zadzwoń: tel. 601 202 303")]
    quiet, loud = (packed(json.dumps([record]).encode()) for record in records)
    assert len(clean_blocks([quiet])) == 2  # the block, and the record in it
    assert clean_blocks([quiet, loud]) == set()


def test_groups_of_a_table_that_were_written_for_another_are_not_taken(demo_snapshot: Path, tmp_path: Path) -> None:
    groups = written_apart(demo_snapshot, tmp_path)
    assert KeptGroups(groups["practices"]).words != KeptGroups(groups["articles"]).words
    groups["practices"], groups["articles"] = groups["articles"], groups["practices"]
    page = write_explorer(demo_snapshot, demo_snapshot.name, tmp_path, made=groups)
    assert page.read_bytes() == (demo_snapshot / FILE_NAME).read_bytes()
