"""Chapter: the waterfall, from the addresses listed to the rows published, each loss with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.report.book import Book, Column, Words, number, paragraph
from pipeline.report.charts import Bar, columns
from pipeline.report.markup import Markup, link, text, words
from pipeline.schema.spec import code_lists

STAGES: tuple[tuple[str, Words], ...] = (
    ("listed", ("wykazane", "listed")),
    ("fetched", ("pobrane", "fetched")),
    ("recognised", ("rozpoznane", "recognised")),
    ("parsed", ("odczytane", "parsed")),
    ("valid", ("poprawne", "valid")),
    ("published", ("ogłoszone", "published")),
)
_NO_SOURCE = "(no source)"
_MOST_LOSSES = 60


def losses_chapter(book: Book, falls: Sequence[dict[str, Any]] | None) -> Markup:
    """The waterfall of all sources, then source by source. ``falls``: waterfall.json of the snapshot."""
    heading: Words = ("Od strony do wiersza: kaskada strat", "From page to row: the waterfall of loss")
    if not falls:
        none = paragraph(
            "To wydanie nie ma zapisu kaskady: zbudowała je starsza wersja programu albo usunięto z niego dane osoby.",
            "This edition has no record of the waterfall: an older version built it, or a person was forgotten in it.",
            "note",
        )
        return book.chapter("losses", heading, none)
    caption: Words = ("Strony na kolejnych etapach, wszystkie źródła", "Pages at each stage, all sources")
    totals = [sum(fall[stage] for fall in falls) for stage, _ in STAGES]

    def draw(language: int, label: str) -> Markup | None:
        kept = zip(STAGES, totals, [totals[0], *totals], strict=False)
        return columns([Bar(name[language], count, before - count) for (_, name), count, before in kept], label)

    head = [Column(("źródło", "source")), *(Column(name, "number") for _, name in STAGES)]
    rows = [[_source(fall["source"]), *(number(fall[stage]) for stage, _ in STAGES)] for fall in falls]
    foot = [words("razem", "total"), *(number(total) for total in totals)]
    return book.chapter(
        "losses",
        heading,
        paragraph(
            "Jednostką jest strona (jedno pobranie); „wykazane” liczy adresy znane ostatniemu przebiegowi. "
            "Strona ogłoszona to taka, "
            "z której pochodzi co najmniej jeden wiersz.",
            "The unit is the page (one capture); “listed” counts addresses the last crawl knew. A page is "
            "published when at least one "
            "row stems from it.",
        ),
        book.chart(caption, draw),
        book.table(caption, head, rows, foot=foot),
        _reasons(book, falls),
    )


def _reasons(book: Book, falls: Sequence[dict[str, Any]]) -> Markup:
    lost = sorted(
        ((loss["pages"], fall["source"], loss) for fall in falls for loss in fall["losses"]),
        key=lambda item: (-item[0], item[1], item[2]["stage"], item[2]["verdict"], item[2]["reason"]),
    )
    stages = dict(STAGES)
    rows = [
        (
            _source(source),
            number(pages),
            words(*stages[loss["stage"]]),
            _verdict(loss["verdict"]),
            Markup(f'<span lang="en">{text(loss["reason"])}</span>'),
            link(loss["example"]),
        )
        for pages, source, loss in lost[:_MOST_LOSSES]
    ]
    head = [
        Column(("źródło", "source")),
        Column(("strony", "pages"), "number"),
        Column(("nie doszły do", "did not reach")),
        Column(("ocena strony", "verdict")),
        Column(("powód", "reason")),
        Column(("przykład", "example")),
    ]
    return book.table(("Dlaczego strony odpadły", "Why pages were lost"), head, rows)


def _source(name: str) -> Markup:
    return words("(bez źródła)", "(no source)") if name == _NO_SOURCE else text(name)


def _verdict(name: str) -> Markup:
    """A verdict in words; the crawl's states have none in the code list."""
    known = code_lists()["verdict"].get(name)
    return words(known[1], known[0]) if known else text(name.replace("_", " "))
