"""`forget` on a whole data folder: crawled twice, extracted, built; and what later crawls and imports then do."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archive_kit import captures, tree
from crawl_kit import HOME, Asked, Reply, serving, source, stored
from fastwarc.warc import ArchiveIterator as FastIterator
from forgetting_kit import (
    EMAIL,
    EVERY_RUN,
    NAME,
    ON_SITE,
    SIGNED,
    TERMS,
    answers,
    built,
    crawled,
    few_answers,
    forgotten,
    page,
    settings_of,
    silent,
    traces,
)
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive.check import archive_problems
from pipeline.archive.importer import import_paths
from pipeline.archive.index import warc_paths
from pipeline.archive.lock import raw_lock
from pipeline.archive.members import Member, members
from pipeline.archive.tombstones import FORGOTTEN, FORGOTTEN_DIGEST, forgotten_type
from pipeline.build.edition.package import damage
from pipeline.build.snapshot import read_tables
from pipeline.build.upkeep.reproduce import reproduction
from pipeline.cli import main
from pipeline.crawl.ledger.frontier import FRONTIER_NAME
from pipeline.crawl.ledger.holdings import holding_problems
from pipeline.crawl.runs.why import explanation
from pipeline.errors import ConfigError, LockHeld, UsageError
from pipeline.forgetting import finding
from pipeline.forgetting.keeping import keeper_of
from pipeline.forgetting.run import SignedBy, forget, forgetting_plan
from pipeline.privacy.objections import Objections

CLEAN = {f"{HOME}praktyka/1", f"{HOME}praktyka/2", f"{HOME}praktyka/mapa", f"{HOME}pliki/czysty.docx"}


def later_answers(asked: Asked) -> Reply | None:
    """The site a day later: one page without the person says something else."""
    reply = answers(asked)
    if reply is None or asked.target != "/praktyka/2" or isinstance(reply.body, str):
        return reply
    return reply._replace(body=reply.body.replace(b"Strona 2", b"Strona druga"))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls of the whole site, a snapshot after each."""
    data_dir = tmp_path_factory.mktemp("before")
    with serving(answers) as site:
        crawled(data_dir, site)
        built(data_dir)
    with serving(later_answers) as site:
        crawled(data_dir, site, 1)
        built(data_dir)
    assert len(traces(data_dir)) > 30
    return data_dir


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder when the person is forgotten."""
    data_dir = tmp_path_factory.mktemp("after") / "data"
    shutil.copytree(before, data_dir, symlinks=True)
    assert forgotten(data_dir).is_complete
    return data_dir


@pytest.fixture
def work(after: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(after, tmp_path / "data", symlinks=True)
    return tmp_path / "data"


@pytest.fixture(scope="module")
def small_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site crawled and built."""
    data_dir = tmp_path_factory.mktemp("small")
    with serving(few_answers) as site:
        crawled(data_dir, site)
    built(data_dir)
    return data_dir


