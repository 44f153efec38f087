"""Addresses that once showed a record and answer with none now."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from pipeline.build.gate.staleness import Stale, stale_addresses

URL = "https://example.org/"
SCHEMA = pa.schema({"source_url": pa.string(), "captured_at": pa.timestamp("us", "UTC"), "verdict": pa.string()})


def captures(*rows: tuple[str | None, int | None, str]) -> pa.Table:
    """Address, day and verdict of each."""
    times = [dt.datetime(2024, 1, day, tzinfo=dt.UTC) if day is not None else None for _, day, _ in rows]
    columns = [[row[0] for row in rows], times, [row[2] for row in rows]]
    return pa.table(columns, schema=SCHEMA)


def test_the_newest_answer_counts() -> None:
    found = stale_addresses(
        captures(
            (URL + "silent", 1, "detail"),
            (URL + "silent", 2, "shell"),
            (URL + "back", 1, "detail"),
            (URL + "back", 2, "quarantined"),
            (URL + "back", 3, "index"),
            (URL + "never", 1, "not_ours"),
            (URL + "fine", 1, "detail"),
            (URL + "fine", 2, "detail"),
            (URL + "gone", 1, "detail"),
            (URL + "gone", 2, "gone"),
            (URL + "undated", None, "detail"),
            (URL + "undated", 2, "shell"),
            (None, 1, "detail"),
            (None, 2, "shell"),
        )
    )
    assert found == Stale(4, {URL + "silent"})  # of silent, back, fine and gone


def test_pages_are_counted_only_where_one_is_stale() -> None:
    assert stale_addresses(captures()) == Stale(0, set())
    assert stale_addresses(captures((URL, 1, "detail"))) == Stale(0, set())
    assert stale_addresses(captures((URL, 1, "shell"), (URL, 2, "detail"), (URL + "never", 3, "shell"))) == Stale(0, set())
