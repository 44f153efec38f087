"""The generated corpus is the same everywhere, is read whole by the pipeline, and a naive script reads it alike."""

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.__main__ import figure_names, told_table
from benchmarks.alone import measured_alone
from benchmarks.corpus import pages, write_corpus
from benchmarks.disturbed import write_poison
from benchmarks.figure import Line, Setting
from benchmarks.runs import laid_out
from benchmarks.tiny import SOURCE, write_tiny_archive
from pipeline.archive.check import archive_problems
from pipeline.build.run import build
from pipeline.config import Settings
from pipeline.crawl.runs.state import crawl_state
from pipeline.extract.run import extract


def test_a_larger_corpus_begins_with_the_smaller_one() -> None:
    small, large = list(pages(40)), list(pages(60))
    assert large[:40] == small
    assert len({page.url for page in large}) == 60


def test_corpus_of_a_seed_never_changes_unnoticed() -> None:
    digest = hashlib.sha256()
    for page in pages(60):
        digest.update(page.url.encode() + page.fetched_at.isoformat().encode() + page.body)
    # Renewed with the shapes: figures of two corpora are not compared.
    assert digest.hexdigest()[:16] == "6bfc113dfea89d6d"


def test_every_generated_page_is_read(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, engine="serial")
    write_corpus(settings.raw, 80)
    report = extract(settings, lambda _line: None)
    assert {verdict for _, verdict in report.verdicts} == {"detail"}
    rows = build(settings, lambda _line: None, asks_volumes=False).rows
    assert rows["captures"] == 80
    assert all(rows[table] for table in ("practices", "practice_sections", "presentations", "articles", "partnerships"))


def test_naive_script_reads_the_main_columns_alike(tmp_path: Path) -> None:
    pytest.importorskip("bs4", reason="BeautifulSoup is a peer of the benchmarks: make setup-bench")
    from benchmarks.agreement import agreement
    from benchmarks.peers.with_beautifulsoup import row

    settings = Settings(data_dir=tmp_path, engine="serial")
    write_corpus(settings.raw, 60)
    extract(settings, lambda _line: None)
    snapshot = build(settings, lambda _line: None, asks_volumes=False).snapshot
    from benchmarks.peers.common import write_table

    write_table(settings.raw, tmp_path / "naive.parquet", row)
    assert pq.read_metadata(tmp_path / "naive.parquet").num_rows == 60
    alike = agreement(snapshot, tmp_path / "naive.parquet")
    assert alike.cells > 100
    assert alike.share > 0.98, alike.examples


def test_figures_are_told_in_one_table() -> None:
    assert "f1_one_process" in figure_names()
    told = told_table("Title", [Line(side="ours", pages=3_000, ratio=20.5, wanted="≥ 20")])
    assert told.splitlines()[2].split() == ["ours", "3,000", "20.50", "≥", "20"]


def test_archive_of_tiny_pages_is_sound_and_known_to_the_crawler(tmp_path: Path) -> None:
    write_tiny_archive(tmp_path / "raw", 50)
    assert list(archive_problems(tmp_path / "raw")) == []
    state = crawl_state(tmp_path / "raw").data
    assert state["sources"][SOURCE]["known"] == 50
    assert [run["outcome"] for run in state["runs"]] == ["finished"]


def test_a_page_that_kills_is_given_up_and_the_rest_read(tmp_path: Path) -> None:
    sources, poison = write_poison(tmp_path)
    write_corpus(tmp_path / "corpus", 20)
    data = laid_out(tmp_path / "data", tmp_path / "corpus", poison)
    settings = Settings(data_dir=data, sources_dir=sources, engine="processes", workers=1)
    verdicts = extract(settings, lambda _line: None).verdicts
    assert verdicts["-", "quarantined"] == 1
    assert sum(number for (_, verdict), number in verdicts.items() if verdict == "detail") == 20


def test_a_figure_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    setting = Setting(tmp_path, tmp_path / "corpora", is_quick=True, rounds=1, largest=100)
    assert measured_alone("f2_scale", setting) == []  # no size is small enough
