"""Lines of a page, so that one parser reads both the HTML and the plain-text shape of it.

A line of an HTML page ends where a reader of the page sees it end: at a ``<br>``, a table row, a list item, a block.
Inline tags end nothing. Around paragraphs, headings, lists and tables stands an empty line, as in the text renderings.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Container
from typing import NamedTuple

from selectolax.lexbor import LexborNode

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
_SILENT = frozenset(
    "a abbr acronym big cite code em font i img input ins kbd label mark q s small span sub sup time u var".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD = frozenset(("b", "strong"))
_ASCII_SPACE = re.compile(r"[ \t\n\r\f]+")
_FOLDS = re.compile(r"[\t\n\r\f]|  ")
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
    writer = _Writer(_SKIPPED.union(without))
    current: LexborNode | None = node
    top = node.mem_id
    while current is not None:
        entered = current.mem_id not in left_out
        if not entered:
            writer.pass_by(current)
        below = writer.enter(current) if entered else None
        if below is not None:
            current = below
            continue
        while current is not None:
            if entered:
                writer.leave(current)
            entered = True
            if current.mem_id == top:
                current = None
                break
            following = current.next
            if following is not None:
                current = following
                break
            current = current.parent
    return writer.finish()


class _Writer:
    """Collects text between line ends. State is what the innermost open tags say of the line being written."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self.skipped = skipped
        self.lines: list[Line] = []
        self.pieces: list[str] = []
        self.bold_depth = self.heading_depth = self.term_depth = self.pre_depth = 0
        self.has_letters = self.has_plain = False
        self.item_pending = self.in_item_line = False
        self.cells: list[tuple[int, bool]] = []  # lines written when the cell opened; whether it goes on a line
        self.line_inner = False
        self.wants_blank = False

    def enter(self, node: LexborNode) -> LexborNode | None:
        """Takes the node in; the first child to go on with, or None when there is nothing below to read."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return None
        if tag in _SILENT and tag not in self.skipped:
            return node.child
        if tag.startswith(("-", "!")) or tag in self.skipped:
            return None
        if tag == "br":
            self._end_line(even_empty=True)
            return None
        if tag in ("td", "th"):
            self._open_cell()
        elif tag in _BLOCK:
            self._end_line()
            self.wants_blank |= tag in _SPACED
            if tag in ("dt", "tr", "table"):
                self.line_inner = False
        self.bold_depth += tag in _BOLD
        self.heading_depth += tag in _HEADINGS
        self.term_depth += tag == "dt"
        self.pre_depth += tag == "pre"
        if tag == "li":
            self.item_pending = True
        return node.child

    def pass_by(self, node: LexborNode) -> None:
        """A node left out still ends the line where a block stands."""
        if (node.tag or "") in _BLOCK:
            self._end_line()

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _SILENT or tag == "-text":
            return
        if tag in ("td", "th"):
            self._close_cell()
            return
        if tag in _BLOCK:
            self._end_line()
            self.wants_blank |= tag in _SPACED
            if tag == "tr":
                self.line_inner = False
        if tag in self.skipped:
            return
        self.bold_depth -= tag in _BOLD
        self.heading_depth -= tag in _HEADINGS
        self.term_depth -= tag == "dt"
        self.pre_depth -= tag == "pre"
        if tag == "li":
            self.item_pending = False

    def finish(self) -> list[Line]:
        self._end_line()
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
            self._end_line()
        self.line_inner = False

    def _text(self, raw: str) -> None:
        if self.pre_depth:
            first, *rest = _LINE_END.split(raw)
            self._piece(first)
            for piece in rest:
                self._end_line(even_empty=True)
                self._piece(piece)
            return
        self._piece(_ASCII_SPACE.sub(" ", raw) if _FOLDS.search(raw) else raw)

    def _piece(self, piece: str) -> None:
        if not piece:
            return
        if piece == " " and (not self.pieces or self.pieces[-1].endswith((" ", "\t"))):
            return
        self.pieces.append(piece)
        if piece.isspace():
            return
        self.has_letters = True
        if not self.bold_depth:
            self.has_plain = True
        if self.item_pending:
            self.in_item_line, self.item_pending = True, False

    def _end_line(self, *, even_empty: bool = False) -> None:
        text = ""
        if self.pieces:
            text = "".join(self.pieces)
            if "  " in text:
                text = _SPACES.sub(" ", text)
            if "\t" in text:
                text = _AROUND_TAB.sub("\t", text)
            text = text.strip(" \t\n\r\f")
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
        if self.heading_depth:
            return "heading"
        if self.term_depth:
            return "term"
        if self.in_item_line:
            return "item"
        return "bold" if self.has_letters and not self.has_plain else ""
