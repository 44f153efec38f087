from __future__ import annotations

import datetime as dt
import gzip
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from archive_kit import NOON, PAGE, captures, imported, members_of, only, record, response, tree, warcio_file
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive.check import archive_problems
from pipeline.archive.digests import digest_of
from pipeline.archive.index import warc_paths
from pipeline.archive.inputs import web_address
from pipeline.archive.ledger import LEDGER_NAME
from pipeline.archive.members import Member, members
from pipeline.archive.reader import payload_at, record_at
from pipeline.archive.warc import SOURCE_FILENAME, all_fields, field
from pipeline.errors import UsageError

URL = "https://gmina.example.org/index.php?p1=5&art=7"


def records_in(raw: Path) -> list[Member]:
    return [part for path in warc_paths(raw) for part in members(path) if isinstance(part, Member)]


def types_in(raw: Path) -> list[str]:
    return [part.record.type for part in records_in(raw)]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.html", "text/html"), ("a.HTM", "text/html"), ("a.xhtml", "application/xhtml+xml"), ("a.txt", "text/plain")],
)
def test_a_page_without_address_and_time(tmp_path: Path, name: str, media_type: str) -> None:
    (tmp_path / name).write_bytes(PAGE)
    report = imported(tmp_path / "raw", tmp_path / name)
    assert (report.added, report.already_there, report.skipped, report.failures) == (1, 0, 0, [])
    capture, payload = only(tmp_path / "raw")
    assert (capture.source_url, capture.captured_at, capture.media_type) == (None, None, media_type)
    assert (capture.record_type, capture.body_digest, payload.body) == ("resource", digest_of(PAGE), PAGE)
    kept = record_at(tmp_path / "raw", capture.warc_file, capture.warc_offset)
    assert field(kept.fields, SOURCE_FILENAME) == name
    assert kept.uri.startswith("ni:///sha-256;")
    assert str(tmp_path) not in str(kept.fields)


