"""Requirements that the previous snapshot sets: rows, filled cells, shapes of values and pages may not change beyond reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from pipeline.build.choice.delta import Differing
from pipeline.build.gate.alike import (
    ENOUGH_VALUES,
    FILL_DROP,
    LEAST_KEPT,
    PROVENANCE,
    SHAPE_SHIFT,
    are_surely_alike,
    has_shape,
    is_surely_alike,
)
from pipeline.build.gate.causes import MANY, Causes, unknown_labels
from pipeline.build.gate.checks import Level, Problem, acceptable
from pipeline.build.gate.evidence import (
    ENOUGH_ROWS,
    Evidence,
    counted,
    first_page,
    of_source,
    page_of,
    share,
    standing,
    with_one_of,
    without,
)
from pipeline.build.gate.pagedrift import page_problems, stale_problems
from pipeline.build.gate.recaptured import Recaptured
from pipeline.build.gate.shapes import LONGEST, TEXT, ShapeTally
from pipeline.build.gate.tallies import SourceRows, Tallies
from pipeline.build.tables.breaches import unknown
from pipeline.build.tables.pairing import beside, sides
from pipeline.build.tables.store import column_parts
from pipeline.schema.spec import Table, tables

MOST_GROWN = 3.0
TEXT_KEPT = 0.6
CELLS_REFUSED, CELLS_TOLD = 0.5, 0.2
"""Share of rows captured anew in which one column reads otherwise. Editors change pages one by one, faults all at once."""
DECK_KEPT = 0.7
_OURS = frozenset({"language", "terc", "terc_6", "terc_current", "place_id"})
"""Columns that no page prints: they follow from others, and a change of theirs is a change of those."""


def drift_problems(
    source: str, made: Mapping[str, pa.Table], evidence: Evidence, causes: Causes, tallies: Tallies
) -> Iterator[Problem]:
    """What changed in one source since the previous snapshot beyond what a publisher's editors do; nothing without one."""
    before = evidence.before
    gone: pa.Array | None = None
    for name, table in tables().items():
        if not table.has_provenance or name not in before or name not in made:
            continue
        differing = evidence.differing_in(source, name)
        if differing is not None and not differing.rows:
            continue  # all rows are as they were
        if differing is not None and are_surely_alike(
            SourceRows(made, name, source, tallies, are_standing=True), before[name].column_names, differing
        ):
            continue
        gone = _gone_records(made) if gone is None else gone
        old, new = (standing(of_source(rows[name], source)) for rows in (before, made))
        if len(table.key) > 1:
            old = old.filter(unknown(old, _record_column(table), [gone]))
        yield from _row_problems(source, name, old, new, causes)
        if min(old.num_rows, new.num_rows) >= ENOUGH_ROWS:
            yield from _column_problems(source, table, old, new, causes, differing)
        else:
            yield from _emptied_column_problems(source, table, old, new, causes)
        if differing is None or differing.again >= ENOUGH_ROWS:
            yield from _cell_problems(source, table, old, new, causes)
    if "captures" in before:
        yield from page_problems(source, made, before, causes, tallies)
        yield from stale_problems(source, made, before, causes, tallies)
        yield from _code_problems(source, made, before)
    yield from _label_problems(source, made, before)
    yield from _deck_problems(source, made, before)


def _record_column(table: Table) -> str:
    return "record_id" if "record_id" in table.key else table.key[0]


def _gone_records(made: Mapping[str, pa.Table]) -> pa.Array:
    """Ids of the records that are gone: what belonged to them goes with them, and is no loss of its own."""
    ids = set()
    for name, table in tables().items():
        if table.has_provenance and len(table.key) == 1 and name in made:
            ids |= set(made[name].filter(made[name]["is_gone"])[table.key[0]].to_pylist())
    return pa.array(sorted(ids), pa.string())


def _row_problems(source: str, table: str, old: pa.Table, new: pa.Table, causes: Causes) -> Iterator[Problem]:
    if old.num_rows < ENOUGH_ROWS:
        return
    detail = f"{new.num_rows} rows, {old.num_rows} in the previous snapshot"
    where = f"{source}: {table}"
    if new.num_rows < old.num_rows * LEAST_KEPT:
        lost = old.filter(unknown(old, "source_url", column_parts(new, "source_url")))
        example = first_page(lost) or first_page(new) or first_page(old)
        yield acceptable("refuse", "rows stay", where, detail, source, example, causes.of(source, table))
    elif new.num_rows > old.num_rows * MOST_GROWN:
        yield acceptable(
            "warn", "rows do not multiply", where, detail, source, first_page(new), "listing widened, or pages read twice"
        )


