"""The data dictionary for a terminal: a table a heading, a column a row, meanings in one language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pipeline.schema.dictionary import column_notes
from pipeline.schema.spec import Column, Table, code_lists
from pipeline.terminal.tables import rendered

if TYPE_CHECKING:
    from rich.table import Table as Grid
    from rich.text import Text

Language = Literal["en", "pl", "uk"]
_NAME = 25  # the longest name of a column
_TYPE = 9  # timestamp


def dictionary_text(chosen: Iterable[Table], language: Language, width: int) -> str:
    """The chosen tables and the code lists they use, at most ``width`` columns wide."""
    chosen = list(chosen)
    parts = [_table(table, language, width) for table in chosen]
    used = sorted({column.codes for table in chosen for column in table.columns.values() if column.codes})
    parts += [_codes(name, language, width) for name in used]
    if len(chosen) > 1:
        parts.append("One table alone: praktyki dictionary TABLE\nIn Polish, Ukrainian: --language pl, --language uk")
    return "\n\n".join(parts)


def _table(table: Table, language: Language, width: int) -> str:
    from rich.text import Text

    head = Text(table.name, style="bold").append(f"  {table.path}, key: {', '.join(table.key) or 'none'}", style="not bold dim")
    head.append(f"\n{getattr(table.description, language)}", style="not bold")
    grid = _grid(_NAME, _TYPE)
    for name, column in table.columns.items():
        grid.add_row(Text(name, style="bold"), Text(column.type, style="dim"), _meaning(column, language))
    return f"{rendered(head, width)}\n\n{rendered(grid, width)}"


def _meaning(column: Column, language: Language) -> Text:
    from rich.text import Text

    meaning = Text(getattr(column, language))
    notes = column_notes(column)
    return meaning.append(f" [{notes}]", style="dim") if notes else meaning


def _codes(name: str, language: Language, width: int) -> str:
    from rich.text import Text

    position = ("en", "pl", "uk").index(language)
    codes = code_lists()[name]
    grid = _grid(min(max(map(len, codes)), width // 2))
    for code, words in codes.items():
        grid.add_row(Text(code, style="bold"), Text(words[position]))
    return f"{rendered(Text(f'codes {name}', style='bold'), width)}\n\n{rendered(grid, width)}"


def _grid(*widths: int) -> Grid:
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 2, 0, 0), pad_edge=False)
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    grid.add_column()
    return grid
