"""Working copies: what comes down, what goes up, and what never leaves its folder. On a folder as a storage: it is quick."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ending import wait_for
from s3_kit import ALL_OF_RAW, INDEXES, PUBLISH, READ, put, snapshot_in

from pipeline.archive.ledger import LEDGER_NAME
from pipeline.archive.reader import record_at, warc_files
from pipeline.archive.warcfile import OPEN_SUFFIX
from pipeline.archive.writer import WarcWriter
from pipeline.build import snapshot
from pipeline.build.edition import package
from pipeline.build.latest import LATEST, SNAPSHOTS, latest_snapshot
from pipeline.config import Settings
from pipeline.crawl.ledger.frontier import FRONTIER_NAME
from pipeline.errors import BuildError, ChangedMeanwhile, ConfigError, LockHeld, RefusedByGate, StorageError
from pipeline.extract.worker import extracted_page
from pipeline.places import S3Settings
from pipeline.records import Capture
from pipeline.storage import hand, lock, rules
from pipeline.storage.base import Item, Storage
from pipeline.storage.folder import FolderStorage
from pipeline.storage.hand import Where, kept, opened, where_of, whole
from pipeline.storage.home import is_stand_in
from pipeline.storage.opening import storage_at
from pipeline.storage.rules import Need
from pipeline.storage.stages import working_copies

CACHE_BYTES = 10**9


class Site:
    """A data folder at an address, and machines that work on it, each with a cache of its own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.address = f"file://{base}/data"
        self.said: list[str] = []

    def storage(self, stage: str) -> Storage:
        return storage_at(f"{self.address}/{stage}", S3Settings(cache_bytes=CACHE_BYTES))

    @contextmanager
    def at(self, machine: str, *needs: Need, cache_bytes: int = CACHE_BYTES) -> Iterator[Settings]:
        storage_at.cache_clear()
        settings = Settings(
            data_url=self.address, cache_dir=self.base / f"cache-{machine}", s3=S3Settings(cache_bytes=cache_bytes)
        )
        with working_copies(settings, needs, self.said.append) as placed:
            yield placed

    def names(self, stage: str) -> list[str]:
        return sorted(item.name for item in self.storage(stage).items())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_names_are_those_of_the_stages() -> None:
    assert (rules.LATEST, rules.SNAPSHOTS, rules.PACKAGE) == (LATEST, SNAPSHOTS, package.FILE_NAME)
    assert not rules.is_sent(LEDGER_NAME)
    assert not rules.is_sent(f"bdp/a.warc.gz{OPEN_SUFFIX}")
    assert rules.phase("raw", "a.warc.gz") < rules.phase("raw", "a.cdxj") < rules.phase("raw", FRONTIER_NAME)
    in_order = ["snapshots/x/csv/datapackage.json", "snapshots/x/datapackage.json", "run_report.json"]
    assert [rules.phase("datasets", name) for name in in_order] == [0, 1, 2]
    assert rules.SNAPSHOT_ID.fullmatch("2026-11-27-4c0b6c6f")
    assert rules.SNAPSHOT_ID.fullmatch("undated-4c0b6c6f")


def test_raw_goes_up_and_comes_down(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "bdp/a.warc.gz", b"w" * 1000)
        put(settings.raw, "bdp/a.cdxj", b"index")
        put(settings.raw, "bdp/b.warc.gz.open", b"not whole")
        put(settings.raw, "ledger.sqlite", b"a cache")
        put(settings.raw, ".lock", b"of this machine")
    assert site.names("raw") == ["bdp/a.cdxj", "bdp/a.warc.gz"]
    with site.at("b", INDEXES) as settings:
        warc = settings.raw / "bdp/a.warc.gz"
        assert (settings.raw / "bdp/a.cdxj").read_bytes() == b"index"
        assert warc.stat().st_size == 1000
        assert is_stand_in(warc.stat())
        with opened(warc) as file:
            assert file.read() == b"w" * 1000
        assert not is_stand_in(warc.stat())
    with site.at("b", INDEXES):
        pass
    now = site.storage("raw").told()
    assert now == (1, 0, 0), "one listing tells that nothing changed"
    with site.at("a", ALL_OF_RAW) as settings:
        (settings.raw / "bdp/a.cdxj").unlink()
    with site.at("b", INDEXES) as settings:
        assert not (settings.raw / "bdp/a.cdxj").exists()
    assert site.names("raw") == ["bdp/a.warc.gz"]


