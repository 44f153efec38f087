"""What the gate counted is corrected by the rows that differ: it says what it would have said of all rows counted anew."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.choice.delta import Delta
from pipeline.build.gate.alike import are_surely_alike
from pipeline.build.gate.causes import Causes
from pipeline.build.gate.drift import drift_problems
from pipeline.build.gate.evidence import Evidence, Publisher
from pipeline.build.gate.expectations import expectation_problems
from pipeline.build.gate.soundness import soundness_problems
from pipeline.build.gate.tallies import SourceRows, Tallies, keep_counts, kept_counts
from pipeline.schema.arrow import arrow_schema
from pipeline.sources.discovery import discovered_sources

TEXTS = [
    "Mieszkańcy wsi założyli wspólny ogród, a gmina kupiła narzędzia i nasiona dla wszystkich.",
    "Ogród &amp; sad &nbsp;",
    "Å‚awka i Å›cieÅ¼ka",
    "Мешканці села заклали спільний сад, а громада купила знаряддя і насіння для всіх.",
    "22 123 45 67",
    "Ogród",
    None,
]
Row = tuple[str | None, str, bool, int | None, str]
ROWS = st.tuples(
    st.sampled_from(TEXTS),
    st.sampled_from(["pl", "uk", "de", "und"]),
    st.booleans(),
    st.none() | st.integers(0, 60),
    st.sampled_from(["blogger", "web"]),
)


def articles(rows: dict[int, Row]) -> pa.Table:
    """Rows of a text, its language, whether its page is gone, days from its capture to its date, and its source."""
    schema = arrow_schema("articles")
    captured = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    found: list[dict[str, Any]] = [
        dict.fromkeys(schema.names)
        | {
            "article_id": f"blogger:biblioteka/{number:04}",
            "title": text,
            "text": text,
            "language": language,
            "published_on": captured.date() - dt.timedelta(30 - days) if days is not None else None,
            "credit": text if text and len(text) < 15 else None,
            "source": source,
            "source_url": f"https://example.org/{number}",
            "captured_at": captured,
            "capture_id": f"c:{number:016x}",
            "is_gone": is_gone,
        }
        for number, (text, language, is_gone, days, source) in sorted(rows.items())
    ]
    return pa.Table.from_pylist(found, schema=schema)


@cache
def publishers() -> tuple[Publisher, ...]:
    return tuple(Publisher(source.name, source.facts) for source in discovered_sources() if source.name in ("blogger", "web"))


def tables_of(rows: pa.Table) -> dict[str, pa.Table]:
    empty = {name: arrow_schema(name).empty_table() for name in ("captures", "quality_issues", "partnerships", "practices")}
    return empty | {"articles": rows}


def answered(before: pa.Table, after: pa.Table, tallies: Tallies, delta: Delta | None) -> list[Any]:
    made = tables_of(after)
    differing = delta.differing() if delta is not None else None
    evidence = Evidence(before=tables_of(before), differing=differing)
    problems: list[Any] = []
    for publisher in publishers():
        causes = Causes(made, evidence, tallies)
        problems += expectation_problems(publisher, made, evidence, causes, tallies)
        problems += soundness_problems(publisher, made, tallies)
        problems += drift_problems(publisher.name, made, evidence, causes, tallies)
    return problems


@settings(deadline=None, max_examples=60)
@given(
    st.lists(ROWS, min_size=40, max_size=90),
    st.dictionaries(st.integers(0, 120), ROWS, max_size=8),
    st.sets(st.integers(0, 39), max_size=4),
    st.sampled_from(TEXTS),
)
def test_the_gate_says_of_counts_corrected_what_it_says_of_all_rows(
    rows: list[Row], others: dict[int, Row], gone: set[int], most: str | None
) -> None:
    old = {number: (most, *row[1:]) if number % 2 else row for number, row in enumerate(rows)}
    new = {number: row for number, row in (old | others).items() if number not in gone}
    changed = {number for number in old.keys() | new.keys() if old.get(number) != new.get(number)}
    before, after = articles(old), articles(new)
    sides = [articles({n: row for n, row in side.items() if n in changed}) for side in (old, new)]
    delta = Delta({"articles": sides[0]}, {"articles": sides[1]})
    first = Tallies()
    answered(before, before, first, None)
    corrected, anew = Tallies(first.found, delta), Tallies()
    assert answered(before, after, corrected, delta) == answered(before, after, anew, None)
    shared = corrected.found.keys() & anew.found.keys()
    assert {name: corrected.found[name] for name in shared} == {name: anew.found[name] for name in shared}


def alike(old: list[Row], new: list[Row]) -> bool:
    """Of a hundred rows that are the same, and some others."""
    same: dict[int, Row] = dict.fromkeys(range(100), (TEXTS[0], "pl", False, 5, "blogger"))
    sides = [dict(enumerate(rows, 1000)) for rows in (old, new)]
    delta = Delta({"articles": articles(sides[0])}, {"articles": articles(sides[1])})
    before, after = (articles(same | side) for side in sides)
    first = Tallies()
    SourceRows({"articles": before}, "articles", "blogger", first, are_standing=True).number  # noqa: B018 - it is counted
    tallies = Tallies(first.found, delta)
    rows = SourceRows({"articles": after}, "articles", "blogger", tallies, are_standing=True)
    return are_surely_alike(rows, after.column_names, delta.differing()["blogger", "articles"])


def test_few_new_rows_make_a_table_no_other_one() -> None:
    assert alike([], [(TEXTS[0], "pl", False, 5, "blogger")] * 10)
    assert not alike([], [(TEXTS[0], "pl", False, 5, "blogger")] * 30)  # too many
    assert not alike(
        [("Ogród", "pl", False, 5, "blogger")] * 6, [(TEXTS[0], "pl", False, 5, "blogger")] * 6
    )  # credit is emptied


def test_counts_of_other_rows_are_not_corrected_below_nothing() -> None:
    rows = articles({1: (TEXTS[0], "pl", False, 5, "web")})
    delta = Delta({"articles": rows}, {"articles": articles({})})
    wrong = {"articles all 'web': rows": {"rows": 0}}
    assert SourceRows({"articles": rows}, "articles", "web", Tallies(wrong, delta)).number == 1


COUNTS = {"articles all 'web': rows": {"rows": 3}}


@pytest.mark.parametrize(
    "harm", [lambda content: content[:-1], lambda content: content[:20] + b"\x07" + content[21:], lambda _: b""]
)
def test_counts_that_are_not_whole_are_taken_for_none(harm: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "gate.counts"
    keep_counts(path, "2026-09-01-0badcafe", COUNTS)
    assert kept_counts(path, "2026-09-01-0badcafe") == COUNTS
    assert kept_counts(path, "2026-09-02-0badcafe") is None
    path.write_bytes(harm(path.read_bytes()))
    assert kept_counts(path, "2026-09-01-0badcafe") is None


def test_a_count_is_taken_once() -> None:
    taken: list[int] = []

    def counted(rows: pa.Table) -> Counter[str]:
        taken.append(rows.num_rows)
        return Counter(rows=rows.num_rows, nothing=0)

    rows = SourceRows({"articles": articles({1: (None, "pl", False, None, "web")})}, "articles", "web", Tallies())
    assert [rows.tally("x", counted) for _ in range(2)] == [Counter(rows=1)] * 2
    assert taken == [1]
