"""What `reproduce`, `prune` and `diff` answer, for machines and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from pipeline.build.edition.changelog import cause_counts, cause_words
from pipeline.build.edition.changes import changes_table
from pipeline.build.tables.store import stored_tables
from pipeline.build.upkeep.prune import Pruning
from pipeline.build.upkeep.reproduce import Reproduction

CHANGES_SHOWN = 100
_WIDTH = 40


class Told(NamedTuple):
    """An answer: data for machines, text for people."""

    data: dict[str, Any]
    text: str


def reproduction_told(result: Reproduction) -> Told:
    """A reproduction: the verdict, the first difference, the environment."""
    lines = [f"left out: {line}" for line in result.left_out]
    lines += [f"environment: {line}" for line in result.environment]
    for difference in result.differences:
        lines.append(f"{difference.path}: {difference.detail}")
        if difference.column is not None:
            lines += [f"  recorded: {difference.recorded}", f"  rebuilt:  {difference.rebuilt}"]
    files = f"{len(result.compared)} files compared"
    lines.append(
        {
            "identical": f"{result.snapshot}: identical, byte by byte ({files})",
            "same_data": f"{result.snapshot}: every table and file is identical ({files}); made in another environment",
            "different": f"{result.snapshot}: different in {len(result.differences)} of {files}",
        }[result.outcome]
    )
    data = result._asdict() | {"differences": [difference._asdict() for difference in result.differences]}
    return Told(data, "\n".join(lines))


def pruning_told(plan: Pruning, *, is_plan: bool) -> Told:
    """A pruning done, or planned."""
    verb = "would remove" if is_plan else "removed"
    lines = [f"keep    {name}  ({why})" for name, why in plan.kept.items()]
    lines += [f"remove  {name}" for name in plan.removed]
    lines.append(f"{verb} {len(plan.removed)} of {len(plan.removed) + len(plan.kept)} snapshots")
    return Told({"kept": plan.kept, "removed": plan.removed, "is_plan": is_plan}, "\n".join(lines))


def difference_told(before: Path, after: Path) -> Told:
    """What differs from one snapshot to another, cell by cell and by cause. Restricted tables are not compared."""
    rows = changes_table(before, stored_tables(after)).to_pylist()
    counts = cause_counts(rows)
    lines = [f"{before.name} → {after.name}", "", f"{'table':<22} {'records':>8} {'cells':>8}  cause"]
    lines += [f"{c.table:<22} {c.records:>8} {c.cells:>8}  {cause_words(c.cause)}" for c in counts]
    lines += ["", *(_line(row) for row in rows[:CHANGES_SHOWN])]
    if len(rows) > CHANGES_SHOWN:
        lines.append(f"… and {len(rows) - CHANGES_SHOWN} more; --json prints all")
    if not rows:
        lines = [f"{before.name} → {after.name}", "no record differs"]
    data = {"before": before.name, "after": after.name, "counts": [c._asdict() for c in counts], "changes": rows}
    return Told(data, "\n".join(lines))


def _line(row: dict[str, Any]) -> str:
    if row["column"] is None:
        return f"{row['table']} {row['record_id']}: {cause_words(row['cause'])}"
    before, after = (_short(row[side]) for side in ("before", "after"))
    return f"{row['table']} {row['record_id']} {row['column']}: {before} → {after} ({cause_words(row['cause'])})"


def _short(text: str | None) -> str:
    if text is None:
        return "null"
    line = " ".join(text.split())
    return repr(line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…")
