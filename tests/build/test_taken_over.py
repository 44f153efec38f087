"""What a build with a process beside its own takes over from the last one, when little has changed."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made import built, page, tab

from pipeline.build.records import making
from pipeline.build.run import BuildReport
from pipeline.build.tables.chunkfile import base_of
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


def practice(number: int, title: str = "Ogród") -> ExtractedPage:
    url = f"https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art={number}"
    labels = {"contacts": ["Jan Próbny", "Skarbnik"]}
    made = page(url, [tab(f"bdp:{number}", title=f"{title} {number}", slug=f"ogrod-{number}", labels=labels)])
    capture = msgspec.structs.replace(made.capture, capture_id=f"c:{number:08}{len(title):08}")
    return msgspec.structs.replace(made, capture=capture)


def built_so(data: Path, pages: Iterable[ExtractedPage]) -> dict[str, bytes]:
    """The files of the snapshot that a build with a process beside its own makes, by their paths in snapshots/."""
    report: BuildReport = built(data, [*pages], accept="a test")
    files = (path for path in report.snapshot.rglob("*") if path.is_file())
    return {path.relative_to(report.snapshot.parent).as_posix(): path.read_bytes() for path in files}


def built_anew(data: Path, pages: Iterable[ExtractedPage]) -> dict[str, bytes]:
    """The same without any work cache, after the same snapshots."""
    anew = data.with_name("anew")
    shutil.rmtree(anew, ignore_errors=True)
    shutil.copytree(data, anew, symlinks=True)
    shutil.rmtree(anew / ".build")
    return built_so(anew, pages)


@pytest.fixture
def layered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few records, of which most may be others before they are kept whole again."""
    monkeypatch.setattr(making, "CHUNK_RECORDS", 12)
    monkeypatch.setattr(making, "MOST_OWN", 0.6)


def lying_over(data: Path) -> list[Path]:
    """The files that chunks lie over."""
    return sorted({base for path in (data / ".build").rglob("*.rows") if (base := base_of(path)) is not None})


FIRST = [practice(number) for number in range(100, 140)]
STEPS: list[list[ExtractedPage]] = [
    [*FIRST, practice(200), practice(1045)],
    [*FIRST[:20], *FIRST[21:], practice(200), practice(1045), practice(1055)],
    [
        *(practice(number, "Ogród i sad") for number in range(100, 104)),
        *FIRST[4:20],
        *FIRST[21:],
        practice(200),
        practice(1055),
    ],
    [*FIRST[:2], *FIRST[30:], practice(1), practice(99999)],
    FIRST,
]


@pytest.mark.usefixtures("layered")
def test_chunks_over_others_have_the_rows_of_whole_ones_build_after_build(tmp_path: Path) -> None:
    data = tmp_path / "data"
    built_so(data, FIRST)
    found = []
    for pages in STEPS:
        anew = built_anew(data, pages)
        assert built_so(data, pages) == anew
        found.append(len(lying_over(data)))
    assert found[0]
    assert found[2]
    kept = {path.name for path in (data / ".build").rglob("*.rows")}
    assert {path.name for path in lying_over(data)} <= kept


@pytest.mark.parametrize("last", ["finished", "cut short"])
def test_a_record_that_several_chunks_have_is_taken_once(last: str, tmp_path: Path) -> None:
    """A chunk that lies over another one may begin with another record: both are of its run, and both have the rest."""
    data = tmp_path / "data"
    numbers = (number for number in range(100, 999) if not making.is_boundary(f"bdp:{number}", making.CHUNK_RECORDS))
    some = [practice(number) for number in itertools.islice(numbers, 30)]
    built_so(data, some[1:])
    left = {path: path.read_bytes() for path in (data / ".build").rglob("*.rows")}
    built_so(data, some)
    assert lying_over(data) == [*left]
    if last == "cut short":  # between the making of chunks and the end of the build
        for path in (data / ".build").rglob("*.rows"):
            path.unlink()
        built_so(data, some)
        for path, content in left.items():
            path.write_bytes(content)
    pages = [*some[:12], *some[13:], practice(99999)]
    anew = built_anew(data, pages)
    assert built_so(data, pages) == anew


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 0x40
    path.write_bytes(content)


def _another(path: Path) -> None:
    others = (other for other in sorted(path.parent.glob("*.rows")) if other != path and base_of(other) is None)
    path.write_bytes(next(others).read_bytes())


def _over_itself(path: Path) -> None:
    path.write_bytes(path.name.encode() + path.read_bytes())


def _over_a_path(path: Path) -> None:
    path.write_bytes(b"../../" + path.name.encode() + path.read_bytes())


@pytest.mark.usefixtures("layered")
@pytest.mark.parametrize("harm", [_flipped, _another, Path.unlink, _over_itself, _over_a_path])
def test_a_chunk_over_a_damaged_one_is_made_anew(harm: Callable[[Path], object], tmp_path: Path) -> None:
    data = tmp_path / "data"
    built_so(data, FIRST)
    built_so(data, STEPS[0])
    for path in lying_over(data):
        harm(path)
    pages = [*STEPS[0], practice(5)]
    anew = built_anew(data, pages)
    assert built_so(data, pages) == anew


def test_blocks_of_the_page_that_are_the_same_are_not_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "GROUP_RECORDS", 3)
    monkeypatch.setattr("pipeline.build.run.build_workers", lambda *_settings: AtHand())
    built_so(tmp_path, FIRST)
    opened: list[str] = []

    def noted(name: str, text: str) -> Block:
        opened.append(name)
        return opened_block(name, text)

    monkeypatch.setattr(scan, "opened_block", noted)
    built_so(tmp_path, [*FIRST, practice(140)])
    assert len([name for name in opened if name.startswith("records")]) == 1


def test_what_is_known_to_be_clean_stays_known_while_little_is_new(tmp_path: Path) -> None:
    built_so(tmp_path, FIRST)
    before = digests_in(tmp_path)
    built_so(tmp_path, [*FIRST, practice(200)])
    assert before < digests_in(tmp_path)
    built_so(tmp_path, [practice(number) for number in range(300, 400)])
    assert not before < digests_in(tmp_path)


def digests_in(data: Path) -> set[bytes]:
    (kept,) = (data / ".build").rglob("searched.clean")
    content = kept.read_bytes()[16:]
    return {content[at : at + 16] for at in range(0, len(content), 16)}


def test_records_that_the_page_does_not_show_are_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_OF_A_KIND", 3)
    path = tmp_path / "kept"
    digests = {name: name.encode() for name in "abcdef"}
    with KeepingGroups(path) as keeping:
        keeping.add(Group("articles", [*"abc"]), [*digests.values()][:3], MadeGroup([], [], [], [], b"", b""))
        keeping.close([], 0)
    assert is_mostly_kept(Known(path, {"articles": digests}), KINDS)
    assert not is_mostly_kept(Known(path, {"articles": digests | {"b": b"another"}}), KINDS)
