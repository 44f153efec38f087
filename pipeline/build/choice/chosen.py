"""Parts of records at their places in extracted/, read from there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline.build.choice.notes import identity
from pipeline.build.tables.rows import Departure
from pipeline.errors import BuildError
from pipeline.records import ExtractedPage, PageIssue, Record, from_json_line
from pipeline.storage.hand import opened


class Chosen(NamedTuple):
    """A part of a record and the page it stands on. ``departure``: when that page was seen gone, None while it stands."""

    part: str
    page: ExtractedPage
    record: Record
    departure: Departure | None = None


class Place(msgspec.Struct, array_like=True, frozen=True):
    """Where a part of a record stands in extracted/; ``member`` is the id it has there."""

    member: str
    part: str
    file: int
    offset: int
    gone_on: str | None = None
    gone_capture_id: str | None = None


def page_at(path: Path, offset: int) -> ExtractedPage:
    """The page on the line at an offset. Raises BuildError when none stands there any more."""
    with opened(path) as file:
        file.seek(offset)
        return page_on(file.readline(), path)


def page_on(line: bytes, path: Path) -> ExtractedPage:
    """The page on a line of an extracted file. Raises BuildError when it is none."""
    try:
        item = from_json_line(line)
    except msgspec.MsgspecError:
        item = None
    if not isinstance(item, ExtractedPage):
        raise BuildError(f"{path}: changed while it was read; build again")
    return item


def chosen_at(page: ExtractedPage, kind: str, place: Place) -> Chosen:
    """The part of a record that stands at a place, ``page`` being the page there."""
    departure = None
    if place.gone_on is not None:
        departure = Departure(dt.date.fromisoformat(place.gone_on), place.gone_capture_id)
    return Chosen(place.part, page, record_on(page, kind, place.member, place.part), departure)


def record_on(page: ExtractedPage, kind: str, record_id: str, part: str) -> Record:
    """The record of these names on the page."""
    found = next(f for f in page.findings if (identity(f) or ("", "", "", ""))[:3] == (kind, record_id, part))
    if isinstance(found, PageIssue):
        raise BuildError("an issue was taken for a record")
    return found


def newest_first(parts: list[Chosen]) -> list[Chosen]:
    """Parts of a practice, the newest capture first."""

    def time(chosen: Chosen) -> tuple[str, str]:
        capture = chosen.page.capture
        return capture.captured_at.isoformat() if capture.captured_at else "", capture.capture_id

    return sorted(parts, key=time, reverse=True)
