"""Heads of records: what is read the quick way is what the rules say, whatever the bytes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive import members as reading
from pipeline.archive import warc
from pipeline.archive.members import Damage, Member, members
from pipeline.archive.warc import MalformedRecord, parsed_fields, whole_record
from pipeline.archive.writer import WarcWriter

LINES = st.lists(
    st.sampled_from(
        [
            "A: b",
            "A:b ",
            "a:  b c\t",
            " folded",
            "\tfolded",
            "no colon",
            ": no name",
            "Ą: ż",
            "A : b",
            "",
            "A:",
            "A:\x0b",
            "A: b\x1c",
        ]
    ),
    max_size=6,
)
TIME = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
ENDS = st.sampled_from(["\r\n", "\n"])


def by_the_rules(head: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[tuple[str, str], ...]:
    with monkeypatch.context() as patch:
        patch.setattr(warc, "_PLAIN_VERSIONS", ())
        return parsed_fields(head) if head.startswith(b"WARC") else ()


@given(version=st.sampled_from(["WARC/1.1", "WARC/1.0", "WARC/0.18 "]), lines=LINES, end=ENDS)
def test_plain_fields_are_read_as_any(version: str, lines: list[str], end: str) -> None:
    head = end.join([version, *lines]).encode()
    with pytest.MonkeyPatch.context() as patch:
        assert parsed_fields(head) == by_the_rules(head, patch)


@given(head=st.text(alphabet="a:\r\n \t\x0b\x85ż", max_size=30))
def test_fields_of_any_characters_are_read_as_any(head: str) -> None:
    whole = f"WARC/1.1\r\n{head}".encode()
    with pytest.MonkeyPatch.context() as patch:
        assert parsed_fields(whole) == by_the_rules(whole, patch)


@given(st.binary(max_size=12).map(lambda data: bytes(b"\r\nA"[byte % 3] for byte in data)))
def test_a_head_ends_where_the_first_blank_line_is(data: bytes) -> None:
    match = warc._RECORD_HEAD_END.search(data)
    if match is None:
        with pytest.raises(MalformedRecord, match="do not end"):
            warc._head_end(data)
    else:
        assert warc._head_end(data) == match.span()


@pytest.mark.parametrize("value", ["a" + " " * 200_000 + "\x01", " " * 200_000 + "\x01", "a " * 200_000 + "\x01"])
def test_a_field_of_blanks_is_read_at_once(value: str) -> None:
    # With a pattern that tries every pair of ends this takes minutes.
    fields = parsed_fields(f"WARC/1.1\r\nA: {value}\r\nB: c".encode())
    assert [name for name, _ in fields] == ["A", "B"]


@pytest.mark.parametrize(
    "record", [b"WARC/1.1\r\nContent-Length: 3\r\n\r\nab", b"WARC/1.1\r\nContent-Length: x\r\n\r\nab", b"WARC/1.1\r\n"]
)
def test_records_that_are_not_whole(record: bytes) -> None:
    with pytest.raises(MalformedRecord):
        whole_record(record)


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100])
def test_members_are_found_wherever_a_read_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    with WarcWriter(tmp_path, "a") as writer:
        for number in range(4):
            writer.write_response(f"http://a.example/{number}", TIME, "HTTP/1.1 200 OK", [], b"x" * number)
    (path,) = tmp_path.rglob("*.warc.gz")
    whole = [(one.offset, one.length, one.record) for one in members(path) if isinstance(one, Member)]
    monkeypatch.setattr(reading, "_FIRST_CHUNK", step)
    monkeypatch.setattr(reading, "_CHUNK", step)
    assert [(one.offset, one.length, one.record) for one in members(path) if isinstance(one, Member)] == whole
    assert sum(length for _, length, _ in whole) == path.stat().st_size


def test_reading_goes_on_behind_damage(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "a") as writer:
        for number in range(4):
            writer.write_response(f"http://a.example/{number}", TIME, "HTTP/1.1 200 OK", [], b"x" * number)
    (path,) = tmp_path.rglob("*.warc.gz")
    found = [one for one in members(path) if isinstance(one, Member)]
    content = bytearray(path.read_bytes())
    content[found[2].offset + 20] ^= 255
    path.write_bytes(content)
    again = list(members(path))
    assert [type(one) for one in again] == [Damage if number == 2 else Member for number in range(5)]
    assert [one.offset for one in again] == [one.offset for one in found]
