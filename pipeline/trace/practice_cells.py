"""What the cells of practices, their sections, attachments and contact persons were made from."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.build.choice.chosen import Chosen
from pipeline.build.records.practices import CONTACTS
from pipeline.normalise.contacts import contacts
from pipeline.records import LabelledValue, PracticeTab
from pipeline.trace.evidence import Cells, Derivation, Evidence, Piece, Row, in_order, of_text, of_texts
from pipeline.trace.letters import letters_of

# Column → columns its labels are mapped to, in the order in which they are asked.
_LABELLED: dict[str, tuple[str, ...]] = {
    "entered_on": ("entered_on",),
    "unit_type": ("unit_type",),
    "postal_code": ("postal_code", "street"),
    "post_office": ("postal_code", "post_office", "street"),
    "phones": ("phones", "phone_fax"),
    "faxes": ("faxes", "phone_fax", "phones"),
    "websites": ("websites",),
    "emails": ("emails",),
    "population": ("population",),
    "population_is_approximate": ("population",),
}
_AS_PRINTED = {
    **{name: (name,) for name in ("locality", "powiat", "voivodeship", "implementing_unit", "street")},
    **{f"{name}_raw": _LABELLED[name] for name in ("entered_on", "unit_type", "postal_code", "phones", "websites", "emails")},
    "population_raw": ("population",),
}
_RESOLVED_BY = ("unit_type", "gmina", "locality", "powiat", "voivodeship", "entered_on")
_CONTENT_ID = "sha256:"


def practice_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of practices. ``parts`` are its chosen tabs, newest first."""
    newest = {tab: _first(parts, tab) for tab in ("summary", "presentation", "attachments")}
    metryka = next((part for part in parts if part.part == "summary" and _tab(part).labels), None)
    lead = metryka or newest["summary"] or newest["presentation"] or newest["attachments"]
    cells: Cells = {}
    for name in ("title", "section", "subsection"):
        part = _stating(parts, name, row.get(name))
        if part is not None:
            cells[name] = Evidence("published", _id(part), _head_pieces(_tab(part), name), f"on the tab {part.part}")
    summary, presentation = newest["summary"], newest["presentation"]
    if summary is not None:
        cells["summary"] = Evidence("published", _id(summary), in_order(_texts(summary)))
    told_from = summary if summary is not None and _texts(summary) else presentation
    if told_from is not None and _texts(told_from):
        cells["language"] = Evidence("text", _id(told_from), in_order(_texts(told_from)))
    elif "title" in cells:
        cells["language"] = cells["title"]._replace(derivation="text")
    cells["practice_id"] = _id_evidence(row, cells, lead)
    if metryka is not None:
        cells |= _metryka_cells(metryka)
    cells |= _presence_cells(row, newest)
    cells |= _count_cells(metryka, newest)
    return cells


def section_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of practice_sections."""
    part = _first(parts, "presentation")
    if part is None:
        return {}
    pieces = in_order(_texts(part))
    heading, body = _sections(part)[row["position"] - 1]
    whole = ([heading] if heading is not None else []) + body
    cells = {
        "heading": Evidence("published", _id(part), (pieces[heading],)) if heading is not None else None,
        "text": Evidence("published", _id(part), tuple(pieces[at] for at in body)),
        "language": Evidence("text", _id(part), tuple(pieces[at] for at in body or whole)),
        "position": Evidence("assigned", _id(part), tuple(pieces[at] for at in whole[:1]), "place among the sections, from 1"),
        "practice_id": Evidence("address", _id(part), (), "the practice the page belongs to"),
    }
    return {name: evidence for name, evidence in cells.items() if evidence is not None}


def attachment_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of practice_attachments, those of the link; what its file holds stands in another capture."""
    part = _first(parts, "attachments")
    if part is None:
        return {}
    link = _tab(part).attachments[row["position"] - 1]
    capture = _id(part)
    title: tuple[Derivation, tuple[Piece, ...], str] = ("published", of_text(link.title), "text of the link")
    if link.url is not None and link.title and link.url.endswith(link.title):
        title = ("address", of_text(link.url, is_link=True), "name of the file in the address of the link")
    return {
        "title": Evidence(title[0], capture, title[1], title[2]),
        "url": Evidence("address", capture, of_text(link.url, is_link=True), "address the link leads to"),
        "size_printed": Evidence("published", capture, of_text(link.size_printed)),
        "position": Evidence("assigned", capture, of_text(link.title), "place among the files, from 1"),
        "practice_id": Evidence("address", capture, (), "the practice the page belongs to"),
        "text_missing_reason": Evidence("assigned", None, (), "why there is no text of the file"),
    }


