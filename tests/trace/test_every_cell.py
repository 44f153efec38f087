"""Every cell that is not null resolves to bytes of the archive: over the demo, the saved pages and the real seeds."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from saved_pages import all_cases

import pipeline.demo
from pipeline.archive.importer import import_paths
from pipeline.build.run import build
from pipeline.cli import main
from pipeline.config import Settings
from pipeline.demo.run import FOLDER
from pipeline.extract.run import extract
from pipeline.normalise.masks import EMAIL_MASK, PHONE_MASK
from pipeline.schema.spec import tables
from pipeline.trace.evidence import LOCATED
from pipeline.trace.letters import letters_of, plain_letters, visible_letters
from pipeline.trace.run import Trace, Tracer

SITE = Path(pipeline.demo.__file__).parent / "site"
SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
MASK = re.compile(f"{re.escape(EMAIL_MASK)}|{re.escape(PHONE_MASK)}")
NOT_OF_PAGES = {"places", "changes"}  # facts of registers; differences between two snapshots


def silent(_line: str) -> None:
    pass


def snapshot_of(paths: list[Path], data_dir: Path) -> Settings:
    settings = Settings(data_dir=data_dir, engine="serial")
    report = import_paths(paths, settings.raw, say=silent)
    assert not report.failures
    extract(settings, silent)
    build(settings, silent, "a test: a few pages are no whole source")
    return settings


def saved_page_groups(folder: Path) -> Iterator[Path]:
    """Folders of saved pages with their addresses; pages of one record stand in different folders, so each is chosen once."""
    rows: dict[int, list[tuple[str, str, str]]] = {}
    seen: Counter[str] = Counter()
    for case in all_cases():
        body = next(case.folder.glob("page.*"))
        expected = case.expected
        if not body.stat().st_size or expected.get("status_code", 200) != 200:
            continue
        record = expected["findings"][0]["record_id"] if expected["findings"] else case.id
        group = seen[record]
        seen[record] += 1
        name = f"{case.source}-{case.name}{body.suffix}"
        (folder / str(group)).mkdir(parents=True, exist_ok=True)
        (folder / str(group) / name).write_bytes(body.read_bytes())
        rows.setdefault(group, []).append((name, expected["url"] or "", "2026-09-01T12:00:00Z"))
    for group, listed in rows.items():
        with (folder / str(group) / "captures.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("file", "url", "fetched_at"), *listed])
        yield folder / str(group)


def all_traces(settings: Settings) -> Iterator[Trace]:
    with Tracer(settings) as tracer:
        for table in tables():
            if table not in NOT_OF_PAGES:
                for row in tracer.rows(table):
                    yield from tracer.traces(table, row)


def hold(trace: Trace) -> None:
    where = f"{trace.table} {trace.key} {trace.column} {trace.value!r} ({trace.evidence})"
    needs_text = trace.evidence.derivation in LOCATED and trace.value != 0
    assert trace.texts or not needs_text, f"no text behind {where}"
    assert trace.is_located, f"not found: {where}"
    if trace.texts or trace.evidence.derivation == "capture":
        assert trace.archived is not None, f"no page behind {where}"
    if trace.archived is None:
        return
    assert trace.archived.is_verified, f"digest not verified: {where}"
    page, body = trace.archived.page, trace.archived.payload.body
    if page is None:
        return
    whole = page.text.encode("utf-8", "surrogatepass")
    for located in trace.texts:
        stood = ""
        for span in located.spans:
            source = page.text[span.start : span.end]
            # The bytes at the ranges are the text, in the decoded page and in the body.
            decoded, archived = trace.archived.in_decoded_page(span), trace.archived.in_body(span)
            assert whole[decoded.start : decoded.end].decode("utf-8", "surrogatepass") == source
            if archived is not None:
                assert body[archived.start : archived.end].decode(page.decoded.charset) == source
            stood += (visible_letters(source) if page.is_html else plain_letters(source)).text
        if not located.piece.is_link:
            wanted = letters_of(located.piece.text)
            without_masks = letters_of(MASK.sub("", located.piece.text))
            assert stood in (wanted, without_masks), where


def hold_all(settings: Settings) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for trace in all_traces(settings):
        hold(trace)
        kinds[trace.evidence.derivation] += 1
        # A rule is known for every column: nothing is searched for by chance, nothing reads otherwise than it was built.
        assert not trace.evidence.note.startswith(("no rule", "the page reads otherwise")), trace
    return kinds


def test_demo(tmp_path: Path) -> None:
    kinds = hold_all(snapshot_of([SITE], tmp_path))
    assert kinds["published"] > 400
    assert kinds["labelled"] > 100
    assert kinds["text"] > 100


def test_demo_as_crawled(tmp_path: Path) -> None:
    assert main(["demo", "--data-dir", str(tmp_path), "--quiet"]) == 0
    kinds = hold_all(Settings(data_dir=tmp_path / FOLDER))
    assert kinds["published"] > 400
    assert kinds["file"] > 10


def test_saved_pages_of_every_shape(tmp_path: Path) -> None:
    kinds: Counter[str] = Counter()
    for group in saved_page_groups(tmp_path / "pages"):
        kinds += hold_all(snapshot_of([group], tmp_path / f"data-{group.name}"))
    assert kinds["published"] > 700


@pytest.mark.skipif(
    not (SEEDS / "captures.csv").is_file(), reason="the real seeds do not lie beside this checkout (../shared/seeds)"
)
def test_seeds(tmp_path: Path) -> None:
    kinds = hold_all(snapshot_of([SEEDS], tmp_path))
    assert kinds["published"] > 150


def test_a_noun_that_parties_share(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    told = "Gminy Lipno, Kikół i Wielgie podpisały w 2021 r. list intencyjny o współpracy."
    other = "Дубенська та Смизька територіальні громади підписали меморандум про співробітництво у 2020 році."
    page.write_text(f"Porozumienia\n\n{told}\n\n{other}\n\n" + "Biblioteki i szkoły pracują razem od lat. " * 4, "utf-8")
    settings = snapshot_of([page], tmp_path / "data")
    hold_all(settings)
    parties = [trace for trace in all_traces(settings) if (trace.table, trace.column) == ("partnerships", "parties")]
    assert [trace.value for trace in parties] == [
        ["Gmina Lipno", "Gmina Kikół", "Gmina Wielgie"],
        ["Дубенська територіальна громада", "Смизька територіальна громада"],
    ]
    assert [located.piece.text for trace in parties for located in trace.texts] == [
        *("Lipno", "Kikół", "Wielgie"),
        *("Дубенська", "Смизька"),
    ]