def test_warc_files_beyond_the_limit_are_dropped_again(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        for number in range(6):
            put(settings.raw, f"bdp/{number}.warc.gz", bytes([number]) * 1000)
    with site.at("b", INDEXES, cache_bytes=2500) as settings:
        for _ in range(2):
            for number in range(6):
                with opened(settings.raw / f"bdp/{number}.warc.gz") as file:
                    assert file.read() == bytes([number]) * 1000
        here = [path for path in settings.raw.rglob("*.warc.gz") if not is_stand_in(path.stat())]
        assert len(here) == 2


def test_a_warc_file_that_is_read_is_not_dropped(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        for number in range(4):
            put(settings.raw, f"bdp/{number}.warc.gz", bytes([number]) * 1000)
    with site.at("b", INDEXES, cache_bytes=0) as settings:
        first = settings.raw / "bdp/0.warc.gz"
        with kept(first):
            opened(settings.raw / "bdp/1.warc.gz").close()
            opened(settings.raw / "bdp/2.warc.gz").close()
            assert not is_stand_in(first.stat())
        opened(settings.raw / "bdp/3.warc.gz").close()
        assert is_stand_in(first.stat())
        with kept(settings.raw / "bdp/none.warc.gz"):
            pass


def test_an_archive_that_cannot_be_fetched_ends_the_run_and_quarantines_no_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.at("a", ALL_OF_RAW) as settings, WarcWriter(settings.raw, "bdp") as writer:
        writer.write_resource("https://gmina.example.org/1", None, "text/html", b"<p>jeden")

    def broken(*_: object) -> str:
        raise StorageError("broke off again and again")

    monkeypatch.setattr(FolderStorage, "fetch", broken)
    with pytest.raises(StorageError, match="broke off"), site.at("b", INDEXES._replace(at_hand=rules.nothing)) as settings:
        capture = Capture(
            capture_id="c",
            source_url="https://gmina.example.org/1",
            captured_at=None,
            record_type="resource",
            status_code=None,
            media_type="text/html",
            body_digest="sha1:X",
            warc_file=warc_files(settings.raw)[0],
            warc_offset=0,
        )
        extracted_page(settings.raw, capture, [])


def test_of_a_large_file_one_record_is_fetched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with site.at("a", ALL_OF_RAW) as settings, WarcWriter(settings.raw, "bdp") as writer:
        places = [
            writer.write_resource(f"https://gmina.example.org/{number}", None, "text/html", os.urandom(300_000))
            for number in range(8)
        ]
    monkeypatch.setattr(hand, "WHOLE_BYTES", 1000)
    with site.at("b", INDEXES) as settings:
        before = site.storage("raw").told().bytes_read
        record = record_at(settings.raw, places[2].warc_file, places[2].offset)
        assert record.uri == "https://gmina.example.org/2"
        assert len(record.payload) == 300_000
        assert site.storage("raw").told().bytes_read - before < 700_000
        assert is_stand_in((settings.raw / places[2].warc_file).stat())


def test_files_are_sent_as_soon_as_they_are_whole(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "bdp/a.cdxj", b"index")
        whole(put(settings.raw, "bdp/a.warc.gz", b"w"))
        wait_for(lambda: site.names("raw") == ["bdp/a.cdxj", "bdp/a.warc.gz"])


def test_what_a_killed_crawl_left_is_sent_by_the_next_and_hidden_from_readers(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "frontier.sqlite", b"1")
    with pytest.raises(ZeroDivisionError), site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "bdp/a.warc.gz", b"captured")
        put(settings.raw, "bdp/a.cdxj", b"index")
        put(settings.raw, "frontier.sqlite", b"newer")
        raise ZeroDivisionError  # no error of ours: nothing is sent, as after a kill
    assert site.names("raw") == ["frontier.sqlite"]
    with site.at("a", INDEXES) as settings:
        assert not (settings.raw / "bdp/a.cdxj").exists()
    assert "2 files of a run that was cut short here are not sent yet" in site.said[-1]
    with site.at("a", ALL_OF_RAW) as settings:
        assert (settings.raw / "frontier.sqlite").read_bytes() == b"newer"
        assert (settings.raw / "bdp/a.warc.gz").read_bytes() == b"captured"
    assert site.names("raw") == ["bdp/a.cdxj", "bdp/a.warc.gz", "frontier.sqlite"]
    assert site.storage("raw").read("frontier.sqlite")[0] == b"newer"


def test_where_both_sides_changed_nothing_is_lost(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "frontier.sqlite", b"1")
    with pytest.raises(ZeroDivisionError), site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "frontier.sqlite", b"of a")
        raise ZeroDivisionError
    with site.at("b", ALL_OF_RAW) as settings:
        put(settings.raw, "frontier.sqlite", b"of b")
    with site.at("a", ALL_OF_RAW) as settings:
        assert (settings.raw / "frontier.sqlite").read_bytes() == b"of b"
    (line,) = [line for line in site.said if "was changed there too" in line]
    assert Path(line.rpartition(" kept as ")[2]).read_bytes() == b"of a"


