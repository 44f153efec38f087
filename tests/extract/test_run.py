"""The extract run: one file per WARC file, rebuilt only when something changed, poison pages set aside."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.archive.importer import import_paths
from pipeline.archive.lock import folder_lock
from pipeline.config import Settings
from pipeline.errors import ExtractError, LockHeld, PraktykiError
from pipeline.extract import run as extract_run
from pipeline.extract import worker
from pipeline.extract.run import extract, extracted_pages
from pipeline.records import ExtractedPage

GOOD = "<html><body><article><h1>Ogród</h1><p>{}</p></article></body></html>".format(
    "Gmina i mieszkańcy wspólnie założyli ogród przy szkole, a dzieci dbają o niego przez cały rok. " * 3
)


def silent(_line: str) -> None: ...


def archive(tmp_path: Path, pages: dict[str, bytes]) -> Settings:
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    for name, body in pages.items():
        (site / name).write_bytes(body)
    import_paths([site], tmp_path / "raw", say=silent)
    return Settings(data_dir=tmp_path, engine="serial")


def pages_of(settings: Settings) -> list[ExtractedPage]:
    return [page for path in sorted(settings.extracted.rglob("*.jsonl")) for _, page in extracted_pages(path)]


def test_an_empty_archive_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PraktykiError, match="praktyki import"):
        extract(Settings(data_dir=tmp_path), silent)


def test_unchanged_is_skipped_and_changed_code_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode()})
    assert len(extract(settings, silent).made) == 1
    assert len(extract(settings, silent).unchanged) == 1
    monkeypatch.setattr(extract_run, "parser_fingerprint", lambda _sources_dir: "another")
    assert len(extract(settings, silent).made) == 1


def test_new_captures_are_read_and_old_files_left(tmp_path: Path) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode()})
    extract(settings, silent)
    archive(tmp_path, {"b.html": GOOD.replace("Ogród", "Sad").encode()})
    report = extract(settings, silent)
    assert (len(report.made), len(report.unchanged)) == (1, 1)
    assert len(pages_of(settings)) == 2


def test_extracted_files_of_a_removed_archive_go(tmp_path: Path) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode()})
    extract(settings, silent)
    archive(tmp_path, {"b.html": GOOD.replace("Ogród", "Sad").encode()})
    extract(settings, silent)
    first = min((tmp_path / "raw").rglob("*.warc.gz"))
    first.unlink()
    first.with_name(first.name.removesuffix(".warc.gz") + ".cdxj").unlink(missing_ok=True)
    for index in first.parent.glob(first.name.split(".")[0] + "*"):
        index.unlink()
    assert len(extract(settings, silent).removed) == 1
    assert len(pages_of(settings)) == 1


def test_engines_write_the_same_bytes(tmp_path: Path) -> None:
    settings = archive(tmp_path, {f"{n}.html": GOOD.replace("Ogród", f"Ogród {n}").encode() for n in range(70)})
    extract(settings, silent)
    serial = {path.name: path.read_bytes() for path in settings.extracted.rglob("*.jsonl")}
    for path in settings.extracted.rglob("*.jsonl"):
        path.unlink()
    extract(Settings(data_dir=tmp_path, engine="processes", workers=2), silent)
    assert {path.name: path.read_bytes() for path in settings.extracted.rglob("*.jsonl")} == serial


def crash() -> list[object]:
    raise RuntimeError("boom")


def deep() -> list[object]:
    return deep()


def endless() -> list[object]:
    signal.setitimer(signal.ITIMER_PROF, 0.05)  # of its 20 seconds so many are left
    while True:
        pass


def memory() -> list[object]:
    raise MemoryError


@pytest.mark.parametrize(
    ("poison", "reason"),
    [(crash, "RuntimeError: boom"), (deep, "nests deeper"), (memory, "memory"), (endless, "longer than")],
)
def test_a_poison_page_is_quarantined_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, poison: Callable[[], list[object]], reason: str
) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode(), "b.html": GOOD.replace("Ogród", "POISON").encode()})
    real = worker.read_page

    def reading(page: object, sources: object) -> ExtractedPage:
        if "POISON" in page.text:  # type: ignore[attr-defined]
            poison()
        return real(page, sources)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "read_page", reading)
    extract(settings, silent)
    verdicts = {page.verdict: page.reason for page in pages_of(settings)}
    assert set(verdicts) == {"detail", "quarantined"}
    assert reason in verdicts["quarantined"]


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000,
        b"<p " + b"a=1 " * 300_000 + b">x",
        b"\x00" * 5_000,
        b"<p>" + b"\xed\xa0\x80\xff\xfe" * 500,
        "<p>zażółć".encode() + "gęślą jaźń</p>".encode("iso-8859-2") * 50,
        b"x" * 25_000_000,
    ],
    ids=["deep", "attributes", "nul", "surrogates", "mixed", "huge"],
)
def test_hostile_pages_are_survived(tmp_path: Path, body: bytes) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode(), "b.html": body})
    extract(settings, silent)
    found = pages_of(settings)
    assert "detail" in {page.verdict for page in found}
    assert all(page.reason for page in found)


def test_a_second_run_at_once_is_refused(tmp_path: Path) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode()})
    with folder_lock(settings.extracted, silent), pytest.raises(LockHeld, match="is writing here"):
        extract(settings, silent)
    assert not list(settings.extracted.rglob("*.jsonl*"))
    assert extract(settings, silent).made


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    settings = archive(tmp_path, {"a.html": GOOD.encode()})
    extract(settings, silent)
    (path,) = settings.extracted.rglob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-30] + b"\n")
    with pytest.raises(ExtractError, match="broken line at byte"):
        pages_of(settings)


@pytest.mark.parametrize("harm", ["last page", "last line", "a line more"])
def test_a_file_that_was_cut_between_two_lines_is_made_anew(harm: str, tmp_path: Path) -> None:
    settings = archive(tmp_path, {f"{n}.html": GOOD.replace("Ogród", f"Ogród {n}").encode() for n in range(3)})
    extract(settings, silent)
    (path,) = settings.extracted.rglob("*.jsonl")
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    harmed = {"last page": [*lines[:-2], lines[-1]], "last line": lines[:-1], "a line more": [*lines, lines[-2]]}
    path.write_bytes(b"".join(harmed[harm]))
    assert extract(settings, silent).made
    assert path.read_bytes() == whole
