"""Chapter: how full the columns are, source by source, as a heat table."""

from __future__ import annotations

from pipeline.report.book import Book, Cell, Column, folded, number, paragraph, step_of
from pipeline.report.figures import Fill, Snapshot
from pipeline.report.markup import Markup, text, words

_TABLES = ("practices", "practice_sections", "practice_attachments", "presentations", "slides", "articles", "partnerships")
_OPEN = ("practices",)
"""The table that stands open; the others open on request."""


def coverage_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """One heat table for each table of records that has rows."""
    tables = []
    for name in _TABLES:
        if snapshot.rows(name):
            fill = snapshot.fill(name)
            made = _heat(book, fill)
            rows = sum(fill.rows.values())
            tables.append(made if name in _OPEN else folded((f"{name}: wierszy {rows}", f"{name}: {rows} rows"), made))
    return book.chapter(
        "coverage",
        ("Pokrycie pól według źródeł", "Coverage of fields by source"),
        paragraph(
            "Odsetek wierszy, w których pole ma wartość. Puste pole znaczy, że strona jej nie podaje albo nie "
            "dała się odczytać; "
            "niczego nie uzupełniano.",
            "Share of rows in which the field has a value. An empty field means that the page does not state "
            "it, or that it could "
            "not be read; nothing was filled in.",
        ),
        *tables,
    )


def _heat(book: Book, fill: Fill) -> Markup:
    sources = list(fill.rows)
    columns = [Column(("pole", "field")), *(Column((source or "–",) * 2, "scale") for source in sources)]
    rows: list[list[Markup | Cell]] = [
        [Markup(f"<code>{text(column)}</code>"), *(_cell(shares.get(source, 0.0)) for source in sources)]
        for column, shares in fill.shares.items()
    ]
    foot = [words("wierszy", "rows"), *(number(fill.rows[source]) for source in sources)]
    caption = (f"{fill.table.name}: {fill.table.description.pl}", f"{fill.table.name}: {fill.table.description.en}")
    return book.table(caption, columns, rows, foot=foot, css="heat")


def _cell(share: float) -> Cell:
    """Rounded towards the middle: neither 0% nor 100% is said of what is not quite that."""
    percent = round(share * 100)
    if 0 < share < 1:
        percent = min(99, max(1, percent))
    return Cell(text(f"{percent}%"), step_of(share))