def contact_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of practice_contacts."""
    metryka = next((part for part in parts if part.part == "summary" and _tab(part).labels), None)
    if metryka is None:
        return {}
    capture = _id(metryka)
    found = [(value, contact) for value in _labels(metryka, CONTACTS) for contact in contacts(value.lines)]
    value, contact = found[row["position"] - 1]
    passage = "\n".join(value.lines)
    pieces = tuple(Piece(line, within=passage) for line in contact.raw_text.splitlines() if line.strip())

    def word(column: str) -> Evidence:
        return Evidence("published", capture, of_texts(row[column], within=contact.raw_text), f"label {value.label}")

    cells: Cells = {name: word(name) for name in ("name", "degree", "role", "unit") if row.get(name)}
    if row.get("role") == value.label and contact.role is None:
        cells["role"] = Evidence("published", capture, of_text(value.label), "the label itself")
    cells |= {name: Evidence("labelled", capture, pieces, f"label {value.label}") for name in ("phones", "faxes", "emails")}
    cells["raw_text"] = Evidence("published", capture, pieces, f"label {value.label}")
    cells["position"] = Evidence("assigned", capture, pieces[:1], "place among the persons, from 1")
    cells["practice_id"] = Evidence("address", capture, (), "the practice the page belongs to")
    return cells


def unit_pieces(parts: list[Chosen]) -> tuple[str | None, tuple[Piece, ...]]:
    """Capture and lines of the Metryka that a practice's territorial unit was told by."""
    metryka = next((part for part in parts if part.part == "summary" and _tab(part).labels), None)
    return (_id(metryka), _labelled(metryka, _resolved_by(metryka))) if metryka is not None else (None, ())


def _resolved_by(metryka: Chosen) -> tuple[str, ...]:
    """Columns of the labels that told the unit; for a district the institution's name too, which may be all that says which."""
    kinds = [line for label in _tab(metryka).labels if label.column == "unit_type" for line in label.lines]
    is_district = any("dzielnic" in line.casefold() for line in kinds)
    return (*_RESOLVED_BY, "implementing_unit") if is_district else _RESOLVED_BY


def _head_pieces(tab: PracticeTab, name: str) -> tuple[Piece, ...]:
    """Texts of one field of the head: section, subsections and title follow each other above the body."""
    fields = {"section": [tab.section or ""], "subsection": (tab.subsection or "").split(" : "), "title": [tab.title or ""]}
    pieces = in_order([text for texts in fields.values() for text in texts if text])
    return tuple(piece for piece in pieces if piece.text in fields[name])


def _metryka_cells(metryka: Chosen) -> Cells:
    capture = _id(metryka)
    cells: Cells = {}
    for column, labels in _AS_PRINTED.items():
        if column == "phones_raw":
            pieces = _labelled(metryka, _as_met(metryka, labels))
        else:
            pieces = next(filter(None, (_labelled(metryka, (label,)) for label in labels)), ())
        if pieces:
            cells[column] = Evidence("published", capture, pieces)
    if "locality" not in cells and (pieces := _labelled(metryka, ("gmina",))):
        cells["locality"] = Evidence("published", capture, pieces)
    for column, labels in _LABELLED.items():
        if pieces := _labelled(metryka, labels):
            cells[column] = Evidence("labelled", capture, pieces)
    for column in ("terc", "terc_6", "terc_current", "place_id"):
        note = "the unit that the lines of the Metryka describe"
        cells[column] = Evidence("register", capture, _labelled(metryka, _resolved_by(metryka)), note)
    return cells


