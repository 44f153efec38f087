"""Contact data in running text: found, and replaced by a mark that says what stood there.

The same finder serves the masks and the check of what is published, so a masked text never fails the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers

from pipeline.normalise.text import plain_dashes

EMAIL_MASK, PHONE_MASK = "[e-mail]", "[telefon]"


class Masked(NamedTuple):
    """A text without contact data and how many pieces were masked."""

    text: str
    count: int


class _Piece(NamedTuple):
    start: int
    end: int
    mask: str


_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}(?:\s?@\s?|\s?[(\[{]\s?(?:at|małpa|malpa|@|собака)\s?[)\]}]\s?)"
    r"[^\W_][\w-]{0,62}(?:(?:\.|\s?[(\[]\s?(?:dot|kropka|крапка|\.)\s?[)\]]\s?)[^\W_][\w-]{0,62}){1,8}",
    re.IGNORECASE,
)
_SPACED_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s(?:at|małpa)\s[\w-]{1,63}(?:\s(?:dot|kropka)\s|\.)(?:pl|com|org|net|eu|ua|gov|edu|info)\b",
    re.IGNORECASE,
)
_GAP = r"(?:[ \u00a0\u2009\u202f]?[-–./][ \u00a0\u2009\u202f]?|[ \u00a0\u2009\u202f]?[()][ \u00a0\u2009\u202f]?|[ \u00a0\u2009\u202f])"
_DIGITS = re.compile(r"(?<![\w])(?:\+[ \u00a0]?|\()?(?:\+)?\d+(?:" + _GAP + r"{1,2}\d+){0,12}(?!\w)")
_LABEL = re.compile(
    r"(?:\b(?:tel(?:efon(?:u|em|y|icznie|iczny|ów|ie)?)?|telefaks|fax|faks|kom(?:órk\w*|órkowy)?|gsm|phone|mobile|infolinia|infolinii|viber|whatsapp"
    r"|тел(?:ефон(?:у|ом|и|ів|ний)?)?|факс|моб(?:ільний)?|вайбер)\b[.:]?|[☎✆☏📞📱])"
    r"(?:[\s:/.,()-]{0,4}(?:nr|numer|numerem|kom|fax|faks|kontaktowy|pod numerem|pod nr|номер|номером|за номером|моб|факс|w|do)\b[.:]?){0,3}[\s:/.,()–-]{0,4}$",
    re.IGNORECASE,
)
_NO_PHONE_BEFORE = re.compile(
    r"(?:\b(?:krs|nip|regon|pesel|isbn|issn|konto|konta|rachunek|rachunku|rachunkiem|nr rach|iban|swift|едрпоу|єдрпоу|іпн|kwota|kwotę|kwocie|kwoty|budżet"
    r"|budżetu|budżecie|wartość|wartości|koszt|kosztów|dz\.? ?u|poz|art|ust|pkt|projekt\w*|umow\w*|wniosk\w*|faktur\w*|id|kod|działk\w*|księg\w*|sygn)"
    r"[.:]?(?:\s(?:nr|numer|to|wynosi|ponad|około|ok\.)[.:]?)?|\bnr|№)[\s:]{0,2}$",
    re.IGNORECASE,
)
_NO_PHONE_AFTER = re.compile(
    r"^\s?(?:zł|zl\b|pln|eur|€|\$|usd|грн|tys|mln|mld|млн|тис|osób|osob|mieszka|ludzi|жител|осіб|km|m2|m²|ha\b|kg|szt|%|‰|[,.]\d)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\s?,?\s?(?:wewn?|w|ext|int|вн|внутр|дод)\.?:?\s?\d{1,5}(?!\d)|;ext=\d{1,6}(?!\d)", re.IGNORECASE)
_SHAPES = {
    "PL": {(2, 3, 2, 2), (3, 3, 3), (2, 3, 4), (2, 7), (9,), (3, 2, 2), (3, 2, 2, 2), (2, 2, 2, 3), (3, 6), (2, 3, 2, 2), (2, 3, 3, 1), (3, 3, 2, 1)},
    "UA": {(3, 3, 2, 2), (3, 3, 4), (3, 7), (10,), (4, 2, 2, 2), (4, 6), (5, 1, 2, 2), (5, 5), (3, 2, 2, 3), (3, 2, 3, 2), (4, 3, 3), (4, 3, 2, 1)},
}  # fmt: skip


def masked(text: str) -> Masked:
    """The text with ``[e-mail]`` for every e-mail address and ``[telefon]`` for every telephone number."""
    count = 0
    while pieces := list(_pieces(text)):
        for piece in reversed(pieces):
            text = text[: piece.start] + piece.mask + text[piece.end :]
        count += len(pieces)
    return Masked(text, count)


def contact_data_in(text: str) -> list[str]:
    """E-mail addresses and telephone numbers of the text as printed; none in the output of `masked`."""
    return [text[piece.start : piece.end] for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[_Piece]:
    """Contact data in order, no two overlapping."""
    taken = 0
    found = [
        _Piece(match.start(), match.end(), EMAIL_MASK)
        for pattern in (_EMAIL, _SPACED_EMAIL)
        for match in pattern.finditer(text)
    ]
    for match in _DIGITS.finditer(text):
        found += _phones_of(match, text)
    for piece in sorted(found):
        if piece.start >= taken:
            yield piece
            taken = piece.end


def _phones_of(match: re.Match[str], text: str) -> Iterator[_Piece]:
    printed = match[0]
    groups = [(group.start(), group.end()) for group in re.finditer(r"\d+", printed)]
    digits = sum(end - start for start, end in groups)
    if digits < 5 or digits > 40:
        return
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 12]
    is_labelled = bool(_LABEL.search(before))
    if _NO_PHONE_BEFORE.search(before) and not is_labelled or _NO_PHONE_AFTER.match(after) and not is_labelled:
        return
    span = _span(printed, groups, digits, is_labelled=is_labelled)
    if span is None:
        return
    start, end = match.start() + span[0], match.start() + span[1]
    extension = _EXTENSION.match(text, end)
    yield _Piece(start, extension.end() if extension else end, PHONE_MASK)


def _span(printed: str, groups: list[tuple[int, int]], digits: int, *, is_labelled: bool) -> tuple[int, int] | None:
    """The part of a run of digits that is a telephone number, None when none is."""
    whole = (0, len(printed))
    if is_labelled:
        return whole if digits <= 30 and not _is_dated(printed) else None
    if printed.lstrip("(").startswith("+") and 9 <= digits <= 15:
        return whole
    for first, last in ((0, len(groups)), (1, len(groups)), (0, len(groups) - 1)):
        part = groups[first:last]
        if part and _is_number(printed, part):
            start = 0 if first == 0 else part[0][0]
            while start and printed[start - 1] in "(+":
                start -= 1
            return start, len(printed) if last == len(groups) else part[-1][1]
    return None


def _is_dated(printed: str) -> bool:
    """Years and dates that stand behind a word such as "telefon": "2009-2014", "12.05.2011"."""
    return bool(
        re.fullmatch(
            r"(?:19|20)\d\d(?:\s?-\s?(?:19|20)?\d\d)?|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}", plain_dashes(printed)
        )
    )


def _is_number(printed: str, groups: list[tuple[int, int]]) -> bool:
    lengths = tuple(end - start for start, end in groups)
    digits = "".join(printed[start:end] for start, end in groups)
    gaps = {printed[end:start].strip() for (_, end), (start, _) in zip(groups, groups[1:], strict=False)}
    if "." in gaps and len(lengths) > 2 and len(digits) != 9:
        return False
    if digits.startswith(("0048", "00380")) and 11 <= len(digits) <= 14:
        return True
    if lengths in _SHAPES["PL"] and (len(digits) == 7 or _is_valid(digits, "PL")):
        return len(lengths) > 1 or _is_mobile(digits)
    if digits.startswith("0") and len(digits) == 10:
        local = digits[1:]
        if lengths[0] == 1 and lengths[1:] in _SHAPES["PL"] or lengths in _SHAPES["UA"]:
            return _is_valid(local, "PL") and len(lengths) > 1 or _is_valid(digits, "UA")
    if digits.startswith("48") and len(digits) == 11 and lengths[0] in (2, 11):
        return _is_valid(digits[2:], "PL") and (len(lengths) > 1 or _is_mobile(digits[2:]))
    if digits.startswith("380") and len(digits) == 12:
        return _is_valid("+" + digits, "UA")
    return digits.startswith("80") and len(digits) == 11 and lengths[0] == 1 and _is_valid("+3" + digits, "UA")


def _is_valid(digits: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


def _is_mobile(digits: str) -> bool:
    parsed = phonenumbers.parse(digits, "PL")
    return phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
