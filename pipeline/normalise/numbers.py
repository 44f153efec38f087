"""Counts of people and things as people print them: "45.000", "45 tys.", "ok. 28 milionów", "12 345 osób"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.normalise.dates import dates_in
from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, ambiguous, invalid, missing, ok, repaired
from pipeline.normalise.text import one_line, plain_dashes, says_nothing

MAX_DIGITS = 12  # more than a million million inhabitants is a slip


class Count(NamedTuple):
    """A whole number. ``is_approximate``: the text says so ("ok.", "ponad") or gives it in thousands or millions."""

    value: int
    is_approximate: bool


class _Figure(NamedTuple):
    start: int
    end: int
    values: tuple[int, ...]  # one when it reads well, several when readings differ, none when it cannot be a count
    slip: str
    is_rounded: bool


_FIGURE = re.compile(
    r"(?P<minus>(?<![\w)])-\s?)?(?<!\w)(?<!\d[.,'])(?P<number>[0-9]+(?:[.,'’ ][0-9]+)*)(?![0-9])"
    r"(?:\s?(?P<scale>tys(?:\.|i[aąeę]\w*)?|tyś\.?|тис(?:\.|яч\w*)?|тыс(?:\.|яч\w*)?|thousand|tis(?:\.|íc\w*)|tausend"
    r"|mln\.?|mil\.|mili?on\w*|млн\.?|мільйон\w*|миллион\w*|mld\.?|miliard\w*|млрд\.?|мільярд\w*)(?!\w))?"
    r"(?P<unit>\s?(?:%|‰|°|zł\b|zl\b|pln\b|eur\w*\b|€|\$|usd\b|грн\b|km\b|km2|km²|m2\b|m²|ha\b|км\b|га\b|lat\b|r\.|rok\w*|років))?"
    r"(?P<people>\s?(?:\w+\s)?(?:mieszka\w+|osób\w*|osob\w+|ludzi\w*|ludno\w+|жител\w+|мешкан\w+|осіб\w*|особ\w*|люд\w+|inhabitants|people))?",
    re.IGNORECASE,
)
_THOUSAND_GROUPS = re.compile(r"[0-9]{1,3}(?:(?P<s>[.,'’ ])[0-9]{3})(?:(?P=s)[0-9]{3})*")
_ROUGHLY = re.compile(
    r"\b(?:ok|około|ca|circa|ponad|powyżej|poniżej|prawie|blisko|niemal|przeszło|mniej|więcej|minimum|co najmniej|nie mniej niż"
    r"|do|rzędu|średnio|szacunkowo|szacowana|orientacyjnie|близько|понад|майже|приблизно|орієнтовно|до|більше|менше|біля|about|over"
    r"|almost|nearly|approx\w*|circa|etwa|rund|asi|přes)\b|[~≈<>±]|\+\s*$",
    re.IGNORECASE,
)  # fmt: skip
_MILLIONS_AND_THOUSANDS = re.compile(  # "1 mln 200 tys."
    rf"(?:(?:{_ROUGHLY.pattern})\.?\s*)?(?P<millions>[0-9]{{1,4}})\s?(?:mln|млн)\.?\s(?P<thousands>[0-9]{{1,3}})\s?(?:tys|тис)\.?"
    r"(?:\s(?:mieszka|osób|жител|мешкан|осіб)\w*)?",
    re.IGNORECASE,
)
_RANGE_BETWEEN = re.compile(r"\s*(?:-|/|\b(?:do|a|to|до|по|bis|až)\b)\s*", re.IGNORECASE)
_PART_OF_IT = re.compile(
    r"[,;(]?\s*(?:w tym|z tego|z czego|в тому числі|у тому числі|з них|including)\b.*", re.IGNORECASE | re.DOTALL
)
_STATE_OF = re.compile(
    r"\(?\s*\b(?:stan(?:em)?|dane|według stanu|wg stanu|станом|as of)\b(?:\s+\w+){0,2}?"
    r"\s+(?:na|z|w|за|on)?\s*(?:dzień|dniu|koniec|rok)?\s*"
    r"[\d.\-/ ]{4,12}(?:r\.|roku|р\.|року)?\s*\)?",
    re.IGNORECASE,
)
_DATE_LIKE = re.compile(r"(?<![\d.,])\d{1,2}\.\d{1,2}\.\d{4}(?!\d)(?:\s?r\.?)?|\(\s*(?:19|20)\d\d\s*\)")
_ROMAN_DATE = re.compile(
    r"(?<![\d.,])(?:\d{1,2}[ .]\s?)?(?:XI{0,2}|IX|IV|VI{0,3}|I{1,3})[ .]\s?(?:19|20)\d\d(?!\d)(?:\s?r(?:\.|oku?\b))?"
)
_SOURCE_OF_YEAR = re.compile(
    r"\(\s*(?:(?:dane\s+|wg\s+|według\s+|źródło:?\s+)?GUS|spis(?:u)?|NSP|dane|rok|w|za|за|дані)\s*,?\s*(?:za\s+|z\s+|rok\s+)?(?:19|20)\d\d"
    r"\s*(?:r\.?|roku?|р\.?|рік)?\s*\)",
    re.IGNORECASE,
)
"""Whose count it is, with its year, in brackets: "(GUS 2010)"."""


def count(text: str) -> Reading[Count]:
    """The whole number the text tells.

    Full stops, commas, spaces and apostrophes before three digits part thousands ("45.000" and "1.234" are whole numbers);
    a decimal sign is read only before "tys.", "mln" and the like. Dates beside the number and what follows "w tym" are
    passed over. Ranges and several numbers are ambiguous.
    """
    if says_nothing(text):
        return missing(text)
    if len(text) > MAX_VALUE:
        return invalid(text, TOO_LONG)
    plain = _without_dates(plain_dashes(one_line(text)))
    if (both := _MILLIONS_AND_THOUSANDS.fullmatch(plain.strip(" .,;"))) is not None:
        return ok(Count(int(both["millions"]) * 1_000_000 + int(both["thousands"]) * 1_000, is_approximate=True), text)
    figures = [_figure(match) for match in _FIGURE.finditer(plain)]
    if not figures:
        return invalid(text, "the text holds no number in digits")
    if len(figures) > 1:
        between = plain[figures[0].end : figures[1].start]
        if len(figures) == 2 and _RANGE_BETWEEN.fullmatch(between):
            return ambiguous(text, "the text tells a range", _candidates(_range_ends(plain, figures)))
        of_people = [figure for match, figure in zip(_FIGURE.finditer(plain), figures, strict=True) if match["people"]]
        if len(of_people) != 1:
            return ambiguous(text, "the text tells several numbers", _candidates(figures))
        figures = of_people
    figure = figures[0]
    if not figure.values:
        return invalid(text, figure.slip)
    if len(figure.values) > 1:
        return ambiguous(text, figure.slip, tuple(str(value) for value in figure.values))
    is_rough = bool(_ROUGHLY.search(plain[: figure.start]) or re.match(r"\s*(?:\+|z okładem|з гаком)", plain[figure.end :]))
    value = Count(figure.values[0], is_rough or figure.is_rounded)
    return repaired(value, text, figure.slip) if figure.slip else ok(value, text)


def _without_dates(text: str) -> str:
    """The text without its dates and without what follows "w tym", unless nothing of a number would be left."""
    shorter = _PART_OF_IT.sub(" ", text) if re.search(r"\d", _PART_OF_IT.sub(" ", text)) else text
    for pattern in (_ROMAN_DATE, _SOURCE_OF_YEAR, _STATE_OF, _DATE_LIKE):
        without = pattern.sub(" ", shorter)
        shorter = without if re.search(r"\d", without) else shorter
    for found in reversed(dates_in(shorter)):
        without = shorter[: found.start] + " " + shorter[found.end :]
        shorter = without if re.search(r"\d", without) else shorter
    return shorter if shorter == text else shorter.lstrip(" -:,;")  # "2011 r. - 45 230"


def _figure(match: re.Match[str]) -> _Figure:
    number, scale = match["number"], (match["scale"] or "").casefold()
    start, end = match.start("number"), match.end("scale") if scale else match.end("number")

    def figure(*values: int, slip: str = "") -> _Figure:
        return _Figure(start, end, values, slip, bool(scale))

    if match["minus"] and not match.string[: match.start("minus")].strip(" ("):
        return figure(slip="a count is not negative")
    if match["unit"]:
        return figure(slip=f"{match['unit'].strip()} is no count of people or things")
    if len(re.sub(r"[^0-9]", "", number)) > MAX_DIGITS:
        return figure(slip=f"the number has more than {MAX_DIGITS} digits")
    if scale:
        values, slip = _scaled(number, _scale_of(scale))
        return figure(*values, slip=slip)
    if number.isdigit():
        return figure(int(number))
    if grouped := _THOUSAND_GROUPS.fullmatch(number):
        value = int(re.sub(r"[^0-9]", "", number))
        if number[0] == "0":
            return figure(slip="a number with a leading zero is no count")
        return figure(value, slip="a comma parts the thousands" if grouped["s"] == "," else "")
    whole, sign, decimals = _last_part(number)
    if sign in ".," and set(decimals) == {"0"} and len(decimals) <= 2 and (_THOUSAND_GROUPS.fullmatch(whole) or len(whole) > 3):
        return figure(int(re.sub(r"[^0-9]", "", whole)), slip="decimals of zero are left out")
    return figure(slip="the digits are grouped neither as thousands nor as a whole number")


def _scaled(number: str, scale: int) -> tuple[tuple[int, ...], str]:
    """Values of a number of thousands or millions, and the slip when there is not one."""
    digits = re.sub(r"[^0-9]", "", number)
    if number.isdigit():
        return (int(number) * scale,), ""
    whole, sign, decimals = _last_part(number)
    if sign in ".," and whole.isdigit():
        exact = Decimal(f"{whole}.{decimals}") * scale
        if sign == "." and len(decimals) == 3:
            return (int(digits), int(digits) * scale), "the full stop parts thousands or decimals"
        if exact != int(exact):
            return (), "the number has more decimals than a whole number of people or things allows"
        return (int(exact),), ""
    if _THOUSAND_GROUPS.fullmatch(number):
        return (int(digits) * scale,), ""
    return (), "the digits are grouped neither as thousands nor as decimals"


def _scale_of(word: str) -> int:
    if word.startswith(("ty", "ти", "ты", "th", "ti", "ta")):
        return 1_000
    return 1_000_000_000 if word.startswith(("mld", "miliard", "млрд", "мільярд")) else 1_000_000


def _range_ends(text: str, figures: list[_Figure]) -> list[_Figure]:
    """Both ends of a range; in "40-45 tys." the scale stands for both."""
    first, second = figures
    if second.is_rounded and not first.is_rounded and first.values and second.values and first.values[0] < 1_000:
        again = _FIGURE.match(text[first.start : first.end] + " " + text[second.start : second.end].lstrip("0123456789.,' ’"))
        if again is not None:
            return [_figure(again), second]
    return figures


def _candidates(figures: list[_Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for figure in figures for value in figure.values))


def _last_part(number: str) -> tuple[str, str, str]:
    at = max(number.rfind(sign) for sign in ".,' ’")
    return number[:at], number[at], number[at + 1 :]
