from __future__ import annotations

import datetime as dt
import errno
import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from archive_kit import NOON, PAGE, captures, only, tree
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive.check import archive_problems
from pipeline.archive.digests import digest_of
from pipeline.archive.heads import http_headers
from pipeline.archive.identities import capture_id
from pipeline.archive.index import current_index, index_path, scanned_index, warc_paths
from pipeline.archive.members import Member, members
from pipeline.archive.reader import payload_at, record_at
from pipeline.archive.warc import field
from pipeline.archive.writer import Request, WarcWriter
from pipeline.errors import ArchiveError

URI = "https://gmina.example.org/praktyka?art=7"
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]


def write_all_kinds(raw: Path, **options: Any) -> None:
    with WarcWriter(raw, "bdp", **options) as writer:
        request = Request("GET /praktyka?art=7 HTTP/1.1", [("Host", "gmina.example.org"), ("Cookie", "secret")])
        first = writer.write_response(URI, NOON, "HTTP/1.1 200 OK", HEADERS, PAGE, request=request, ip_address="192.0.2.7")
        writer.write_revisit(
            URI,
            NOON + dt.timedelta(days=1),
            "HTTP/1.1 304 Not Modified",
            [("ETag", '"x"')],
            payload_digest=first.payload_digest,
            refers_to_uri=URI,
            refers_to_date="2024-05-01T12:00:00.250000Z",
            refers_to=first.record_id,
            profile="server-not-modified",
        )
        writer.write_response(URI + "&s=2", NOON, "HTTP/2 200", HEADERS, PAGE[:40], truncated="length")
        writer.write_resource(None, None, "text/plain", b"tekst", filename="../a\r\nWARC-Type: x.txt")
        writer.write_resource(URI, NOON, "text/plain", b"tekst", record_type="conversion")
        writer.write_response("https://gmina.example.org/robots.txt", NOON, "HTTP/1.1 404 Not Found", [], b"")


def test_name_and_order_of_a_file(tmp_path: Path) -> None:
    write_all_kinds(tmp_path, now=lambda: NOON)
    (path,) = warc_paths(tmp_path)
    assert path.relative_to(tmp_path).as_posix() == "bdp/bdp-20240501120000-00000.warc.gz"
    kinds = [part.record.type for part in members(path) if isinstance(part, Member)]
    assert kinds == ["warcinfo", "response", "request", "revisit", "response", "resource", "conversion", "response"]
    assert gzip.decompress(path.read_bytes()).startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")


def test_every_record_carries_its_digests(tmp_path: Path) -> None:
    write_all_kinds(tmp_path)
    assert list(archive_problems(tmp_path)) == []
    for part in members(next(iter(warc_paths(tmp_path)))):
        assert isinstance(part, Member)
        assert field(part.record.fields, "WARC-Block-Digest") == digest_of(part.record.block)
        assert (field(part.record.fields, "WARC-Payload-Digest") is None) == (part.record.type == "warcinfo")


def test_warcio_and_fastwarc_read_it_and_find_no_wrong_digest(tmp_path: Path) -> None:
    write_all_kinds(tmp_path)
    path = next(iter(warc_paths(tmp_path)))
    with path.open("rb") as file:
        read = [(item.rec_type, item.content_stream().read()) for item in ArchiveIterator(file, check_digests="raise")]
    assert read[1] == ("response", PAGE)
    assert len(read) == 8
    with path.open("rb") as file:
        fast = FastIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
        checked = [(r.verify_block_digest(), r.record_type) for r in fast]
    assert len(checked) == 8
    assert all(fits for fits, _ in checked)


