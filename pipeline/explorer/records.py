"""What the explorer shows: practices, decks, articles and partnerships with all that belongs to them, one record at a time.

A record is ``{table: [rows]}`` with columns under their own names, so that the page, and whoever looks for personal data in it,
reads it like the tables. Persons stand in no column taken here: restricted tables are never opened, and a deck's publisher
and an institution's telephones and e-mails are left to the tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.explorer.postings import BODY, FACTS, ID, TITLE
from pipeline.explorer.reading import Children, Lookup, OfParts, Row, number_of_rows, rows_of, values_of
from pipeline.schema.spec import code_lists

KINDS: Final = ("practices", "presentations", "articles", "partnerships")
"""The tables whose rows are records, in the order in which the page numbers them."""

KEYS: Final = {
    "practices": "practice_id",
    "presentations": "presentation_id",
    "articles": "article_id",
    "partnerships": "partnership_id",
}
_PROVENANCE = ("source", "source_url", "captured_at", "capture_id", "is_gone", "gone_on")
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "practices": (
        "practice_id", "title", "section", "subsection", "summary", "entered_on", "entered_on_raw", "unit_type",
        "unit_type_raw", "locality", "powiat", "voivodeship", "postal_code", "post_office", "implementing_unit", "street",
        "websites", "population", "population_raw", "population_is_approximate", "terc", "place_id", "language", *_PROVENANCE,
    ),
    "presentations": ("presentation_id", "title", "site", "language", "slide_count", *_PROVENANCE),
    "articles": (
        "article_id", "title", "published_on", "published_on_raw", "text", "language", "labels", "comment_count", "credit",
        *_PROVENANCE,
    ),
    "partnerships": (
        "partnership_id", "article_id", "name", "former_name", "kind", "founded", "founded_raw", "initiators", "coordinator",
        "parties", "programme", "area", "agreement", "agreement_on", *_PROVENANCE,
    ),
}  # fmt: skip
_SECTIONS = ("position", "heading", "text", "capture_id")
_ATTACHMENTS = (
    "position",
    "title",
    "url",
    "media_type",
    "size_bytes",
    "size_printed",
    "text",
    "text_missing_reason",
    "capture_id",
)
_SLIDES = ("position", "slide_number", "title", "text", "is_empty")
_PLACES = ("place_id", "register", "code", "name", "kind", "parent_names", "latitude", "longitude")
_CAPTURES = (
    "capture_id",
    "source_url",
    "captured_at",
    "origin",
    "status_code",
    "media_type",
    "body_digest",
    "warc_file",
    "warc_offset",
)
_ISSUES = ("table", "record_id", "column", "status", "raw_text", "reason")

MOST_OF_A_KIND: Final = 6_000
"""Records of a kind that the page shows; more would make a file that browsers open slowly, or not at all."""
TEXT_SHOWN: Final = 4000
"""Characters of an attachment's text in the page; all of it is searched, and the table holds it all."""

_SNIPPET = 220


class Shown(NamedTuple):
    """One record: the table it comes from, its id, its rows by table, its place and searched texts with their level."""

    table: str
    record_id: str
    rows: dict[str, list[Row]]
    texts: list[tuple[int, str | None]]

    @property
    def own(self) -> Row:
        """The record's own row."""
        return self.rows[self.table][0]


def shown_records(snapshot: Path, kinds: Sequence[str] = KINDS) -> Iterator[Shown]:
    """The records of a snapshot in the order of ``kinds`` and ids, the first MOST_OF_A_KIND of each, with what belongs to them.

    Raises OSError, ArrowInvalid when a table cannot be read.
    """
    ids = shown_ids(snapshot, kinds)
    captures = Lookup(snapshot, "captures", "capture_id", _CAPTURES, _captures_shown(snapshot, ids))
    places = Lookup(
        snapshot, "places", "place_id", _PLACES, values_of(snapshot, "places", "place_id")
    )  # registers are no archive
    for table in kinds:
        links = Children(snapshot, "record_places", "record_id", ("place_id", "status"), table)
        issues = _Issues(snapshot, table, ids[table])
        add = _adder(snapshot, table, ids[table])
        for row in islice(rows_of(snapshot, table, COLUMNS[table]), MOST_OF_A_KIND):
            record_id = row[KEYS[table]]
            rows: dict[str, list[Row]] = {table: [row]}
            texts: list[tuple[int, str | None]] = [(ID, record_id)]
            add(row, rows, texts)
            rows["record_places"] = links.of(record_id)
            rows["places"] = [place for link in rows["record_places"] for place in places.of(link["place_id"])]
            texts += [(FACTS, name) for place in rows["places"] for name in (place["name"], *(place["parent_names"] or ()))]
            pages = dict.fromkeys(item["capture_id"] for group in rows.values() for item in group if item.get("capture_id"))
            rows["captures"] = [capture for page in pages for capture in captures.of(page)]
            rows["quality_issues"] = issues.of(record_id)
            yield Shown(
                table, record_id, {name: [_plain(item) for item in group] for name, group in rows.items() if group}, texts
            )


