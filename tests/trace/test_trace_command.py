"""``praktyki trace`` as users meet it: what it prints, what it refuses, what it opens."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pipeline.demo
from pipeline.archive.importer import import_paths
from pipeline.build.run import build
from pipeline.cli import main
from pipeline.config import Settings
from pipeline.extract.run import extract

SITE = Path(pipeline.demo.__file__).parent / "site"
PRACTICE = "bdp:112"
DECK = "slideplayer.pl:7001123"

Run = Callable[..., tuple[int, str, str]]


def silent(_line: str) -> None:
    pass


def filled(data_dir: Path, *paths: Path) -> Settings:
    settings = Settings(data_dir=data_dir, engine="serial")
    import_paths(list(paths), settings.raw, say=silent)
    extract(settings, silent)
    build(settings, silent, "a test")
    return settings


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("demo"), SITE).data_dir


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo, tmp_path / "data", symlinks=True)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_with(data_dir: Path, *arguments: str) -> tuple[int, str, str]:
        code = main(["trace", *arguments, "--data-dir", str(data_dir)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_with


def data_of(run: Run, data_dir: Path, *arguments: str) -> list[dict[str, Any]]:
    code, out, _ = run(data_dir, *arguments, "--json")
    assert code == 0
    return [cell for row in json.loads(out)["rows"] for cell in row]


def test_a_typed_value(demo: Path, run: Run) -> None:
    code, out, err = run(demo, "practices", PRACTICE, "population")
    assert (code, err) == (0, "")
    told = {line[:15].strip(): line[17:] for line in out.splitlines() if line[:1].strip()}
    assert told["value"] == "39400"
    assert told["derivation"] == "typed from a labelled value"
    assert told["raw text"] == "39.400"
    assert told["label"] == "Liczba mieszkańców"
    assert told["page"].endswith("art=112")
    assert told["captured"].startswith("2026-09-07 ")
    assert told["archive"].startswith("raw/import/")
    assert told["payload"].endswith("(verified)")
    assert told["decoder"] == "utf-8 (meta)"
    assert told["decoded page"] == told["archived body"]
    assert "mieszkańców: [39.400] Osoby" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 80


def test_the_bytes_are_those_of_the_archive(demo: Path, run: Run) -> None:
    (cell,) = data_of(run, demo, "practices", PRACTICE, "population")
    capture, (text,) = cell["capture"], cell["texts"]
    with (demo / "raw" / capture["warc_file"]).open("rb") as file:
        file.seek(capture["warc_offset"])
        record = gzip.GzipFile(fileobj=file).read(200_000)
    body = record.split(b"\r\n\r\n", 1)[1]
    body = body.split(b"\r\n\r\n", 1)[1] if body.startswith(b"HTTP/") else body
    ((start, end),) = text["in_body"]
    assert body[start:end].decode("utf-8") == "39.400"


def test_a_row_names_the_capture_of_each_tab(demo: Path, run: Run) -> None:
    cells = {cell["column"]: cell for cell in data_of(run, demo, "practices", PRACTICE)}
    addresses = {name: cell["capture"]["source_url"] for name, cell in cells.items() if cell["capture"]}
    assert addresses["population"].endswith("art=112")
    assert addresses["section_count"].endswith("art=112&s=2")
    assert addresses["attachment_count"].endswith("art=112&s=3")
    assert cells["terc"]["derivation"] == "register"
    assert {text["label"] for text in cells["terc"]["texts"]} >= {"Powiat", "Województwo", "Miejscowość"}
    assert cells["practice_id"]["derivation"] == "address"
    assert cells["language"]["derivation"] == "text"
    assert len(cells["section_count"]["texts"]) == cells["section_count"]["value"] == 5
    code, out, _ = run(demo, "practices", PRACTICE)
    assert code == 0
    lines = out.splitlines()
    for column in cells:
        assert sum(line.startswith(f"{column} ") for line in lines) == 1
    assert sum(line[:3] in ("A  ", "B  ", "C  ") for line in lines) == 3
    assert max(len(line) for line in lines if not line.startswith(("A ", "B ", "C "))) <= 80


def test_sections_come_from_the_tab_of_the_presentation(demo: Path, run: Run) -> None:
    cells = data_of(run, demo, "practice_sections", f"{PRACTICE}/2")
    assert {cell["capture"]["source_url"].rpartition("&")[2] for cell in cells} == {"s=2"}


def test_breadcrumb_and_not_menu(demo: Path, run: Run) -> None:
    (section,) = data_of(run, demo, "practices", PRACTICE, "section")
    (title,) = data_of(run, demo, "practices", PRACTICE, "title")
    near = title["texts"][0]["in_body"][0][0] - section["texts"][0]["in_body"][0][1]
    assert 0 < near < 150


def test_compound_keys_and_restricted_tables(demo: Path, run: Run) -> None:
    (number,) = data_of(run, demo, "slides", f"{DECK}/2", "slide_number")
    (text,) = data_of(run, demo, "slides", f"{DECK}/2", "text")
    assert number["value"] == 2
    assert 0 < text["texts"][0]["in_body"][0][0] - number["texts"][0]["in_body"][0][1] < 20
    (name,) = data_of(run, demo, "practice_contacts", f"{PRACTICE}/1", "name")
    assert name["is_located"]
    cells = data_of(run, demo, "quality_issues", "bdp:147")
    assert all(cell["is_located"] for cell in cells)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["practice", PRACTICE], "close to it: practices"),
        (["practices", "bdp:113"], "close to it: "),
        (["practices", "zzz"], "there are e.g. "),
        (["slides", DECK], "presentation_id/position"),
        (["practices", PRACTICE, "populaton"], "close to it: population"),
        (["practices", PRACTICE, "--snapshot", "2000-01-01-00000000"], "there are 2026-09-07-"),
        (["changes", "x"], "in its own table"),
    ],
)
def test_unknown_names_exit_2(demo: Path, run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run(demo, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_before_the_first_snapshot(tmp_path: Path, run: Run) -> None:
    code, _, err = run(tmp_path, "practices", PRACTICE)
    assert code == 1
    assert "praktyki build" in err


def test_null_says_why(demo: Path, run: Run) -> None:
    code, out, _ = run(demo, "practices", "bdp:318", "population")
    assert code == 0
    assert "null" in out
    assert "missing" in out
    code, out, _ = run(demo, "practices", PRACTICE, "faxes")
    assert "does not state it" in out


def test_places_have_no_page(demo: Path, run: Run) -> None:
    code, out, _ = run(demo, "places", "terc:1817011", "name", "--open")
    assert code == 0
    assert "register TERC" in out
    assert "no page is behind this value" in out


def test_open_writes_the_page_as_archived(demo: Path, run: Run) -> None:
    code, out, _ = run(demo, "practices", PRACTICE, "population", "--open", "--json")
    assert code == 0
    (written,) = map(Path, json.loads(out)["opened"].values())
    try:
        assert written.suffix == ".html"
        assert written.stat().st_mode & 0o777 == 0o600
        (page,) = (path for path in SITE.rglob("*.html") if path.read_bytes() == written.read_bytes())
        assert page.is_file()
    finally:
        written.unlink()


def test_missing_archive_file(copied: Path, run: Run) -> None:
    for path in (copied / "raw").rglob("*.warc.gz"):
        path.unlink()
    code, out, err = run(copied, "practices", PRACTICE, "population")
    assert (code, out) == (1, "")
    assert "put the archive file back" in err
    assert len(err.splitlines()) == 1


def test_digest_that_does_not_fit(copied: Path, run: Run) -> None:
    capture = data_of(run, copied, "practices", PRACTICE, "population")[0]["capture"]
    path = copied / "raw" / capture["warc_file"]
    whole = path.read_bytes()
    start = capture["warc_offset"]
    member = gzip.decompress(_member(whole, start))
    changed = gzip.compress(member.replace(b"39.400", b"93.400"), mtime=0)
    path.write_bytes(whole[:start] + changed + whole[start + len(_member(whole, start)) :])
    code, out, err = run(copied, "practices", PRACTICE, "population")
    assert (code, out) == (1, "")
    assert "does not fit the digest" in err
    assert capture["body_digest"] in err


def _member(whole: bytes, start: int) -> bytes:
    following = whole.find(b"\x1f\x8b\x08", start + 1)
    while following > 0:
        try:
            gzip.decompress(whole[start:following])
        except (EOFError, OSError):
            following = whole.find(b"\x1f\x8b\x08", following + 1)
        else:
            return whole[start:following]
    return whole[start:]


def test_extracted_gone_is_read_again(copied: Path, demo: Path, run: Run) -> None:
    before = data_of(run, demo, "practices", PRACTICE)
    shutil.rmtree(copied / "extracted")
    assert data_of(run, copied, "practices", PRACTICE) == before


def test_pages_read_otherwise_by_other_code(copied: Path, run: Run) -> None:
    for path in (copied / "extracted").rglob("*.jsonl"):
        path.write_bytes(path.read_bytes().replace(b'"Sanok"', b'"Kielce"'))
    (locality,) = data_of(run, copied, "practices", PRACTICE, "locality")
    assert locality["note"] == "the page reads otherwise by today's code"
    assert [text["text"] for text in locality["texts"]] == ["Sanok"]


def test_captures_after_the_snapshot_do_not_count(
    copied: Path, demo: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    before = data_of(run, demo, "practices", PRACTICE)
    (old,) = (path for path in SITE.rglob("*.html") if b"39.400" in path.read_bytes())
    newer = tmp_path / "newer.html"
    newer.write_bytes(old.read_bytes().replace(b"39.400", b"41.200"))
    settings = Settings(data_dir=copied, engine="serial")
    url = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=1&art=112"
    options = ["--url", url, "--fetched-at", "2026-10-01T00:00:00Z", "--data-dir", str(copied), "--quiet"]
    assert main(["import", str(newer), *options]) == 0
    capsys.readouterr()
    extract(settings, silent)
    assert data_of(run, copied, "practices", PRACTICE) == before
    snapshot = (copied / "datasets" / "latest").resolve().name
    build(settings, silent, "a test")
    assert data_of(run, copied, "practices", PRACTICE, "--snapshot", snapshot) == before
    (population,) = data_of(run, copied, "practices", PRACTICE, "population")
    assert (population["value"], population["texts"][0]["text"]) == (41200, "41.200")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "windows-1250", "utf-8-sig", "utf-16"])
def test_byte_ranges_in_every_charset(charset: str, tmp_path: Path, run: Run) -> None:
    text = "Rada gminy otworzyła czytelnię dla małych dzieci, a bibliotekarki prowadzą w niej zajęcia dwa razy w tygodniu."
    declared = charset.removesuffix("-sig")
    page = tmp_path / "page.html"
    markup = (
        f'<html><head><meta charset="{declared}"></head><body><article><h1>Żłobek</h1><p>{text}</p></article></body></html>'
    )
    page.write_bytes(markup.encode(charset))
    filled(tmp_path / "data", page)
    (record,) = (tmp_path / "data" / "extracted").rglob("*.jsonl")
    record_id = json.loads(record.read_text("utf-8").splitlines()[1])["findings"][0]["record_id"]
    (cell,) = data_of(run, tmp_path / "data", "articles", record_id, "text")
    ((start, end),) = cell["texts"][0]["in_body"] or [(0, 0)]
    assert page.read_bytes()[start:end].decode("utf-16-le" if charset == "utf-16" else declared) == text


def test_a_page_with_bad_bytes_has_a_range_in_the_decoded_page_alone(tmp_path: Path, run: Run) -> None:
    text = "Rada gminy otworzyła czytelnię dla małych dzieci, a bibliotekarki prowadzą w niej zajęcia."
    page = tmp_path / "page.html"
    page.write_bytes(f"<html><body><article><h1>Żłobek</h1><p>{text}</p><p>ą".encode() + b"\xff ko\xc5\x84cz\xc4\x85</p>")
    filled(tmp_path / "data", page)
    (record,) = (tmp_path / "data" / "extracted").rglob("*.jsonl")
    record_id = json.loads(record.read_text("utf-8").splitlines()[1])["findings"][0]["record_id"]
    (cell,) = data_of(run, tmp_path / "data", "articles", record_id, "text")
    assert cell["texts"][0]["in_body"] == [None]
    assert cell["texts"][0]["in_decoded_page"][0] is not None
