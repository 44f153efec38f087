"""Links from records to territorial units, and the rows of the units that occur."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.build.tables.rows import Rows
from pipeline.records import ExtractedPage, IssueStatus
from pipeline.registers.territory import Place, Resolution, Territory

_MOST_CANDIDATES = 10
"""Units a doubtful name may link to at most: "Nowa Wieś" alone is a village of dozens, which tells nothing of a place."""
_TEXT_LIMIT = 50_000
"""Characters of a text that are searched for places; what a page is about stands before that."""


class UnitCodes(NamedTuple):
    """The territorial columns of a practice."""

    terc: str | None = None
    terc_6: str | None = None
    terc_current: str | None = None
    place_id: str | None = None


class PlaceLinks:
    """Adds record_places as records are built, and places at the end."""

    def __init__(self, rows: Rows, territory: Territory) -> None:
        self._rows = rows
        self._territory = territory

    def link_unit(
        self,
        record_id: str,
        page: ExtractedPage,
        *,
        names: Sequence[str | None],
        unit_type: str | None,
        powiat: str | None,
        voivodeship: str | None,
        on: dt.date | None,
    ) -> UnitCodes:
        """Links a practice to the unit its Metryka describes; the codes for its row, all null unless one unit fits.

        ``names`` are what it may be called by, the surest first: the gmina printed, the locality. An issue tells of the first.
        """
        printed: list[str | None] = list(dict.fromkeys(name for name in names if name))
        if not any((printed, powiat, voivodeship)):
            return UnitCodes()
        readings = [
            (name, self._territory.resolve(name=name, unit_type=unit_type, powiat=powiat, voivodeship=voivodeship, on=on))
            for name in printed or [None]
        ]
        name, found = next((reading for reading in readings if reading[1].status == "resolved"), readings[0])
        if found.place is not None and found.status == "resolved":
            place = found.place
            self._link("practices", record_id, place.place_id, found.method, "resolved", (), page)
            current = self._territory.current(place)
            return UnitCodes(place.code, place.code_6, current.code if current is not None else None, place.place_id)
        for candidate in found.candidates if len(found.candidates) <= _MOST_CANDIDATES else ():
            self._link("practices", record_id, candidate, found.method, "ambiguous", found.candidates, page)
        status: IssueStatus = "ambiguous" if found.status == "ambiguous" else "invalid"
        stated = ", ".join(f"{part}" for part in (name, unit_type, powiat, voivodeship) if part)
        reason = _why_not(found)
        self._rows.issue("practices", record_id, "terc", status, reason, page, raw_text=stated, candidates=found.candidates)
        return UnitCodes()

    def link_text(
        self, table: str, record_id: str, text: str, language: str, page: ExtractedPage, near: Sequence[str] = ()
    ) -> list[str]:
        """Links a record to the units its text names beyond doubt; a doubtful name makes no link.

        ``near`` are places the record is known to be about, which a bare name may agree with. Returns the places linked.
        """
        linked: dict[str, str] = {}
        for mention in self._territory.mentions(text[:_TEXT_LIMIT], language, near=tuple(near)):
            if mention.place is not None:
                linked.setdefault(mention.place.place_id, mention.method)
        for place_id, method in linked.items():
            self._link(table, record_id, place_id, method, "resolved", (), page)
        return list(linked)

    def add_places(self, place_ids: Iterable[str]) -> None:
        """Adds a row for every unit linked and for the larger units it lies in."""
        wanted = {place_id: place for place_id in place_ids if (place := self._territory.place(place_id)) is not None}
        for place in list(wanted.values()):
            parent_id = place.parent_id
            while parent_id is not None and parent_id not in wanted:
                parent = self._territory.place(parent_id)
                if parent is None:
                    break
                wanted[parent_id] = parent
                parent_id = parent.parent_id
        for place in wanted.values():
            self._rows.add("places", self._row(place))

    def _row(self, place: Place) -> dict[str, object]:
        return {
            "place_id": place.place_id,
            "register": place.register,
            "code": place.code,
            "code_6": place.code_6,
            "name": place.name,
            "kind": place.kind,
            "parent_id": place.parent_id,
            "parent_names": list(place.parent_names),
            "latitude": place.latitude,
            "longitude": place.longitude,
            "valid_from": place.valid_from,
            "valid_to": place.valid_to,
            "register_on": self._territory.register_on[place.register],
        }

    def _link(
        self,
        table: str,
        record_id: str,
        place_id: str,
        method: str,
        status: str,
        candidates: tuple[str, ...],
        page: ExtractedPage,
    ) -> None:
        if self._territory.place(place_id) is None:
            return
        values = {
            "table": table,
            "record_id": record_id,
            "place_id": place_id,
            "method": method,
            "status": status,
            "candidates": list(candidates) or None,
        }
        self._rows.add("record_places", values, page)


def _why_not(found: Resolution) -> str:
    """Why no unit was taken, for people."""
    if found.status != "ambiguous":
        return found.method or "no unit of the register fits"
    if len(found.candidates) == 1:
        return f"one unit comes near, but what is printed does not make it certain: {found.method or 'facts are missing'}"
    return found.method or "several units fit"
