"""What a browser adds to a page that it prints: name and address above, number of the sheet and time below.

A text that was copied from such a print has these lines in its midst.
"""

from __future__ import annotations

import re

from pipeline.extract.lines import Line

_SHEET = re.compile(
    r"^[^\S\n]*\d{1,3}[^\S\n](?:z|of|із|з)[^\S\n]\d{1,3}[^\S\n]+\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[^\S\n]\d{1,2}:\d{2}(?::\d{2})?[^\S\n]*$",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"\bhttps?://\S+$")


def without_print_marks(lines: list[Line], text: str) -> list[Line]:
    """The lines of the page's ``text`` without those of a print: "1 z 2 2013-06-04 10:11", and the address beside it."""
    if _SHEET.search(text) is None:
        return lines
    sheets = {at for at, line in enumerate(lines) if _SHEET.fullmatch(line.text)}
    beside = {at for sheet in sheets for at in (sheet - 1, sheet + 1) if 0 <= at < len(lines)}
    marks = sheets | {at for at in beside if _ADDRESS.search(lines[at].bare) is not None}
    return [line for at, line in enumerate(lines) if at not in marks]
