"""Rows of practices: tabs joined, the Metryka typed, sections, attachments and contact persons beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.build.choice.addressbook import NO_ADDRESS, Found
from pipeline.build.choice.chosen import Chosen
from pipeline.build.records.articles import joined_text
from pipeline.build.records.practice_cells import READERS, TABLE, Cell, Values, e164_numbers, labels_of, tab_of
from pipeline.build.records.territory import PlaceLinks
from pipeline.build.tables.rows import Departure, Rows
from pipeline.errors import BuildError
from pipeline.normalise.contacts import contacts
from pipeline.normalise.districts import district_of_warsaw
from pipeline.normalise.languages import language
from pipeline.normalise.reading import missing
from pipeline.normalise.text import says_nothing
from pipeline.normalise.vocabulary import starts_like_role
from pipeline.records import LabelledValue

CONTACTS = "contacts"


def add_practice(practice_id: str, parts: list[Chosen], files: Mapping[str, Found], rows: Rows, places: PlaceLinks) -> None:
    """Adds the rows of a practice. ``parts``: its tabs, newest first; ``files``: what is archived of the files it links to."""
    newest = {
        tab: next((part for part in parts if part.part == tab), None) for tab in ("summary", "presentation", "attachments")
    }
    with rows.departed(_departure(parts)):
        _add_practice(practice_id, parts, newest, files, rows, places)


def _departure(parts: list[Chosen]) -> Departure | None:
    """A practice is gone when every page is that shows its summary; where none is archived, every page of it."""
    telling = [part for part in parts if part.part == "summary"] or parts
    gone = [part.departure for part in telling if part.departure is not None]
    return max(gone, key=lambda departure: (departure.on, departure.capture_id or "")) if len(gone) == len(telling) else None


def _add_practice(
    practice_id: str,
    parts: list[Chosen],
    newest: dict[str, Chosen | None],
    files: Mapping[str, Found],
    rows: Rows,
    places: PlaceLinks,
) -> None:
    lead = newest["summary"] or newest["presentation"] or newest["attachments"]
    if lead is None:
        raise BuildError(f"practice {practice_id} has no tab")
    summary = tab_of(newest["summary"])
    # The Metryka of the newest tab that has one: the new site's text renderings print none.
    metryka = next((part for part in parts if part.part == "summary" and labels_of(part)), None)
    values: Values = {
        "practice_id": practice_id,
        "title": _newest_value(parts, "title"),
        "section": _newest_value(parts, "section"),
        "subsection": _newest_value(parts, "subsection"),
        "summary": joined_text(summary.blocks) if summary else None,
        "has_summary": newest["summary"] is not None,
        "has_presentation": newest["presentation"] is not None,
        "has_attachments": newest["attachments"] is not None,
        "contact_count": 0,
    }
    if metryka is not None:
        values |= _metryka(practice_id, metryka, rows)
    gmina = values.pop("gmina", None)
    values["locality"] = values.get("locality") or gmina
    whole_text = values["summary"] or _presentation_text(newest["presentation"]) or values["title"] or ""
    values["language"] = language(whole_text)
    district = district_of_warsaw(values.get("unit_type"), values["locality"], values.get("implementing_unit"))
    values |= places.link_unit(
        practice_id,
        (metryka or lead).page,
        names=(gmina, values["locality"], district),
        unit_type=values.get("unit_type"),
        powiat=values.get("powiat"),
        voivodeship=values.get("voivodeship"),
        on=values.get("entered_on"),
    )._asdict()
    values["section_count"] = _add_sections(practice_id, newest["presentation"], rows)
    values["attachment_count"] = _add_attachments(practice_id, newest, files, rows)
    rows.add(TABLE, values, (metryka or lead).page)


def _metryka(practice_id: str, metryka: Chosen, rows: Rows) -> Values:
    values: Values = {}
    cells: dict[str, Cell] = {}
    for labelled in labels_of(metryka):
        column = labelled.column
        if labelled.status != "mapped" or column is None:
            continue
        if column == CONTACTS:
            if says_nothing(printed := "\n".join(labelled.lines)):
                if printed:
                    rows.reading_issue(missing(printed), "practice_contacts", practice_id, "name", metryka.page, labelled.label)
                continue
            first = values.get("contact_count", 0) + 1
            values["contact_count"] = _add_contacts(practice_id, labelled, metryka, rows, first)
            continue
        text = "\n".join(line for line in labelled.lines if line)
        if not text:
            rows.issue(TABLE, practice_id, column, "missing", "label without a value", metryka.page, label=labelled.label)
            continue
        before = cells.get(column)
        # Two labels of one column (say two telephones) are one value of several lines.
        joined = f"{before.text}\n{text}" if before is not None else text
        cells[column] = Cell(practice_id, column, labelled.label, joined, metryka, rows)
    for column, cell in cells.items():
        reader = READERS.get(column)
        if reader is None:
            raise BuildError(f"label {cell.label!r} is mapped to {column!r}; labels can be mapped to {', '.join(READERS)}")
        for name, value in reader(cell).items():
            values[name] = _joined(values.get(name), value, name)
    return values


def _joined(before: Any, value: Any, name: str) -> Any:
    """The value of a column that two labels fill: lists are one list, texts as printed stand on lines of their own."""
    if isinstance(value, list) and before:
        return [*before, *value]
    if value is None or value == []:  # False and 0 are values
        return before
    return f"{before}\n{value}" if before and name.endswith("_raw") else value


def _add_contacts(practice_id: str, labelled: LabelledValue, metryka: Chosen, rows: Rows, first: int) -> int:
    """Adds the persons of one label, numbered from ``first``; the number of the last."""
    position = first - 1
    for position, contact in enumerate(contacts(labelled.lines), start=first):
        for column, readings in (("phones", contact.phones), ("emails", contact.emails)):
            if any(reading.status == "invalid" for reading in readings):
                # quality_issues is public: what a person's broken number looked like stays in raw_text of the restricted row.
                reason = f"one of the {column} cannot be read; its text is in raw_text of the row"
                rows.issue("practice_contacts", f"{practice_id}/{position}", column, "invalid", reason, metryka.page)
        contact_values = {
            "practice_id": practice_id,
            "position": position,
            "name": contact.name,
            "degree": contact.degree,
            "role": contact.role or (labelled.label if contact.name and _is_role(labelled.label) else None),
            "unit": contact.unit,
            "phones": e164_numbers(contact.phones, fax=False),
            "faxes": e164_numbers(contact.phones, fax=True),
            "emails": [r.value for r in contact.emails if r.value],
            "raw_text": contact.raw_text,
        }
        rows.add("practice_contacts", contact_values, metryka.page)
    return position


def _is_role(label: str) -> bool:
    """Whether the label says what the person is ("Koordynator"); "Osoba do kontaktu" does not."""
    return starts_like_role(label) and not label.casefold().startswith("osob")


def _add_sections(practice_id: str, presentation: Chosen | None, rows: Rows) -> int:
    """Splits the presentation at its headings; text before the first heading is a section without one."""
    tab = tab_of(presentation)
    if tab is None or presentation is None:
        return 0
    sections: list[tuple[str | None, list[str]]] = []
    for block in tab.blocks:
        if block.kind == "heading":
            sections.append((block.text, []))
        elif sections:
            sections[-1][1].append(block.text)
        else:
            sections.append((None, [block.text]))
    for position, (heading, texts) in enumerate(sections, start=1):
        text = "\n\n".join(texts)
        values = {
            "practice_id": practice_id,
            "position": position,
            "heading": heading,
            "text": text,
            "language": language(text or heading or ""),
        }
        with rows.departed(presentation.departure):
            rows.add("practice_sections", values, presentation.page)
    return len(sections)


def _add_attachments(practice_id: str, newest: dict[str, Chosen | None], files: Mapping[str, Found], rows: Rows) -> int:
    """Adds the files a practice offers, those of its list of attachments first, each address once; their number."""
    position = 0
    seen: set[str] = set()
    for chosen in (newest["attachments"], newest["summary"], newest["presentation"]):
        tab = tab_of(chosen)
        if tab is None or chosen is None:
            continue
        for link in tab.attachments:
            if link.url is not None and link.url in seen:
                continue
            seen.update(filter(None, (link.url,)))
            position += 1
            found = files[link.url] if link.url else NO_ADDRESS
            values = {
                "practice_id": practice_id,
                "position": position,
                "title": link.title,
                "url": link.url,
                "size_printed": link.size_printed,
                "media_type": found.file.media_type if found.file else None,
                "size_bytes": found.file.size_bytes if found.file else None,
                "body_digest": found.page.capture.body_digest if found.page and found.file else None,
                "text": found.file.text if found.file else None,
                "text_missing_reason": found.reason,
            }
            with rows.departed(chosen.departure):
                rows.add("practice_attachments", values, chosen.page)
    return position


def _newest_value(parts: list[Chosen], field: str) -> str | None:
    """The value of the newest tab that states it, the summary before the others."""
    ordered = sorted(parts, key=lambda part: part.part != "summary")
    return next((value for part in ordered if (value := getattr(tab_of(part), field, None))), None)


def _presentation_text(presentation: Chosen | None) -> str | None:
    tab = tab_of(presentation)
    return joined_text(tab.blocks) if tab is not None else None