def shown_ids(snapshot: Path, kinds: Sequence[str] = KINDS) -> dict[str, list[str]]:
    """Table → ids of its records that are shown, in order. Raises OSError, ArrowInvalid when a table cannot be read."""
    return {table: values_of(snapshot, table, KEYS[table], MOST_OF_A_KIND) for table in kinds}


def are_all_shown(snapshot: Path) -> bool:
    """Whether a snapshot has no more records than are shown. Raises OSError, ArrowInvalid when a table cannot be read."""
    return all(number_of_rows(snapshot, table) <= MOST_OF_A_KIND for table in KINDS)


def _captures_shown(snapshot: Path, ids: Mapping[str, list[str]]) -> set[str]:
    """The captures that rows of the records come from; ``ids``: table → its records that are shown."""
    found: set[str] = set()
    for table in ids:
        found.update(values_of(snapshot, table, "capture_id", MOST_OF_A_KIND))
    for table in ("practice_sections", "practice_attachments"):
        parts = Children(snapshot, table, "practice_id", ("capture_id",))
        found.update(row["capture_id"] for record_id in ids.get("practices", ()) for row in parts.of(record_id))
    return found - {None}


class _Issues:
    """Quality issues of a record, those of its sections, slides and files included."""

    def __init__(self, snapshot: Path, table: str, ids: list[str]) -> None:
        parts = {"practices": ("practice_sections", "practice_attachments"), "presentations": ("slides",)}.get(table, ())
        self._own = Children(snapshot, "quality_issues", "record_id", _ISSUES, table)
        self._parts = [OfParts(snapshot, "quality_issues", "record_id", _ISSUES, ids, part) for part in parts]

    def of(self, record_id: str) -> list[Row]:
        return [*self._own.of(record_id), *(issue for part in self._parts for issue in part.of(record_id))]


_Add = Callable[[Row, dict[str, list[Row]], list[tuple[int, str | None]]], None]


def _adder(snapshot: Path, table: str, ids: list[str]) -> _Add:
    """What adds the parts of a record of a table to its rows and texts."""
    return {
        "practices": _practice_adder,
        "presentations": _deck_adder,
        "articles": _article_adder,
        "partnerships": _partnership_adder,
    }[table](snapshot, ids)


def _practice_adder(snapshot: Path, _ids: list[str]) -> _Add:
    sections = Children(snapshot, "practice_sections", "practice_id", _SECTIONS)
    attachments = Children(snapshot, "practice_attachments", "practice_id", _ATTACHMENTS)

    def practice(row: Row, rows: dict[str, list[Row]], texts: list[tuple[int, str | None]]) -> None:
        rows["practice_sections"] = sections.of(row["practice_id"])
        rows["practice_attachments"] = attachments.of(row["practice_id"])
        texts += [(TITLE, row["title"]), (FACTS, row["summary"])]
        facts = ("section", "subsection", "locality", "powiat", "voivodeship", "post_office", "implementing_unit", "street")
        texts += [(FACTS, row[name]) for name in facts]
        texts += [(FACTS, wording) for wording in code_lists()["unit_type"].get(row["unit_type"], ())]
        texts += [(FACTS, section["heading"]) for section in rows["practice_sections"]]
        texts += [(BODY, section["text"]) for section in rows["practice_sections"]]
        for file in rows["practice_attachments"]:
            texts += [(FACTS, file["title"]), (BODY, file["text"])]
            if file["text"] is not None and len(file["text"]) > TEXT_SHOWN:
                file["text"] = file["text"][:TEXT_SHOWN].rpartition(" ")[0] + " …"

    return practice


