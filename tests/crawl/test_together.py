"""What is read ahead, kept in memory or written together, and that nobody notices."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive.warc import new_record_id
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.ledger.tables import Pace
from pipeline.crawl.ledger.upcoming import _AHEAD
from pipeline.crawl.recording.grouping import MOST, Grouped

HOST = "gmina.example.org"


class Work:
    """Notes which items were done together, and doubles them."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        if 0 in items:
            raise ValueError("nought")
        return [2 * item for item in items]


def test_items_that_are_coming_are_done_together() -> None:
    async def bring(group: Grouped[int, int], item: int, turns: int) -> int:
        with group.coming():
            for _ in range(turns):
                await asyncio.sleep(0)
            return await group.add(item)

    async def go() -> tuple[list[int], list[list[int]]]:
        work = Work()
        group: Grouped[int, int] = Grouped(work)
        return await asyncio.gather(*(bring(group, n, 3 - n) for n in (1, 2, 3))), work.groups

    assert asyncio.run(go()) == ([2, 4, 6], [[3, 2, 1]])


def test_an_item_does_not_wait_for_one_that_stays_away_or_never_comes() -> None:
    async def go() -> list[list[int]]:
        work = Work()
        group: Grouped[int, int] = Grouped(work)
        with group.coming(), group.coming():
            assert await group.add(1) == 2  # the other one is still on its way
        task = asyncio.create_task(group.add(2))
        with group.coming():
            await asyncio.sleep(0)
        assert await task == 4
        return work.groups

    assert asyncio.run(go()) == [[1], [2]]


def test_what_weighs_much_is_done_at_once() -> None:
    async def go() -> list[list[int]]:
        work = Work()
        group: Grouped[int, int] = Grouped(work, lambda item: MOST if item == 5 else 1)
        with group.coming(), group.coming(), group.coming():
            light = asyncio.create_task(group.add(1))
            await asyncio.sleep(0)
            assert await group.add(5) == 10
            assert await light == 2
        return work.groups

    assert asyncio.run(go()) == [[1, 5]]


def test_a_failure_reaches_everyone_who_waits() -> None:
    async def go() -> tuple[Any, Any]:
        group: Grouped[int, int] = Grouped(Work())
        with group.coming(), group.coming():
            return await asyncio.gather(group.add(0), group.add(1), return_exceptions=True)

    assert [str(error) for error in asyncio.run(go())] == ["nought", "nought"]


def known(frontier: Frontier, key: str, kind: str = "detail", host: str = HOST) -> None:
    values: dict[str, Any] = {"source": "gmina", "key": key, "url": key, "host": host, "kind": kind, "depth": 1}
    frontier.add(**values, origin="listing", found_on=None, run="r")


def settled(frontier: Frontier) -> list[str]:
    """The keys of a host in the order in which they are handed out, each settled before the next."""
    found = []
    while row := frontier.next_address(HOST, ["gmina"], 1.0):
        found.append(row.key)
        with frontier.transaction():
            frontier.update(row.id, state="fetched", due=0.0)
    return found


def test_what_was_read_ahead_gives_way_to_what_is_found(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        with frontier.transaction():
            for number in range(2 * _AHEAD):
                known(frontier, f"{number:03}")
        first = frontier.next_address(HOST, ["gmina"], 1.0)
        assert first is not None
        with frontier.transaction():
            frontier.update(first.id, state="fetched")
            known(frontier, "listing", "listing")
            known(frontier, "elsewhere", host="inna.example.org")
        assert settled(frontier) == ["listing", *(f"{number:03}" for number in range(1, 2 * _AHEAD))]


def test_what_is_put_off_or_asked_again_is_not_handed_out_from_memory(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        with frontier.transaction():
            for number in range(5):
                known(frontier, str(number))
        row = frontier.next_address(HOST, ["gmina"], 1.0)
        assert row is not None
        with frontier.transaction():
            frontier.update(row.id, attempts=1, due=0.5)
        again = frontier.next_address(HOST, ["gmina"], 1.0)
        assert again is not None
        assert (again.id, again.attempts) == (row.id, 1)
        with frontier.transaction():
            frontier.defer("r", "later", 9.0, "host = ?", HOST)
        assert frontier.next_address(HOST, ["gmina"], 1.0) is None


def test_hosts_are_found_one_by_one(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        with frontier.transaction():
            for host in ("c.example", "a.example", "b.example"):
                known(frontier, f"{host}/1", host=host)
                known(frontier, f"{host}/2", host=host)
        assert list(frontier.pending_hosts(["gmina"])) == ["a.example", "b.example", "c.example"]
        assert list(frontier.pending_hosts(["inna"])) == []


def test_paces_and_counts_are_written_with_the_next_transaction(tmp_path: Path) -> None:
    pace = Pace(5.0, 7.0, "status 429", 2)
    with Frontier(tmp_path) as frontier:
        frontier.set_pace(HOST, pace)
        frontier.note_request("r", "gmina")
        frontier.note_request("r", "gmina", 300, requests=0)
        with pytest.raises(ValueError, match="torn"), frontier.transaction():
            raise ValueError("torn")
        assert (frontier.pace(HOST), frontier.requests("r", "gmina")) == (pace, 1)
        assert list(frontier.rows("SELECT * FROM counts")) == []
        frontier.write_paces()
        frontier.note_request("r", "gmina")
    with Frontier(tmp_path) as frontier:  # what was not written before a kill
        assert (frontier.pace(HOST), frontier.requests("r", "gmina")) == (pace, 1)
        assert list(frontier.rows("SELECT bytes FROM counts")) == [(300,)]


def test_record_ids_are_uuids_of_the_time_and_chance() -> None:
    found = {new_record_id() for _ in range(200)}
    assert len(found) == 200
    for text in found:
        made = uuid.UUID(text.removeprefix("<urn:uuid:").removesuffix(">"))
        assert (made.version, made.variant, f"<{made.urn}>") == (7, uuid.RFC_4122, text)
