from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_kit import PAGE, captures, imported, members_of, record, response, warcio_file

from pipeline.archive import importer
from pipeline.archive.check import archive_problems
from pipeline.archive.foreign import Trouble, foreign_records
from pipeline.archive.warc import WarcRecord

URL = "https://gmina.example.org/"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.html", b"", "is empty"),
        ("a.txt", b" \r\n\t", "is empty"),
        ("a.warc", b"", "holds no record"),
        ("a.warc.gz", b"", "holds no record"),
        ("a.warc.gz", gzip.compress(b"", mtime=0), "holds no record"),
        ("a.txt", b"%PDF-1.7 ...", "is not text"),
        ("a.txt", b"\x1f\x8b\x08rest", "is not text"),
        ("a.txt", b"text\0text", "is not text"),
        ("a.html", bytes(range(1, 32)) * 4, "is not text"),
        ("a.warc", b"<html>no archive</html>", "no WARC record begins here"),
        ("a.wet.gz", gzip.compress(b"plain text", mtime=0), "no WARC record begins here"),
        ("a.warc.gz", b"\x1f\x8b\x08garbage after the magic", "gzip data is damaged"),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "no usable Content-Length"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", "no usable Content-Length"),
        ("a.warc", b"WARC/1.0\r\nContent-Length: 99999\r\n\r\nshort", "the file ends within a record"),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: resp", "the file ends within a record"),
        ("a.pdf", b"%PDF", "of a kind that import does not read"),
        ("a", b"text", "of a kind that import does not read"),
    ],
)
def test_each_bad_file_is_one_line_and_the_rest_is_imported(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    (tmp_path / "good.txt").write_text("dobra strona")
    report = imported(tmp_path / "raw", bad, tmp_path / "good.txt")
    ((place, message),) = report.failures
    assert place == str(bad)
    assert said in message
    assert report.added == 1
    assert list(archive_problems(tmp_path / "raw")) == []


def test_missing_path_and_folder_without_pages(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.pdf").write_bytes(b"%PDF")
    report = imported(tmp_path / "raw", tmp_path / "none.html", tmp_path / "empty", tmp_path / "other")
    assert [message.split(" ")[0] for _, message in report.failures] == ["No", "holds", "holds"]
    assert report.skipped == 1
    assert not list((tmp_path / "raw").glob("*/*"))


def test_a_loop_of_links_is_followed_once(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("strona")
    (folder / "b" / "up").symlink_to(folder)
    (folder / "dangling.txt").symlink_to(tmp_path / "nowhere")
    report = imported(tmp_path / "raw", folder)
    assert report.added == 1
    assert {(Path(place).name, message.split(";")[0]) for place, message in report.failures} == {
        ("up", "a link leads back to a folder above"),
        ("dangling.txt", "No such file or directory"),
    }


def test_a_pipe_does_not_stop_the_import(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "pages").mkdir()
    os.mkfifo(tmp_path / "pages" / "b.html")
    report = imported(tmp_path / "raw", tmp_path / "a.txt", tmp_path / "pages")
    assert report.added == 0
    assert len(report.failures) == 2


def test_the_archive_itself_is_not_imported_into_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("strona")
    assert imported(tmp_path / "raw", tmp_path).added == 1
    again = imported(tmp_path / "raw", tmp_path)
    assert (again.added, again.already_there, again.failures) == (0, 1, [])


@pytest.mark.parametrize("name", ["strona\n2.txt", "żółw.txt", b"\xff\xfe.txt"])
def test_odd_file_names(tmp_path: Path, name: str | bytes) -> None:
    path = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), os.fsencode(name))))  # noqa: PTH118  # the name is no text
    path.write_bytes(b"strona")
    empty = path.with_name("empty" + path.name)
    empty.write_bytes(b"")
    report = imported(tmp_path / "raw", path, empty)
    assert report.added == 1
    assert len(report.failures) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("strona")
    path.chmod(0)
    assert "Permission denied" in imported(tmp_path / "raw", path).failures[0][1]


def test_an_unreadable_file_whoever_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> Iterator[WarcRecord | Trouble]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(importer, "foreign_records", refused)
    (tmp_path / "a.warc").write_bytes(b"x")
    (tmp_path / "b.txt").write_text("strona")
    report = imported(tmp_path / "raw", tmp_path / "a.warc", tmp_path / "b.txt")
    assert report.failures == [
        (str(tmp_path / "a.warc"), "Permission denied; mend the file or its rights, then import it again")
    ]
    assert report.added == 1


