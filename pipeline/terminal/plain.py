"""Texts of pages on a terminal: nothing in them may move the cursor, set a title or turn the direction of reading."""

from __future__ import annotations

import re

_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_OWN_COLOUR = re.compile("\x1b\\[[0-9;]{0,12}m")


def inert(text: str) -> str:
    r"""``text`` with every character that steers a terminal written out (``\x1b``); line ends, tabs and colours stay."""
    parts = _OWN_COLOUR.split(text)
    colours = [*_OWN_COLOUR.findall(text), ""]
    return "".join(_STEERS.sub(_written_out, part) + colour for part, colour in zip(parts, colours, strict=True))


def one_line(text: str) -> str:
    """``text`` on one line, inert, without colours."""
    return _STEERS.sub(_written_out, " ".join(text.split()))


def _written_out(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")
