"""report.html: one offline file that shows what a snapshot holds, how complete it is, and what could not be read.

It is made from the files of the snapshot alone, and the same files give the same bytes. Everything from a page is escaped;
the content security policy lets nothing run or load but the page's own style and script.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import BuildError
from pipeline.report.book import Book
from pipeline.report.closing import privacy_chapter, records_chapter
from pipeline.report.country import country_chapter
from pipeline.report.coverage import coverage_chapter
from pipeline.report.figures import Snapshot
from pipeline.report.losses import losses_chapter
from pipeline.report.markup import Markup, document, joined, switches, text, words
from pipeline.report.opening import glance_chapter, masthead
from pipeline.report.practices import practices_chapter
from pipeline.report.quality import changes_chapter, gate_chapter, quality_chapter

PACKAGE = "datapackage.json"
WATERFALL = "waterfall.json"
EXPLORER = "explorer.html"


def report_html(folder: Path) -> str:
    """The report of the whole snapshot in ``folder``: its tables, package and waterfall.

    Raises BuildError when a file of the snapshot is missing or cannot be read.
    """
    try:
        package = json.loads((folder / PACKAGE).read_bytes())
        falls = json.loads((folder / WATERFALL).read_bytes()) if (folder / WATERFALL).is_file() else None
        return _report(package["praktyki"], falls, Snapshot(folder, package["version"]))
    except (OSError, ValueError, KeyError, TypeError) as error:  # pyarrow's errors are ValueErrors and OSErrors
        raise BuildError(f"{folder}: the report cannot be made of it ({error}); build the snapshot anew") from error


def _report(making: dict[str, Any], falls: list[dict[str, Any]] | None, snapshot: Snapshot) -> str:
    book = Book()
    chapters = [
        glance_chapter(book, snapshot),
        country_chapter(book, snapshot),
        practices_chapter(book, snapshot),
        coverage_chapter(book, snapshot),
        losses_chapter(book, falls),
        changes_chapter(book, snapshot, making["previous"]),
        quality_chapter(book, snapshot),
        gate_chapter(book, making["gate"]),
        records_chapter(book, snapshot),
        privacy_chapter(book, snapshot),
    ]
    body = [
        Markup(f'<a class="skip" href="#content">{words("Przejdź do treści", "Skip to the content")}</a>'),
        Markup(f'<div class="page"><header>{switches()}{masthead(snapshot, making["gate"], __version__)}</header>'),
        _explorer(),
        book.contents(),
        Markup(f'<main id="content">{joined(chapters, "")}</main>'),
        _colophon(snapshot.name),
        Markup("</div>"),
    ]
    return document(f"Praktyki {snapshot.name}", joined(body, "\n"))


def _explorer() -> Markup:
    told = words("Szukaj i przeglądaj rekordy →", "Search and browse the records →")
    return Markup(f'<p class="forward"><a data-keeps-look href="{EXPLORER}">{told}</a></p>')


def _colophon(name: str) -> Markup:
    told = words(
        "Plik jest samodzielny: nie pobiera niczego z sieci i niczego nie zapamiętuje. Tablice leżą obok niego "
        "(Parquet i csv/), "
        "opis pól w DATA_DICTIONARY.md, opis pakietu w datapackage.json.",
        "The file stands alone: it loads nothing from a network and keeps nothing. The tables lie beside it "
        "(Parquet and csv/), "
        "the fields are described in DATA_DICTIONARY.md, the package in datapackage.json.",
    )
    return Markup(f'<footer class="colophon"><p>{told}</p><p>Praktyki {text(__version__)} · {text(name)}</p></footer>')
