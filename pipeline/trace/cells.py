"""What every cell of a row was made from, table by table, with a way out for columns nobody told us about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.build.choice.chosen import Chosen
from pipeline.build.tables.store import Stored
from pipeline.normalise.masks import masked
from pipeline.registers.territory import Territory
from pipeline.schema.spec import tables
from pipeline.trace.captures import Captures, rows_of
from pipeline.trace.chosen import ChosenRecords
from pipeline.trace.evidence import Cells, Evidence, Piece, Row, of_text, of_texts, provenance_cells
from pipeline.trace.keys import rows_named
from pipeline.trace.letters import letters_of
from pipeline.trace.practice_cells import (
    attachment_cells,
    contact_cells,
    practice_cells,
    section_cells,
    unit_pieces,
)
from pipeline.trace.text_cells import (
    article_cells,
    deck_cells,
    partnership_cells,
    person_cells,
    slide_cells,
    whole_text,
)

_READERS: dict[str, tuple[str, str, Callable[[Row, list[Chosen]], Cells]]] = {
    "practices": ("practice", "practice_id", practice_cells),
    "practice_sections": ("practice", "practice_id", section_cells),
    "practice_attachments": ("practice", "practice_id", attachment_cells),
    "practice_contacts": ("practice", "practice_id", contact_cells),
    "presentations": ("deck", "presentation_id", deck_cells),
    "slides": ("deck", "presentation_id", slide_cells),
    "articles": ("article", "article_id", article_cells),
    "partnerships": ("article", "article_id", partnership_cells),
}
_KIND_OF_TABLE = {table: (kind, key) for table, (kind, key, _) in _READERS.items()}
_OF_FILE = ("text", "media_type", "size_bytes", "body_digest")
_FROM_RECORD = {
    "capture_id": "digest of address, time and payload",
    "final_url": "address the page names as its own (canonical)",
    "source": "the source that claims the page",
    "origin": "how the capture came here",
    "charset": "found when the bytes were decoded",
    "decoder": "found when the bytes were decoded",
    "verdict": "by the source that claims the page",
    "reason": "by the source that claims the page",
    "body_digest": "WARC-Payload-Digest of the record",
    "source_url": "WARC-Target-URI of the record",
    "captured_at": "WARC-Date of the record",
}


class CellReader:
    """Evidence for the cells of one snapshot's rows."""

    def __init__(
        self, snapshot: Mapping[str, Stored], captures: Captures, records: ChosenRecords, territory: Territory
    ) -> None:
        self._territory = territory
        self._snapshot = snapshot
        self._captures = captures
        self._records = records

    def cells(self, table: str, row: Row) -> Cells:
        """Evidence for every cell of the row that is not null, in the order of the table's columns."""
        known = self._known(table, row)
        found: Cells = {}
        for column in tables()[table].columns:
            value = row.get(column)
            if value is None:
                continue
            evidence = known.get(column)
            if evidence is None or (evidence.derivation == "published" and not _agrees(value, evidence.pieces)):
                evidence = _searched(value, row, because_unlike=evidence is not None)
            found[column] = evidence
        return found

    def _known(self, table: str, row: Row) -> Cells:
        own = {column: evidence for column, evidence in provenance_cells(row).items() if column in tables()[table].columns}
        if table in _READERS:
            kind, key, reader = _READERS[table]
            try:
                known = {**own, **reader(row, self._records.parts(kind, row[key]))}
                return {**known, **self._file_cells(row)} if table == "practice_attachments" else known
            except IndexError:  # the page as read today holds fewer items than the snapshot: each cell is searched for
                return own
        if table == "people":
            return {**own, **person_cells(row, self._parts_of(row["table"], row["record_id"]))}
        if table == "record_places":
            return {**own, **self._place_link(row)}
        if table == "places":
            return self._place(row)
        if table == "captures":
            return {name: Evidence("capture", row["capture_id"], (), _FROM_RECORD.get(name, "the record")) for name in row}
        if table == "quality_issues":
            return {**own, **self._issue(row)}
        return own

    def _file_cells(self, row: Row) -> Cells:
        """Cells that tell of an archived file: its capture has the digest the row names."""
        same = self._captures.with_digest(row["body_digest"]) if row.get("body_digest") else []
        same = sorted(same, key=lambda capture: (capture["source_url"] != row["url"], capture["capture_id"]))
        return {name: Evidence("file", same[0]["capture_id"], (), "the file itself") for name in _OF_FILE} if same else {}

    def _parts_of(self, table: str, record_id: str) -> list[Chosen]:
        if table == "partnerships":
            record_id = self._article_of(record_id)
        kind = _KIND_OF_TABLE[table][0] if table in _KIND_OF_TABLE else ""
        return self._records.parts(kind, record_id) if kind else []

    def _article_of(self, partnership_id: str) -> str:
        rows = rows_named("partnerships", self._snapshot["partnerships"], partnership_id)
        return next((row["article_id"] for row in rows if row["article_id"]), "")

    def _place_link(self, row: Row) -> Cells:
        if row["table"] == "practices":
            capture, pieces = unit_pieces(self._parts_of("practices", row["record_id"]))
            evidence = Evidence("register", capture or row["capture_id"], pieces, "the unit the lines of the Metryka describe")
        else:
            pieces = tuple(self._naming(row))
            evidence = Evidence("register", row["capture_id"], pieces, "named in the text")
        linked = dict.fromkeys(("place_id", "method", "status", "candidates"), evidence)
        return {
            **linked,
            "table": Evidence("assigned", None, (), "kind of record that is linked"),
            "record_id": Evidence("address", row["capture_id"], (), "the record that is linked"),
        }

    def _naming(self, row: Row) -> Iterator[Piece]:
        """The words of the record's text that name the place: the text is searched for places once more."""
        _, pieces, title = whole_text(self._parts_of(row["table"], row["record_id"]))
        texts, near = [title, *(piece.text for piece in pieces)], []
        if row["table"] == "partnerships":
            article = ("articles", self._article_of(row["record_id"]))
            links = rows_of(self._snapshot["record_places"], "record_id", [article[1]])
            near = [link["place_id"] for link in links if (link["table"], link["record_id"]) == article]
        whole = "\n".join([texts[0], "\n\n".join(texts[1:])])
        for language in ("und", "pl", "uk"):  # a page of two languages was searched in the one that prevails
            mentions = self._territory.mentions(whole, language, near=near)
            naming = [m for m in mentions if m.place is not None and m.place.place_id == row["place_id"]]
            for mention in naming:
                line = whole[: mention.start].rpartition("\n")[2] + whole[mention.start :].partition("\n")[0]
                yield Piece(mention.raw, within=line)
            if naming:
                return

    def _issue(self, row: Row) -> Cells:
        """An issue's raw text; where it is masked or put together, the texts of the cell the issue is about."""
        capture, raw, label = row.get("capture_id"), str(row.get("raw_text") or ""), row.get("label")
        own = of_texts(raw.splitlines(), label=label) if raw else ()
        about = self._about(row)
        is_part = letters_of(raw) in letters_of("".join(piece.text for piece in about)) if about else True
        if raw and is_part:
            raw_text = Evidence("published", capture, own)
        else:
            raw_text = Evidence("labelled", capture, about, f"the texts behind {row['column']}")
        names = ("table", "record_id", "column", "status", "reason", "candidates")
        cells = {name: raw_text._replace(derivation="assigned", note="by the reading of the page") for name in names}
        return {**cells, "raw_text": raw_text, "label": Evidence("published", capture, of_text(label))}

    def _about(self, row: Row) -> tuple[Piece, ...]:
        """Texts of the cell an issue is about, where its record made it into the snapshot."""
        table = row["table"]
        if table not in self._snapshot or not tables()[table].key or table in ("captures", "places"):
            return ()
        for record in rows_named(table, self._snapshot[table], row["record_id"]):
            evidence = self._known(table, record).get(row["column"])
            return evidence.pieces if evidence is not None and evidence.capture_id == row["capture_id"] else ()
        return ()

    def _place(self, row: Row) -> Cells:
        links = sum(batch.num_rows for batch in self._snapshot["record_places"].matching("place_id", [row["place_id"]]))
        named = f"linked to {links} records, see record_places" if links else "a larger unit of one that is linked"
        note = f"register {row['register']} of {row['register_on']}; {named}"
        return {name: Evidence("register", None, (), note) for name in row}


def _agrees(value: Any, pieces: tuple[Piece, ...]) -> bool:
    """Whether the published texts make the value, contact data masked or not."""
    texts = [piece.text for piece in pieces]
    made = letters_of("".join(texts))
    wanted = letters_of("".join(map(str, value)) if isinstance(value, list) else str(value))
    return wanted in (made, letters_of("".join(masked(text).text for text in texts)))


def _searched(value: Any, row: Row, *, because_unlike: bool) -> Evidence:
    """The value itself, to be looked for in the capture of its row."""
    note = (
        "the page reads otherwise by today's code" if because_unlike else "no rule known for this column: searched as it stands"
    )
    if isinstance(value, str | list):
        return Evidence("published", row.get("capture_id"), of_texts(value), note)
    return Evidence("assigned", row.get("capture_id"), (), note)