def _emptied_column_problems(source: str, table: Table, old: pa.Table, new: pa.Table, causes: Causes) -> Iterator[Problem]:
    """Columns without any value left, in tables too small for shares: a label renamed everywhere empties them as well."""
    for column in table.columns:
        if column in PROVENANCE or column in table.key or column not in old.column_names:
            continue
        was = share(old, column)
        if share(new, column) == 0 and was * min(old.num_rows, new.num_rows) >= ENOUGH_VALUES:
            detail = f"0% of {new.num_rows} rows have a value, {was:.0%} in the previous snapshot"
            where, cause = f"{source}: {table.name}.{column}", causes.of(source, table.name, column)
            yield acceptable("refuse", "a column keeps values", where, detail, source, first_page(new), cause)


def _column_problems(
    source: str, table: Table, old: pa.Table, new: pa.Table, causes: Causes, differing: Differing | None
) -> Iterator[Problem]:
    for column, spec in table.columns.items():
        if column in PROVENANCE or column in table.key or column not in old.column_names:
            continue
        if differing is not None and is_surely_alike(column, spec, old, new, differing.rows):
            continue
        was, now = share(old, column), share(new, column)
        where = f"{source}: {table.name}.{column}"
        detail = f"{now:.0%} of {new.num_rows} rows have a value, {was:.0%} in the previous snapshot"
        if now == 0 and was * old.num_rows >= ENOUGH_VALUES:
            cause = causes.of(source, table.name, column)
            yield acceptable("refuse", "a column keeps values", where, detail, source, first_page(new), cause)
        elif was - now > FILL_DROP and now < was * (1 - FILL_DROP):
            cause = causes.of(source, table.name, column)
            yield acceptable("refuse", "fill rate stays", where, detail, source, first_page(without(new, column)), cause)
        elif now - was > 2 * FILL_DROP:
            yield acceptable("warn", "fill rate stays", where, detail, source, first_page(new), "label added at the source")
        if has_shape(spec):
            yield from _shape_problems(source, table.name, column, old, new)


def _shape_problems(source: str, table: str, column: str, old: pa.Table, new: pa.Table) -> Iterator[Problem]:
    was, now = ShapeTally(), ShapeTally()
    for tally, rows in ((was, old), (now, new)):
        for batch in rows.select([column]).to_batches():
            tally.add(batch.column(0))
    if min(was.values, now.values) < ENOUGH_ROWS or now.is_prose:
        return
    rise, shape = max((now.share(shape) - was.share(shape), shape) for shape in now.counts)
    if rise <= SHAPE_SHIFT:
        return
    usual = max(was.counts, key=lambda name: (was.counts[name], name))
    level: Level = "warn" if column.endswith("_raw") or shape == TEXT else "refuse"
    cause = (
        f"dates printed in another format: {shape}"
        if "date" in shape
        else f"values moved or labels swapped: {shape} where {usual} stood"
        if shape != usual
        else f"values are all {shape} now: one value on every page, or other values left out"
    )
    detail = f"{now.share(shape):.0%} of the values are of the shape {shape!r}, {was.share(shape):.0%} in the previous snapshot"
    example = first_page(new.slice(now.first[shape], 1))
    yield acceptable(level, "values keep their shape", f"{source}: {table}.{column}", detail, source, example, cause)


