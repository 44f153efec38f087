"""The text of a document that a page shows page by page: its title above, then a label, then the document's own words.

Seen on pages of sites that show what others uploaded: the title, a size and a download line that repeats the title, the label
"Transkrypt" or "Transcript of …" with the title once more, the text with the number of each page before it, and a list of
documents alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pipeline.extract.furniture import folded_line
from pipeline.extract.lines import Line
from pipeline.extract.page import one_line

_WORD = re.compile(r"[^\W\d_]{3}")
_FARTHEST = 40  # lines: how far the label stands from the top of the page
_LONGEST_LABEL = 40  # characters
_LONGEST_TITLE = 300


class DocumentText(NamedTuple):
    """The title as printed above the label, None when nothing stands there; the lines of the document below it."""

    title: str | None
    lines: list[Line]


def document_text(lines: Sequence[Line], labels: Collection[str]) -> DocumentText | None:
    """The document of the page; None when none of its first lines is one of ``labels``, which are folded.

    A line of a label and the title printed at the top is a label too.
    """
    title: str | None = None
    for at, line in enumerate(lines[:_FARTHEST]):
        if title is None and _WORD.search(line.text) is not None:
            title = one_line(line.text)
        elif _is_label(line, labels, title) and not all(below.is_blank for below in lines[at + 1 :]):
            return DocumentText(title if title and len(title) <= _LONGEST_TITLE else None, list(lines[at + 1 :]))
    return None


def _is_label(line: Line, labels: Collection[str], title: str | None) -> bool:
    if len(line.text) <= _LONGEST_LABEL and folded_line(line.text) in labels:
        return True
    first, _, rest = line.bare.partition(" ")
    if title is None or not rest or folded_line(first) not in labels:
        return False
    return folded_line(rest.removeprefix("of ")) == folded_line(title)


def lists_documents_alike(lines: Sequence[Line], labels: Collection[str]) -> bool:
    """Whether a list of documents alike stands right below the first line: then the page shows none itself."""
    written = (line for line in lines if not line.is_blank)
    next(written, None)
    below = next(written, None)
    return below is not None and len(below.text) <= _LONGEST_LABEL and folded_line(below.text) in labels
