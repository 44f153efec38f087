"""Chapters: quality issues with address and trace command, changes by cause, and the gate's verdict."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from typing import Any

from pipeline.report.book import Book, Column, Words, command, folded, number, paragraph
from pipeline.report.figures import Snapshot
from pipeline.report.markup import Markup, joined, link, published, text, words
from pipeline.report.opening import verdict
from pipeline.schema.spec import code_lists, tables

_ISSUE = ("table", "record_id", "column", "label", "status", "raw_text", "reason", "source_url")
_OF_EACH = 5
"""Issues listed of one table, column and status: every kind is seen, however often another occurs."""
_MOST_LISTED = 300
_LONGEST_RAW = 160
_MOST_COLUMNS = 25


def quality_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """Issues by kind, then examples of each kind."""
    counted: Counter[tuple[str, str, str]] = Counter()
    listed: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for issue in snapshot.records("quality_issues", _ISSUE):
        kind = (issue["table"] or "", issue["column"] or "", issue["status"] or "")
        counted[kind] += 1
        if counted[kind] <= _OF_EACH:
            listed[kind].append(issue)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    kinds = [
        (_code(table), _code(column) if column else text(None), _named("issue_status", status), number(count))
        for (table, column, status), count in ordered
    ]
    head = [
        Column(("tablica", "table")),
        Column(("pole", "field")),
        Column(("uwaga", "issue")),
        Column(("liczba", "number"), "number"),
    ]
    foot = [words("razem", "total"), Markup(""), Markup(""), number(counted.total())]
    rows = [_issue_row(issue, snapshot) for kind, _ in ordered for issue in listed[kind]][:_MOST_LISTED]
    examples = book.table(
        (
            "Uwagi: adres strony i polecenie, które prowadzi do bajtów",
            "Issues: the page and the command that leads to its bytes",
        ),
        [
            Column(("rekord", "record")),
            Column(("pole", "field")),
            Column(("uwaga", "issue")),
            Column(("tekst na stronie", "text as published")),
            Column(("strona", "page")),
            Column(("polecenie", "command")),
        ],
        rows,
    )
    told = (
        f"Pokazano {len(rows)} z {counted.total()}, najwyżej {_OF_EACH} każdego rodzaju; wszystkie w quality_issues.parquet.",
        f"{len(rows)} of {counted.total()} are shown, at most {_OF_EACH} of a kind; all stand in quality_issues.parquet.",
    )
    return book.chapter(
        "quality",
        ("Uwagi o jakości", "Quality issues"),
        paragraph(
            "Czego nie dało się odczytać na pewno, jest puste i stoi tutaj z tekstem ze strony.",
            "What could not be read for certain is empty, and stands here with the text as published.",
        ),
        book.table(("Uwagi według rodzaju", "Issues by kind"), head, kinds, foot=foot if kinds else ()),
        folded((f"Przykłady ({len(rows)})", f"Examples ({len(rows)})"), joined([examples, paragraph(*told, "note")])),
    )


def _issue_row(issue: dict[str, Any], snapshot: Snapshot) -> list[Markup]:
    raw = issue["raw_text"]
    short = raw if raw is None or len(raw) <= _LONGEST_RAW else raw[:_LONGEST_RAW] + "…"
    reason = Markup(f'<br><span class="soft small" lang="en">{text(issue["reason"])}</span>') if issue["reason"] else Markup("")
    page = link(issue["source_url"]) if issue["source_url"] else text(None)
    column = _code(issue["column"]) if issue["column"] else published(issue["label"])
    asked = trace_command(issue["table"], issue["record_id"], issue["column"], snapshot.name)
    return [
        _code(issue["record_id"]),
        column,
        joined([_named("issue_status", issue["status"]), reason]),
        published(short),
        page,
        command(asked) if asked else text(None),
    ]


def trace_command(table: str | None, record_id: str | None, column: str | None, snapshot: str) -> str | None:
    """The command that leads from an issue to the archived bytes; of a row known by its record alone, that of the record."""
    if table not in tables() or not record_id:
        return None
    spec = tables()[table]
    if len(spec.key) > 1:  # sections, slides …: the issue names the practice or the deck
        table, column = spec.columns[spec.key[0]].references, None
        if table is None:
            return None
    elif spec.is_restricted or (column and column not in spec.columns):
        column = None
    parts = ["praktyki", "trace", table, record_id, *([column] if column else []), "--snapshot", snapshot]
    return shlex.join(parts)


def changes_chapter(book: Book, snapshot: Snapshot, previous: str | None) -> Markup:
    """Changes against the previous snapshot: by table and cause, then the columns that changed most."""
    heading: Words = ("Zmiany od poprzedniego wydania", "Changes since the previous edition")
    if previous is None:
        first = paragraph(
            "To pierwsze wydanie: nie ma z czym porównać.", "This is the first edition: there is nothing to compare."
        )
        return book.chapter("changes", heading, first)
    by_cause: Counter[tuple[str, str]] = Counter()
    by_column: Counter[tuple[str, str, str]] = Counter()
    for change in snapshot.records("changes", ("table", "column", "cause")):
        by_cause[change["table"], change["cause"]] += 1
        if change["column"]:
            by_column[change["table"], change["column"], change["cause"]] += 1
    causes = [cause for cause in code_lists()["change_cause"] if any(cause == found for _, found in by_cause)]
    names = sorted({table for table, _ in by_cause})
    head = [Column(("tablica", "table")), *(Column(_wording("change_cause", cause), "number") for cause in causes)]
    rows = [[_code(name), *(number(by_cause[name, cause]) for cause in causes)] for name in names]
    foot = [words("razem", "total"), *(number(sum(by_cause[name, cause] for name in names)) for cause in causes)]
    ordered = sorted(by_column.items(), key=lambda item: (-item[1], item[0]))[:_MOST_COLUMNS]
    fields = [
        (_code(table), _code(column), _named("change_cause", cause), number(count)) for (table, column, cause), count in ordered
    ]
    return book.chapter(
        "changes",
        heading,
        paragraph(f"Porównano z wydaniem {previous}.", f"Compared with edition {previous}."),
        book.table(("Zmiany według przyczyny", "Changes by cause"), head, rows, foot=foot if rows else ()),
        book.table(
            ("Pola, które zmieniły się najczęściej", "Fields that changed most often"),
            [
                Column(("tablica", "table")),
                Column(("pole", "field")),
                Column(("przyczyna", "cause")),
                Column(("zmiany", "changes"), "number"),
            ],
            fields,
        ),
        Markup(
            f"<p>{words('Komórka po komórce:', 'Cell by cell:')} {command(f'praktyki diff {previous} {snapshot.name}')}</p>"
        ),
    )


def gate_chapter(book: Book, gate: dict[str, Any]) -> Markup:
    """The verdict, the reason for publishing in spite of it, and each requirement that does not hold."""
    problems = gate["problems"]
    accepted = Markup(f"<p>{words('Powód publikacji:', 'Reason for publishing:')} {published(gate['accepted'])}</p>")
    rows = [
        (
            Markup(f'<span lang="en">{text(problem["where"])}</span>'),
            words("odmowa", "refusal") if problem["level"] == "refuse" else words("ostrzeżenie", "warning"),
            Markup(f'<span lang="en">{text(problem["requirement"])}: {text(problem["detail"])}</span>'),
            Markup(f'<span lang="en">{text(problem.get("cause"))}</span>'),
            link(problem["example"]) if problem.get("example") else text(None),
        )
        for problem in problems
    ]
    head = [
        Column(("gdzie", "where")),
        Column(("waga", "weight")),
        Column(("wymaganie i stan", "requirement and state")),
        Column(("przypuszczalna przyczyna", "likely cause")),
        Column(("przykład", "example")),
    ]
    caption: Words = ("Wymagania, które nie są spełnione", "Requirements that do not hold")
    return book.chapter(
        "gate",
        ("Bramka", "The gate"),
        paragraph(
            "Przed publikacją tablice sprawdza się wobec schematu, oczekiwań wobec źródeł i poprzedniego wydania.",
            "Before publication the tables are held against the schema, what is expected of the sources, and "
            "the previous edition.",
        ),
        Markup(f"<p>{words('Wynik:', 'Verdict:')} {verdict(gate)}</p>"),
        *([accepted] if gate["accepted"] else []),
        book.table(caption, head, rows),
    )


def _code(value: str) -> Markup:
    return Markup(f"<code>{text(value)}</code>")


def _wording(codes: str, code: str) -> Words:
    known = code_lists()[codes].get(code)
    return (known[1], known[0]) if known else (code, code)


def _named(codes: str, code: str) -> Markup:
    return words(*_wording(codes, code))