def test_the_frontier_is_sent_with_what_its_log_holds(site: Site) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        database = sqlite3.connect(settings.raw / FRONTIER_NAME)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (7)")
        database.commit()
        put(settings.raw, "runs/1.json", b"{}")
    database.close()
    with site.at("b", Need("raw", at_hand=rules.frontier)) as settings:
        there = sqlite3.connect(settings.raw / FRONTIER_NAME)
        assert there.execute("SELECT x FROM t").fetchall() == [(7,)]
        there.close()


def test_a_snapshot_is_published_by_its_pointer(site: Site) -> None:
    with site.at("a", PUBLISH) as settings:
        assert latest_snapshot(settings.datasets) is None
        snapshot_in(settings.datasets, "2026-01-01-aaaaaaaa")
    assert site.storage("datasets").read("latest")[0] == b"2026-01-01-aaaaaaaa\n"
    with site.at("b", PUBLISH) as settings:
        before = latest_snapshot(settings.datasets)
        assert before is not None
        assert (before / "practices.parquet").read_bytes() == b"rows"
        assert stat.S_IMODE((before / "restricted/people.parquet").stat().st_mode) == 0o600
        snapshot_in(settings.datasets, "2026-02-02-bbbbbbbb", b"more", "2026-01-01-aaaaaaaa")
    with site.at("c", READ) as settings:
        latest = latest_snapshot(settings.datasets)
        assert latest is not None
        assert latest.name == "2026-02-02-bbbbbbbb"
        assert (latest / "practices.parquet").read_bytes() == b"more"
        assert is_stand_in((settings.datasets / "snapshots/2026-01-01-aaaaaaaa/practices.parquet").stat())
    with site.at("d", READ._replace(with_previous=True)) as settings:
        assert (settings.datasets / "snapshots/2026-01-01-aaaaaaaa/practices.parquet").read_bytes() == b"rows"


def test_of_two_that_publish_one_wins_and_nothing_is_lost(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock.StageLock, "__enter__", lambda self: self)  # as if the lock had been lost unseen
    monkeypatch.setattr(lock.StageLock, "__exit__", lambda *_: None)
    monkeypatch.setattr(lock.StageLock, "check", lambda _: None)
    with pytest.raises(ChangedMeanwhile) as raised, site.at("a", PUBLISH) as settings:
        snapshot_in(settings.datasets, "2026-01-01-aaaaaaaa")
        with site.at("b", PUBLISH) as other:
            snapshot_in(other.datasets, "2026-02-02-bbbbbbbb")
    assert raised.value.exit_code == 4
    assert "another run published meanwhile" in str(raised.value)
    assert site.storage("datasets").read("latest")[0] == b"2026-02-02-bbbbbbbb\n"
    assert {name.split("/")[1] for name in site.names("datasets") if "/" in name} == {
        "2026-01-01-aaaaaaaa",
        "2026-02-02-bbbbbbbb",
    }
    with site.at("a", PUBLISH) as settings:  # again: nothing stands in the way
        assert latest_snapshot(settings.datasets) == (settings.datasets / "snapshots/2026-02-02-bbbbbbbb").resolve()
        snapshot.point_latest(settings.datasets, "2026-01-01-aaaaaaaa")
    assert site.storage("datasets").read("latest")[0] == b"2026-01-01-aaaaaaaa\n"


