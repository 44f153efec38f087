"""How the text beside a label of the Metryka becomes columns of a practice, label by label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pipeline.build.choice.chosen import Chosen
from pipeline.build.records.articles import whole_date_issue
from pipeline.build.tables.rows import Rows
from pipeline.normalise.addresses import CODE_IN_ADDRESS, postal_address
from pipeline.normalise.dates import partial_date
from pipeline.normalise.emails import emails
from pipeline.normalise.numbers import count
from pipeline.normalise.phones import Phone, phones
from pipeline.normalise.reading import Reading, ambiguous, missing
from pipeline.normalise.text import one_line, says_nothing
from pipeline.normalise.units import unit_type
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
    """The address as printed. Where the Metryka has no line for the postal code, one that stands in it goes there."""
    values = _plain(cell)
    coded = CODE_IN_ADDRESS.search(cell.text)
    if coded is None or any(label.column in ("postal_code", "post_office") for label in labels_of(cell.summary)):
        return values
    reading = postal_address(coded[0])
    cell.note(reading, "postal_code")
    before, after = cell.text[: coded.start()], cell.text[coded.end() :]
    rest = ", ".join(part for text in (before, after) if (part := one_line(text).strip(" ,;")))
    values |= {"street": rest or None, "postal_code_raw": cell.text}
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
        "phones": e164_numbers(readings, fax=False),
        "faxes": e164_numbers(readings, fax=True),
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


def e164_numbers(readings: list[Reading[Phone]], *, fax: bool) -> list[str]:
    """The fax numbers, or all others, that could be read, as E.164 writes them."""
    return [r.value.e164 for r in readings if r.value is not None and (r.value.kind == "fax") == fax]


def tab_of(chosen: Chosen | None) -> PracticeTab | None:
    """The tab of a practice that a page shows, None for no page."""
    return chosen.record if chosen is not None and isinstance(chosen.record, PracticeTab) else None


def labels_of(chosen: Chosen) -> list[LabelledValue]:
    """Labels and values of a tab, in the order of the page."""
    tab = tab_of(chosen)
    return tab.labels if tab is not None else []
