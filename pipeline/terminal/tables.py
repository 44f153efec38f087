"""Tables of text that fit the terminal: 80 columns where there is none, colour only on one (and never with NO_COLOR)."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.terminal.plain import one_line

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
_NARROWEST = 8  # a cut column of fewer letters says nothing
_GAP = 2
_GAP_TEXT = " " * _GAP


def terminal_width() -> int:
    """Columns of the terminal, or what the variable COLUMNS says; WIDTH where there is neither."""
    return max(shutil.get_terminal_size((WIDTH, 24)).columns, 40)


def text_table(names: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[bool], width: int) -> str:
    """The rows as a table of at most ``width`` columns: the longest values are cut, and say so with "…".

    Where there are too many columns for that, each row is a block of lines instead, a value a line.
    """
    names = [one_line(name) for name in names]
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = _widths([[*column] for column in zip(names, *cells, strict=True)], width)
    if widths is None:
        return _blocks(names, cells, width)
    lines = [_line(row, widths, numeric) for row in [names, *cells]]
    return "\n".join([_bold(lines[0]), _GAP_TEXT.join("─" * one for one in widths), *lines[1:]])


def _widths(columns: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Widths that fit: short columns whole, the long ones cut to the same length; None where that leaves them too narrow."""
    wanted = [max(map(_length, column)) for column in columns]
    room = width - _GAP * (len(wanted) - 1)
    limit = max(wanted, default=0)
    while sum(min(one, limit) for one in wanted) > room:
        limit -= 1
        if limit < _NARROWEST:
            return None
    return [min(one, limit) for one in wanted]


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = []
    for text, width, is_number in zip(row, widths, numeric, strict=True):
        fitted = _cut(text, width)
        blank = " " * (width - _length(fitted))
        parts.append(blank + fitted if is_number else fitted + blank)
    return _GAP_TEXT.join(parts).rstrip()


def _blocks(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    label = min(max(map(_length, names)), width // 3)
    blocks = []
    for number, row in enumerate(rows, 1):
        pairs = zip(names, row, strict=True)
        lines = [_line([_cut(name, label), cell], [label, width - label - _GAP], [False, False]) for name, cell in pairs]
        blocks.append("\n".join([_bold(f"row {number}"), *lines]))
    return "\n\n".join(blocks)


def _cut(text: str, room: int) -> str:
    from rich.cells import set_cell_size

    return text if _length(text) <= room else set_cell_size(text, room - 1).rstrip() + "…"


def _length(text: str) -> int:
    """Columns the text takes: a letter may take two or none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def rendered(what: Any, width: int) -> str:
    """What rich would print, as text; with colour only where stdout is a terminal and NO_COLOR is not set."""
    file = io.StringIO()
    _console(file, width).print(what)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip("\n").split("\n"))


def _bold(line: str) -> str:
    if not sys.stdout.isatty():
        return line
    from rich.text import Text

    return rendered(Text(line, style="bold", no_wrap=True), len(line) + 1)


def _console(file: io.StringIO, width: int) -> Console:
    from rich.console import Console

    styled = sys.stdout.isatty() and not Console().no_color  # rich reads NO_COLOR, and would still print bold
    return Console(file=file, width=width, force_terminal=styled, highlight=False, markup=False, emoji=False)