@pytest.mark.parametrize("tool", ["warcio", "fastwarc"])
def test_their_own_check_commands_pass(tmp_path: Path, tool: str) -> None:
    write_all_kinds(tmp_path)
    path = next(iter(warc_paths(tmp_path)))
    done = subprocess.run([Path(sys.executable).with_name(tool), "check", path], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_captures_are_read_back_as_written(tmp_path: Path) -> None:
    write_all_kinds(tmp_path)
    first, cut, nameless, conversion = captures(tmp_path)  # no revisit, request, warcinfo, robots.txt
    assert (first.record_type, first.status_code, first.media_type, first.captured_at) == ("response", 200, "text/html", NOON)
    assert first.source_url == URI
    payload = payload_at(tmp_path, first)
    assert payload.body == PAGE
    assert payload.headers == {"content-type": "text/html; charset=utf-8", "set-cookie": "a=1, b=2"}
    assert not payload.is_truncated
    assert payload_at(tmp_path, cut).is_truncated
    assert (nameless.source_url, nameless.captured_at, nameless.status_code) == (None, None, None)
    assert payload_at(tmp_path, nameless).headers == {"content-type": "text/plain"}
    assert (conversion.record_type, payload_at(tmp_path, conversion).body) == ("conversion", b"tekst")


def test_capture_id_depends_on_address_time_and_payload_alone(tmp_path: Path) -> None:
    write_all_kinds(tmp_path / "a")
    write_all_kinds(tmp_path / "b", now=lambda: NOON)
    ids = [capture.capture_id for capture in captures(tmp_path / "a")]
    assert ids == [capture.capture_id for capture in captures(tmp_path / "b")]
    assert len(set(ids)) == len(ids)
    assert capture_id(None, None, "sha1:A") == "c:596a1449a7384dd3"  # sha256 of two NULs and "sha1:A"
    warsaw = NOON.astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert capture_id(URI, NOON, "sha1:A") == capture_id(URI, warsaw, "sha1:A")


def test_a_request_keeps_only_harmless_headers(tmp_path: Path) -> None:
    write_all_kinds(tmp_path)
    path = next(iter(warc_paths(tmp_path)))
    (asked,) = [p.record for p in members(path) if isinstance(p, Member) and p.record.type == "request"]
    assert http_headers(asked.http_head) == {"host": "gmina.example.org"}


def test_no_header_value_starts_another_header(tmp_path: Path) -> None:
    evil = "x\r\nWARC-Type: response\r\n\r\n\x85y\u2028z\x00"
    with WarcWriter(tmp_path, "bdp") as writer:
        writer.write_response(f"https://a.example/{evil}", NOON, f"HTTP/1.1 200 {evil}", [("X:\n" + "é", evil)], PAGE)
    capture, payload = only(tmp_path)
    assert payload.body == PAGE
    assert set(payload.headers) == {"x____"} or len(payload.headers) == 1
    record = record_at(tmp_path, capture.warc_file, capture.warc_offset)
    assert [name for name, _ in record.fields].count("WARC-Type") == 1
    assert list(archive_problems(tmp_path)) == []


def test_a_file_rolls_over_and_keeps_apart_from_one_of_the_same_second(tmp_path: Path) -> None:
    for _ in range(2):
        with WarcWriter(tmp_path, "bdp", size_limit=2_000, now=lambda: NOON) as writer:
            for number in range(6):
                writer.write_resource(None, None, "text/plain", os.urandom(600) + bytes([number]))
    names = [path.name for path in warc_paths(tmp_path)]
    assert len(names) >= 6
    assert names == [f"bdp-20240501120000-{number:05d}.warc.gz" for number in range(len(names))]
    assert len(captures(tmp_path)) == 12


def test_a_writer_without_records_leaves_nothing(tmp_path: Path) -> None:
    with WarcWriter(tmp_path / "raw", "bdp"):
        pass
    assert not (tmp_path / "raw").exists()


def test_the_index_of_the_writer_is_that_of_the_file(tmp_path: Path) -> None:
    write_all_kinds(tmp_path)
    path = next(iter(warc_paths(tmp_path)))
    assert current_index(path) == scanned_index(path)
    lines = index_path(path).read_bytes().splitlines(keepends=True)
    assert lines == sorted(lines)
    assert lines[0].startswith(b"!meta 0 {")
    assert any(line.startswith(b"org,example,gmina)/praktyka?art=7 20240501120000 {") for line in lines)


def test_a_full_disk_is_one_line_and_leaves_whole_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_write = os.write
    writer = WarcWriter(tmp_path, "bdp")
    writer.write_resource(None, None, "text/plain", b"pierwszy")

    def full(descriptor: int, data: Any) -> int:
        if len(data) > 50:
            return real_write(descriptor, bytes(data)[:50])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ArchiveError, match=r"warc\.gz\.open: No space left on device; free some space"):
        writer.write_resource(None, None, "text/plain", os.urandom(500))
    monkeypatch.undo()
    writer.finish()
    assert only(tmp_path)[1].body == b"pierwszy"
    assert list(archive_problems(tmp_path)) == []


