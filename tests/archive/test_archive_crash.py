from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from archive_kit import NOON, PAGE, captures, imported, tree

from pipeline.archive.check import archive_problems
from pipeline.archive.importer import import_paths
from pipeline.archive.index import INDEX_SUFFIX, index_path, warc_paths
from pipeline.archive.lock import LOCK_NAME, raw_lock
from pipeline.archive.members import Member, members
from pipeline.archive.reader import payload_at
from pipeline.archive.recovery import recovered
from pipeline.archive.warcfile import OPEN_SUFFIX
from pipeline.archive.writer import WarcWriter
from pipeline.errors import ArchiveError, LockHeld


def three_pages(raw: Path) -> Path:
    with WarcWriter(raw, "bdp", now=lambda: NOON) as writer:
        for number in range(3):
            writer.write_response(f"http://a.example/{number}", NOON, "HTTP/1.1 200 OK", [], PAGE * (number + 1))
    return next(iter(warc_paths(raw)))


def test_a_file_left_open_is_recovered_from_a_cut_at_every_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)  # a thousand recoveries; what syncs is shown below
    whole = three_pages(tmp_path / "whole")
    data = whole.read_bytes()
    parts = [part for part in members(whole) if isinstance(part, Member)]
    bodies = [part.record.payload for part in parts]
    for cut in range(len(data) + 1):
        raw = tmp_path / "raw"
        folder = raw / "bdp"
        folder.mkdir(parents=True)
        (folder / (whole.name + OPEN_SUFFIX)).write_bytes(data[:cut])
        (line,) = recovered(raw)
        kept = sum(part.offset + part.length <= cut for part in parts)
        assert list(folder.glob("*.open")) == []
        if kept <= 1:  # nothing but the warcinfo
            assert tree(raw) == {}
            assert "removed" in line
        else:
            assert [payload_at(raw, c).body for c in captures(raw)] == bodies[1:kept]
            assert f"{kept - 1} whole captures kept" in line
            assert list(archive_problems(raw)) == []
            assert index_path(folder / whole.name).exists()
            (folder / whole.name).unlink()
            index_path(folder / whole.name).unlink()
        folder.rmdir()


def test_the_next_import_recovers_and_says_so(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    whole = three_pages(raw)
    data = whole.read_bytes()
    index_path(whole).unlink()
    whole.rename(whole.with_name(whole.name + OPEN_SUFFIX)).write_bytes(data[:-5])
    (tmp_path / "a.txt").write_text("strona")
    lines: list[str] = []
    assert import_paths([tmp_path / "a.txt"], raw, say=lines.append).added == 1
    assert lines[0].startswith(f"bdp/{whole.name}.open: left by a run that was cut short; 2 whole captures kept, ")
    assert len(captures(raw)) == 3


def test_recovery_never_overwrites_a_file(tmp_path: Path) -> None:
    whole = three_pages(tmp_path)
    before = whole.read_bytes()
    (whole.with_name(whole.name + OPEN_SUFFIX)).write_bytes(before)
    recovered(tmp_path)
    assert whole.read_bytes() == before
    assert len(list(warc_paths(tmp_path))) == 2


SCRIPT = """
import sys, datetime as dt
from pathlib import Path
from pipeline.archive.lock import raw_lock
from pipeline.archive.writer import WarcWriter
raw = Path(sys.argv[1])
with raw_lock(raw, print), WarcWriter(raw, "bdp", size_limit=200_000) as writer:
    number = 0
    while True:
        body = (str(number) * 400).encode()
        writer.write_resource(f"http://a.example/{number}", None, "text/plain", body)
        writer.sync()
        print(number, flush=True)
        number += 1
"""


@pytest.mark.parametrize("after", [1, 7, 60, 300])
def test_what_was_synced_outlives_a_kill(tmp_path: Path, after: int) -> None:
    raw = tmp_path / "raw"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, raw], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = -1
    for line in process.stdout:
        last = int(line)
        if last >= after:
            break
    with pytest.raises(LockHeld, match=rf"process {process.pid} on .* is writing here"):
        imported(raw, tmp_path)
    process.send_signal(signal.SIGKILL)
    last = int(([str(last), *process.stdout.read().split()])[-1])
    process.wait()
    process.stdout.close()
    lines: list[str] = []
    with raw_lock(raw, lines.append):
        lines += recovered(raw)
    assert f"took over the lock of process {process.pid}" in lines[0]
    found = {capture.source_url for capture in captures(raw)}
    assert {f"http://a.example/{number}" for number in range(last + 1)} <= found
    assert len(found) <= last + 2
    assert list(archive_problems(raw)) == []


@pytest.mark.parametrize("step", ["fsync", "rename", "index"])
def test_a_stop_between_sync_rename_and_index_loses_nothing(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(BaseException):
        pass

    def stop(*_args: object, **_more: object) -> None:
        raise Stopped

    raw = tmp_path / "raw"
    writer = WarcWriter(raw, "bdp")
    writer.write_resource(None, None, "text/plain", b"pierwszy")
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", stop)
    elif step == "rename":
        monkeypatch.setattr(Path, "rename", stop)
    else:
        monkeypatch.setattr("pipeline.archive.warcfile.write_index", stop)
    with pytest.raises(Stopped):
        writer.finish()
    monkeypatch.undo()
    recovered(raw)
    (capture,) = captures(raw)
    assert payload_at(raw, capture).body == b"pierwszy"
    assert list(archive_problems(raw)) == []
    assert [path.suffix for path in sorted((raw / "bdp").iterdir())] == [INDEX_SUFFIX, ".gz"]


def test_the_lock_is_for_one_and_is_given_back(tmp_path: Path) -> None:
    with raw_lock(tmp_path, print):
        owner = json.loads((tmp_path / LOCK_NAME).read_text())
        assert owner["pid"] == os.getpid()
        with pytest.raises(LockHeld) as refused, raw_lock(tmp_path, print):
            pass
    assert refused.value.exit_code == 4
    said: list[str] = []
    with pytest.raises(KeyError), raw_lock(tmp_path, said.append):
        raise KeyError
    with raw_lock(tmp_path, said.append):
        pass
    assert said == []


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"pid": 1, "host": "other\\nhost", "started": "x"}', b"[]"])
def test_whatever_a_lock_file_says_only_the_kernel_locks(tmp_path: Path, content: bytes) -> None:
    (tmp_path / LOCK_NAME).write_bytes(content)
    said: list[str] = []
    with raw_lock(tmp_path, said.append):
        pass
    assert len(said) == 1
    assert said[0].isprintable()


def test_a_raw_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="Not a directory; make the folder writable"):
        imported(tmp_path / "file" / "raw", tmp_path / "file")


def test_a_killed_import_run_again_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(400):
        (pages / f"{number}.txt").write_text(f"strona {number}")
    script = (
        "import sys; from pathlib import Path; from pipeline.archive.importer import import_paths\n"
        "import_paths([Path(sys.argv[1])], Path(sys.argv[2]), say=print)"
    )
    imported(tmp_path / "calm", pages)
    wanted = {c.capture_id for c in captures(tmp_path / "calm")}
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", script, pages, tmp_path / "raw"], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not list(tmp_path.glob("raw/import/*.open")) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.002)
        time.sleep(0.01)
        process.kill()
        process.wait()
    imported(tmp_path / "raw", pages)
    found = [c.capture_id for c in captures(tmp_path / "raw")]
    assert set(found) == wanted
    assert len(found) == len(wanted)
    assert list(archive_problems(tmp_path / "raw")) == []
