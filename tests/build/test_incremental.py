"""A build that goes on from the last one makes the same bytes as one that starts anew, whatever became of its work cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from made import built, page, tab, write_extracted

from pipeline.build import assembly, tablefiles
from pipeline.build.choice import notes
from pipeline.build.choice.selection import RecordPlan
from pipeline.build.records import making
from pipeline.build.run import BuildReport, build
from pipeline.build.tables import csv_edition, facts, partwriter, touched
from pipeline.build.tables.affected import affected
from pipeline.build.tables.columntexts import Lines
from pipeline.build.tables.store import stored_tables
from pipeline.cli import main
from pipeline.config import Privacy, Settings
from pipeline.errors import RefusedByGate
from pipeline.explorer import page as explorer_page
from pipeline.explorer import pieces
from pipeline.explorer.records import Shown
from pipeline.records import Article, Deck, ExtractedPage, SlideText, TextBlock
from pipeline.schema.spec import Table

BDP = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
CONTACTS = {"contacts": ["Jan Próbny", "Skarbnik"]}


def practice(number: int, title: str = "Ogród", day: int = 1) -> ExtractedPage:
    return page(f"{BDP}{number}", [tab(f"bdp:{number}", title=title, slug=f"ogrod-{number}", labels=CONTACTS)], day=day)


def deck(number: int, text: str = "Wspólne place i ogrody") -> ExtractedPage:
    slides = [SlideText(number=n, title=None, text=f"{text} {number}/{n}") for n in (1, 2, 3)]
    found = Deck(
        record_id=f"slideplayer.pl:{number}",
        title=f"Ogrody {number}",
        site="slideplayer.pl",
        publisher=None,
        shape="desktop",
        slides=slides,
    )
    return page(f"https://slideplayer.pl/slide/{number}/", [found], source="slideplayer")


def article(number: int) -> ExtractedPage:
    url = f"https://biblioteka.blogspot.com/2020/01/{number}.html"
    found = Article(
        record_id=f"blogger:biblioteka.blogspot.com/2020/01/{number}",
        title=f"Wieczór {number}",
        published_text=None,
        blocks=[TextBlock(text=f"Na wieczór numer {number} przyszło wielu czytelników z Jarocina i okolic.")],
    )
    return page(url, [found], source="blogger")


FIRST = [*(practice(n) for n in range(1, 11)), *(deck(n) for n in range(1, 6)), *(article(n) for n in range(1, 6))]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pieces, chunks and files of a few records."""
    monkeypatch.setattr(making, "CHUNK_RECORDS", 3)
    monkeypatch.setattr(pieces, "GROUP_RECORDS", 3)
    monkeypatch.setattr(notes, "PIECE_BYTES", 4_000)


def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of a few rows stand in several files."""
    monkeypatch.setattr(assembly, "SINGLE_RECORDS", 4)
    monkeypatch.setattr(assembly, "FILE_RECORDS", 3)
    monkeypatch.setattr(tablefiles, "SINGLE_ROWS", 8)
    monkeypatch.setattr(tablefiles, "FILE_ROWS", 5)
    monkeypatch.setattr("pipeline.build.tables.sorting.IN_MEMORY", 6)


def contents(report: BuildReport) -> dict[str, bytes]:
    files = (path for path in report.snapshot.rglob("*") if path.is_file())
    return {path.relative_to(report.snapshot.parent).as_posix(): path.read_bytes() for path in files}


def cache_files(data: Path, ending: str = "") -> list[Path]:
    return sorted(path for path in (data / ".build").rglob(f"*{ending}") if path.is_file() and path.name != "last-build.json")


def both_ways(data: Path, second: Sequence[ExtractedPage]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The snapshot built from ``second`` after another one, with the work cache of that and without any."""
    anew = data.with_name(f"{data.name}-anew")
    shutil.copytree(data, anew, symlinks=True)
    shutil.rmtree(anew / ".build")
    return contents(built(data, second)), contents(built(anew, second))


GONE = page(f"{BDP}5", verdict="gone", status_code=404, day=9)
CHANGES: dict[str, list[ExtractedPage]] = {
    "a new practice": [*FIRST, practice(20)],
    "new captures of known pages, and a page that is gone": [
        *FIRST,
        practice(3, "Ogród i sad", day=9),
        practice(9, day=9),
        GONE,
    ],
    "captures taken away, the others in another order": FIRST[-3:2:-1],
    "new first and last records, and two that are one now": [
        *FIRST,
        deck(30),
        article(0),
        page("https://dobrepraktyki.pl/x", [tab("bdp2:9", slug="ogrod-9", title="Ogród")]),
    ],
}


