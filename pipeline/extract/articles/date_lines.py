"""Lines that say when an article was published and nothing else, as blogs and news portals print them."""

from __future__ import annotations

import re

from pipeline.extract.page import one_line
from pipeline.normalise.months import MONTH_NAME

_LONGEST_DATE_LINE = 90
_CHANGED = r"(?:оновлен|zaktualizowan|aktualizacj|poprawion|zmodyfikowan|updated|modified)"
_WEEKDAY = rf"(?!{_CHANGED})[^\W\d_]+(?:[ʼ’'][^\W\d_]+)?\.?,?\s+"
_YEAR_MARK = r"(?:\s*(?:р\.?|г\.?|r\.?|roku|року))?"
_CLOCK = r"(?:(?:[,\s|•·]+|\s-\s)(?:о|o|at|um|v|в|godz\.)?\s*\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?)?"
_DATE_LINE = re.compile(
    r"[-–—•·|\s]*(?:\d{1,2}:\d{2}[,|\s]+)?"
    r"(?:(?:aktualności|wiadomości|wydarzenia|komunikaty|новини|події|оголошення)[\s|,:–-]+(?!(?:we?|z|od|do|[вуз]|від)\s))?"
    r"(?:(?:redaktor|autor|dodała?|автор)\s*:?\s+[^\d|:.!?]{2,50}\s(?=(?:dodan|opublikowan|utworzon)))?"
    r"(?:(?:опубліковано|опубликовано|дата(?: публікації)?|data(?: publikacji| dodania| wpisu)?|opublikowano|dodano"
    r"|(?:dodan|opublikowan|utworzon)[yae](?:\s+dnia)?|posted on|published(?: on)?)"
    r"\s*:?[\s|]*)?"
    rf"(?P<date>(?:{_WEEKDAY})?(?:\d{{1,2}}\.?\s+(?:/\s+)?{MONTH_NAME}\.?,?\s+\d{{4}}"
    rf"|(?P<month_first>{MONTH_NAME}\s+\d{{1,2}},\s+\d{{4}})"
    rf"|(?<=,\s){MONTH_NAME}\s+\d{{1,2}}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}){_YEAR_MARK}){_CLOCK}"
    r"(?:(?<=\d{2}:\d{2}:\d{2})\s+[^\W\d_]{3,20})?"
    r"(?:(?<=\d{4}\s\d{2}:\d{2})\s+(?-i:[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])[^\W\d_’ʼ'-]{2,20})?"
    r"(?:\s*\|\s*(?:переглядів|wyświetleń|odsłon)\s*:\s*\d{1,9})?"
    r"(?:\s+(?:by|przez|автором|автор)\s+\S{1,40})?"
    r"(?:\s*\|\s*[^\W\d_]{3,25}(?:\s+(?:i|oraz|та|і|й)\s+[^\W\d_]{3,25})?)?"
    r"(?:\s*[|•·,]\s*(?:autor|dodała?|opublikowała?|wprowadziła?|kategoria|автор|категорія)\b[^|•·.!?]{1,50}){0,3}[\s|•·-]*",
    re.IGNORECASE,
)

_NOW = re.compile(
    rf"[^\W\d_]{{4,12}}(?:[ʼ’'][^\W\d_]+)?,\s+\d{{1,2}}\s+{MONTH_NAME}\s+\d{{4}}[,\s]+\d{{1,2}}:\d{{2}}", re.IGNORECASE
)


def date_in_line(text: str) -> str | None:
    """The date as printed on a line that holds nothing else but a label, dash or clock time; None for any other line."""
    match = _DATE_LINE.fullmatch(one_line(text)) if len(text) <= _LONGEST_DATE_LINE else None
    return match["date"].strip() if match is not None else None


def is_clock(text: str) -> bool:
    """Whether the line tells weekday, day and time, as portals print what time it is: "sobota, 20 grudnia 2025 06:08"."""
    return _NOW.fullmatch(one_line(text)) is not None


def is_month_first(text: str) -> bool:
    """Whether the date line is written as new Blogger themes do: "жовтня 23, 2025"."""
    match = _DATE_LINE.fullmatch(one_line(text))
    return match is not None and match["month_first"] is not None