def test_a_record_that_no_reader_would_take_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.archive.writer.MAX_RECORD_BYTES", 100)
    with WarcWriter(tmp_path, "bdp") as writer, pytest.raises(ArchiveError, match="more than 100 bytes"):
        writer.write_resource(None, None, "text/plain", b"x" * 101)
    assert tree(tmp_path) == {}


def test_a_folder_name_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        WarcWriter(tmp_path, "../x")


@given(body=st.binary(max_size=3000), name=st.text(max_size=40), with_uri=st.booleans(), with_time=st.booleans())
@settings(deadline=None, max_examples=60)
def test_any_bytes_come_back(tmp_path_factory: Any, body: bytes, name: str, with_uri: bool, with_time: bool) -> None:  # noqa: FBT001  # hypothesis hands them in
    raw = tmp_path_factory.mktemp("raw")
    uri, time = URI if with_uri else None, NOON if with_time else None
    with WarcWriter(raw, "bdp") as writer:
        writer.write_resource(uri, time, "text/plain", body, filename=name)
        writer.write_response(URI, NOON, "HTTP/1.1 200 OK", [(name or "X", name)], body)
    first, second = captures(raw)
    assert payload_at(raw, first).body == body
    assert payload_at(raw, second).body == body
    assert (first.source_url, first.captured_at) == (uri, time)
    assert list(archive_problems(raw)) == []
    with next(iter(warc_paths(raw))).open("rb") as file:
        for item in ArchiveIterator(file, check_digests="raise"):
            item.raw_stream.read()


def test_tree_of_kit_sees_what_it_should(tmp_path: Path) -> None:
    write_all_kinds(tmp_path, now=lambda: NOON)
    assert set(tree(tmp_path)) == {"bdp/bdp-20240501120000-00000.cdxj", "bdp/bdp-20240501120000-00000.warc.gz"}


def test_records_that_are_held_until_a_sync_lie_as_if_they_had_been_written_at_once(tmp_path: Path) -> None:
    bodies = [b"x" * 300, os.urandom(2 * 1024 * 1024), b"y", b"z" * 50]
    for folder, is_held in (("held", True), ("once", False)):
        with WarcWriter(tmp_path / folder, "bdp", now=lambda: NOON, writes_at_sync=is_held) as writer:
            written = [writer.write_resource(f"http://a.example/{n}", NOON, "text/plain", b) for n, b in enumerate(bodies)]
            writer.sync()
            written.append(writer.write_resource("http://a.example/9", NOON, "text/plain", b"last"))
        path = only_file(tmp_path / folder)
        found = [part for part in members(path) if isinstance(part, Member)][1:]
        assert [(one.offset, one.length) for one in written] == [(part.offset, part.length) for part in found]
        assert [part.record.block for part in found] == [*bodies, b"last"]
        assert current_index(path) == scanned_index(path)
        assert list(archive_problems(tmp_path / folder)) == []


def test_a_full_disk_at_a_sync_takes_all_that_was_held_and_nothing_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_write = os.write
    writer = WarcWriter(tmp_path, "bdp", writes_at_sync=True)
    writer.write_resource(None, None, "text/plain", b"pierwszy")
    writer.sync()
    for number in range(3):
        writer.write_resource(None, None, "text/plain", os.urandom(500) + bytes([number]))
    left = [900]

    def full(descriptor: int, data: Any) -> int:
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = real_write(descriptor, bytes(data)[: left[0]])
        left[0] -= done
        return done

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ArchiveError, match=r"warc\.gz\.open: No space left on device; free some space"):
        writer.sync()
    monkeypatch.undo()
    writer.finish()
    assert only(tmp_path)[1].body == b"pierwszy"
    path = only_file(tmp_path)
    assert current_index(path) == scanned_index(path)
    assert list(archive_problems(tmp_path)) == []


def only_file(raw: Path) -> Path:
    (path,) = warc_paths(raw)
    return path
