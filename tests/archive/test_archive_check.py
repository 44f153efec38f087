from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from archive_kit import NOON, PAGE, captures, imported, tree, warcio_file

from pipeline.archive.check import archive_problems, repaired
from pipeline.archive.digests import digest_of
from pipeline.archive.index import current_index, index_digest, index_path, stored_index, warc_paths, write_index
from pipeline.archive.members import Member, members
from pipeline.archive.packing import completed_record, member_bytes
from pipeline.archive.reader import payload_at
from pipeline.archive.surt import surt_key
from pipeline.archive.warc import WarcRecord
from pipeline.archive.writer import WarcWriter
from pipeline.errors import CaptureUnreadable, IndexStale


def archive(raw: Path) -> Path:
    with WarcWriter(raw, "bdp", now=lambda: NOON) as writer:
        for number in range(4):
            body = PAGE + b"<p>%d" % number
            first = writer.write_response(f"http://a.example/{number}", NOON, "HTTP/1.1 200 OK", [], body)
        writer.write_revisit(
            "http://a.example/3",
            NOON,
            "HTTP/1.1 200 OK",
            [],
            payload_digest=first.payload_digest,
            refers_to_uri="http://a.example/3",
            refers_to_date="2024-05-01T12:00:00Z",
        )
    return next(iter(warc_paths(raw)))


def offsets(path: Path) -> list[int]:
    return [part.offset for part in members(path)]


def kinds(raw: Path) -> set[str]:
    return {problem.kind for problem in archive_problems(raw)}


def undigested(number: int) -> WarcRecord:
    fields = (
        ("WARC-Type", "resource"),
        ("WARC-Record-ID", f"<urn:uuid:{number}>"),
        ("WARC-Target-URI", "http://x.example/"),
        ("WARC-Date", "2024-05-01T12:00:00Z"),
        ("Content-Type", "text/plain"),
        ("Content-Length", "5"),
    )
    return WarcRecord(fields, b"tekst")


def raw_member(record: WarcRecord) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in record.fields)
    return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode() + record.block + b"\r\n\r\n")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def cut_between_records(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: offsets(path)[3]])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[offsets(path)[2] + 100] ^= 1
    path.write_bytes(data)


def append_garbage(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"garbage")


def append_record(path: Path) -> None:
    path.write_bytes(path.read_bytes() + member_bytes(completed_record(undigested(1), "")))


def append_undigested(path: Path) -> None:
    path.write_bytes(path.read_bytes() + raw_member(undigested(2)))
    write_index(path)


def append_misdigested(path: Path) -> None:
    wrong = ("WARC-Block-Digest", digest_of(b"other"))
    record = undigested(3)
    path.write_bytes(path.read_bytes() + raw_member(WarcRecord((*record.fields, wrong), record.block)))
    write_index(path)


def orphan_revisit(path: Path) -> None:
    with WarcWriter(path.parent.parent, "other") as writer:
        writer.write_revisit(
            "http://y.example/",
            NOON,
            "HTTP/1.1 304 Not Modified",
            [],
            payload_digest=digest_of(b"never seen"),
            refers_to_uri="http://y.example/",
            refers_to_date="2020-01-01T00:00:00Z",
        )


def remove_index(path: Path) -> None:
    index_path(path).unlink()


def spoil_index(path: Path) -> None:
    index_path(path).write_bytes(b"no index\n")


def move_offset(path: Path) -> None:
    text = index_path(path).read_text()
    index_path(path).write_text(text.replace(f'"offset":"{offsets(path)[2]}"', '"offset":"7"'))


def drop_index_line(path: Path) -> None:
    lines = index_path(path).read_text().splitlines(keepends=True)
    index_path(path).write_text("".join(lines[:2] + lines[3:]))


def lie_about_status(path: Path) -> None:
    index_path(path).write_text(index_path(path).read_text().replace('"status":"200"', '"status":"404"', 1))


