"""Lines of a page, so that one parser reads both the HTML and the plain-text shape of it.

A line of an HTML page ends where a reader of the page sees it end: at a ``<br>``, a table row, a list item, a block.
Inline tags end nothing. Around paragraphs, headings, lists and tables stands an empty line, as in the text renderings.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Container
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from pipeline.extract.borders import begins_word

NBSP = "\u00a0"

_SKIPPED = frozenset(
    "script style noscript template head title iframe object embed svg math canvas audio video select datalist textarea".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody tfoot thead tr "
    "ul caption option search".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre hr".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD = frozenset(("b", "strong"))
_ASCII_SPACE = re.compile(r"[ \t\n\r\f]+")
_ASCII_BLANK = " \t\n\r\f"
_SPACES = re.compile(r"  +")
_AROUND_TAB = re.compile(r" *\t *")
_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """One line as published, no-break spaces kept, other white space folded and trimmed.

    ``role`` is heading (an h1 to h6), term (a dt), bold (every letter of it is bold), item (a list item) or empty. ``inner``
    is true for a line that starts inside a table cell or definition after the first line of it: it goes on with what stands
    before.
    """

    text: str
    role: str = ""
    inner: bool = False

    @property
    def bare(self) -> str:
        """The text without white space of any kind at its ends."""
        return self.text.strip()

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


def text_lines(text: str) -> list[Line]:
    """Lines of a page that came as plain text; leading no-break spaces are kept, they carry meaning.

    References that a crude rendering left ("&nbsp;", "&oacute;") are resolved: no reader of the page saw them.
    """
    return [Line(_REFERENCE.sub(_resolved, raw).strip(" \t\f\v")) for raw in _LINE_END.split(text)]


def _resolved(reference: re.Match[str]) -> str:
    text = html.unescape(reference[0])
    return " " if text in "\r\n\t" else text


def html_lines(node: LexborNode, without: Collection[str] = (), left_out: Container[int] = ()) -> list[Line]:
    """Lines of ``node`` and all below it, but for elements of the tags in ``without`` and of the ``mem_id`` in ``left_out``.

    Works without recursion, so nesting cannot exhaust the stack.
    """
    writer = _Writer()
    parts = _parts_of(frozenset(without))
    above: list[tuple[LexborNode, _Part]] = []
    current: LexborNode | None = node
    while current is not None:
        part = parts.get(current.tag_id) or _learnt(current, parts, without)
        below: LexborNode | None = None
        if left_out and current.mem_id in left_out:
            if part.is_block:  # what is left out still ends the line where a block stands
                writer.end_line()
        elif part.is_text:
            raw = current.text_content or ""
            if raw.strip(_ASCII_BLANK) or writer.pieces or writer.depths[_PREFORMATTED]:  # else the line ends of the source
                pieces = writer.pieces
                if pieces and raw[:1].isalpha() and pieces[-1][-1].isalpha() and begins_word(current, pieces[-1], raw):
                    pieces.append(" ")
                writer.text(raw)
        else:
            if part.acts:
                writer.enter(part)
            below = current.child if part.is_entered else None
            if below is None and part.acts:
                writer.leave(part)
        if below is not None:
            above.append((current, part))
            current = below
            continue
        following: LexborNode | None = None  # what comes after the node and all below it; None behind the last
        while above and (following := current.next) is None:
            current, part = above.pop()
            if part.acts:
                writer.leave(part)
        current = following
    return writer.finish()


_BOLD_TEXT, _HEADING, _TERM, _PREFORMATTED, _PLAIN = range(5)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a tag means for the lines. ``is_entered``: what stands below it is read. ``acts``: its start or end tells something.

    ``depth`` says which of the writer's depths an element of the tag adds to.
    """

    tag: str
    is_text: bool
    is_entered: bool
    is_block: bool
    is_spaced: bool
    is_cell: bool
    acts: bool
    depth: int


_HIGHEST_STANDARD_ID = 255
"""Lexbor numbers the tags it knows; another tag's number is good for one document only."""


@lru_cache(maxsize=16)
def _parts_of(without: frozenset[str]) -> dict[int, _Part]:  # noqa: ARG001 - each set of tags left out has its own
    return {}


def _learnt(node: LexborNode, parts: dict[int, _Part], without: Collection[str]) -> _Part:
    """What the tag of the node means; kept for the next node of it."""
    tag = node.tag or ""
    is_skipped = tag in _SKIPPED or tag in without
    depths = {"dt": _TERM, "pre": _PREFORMATTED} | dict.fromkeys(_BOLD, _BOLD_TEXT) | dict.fromkeys(_HEADINGS, _HEADING)
    part = _Part(
        tag,
        is_text=tag == "-text",
        is_entered=tag != "br" and not is_skipped and not tag.startswith(("-", "!")),
        is_block=tag in _BLOCK,
        is_spaced=tag in _SPACED,
        is_cell=tag in ("td", "th"),
        acts=tag in _BLOCK or tag in _BOLD or tag in ("br", "td", "th"),
        depth=depths.get(tag, _PLAIN),
    )
    if node.tag_id <= _HIGHEST_STANDARD_ID:
        parts[node.tag_id] = part
    return part