def _cell_problems(source: str, table: Table, old: pa.Table, new: pa.Table, causes: Causes) -> Iterator[Problem]:
    """Rows known before and captured anew: how many read otherwise, and how much of their text is left."""
    if min(old.num_rows, new.num_rows) < ENOUGH_ROWS:
        return
    rows = Recaptured(table, old, new)
    if rows.number < ENOUGH_ROWS:
        return
    for column, spec in table.columns.items():
        if column in PROVENANCE or column in _OURS or column in table.key or column not in old.column_names:
            continue
        found = rows.compared(column)
        if found.both < ENOUGH_ROWS:
            continue
        where = f"{source}: {table.name}.{column}"
        is_long = spec.is_prose and found.lengths[0] > LONGEST * found.both
        if is_long and spec.type == "text" and found.shortened is not None and found.lengths[1] < found.lengths[0] * TEXT_KEPT:
            detail = f"{found.lengths[1]} characters in {found.both} rows, {found.lengths[0]} in the previous snapshot"
            example, cause = page_of(rows.row(found.shortened)), causes.of(source, table.name)
            yield acceptable("refuse", "texts keep their length", where, detail, source, example, cause)
            continue
        part = found.changes / found.both
        if part >= CELLS_TOLD and found.changed is not None:
            # Long texts are edited for good reasons; one text on every page has none.
            is_one = found.most_common >= CELLS_REFUSED
            is_told = column.endswith("_raw") or (is_long and not is_one)
            level: Level = "refuse" if part >= CELLS_REFUSED and not is_told else "warn"
            detail = f"{found.changes} of {found.both} rows captured anew read otherwise than in the previous snapshot"
            example, cause = page_of(rows.row(found.changed)), _cause_of_change(causes, source, is_one=is_one)
            yield acceptable(level, "known values stay", where, detail, source, example, cause)


def _cause_of_change(causes: Causes, source: str, *, is_one: bool) -> str:
    if is_one:
        return "one value stands on every page: site replaced, or the selector finds furniture"
    general = causes.of(source)
    return general if "look at" not in general else "format changed at the source, values swapped, or ids given anew"


def _label_problems(source: str, made: Mapping[str, pa.Table], before: Mapping[str, pa.Table]) -> Iterator[Problem]:
    pages = of_source(made["captures"], source)
    details = counted(pages, "verdict")["detail"]
    old = unknown_labels(before, source) if "quality_issues" in before else {}
    for label, found in sorted(unknown_labels(made, source).items()):
        if details >= ENOUGH_ROWS and label not in old and found["pages"] >= details * MANY / 2:
            detail = f"label {label!r} is in no list of the source and stands on {found['pages']} of {details} pages"
            yield acceptable("warn", "labels are known", source, detail, source, found["example"], "label renamed or added")


def _code_problems(source: str, made: Mapping[str, pa.Table], before: Mapping[str, pa.Table]) -> Iterator[Problem]:
    if "quality_issues" not in before:
        return
    old = {(row["table"], row["column"], row["raw_text"]) for row in _unknown_codes(before, source)}
    told = set()
    for row in _unknown_codes(made, source):
        key = (row["table"], row["column"], row["raw_text"])
        if key not in old and key not in told:
            told.add(key)
            detail = f"{row['raw_text']!r} is no code of the list; the cell is null, the text stands in quality_issues"
            where = f"{source}: {row['table']}.{row['column']}"
            cause = "a new kind at the source: add it to the code list or to the spellings"
            yield acceptable("warn", "kinds are known", where, detail, source, page_of(row), cause)


def _unknown_codes(made: Mapping[str, pa.Table], source: str) -> list[dict[str, Any]]:
    issues = of_source(made["quality_issues"], source)
    rows: list[dict[str, Any]] = with_one_of(issues, "status", ["unknown_code"]).to_pylist()
    return rows


def _deck_problems(source: str, made: Mapping[str, pa.Table], before: Mapping[str, pa.Table]) -> Iterator[Problem]:
    if "presentations" not in before:
        return
    known, found, *_ = sides(
        of_source(before["presentations"], source), of_source(made["presentations"], source), ["presentation_id"]
    )
    columns = ["presentation_id", "slide_count", "source_url", "capture_id"]
    pairs = ((one["slide_count"].to_pylist(), other.to_pylist()) for one, other in beside(known, found, columns))
    for old_count, row in ((old_count, row) for counts, rows in pairs for old_count, row in zip(counts, rows, strict=True)):
        was, now = old_count or 0, row["slide_count"] or 0
        if now < was * DECK_KEPT:
            yield acceptable(
                "refuse" if was >= ENOUGH_ROWS else "warn",
                "decks keep their slides",
                f"{source}: presentations.slide_count",
                f"{row['presentation_id']} has {now} slides, {was} in the previous snapshot",
                source,
                page_of(row),
                "transcript cut: the page shows part of the deck (preview, login wall, or another shape of page)",
            )
