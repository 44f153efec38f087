"""Lines between a title and its text that are neither: counters, category, who posted it, buttons, the way home, pictures."""

from __future__ import annotations

import re

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
    r"|(?:strona główna|start|home|головна(?: сторінка)?|главная)(?:\s+[>»›/|→]+\s+[^>»›/|→]{2,200}){1,6}"
    r"|[^»]{2,60}(?:\s+»\s+[^»]{2,60}){2,5}|\S{0,80}\.(?:jpe?g|png|gif|webp)\)?"
    r"|(?:українська|русский|english|polski|deutsch)(?:\s*[|/•·]\s*(?:українська|русский|english|polski|deutsch)){1,4}"
    r"|(?:»\s+){2}[^»]{2,200}|.{0,40}powrót do strony głównej",
    re.IGNORECASE,
)

_COUNTERS = re.compile(_COUNTER, re.IGNORECASE)


def is_counter(line: Line) -> bool:
    """Whether the line says how often the page was seen and nothing else."""
    return _COUNTERS.fullmatch(one_line(line.text)) is not None


def is_particular(line: Line) -> bool:
    """Whether the line is one of these and nothing else."""
    return _PARTICULAR.fullmatch(one_line(line.text)) is not None
