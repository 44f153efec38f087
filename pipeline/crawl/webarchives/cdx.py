"""Lists of captures as web archives give them: CDX text, CDXJ, JSON lines, and the JSON of the Wayback Machine.

Field names differ between servers (``original`` or ``url``, ``statuscode`` or ``status``); what a line means does not.
CDX text: https://archive.org/web/researcher/cdx_legend.php. CDXJ: one key, one time, one JSON object a line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

_TIME: Final = re.compile(r"\d{14}")
_NAMES: Final = {
    "url": ("original", "url"),
    "timestamp": ("timestamp",),
    "mime": ("mimetype", "mime"),
    "status": ("statuscode", "status"),
    "digest": ("digest",),
    "filename": ("filename",),
    "offset": ("offset",),
}
_SEVEN: Final = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_LETTERS: Final = {
    "N": "urlkey",
    "b": "timestamp",
    "a": "original",
    "m": "mimetype",
    "s": "statuscode",
    "k": "digest",
    "S": "length",
    "V": "offset",
    "g": "filename",
}
_COLUMNS: Final = {
    7: _SEVEN,
    9: ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "redirect", "offset", "filename"),
    10: ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "redirect", "meta", "offset", "filename"),
    11: (*_SEVEN[:6], "redirect", "meta", "length", "offset", "filename"),
}


class CdxLine(NamedTuple):
    """One capture another archive holds. ``timestamp`` has 14 digits, UTC. ``filename`` and ``offset`` lead to its record."""

    url: str
    timestamp: str
    mime: str | None
    status: int | None
    digest: str | None
    filename: str | None = None
    offset: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether it should hold a page: answered with 200, or a revisit, whose status most lists do not tell."""
        return self.status == 200 or (self.status is None and self.mime == "warc/revisit")


class CdxList(NamedTuple):
    """Lines of one answer. ``resume_key`` asks for the next ones; ``unread``: how many lines make no sense."""

    lines: list[CdxLine]
    resume_key: str | None
    unread: int


def cdx_list(text: str, *, is_cut: bool = False) -> CdxList:
    """The lines of ``text`` in whatever form they are. Raises ValueError for an answer that is no list at all.

    ``is_cut``: the answer ends somewhere; its last line is left out.
    """
    text = text[: text.rfind("\n") + 1] if is_cut else text
    text = text.lstrip("\ufeff\t\r\n")
    if text.strip() in ("", "[]"):
        return CdxList([], None, 0)
    if re.match(r"\s*\[\s*\[", text):
        return _wayback_json(text.rstrip(", \r\n") + "]" if is_cut else text)
    columns: Sequence[str] | None = None
    lines: list[CdxLine] = []
    resume: str | None = None
    unread = 0
    rows = text.splitlines()
    for number, row in enumerate(rows):
        if not row.strip() or row.startswith("!"):
            continue
        if re.match(r" ?CDX [A-Za-z ]+$", row):
            columns = [_LETTERS.get(letter, letter) for letter in row.split()[1:]]
            continue
        if number and not rows[number - 1].strip() and number == len(rows) - 1 and " " not in row.strip() and row[0] != "{":
            resume = row.strip()  # the resume key of a text answer stands alone below an empty line
            continue
        line = _line(row, columns)
        if line is None:
            unread += 1
        else:
            lines.append(line)
    if unread and not lines:
        raise ValueError(f"no list of captures, but {text.strip()[:80]!r}")
    return CdxList(lines, resume, unread)


def memento_time(timestamp: str) -> dt.datetime | None:
    """The time 14 digits tell, in UTC; None when they tell none."""
    if not _TIME.fullmatch(timestamp) or not timestamp.isascii():
        return None
    try:
        return dt.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _wayback_json(text: str) -> CdxList:
    try:
        rows = msgspec.json.decode(text.strip(), type=list[list[str | None]])
    except msgspec.DecodeError as error:
        raise ValueError(f"a list of captures that is no JSON ({error})") from error
    names = [str(name) for name in rows[0]]
    resume: str | None = None
    body = rows[1:]
    if len(body) >= 2 and not body[-2] and len(body[-1]) == 1:  # an empty row, then the resume key
        resume = body[-1][0]
        body = body[:-2]
    found = [_from_names(dict(zip(names, row, strict=False))) for row in body if row]
    return CdxList([line for line in found if line is not None], resume, found.count(None))


def _line(row: str, columns: Sequence[str] | None) -> CdxLine | None:
    start = row.find("{")
    if start >= 0 and row.rstrip().endswith("}"):
        try:
            facts = msgspec.json.decode(row[start:], type=dict[str, Any])
        except msgspec.DecodeError:
            return None
        return _from_names({"timestamp": (row[:start].split() or [""])[-1], **facts})
    cells = row.split()
    names = columns or _COLUMNS.get(len(cells))
    return _from_names(dict(zip(names, cells, strict=False))) if names else None


def _from_names(facts: Mapping[str, Any]) -> CdxLine | None:
    def value(name: str) -> str | None:
        found = next((facts[key] for key in _NAMES[name] if facts.get(key) is not None), None)
        return None if found in (None, "", "-") else str(found)

    url, timestamp = value("url"), value("timestamp") or ""
    if url is None or memento_time(timestamp) is None:
        return None
    status, offset = value("status"), value("offset")
    return CdxLine(
        url=url,
        timestamp=timestamp,
        mime=value("mime"),
        status=int(status) if status is not None and re.fullmatch(r"[1-9]\d\d", status, re.ASCII) else None,
        digest=value("digest"),
        filename=value("filename"),
        offset=int(offset) if offset is not None and re.fullmatch(r"\d{1,15}", offset, re.ASCII) else None,
    )


def in_order_of_choice(lines: Iterable[CdxLine], *, oldest_first: bool) -> list[CdxLine]:
    """Captures of one address, the one to take first."""
    return sorted(lines, key=lambda line: line.timestamp, reverse=not oldest_first)
