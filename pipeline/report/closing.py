"""Chapters: the records by their titles, and what a reader must know of persons and of the data."""

from __future__ import annotations

from pipeline.report.book import Book, Column, Words, folded, paragraph
from pipeline.report.figures import Snapshot
from pipeline.report.markup import Markup, joined, link, published, text

_MOST_TITLES = 100
_LISTS: tuple[tuple[str, Words, str, str, tuple[tuple[str, Words], ...]], ...] = (
    (
        "practices",
        ("Praktyki", "Practices"),
        "title",
        "language",
        (
            ("locality", ("miejscowość", "locality")),
            ("section", ("dział", "section")),
            ("entered_on", ("wprowadzono", "entered on")),
        ),
    ),
    (
        "presentations",
        ("Prezentacje", "Decks"),
        "title",
        "language",
        (("site", ("serwis", "site")), ("slide_count", ("slajdy", "slides")), ("language", ("język", "language"))),
    ),
    (
        "articles",
        ("Artykuły", "Articles"),
        "title",
        "language",
        (("published_on", ("data", "date")), ("language", ("język", "language")), ("source", ("źródło", "source"))),
    ),
    (
        "partnerships",
        ("Partnerstwa", "Partnerships"),
        "name",
        "",
        (
            ("former_name", ("dawna nazwa", "former name")),
            ("founded", ("założone", "founded")),
            ("programme", ("program", "programme")),
        ),
    ),
)


def records_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """Titles with the pages they come from, the first hundred of each kind."""
    parts = []
    for table, caption, title, language, more in _LISTS:
        columns = [Column(("tytuł", "title")), *(Column(head) for _, head in more), Column(("strona", "page"))]
        names = [title, *(name for name, _ in more), "source_url", *([language] if language else [])]
        rows = [
            (published(row[title], row.get(language)), *(_shown(row[name]) for name, _ in more), link(row["source_url"]))
            for row in snapshot.records(table, names, _MOST_TITLES)
        ]
        made = book.table(caption, columns, rows)
        total = snapshot.rows(table)
        if total > len(rows):
            note = (f"Pierwsze {len(rows)} z {total}.", f"The first {len(rows)} of {total}.")
            made = joined([made, paragraph(*note, "note")])
        parts.append(folded((f"{caption[0]} ({total})", f"{caption[1]} ({total})"), made) if rows else made)
    return book.chapter("records", ("Spis rekordów", "The records"), *parts)


def privacy_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """What the edition holds of persons, and what to do about it."""
    masked = snapshot.counted("quality_issues", "status")["masked"]
    restricted = [(name, snapshot.rows(name)) for name in ("practice_contacts", "people") if snapshot.has(name)]
    kept: Words = (
        "Katalogu restricted/ w tym wydaniu nie ma.",
        "There is no folder restricted/ in this edition.",
    )
    if restricted:
        told = ", ".join(f"{name} {rows}" for name, rows in restricted)
        kept = (
            f"Osoby stoją wyłącznie w restricted/ ({told}): tylko dla uprawnionych, nigdy do przekazania dalej.",
            f"Persons stand in restricted/ alone ({told}): for those entitled only, never to be handed on.",
        )
    return book.chapter(
        "privacy",
        ("Dane osobowe", "Personal data"),
        paragraph(
            "Tablice publiczne i ten raport nie zawierają adresów e-mail, telefonów ani numerów osób; w "
            "tekstach stoją w ich miejscu znaki "
            f"takie jak [e-mail] i [telefon] (komórek z zamaskowanymi danymi: {masked}). Własne dane kontaktowe "
            f"urzędów są tylko w tablicy practices. "
            "Teksty mogą nadal zawierać nazwiska.",
            "The public tables and this report hold no e-mail address, telephone or identity number of a "
            "person; in texts, marks such as "
            f"[e-mail] and [telefon] stand for them (cells with masked data: {masked}). Offices' own contact "
            f"data stand in practices alone. "
            "Texts may still hold names.",
        ),
        paragraph(*kept),
        paragraph(
            "Kto publikuje kopię, odpowiada za nią: podstawy, obowiązki i droga sprzeciwu są opisane w docs/privacy.md.",
            "Whoever publishes a copy answers for it: grounds, duties and how to object are told in docs/privacy.md.",
        ),
    )


def _shown(value: object) -> Markup:
    return published(value) if isinstance(value, str) else text(value)