def _presence_cells(row: Row, newest: dict[str, Chosen | None]) -> Cells:
    cells: Cells = {}
    for tab, part in newest.items():
        has = row.get(f"has_{tab}")
        note = f"a capture of the tab {tab}" if has else f"no capture of the tab {tab}"
        cells[f"has_{tab}"] = Evidence("assigned", _id(part) if part is not None else None, (), note)
    return cells


def _count_cells(metryka: Chosen | None, newest: dict[str, Chosen | None]) -> Cells:
    cells: Cells = {
        name: Evidence("counted", None, (), "none") for name in ("contact_count", "section_count", "attachment_count")
    }
    if metryka is not None:
        firsts = [
            Piece(contact.raw_text.splitlines()[0], within="\n".join(value.lines))
            for value in _labels(metryka, CONTACTS)
            for contact in contacts(value.lines)
        ]
        cells["contact_count"] = Evidence("counted", _id(metryka), tuple(firsts), f"{len(firsts)} persons")
    if (part := newest["presentation"]) is not None:
        pieces, sections = in_order(_texts(part)), _sections(part)
        begins = tuple(pieces[heading if heading is not None else body[0]] for heading, body in sections)
        cells["section_count"] = Evidence("counted", _id(part), begins, f"{len(begins)} sections")
    if (part := newest["attachments"]) is not None:
        links = _tab(part).attachments
        pieces = tuple(Piece(link.url, is_link=True) if link.url is not None else Piece(link.title) for link in links)
        cells["attachment_count"] = Evidence("counted", _id(part), pieces, f"{len(links)} files")
    return cells


def _id_evidence(row: Row, cells: Cells, lead: Chosen | None) -> Evidence:
    capture = _id(lead) if lead is not None else None
    if not str(row["practice_id"]).startswith(_CONTENT_ID):
        return Evidence("address", capture, (), "number of the practice in an address of its pages")
    pieces = tuple(piece for name in ("section", "subsection", "title") if name in cells for piece in cells[name].pieces)
    return Evidence("text", cells["title"].capture_id if "title" in cells else capture, pieces, "digest of the content")


def _labelled(metryka: Chosen, columns: Sequence[str]) -> tuple[Piece, ...]:
    return tuple(
        Piece("\n".join(line for line in value.lines if line), label=value.label)
        for column in columns
        for value in _labels(metryka, column)
        if any(value.lines)
    )


def _as_met(metryka: Chosen, columns: Sequence[str]) -> list[str]:
    """The columns in the order in which their labels first stand on the page."""
    met = [value.column for value in _tab(metryka).labels if value.status == "mapped" and any(value.lines)]
    return sorted((column for column in columns if column in met), key=met.index)


def _labels(part: Chosen, column: str) -> list[LabelledValue]:
    return [value for value in _tab(part).labels if value.status == "mapped" and value.column == column]


def _sections(part: Chosen) -> list[tuple[int | None, list[int]]]:
    """Places of the heading and of the other blocks, for every section of a presentation."""
    found: list[tuple[int | None, list[int]]] = []
    for place, block in enumerate(_tab(part).blocks):
        if block.kind == "heading":
            found.append((place, []))
        elif found:
            found[-1][1].append(place)
        else:
            found.append((None, [place]))
    return found


def _stating(parts: list[Chosen], field: str, value: object) -> Chosen | None:
    """The tab that states a value: the summary before the others, one that agrees with the row before one that does not."""
    ordered = sorted(parts, key=lambda part: part.part != "summary")
    stating = [part for part in ordered if getattr(_tab(part), field)]
    same = [part for part in stating if letters_of(getattr(_tab(part), field)) == letters_of(str(value or ""))]
    return next(iter(same or stating), None)


def _first(parts: list[Chosen], tab: str) -> Chosen | None:
    return next((part for part in parts if part.part == tab), None)


def _texts(part: Chosen) -> list[str]:
    return [block.text for block in _tab(part).blocks]


def _tab(part: Chosen) -> PracticeTab:
    if not isinstance(part.record, PracticeTab):
        raise TypeError(f"part {part.part} of a practice is a {type(part.record).__name__}")
    return part.record


def _id(part: Chosen) -> str:
    return part.page.capture.capture_id