def remove_file(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def empty_without_index(path: Path) -> None:
    empty(path)
    remove_index(path)


def leave_open(path: Path) -> None:
    path.with_name("bdp-20200101000000-00000.warc.gz.open").write_bytes(path.read_bytes()[:-3])


HARMS: list[tuple[Callable[[Path], None], set[str], set[str]]] = [
    # what is done, what the check finds, what is left after the repair
    (cut, {"truncated", "stale_index", "missing_record"}, set()),
    (cut_between_records, {"stale_index", "missing_record"}, set()),
    (flip, {"damaged", "missing_record"}, set()),
    (append_garbage, {"damaged", "stale_index"}, set()),
    (append_record, {"stale_index", "extra_record"}, set()),
    (append_undigested, {"missing_digest"}, {"missing_digest"}),
    (append_misdigested, {"wrong_digest", "missing_digest"}, {"wrong_digest", "missing_digest"}),
    (orphan_revisit, {"dangling_revisit"}, {"dangling_revisit"}),
    (remove_index, {"missing_index"}, set()),
    (spoil_index, {"stale_index"}, set()),
    (move_offset, {"wrong_offset"}, set()),
    (drop_index_line, {"extra_record"}, set()),
    (lie_about_status, {"stale_index"}, set()),
    (remove_file, {"missing_file"}, set()),
    (leave_open, {"left_open"}, set()),
    (empty, {"empty", "stale_index", "missing_record"}, set()),
    (empty_without_index, {"empty"}, set()),
]


@pytest.mark.parametrize(("harm", "found", "left"), HARMS, ids=[harm.__name__ for harm, _, _ in HARMS])
def test_each_harm_is_found_and_mended(tmp_path: Path, harm: Callable[[Path], None], found: set[str], left: set[str]) -> None:
    path = archive(tmp_path)
    assert kinds(tmp_path) == set()
    assert repaired(tmp_path) == []
    harm(path)
    harmed = tree(tmp_path)
    assert kinds(tmp_path) == found
    assert tree(tmp_path) == harmed  # checking changes nothing
    lines = repaired(tmp_path)
    assert all(line.isprintable() for line in lines)
    assert bool(lines) or harm is orphan_revisit
    assert kinds(tmp_path) == left
    again = tree(tmp_path)
    repaired(tmp_path)
    assert tree(tmp_path) == again


def test_repair_throws_no_byte_away_and_keeps_the_records_behind_the_damage(tmp_path: Path) -> None:
    path = archive(tmp_path)
    starts = [*offsets(path), path.stat().st_size]
    flip(path)
    data = path.read_bytes()
    repaired(tmp_path)
    assert path.with_name(path.name + ".damaged").read_bytes() == data[starts[2] : starts[3]]
    assert path.read_bytes() == data[: starts[2]] + data[starts[3] :]
    assert [c.source_url for c in captures(tmp_path)] == [f"http://a.example/{n}" for n in (0, 2, 3)]
    assert payload_at(tmp_path, captures(tmp_path)[1]).body == PAGE + b"<p>2"
    flip(path)
    repaired(tmp_path)
    assert path.with_name(path.name + ".damaged2").exists()


def test_every_flipped_byte_is_found(tmp_path: Path) -> None:
    path = archive(tmp_path)
    data = path.read_bytes()
    for place in range(0, len(data), 3):
        damaged = bytearray(data)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        assert kinds(tmp_path) & {"damaged", "truncated"}, place


def test_every_cut_is_found(tmp_path: Path) -> None:
    path = archive(tmp_path)
    data = path.read_bytes()
    for cut_at in range(0, len(data), 7):
        path.write_bytes(data[:cut_at])
        assert kinds(tmp_path) & {"truncated", "missing_record", "stale_index"}


def test_making_an_index_anew_does_not_hide_a_loss(tmp_path: Path) -> None:
    path = archive(tmp_path)
    cut_between_records(path)
    assert len(captures(tmp_path)) == 2  # a reader came by and made the index anew
    assert kinds(tmp_path) == {"missing_record"}
    assert stored_index(path).meta.lost_records == 3
    assert repaired(tmp_path) == [f"bdp/{path.name}: index made anew"]
    assert kinds(tmp_path) == set()


def test_a_file_of_another_kind_is_not_emptied(tmp_path: Path) -> None:
    source = warcio_file(tmp_path / "x.warc.gz")
    (tmp_path / "raw" / "import").mkdir(parents=True)
    lump = tmp_path / "raw" / "import" / "lump.warc.gz"
    lump.write_bytes(gzip.compress(gzip.decompress(source.read_bytes())))
    before = lump.read_bytes()
    assert any("move it elsewhere and import it" in line for line in repaired(tmp_path / "raw"))
    assert lump.read_bytes() == before


def test_a_standard_warc_laid_into_raw_by_hand_is_read(tmp_path: Path) -> None:
    (tmp_path / "raw" / "hand").mkdir(parents=True)
    warcio_file(tmp_path / "raw" / "hand" / "x.warc.gz")
    assert [c.warc_file for c in captures(tmp_path / "raw")] == ["hand/x.warc.gz"] * 3
    (tmp_path / "z.warc.gz").write_bytes((tmp_path / "raw" / "hand" / "x.warc.gz").read_bytes())
    assert imported(tmp_path / "raw", tmp_path / "z.warc.gz").already_there == 3


def test_a_reader_meets_damage_with_one_line(tmp_path: Path) -> None:
    path = archive(tmp_path)
    found = captures(tmp_path)
    flip(path)
    with pytest.raises(CaptureUnreadable, match=r"at byte \d+: the bytes of a record were altered.*run praktyki check-archive"):
        payload_at(tmp_path, found[1])
    assert payload_at(tmp_path, found[2]).body == PAGE + b"<p>2"
    with pytest.raises(CaptureUnreadable, match="another record lies here"):
        payload_at(tmp_path, msgspec.structs.replace(found[2], warc_offset=found[0].warc_offset))
    path.unlink()
    with pytest.raises(CaptureUnreadable, match="No such file"):
        payload_at(tmp_path, found[0])


@pytest.mark.parametrize("name", ["../x.warc.gz", "/etc/passwd", "", "a/../../x"])
def test_no_capture_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:

    archive(tmp_path)
    with pytest.raises(CaptureUnreadable, match="no file of the archive"):
        payload_at(tmp_path, msgspec.structs.replace(captures(tmp_path)[0], warc_file=name))


def test_the_index_digest_tells_of_change(tmp_path: Path) -> None:
    path = archive(tmp_path)
    digest = index_digest(path)
    assert digest == index_digest(path)
    remove_index(path)
    assert index_digest(path) == digest  # made anew: the same
    append_record(path)
    assert index_digest(path) != digest


@pytest.mark.parametrize("content", [b"", b"!meta 0 {}\n", b"!meta 0 {\n", b"\xff\xff\xff", b"!meta 0 1\nx y z\n"])
def test_an_unreadable_index_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = archive(tmp_path)
    good = index_path(path).read_bytes()
    index_path(path).write_bytes(content)
    with pytest.raises(IndexStale):
        stored_index(path)
    assert len(current_index(path).entries) == 5
    assert index_path(path).read_bytes() == good


def test_index_lines_are_cdxj(tmp_path: Path) -> None:
    path = archive(tmp_path)
    for line in index_path(path).read_text("ascii").splitlines()[1:]:
        key, timestamp, data = line.split(" ", 2)
        entry = json.loads(data)
        assert key == surt_key(entry["url"])
        assert timestamp == "20240501120000"
        assert {"url", "mime", "digest", "length", "offset", "filename"} <= set(entry)
        part = next(m for m in members(path) if m.offset == int(entry["offset"]))
        assert isinstance(part, Member)
        assert part.length == int(entry["length"])


@pytest.mark.parametrize(
    "uri", ["", "x", "http://[::1", "http://a b/ c", "urn:x:y", "http://\u0105.pl/\u0105 ?\n", "http://" + "9" * 30, "ni:///x"]
)
def test_every_address_has_a_key_of_one_word(uri: str) -> None:
    key = surt_key(uri)
    assert key
    assert key.isascii()
    assert " " not in key
    assert key.isprintable()
