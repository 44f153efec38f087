"""Lines between a title and its text that are neither: counters, category, who posted it, buttons, the way home, pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.articles.date_lines import is_clock
from pipeline.extract.lines import Line
from pipeline.extract.page import one_line

_COUNTER = (
    r"(?:odsłon[ya]?|wyświetle(?:nia|ń)|liczba (?:odsłon|wyświetleń|wejść|odwiedzin)|czytano|hits|views|перегляд(?:ів|и)"
    r"|кількість переглядів|просмотр(?:ов|ы))\s*:?\s*\d[\d\s.]*(?:raz[y]?)?"
    r"|(?:\d[\d.,]* (?:likes?|views?|downloads?|wyświetleń|odsłon|переглядів)(?: \| )?){1,4}"
)
_PARTICULAR = re.compile(
    _COUNTER
    + r"|(?:реклама|reklama|advertisement)|\d{1,3}\s*(?:хв|хвилин[аи]?|min|minut[ay]?)\.?\s+(?:читати|читання|czytania|read)"
    r"|(?:kategori[ae]|категорі[яї]|рубрика|category|categories)\s*:\s*.{2,80}"
    r"|(?:napisan[ey]|opublikowan[ey]|zamieszczon[ey]|dodan[ey]|wysłan[ey])\s+przez\s*:?\s*[^.!?\d]{2,60}"
    r"|[^\W_]*_\w*|\d{1,2}:\d{2}|szczegóły|details|(?:jesteś tutaj|ви тут|you are here)\s*:?.{0,160}"
    r"|(?:strona główna|головна|главная)\s+(?-i:(?=[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ]))[^.!?;:]{10,400}"
    r"|(?:strona główna|start|home|головна(?: сторінка)?|главная)(?:\s+[>»›/|→]+\s+[^>»›/|→]{2,200}){1,6}"
    r"|[^»]{2,60}(?:\s+»\s+[^»]{2,60}){2,5}|\S{0,80}\.(?:jpe?g|png|gif|webp)\)?"
    r"|(?:українська|русский|english|polski|deutsch)(?:\s*[|/•·]\s*(?:українська|русский|english|polski|deutsch)){1,4}"
    r"|(?:»\s+){2}[^»]{2,200}|.{0,40}powrót do strony głównej",
    re.IGNORECASE,
)

_SECTIONS = frozenset(("новини", "новости", "aktualności", "news"))
_LONGEST_CLOSING = 220
_CLOSING = re.compile(
    r"(?:kategori[ae]|категорі[яї]|рубрика|category|categories|tags?|tagi|теги|позначки|мітки)\s*:\s*[^.!?]{2,200}"
    r"|[←‹][^→›]{2,150}|[^←‹]{2,150}[→›]|«[^»]{2,150}|[^«]{2,150}\s»",
    re.IGNORECASE,
)
_COUNTERS = re.compile(_COUNTER, re.IGNORECASE)


def is_counter(line: Line) -> bool:
    """Whether the line says how often the page was seen and nothing else."""
    return _COUNTERS.fullmatch(one_line(line.text)) is not None


def is_section(lines: Sequence[Line], at: int) -> bool:
    """Whether the line stands alone and names the part of a site that its news are in."""
    is_alone = (at == 0 or lines[at - 1].is_blank) and at + 1 < len(lines) and lines[at + 1].is_blank
    return is_alone and lines[at].bare.casefold() in _SECTIONS


def is_particular(line: Line) -> bool:
    """Whether the line is one of these and nothing else."""
    return _PARTICULAR.fullmatch(one_line(line.text)) is not None


def without_clock(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without a portal's clock: it stands first on the page, and nothing but advertisements right below it."""
    written = [at for at in range(min(len(lines), 12)) if not lines[at].is_blank][:3]
    is_first = len(written) == 3 and is_clock(lines[written[0]].bare)
    return lines[written[1] :] if is_first and all(is_particular(lines[at]) for at in written[1:]) else lines


def is_closing(line: Line) -> bool:
    """Whether a line at the end of an article files it or leads to the one before or behind, and says nothing else."""
    text = one_line(line.text)
    return len(text) <= _LONGEST_CLOSING and _CLOSING.fullmatch(text) is not None