@pytest.mark.parametrize(("change", "tables"), [*((name, "in parts") for name in CHANGES), ("a new practice", "in one file")])
def test_going_on_makes_what_starting_anew_makes(
    change: str, tables: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if tables == "in parts":
        in_parts(monkeypatch)
    data = tmp_path / "data"
    built(data, FIRST)
    gone_on, anew = both_ways(data, CHANGES[change])
    assert gone_on == anew


@pytest.mark.parametrize("change", CHANGES)
def test_rows_that_differ_are_those_of_the_tables(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, FIRST)
    found: list[tuple[dict[str, set[str]], dict[str, pa.Table]]] = []

    def noted(chunks: Any, records: Any, names: Any) -> dict[str, pa.Table]:
        rows = touched.touched_rows(chunks, records, names)
        found.append((records, rows))
        return rows

    monkeypatch.setattr(assembly, "touched_rows", noted)
    snapshot = built(tmp_path, CHANGES[change]).snapshot
    ((records, rows),) = found
    expected = affected({name: stored.paths for name, stored in stored_tables(snapshot).items()}, records)
    assert {name: table.to_pylist() for name, table in rows.items()} == {
        name: table.to_pylist() for name, table in expected.items()
    }
    assert any(table.num_rows for table in rows.values()) or change.startswith("captures taken away")


def records_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the records whose rows are made from now on."""
    made: list[str] = []

    def noted(task: making.ChunkTask, plan: RecordPlan, *rest: Any) -> None:
        made.append(plan.record_id)
        add(task, plan, *rest)

    add = making._add
    monkeypatch.setattr(making, "_add", noted)
    return made


def test_only_what_has_other_pages_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, FIRST)
    made = records_made(monkeypatch)
    built(tmp_path, [*FIRST, practice(20), practice(3, "Ogród i sad", day=9)])
    assert sorted(made) == sorted(["bdp:20", "bdp:3"])


@pytest.mark.parametrize("new", [deck(100), deck(105), deck(130)])
def test_where_chunks_are_cut_for_their_length_only_new_records_are_made(
    new: ExtractedPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cut behind a new record moves by one."""
    monkeypatch.setattr(making, "CHUNK_RECORDS", 1 << 40)
    monkeypatch.setattr(making, "MOST_RECORDS", 4)
    decks = many(deck, range(101, 130))
    decks = [one for one in decks if one.capture.source_url != new.capture.source_url]
    data = tmp_path / "data"
    built(data, decks, accept="a test")
    made = records_made(monkeypatch)
    anew = data.with_name("anew")
    shutil.copytree(data, anew, symlinks=True)
    shutil.rmtree(anew / ".build")
    gone_on = built(data, [*decks, new], accept="a test")
    assert len(made) == 1
    assert contents(gone_on) == contents(built(anew, [*decks, new], accept="a test"))


def test_what_nobody_changed_is_told_without_reading_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_extracted(tmp_path, FIRST)
    command = ["build", "--data-dir", str(tmp_path), "--json", "--accept", "a few made up pages"]
    assert main(command) == 0
    first = capsys.readouterr().out

    def never(*_arguments: object, **_more: object) -> None:
        raise AssertionError("the build looked at a page")

    monkeypatch.setattr("pipeline.build.run.build", never)
    assert main(command) == 0
    assert capsys.readouterr().out == first.replace('"published"', '"unchanged"')
    (tmp_path / "datasets" / "latest").unlink()  # what was found then is not what readers see now
    assert main(command) == 1
    assert "the build looked at a page" in capsys.readouterr().out


def cut_in_two(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 0x40
    path.write_bytes(content)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


HARMS: tuple[Callable[[Path], object], ...] = (cut_in_two, flipped, emptied, Path.unlink)


@pytest.mark.parametrize("ending", [".notes", ".pages", ".rows"])
def test_a_damaged_cache_is_made_anew(ending: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    built(data, FIRST)
    damaged = cache_files(data, ending)
    assert len(damaged) > len(HARMS)
    for number, path in enumerate(damaged):
        HARMS[number % len(HARMS)](path)
    gone_on, anew = both_ways(data, [*FIRST, practice(20)])
    assert gone_on == anew


@pytest.mark.parametrize("harm", [*HARMS, lambda path: path.write_bytes(path.read_bytes()[:-40] + bytes(40))])
def test_damaged_records_of_the_explorer_are_made_anew(harm: Callable[[Path], object], tmp_path: Path) -> None:
    data = tmp_path / "data"
    built(data, FIRST)
    (kept,) = cache_files(data, ".explorer")
    harm(kept)
    gone_on, anew = both_ways(data, [*FIRST, practice(20)])
    assert gone_on == anew


def test_a_group_of_the_explorer_that_is_another_one_is_not_taken(tmp_path: Path) -> None:
    data = tmp_path / "data"
    built(data, FIRST)
    (kept,) = cache_files(data, ".explorer")
    content = kept.read_bytes()
    # Every group is flipped somewhere, the list of them is whole.
    end = len(content) - 24 - int.from_bytes(content[-8:], "big")
    kept.write_bytes(bytes(byte ^ 1 if at % 50 == 0 else byte for at, byte in enumerate(content[:end])) + content[end:])
    gone_on, anew = both_ways(data, [*FIRST, practice(20)])
    assert gone_on == anew


def test_only_records_that_are_others_are_made_for_the_explorer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, FIRST)
    made: list[str] = []

    def noted(record: Shown, *rest: Any) -> pieces.Piece:
        made.append(record.record_id)
        return piece_of(record, *rest)

    piece_of = pieces.piece_of
    monkeypatch.setattr(explorer_page, "piece_of", noted)
    report = built(tmp_path, [*FIRST, practice(20), practice(3, "Ogród i sad", day=9)])
    assert sorted(made) == ["bdp:20", "bdp:3"]
    published = contents(report)[f"{report.snapshot.name}/explorer.html"]
    assert explorer_page.write_explorer(report.snapshot, report.snapshot.name, tmp_path).read_bytes() == published


def test_words_that_no_record_has_any_more_are_forgotten_in_the_end(tmp_path: Path) -> None:
    built(tmp_path, [practice(n, f"Tytuł{n} " + " ".join(f"słowo{n}x{k}" for k in range(60))) for n in range(1, 15)])
    built(tmp_path, [practice(1, "Ogród")])
    assert not cache_files(tmp_path, ".explorer")


@pytest.mark.parametrize("kind", [practice, deck])
def test_personal_data_in_a_record_that_changed_refuses_the_build_as_before(
    kind: Callable[[int, str], ExtractedPage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The detectors here find a word, since what they find in truth is masked before it reaches a table."""
    monkeypatch.setattr(facts, "suspects", lambda column, _place: enumerate(map(str, column.to_pylist())))
    monkeypatch.setattr(facts, "personal_data_kinds", lambda text, _place: ["word"] if text and "Zakazane" in text else [])
    data, anew = tmp_path / "data", tmp_path / "anew"
    built(data, FIRST)
    said = []
    for folder in (data, anew):
        with pytest.raises(RefusedByGate) as refused:
            built(folder, [*FIRST, kind(30, "Zakazane słowo")])
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert "no personal data where everybody reads" in said[0]


def test_personal_data_in_a_capture_refuses_each_build_that_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Captures are searched when their pages are noted, once."""
    monkeypatch.setattr(facts, "suspects", lambda column, _place: enumerate(map(str, column.to_pylist())))
    monkeypatch.setattr(facts, "personal_data_kinds", lambda text, _place: ["word"] if text and "Zakazane" in text else [])
    shown = msgspec.structs.replace(page(f"{BDP}77", verdict="shell"), reason="Zakazane słowo")
    said = []
    for pages in ([*FIRST, shown], [*FIRST, shown, practice(20)]):
        with pytest.raises(RefusedByGate) as refused:
            built(tmp_path, pages)
        said.append(str(refused.value))
    built(tmp_path, FIRST)
    with pytest.raises(RefusedByGate) as refused:
        built(tmp_path, [*FIRST, shown])
    assert {*said, str(refused.value)} == {said[0]}
    assert "no personal data where everybody reads" in said[0]
    assert "captures" in said[0]


def test_half_written_files_are_taken_for_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    built(data, FIRST)
    for path in cache_files(data):
        path.rename(path.with_name(f"{path.name}.open"))
    gone_on, anew = both_ways(data, [*FIRST, practice(20)])
    assert gone_on == anew
    assert not cache_files(data, ".open")


def test_the_cache_of_other_code_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, FIRST)
    before = {path.parent.name for path in cache_files(tmp_path)}
    monkeypatch.setattr("pipeline.build.cache.environment", lambda: {"code_fingerprint": "another"})
    built(tmp_path, [*FIRST, practice(20)])
    assert before.isdisjoint(path.parent.name for path in cache_files(tmp_path))


def test_another_setting_is_another_build(tmp_path: Path) -> None:
    write_extracted(tmp_path, FIRST)
    settings = Settings(data_dir=tmp_path)
    with_people = build(settings, lambda _line: None)
    without = build(msgspec.structs.replace(settings, privacy=Privacy(keep_restricted=False)), lambda _line: None)
    again = build(settings, lambda _line: None)
    assert (with_people.outcome, without.outcome, again.outcome) == ("published", "published", "unchanged")
    assert (with_people.snapshot / "restricted").is_dir()
    assert not (without.snapshot / "restricted").exists()


def test_the_cache_is_for_its_owner_and_is_never_published(tmp_path: Path) -> None:
    report = built(tmp_path, FIRST)
    assert (tmp_path / ".build").stat().st_mode & 0o077 == 0
    published = os.linesep.join(path.as_posix() for path in report.snapshot.rglob("*"))
    assert not any(ending in published for ending in (".notes", ".pages", ".rows", ".build"))


def many(made: Callable[[int], ExtractedPage], numbers: Iterable[int]) -> list[ExtractedPage]:
    """Pages with capture ids that no other page has, however many they are."""
    found = []
    for number in numbers:
        one = made(number)
        capture = msgspec.structs.replace(one.capture, capture_id=f"c:{made.__name__}{number:08}")
        found.append(msgspec.structs.replace(one, capture=capture))
    return found


def test_what_the_gate_says_is_the_same_whether_it_counted_anew_or_not(tmp_path: Path) -> None:
    """Entities in more than one text of twenty, misread letters in more than one, languages that a source has not."""

    def escaped(number: int) -> ExtractedPage:
        return practice(number, "Ogród &amp;amp; sad")

    def misread(number: int) -> ExtractedPage:
        return practice(number, "Å‚awka Å›ciana")

    wrong = [*many(escaped, range(40, 50)), *many(misread, range(50, 60))]
    data = tmp_path / "data"
    accepted = {"accept": "a test"}
    built(data, [*FIRST, *wrong, *many(deck, range(40, 70))], **accepted)
    anew = tmp_path / "anew"
    shutil.copytree(data, anew, symlinks=True)
    shutil.rmtree(anew / ".build")
    second = [*FIRST, *wrong[1:], *many(escaped, [90]), *many(deck, range(41, 71))]
    gone_on, starting = (built(folder, second, **accepted) for folder in (data, anew))
    assert gone_on.gate == starting.gate
    assert len(gone_on.gate.problems) > 2
    assert contents(gone_on) == contents(starting)


def lines_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids in the lines of CSV that are made from now on."""
    made: list[str] = []

    def noted(table: Table, rows: pa.RecordBatch) -> Lines:
        if table.name == "slides":
            made.extend(dict.fromkeys(rows["presentation_id"].to_pylist()))
        return csv_lines(table, rows)

    csv_lines = csv_edition.csv_lines
    monkeypatch.setattr(partwriter, "csv_lines", noted)
    return made


@pytest.mark.parametrize("tables", ["in one file", "in parts"])
def test_lines_of_csv_are_made_for_chunks_that_differ(tables: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if tables == "in parts":
        in_parts(monkeypatch)
    decks = many(deck, range(1, 30))
    data = tmp_path / "data"
    built(data, decks)
    made = lines_made(monkeypatch)
    gone_on, anew = both_ways(data, [*decks, *many(deck, [30])])
    assert gone_on == anew
    assert len(made) < 30 + 10  # all of them by the one that starts anew
    assert "slideplayer.pl:30" in made


@pytest.mark.parametrize("harm", HARMS)
def test_lines_of_csv_that_are_not_what_was_written_are_made_anew(harm: Callable[[Path], object], tmp_path: Path) -> None:
    decks = many(deck, range(1, 30))
    data = tmp_path / "data"
    harm(built(data, decks).snapshot / "csv" / "slides.csv")
    gone_on, anew = both_ways(data, [*decks, *many(deck, [30])])
    assert gone_on == anew


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("ending", [".counts", ".lines"])
def test_what_was_counted_or_written_where_is_found_out_anew(
    ending: str, harm: Callable[[Path], object], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    built(data, FIRST)
    (kept,) = cache_files(data, ending)
    harm(kept)
    gone_on, anew = both_ways(data, [*FIRST, practice(20)])
    assert gone_on == anew


def test_lines_of_a_snapshot_that_was_found_again_are_not_taken_for_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other code that comes to the same snapshot has not looked into its CSV edition."""
    built(tmp_path, FIRST)
    monkeypatch.setattr("pipeline.build.cache.environment", lambda: {"code_fingerprint": "another"})
    assert built(tmp_path, FIRST).outcome == "unchanged"
    assert cache_files(tmp_path, ".counts")
    assert not cache_files(tmp_path, ".lines")
