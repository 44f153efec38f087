"""Dates as people write them in Polish and Ukrainian (English, German, Czech and Russian too), never with an invented part.

Numeric dates are day.month.year, as in Poland and Ukraine. Results are ISO 8601 in reduced form: ``2011``, ``2011-11``,
``2011-11-09``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from pipeline.normalise.months import MONTH_NAME, ROMAN_MONTH, month_number
from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, ambiguous, invalid, missing, ok
from pipeline.normalise.text import plain_dashes, says_nothing

Precision = Literal["year", "month", "day"]

FIRST_YEAR, LAST_YEAR = 1000, 2199


class PartialDate(NamedTuple):
    """A date as far as the text tells it: ISO 8601 reduced form and its precision."""

    text: str
    precision: Precision

    @property
    def whole(self) -> dt.date | None:
        """The calendar day, None unless the date is known to the day."""
        return dt.date.fromisoformat(self.text) if self.precision == "day" else None


class FoundDate(NamedTuple):
    """A date in running text: where it stands, as printed, and what it is.

    ``date`` is None when the text does not tell one date: a day and month without a year, a range, an impossible day.
    """

    start: int
    end: int
    raw: str
    date: PartialDate | None


class _Mention(NamedTuple):
    start: int
    end: int
    dates: tuple[PartialDate, ...]
    problem: str  # why there is not one date; empty when there is


_Told = tuple[tuple[PartialDate, ...], str]  # the dates told, and why there is not one date
_Reader = Callable[[re.Match[str]], _Told]


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    read: _Reader
    stands_in_prose: bool  # some shapes are dates only where a date is asked for: "5/2011" is often the number of an act


_NO_YEAR = "the year is not stated"
_TWO_DIGITS = "the year has two digits"
_RANGE = "the text tells a range, not one date"

_LEFT = r"(?<!\w)(?<!\d[.,/:-])"
_LEFT_OF_DAY = r"(?<!\w)(?<!\d[.,/:])"  # a hyphen may join two dates: "01.01.2007-31.12.2008"
_DAY = r"(?P<d>\d{1,2})(?:\s?-?(?:go|ego|ого|го|те|ter|st|nd|rd|th)(?![^\W\d_]))?"
_YEAR = r"(?P<y>\d{4})(?!\d)(?![.,]\d)"
_TO = r"\s*(?:-|/|\b(?:do|i|oraz|a|to|and|bis|und|až|по|до|та|і|й|и)\b)\s*"
_YEAR_WORD = r"(?:\s*(?:roku|rok|року|рік|года?)\b)?"
_CLOCK = r"(?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?(?!\d))?"


def _form(pattern: str, read: _Reader, *, prose: bool = True) -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE), read, prose)


def _number(text: str) -> int:
    return month_number(text) or 0 if not text.isdigit() else int(text)


def _dated(year: str, month: str | None = None, day: str | None = None) -> _Told:
    """One date of printed parts, or none and why."""
    y = int(year)
    if not FIRST_YEAR <= y <= LAST_YEAR:
        return (), f"{year} is no year between {FIRST_YEAR} and {LAST_YEAR}"
    if month is None:
        return (PartialDate(f"{y:04d}", "year"),), ""
    m = _number(month)
    if not 1 <= m <= 12:
        if day is not None and 1 <= int(day) <= 12 and 1 <= m <= calendar.monthrange(y, int(day))[1]:
            return (), f"there is no month {month}; the text may put the month first"
        return (), f"there is no month {month}"
    if day is None:
        return (PartialDate(f"{y:04d}-{m:02d}", "month"),), ""
    d = int(day)
    if not 1 <= d <= calendar.monthrange(y, m)[1]:
        return (), f"{y:04d}-{m:02d} has no day {day}"
    return (PartialDate(f"{y:04d}-{m:02d}-{d:02d}", "day"),), ""


def _range_of(*parts: tuple[str, str | None, str | None]) -> _Told:
    dates = tuple(date for part in parts for date in _dated(*part)[0])
    return dates, _RANGE


def _year_and_two_digits(m: re.Match[str]) -> _Told:
    """``2011-12`` is a month in ISO 8601, ``2009-14`` and the school year ``2011/12`` are ranges."""
    year, tail = m["y"], m["m"]
    if m["s"] in "-." and 1 <= int(tail) <= 12:
        return _dated(year, tail)
    if int(tail) > int(year[2:]):
        return _range_of((year, None, None), (year[:2] + tail, None, None))
    return _dated(year, tail)


_FORMS = (
    _form(_LEFT + r"(?P<y>\d{4})(?P<s>[-./])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)" + _CLOCK,
        lambda m: _dated(m["y"], m["m"], m["d"])),
    _form(r"^\s*(?P<y>[12]\d{3})(?P<m>\d{2})(?P<d>\d{2})\s*$", lambda m: _dated(m["y"], m["m"], m["d"]), prose=False),
    # two days of one month, or of two
    _form(
        _LEFT + r"(?P<d>\d{1,2})\.?" + _TO + r"(?P<d2>\d{1,2})\.?\s*(?P<m>" + MONTH_NAME + r")\.?,?" + _YEAR_WORD
        + r"\s*" + _YEAR,
        lambda m: _range_of((m["y"], m["m"], m["d"]), (m["y"], m["m"], m["d2"])),
    ),
    _form(
        _LEFT + r"(?P<d>\d{1,2})\.?\s*-\s*(?P<d2>\d{1,2})\.\s?(?P<m>\d{1,2}|" + ROMAN_MONTH + r")\.\s?" + _YEAR,
        lambda m: _range_of((m["y"], m["m"], m["d"]), (m["y"], m["m"], m["d2"])),
    ),
    _form(
        _LEFT + r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.?\s*(?:-|\bdo\b|\bдо\b)\s*(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\." + _YEAR,
        lambda m: _range_of((m["y"], m["m"], m["d"]), (m["y"], m["m2"], m["d2"])),
    ),
    _form(
        _LEFT + r"(?P<d>\d{1,2})\.?\s+(?P<m>" + MONTH_NAME + r")\.?" + _TO + r"(?P<d2>\d{1,2})\.?\s+(?P<m2>" + MONTH_NAME
        + r")\.?,?\s+" + _YEAR,
        lambda m: _range_of((m["y"], m["m"], m["d"]), (m["y"], m["m2"], m["d2"])),
    ),
    # one day
    _form(
        _LEFT_OF_DAY + r"(?P<d>\d{1,2})(?:(?P<s>[./-])\s?(?P<m>\d{1,2})(?P=s)|[ ./-]\s?(?P<rm>" + ROMAN_MONTH
        + r")[ ./-])\s?" + _YEAR,
        lambda m: _dated(m["y"], m["m"] or m["rm"], m["d"]),
    ),
    _form(
        _LEFT + _DAY + r"\.?\s*(?:/\s*|of\s+|dnia\s+)?(?P<m>" + MONTH_NAME + r")\.?,?" + _YEAR_WORD + r"\s*" + _YEAR,
        lambda m: _dated(m["y"], m["m"], m["d"]),
    ),
    _form(
        r"\b(?P<m>" + MONTH_NAME + r")\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,\s*" + _YEAR,
        lambda m: _dated(m["y"], m["m"], m["d"]),
    ),
    _form(_LEFT + r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?'?\d{2}(?!\d)(?!\.\d)", lambda _: ((), _TWO_DIGITS), prose=False),
    # a month
    _form(
        r"\b(?P<m>" + MONTH_NAME + r")\.?" + _TO + r"(?P<m2>" + MONTH_NAME + r")\.?,?" + _YEAR_WORD + r"\s*" + _YEAR,
        lambda m: _range_of((m["y"], m["m"], None), (m["y"], m["m2"], None)),
    ),
    _form(
        r"(?<!\d\s)(?<!\d)\b(?P<m>" + MONTH_NAME + r")\.?,?" + _YEAR_WORD + r"\s*" + _YEAR,
        lambda m: _dated(m["y"], m["m"]),
    ),
    _form(
        r"(?:(?<=\bw )|(?<=\bz )|(?<=\bod )|(?<=\bdo )|(?<=\bу )|(?<=\bв )|(?<=\bз )|(?<=\())(?P<m>" + ROMAN_MONTH
        + r")[ ./-]\s?" + _YEAR,
        lambda m: _dated(m["y"], m["m"]),
    ),
    _form(_LEFT + r"(?P<m>" + ROMAN_MONTH + r")[ ./-]\s?" + _YEAR, lambda m: _dated(m["y"], m["m"]), prose=False),
    _form(
        r"(?<!\bnr )(?<!\bnr)" + _LEFT + r"(?P<m>\d{1,2})\s?[./-]\s?(?P<y>[12]\d{3})(?!\d)(?![.,]\d)",
        lambda m: _dated(m["y"], m["m"]), prose=False,
    ),
    # years
    _form(
        _LEFT + r"(?P<y>[12]\d{3})(?:\s*(?:r\.?|roku|р\.?|року))?" + _TO + r"(?P<y2>[12]\d{3})(?!\d)(?![.,/-]\d)",
        lambda m: _range_of((m["y"], None, None), (m["y2"], None, None)),
    ),
    _form(_LEFT + r"(?P<y>[12]\d{3})(?P<s>[-/.])(?P<m>\d{2})(?!\d)(?![.,/-]\d)", _year_and_two_digits, prose=False),
    _form(
        _LEFT + r"(?P<y>[12]\d{3})(?:-(?:го|му|ого|ому|ego|go))?\s?"
        r"(?:r\.|r\b|rok(?:u|iem|owi)?\b|рік\b|рок(?:у|ом|ові|ах|и|ів)\b|р\.|р\b|год(?:а|у|ом)?\b|г\.)",
        lambda m: _dated(m["y"]),
    ),
    _form(r"\b(?:rok(?:u|iem)?|roce|рік|року|році|year|jahre?|r\.)\s?(?P<y>[12]\d{3})(?!\d)(?![.,/-]\d)",
        lambda m: _dated(m["y"])),
    _form(
        r"\b(?:w|we|od|z|ze|у|в|з|із|від|in|since|seit|v)\s(?P<y>(?:19|20)\d\d)(?=\s*(?:[.,;:)!?\n]|$)"
        r"|\s+(?:i|oraz|do|przez|z|w|we|na|przy|jako|та|і|й|до|у|в|на|за)\b)",
        lambda m: _dated(m["y"]),
    ),
    _form(r"(?<=\()(?P<y>(?:19|20)\d\d)(?=\))", lambda m: _dated(m["y"])),
    # what lacks its year
    _form(_LEFT + _DAY + r"\.?\s+(?P<m>" + MONTH_NAME + r")", lambda _: ((), _NO_YEAR)),
    _form(_LEFT + r"(?P<y>[12]\d{3})(?![\w%])(?![.,/-]\d)", lambda m: _dated(m["y"]), prose=False),
)  # fmt: skip

_BOUND = re.compile(
    r"\b(?:przed|po|do|poniżej|najpóźniej|przed końcem|перед|після|до|before|after|until|till|vor|nach|bis)"
    r"(?:\s+(?:dniem|dnia|rokiem|roku|końcem|końca|кінця|r\.))?\s*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:ok\.?|około|ca\.?|circa|mniej więcej|близько|приблизно|about|around|etwa|asi)|~|≈)\s*(?:roku\s*)?$", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_GAP = "\ue000"  # stands for what is already read; no letter, digit or space


def partial_date(text: str) -> Reading[PartialDate]:
    """The date that a date phrase tells; words may stand around it ("w maju 2013 roku", "Наприкінці 2024 року").

    A range, a bound ("przed 2011 r.") or "około" is ambiguous with its dates as candidates. A missing or two-digit year
    and an impossible day are invalid: nothing is filled in.
    """
    if says_nothing(text):
        return missing(text)
    if len(text) > MAX_VALUE:
        return invalid(text, TOO_LONG)
    mentions = list(_mentions(text, prose=False))
    if not mentions:
        return invalid(text, "no date is found in the text")
    dates = _unlike([date for mention in mentions for date in mention.dates])
    problems = [mention.problem for mention in mentions if mention.problem]
    candidates = tuple(date.text for date in dates)
    if not dates:
        return ambiguous(text, problems[0]) if problems[0] == _TWO_DIGITS else invalid(text, problems[0])
    if problems:
        return ambiguous(text, problems[0], candidates)
    if len(dates) > 1:
        return ambiguous(text, "the text tells several dates", candidates)
    before = text[max(0, mentions[0].start - 40) : mentions[0].start]
    if _BOUND.search(before):
        return ambiguous(text, "the text tells a bound, not a date", candidates)
    if _ABOUT.search(before):
        return ambiguous(text, "the text tells the date only roughly", candidates)
    return ok(dates[0], text)


def dates_in(text: str) -> list[FoundDate]:
    """The dates of running text in their order, as far as each is told.

    A day and month without a year, a range and an impossible day are found with ``date`` None. A bare number is a year
    only where a word says so ("w 2011 roku", "2011 р.").
    """
    return [
        FoundDate(m.start, m.end, text[m.start : m.end], None if m.problem or len(m.dates) != 1 else m.dates[0])
        for m in _mentions(text, prose=True)
    ]


def _mentions(text: str, *, prose: bool) -> list[_Mention]:
    left = plain_dashes(text)
    found: list[_Mention] = []
    number_before = -1
    for form in _FORMS:
        if len(found) != number_before and _DIGIT.search(left) is None:
            break  # no date is told without one, and most phrases are read by then
        number_before = len(found)
        if prose and not form.stands_in_prose:
            continue
        parts, end = [], 0
        for match in form.pattern.finditer(left):
            found.append(_Mention(match.start(), match.end(), *form.read(match)))
            parts += [left[end : match.start()], _GAP * (match.end() - match.start())]
            end = match.end()
        left = "".join(parts) + left[end:]
    return sorted(found)


def _unlike(dates: list[PartialDate]) -> list[PartialDate]:
    """The dates without repetitions and without those that a finer one contains ("w 2011 r., 9 listopada 2011")."""
    kept: Iterator[PartialDate] = (
        date for date in dates if not any(other.text != date.text and other.text.startswith(date.text) for other in dates)
    )
    return list(dict.fromkeys(kept))
