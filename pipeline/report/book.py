"""Parts of the report that every chapter is made of: tables, charts with their numbers below, chapter heads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from pipeline.report.charts import grouped
from pipeline.report.markup import Markup, both, joined, text, words

Words = tuple[str, str]
"""The same in Polish and in English."""


class Column(NamedTuple):
    """One column of a table: its head, and how its cells are set."""

    head: Words
    kind: Literal["text", "number", "date", "scale"] = "text"


class Cell(NamedTuple):
    """A cell on the scale of look.css, 0 to 5."""

    markup: Markup
    step: int


class Book:
    """Numbers chapters and tables as they come."""

    def __init__(self) -> None:
        self.chapters: list[tuple[str, Words]] = []
        self._tables = 0
        self._drawings = 0

    def chapter(self, id_: str, heading: Words, *parts: Markup) -> Markup:
        """A chapter with its number; ``id_`` is what links point at."""
        self.chapters.append((id_, heading))
        number = f'<span class="no">{len(self.chapters)}</span>'
        inside = joined(parts, "\n")
        head = f'<h2 id="{id_}-head">{number}{words(*heading)}</h2>'
        return Markup(f'<section class="chapter" id="{id_}" aria-labelledby="{id_}-head">{head}\n{inside}</section>')

    def contents(self) -> Markup:
        """Links to the chapters made so far."""
        items = "".join(
            f'<li><a href="#{id_}"><span class="no">{at}</span>{words(*heading)}</a></li>'
            for at, (id_, heading) in enumerate(self.chapters, 1)
        )
        label = '<h2 class="unseen" id="contents-head">' + words("Spis treści", "Contents") + "</h2>"
        return Markup(f'<nav aria-labelledby="contents-head">{label}<ol class="contents">{items}</ol></nav>')

    def table(
        self,
        caption: Words,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Markup | Cell]],
        *,
        foot: Sequence[Markup] = (),
        css: str = "",
    ) -> Markup:
        """A table with number and caption; the first cell of a row heads it. None: a line that says so."""
        self._tables += 1
        label = f"tab-{self._tables}"
        body = "".join(_row(row, columns) for row in rows)
        told = f'<span class="tab-no">{words(f"Tabl. {self._tables}.", f"Table {self._tables}.")}</span> {words(*caption)}'
        if not body:
            return Markup(f'<p class="note">{told}: {words("brak.", "none.")}</p>')
        head = "".join(f'<th scope="col"{_css(column.kind)}>{words(*column.head)}</th>' for column in columns)
        end = f"<tfoot>{_row(foot, columns)}</tfoot>" if foot else ""
        style = f' class="{css}"' if css else ""
        return Markup(
            f'<div class="scroll" role="group" tabindex="0" aria-labelledby="{label}"><table{style}>'
            f'<caption id="{label}">{told}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{end}</table></div>'
        )

    def chart(self, caption: Words, draw: Callable[[int, str], Markup | None], css: str = "") -> Markup:
        """A chart with its caption. ``draw`` makes it for a language (0 Polish, 1 English), named by the element given.

        Its numbers belong into a table after it.
        """
        self._drawings += 1
        label = f"fig-{self._drawings}"
        title = f'<figcaption id="{label}">{words(*caption)}</figcaption>'
        polish, english = draw(0, label), draw(1, label)
        if polish is None or english is None:
            return Markup("")
        style = f' class="{css}"' if css else ""
        return Markup(f"<figure{style}>{title}{both(polish, english)}</figure>")


def paragraph(polish: str, english: str, css: str = "") -> Markup:
    """A paragraph in both languages."""
    style = f' class="{css}"' if css else ""
    return Markup(f"<p{style}>{words(polish, english)}</p>")


def number(value: int) -> Markup:
    """A number with its thousands apart."""
    return text(grouped(value))


def pair(*parts: Markup) -> Markup:
    """Parts side by side where there is room."""
    return Markup(f'<div class="pair">{"".join(f"<div>{part}</div>" for part in parts)}</div>')


def folded(summary: Words, inside: Markup) -> Markup:
    """What opens on request; print shows it."""
    return Markup(f"<details><summary>{words(*summary)}</summary>{inside}</details>")


def command(line: str) -> Markup:
    """A command for a terminal."""
    return Markup(f"<code>{text(line)}</code>")


def step_of(share: float) -> int:
    """A share on the scale of look.css: 0 for nothing, 5 for all."""
    return 0 if share <= 0 else min(5, 1 + int(share * 4))


def _row(cells: Sequence[Markup | Cell], columns: Sequence[Column]) -> str:
    shown = []
    for at, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        if isinstance(cell, Cell):
            shown.append(f'<td class="scale-{cell.step}">{cell.markup}</td>')
        elif at == 0:
            shown.append(f'<th scope="row"{_css(column.kind)}>{cell}</th>')
        else:
            shown.append(f"<td{_css(column.kind)}>{cell}</td>")
    return f"<tr>{''.join(shown)}</tr>"


def _css(kind: str) -> str:
    return "" if kind == "text" else ' class="number"' if kind == "scale" else f' class="{kind}"'