def _deck_adder(snapshot: Path, _ids: list[str]) -> _Add:
    slides = Children(snapshot, "slides", "presentation_id", _SLIDES)

    def deck(row: Row, rows: dict[str, list[Row]], texts: list[tuple[int, str | None]]) -> None:
        rows["slides"] = slides.of(row["presentation_id"])
        texts += [(TITLE, row["title"]), (FACTS, row["site"])]
        texts += [(FACTS, slide["title"]) for slide in rows["slides"]]
        texts += [(BODY, slide["text"]) for slide in rows["slides"]]

    return deck


def _article_adder(snapshot: Path, ids: list[str]) -> _Add:
    told = Lookup(snapshot, "partnerships", "article_id", ("partnership_id", "name", "kind", "agreement"), ids)

    def article(row: Row, rows: dict[str, list[Row]], texts: list[tuple[int, str | None]]) -> None:
        rows["partnerships"] = told.of(row["article_id"])
        texts += [(TITLE, row["title"]), (BODY, row["text"]), (FACTS, row["credit"])]
        texts += [(FACTS, label) for label in row["labels"] or ()]

    return article


def _partnership_adder(_snapshot: Path, _ids: list[str]) -> _Add:
    def partnership(row: Row, _rows: dict[str, list[Row]], texts: list[tuple[int, str | None]]) -> None:
        texts += [(TITLE, row["name"]), (TITLE, row["former_name"])]
        texts += [(FACTS, row[name]) for name in ("coordinator", "programme", "area", "agreement")]
        texts += [(FACTS, name) for name in (*(row["initiators"] or ()), *(row["parties"] or ()))]
        texts += [(FACTS, wording) for wording in code_lists()["partnership_kind"].get(row["kind"], ())]

    return partnership


ENTRY: Final = (
    "kind", "id", "title", "date", "section", "subsection", "unit_type", "partnership_kind", "language", "region", "powiat",
    "locality", "population", "source_url", "is_gone", "snippet", "parts",
)  # fmt: skip
"""What an entry tells, in order."""


def entry_of(record: Shown) -> Row:
    """The record's line in the index: what the list of results shows, filters and sorts by."""
    row = record.own
    text = row.get("summary") or row.get("text") or _joined(record.rows.get("slides", [])) or _told(row)
    return {
        "kind": KINDS.index(record.table),
        "id": record.record_id,
        "title": row.get("title") or row.get("name") or row.get("agreement"),
        "date": row.get("entered_on") or row.get("published_on") or row.get("founded") or row.get("agreement_on"),
        "section": row.get("section"),
        "subsection": row.get("subsection"),
        "unit_type": row.get("unit_type"),
        "partnership_kind": row.get("kind"),
        "language": row.get("language"),
        "region": _regions(record),
        "powiat": row.get("powiat"),
        "locality": row.get("locality") or _locality(record),
        "population": row.get("population"),
        "source_url": row.get("source_url"),
        "is_gone": int(row.get("is_gone") or 0),
        "snippet": _cut(text),
        "parts": len(record.rows.get("slides") or record.rows.get("practice_sections") or ()),
    }


def _regions(record: Shown) -> list[str]:
    """Voivodeships and oblasts the record belongs to: as the practice states it, else by the places it is linked to."""
    if record.own.get("voivodeship"):
        return [record.own["voivodeship"]]
    sure = {link["place_id"] for link in record.rows.get("record_places", []) if link["status"] == "resolved"}
    found = []
    for place in record.rows.get("places", []):
        if place["place_id"] in sure:
            name = next(iter(place.get("parent_names") or ()), place["name"])
            found.append(name if place["register"] == "TERC" else f"{name} область" if name.endswith("ська") else name)
    return [*dict.fromkeys(found)]


def _locality(record: Shown) -> str | None:
    names = [place["name"] for place in record.rows.get("places", []) if place.get("parent_names")]
    return ", ".join(dict.fromkeys(names)) or None


def _joined(slides: list[Row]) -> str:
    return " · ".join(text for slide in slides[1:5] if (text := slide.get("text")))


def _told(row: Row) -> str | None:
    names = [row.get("programme"), row.get("area"), *(row.get("parties") or row.get("initiators") or ())]
    return " · ".join(name for name in names if name) or None


def _cut(text: str | None) -> str | None:
    if text is None:
        return None
    line = " ".join(text.split())
    return line if len(line) <= _SNIPPET else line[: _SNIPPET + 1].rpartition(" ")[0] + " …"


def _plain(row: Row) -> Row:
    """The row as JSON knows it: times in UTC and dates as ISO 8601 text, nulls left out."""
    return {name: _json(value) for name, value in row.items() if value is not None and value != []}


def _json(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, dt.date) else value
