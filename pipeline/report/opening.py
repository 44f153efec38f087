"""The title page: what the edition is, how much there is, and from when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pipeline.report.book import Book, Column, Words, number, paragraph
from pipeline.report.charts import grouped
from pipeline.report.figures import Kind, Snapshot
from pipeline.report.markup import Markup, joined, text, words

KINDS: tuple[tuple[str, Words, str | None], ...] = (
    ("practices", ("dobre praktyki", "good practices"), "entered_on"),
    ("presentations", ("prezentacje", "decks"), None),
    ("articles", ("artykuły", "articles"), "published_on"),
    ("partnerships", ("partnerstwa", "partnerships"), "founded"),
)
"""Kinds of records: table, name, and the column that dates them."""
_VERDICTS: dict[str, tuple[str, Words]] = {
    "passed": ("good", ("wymagania spełnione", "all requirements hold")),
    "accepted": ("warn", ("opublikowano mimo zastrzeżeń", "published in spite of objections")),
    "refused": ("bad", ("odmowa", "refused")),
}


def masthead(snapshot: Snapshot, gate: dict[str, Any], version: str) -> Markup:
    """Title, edition and the four figures."""
    period = snapshot.period()
    when: Words = ("czas pobrania stron nieznany", "time of capture not known")
    if period:
        days = _span(*period)
        when = (f"strony pobrano {days}", f"pages captured {days}")
    edition = joined(
        [
            words(f"Wydanie {snapshot.name}", f"Edition {snapshot.name}"),
            words(*when),
            words(f"stron: {grouped(snapshot.rows('captures'))}", f"pages: {grouped(snapshot.rows('captures'))}"),
            verdict(gate),
            words(f"Praktyki {version}", f"Praktyki {version}"),
        ],
        " · ",
    )
    figures = [
        *((table, name) for table, name, _ in KINDS),
        ("slides", ("slajdy", "slides")),
        ("places", ("jednostki", "units")),
    ]
    tiles = "".join(f"<div><dt>{words(*head)}</dt><dd>{number(snapshot.rows(table))}</dd></div>" for table, head in figures)
    title = words("Dobre praktyki samorządów: rocznik danych", "Good practices of local government: a yearbook of the data")
    return Markup(
        f'<div class="masthead"><p class="series">Praktyki</p><h1>{title}</h1><p class="edition">{edition}</p></div>'
        f'<dl class="figures">{tiles}</dl>'
    )


def verdict(gate: dict[str, Any]) -> Markup:
    """The gate's verdict in a few words."""
    css, told = _VERDICTS[gate["verdict"]]
    return Markup(f'<span class="verdict {css}">{words(*told)}</span>')


def glance_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """How many records of each kind, and from when."""
    kinds = [(name, snapshot.kind(table, dates)) for table, name, dates in KINDS]
    columns = [
        Column(("rekordy", "records")),
        Column(("liczba", "number"), "number"),
        Column(("źródła", "sources"), "number"),
        Column(("najstarszy", "oldest"), "date"),
        Column(("najnowszy", "newest"), "date"),
        Column(("znikły u źródła", "gone at source"), "number"),
    ]
    rows = [_kind_row(name, kind) for name, kind in kinds]
    return book.chapter(
        "glance",
        ("W skrócie", "At a glance"),
        book.table(("Ile czego jest i z jakich lat", "What there is, and from when"), columns, rows),
        paragraph(
            "Daty: praktyki – wprowadzenia do bazy, artykuły – publikacji, partnerstwa – założenia; prezentacje nie podają "
            "dat.",
            "Dates: of entry into the base for practices, of publication for articles, of founding for partnerships; decks "
            "state none.",
            "note",
        ),
    )


def _kind_row(name: Words, kind: Kind) -> list[Markup]:
    days = [text(kind.since), text(kind.until)]
    return [words(*name), number(kind.rows), number(kind.sources), *days, number(kind.gone)]


def _span(first: dt.date, last: dt.date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
