"""Traps of a gigabyte or without end: stopped near the limit, in flat memory, with a reason; the next page is fetched."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ending import PATIENCE

MIB = 1024 * 1024
WIRE_LIMIT = 4 * MIB
DECODED_LIMIT = 8 * MIB
BOMBS = ["gzip", "deflate", "bare deflate", "br", "zstd"]


@functools.cache
def probe() -> dict[str, Any]:
    folder = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "crawl.bomb_probe"],
        cwd=folder,
        env={"PYTHONPATH": str(folder.parent)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def probed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = probe()[name]
    assert found["alive"] == "alive"
    assert found["wire"] <= WIRE_LIMIT
    return found


def test_memory_stays_flat_over_all_traps() -> None:
    assert probe()["memory"] < 6 * DECODED_LIMIT  # of traps of a gigabyte each


@pytest.mark.parametrize("name", BOMBS)
def test_a_gigabyte_stops_at_the_limit_on_decoded_bytes(name: str) -> None:
    found = probed(name)
    assert (found["reason"], found["retry"], found["truncated"]) == ("too_large", False, "length")
    assert found["body"] == DECODED_LIMIT
    assert 0 < found["payload"] < MIB


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_a_gigabyte_stops_at_the_limit_on_the_ratio(name: str) -> None:
    found = probed(f"{name}, ratio")
    assert (found["reason"], found["retry"], found["truncated"]) == ("bomb", False, "length")
    assert MIB < found["body"] < DECODED_LIMIT


def test_nested_codings_are_not_decoded() -> None:
    found = probed("nested gzip")
    assert (found["reason"], found["body"], found["truncated"]) == ("nested_coding", None, None)
    assert found["payload"] > 0  # kept for the archive as received


def test_one_layer_is_taken_off_and_no_more() -> None:
    found = probed("gzip in gzip")
    assert found["reason"] is None
    assert found["body"] < 2 * MIB


@pytest.mark.parametrize("name", ["empty members", "empty frames", "zstd window"])
def test_codings_made_to_cost(name: str) -> None:
    found = probed(name)
    assert (found["reason"], found["body"]) == ("coding", None)


@pytest.mark.parametrize("name", ["endless body", "endless chunks", "endless chunk notes"])
def test_an_endless_body_stops_at_the_limit_on_wire_bytes(name: str) -> None:
    found = probed(name)
    assert (found["reason"], found["retry"], found["truncated"]) == ("too_large", False, "length")
    assert found["wire"] == WIRE_LIMIT
    assert found["body"] == found["payload"] > 0


def test_endless_trailers() -> None:
    found = probed("endless trailers")
    assert (found["reason"], found["truncated"]) == ("protocol", "disconnect")
    assert found["wire"] < MIB


@pytest.mark.parametrize(
    "name",
    [
        *("endless head", "endless header line", "endless early hints", "endless status line"),
        *("header of 1 MB", "header of 90 KB", "many headers"),
    ],
)
def test_a_head_without_measure(name: str) -> None:
    found = probed(name)
    assert (found["reason"], found["status"], found["retry"]) == ("head_too_large", None, False)
    assert found["wire"] < MIB


def test_what_announces_too_much_is_not_begun() -> None:
    found = probed("announced gigabyte")
    assert (found["reason"], found["truncated"], found["payload"], found["status"]) == ("too_large", "length", 0, 200)
    assert found["wire"] < MIB
