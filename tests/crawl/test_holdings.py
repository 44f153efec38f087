"""check-archive on a crawled archive: each harm is found, also one that leaves files and indexes in agreement."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from crawl_kit import JumpingClock, kinds, means, run, serving

from pipeline.archive.check import archive_problems
from pipeline.archive.index import index_path, warc_paths, write_index
from pipeline.archive.members import Member, members
from pipeline.archive.warc import WarcRecord, new_record_id
from pipeline.cli import main
from pipeline.crawl.ledger.holdings import holding_problems


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of two crawls, the second with revisits."""
    folder = tmp_path_factory.mktemp("crawled")
    clock = JumpingClock()
    with serving() as site:
        run(folder, means(site.port, clock=clock))
        clock.time += 60
        run(folder, means(site.port, clock=clock, everything_due=True))
    assert kinds(folder) == {"response": 14, "revisit": 14}
    return folder


def found(raw: Path) -> set[str]:
    return {problem.kind for problem in (*archive_problems(raw), *holding_problems(raw))}


def files(raw: Path) -> list[Path]:
    return list(warc_paths(raw))


def packed(record: WarcRecord) -> bytes:
    """One gzip member with the fields as they are; the writers of libraries add the digests they miss."""
    head = "".join(f"{name}: {value}\r\n" for name, value in record.fields)
    return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode() + record.block + b"\r\n\r\n", mtime=0)


def rewritten(path: Path, change: Callable[[list[WarcRecord]], list[WarcRecord]]) -> None:
    """The file with other records and an index that fits it: harm that leaves no trace in either."""
    records = [part.record for part in members(path) if isinstance(part, Member)]
    path.write_bytes(b"".join(packed(record) for record in change(records)))
    index_path(path).unlink()
    write_index(path)


def without_a_response(records: list[WarcRecord]) -> list[WarcRecord]:
    last = max(i for i, record in enumerate(records) if record.type == "response")
    return records[:last] + records[last + 1 :]


def with_a_record(records: list[WarcRecord]) -> list[WarcRecord]:
    copy = next(record for record in records if record.type == "response")
    fields = [(name, new_record_id() if name == "WARC-Record-ID" else value) for name, value in copy.fields]
    return [*records, WarcRecord(tuple(fields), copy.block)]


def without_digests(records: list[WarcRecord]) -> list[WarcRecord]:
    last = max(i for i, record in enumerate(records) if record.type == "response")
    kept = tuple(item for item in records[last].fields if item[0] not in ("WARC-Payload-Digest", "WARC-Block-Digest"))
    return [*records[:last], WarcRecord(kept, records[last].block), *records[last + 1 :]]


def gone(path: Path) -> None:
    path.unlink()
    index_path(path).unlink()


def rewritten_copy(raw: Path) -> None:
    copy = files(raw)[0].with_name("gmina-20200101000000-00000.warc.gz")
    shutil.copy(files(raw)[0], copy)
    records = [part.record for part in members(copy) if isinstance(part, Member)]
    fresh = [
        WarcRecord(tuple((n, new_record_id() if n == "WARC-Record-ID" else v) for n, v in r.fields), r.block)
        for r in records
        if r.type == "response"
    ]
    copy.write_bytes(b"".join(packed(record) for record in fresh))
    write_index(copy)


HARMS: list[tuple[str, Callable[[Path], None], set[str]]] = [
    ("a record taken out", lambda raw: rewritten(files(raw)[0], without_a_response), {"missing_record", "dangling_revisit"}),
    ("a record put in", lambda raw: rewritten(files(raw)[0], with_a_record), {"extra_record"}),
    ("a digest missing", lambda raw: rewritten(files(raw)[0], without_digests), {"missing_digest"}),
    ("first file gone with its index", lambda raw: gone(files(raw)[0]), {"missing_file", "dangling_revisit"}),
    ("last file gone with its index", lambda raw: gone(files(raw)[1]), {"missing_file"}),
    ("file of others put in", rewritten_copy, {"extra_record"}),
]


@pytest.mark.parametrize(("harm", "expected"), [harm[1:] for harm in HARMS], ids=[harm[0] for harm in HARMS])
def test_each_harm_to_a_crawled_archive_is_found(
    crawled: Path, tmp_path: Path, harm: Callable[[Path], None], expected: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(crawled, data)
    assert found(data / "raw") == set()
    assert main(["check-archive", "--data-dir", str(data)]) == 0
    harm(data / "raw")
    assert expected <= found(data / "raw")
    assert main(["check-archive", "--data-dir", str(data)]) == 1
    told = capsys.readouterr().out
    assert all(f": {kind}: " in told for kind in expected), told


def test_cuts_and_flipped_bytes_of_a_crawled_file_are_found(crawled: Path, tmp_path: Path) -> None:
    """At 80 places; tests/archive tries every byte of a small file."""
    raw = tmp_path / "raw"
    shutil.copytree(crawled / "raw", raw)
    path = files(raw)[-1]
    whole, index = path.read_bytes(), index_path(path).read_bytes()
    dice = random.Random(7)  # noqa: S311 - places of harm
    for place in sorted(dice.sample(range(1, len(whole)), 80)):
        path.write_bytes(whole[:place])
        assert found(raw), f"cut at byte {place}"
        index_path(path).write_bytes(index)
        flipped = bytearray(whole)
        flipped[place] ^= 1 << dice.randrange(8)
        path.write_bytes(bytes(flipped))
        assert found(raw), f"byte {place} flipped"
        index_path(path).write_bytes(index)


def test_what_is_lost_is_fetched_again_and_the_archive_is_whole(crawled: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(crawled, data)
    gone(files(data / "raw")[1])
    assert "missing_file" in found(data / "raw")
    with serving() as site:
        run(data, means(site.port, clock=JumpingClock(1_790_100_000.0)))
    assert found(data / "raw") == set()


def test_a_damaged_ledger_is_told(crawled: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(crawled / "raw", raw)
    for path in raw.glob("frontier.sqlite*"):
        path.write_bytes(b"no database" * 100)
    assert [problem.kind for problem in holding_problems(raw)] == ["unreadable"]


def test_nothing_is_asked_of_an_archive_that_was_never_crawled(tmp_path: Path) -> None:
    assert list(holding_problems(tmp_path)) == []
