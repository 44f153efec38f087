"""The log of a run: lines of one turn of the event loop are written together, and none is lost on the way."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.crawl.log import RunLog
from pipeline.errors import ArchiveError


def test_outside_a_loop_each_line_is_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "a.log"
    with RunLog(path) as log:
        for number in range(3):
            log.write(0.0, "settled", number=number, nothing=None)
            last = json.loads(path.read_bytes().splitlines()[-1])
            assert last == {"at": "1970-01-01T00:00:00.000+00:00", "what": "settled", "number": number}


@pytest.mark.parametrize("at", [0.0, 1.9999999, 1_795_818_970.5828094, 1_795_818_970.0004, 253_402_300_799.0])
def test_times_are_those_of_the_datetime(tmp_path: Path, at: float) -> None:
    path = tmp_path / "a.log"
    with RunLog(path) as log:
        log.write(at, "settled")
    expected = dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="milliseconds")
    assert json.loads(path.read_bytes())["at"] == expected


def test_lines_of_one_turn_are_there_at_the_next_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.log"

    async def turns() -> None:
        for turn in range(3):
            for number in range(4):
                log.write(0.0, "settled", number=4 * turn + number)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert path.read_bytes().count(b"\n") == 4 * turn + 4
        log.write(0.0, "settled", number=12)  # the loop ends before its next turn

    with RunLog(path) as log:
        asyncio.run(turns())
    assert [json.loads(line)["number"] for line in path.read_bytes().splitlines()] == list(range(13))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_by_the_next_line_or_at_the_end() -> None:
    async def two_turns() -> None:
        log.write(0.0, "first")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        log.write(0.0, "second")

    async def one_turn() -> None:
        log.write(0.0, "first")
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    with pytest.raises(ArchiveError, match="free some space"), RunLog(Path("/dev/full")) as log:
        asyncio.run(two_turns())
    with pytest.raises(ArchiveError, match="free some space"), RunLog(Path("/dev/full")) as log:
        asyncio.run(one_turn())
