"""Tables and columns of which so few rows differ that they cannot have changed beyond reason: the gate passes over them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipeline.build.choice.delta import Differing
from pipeline.build.gate.evidence import ENOUGH_ROWS, has_at_least, present_number
from pipeline.build.gate.tallies import SourceRows
from pipeline.schema.spec import Column, tables

LEAST_KEPT = 0.8
"""A source that loses a fifth of its rows between two snapshots has lost them to a fault more often than to its editors."""
FILL_DROP = 0.15
SHAPE_SHIFT = 0.25
ENOUGH_VALUES = ENOUGH_ROWS / 4
"""So many values do not vanish from a column by chance."""
PROVENANCE = frozenset({"source", "source_url", "captured_at", "capture_id", "is_gone", "gone_on", "gone_capture_id"})


def are_surely_alike(rows: SourceRows, known_columns: Sequence[str], differing: Differing) -> bool:
    """Whether so few rows may differ that nothing asked of a table can have changed beyond reason.

    With c rows the same on both sides and d others, their number cannot fall below c / (c + d) or rise above (c + d) / c; of
    shares see `is_surely_alike`. What is in a column is the same where none of the others has anything in it.
    """
    sides = rows.differing
    same = rows.number - differing.rows
    if sides is None or same < ENOUGH_ROWS or differing.again >= ENOUGH_ROWS or differing.rows / same > 1 - LEAST_KEPT:
        return False
    if differing.rows / same > FILL_DROP:
        return False
    table = tables()[rows.table]
    for name, spec in table.columns.items():
        if name in PROVENANCE or name in table.key or name not in known_columns:
            continue
        was, now = (present_number(side, name) for side in sides)
        is_emptied = not now and was >= ENOUGH_VALUES
        has_other_shapes = has_shape(spec) and (was or now)
        if (is_emptied or has_other_shapes) and not rows.has_at_least(name, _least_present(spec, differing.rows)):
            return False
    return True


def is_surely_alike(column: str, spec: Column, old: pa.Table, new: pa.Table, differing: int) -> bool:
    """Whether so few rows may differ that neither fill nor shapes of a column can have changed beyond reason.

    With c rows the same on both sides and d others, a share cannot change by more than d / c.
    """
    same = min(old.num_rows, new.num_rows) - differing
    if same <= 0 or differing / same > FILL_DROP:
        return False
    return has_at_least(new, column, _least_present(spec, differing))


def _least_present(spec: Column, differing: int) -> int:
    """Rows that must have something in a column for its shapes to be surely alike, ``differing`` of them being others."""
    return int(differing * (1 + 1 / SHAPE_SHIFT)) + 1 if has_shape(spec) else 1


def has_shape(spec: Column) -> bool:
    """Whether values of a column have shapes (`shapes`): texts that are no codes and no keys."""
    return spec.type in ("text", "list") and spec.codes is None and spec.references is None
