"""report.html: one offline file that shows what a snapshot holds, how complete it is, and what could not be read.

Everything from a page is escaped; the content security policy forbids scripts and every outside request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pyarrow as pa

from pipeline import __version__
from pipeline.build.gate import GateResult
from pipeline.schema.spec import Table, tables

_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fcfcfa; --soft: #5c6670; --rule: #d9dde2; --mark: #0b6e5f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --paper: #14171a; --soft: #9aa4af; --rule: #33393f; --mark: #6fd3c0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p, li { max-width: 62ch; } .soft { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.figures div { border: 1px solid var(--rule); border-radius: .5rem; padding: .75rem 1rem; }
.figures dd { margin: 0; font-size: 1.7rem; font-variant-numeric: tabular-nums; color: var(--mark); }
.figures dt { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.date { white-space: nowrap; }
meter { width: 8rem; } code { font-size: .88em; overflow-wrap: anywhere; }
details > summary { cursor: pointer; margin: 1rem 0 .3rem; }
"""
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_NUMBER = ' class="number"'
_FIGURES = (("practices", "practices"), ("presentations", "decks"), ("slides", "slides"), ("articles", "articles"),
            ("partnerships", "partnerships"), ("places", "places"), ("captures", "captures"))  # fmt: skip
_ROWS_SHOWN = 200
"""Rows of a list in the report; the tables hold them all."""


def report_html(name: str, made: Mapping[str, pa.Table], gate: GateResult) -> str:
    """The report of the snapshot ``name``: the same bytes for the same tables."""
    captures = made["captures"]
    times = [time for time in captures["captured_at"].to_pylist() if time is not None]
    period = f"captured {min(times):%Y-%m-%d} to {max(times):%Y-%m-%d}" if times else "capture times not known"
    figures = "".join(f"<div><dt>{label}</dt><dd>{made[table].num_rows}</dd></div>" for table, label in _FIGURES)
    header = (
        f'<header><h1>Praktyki <span class="soft">{escape(name)}</span></h1>'
        f'<p class="soft">{escape(period)} · gate: {gate.verdict} · version {__version__}</p></header>'
    )
    sections = [
        header,
        f'<dl class="figures">{figures}</dl>',
        _practices(made["practices"]),
        _titles("Decks", made["presentations"], "title", ("site", "language", "slide_count"), numbers=(3,)),
        _titles("Articles", made["articles"], "title", ("published_on", "language", "comment_count"), numbers=(3,)),
        _titles("Partnerships", made["partnerships"], "name", ("kind", "founded", "former_name", "programme")),
        _verdicts(captures),
        _coverage(made),
        _issues(made["quality_issues"]),
        _changes(made.get("changes")),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Praktyki {escape(name)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(sections)
        + "\n</body></html>\n"
    )


def _practices(rows: pa.Table) -> str:
    found = rows.select(["practice_id", "title", "section", "locality", "voivodeship", "entered_on", "unit_type"]).to_pylist()
    body = [
        (
            _text(row["title"]) + f'<br><code class="soft">{escape(row["practice_id"])}</code>',
            _text(row["section"]),
            _text(row["locality"]),
            _text(row["voivodeship"]),
            _text(row["unit_type"]),
            _text(row["entered_on"]),
        )
        for row in found
    ]
    return _section("Practices", ("title", "section", "locality", "voivodeship", "unit type", "entered on"), body)


def _titles(heading: str, rows: pa.Table, title: str, columns: Sequence[str], numbers: Iterable[int] = ()) -> str:
    body = [(_text(row[title]), *(_text(row[column]) for column in columns)) for row in rows.to_pylist()]
    return _section(heading, (title, *(column.replace("_", " ") for column in columns)), body, numbers)


def _verdicts(captures: pa.Table) -> str:
    counted = Counter(zip(captures["source"].to_pylist(), captures["verdict"].to_pylist(), strict=True))
    ordered = sorted(counted.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    body = [(_text(source), _text(verdict), str(number)) for (source, verdict), number in ordered]
    return _section("What became of the pages", ("source", "verdict", "captures"), body, numbers=(2,))


def _coverage(made: Mapping[str, pa.Table]) -> str:
    parts = ["<h2>Share of rows with a value</h2>"]
    for name in ("practices", "presentations", "articles", "partnerships"):
        rows = made[name]
        if not rows.num_rows:
            continue
        body = [
            (f"<code>{column}</code>", f'<meter value="{share:.3f}" title="{share:.0%}"></meter> {share:.0%}')
            for column in _described(tables()[name])
            if (share := _share_filled(rows[column])) is not None
        ]
        parts.append(f"<details><summary>{name} ({rows.num_rows} rows)</summary>{_table(('column', 'filled'), body)}</details>")
    return "\n".join(parts)


def _described(table: Table) -> list[str]:
    return [name for name, column in table.columns.items() if not column.is_required]


def _share_filled(values: pa.ChunkedArray) -> float:
    filled = sum(1 for value in values.to_pylist() if value is not None and value != [])
    return filled / len(values)


def _issues(rows: pa.Table) -> str:
    found = rows.to_pylist()
    counted = Counter((row["table"], row["column"], row["status"]) for row in found)
    summary = [
        (_text(table), _text(column), _text(status), str(number))
        for (table, column, status), number in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    ]
    body = [
        (
            _text(row["record_id"]),
            _text(row["column"] or row["label"]),
            _text(row["status"]),
            _text(row["raw_text"]),
            _text(row["reason"]),
        )
        for row in found[:_ROWS_SHOWN]
    ]
    listed = _table(("record", "column", "status", "text as published", "reason"), body)
    return (
        _section("Quality issues", ("table", "column", "status", "number"), summary, numbers=(3,))
        + f"<details><summary>each issue ({len(found)})</summary>{listed}{_rest(len(found))}</details>"
    )


def _changes(rows: pa.Table | None) -> str:
    if rows is None or not rows.num_rows:
        return '<h2>Changes since the previous snapshot</h2><p class="soft">None, or no previous snapshot.</p>'
    counted = Counter(zip(rows["table"].to_pylist(), rows["cause"].to_pylist(), strict=True))
    body = [(_text(table), _text(cause), str(number)) for (table, cause), number in sorted(counted.items())]
    return _section("Changes since the previous snapshot", ("table", "cause", "changes"), body, numbers=(2,))


def _section(heading: str, columns: Sequence[str], body: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    if not body:
        return f'<h2>{heading}</h2><p class="soft">None.</p>'
    return f"<h2>{heading}</h2>{_table(columns, body[:_ROWS_SHOWN], numbers)}{_rest(len(body))}"


def _rest(number: int) -> str:
    return f'<p class="soft">The first {_ROWS_SHOWN} of {number}; the table holds them all.</p>' if number > _ROWS_SHOWN else ""


def _table(columns: Sequence[str], body: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Cells of ``body`` are markup already; ``numbers`` are the columns set to the right."""
    right = set(numbers)
    head = "".join(f'<th scope="col"{_NUMBER if i in right else ""}>{escape(column)}</th>' for i, column in enumerate(columns))
    lines = "".join(f"<tr>{''.join(_cell(cell, is_number=i in right) for i, cell in enumerate(row))}</tr>" for row in body)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cell(markup: str, *, is_number: bool) -> str:
    if is_number:
        return f"<td{_NUMBER}>{markup}</td>"
    return f'<td class="date">{markup}</td>' if _DATE.fullmatch(markup) else f"<td>{markup}</td>"


def _text(value: Any) -> str:
    return '<span class="soft">–</span>' if value is None else escape(str(value))
