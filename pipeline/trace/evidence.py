"""What a cell was made from: how, out of which capture, and from which published texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

Derivation = Literal[
    "published", "labelled", "wording", "text", "file", "counted", "address", "register", "capture", "assigned"
]
"""How a value comes about.

published: the text as it stands on the page; labelled: typed from the value of a label; wording: typed from words of the
text (a date, a count); text: told from a whole text (its language); file: read from a file the page offers; counted: the
number of what the page holds; address: from the address of the page, or from one on it; register: a unit of a territorial
register, told by published texts; capture: a fact of the capture; assigned: given by our rules, no text of its own.
"""

SAID: Mapping[Derivation, str] = {
    "published": "published text",
    "labelled": "typed from a labelled value",
    "wording": "typed from a wording of the text",
    "text": "told from the text",
    "file": "read from an attached file",
    "counted": "counted on the page",
    "address": "from an address",
    "register": "from a register",
    "capture": "fact of the capture",
    "assigned": "given by our rules",
}
LOCATED: frozenset[Derivation] = frozenset(("published", "labelled", "wording", "text", "counted", "register"))
"""Derivations whose texts stand on the page."""

PROVENANCE = ("source", "source_url", "captured_at", "capture_id")
_DEPARTURE = ("is_gone", "gone_on", "gone_capture_id")


class Piece(NamedTuple):
    """A published text a cell was made from, and what tells it from the same words elsewhere on the page.

    ``label``: it follows this label. ``within``: it stands in this passage. ``sequence``: texts that follow each other on
    the page, of which it is number ``place``; with ``is_part`` it stands inside that one, with ``is_number`` it is the number
    printed before it. ``is_link``: an address of the page.
    """

    text: str
    label: str | None = None
    within: str | None = None
    sequence: tuple[str, ...] = ()
    place: int = 0
    is_part: bool = False
    is_number: bool = False
    is_link: bool = False


class Evidence(NamedTuple):
    """What one cell was made from. ``capture_id`` is None where no page is behind it; ``note`` says more, for people."""

    derivation: Derivation
    capture_id: str | None
    pieces: tuple[Piece, ...] = ()
    note: str = ""


Cells = dict[str, Evidence]
Row = Mapping[str, Any]


def in_order(texts: Sequence[str]) -> tuple[Piece, ...]:
    """Texts that follow each other on a page, as pieces."""
    sequence = tuple(texts)
    return tuple(Piece(text, sequence=sequence, place=place) for place, text in enumerate(sequence))


def of_text(text: str | None, **told: Any) -> tuple[Piece, ...]:
    """A single text as pieces, none where there is no text."""
    return (Piece(text, **told),) if text else ()


def of_texts(value: Any, **told: Any) -> tuple[Piece, ...]:
    """A cell's value as texts to be looked for: a list by members, a text by its blocks."""
    if isinstance(value, list):
        return tuple(Piece(str(member), **told) for member in value if member)
    return tuple(Piece(block, **told) for block in str(value).split("\n\n") if block.strip())


def provenance_cells(row: Row) -> Cells:
    """The columns that every data row carries."""
    capture = row.get("capture_id")
    notes = {
        "source": "the source that claims the page",
        "source_url": "WARC-Target-URI of the record",
        "captured_at": "WARC-Date of the record",
        "capture_id": "the record itself",
    }
    gone = row.get("gone_capture_id")
    if gone is not None:
        departure = Evidence("capture", gone, (), "its answer: 404 or 410")
    else:
        departure = Evidence("assigned", capture, (), "no answer 404 or 410 after this capture")
    return {
        **{name: Evidence("capture", capture, (), notes[name]) for name in PROVENANCE},
        **dict.fromkeys(_DEPARTURE, departure),
    }