def _folds(raw: str) -> bool:
    """Whether white space of the text is to be folded; looking for five things in turn is quicker than a pattern of them."""
    return "\n" in raw or "  " in raw or "\t" in raw or "\r" in raw or "\f" in raw


class _Writer:
    """Collects text between line ends. State is what the innermost open tags say of the line being written."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.pieces: list[str] = []
        self.depths = [0, 0, 0, 0, 0]
        self.has_letters = self.has_plain = False
        self.item_pending = self.in_item_line = False
        self.cells: list[tuple[int, bool]] = []  # lines written when the cell opened; whether it goes on a line
        self.line_inner = False
        self.wants_blank = False

    def enter(self, part: _Part) -> None:
        """Takes the start of an element in."""
        if not part.is_entered:
            if part.tag == "br":
                self.end_line(even_empty=True)
            return
        if part.is_block:
            if self.pieces:
                self.end_line()
            if part.is_spaced:
                self.wants_blank = True
            if part.tag == "li":
                self.item_pending = True
            elif part.tag in ("dt", "tr", "table"):
                self.line_inner = False
        elif part.is_cell:
            self._open_cell()
        self.depths[part.depth] += 1

    def leave(self, part: _Part) -> None:
        """Takes the end of an element in; what is not entered ends the line where it is a block."""
        if part.is_cell:
            self._close_cell()
            return
        if part.is_block:
            if self.pieces:
                self.end_line()
            if part.is_spaced:
                self.wants_blank = True
            if part.tag == "tr":
                self.line_inner = False
        if part.is_entered:
            self.depths[part.depth] -= 1
            if part.tag == "li":
                self.item_pending = False

    def finish(self) -> list[Line]:
        self.end_line()
        while self.lines and self.lines[-1].is_blank:
            self.lines.pop()
        return self.lines

    def _open_cell(self) -> None:
        # A cell goes on in the line of the cell before it, parted by a tab, unless that one ended its lines (layout tables).
        if self.pieces and not self.has_letters:
            self.pieces = []
        if self.pieces:
            self.pieces.append("\t")
        self.cells.append((len(self.lines), bool(self.pieces)))

    def _close_cell(self) -> None:
        opened_at, _ = self.cells.pop() if self.cells else (len(self.lines), False)
        if opened_at != len(self.lines) and self.pieces:
            self.end_line()
        self.line_inner = False

    def text(self, raw: str) -> None:
        """Takes a text node in."""
        if self.depths[_PREFORMATTED]:
            first, *rest = _LINE_END.split(raw)
            self._piece(first)
            for piece in rest:
                self.end_line(even_empty=True)
                self._piece(piece)
        elif not raw.strip(_ASCII_BLANK):
            self._piece(raw and " ")
        else:
            self._piece(_ASCII_SPACE.sub(" ", raw) if _folds(raw) else raw)

    def _piece(self, piece: str) -> None:
        if not piece:
            return
        if piece == " " and (not self.pieces or self.pieces[-1].endswith((" ", "\t"))):
            return
        self.pieces.append(piece)
        if piece.isspace():
            return
        self.has_letters = True
        if not self.depths[_BOLD_TEXT]:
            self.has_plain = True
        if self.item_pending:
            self.in_item_line, self.item_pending = True, False

    def end_line(self, *, even_empty: bool = False) -> None:
        text = ""
        if self.pieces:
            text = "".join(self.pieces)
            if "  " in text:
                text = _SPACES.sub(" ", text)
            if "\t" in text:
                text = _AROUND_TAB.sub("\t", text)
            text = text.strip(_ASCII_BLANK)
            self.pieces = []
        if text:
            if self.wants_blank and self.lines and not self.lines[-1].is_blank:
                self.lines.append(Line(""))
            self.wants_blank = False
            self.lines.append(Line(text, self._role(), self.line_inner))
        elif even_empty and self.lines:
            self.lines.append(Line(""))
        self.has_letters = self.has_plain = self.in_item_line = False
        if text and self.cells and self.cells[-1][1]:
            self.line_inner = True

    def _role(self) -> str:
        if self.depths[_HEADING]:
            return "heading"
        if self.depths[_TERM]:
            return "term"
        if self.in_item_line:
            return "item"
        return "bold" if self.has_letters and not self.has_plain else ""