def test_address_and_time_by_option(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    imported(tmp_path / "raw", tmp_path / "a.html", url=URL, fetched_at=NOON)
    capture, payload = only(tmp_path / "raw")
    assert (capture.source_url, capture.captured_at, payload.final_url) == (URL, NOON, URL)


def test_captures_csv_tells_address_and_time(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    for name in ("a.html", "b.txt", "c.txt", "below/d.txt"):
        (folder / name).write_text(f"strona {name}")
    (folder / "captures.csv").write_text(
        "file,url,fetched_at\n"
        f"a.html,{URL},2024-05-01T14:00:00.25+02:00\n"
        "b.txt,https://żółw.example/świetlica ą,\n"
        ",,\n"
        "c.txt,,2024-05-01T12:00:00Z\n"
        "below/d.txt,https://d.example.org/,\n",
        "utf-8-sig",
    )
    assert imported(tmp_path / "raw", folder).added == 4
    found = {(c.source_url, c.captured_at) for c in captures(tmp_path / "raw")}
    assert found == {
        (URL, NOON),
        ("https://xn--w-uga1v8h.example/%C5%9Bwietlica%20%C4%85", None),
        (None, NOON.replace(microsecond=0)),
        ("https://d.example.org/", None),
    }
    assert imported(tmp_path / "other", folder / "a.html").added == 1  # the file alone: the same facts
    assert only(tmp_path / "other")[0].source_url == URL


def test_captures_csv_named_itself_stands_for_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "below").mkdir(parents=True)
    for name in ("a.html", "b.txt", "below/d.txt", "not-listed.txt"):
        (folder / name).write_text(f"strona {name}")
    listed = folder / "captures.csv"
    listed.write_text(f"file,url,fetched_at\na.html,{URL},\nb.txt,,\nbelow/d.txt,,\ncaptures.csv,,\nx.toml,,\n")
    report = imported(tmp_path / "raw", listed)
    assert report.added == 4
    assert [message.split(";")[0] for _, message in report.failures] == ["'x.toml' is listed but missing"]
    report = imported(tmp_path / "other", *sorted(folder.glob("*.*")))  # as a shell names all files of a folder
    assert (report.added, report.already_there, report.failures) == (3, 0, [])
    with pytest.raises(UsageError, match="one HTML or text file"):
        imported(tmp_path / "raw", listed, url=URL)


def test_a_stray_nul_makes_no_page_binary(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<title>Nowy\x00 park</title><p>Gmina otworzyla park.</p>")
    (tmp_path / "b.txt").write_bytes(b"Nowy park\x00\x00\x00\x00\x01" * 20)
    report = imported(tmp_path / "raw", tmp_path)
    assert report.added == 1
    assert [Path(place).name for place, _ in report.failures] == ["b.txt"]


def test_captures_csv_with_semicolons_as_polish_spreadsheets_write_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("strona")
    (tmp_path / "captures.csv").write_text("File;URL;Fetched_at;uwagi\r\na.txt;https://a.example.org/;;x\r\n")
    assert imported(tmp_path / "raw", tmp_path).added == 1
    assert only(tmp_path / "raw")[0].source_url == "https://a.example.org/"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a.txt,ftp://x.example/,", "has no http or https address"),
        ("a.txt,javascript:alert(1),", "has no http or https address"),
        ("a.txt,http:///x,", "has no http or https address"),
        ("a.txt,http://[::1/,", "has no http or https address"),
        ("a.txt,,2024-05-01T12:00:00", "ambiguous"),
        ("a.txt,,2024-05-01", "ambiguous"),
        ("a.txt,,wczoraj", "no ISO 8601 time"),
        ("a.txt,,0001-01-01T00:00:00+14:00", "out of range"),
        ("../a.txt,,", "names no file of this folder"),
        ("/etc/passwd,,", "names no file of this folder"),
        ("b.txt,,", "listed but missing"),
        ("x.warc,http://a.example/,", "WARC file"),
    ],
)
def test_a_bad_row_is_said_and_its_file_waits(tmp_path: Path, row: str, said: str) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (tmp_path / "a.txt").write_text("poza folderem")
    (folder / "a.txt").write_text("strona a")
    (folder / "c.txt").write_text("strona c")
    (folder / "x.warc").write_bytes(record("resource", "http://x.example/", b"z zasobu"))
    (folder / "captures.csv").write_text(f"file,url,fetched_at\nc.txt,http://c.example/,\n{row}\n")
    report = imported(tmp_path / "raw", folder)
    ((place, message),) = report.failures
    assert place.endswith("captures.csv row 3")
    assert said in message
    assert report.added == (2 if row.startswith("a.txt") else 3)
    assert {c.source_url for c in captures(tmp_path / "raw")} >= {"http://c.example/", "http://x.example/"}


def test_a_file_listed_twice_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("strona")
    (tmp_path / "captures.csv").write_text("file,url,fetched_at\na.txt,http://a.example/,\na.txt,http://b.example/,\n")
    report = imported(tmp_path / "raw", tmp_path)
    assert "listed twice" in report.failures[0][1]
    assert only(tmp_path / "raw")[0].source_url == "http://a.example/"


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"file,url,fetched_at\n\xff\xfe,,\n", b'file,url,fetched_at\n"a.txt,,\n']
)
def test_an_unreadable_captures_csv_keeps_the_pages_beside_it_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.txt").write_text("strona")
    (tmp_path / "captures.csv").write_bytes(content)
    report = imported(tmp_path / "raw", tmp_path)
    assert report.added == 0
    assert [place.endswith("captures.csv") for place, _ in report.failures] == [True]


