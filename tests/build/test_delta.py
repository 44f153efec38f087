"""Which records differ is told by the digests of their plans; few differing rows cannot move a share beyond reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.choice.delta import Delta, Differing, PlanLog
from pipeline.build.gate.alike import is_surely_alike
from pipeline.build.gate.causes import Causes
from pipeline.build.gate.drift import _column_problems
from pipeline.build.gate.evidence import Evidence
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import tables

Plans = dict[tuple[str, str], bytes]
_PLANS = st.dictionaries(
    st.tuples(st.sampled_from(["article", "deck", "practice"]), st.text(st.sampled_from('ab"\\\n:ż'), min_size=1, max_size=3)),
    st.sampled_from([b"\x01", b"\x02"]),
    max_size=12,
)


def logged(kept: Path, plans: Plans, previous: str | None, name: str | None) -> dict[str, set[str]] | None:
    """What differs from the plans of the snapshot ``previous``; the plans are kept as those of ``name``."""
    log = PlanLog(kept, previous)
    for (kind, record_id), digest in sorted(plans.items()):
        log.note(kind, record_id, digest)
    changed = log.changed()
    if name is not None:
        log.keep(name)
    return changed


@given(_PLANS, _PLANS)
def test_records_differ_whose_plans_are_new_others_or_gone(
    tmp_path_factory: pytest.TempPathFactory, old: Plans, new: Plans
) -> None:
    kept = tmp_path_factory.mktemp("plans") / "plans"
    assert logged(kept, old, None, "first") is None
    log = PlanLog(kept, "first")
    are_others = {plan for plan, digest in sorted(new.items()) if log.note(*plan, digest)}
    assert are_others == {plan for plan in new if old.get(plan) != new[plan]}
    changed = log.changed()
    assert changed is not None
    assert named(changed) == {plan for plan in old.keys() | new.keys() if old.get(plan) != new.get(plan)}
    assert named(log.stood()) == named(changed) & old.keys()


def named(records: dict[str, set[str]]) -> set[tuple[str, str]]:
    return {(kind, record_id) for kind, ids in records.items() for record_id in ids}


def test_where_very_many_are_gone_everything_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.build.choice.delta._MOST_RECORDS", 3)
    plans = {("deck", f"slideplayer.pl:{n:04}"): b"\x01" for n in range(20)}
    logged(tmp_path / "plans", plans, None, "first")
    assert logged(tmp_path / "plans", {("deck", "slideplayer.pl:9"): b"\x01"}, "first", None) is None
    assert logged(tmp_path / "plans", {}, "first", None) is None


@pytest.mark.parametrize(
    "harm", [lambda content: content[:-9], lambda content: content[9:], lambda _: b"", lambda _: b"\xff\n"]
)
def test_plans_of_another_snapshot_or_not_whole_tell_nothing(harm: Any, tmp_path: Path) -> None:
    kept = tmp_path / "plans"
    plans = {("deck", f"slideplayer.pl:{n}"): b"\x01" for n in range(5)}
    logged(kept, plans, None, "first")
    assert logged(kept, plans, "another", None) is None
    assert logged(kept, plans, "first", None) == {"article": set(), "deck": set(), "practice": set()}
    kept.write_bytes(harm(kept.read_bytes()))
    assert logged(kept, plans, "first", None) is None


def test_where_many_differ_everything_is_looked_at(tmp_path: Path) -> None:
    plans = {("deck", f"slideplayer.pl:{n:04}"): b"\x01" for n in range(2000)}
    logged(tmp_path / "plans", plans, None, "first")
    few = plans | {("deck", f"slideplayer.pl:{n:04}"): b"\x02" for n in range(100)}
    assert len((logged(tmp_path / "plans", few, "first", None) or {})["deck"]) == 100
    many = plans | {("deck", f"slideplayer.pl:{n:04}"): b"\x02" for n in range(101)}
    assert logged(tmp_path / "plans", many, "first", None) is None


def slides(ids: list[int], texts: list[str | None]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "presentation_id": [f"slideplayer.pl:{n}" for n in ids],
        "position": [1] * len(ids),
        "slide_number": [1] * len(ids),
        "title": texts,
        "source": ["slideplayer"] * len(ids),
        "is_gone": [False] * len(ids),
    }
    schema = arrow_schema("slides")
    return pa.table({name: pa.array(columns.get(name, [None] * len(ids)), schema.field(name).type) for name in schema.names})


def test_rows_that_may_differ_are_counted_by_source_and_table() -> None:
    delta = Delta({"slides": slides([1, 2], [None] * 2)}, {"slides": slides([2, 3, 4], [None] * 3)})
    assert delta.differing() == {("slideplayer", "slides"): Differing(rows=5, again=1)}


_VALUES = st.sampled_from(["tekst", "2020-01-01", None])


@settings(deadline=None, max_examples=150)
@given(st.lists(_VALUES, min_size=20, max_size=150), st.lists(_VALUES, max_size=12), st.lists(_VALUES, max_size=12))
def test_what_is_passed_over_has_no_problem(same: list[str | None], before: list[str | None], after: list[str | None]) -> None:
    old, new = (slides([*range(len(same) + len(more))], [*same, *more]) for more in (before, after))
    table = tables()["slides"]
    differing = Differing(len(before) + len(after), min(len(before), len(after)))
    causes = Causes({"slides": new}, Evidence())
    if is_surely_alike("title", table.columns["title"], old, new, differing.rows):
        found = [*_column_problems("slideplayer", table, old, new, causes, None)]
        assert not [problem for problem in found if problem.where.endswith(".title")]