def test_a_refused_build_sends_its_report_and_leaves_latest(site: Site) -> None:
    with site.at("a", PUBLISH) as settings:
        snapshot_in(settings.datasets, "2026-01-01-aaaaaaaa")
    with pytest.raises(RefusedByGate), site.at("a", PUBLISH) as settings:
        put(settings.datasets, "run_report.json", b"{}")
        raise RefusedByGate("not published")
    assert "run_report.json" in site.names("datasets")
    assert site.storage("datasets").read("latest")[0] == b"2026-01-01-aaaaaaaa\n"


def test_left_overs_of_a_publisher_are_no_snapshot_and_go(site: Site) -> None:
    site.storage("datasets").put("snapshots/2026-03-03-cccccccc/practices.parquet", b"half")
    with site.at("a", READ) as settings:
        assert not (settings.datasets / "snapshots/2026-03-03-cccccccc").exists()
    assert site.names("datasets") == ["snapshots/2026-03-03-cccccccc/practices.parquet"]
    with site.at("a", PUBLISH):
        pass
    assert site.names("datasets") == []


def test_pruned_snapshots_go(site: Site) -> None:
    with site.at("a", PUBLISH) as settings:
        snapshot_in(settings.datasets, "2026-01-01-aaaaaaaa")
        snapshot_in(settings.datasets, "2026-02-02-bbbbbbbb")
    with site.at("b", Need("datasets", writes=True, at_hand=rules.packages)) as settings:
        (settings.datasets / "snapshots/2026-01-01-aaaaaaaa").rename(settings.datasets / ".pruned-x")
    assert {name.split("/")[1] for name in site.names("datasets") if "/" in name} == {"2026-02-02-bbbbbbbb"}


@pytest.mark.parametrize("content", [b"../../x", b"", b"\xff", b"2026-09-09-99999999", b"a/b"])
def test_a_pointer_that_names_no_snapshot_is_told(site: Site, content: bytes) -> None:
    site.storage("datasets").put("latest", content)
    with pytest.raises(StorageError, match="latest: names") as raised, site.at("a", READ):
        pass
    assert str(raised.value).isprintable()


class Hostile:
    """A storage whose listing and objects come from somebody else."""

    address = "s3://bucket/raw"

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self.deleted: list[str] = []

    def items(self) -> Iterator[Item]:
        yield from (Item(name, 4, "tag") for name in self._names)

    def fetch(self, item: Item, target: Path) -> str:
        target.write_bytes(b"evil")
        return item.tag

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} is not asked for")


HOSTILE = [
    "../escaped",
    "a/../../../escaped",
    "/escaped",
    "//escaped",
    "a//b",
    "./escaped",
    "a\\..\\escaped",
    "C:\\escaped",
    "a\0b",
    "a\x1b[31mb",
    "x" * 300,
    "dir",
    "dir/child",
    ".hidden",
    "good.cdxj",
]


