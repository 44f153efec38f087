"""What was searched for personal data is not searched again, unless a byte of it has changed."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.explorer.blocks import Block, block_markup, json_bytes
from pipeline.privacy import cells, clean, csvcells, scan
from pipeline.privacy.clean import CleanPieces, keep_pieces, kept_pieces
from pipeline.privacy.csvcells import stretches
from pipeline.privacy.scan import PublicFile, SearchTask, leaks_in_file, leaks_in_files

HEAD = "presentation_id,position,text"
LINES = [f'slideplayer.pl:{n},1,"Slajd {n}, ""ogród"" {"i sad " * (n % 9)}\r\nnad rzeką"' for n in range(400)]
PERSON = 'slideplayer.pl:7,2,"proszę pisać: jan.probny@example.org"'


def write_csv(folder: Path, lines: list[str]) -> None:
    (folder / "csv").mkdir(exist_ok=True)
    (folder / "csv" / "slides.csv").write_bytes("".join(f"{line}\r\n" for line in [HEAD, *lines]).encode())


def write_page(folder: Path, texts: list[str]) -> None:
    blocks = (
        block_markup(f"records{n}", json_bytes([{"slides": [{"position": 1, "text": text}]}])) for n, text in enumerate(texts)
    )
    (folder / "explorer.html").write_text("".join(blocks), "utf-8")


def searched(folder: Path, kept: Path) -> tuple[list[str], int]:
    """Kinds of leaks, and how many texts were looked at."""
    looked_at: list[str] = []

    def noted(column: Any, place: Any) -> Any:
        looked_at.extend(column.to_pylist())
        return suspects(column, place)

    suspects = cells.suspects
    pieces = kept_pieces(kept)
    with mock.patch.object(scan, "suspects", noted), mock.patch.object(csvcells, "suspects", noted):
        found = [leak.kind for leak in leaks_in_files(folder, pieces)]
    keep_pieces(kept, pieces.clean)
    return found, len(looked_at)


def test_only_what_changed_is_searched_again(tmp_path: Path) -> None:
    kept = tmp_path.with_name("kept")
    write_csv(tmp_path, LINES)
    write_page(tmp_path, [f"slajd {n} o ogrodach" for n in range(50)])
    found, first = searched(tmp_path, kept)
    assert (found, first > 800) == ([], True)
    assert searched(tmp_path, kept) == ([], 0)
    write_csv(tmp_path, [*LINES[:200], "slideplayer.pl:1234,1,nowy", *LINES[200:]])
    write_page(tmp_path, [f"slajd {n} o ogrodach" for n in range(1, 51)])  # all stand under other names
    found, again = searched(tmp_path, kept)
    assert (found, 0 < again < first / 3) == ([], True)


@pytest.mark.parametrize("at", [0, 200, 400])
def test_a_person_between_known_lines_is_found_every_time(at: int, tmp_path: Path) -> None:
    kept = tmp_path.with_name("kept")
    write_csv(tmp_path, LINES)
    searched(tmp_path, kept)
    write_csv(tmp_path, [*LINES[:at], PERSON, *LINES[at:]])
    for _ in range(2):
        assert searched(tmp_path, kept)[0] == ["e-mail"]


def test_a_person_in_a_known_page_is_found_every_time(tmp_path: Path) -> None:
    kept = tmp_path.with_name("kept")
    write_page(tmp_path, ["slajd", "ogród"])
    searched(tmp_path, kept)
    write_page(tmp_path, ["slajd", "jan.probny@example.org"])
    for _ in range(2):
        assert searched(tmp_path, kept)[0] == ["e-mail"]


def test_a_cell_is_searched_as_what_its_table_has() -> None:
    """Lines that are clean in one table are not taken for clean in another."""
    pieces = CleanPieces()
    assert not pieces.is_clean("slides", b"a,b\r\n")
    pieces.settle(are_clean=True)
    again = CleanPieces(pieces.clean)
    assert again.is_clean("slides", b"a,b\r\n")
    assert not again.is_clean("articles", b"a,b\r\n")
    again.settle(are_clean=False)
    assert again.clean == pieces.clean


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 16, b"x" * 48])
def test_what_is_not_whole_is_taken_for_nothing(content: bytes, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(content)
    assert not kept_pieces(kept).is_clean("slides", b"x")
    assert not kept_pieces(None).is_clean("slides", b"x")
    assert not kept_pieces(tmp_path / "missing").is_clean("slides", b"x")


def test_a_worker_says_what_it_found_clean(tmp_path: Path) -> None:
    write_csv(tmp_path, LINES)
    file = PublicFile(tmp_path / "csv" / "slides.csv", "csv/slides.csv")
    first = leaks_in_file(SearchTask(file, None))
    clean.keep_pieces(tmp_path / "kept", [first.clean])
    assert leaks_in_file(SearchTask(file, tmp_path / "kept")) == first
    assert not first.leaks
    assert len(first.clean) > 5 * 16


@given(
    st.lists(st.sets(st.binary(min_size=16, max_size=16) | st.integers(0, 3).map(lambda number: bytes(15) + bytes([number]))))
)
def test_runs_of_digests_are_kept_in_order_and_once(tmp_path_factory: pytest.TempPathFactory, runs: list[set[bytes]]) -> None:
    kept = tmp_path_factory.mktemp("kept") / "kept"
    clean.keep_pieces(kept, [clean.packed_digests(run) for run in runs])
    assert kept.read_bytes()[16:] == b"".join(sorted({digest for run in runs for digest in run}))


_CELL = st.text(st.sampled_from('a,"\r\n')) | st.text(st.characters(codec="utf-8"))


@given(st.lists(st.lists(_CELL, min_size=2, max_size=2), max_size=40), st.integers(1, 60))
def test_stretches_hold_whole_records_wherever_the_file_is_cut_for_reading(rows: list[list[str]], size: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    content = text.getvalue().encode()
    with mock.patch.object(csvcells, "_STRETCH_LINES", 2), mock.patch.object(csvcells, "_MOST_LINES", 4):
        whole = [*stretches(io.BytesIO(content))]
        with mock.patch.object(csvcells, "_BYTES_AT_ONCE", size):
            assert [*stretches(io.BytesIO(content))] == whole
    assert b"".join(whole) == content
    read = [[*csv.reader(io.StringIO(stretch.decode(), newline=""))] for stretch in whole]
    assert list(itertools.chain.from_iterable(read)) == rows
    assert all(len(part) <= 4 for part in read)


@given(st.lists(st.lists(_CELL, min_size=2, max_size=2), min_size=1, max_size=30), st.data())
def test_spans_that_were_searched_are_left_out(rows: list[list[str]], data: st.DataObject) -> None:
    lines = []
    for row in rows:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerow(row)
        lines.append(text.getvalue().encode())
    is_searched = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    ends = [*itertools.accumulate(map(len, lines), initial=0)]
    spans = csvcells.joined_spans(
        span for span, is_known in zip(itertools.pairwise(ends), is_searched, strict=True) if is_known
    )
    with mock.patch.object(csvcells, "_STRETCH_LINES", 2):
        found = b"".join(csvcells._open_stretches(io.BytesIO(b"".join(lines)), spans))
    assert found == b"".join(line for line, is_known in zip(lines, is_searched, strict=True) if not is_known)


def block_of(texts: list[str]) -> Block:
    return Block("records0", json_bytes([{"slides": [{"position": 1, "text": text}]} for text in texts]))


def test_records_that_were_searched_are_known_in_another_block() -> None:
    pieces = CleanPieces()
    field, orchard, new = "pole @", "sad 12345", "nowy %"  # what has no such sign is not told at all
    assert [text for text, _ in scan._texts_of_block(block_of([field, "dom", orchard]), pieces)] == [field, orchard]
    pieces.settle(are_clean=True)
    again = CleanPieces(pieces.clean)
    assert [text for text, _ in scan._texts_of_block(block_of([field, new, orchard]), again)] == [new]
    again.settle(are_clean=False)
    assert [text for text, _ in scan._texts_of_block(block_of([new, orchard]), CleanPieces(again.clean))] == [new]


def test_those_before_stay_while_they_are_not_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept"
    keep_pieces(kept, [b"a" * 16, b"b" * 16])
    keep_pieces(kept, [b"c" * 16], those_before=True)
    assert kept.read_bytes()[16:] == b"a" * 16 + b"b" * 16 + b"c" * 16
    monkeypatch.setattr(clean, "_MOST_BEFORE", 3)
    keep_pieces(kept, [b"d" * 16], those_before=True)
    assert kept.read_bytes()[16:] == b"d" * 16
    kept.write_bytes(b"nothing of ours")
    keep_pieces(kept, [b"e" * 16], those_before=True)
    assert kept.read_bytes()[16:] == b"e" * 16
