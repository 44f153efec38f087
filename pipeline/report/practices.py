"""Chapter: practices by section, unit type, year and population."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.report.book import Book, Column, Words, number, pair, paragraph
from pipeline.report.charts import Bar, bars, columns, grouped
from pipeline.report.figures import Snapshot, by_population, by_year
from pipeline.report.markup import Markup, joined, words
from pipeline.schema.spec import code_lists

_MOST = 14
"""Bars of a chart, and rows of a table of sections: what is beyond goes into one line."""
_UNKNOWN: Words = ("nie podano", "not stated")
_COUNT: Words = ("praktyki", "practices")


def practices_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """Four charts, the numbers of each below it."""
    return book.chapter(
        "practices",
        ("Praktyki według cech", "Practices by their features"),
        pair(
            _counted(
                book,
                ("Praktyki według działu bazy", "Practices by section of the base"),
                ("dział", "section"),
                _sections(snapshot),
            ),
            _counted(
                book,
                ("Praktyki według typu jednostki", "Practices by type of unit"),
                ("typ jednostki", "type of unit"),
                _units(snapshot),
            ),
        ),
        pair(
            _years(book, snapshot),
            _counted(
                book,
                ("Praktyki według liczby mieszkańców jednostki", "Practices by population of the unit"),
                ("mieszkańcy", "inhabitants"),
                _populations(snapshot),
            ),
        ),
    )


def _sections(snapshot: Snapshot) -> list[tuple[Words, int]]:
    counted = snapshot.counted("practices", "section")
    unknown = counted.pop(None, 0)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    rows: list[tuple[Words, int]] = [((name, name), count) for name, count in ordered[:_MOST]]
    if rest := ordered[_MOST:]:
        rows.append(((f"inne działy ({len(rest)})", f"other sections ({len(rest)})"), sum(count for _, count in rest)))
    return [*rows, *([(_UNKNOWN, unknown)] if unknown else [])]


def _units(snapshot: Snapshot) -> list[tuple[Words, int]]:
    counted = snapshot.counted("practices", "unit_type")
    codes = code_lists()["unit_type"]
    rows: list[tuple[Words, int]] = [((names[1], names[0]), counted[code]) for code, names in codes.items() if counted[code]]
    rows.sort(key=lambda row: -row[1])
    return [*rows, *([(_UNKNOWN, counted[None])] if counted[None] else [])]


def _populations(snapshot: Snapshot) -> list[tuple[Words, int]]:
    classes, unknown = by_population(snapshot.column("practices", "population"))
    if not snapshot.rows("practices"):
        return []
    rows: list[tuple[Words, int]] = []
    for low, high, count in classes:
        if low == 0 and high is not None:
            label = (f"poniżej {grouped(high)}", f"below {grouped(high)}")
        elif high is None:
            label = (f"{grouped(low)} i więcej", f"{grouped(low)} and more")
        else:
            label = (f"{grouped(low)}–{grouped(high - 1)}",) * 2
        rows.append((label, count))
    return [*rows, *([(_UNKNOWN, unknown)] if unknown else [])]


def _counted(book: Book, caption: Words, head: Words, rows: Sequence[tuple[Words, int]]) -> Markup:
    chart = book.chart(caption, lambda language, label: bars([Bar(name[language], count) for name, count in rows], label))
    cells = [(words(*name), number(count)) for name, count in rows]
    total = [words("razem", "total"), number(sum(count for _, count in rows))]
    return joined([chart, book.table(caption, [Column(head), Column(_COUNT, "number")], cells, foot=total)])


def _years(book: Book, snapshot: Snapshot) -> Markup:
    years, unknown = by_year(snapshot.column("practices", "entered_on"))
    caption: Words = ("Praktyki według roku wprowadzenia do bazy", "Practices by year of entry into the base")
    every = 1 + len(years) // 9
    chart = book.chart(caption, lambda _, label: columns([Bar(str(year), count) for year, count in years], label, every=every))
    rows = [(Markup(str(year)), number(count)) for year, count in years if count]
    rows += [(words(*_UNKNOWN), number(unknown))] if unknown else []
    table = book.table(caption, [Column(("rok", "year")), Column(_COUNT, "number")], rows)
    zero = paragraph(
        "Lata, których nie ma w tablicy, nie mają praktyk.", "Years that are not in the table have no practices.", "note"
    )
    return joined([chart, table, zero] if years else [chart, table])
