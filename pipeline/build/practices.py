"""Rows of practices: tabs joined, the Metryka typed, sections, attachments and contact persons beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pipeline.build.addressbook import NO_ADDRESS, Found
from pipeline.build.articles import joined_text, whole_date_issue
from pipeline.build.departures import Departure
from pipeline.build.rows import Rows
from pipeline.build.selection import Chosen
from pipeline.build.territory import PlaceLinks
from pipeline.errors import BuildError
from pipeline.normalise.addresses import CODE_IN_ADDRESS, postal_address
from pipeline.normalise.contacts import contacts
from pipeline.normalise.dates import partial_date
from pipeline.normalise.emails import emails
from pipeline.normalise.languages import language
from pipeline.normalise.numbers import count
from pipeline.normalise.phones import Phone, phones
from pipeline.normalise.reading import Reading, ambiguous, missing
from pipeline.normalise.text import one_line, says_nothing
from pipeline.normalise.units import unit_type
from pipeline.normalise.vocabulary import starts_like_role
from pipeline.normalise.websites import websites
from pipeline.records import LabelledValue, PracticeTab

TABLE = "practices"


class Cell(NamedTuple):
    """One labelled value on its way into columns: its text, one line of the page a line."""

    practice_id: str
    column: str
    label: str
    text: str
    summary: Chosen
    rows: Rows

    def note(self, reading: Reading[Any], column: str | None = None) -> None:
        """Notes a reading that is not ok."""
        self.rows.reading_issue(reading, TABLE, self.practice_id, column or self.column, self.summary.page, self.label)


Values = dict[str, Any]


def _entered_on(cell: Cell) -> Values:
    reading = partial_date(cell.text)
    whole_date_issue(reading, cell.rows, TABLE, cell.practice_id, cell.column, cell.summary.page)
    return {"entered_on": reading.value.whole if reading.value else None, "entered_on_raw": cell.text}


def _unit_type(cell: Cell) -> Values:
    reading = unit_type(cell.text)
    if reading.value is None and reading.status == "invalid":
        cell.rows.issue(
            TABLE,
            cell.practice_id,
            cell.column,
            "unknown_code",
            reading.reason,
            cell.summary.page,
            raw_text=cell.text,
            label=cell.label,
            candidates=reading.candidates,
        )
    else:
        cell.note(reading)
    return {"unit_type": reading.value, "unit_type_raw": cell.text}


def _postal(cell: Cell) -> Values:
    reading = postal_address(cell.text)
    cell.note(reading)
    values: Values = {"postal_code_raw": cell.text}
    if reading.value is not None:
        values |= {"postal_code": reading.value.postal_code, "post_office": reading.value.post_office}
    return values


def _street(cell: Cell) -> Values:
    """The address as printed; where the Metryka has no line for the postal code, one that stands in it is read."""
    values = _plain(cell)
    coded = CODE_IN_ADDRESS.search(cell.text)
    if coded is None or any(label.column in ("postal_code", "post_office") for label in _labels(cell.summary)):
        return values
    reading = postal_address(coded[0])
    cell.note(reading, "postal_code")
    values["postal_code_raw"] = cell.text
    if reading.value is not None:
        values |= {"postal_code": reading.value.postal_code, "post_office": reading.value.post_office}
    return values


def _population(cell: Cell) -> Values:
    reading = count(cell.text)
    cell.note(reading)
    return {
        "population": reading.value.value if reading.value else None,
        "population_is_approximate": reading.value.is_approximate if reading.value else None,
        "population_raw": cell.text,
    }


def _phones(cell: Cell) -> Values:
    readings = phones(cell.text)
    for reading in readings:
        cell.note(reading, "phones")
    return {
        "phones": _numbers(readings, fax=False),
        "faxes": _numbers(readings, fax=True),
        "phones_raw": cell.text,
    }


def _phone_fax(cell: Cell) -> Values:
    """Numbers under a label of both ("Telefon/fax"): a single one is both; of several without a word it is not said which."""
    values = _phones(cell)
    if not values["faxes"] and len(values["phones"]) == 1:
        return values | {"faxes": values["phones"]}
    if not values["faxes"] and values["phones"]:
        reason = "the label names telephone and fax, and the text does not say which number is which"
        cell.note(ambiguous(cell.text, reason, tuple(values["phones"])), "faxes")
    return values


def _faxes(cell: Cell) -> Values:
    readings = phones(cell.text)
    for reading in readings:
        cell.note(reading)
    return {"faxes": [reading.value.e164 for reading in readings if reading.value]}


def _websites(cell: Cell) -> Values:
    readings = websites(cell.text)
    for reading in readings:
        cell.note(reading)
    return {"websites": [r.value for r in readings if r.value], "websites_raw": cell.text}


def _emails(cell: Cell) -> Values:
    readings = emails(cell.text)
    for reading in readings:
        cell.note(reading)
    return {"emails": [r.value for r in readings if r.value], "emails_raw": cell.text}


def _plain(cell: Cell) -> Values:
    if says_nothing(cell.text):
        cell.note(missing(cell.text))
        return {cell.column: None}
    return {cell.column: one_line(cell.text)}


READERS: dict[str, Callable[[Cell], Values]] = {
    "entered_on": _entered_on,
    "unit_type": _unit_type,
    "locality": _plain,
    "gmina": _plain,
    "powiat": _plain,
    "voivodeship": _plain,
    "postal_code": _postal,
    "post_office": _plain,
    "implementing_unit": _plain,
    "street": _street,
    "phones": _phones,
    "phone_fax": _phone_fax,
    "faxes": _faxes,
    "websites": _websites,
    "emails": _emails,
    "population": _population,
}
"""How the text of each mapped label becomes columns; the label of the contact persons is read apart.

``gmina`` is no column: it tells the unit where the locality is a village, and is the locality where none is printed.
"""

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
    summary = _tab(newest["summary"])
    # The Metryka of the newest tab that has one: the new site's text renderings print none.
    metryka = next((part for part in parts if part.part == "summary" and _labels(part)), None)
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
    values |= places.link_unit(
        practice_id,
        (metryka or lead).page,
        names=(gmina, values["locality"]),
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
    for labelled in _labels(metryka):
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
            "phones": _numbers(contact.phones, fax=False),
            "faxes": _numbers(contact.phones, fax=True),
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
    tab = _tab(presentation)
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
        tab = _tab(chosen)
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


def _numbers(readings: list[Reading[Phone]], *, fax: bool) -> list[str]:
    return [r.value.e164 for r in readings if r.value is not None and (r.value.kind == "fax") == fax]


def _tab(chosen: Chosen | None) -> PracticeTab | None:
    return chosen.record if chosen is not None and isinstance(chosen.record, PracticeTab) else None


def _labels(chosen: Chosen) -> list[LabelledValue]:
    tab = _tab(chosen)
    return tab.labels if tab is not None else []


def _newest_value(parts: list[Chosen], field: str) -> str | None:
    """The value of the newest tab that states it, the summary before the others."""
    ordered = sorted(parts, key=lambda part: part.part != "summary")
    return next((value for part in ordered if (value := getattr(_tab(part), field, None))), None)


def _presentation_text(presentation: Chosen | None) -> str | None:
    tab = _tab(presentation)
    return joined_text(tab.blocks) if tab is not None else None
