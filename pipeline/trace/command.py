"""The command ``trace``: which cells are meant, what is printed, which pages are opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.config import Settings
from pipeline.trace.evidence import Row
from pipeline.trace.run import Trace, Tracer
from pipeline.trace.show import cell_data, cell_text, row_text


class Told(NamedTuple):
    """What a trace has to say, for machines and for people; ``is_located`` unless a text was not found on its page."""

    data: Mapping[str, Any]
    text: str
    is_located: bool


def traced(settings: Settings, table: str, record_id: str, column: str | None, *, snapshot: str | None, opens: bool) -> Told:
    """Traces one cell, or all cells of a row that are not null.

    Raises UsageError for a table, record, column or snapshot that is not there, CaptureUnreadable when the archive does
    not hold the bytes the snapshot was read from.
    """
    with Tracer(settings, snapshot) as tracer:
        rows = tracer.matching(table, record_id)
        by_row = [list(tracer.traces(table, row, column)) for row in rows]
        texts: list[str] = []
        opened: dict[str, str] = {}
        for row, traces in zip(rows, by_row, strict=True):
            if not traces:
                texts.append(_null_text(tracer, table, record_id, row, column))
            elif column is None:
                texts.append(row_text(traces, tracer.snapshot))
            else:
                texts += [cell_text(trace, tracer.snapshot) for trace in traces]
            opened |= {} if not opens else _opened(traces)
        texts += [f"{capture}: {path}" for capture, path in opened.items()]
        if opens and not opened:
            texts.append("nothing to open: no page is behind this value")
        data = {
            "snapshot": tracer.snapshot,
            "table": table,
            "record_id": record_id,
            "rows": [[cell_data(trace) for trace in traces] for traces in by_row],
            "opened": opened,
        }
        is_located = all(trace.is_located for traces in by_row for trace in traces)
        return Told(data, "\n\n".join(texts), is_located)


def _opened(traces: list[Trace]) -> dict[str, str]:
    """Temporary files with the pages behind the cells, by capture."""
    pages = {trace.archived.capture.capture_id: trace.archived for trace in traces if trace.archived is not None}
    return {capture_id: str(archived.written()) for capture_id, archived in pages.items()}


def _null_text(tracer: Tracer, table: str, record_id: str, row: Row, column: str | None) -> str:
    """Why a cell is null, as far as the snapshot says."""
    reasons = [
        f"{issue['status']}: {issue['reason']}" + (f" ({issue['raw_text']})" if issue["raw_text"] else "")
        for issue in tracer.issues(table, record_id, column)
    ]
    why = "\n".join(reasons) or "the page does not state it, or the column does not apply"
    page = f"\nread from {row['capture_id']}, {row['source_url'] or 'address not known'}" if row.get("capture_id") else ""
    return f"{table} {record_id} {column}: null in snapshot {tracer.snapshot}\n{why}{page}"