def test_a_hostile_listing_never_leaves_the_folder(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.storage.stages.storage_at", lambda *_: Hostile(HOSTILE))
    monkeypatch.setattr(Hostile, "told", lambda _: (0, 0, 0), raising=False)
    monkeypatch.setattr("pipeline.storage.stages._tell", lambda *_: None)
    with site.at("a", Need("raw")) as settings:
        found = sorted(path.name for path in settings.raw.rglob("*"))
    assert found == ["dir", "good.cdxj"]
    everything = {path.name for path in site.base.rglob("*")}
    assert not {name for name in everything if "escaped" in name or "evil" in name}
    (line,) = [line for line in site.said if "left alone" in line]
    assert line.startswith("s3://bucket/raw: 12 objects")
    assert line.isprintable()


def test_the_lock_keeps_a_second_run_out(site: Site) -> None:
    with site.at("a", ALL_OF_RAW):
        with pytest.raises(LockHeld, match=f"process {os.getpid()} on"), site.at("b", ALL_OF_RAW):
            pass
        with pytest.raises(LockHeld, match="on this machine"), site.at("a", ALL_OF_RAW):
            pass
        with site.at("b", INDEXES):
            pass  # readers need none
    with site.at("b", ALL_OF_RAW):
        pass


def stale_owner() -> bytes:
    """A process of this machine that is no more."""
    owner = lock._owner()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    owner["pid"] = child
    owner["process"] = [*owner["process"][:2], str(child), "1"]
    return json.dumps(owner).encode()


def test_the_lock_of_a_dead_process_is_taken_over_and_said(site: Site) -> None:
    site.storage("raw").put(".lock", stale_owner())
    with site.at("a", ALL_OF_RAW):
        pass
    assert any("took over the lock of process" in line for line in site.said)


def test_the_released_lock_of_a_folder_holds_nobody_up(site: Site) -> None:
    site.storage("raw").put(".lock", b"")
    with site.at("a", ALL_OF_RAW):
        pass
    assert not any("lock" in line for line in site.said)


@pytest.mark.parametrize("content", [b" ", b"[]", b"{", b'{"pid": "x", "process": [1]}', b'{"host": "a\\u001b[31mb"}'])
def test_a_lock_nobody_can_read_holds_until_it_is_old(site: Site, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    site.storage("raw").put(".lock", content)
    with pytest.raises(LockHeld) as raised, site.at("a", ALL_OF_RAW):
        pass
    assert str(raised.value).isprintable()
    monkeypatch.setattr(lock, "LOCK_SECONDS", -1.0)
    monkeypatch.setattr(lock.StageLock, "_renewing", lambda _: None)
    with site.at("a", ALL_OF_RAW):
        pass


def test_a_run_whose_lock_was_taken_over_sends_nothing_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LockHeld, match="took over the lock while this one stood still"), site.at("a", PUBLISH) as settings:
        snapshot_in(settings.datasets, "2026-01-01-aaaaaaaa")
        site.storage("datasets").put(".lock", b"{}")
        monkeypatch.setattr(lock, "LOCK_SECONDS", -1.0)
    assert site.names("datasets") == []
    assert site.storage("datasets").read(".lock")[0] == b"{}"


def test_a_storage_that_ignores_conditions_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    sound: Callable[..., Item] = FolderStorage.put
    monkeypatch.setattr(FolderStorage, "put", lambda self, name, source, **_: sound(self, name, source))
    with pytest.raises(StorageError, match="does not enforce conditional writes"), site.at("a", ALL_OF_RAW):
        pass


def test_an_object_put_meanwhile_is_not_overwritten(site: Site) -> None:
    with pytest.raises(ChangedMeanwhile, match=r"bdp/a\.warc\.gz"), site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "bdp/a.warc.gz", b"mine")
        site.storage("raw").put("bdp/a.warc.gz", b"theirs")
    assert site.storage("raw").read("bdp/a.warc.gz")[0] == b"theirs"


def test_a_worker_elsewhere_fetches_what_it_opens(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with site.at("a", ALL_OF_RAW) as settings:
        put(settings.raw, "bdp/a.warc.gz", b"captured")
        where = where_of(settings.raw)
        assert where.here() == settings.raw
    carried = msgspec.json.decode(msgspec.json.encode(where, enc_hook=str), type=Where, dec_hook=lambda kind, v: kind(v))
    elsewhere = msgspec.structs.replace(carried, folder=tmp_path / "not here" / "raw")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "worker"))
    folder = elsewhere.here()
    assert folder.is_relative_to(tmp_path / "worker")
    with opened(folder / "bdp/a.warc.gz") as file:
        assert file.read() == b"captured"
    with pytest.raises(FileNotFoundError):
        opened(folder / "bdp/none.warc.gz")
    with pytest.raises(FileNotFoundError):
        opened(folder / "../../escaped")
    local = tmp_path / "local"
    assert where_of(local).here() == local


def test_a_stage_that_no_command_asked_for_has_no_folder(site: Site) -> None:
    with site.at("a", INDEXES) as settings, pytest.raises(ConfigError, match="works on local folders only"):
        _ = settings.datasets


def test_errors_of_a_stage_come_before_those_of_sending(site: Site) -> None:
    with pytest.raises(BuildError, match="first"), site.at("a", PUBLISH) as settings:
        snapshot_in(settings.datasets, "2026-01-01-aaaaaaaa")
        (settings.datasets / "snapshots/2026-01-01-aaaaaaaa/datapackage.json").unlink()
        raise BuildError("first")
    assert any("datapackage.json: is not there as it was sent" in line for line in site.said)