@pytest.fixture
def small(small_before: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    shutil.copytree(small_before, tmp_path / "small", symlinks=True)
    return tmp_path / "small"


def problems(data_dir: Path) -> list[Any]:
    return [*archive_problems(data_dir / "raw"), *holding_problems(data_dir / "raw")]


def tombstones(data_dir: Path) -> Iterator[Member]:
    for path in warc_paths(data_dir / "raw"):
        for part in members(path):
            assert isinstance(part, Member)
            if forgotten_type(part.record):
                yield part


def test_no_byte_is_left(after: Path) -> None:
    assert traces(after) == []


def test_what_names_nobody_stays(after: Path) -> None:
    assert {url for kind, url, _, _ in stored(after) if kind == "response"} == CLEAN


def test_the_archive_is_whole(after: Path) -> None:
    assert problems(after) == []
    for path in warc_paths(after / "raw"):
        with path.open("rb") as file:
            own = [record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(file, check_digests="raise")]
        with path.open("rb") as file:
            fast = [record.record_id for record in FastIterator(file, verify_digests=True)]
        assert len(own) == len(fast) == sum(1 for _ in members(path))


def test_tombstones_keep_address_time_and_digest(before: Path, after: Path) -> None:
    was = {}
    for path in warc_paths(before / "raw"):
        for part in members(path):
            assert isinstance(part, Member)
            was[part.record.record_id] = part.record
    found = [part.record for part in tombstones(after)]
    assert {forgotten_type(record) for record in found} == {"response", "revisit", "request"}
    for record in found:
        old = was[record.record_id]
        assert record.type == "metadata"
        assert record.field(FORGOTTEN) == old.type
        assert record.field("WARC-Date") == old.field("WARC-Date")
        assert record.field(FORGOTTEN_DIGEST) == old.payload_digest
        names = "egota" in old.uri or "%C5%BB" in old.uri
        assert record.field("WARC-Target-URI") == (None if names else old.uri)


def test_the_snapshot_made_anew_is_whole_and_can_be_reproduced(after: Path) -> None:
    latest = (after / "datasets" / "latest").resolve()
    assert damage(latest) == []
    assert reproduction(settings_of(after), latest, silent).outcome == "identical"
    assert [path.name for path in (after / "datasets" / "snapshots").iterdir()] == [latest.name]
    told = {row["cause"] for row in read_tables(latest)["changes"].to_pylist()}
    assert told == {"forgotten"}


def test_rows_lead_to_the_places_where_their_pages_lie_now(after: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = next(row for row in read_tables(after / "datasets" / "latest")["articles"].to_pylist())
    assert main(["trace", "articles", article["article_id"], "text", "--data-dir", str(after), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_the_crawler_says_what_it_knows(after: Path) -> None:
    told = explanation(after / "raw", [source()], f"{HOME}praktyka/plain").data["known"][0]
    assert (told["state"], told["capture_record"], told["etag"]) == ("forgotten", None, None)
    offsets = {(name, member.record.record_id): member.offset for name, member in _places(after)}
    told = explanation(after / "raw", [source()], f"{HOME}praktyka/1").data["known"][0]
    places = [(event["warc_file"], event["record"], event["offset"]) for event in told["events"]]
    assert len(places) == 2
    assert all(offsets[file, record] == offset for file, record, offset in places)


def _places(data_dir: Path) -> Iterator[tuple[str, Member]]:
    for path in warc_paths(data_dir / "raw"):
        for part in members(path):
            assert isinstance(part, Member)
            yield path.relative_to(data_dir / "raw").as_posix(), part


def test_again_there_is_nothing_to_do(work: Path) -> None:
    content = {path: path.read_bytes() for path in work.rglob("*.warc.gz")}
    report = forgotten(work)
    assert (report.captures, report.revisits, report.other_records, report.addresses, report.removed) == (0, 0, 0, 0, {})
    assert all(path.read_bytes() == old for path, old in content.items())


def test_the_whole_list_again_without_terms(before: Path, work: Path) -> None:
    """A file of an old backup is put back: the list alone takes the person out of it."""
    name = next(iter(warc_paths(before / "raw"))).relative_to(before / "raw")
    shutil.copy(before / "raw" / name, work / "raw" / name.with_name("backup.warc.gz"))
    assert traces(work)
    assert forget(settings_of(work), (), SIGNED, silent).is_complete
    assert traces(work) == []


def test_a_later_crawl_keeps_the_person_out(work: Path) -> None:
    with serving(answers) as site:
        crawled(work, site, 2)
        asked = set(site.targets)
    assert traces(work) == []
    assert problems(work) == []
    told = explanation(work / "raw", [source()], f"{HOME}praktyka/gzip").data["known"][0]
    assert told["state"] == "forgotten"
    assert told["reason"] == "holds a term of the list of objections; not archived"
    assert "/praktyka/plain" in asked
    assert not any("egota" in target or "%C5%BB" in target for target in asked)
    account = json.loads(max((work / "raw" / "runs").glob("*.json")).read_bytes())["sources"]["gmina"]
    assert account["forgotten"] == len(asked) - len(CLEAN)
    assert account["discovered"] == account["forgotten"] + account["fetched"] + account["unchanged"]
    built(work)
    assert traces(work) == []


def test_a_page_that_no_longer_names_the_person_comes_back(work: Path) -> None:
    def cleaned(asked: Asked) -> Reply | None:
        return Reply(page("<p>Kontakt: sekretariat")) if asked.target == "/praktyka/plain" else answers(asked)

    with serving(cleaned) as site:
        crawled(work, site, 2)
    assert ("response", f"{HOME}praktyka/plain") in {(kind, url) for kind, url, _, _ in stored(work)}


def test_imports_keep_the_person_out(before: Path, work: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_bytes(page(f"<p>{NAME}"))
    (pages / "b.html").write_bytes(page("<p>Inna strona"))
    (pages / f"{NAME}.html").write_bytes(page("<p>Strona o cudzej nazwie"))
    (pages / "captures.csv").write_text("file,url,fetched_at\nc.docx,https://x.example.org/c.docx,\n", "utf-8")
    (pages / "c.docx").write_bytes(b"x")
    from forgetting_kit import docx

    (pages / "c.docx").write_bytes(docx(EMAIL))
    keeper = keeper_of(work / "raw")
    paths = [pages, *warc_paths(before / "raw")]
    report = import_paths(paths, work / "raw", say=silent, keeps_out=keeper.keeps_out)
    assert report.failures == []
    assert report.kept_out > len(ON_SITE)
    assert [capture.warc_file for capture in captures(work / "raw") if capture.origin == "import"]
    assert traces(work) == []
    assert not [problem for problem in problems(work) if problem.kind != "dangling_revisit"]


def test_the_command_line_of_import_asks_the_list(work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_bytes(page(f"<p>{NAME}"))
    assert main(["import", str(tmp_path / "a.html"), "--data-dir", str(work), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["kept_out"]) == (0, 1)


def test_a_plan_says_what_is_done_and_does_nothing(before: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(before, data_dir, symlinks=True)
    content = tree(data_dir)
    plan = forgetting_plan(settings_of(data_dir), TERMS)
    assert {name: data for name, data in tree(data_dir).items() if not name.endswith(("-shm", "-wal"))} == content
    report = forgotten(data_dir)
    same = ("captures", "revisits", "other_records", "files", "lines", "addresses", "told", "removed", "latest")
    assert {name: getattr(plan, name) for name in same} == {name: getattr(report, name) for name in same}
    assert len(plan.removed) == 2


def test_list_key_and_log_name_nobody_and_are_closed(after: Path) -> None:
    folder = after / "raw" / "objections"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"objections": 0o700, "list.json": 0o600, "key": 0o600, "log.jsonl": 0o600}
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text("ascii").splitlines()]
    assert [line["what"] for line in lines] == ["begun", "done"]
    assert {(line["by"], line["reason"]) for line in lines} == {(SIGNED.by, SIGNED.reason)}
    assert len(lines[0]["terms"]) == len(TERMS)
    assert lines[1]["captures"] > len(ON_SITE)
    assert Objections(after / "raw").is_log_whole()


def test_a_log_that_was_changed_is_seen(work: Path) -> None:
    log = work / "raw" / "objections" / "log.jsonl"
    log.write_text(log.read_text("ascii").replace('"captures": ', '"captures": 1'), "ascii")
    assert not Objections(work / "raw").is_log_whole()


def test_a_list_without_its_key_stops_crawls_and_imports(work: Path, tmp_path: Path) -> None:
    (work / "raw" / "objections" / "key").unlink()
    (tmp_path / "a.html").write_bytes(page("<p>x"))
    with pytest.raises(ConfigError, match="key: is missing"):
        import_paths([tmp_path / "a.html"], work / "raw", say=silent, keeps_out=keeper_of(work / "raw").keeps_out)
    with serving(few_answers) as site, pytest.raises(ConfigError, match="key: is missing"):
        crawled(work, site, 3)


def test_the_log_may_not_name_the_person(small: Path) -> None:
    with pytest.raises(UsageError, match="names the person"):
        forget(settings_of(small), [NAME], SignedBy("x", f"wniosek: {NAME}"), silent)
    assert not (small / "raw" / "objections").exists()


def test_wrong_usage(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["Ewa"], []):
        assert main(["forget", *words, "--data-dir", str(small)]) == 2
        assert main(["forget", *words, "--dry-run", "--data-dir", str(small)]) == 2
    assert main(["forget", NAME, "--data-dir", str(tmp_path / "nowhere")]) == 2
    assert not (tmp_path / "nowhere").exists()
    assert NAME not in capsys.readouterr().err


def test_another_run_holds_the_lock(small: Path) -> None:
    with raw_lock(small / "raw", silent), pytest.raises(LockHeld):
        forgotten(small)


def test_an_archive_without_snapshots(small: Path) -> None:
    shutil.rmtree(small / "datasets")
    shutil.rmtree(small / "extracted")
    assert forgotten(small).is_complete
    assert traces(small) == []
    assert not list((small / "extracted").rglob("*.jsonl"))


def test_a_snapshot_that_cannot_be_made_anew_goes(small: Path) -> None:
    """Its raw files are elsewhere: what stands in it of the person must go all the same, and this is said."""
    shutil.move(small / "raw" / "gmina", small / "elsewhere")
    report = forgotten(small)
    assert report.trouble is not None
    assert "could not be made anew" in report.trouble
    assert not (small / "datasets" / "latest").is_symlink()
    shutil.rmtree(small / "elsewhere")
    assert traces(small) == []


def test_snapshots_that_are_not_concerned_stay(small: Path) -> None:
    latest = (small / "datasets" / "latest").resolve()
    content = (latest / "datapackage.json").read_bytes()
    report = forgotten(small, "Niktważny Nieznany")
    assert (report.captures, report.removed) == (0, {})
    assert (latest / "datapackage.json").read_bytes() == content


def test_one_person_after_the_other(small: Path) -> None:
    """The second is named in an address that a tombstone of the first kept."""
    assert forgotten(small).is_complete
    report = forgotten(small, "praktyka plain")
    assert report.is_complete
    assert report.other_records
    assert not [part for part in tombstones(small) if "plain" in part.record.uri]
    assert problems(small) == []


def test_what_lies_there_besides(small: Path) -> None:
    """Left-overs of killed runs and of repairs are cleaned; a file of somebody else is told."""
    raw = small / "raw"
    warc = next(iter(warc_paths(raw)))
    cut = gzip.compress(f"WARC/1.1\r\nWARC-Type: resource\r\n\r\n{NAME}".encode())[:-8]
    (raw / f"{warc.name}.damaged").write_bytes(cut)
    (raw / "gmina" / ".x.part").write_text(NAME)
    (raw / "gmina" / "half.warc.gz.open").write_bytes(cut)
    (raw / f"{FRONTIER_NAME}.damaged").write_text(NAME)
    (small / "extracted" / "gmina" / "x.jsonl.open").write_text(NAME)
    (small / "datasets" / ".pruned-x").mkdir()
    (small / "datasets" / ".pruned-x" / "a.csv").write_text(NAME)
    (raw / "notes.txt").write_text(f"do sprawdzenia: {NAME}")
    report = forgotten(small)
    assert report.residues == [str(raw / "notes.txt")]
    assert {line.partition(":")[0] for line in traces(small)} == {"raw/notes.txt"}


def test_nothing_is_left_in_free_pages(small: Path) -> None:
    """Rows that were deleted leave their bytes in the file unless it is written anew."""
    with sqlite3.connect(small / "raw" / FRONTIER_NAME) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("UPDATE addresses SET reason = ? WHERE id = 1", (NAME * 50,))
        database.commit()
        database.execute("UPDATE addresses SET reason = NULL WHERE id = 1")
        database.commit()
    database.close()
    assert forgotten(small).is_complete
    assert traces(small) == []


def test_an_empty_list_asks_for_nothing(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.forgetting import keeping

    monkeypatch.setattr(keeping, "texts_of_record", None)
    monkeypatch.setattr(keeping, "readings", None)
    with serving(few_answers) as site:
        crawled(small, site, 1)
    assert EVERY_RUN.detail == 0


def test_a_word_of_the_language_is_not_forgotten_by_mistake(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MANY_RECORDS", 2)
    with pytest.raises(UsageError, match="--many"):
        forgotten(small, "mieszkańcy")
    assert not (small / "raw" / "objections").exists()
    assert forget(settings_of(small), ["mieszkańcy"], SIGNED, silent, hits_many=True).captures == 3


def test_what_only_the_reading_puts_together(small: Path) -> None:
    """Words that stand apart on a page and together in a cell: the page goes by what was read out of it."""
    path = next(iter((small / "extracted").rglob("*.jsonl")))
    lines = path.read_text("utf-8").replace("Strona bez nazwisk", "Dokąd\\nSkądinąd").splitlines(keepends=True)
    path.write_text("".join(lines), "utf-8")
    report = forgotten(small, "Dokąd Skądinąd")
    assert (report.captures, report.lines, report.residues) == (1, 1, [])


def test_a_data_folder_at_an_address(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there, cache = tmp_path / "there" / "data", tmp_path / "cache"
    shutil.copytree(small / "raw", there / "raw")  # with the empty locks of the folders
    shutil.copytree(small / "extracted", there / "extracted")
    assert traces(there)
    address = ["--data-dir", f"file://{there}", "--cache-dir", str(cache), "--quiet"]
    assert main(["forget", *TERMS, *address, "--engine", "serial"]) == 0
    assert traces(there) == traces(cache) == []
    assert main(["check-archive", *address]) == 0
    (tmp_path / "a.html").write_bytes(page(f"<p>{NAME}"))
    assert main(["import", str(tmp_path / "a.html"), *address]) == 0
    assert "1 kept out" in capsys.readouterr().out


def test_a_damaged_stretch_is_told(small: Path) -> None:
    warc = next(iter(warc_paths(small / "raw")))
    content = bytearray(warc.read_bytes())
    offset = next(part.offset for part in members(warc) if isinstance(part, Member) and part.record.uri.endswith("/1"))
    content[offset + 20] ^= 0xFF
    warc.write_bytes(content)
    report = forgotten(small)
    assert report.unread == 1
    assert not report.is_complete