def test_a_warc_cut_at_any_byte_gives_its_whole_records_and_says_so(tmp_path: Path) -> None:
    source = warcio_file(tmp_path / "x.warc.gz", pages=2)
    data = source.read_bytes()
    whole = [item for item in foreign_records(source) if isinstance(item, WarcRecord)]
    ends = [i for i in range(len(data) + 1) if i == len(data) or data[i : i + 4] == b"\x1f\x8b\x08\x00"]
    for cut in range(1, len(data)):
        source.write_bytes(data[:cut])
        items = list(foreign_records(source))
        records = [item for item in items if isinstance(item, WarcRecord)]
        assert records == whole[: len(records)]
        members_before = sum(end <= cut for end in ends[1:])
        assert len(records) in (members_before, members_before + 1)  # + 1: all but the checksum was there, and the digest fits
        if cut not in ends:
            assert isinstance(items[-1], Trouble)


def test_a_plain_warc_cut_at_any_byte(tmp_path: Path) -> None:
    source = tmp_path / "x.warc"
    data = record("response", URL, response()) + record("resource", URL, b"tekst")
    for cut in range(1, len(data)):
        source.write_bytes(data[:cut])
        items = list(foreign_records(source))
        assert all(isinstance(item, WarcRecord) for item in items[:-1])
        assert sum(isinstance(item, WarcRecord) for item in items) <= 2


def test_a_flipped_byte_costs_one_record_not_the_rest(tmp_path: Path) -> None:
    source = warcio_file(tmp_path / "x.warc.gz", pages=6)
    data = bytearray(source.read_bytes())
    starts = [i for i in range(len(data)) if data[i : i + 4] == b"\x1f\x8b\x08\x00"]
    data[starts[5] + 60] ^= 0xFF  # the third response
    source.write_bytes(data)
    report = imported(tmp_path / "raw", source)
    assert report.added == 5
    ((place, message),) = report.failures
    assert (place, f"near byte {starts[5]}" in message) == (str(source), True)


def test_altered_bytes_in_a_plain_warc_are_told_by_their_digest(tmp_path: Path) -> None:
    source = tmp_path / "x.warc"
    plain = gzip.decompress(warcio_file(tmp_path / "x.warc.gz").read_bytes())
    source.write_bytes(plain.replace(b"<p>1", b"<p>7"))
    report = imported(tmp_path / "raw", source)
    assert report.added == 2
    assert "do not fit their digest" in report.failures[0][1]


def test_a_huge_record_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "x.warc.gz"
    source.write_bytes(members_of(record("resource", URL, b"x" * 5000), record("resource", URL, b"tekst")))
    first, second = foreign_records(source, limit=1000)
    assert isinstance(first, Trouble)
    assert "a record of 5000 bytes, the limit is 1000" in first.reason
    assert isinstance(second, WarcRecord)
    monkeypatch.setattr(importer, "MAX_RECORD_BYTES", 1000)
    (tmp_path / "a.txt").write_bytes(b"x" * 1001)
    assert "has more than 1000 bytes" in imported(tmp_path / "raw", tmp_path / "a.txt").failures[0][1]


def test_memory_stays_flat_on_a_big_file(tmp_path: Path) -> None:
    """Most of a gigabyte, 300 MB of it one bomb of zeros, read with less than 100 MB on top of the start."""
    source = tmp_path / "big.warc.gz"
    page = members_of(*(record("resource", f"{URL}{n}", os.urandom(700) * 1000) for n in range(20)))
    bomb = gzip.compress(record("resource", URL, b"0" * 300_000_000), 1)
    with source.open("wb") as out:
        for _ in range(40):
            out.write(page)
        out.write(bomb)
    script = (
        "import sys\n"
        "from peak import peak_kib\n"
        "from pathlib import Path\n"
        "from pipeline.archive.importer import import_paths\n"
        "before = peak_kib()\n"
        "report = import_paths([Path(sys.argv[1])], Path(sys.argv[2]), say=print)\n"
        "print(report.added, report.already_there, len(report.failures))\n"
        "print((peak_kib() - before) // 1024)\n"
    )
    command: list[str | Path] = [sys.executable, "-c", script, source, tmp_path / "raw"]
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, Path(__file__).parents[1:3]))}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=paths)
    counts, megabytes = done.stdout.splitlines()
    assert counts == "20 780 1"
    assert int(megabytes) < 100


def test_garbage_never_raises(tmp_path: Path) -> None:
    source = tmp_path / "x.warc.gz"
    data = members_of(record("warcinfo", None, b"a: b\r\n"), record("response", URL, response()), record("metadata", URL, PAGE))
    raw = tmp_path / "raw"
    for place in range(0, len(data), 3):
        damaged = bytearray(data)
        damaged[place] ^= 0x55
        source.write_bytes(damaged)
        report = imported(raw, source)
        assert report.failures or report.added + report.already_there == 1
    assert len(captures(raw)) == 1