def test_a_folder_is_read_to_its_depths_without_hidden_files(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    for name in ("b/c.txt", "a.txt", ".git/x.txt", ".hidden.txt", "b/.y.html", "d.pdf", "e.PNG"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    report = imported(tmp_path / "raw", folder)
    assert (report.added, report.skipped, report.failures) == (2, 2, [])
    assert [payload_at(tmp_path / "raw", c).body for c in captures(tmp_path / "raw")] == [b"a.txt", b"b/c.txt"]


def test_a_second_import_changes_no_byte(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"strona {number}")
    (folder / "copy.txt").write_text("strona 3")  # the same capture under another name
    warcio_file(folder / "x.warc.gz")
    first = imported(tmp_path / "raw", folder, tmp_path / "pages" / "0.txt")
    assert (first.added, first.already_there) == (8, 2)
    before = tree(tmp_path / "raw")
    second = imported(tmp_path / "raw", folder)
    assert (second.added, second.already_there, second.failures) == (0, 9, [])
    assert tree(tmp_path / "raw") == before


@pytest.mark.parametrize("harm", ["deleted", "garbage", "empty", "other database", "index deleted"])
def test_the_ledger_is_only_a_cache(tmp_path: Path, harm: str) -> None:
    raw = tmp_path / "raw"
    source = warcio_file(tmp_path / "x.warc.gz")
    imported(raw, source)
    ledger = raw / LEDGER_NAME
    if harm == "deleted":
        ledger.unlink()
    elif harm == "index deleted":
        next(raw.glob("*/*.cdxj")).unlink()
    else:
        ledger.write_bytes({"garbage": b"x" * 5000, "empty": b"", "other database": b""}[harm])
    if harm == "other database":
        database = sqlite3.connect(ledger)
        database.execute("CREATE TABLE captures (x)")
        database.commit()
        database.close()
    assert imported(raw, source).added == 0
    shutil.rmtree(raw / "import")  # captures that disappear are not "already there"
    assert imported(raw, source).added == 3


def test_two_data_folders_get_the_same_capture_ids(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PAGE)
    warcio_file(tmp_path / "x.warc.gz")
    for raw in ("one", "two"):
        imported(tmp_path / raw, tmp_path / "x.warc.gz", tmp_path / "a.txt")
    one, two = ({c.capture_id for c in captures(tmp_path / raw)} for raw in ("one", "two"))
    assert one == two
    assert len(one) == 4
    third = imported(tmp_path / "three", tmp_path / "one")  # our own archive is a standard one
    assert (third.added, third.failures) == (4, [])
    assert {c.capture_id for c in captures(tmp_path / "three")} == one


@pytest.mark.parametrize("form", ["gzip", "plain", "one member"])
def test_a_foreign_warc_keeps_what_it_says(tmp_path: Path, form: str) -> None:
    source = warcio_file(tmp_path / "x.warc.gz")
    if form == "plain":
        source = tmp_path / "x.warc"
        source.write_bytes(gzip.decompress((tmp_path / "x.warc.gz").read_bytes()))
    elif form == "one member":
        source.write_bytes(gzip.compress(gzip.decompress(source.read_bytes())))
    raw = tmp_path / "raw"
    assert imported(raw, source).failures == []
    assert types_in(raw) == ["warcinfo", "warcinfo", *["response", "request"] * 3]
    assert list(archive_problems(raw)) == []
    found = captures(raw)
    assert [c.source_url for c in found] == [f"https://gmina.example.org/strona/{n}" for n in range(3)]
    assert all(c.captured_at is not None and c.status_code == 200 for c in found)
    assert payload_at(raw, found[1]).body == PAGE + b"<p>1"
    assert payload_at(raw, found[1]).headers["x-any"] == "a"
    theirs = records_in(raw)[1].record
    assert field(theirs.fields, "WARC-Filename") == "x.warc.gz"  # no path of another machine


def test_wet_conversions_stay_conversions(tmp_path: Path) -> None:
    text = "Świetlica na osiedlu".encode()
    wet = members_of(
        record("warcinfo", None, b"software: x\r\n", ("WARC-Record-ID", "<urn:uuid:1>")),
        record("conversion", URL, text, ("Content-Type", "text/plain"), ("WARC-Refers-To", "<urn:uuid:0>")),
    )
    for name in ("a.warc.wet.gz", "b.wet.gz"):
        (tmp_path / name).write_bytes(wet)
    (tmp_path / "c.wet").write_bytes(gzip.decompress(wet))
    report = imported(tmp_path / "raw", tmp_path)
    assert (report.added, report.already_there) == (1, 2)
    capture, payload = only(tmp_path / "raw")
    assert (capture.record_type, capture.media_type, payload.body) == ("conversion", "text/plain", text)
    assert capture.captured_at == dt.datetime(2019, 3, 4, 5, 6, 7, tzinfo=dt.UTC)


def test_requests_and_metadata_follow_their_capture_only(tmp_path: Path) -> None:
    def numbered(kind: str, number: int, block: bytes, *fields: tuple[str, str]) -> bytes:
        return record(kind, URL + str(number), block, ("WARC-Record-ID", f"<urn:uuid:{kind}{number}>"), *fields)

    (tmp_path / "x.warc").write_bytes(
        numbered("request", 1, b"GET / HTTP/1.1\r\n\r\n", ("WARC-Concurrent-To", "<urn:uuid:response1>"))
        + numbered("response", 1, response())
        + numbered("metadata", 1, b"via: x\r\n", ("WARC-Concurrent-To", "<urn:uuid:response1>"))
        + numbered("request", 2, b"GET / HTTP/1.1\r\n\r\n")
        + numbered("response", 2, response(b"dwa"), ("WARC-Concurrent-To", "<urn:uuid:request2>"))
        + numbered("request", 3, b"GET / HTTP/1.1\r\n\r\n", ("WARC-Concurrent-To", "<urn:uuid:gone>"))
        + numbered("metadata", 4, b"via: x\r\n")
    )
    report = imported(tmp_path / "raw", tmp_path / "x.warc")
    assert (report.added, report.failures) == (2, [])
    assert types_in(tmp_path / "raw") == ["warcinfo", "response", "request", "metadata", "response", "request"]


def test_headers_and_bytes_of_a_response_stay_as_received(tmp_path: Path) -> None:
    block = "HTTP/1.1 200 Zażółć\r\nX-Ä: \u0105\r\nContent-Type:text/html\r\n folded\r\n\r\n".encode() + PAGE
    (tmp_path / "x.warc").write_bytes(record("response", f"<{URL}>", block, ("WARC-Record-ID", "<urn:uuid:1>")))
    imported(tmp_path / "raw", tmp_path / "x.warc")
    capture, _ = only(tmp_path / "raw")
    assert record_at(tmp_path / "raw", capture.warc_file, capture.warc_offset).block == block
    assert (capture.source_url, capture.media_type) == (URL, None)


def test_a_bare_page_stored_as_a_response_stays_whole(tmp_path: Path) -> None:
    page = b"<html><p>a\n\n<p>b"
    (tmp_path / "x.warc").write_bytes(record("response", URL, page))
    imported(tmp_path / "raw", tmp_path / "x.warc")
    capture, payload = only(tmp_path / "raw")
    assert (payload.body, capture.status_code) == (page, None)


def test_a_payload_digest_made_of_other_bytes_is_replaced_and_kept(tmp_path: Path) -> None:
    chunked = response(b"5\r\ntekst\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    theirs = digest_of(b"tekst")
    (tmp_path / "x.warc").write_bytes(record("response", URL, chunked, ("WARC-Payload-Digest", theirs)))
    imported(tmp_path / "raw", tmp_path / "x.warc")
    capture, payload = only(tmp_path / "raw")
    assert payload.body == b"tekst"
    kept = record_at(tmp_path / "raw", capture.warc_file, capture.warc_offset)
    assert all_fields(kept.fields, "Praktyki-Source-Payload-Digest") == [theirs]
    assert list(archive_problems(tmp_path / "raw")) == []


def test_revisits_are_kept_once_and_are_no_captures(tmp_path: Path) -> None:
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    digest = digest_of(PAGE)
    (tmp_path / "x.warc").write_bytes(
        record("response", URL, response())
        + record("revisit", URL, head, ("WARC-Payload-Digest", digest), date="2020-01-01T00:00:00Z")
    )
    assert imported(tmp_path / "raw", tmp_path / "x.warc").added == 2
    assert imported(tmp_path / "raw", tmp_path / "x.warc").already_there == 2
    assert types_in(tmp_path / "raw") == ["warcinfo", "response", "revisit"]
    assert len(captures(tmp_path / "raw")) == 1
    assert list(archive_problems(tmp_path / "raw")) == []


@pytest.mark.parametrize("date", [None, "gestern", "2019", "2019-03", "2019-03-04", "2019-03-04T05:06Z", "20190304050607"])
def test_a_foreign_date_that_is_no_full_time_is_not_guessed(tmp_path: Path, date: str | None) -> None:
    (tmp_path / "x.warc").write_bytes(record("resource", URL, b"tekst", ("Content-Type", "text/plain"), date=date))
    assert imported(tmp_path / "raw", tmp_path / "x.warc").added == 1
    assert only(tmp_path / "raw")[0].captured_at is None
    assert imported(tmp_path / "raw", tmp_path / "x.warc").added == 0


@pytest.mark.parametrize(
    "uri", ["dns:gmina.example.org", "urn:pageinfo:https://x.example/", "https://gmina.example.org/robots.txt"]
)
def test_what_is_no_page_is_archived_but_no_capture_to_extract(tmp_path: Path, uri: str) -> None:
    (tmp_path / "x.warc").write_bytes(record("resource", uri, b"tekst"))
    assert imported(tmp_path / "raw", tmp_path / "x.warc").added == 1
    assert captures(tmp_path / "raw") == []


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({"url": URL}, ["a.txt", "b.txt"]),
        ({"url": URL}, ["."]),
        ({"url": URL}, ["x.warc"]),
        ({"url": "gmina.example.org"}, ["a.txt"]),
        ({"fetched_at": dt.datetime(2024, 5, 1)}, ["a.txt"]),  # noqa: DTZ001  # the point of the test
    ],
)
def test_options_that_do_not_fit_are_refused_before_anything_is_written(
    tmp_path: Path, options: dict[str, object], paths: list[str]
) -> None:
    with pytest.raises(UsageError):
        imported(tmp_path / "raw", *(tmp_path / name for name in paths), **options)
    assert not (tmp_path / "raw").exists()


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=400), st.booleans()), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40)
def test_any_blocks_come_through_a_foreign_warc(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[bytes, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("import")
    parts = [
        record("response" if is_response else "resource", f"{URL}{n}", response(body) if is_response else body)
        for n, (body, is_response) in enumerate(items)
    ]
    (folder / "a.warc.gz").write_bytes(members_of(*parts))
    (folder / "b.warc").write_bytes(b"".join(parts))
    report = imported(folder / "raw", folder / "a.warc.gz", folder / "b.warc")
    assert (report.added, report.already_there, report.failures) == (len(items), len(items), [])
    assert [payload_at(folder / "raw", c).body for c in captures(folder / "raw")] == [body for body, _ in items]
    assert list(archive_problems(folder / "raw")) == []


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=200)
def test_an_address_is_ascii_without_spaces_or_none(text: str) -> None:
    for candidate in (text, f"https://a.example/{text}", f"http://{text}/"):
        address = web_address(candidate)
        assert address is None or (address.isascii() and address.isprintable() and " " not in address)


SEEDS = Path(os.environ.get("PRAKTYKI_SEEDS", Path(__file__).parents[2].parent / "shared" / "seeds"))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the folder of seed pages is not there")
def test_the_seed_pages(tmp_path: Path) -> None:
    report = imported(tmp_path / "raw", SEEDS)
    assert (report.added, report.failures) == (5, [])
    bodies = {payload_at(tmp_path / "raw", c).body for c in captures(tmp_path / "raw")}
    assert bodies == {path.read_bytes() for path in SEEDS.glob("*.txt")}
    assert sum(c.source_url is not None for c in captures(tmp_path / "raw")) == 2


def test_files_that_captures_csv_names_are_imported_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    names = {"a.pdf": b"%PDF-1.4\x00\x01", "b.DOCX": b"PK\x03\x04\x00", "c.zip": b"PK\x05\x06"}
    for name, body in names.items():
        (folder / name).write_bytes(body)
    (folder / "d.pdf").write_bytes(b"%PDF no row names it")
    listed = "".join(f"{name},http://a.example/{name},2026-09-01T10:00:00Z\n" for name in names)
    (folder / "captures.csv").write_text(f"file,url,fetched_at\n{listed}", "utf-8")
    report = imported(tmp_path / "raw", folder)
    assert (report.added, report.skipped, report.failures) == (3, 1, [])
    found = {str(c.source_url): c for c in captures(tmp_path / "raw")}
    assert [(c.media_type, c.record_type) for _, c in sorted(found.items())] == [
        ("application/pdf", "resource"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "resource"),
        ("application/zip", "resource"),
    ]
    assert payload_at(tmp_path / "raw", found["http://a.example/a.pdf"]).body == names["a.pdf"]
    alone = imported(tmp_path / "raw", folder / "a.pdf")
    assert (alone.already_there, alone.failures) == (1, [])
