"""Text on its way out of a file: cleaned, cut at a limit, or the reason why there is none."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MAX_TEXT: Final = 200_000
"""Characters of text kept of one file: some 80 printed pages."""

# Characters that no text holds: controls, lone surrogates, and what PDFium puts for a hyphen at a line end (U+FFFE).
_HYPHEN_AT_END = re.compile("[\x02\ufffe]\r?\n?")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_END = re.compile(r"[^\S\n]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


class NoText(Exception):
    """A file yields no text; the message is the reason. Raised by readers, ends as ``text_missing_reason``."""


class Enough(Exception):
    """The text is as long as may be kept. Raised by `Text.add` to end the reading."""


class FileText(NamedTuple):
    """Text of a file, None with the ``reason``; text with a reason was cut or read only in part."""

    text: str | None
    reason: str | None


class Text:
    """Collects pieces of text up to MAX_TEXT characters."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._is_full = False
        self.notes: list[str] = []

    def add(self, piece: str) -> None:
        """Takes a piece. Raises Enough when the limit is reached."""
        self._pieces.append(piece)
        self._length += len(piece)
        if self._length > 2 * MAX_TEXT:  # cleaning shortens
            self._is_full = True
            raise Enough

    def result(self, reason: str | None) -> FileText:
        """The text so far, cleaned, with ``reason`` where the reading failed."""
        whole = cleaned("".join(self._pieces))
        notes = [*self.notes, *([reason] if reason else [])]
        if len(whole) > MAX_TEXT or self._is_full:
            whole = whole[:MAX_TEXT].rstrip()
            notes.insert(0, f"cut at {MAX_TEXT} characters")
        if not whole:
            return FileText(None, "; ".join(notes) or "the file holds no text")
        return FileText(whole, "; ".join(notes) or None)


def cleaned(text: str) -> str:
    """``text`` without control characters, hyphens at line ends joined, line ends as line feeds, no run of blank lines."""
    text = _LINE_END.sub("\n", _HYPHEN_AT_END.sub("", text))
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    return _BLANK_LINES.sub("\n\n", _BLANK_END.sub("", text)).strip()
