"""Contact data in running text: found, and replaced by a mark that says what stood there.

The same finder serves the masks and the check of what is published, so a masked text never fails the check.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import phonenumbers

from pipeline.normalise.identity_numbers import MASKS, identity_numbers
from pipeline.normalise.spaced_emails import spaced_emails
from pipeline.normalise.text import plain_dashes

EMAIL_MASK, PHONE_MASK, PERSON_MASK = "[e-mail]", "[telefon]", "[osoba]"


class Masked(NamedTuple):
    """A text without contact data and how many pieces were masked."""

    text: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks of a text


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
_SPACE = "[ \\t\\u00a0\\u2009\\u202f]"
_GAP = rf"(?:{_SPACE}?[-–./()]{{1,2}}{_SPACE}?|{_SPACE})"
_DIGITS = re.compile(rf"(?<!\d)(?:\+{_SPACE}?\(?|\({_SPACE}?\+?)?\d++(?:{_GAP}\d++)*+")
# Five digits with no more between them than _GAP allows: the least that is taken for a telephone or an identity number.
_GAP_LENGTH = 4
_FIVE_DIGITS = re.compile(rf"\d(?:[ \t\u00a0\u2009\u202f()/.–-]{{0,{_GAP_LENGTH}}}\d){{4}}")
# Of each the engine knows how it begins, and looks for that alone; in one expression it would try both at every character.
_SIGN_IN_BRACKETS = re.compile(r"[(\[{]\s?(?:at|ma[łl]pa|собака)", re.IGNORECASE)
_SIGN_APART = re.compile(r"\s(?:at|małpa)\s", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:\b(?:tel(?:efon(?:u|em|y|icznie|iczny|ów|ie)?)?|telefaks|fax|faks|kom(?:órk\w*|órkowy)?|gsm|phone|mobile|infolini[aię]"
    r"|viber|whatsapp|тел(?:ефон(?:у|ом|и|ів|ний)?)?|факс|моб(?:ільний)?|вайбер)\b[.:]?|[☎✆☏📞📱])"
    r"(?:[\s:/.,()-]{0,4}(?:nr|numer|numerem|kom|fax|faks|kontaktowy|pod numerem|pod nr|номер|номером|за номером|моб|факс|w|do)"
    r"\b[.:]?){0,3}"
    r"[\s:/.,()–-]{0,4}$",
    re.IGNORECASE,
)
_INVITATION = re.compile(
    r"\b(?:pod|zadzwo\w+|dzwoni\w+|dzwoń\w*|sms|kontakt\w*|за|дзвон\w+|зателефон\w+|call)[\s:]{1,2}(?:na\s|pod\s)?"
    r"(?:(?:nr|numer\w*|номер\w*)\b[.:]?)?[\s:]{0,2}$",
    re.IGNORECASE,
)
_NO_PHONE_BEFORE = re.compile(
    r"(?:\b(?:krs|nip|regon|pesel|isbn|issn|konto|konta|rachunek|rachunku|rachunkiem|nr rach|iban|swift|едрпоу|єдрпоу"
    r"|іпн|kwot[aęąy]|kwocie"
    r"|budżet\w*|budżecie|wartoś\w+|koszt\w*|dz\.? ?u|poz|art|ust|pkt|projekt\w*|umow\w*"
    r"|wniosk\w*|faktur\w*|id|kod|działk\w*|księg\w*"
    r"|sygn)[.:]?(?:\s(?:nr|numer|to|wynosi|ponad|około|ok\.)[.:]?)?|\bnr|№)[\s:]{0,2}$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"^\s?(?:(?:zł|zl|pln|eur|euro|usd|грн|tys|mln|mld|млн|тис|osób|mieszkańc\w+|ludzi|жител\w+|мешканц\w+|осіб|km|m2|ha|kg|szt)\b|m²|€|\$|%|‰)",
    re.IGNORECASE,
)
_DECIMALS_AFTER = re.compile(r"^[,.]\d")
_EXTENSION = re.compile(r"\s?,?\s?(?:wewn?|w|ext|int|вн|внутр|дод)\.?:?\s?\d{1,5}(?!\d)|;ext=\d{1,6}(?!\d)", re.IGNORECASE)
_POLISH_SHAPES = {
    (2, 3, 2, 2), (3, 3, 3), (2, 3, 4), (2, 7), (9,), (3, 2, 2), (3, 2, 2, 2), (2, 2, 2, 3), (3, 6), (2, 3, 3, 1), (3, 3, 2, 1),
    (2, 2, 3, 2),
}  # fmt: skip
_UKRAINIAN_SHAPES = {
    (3, 3, 2, 2), (3, 3, 4), (3, 7), (10,), (4, 2, 2, 2), (4, 6), (5, 1, 2, 2), (5, 5), (3, 2, 2, 3), (3, 2, 3, 2), (4, 3, 3),
    (4, 3, 2, 1),
}  # fmt: skip
_DATE = re.compile(r"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d(?!\d)")
_MOST_GROUPS = 7  # of one number: + 380 4563 5 12 34 and one to spare


def masked(text: str) -> Masked:
    """The text with ``[e-mail]`` for every e-mail address and ``[telefon]`` for every telephone number.

    Identity numbers (PESEL, NIP, accounts …) are masked alike, each kind with a mark of its own.
    """
    count = 0
    while pieces := list(_pieces(text)):  # once more where a mask parts what hid a number; each turn takes digits or an @ away
        parts, end = [], 0
        for piece in pieces:
            parts += [text[end : piece.start], piece.mask]
            end = piece.end
        text = "".join(parts) + text[end:]
        count += len(pieces)
    return Masked(text, count)


def names_masked(text: str, names: Iterable[str]) -> Masked:
    """The text with ``[osoba]`` for every one of the ``names``, which somebody else found: masks tell no person."""
    ordered = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    if not ordered:
        return Masked(text, 0)
    found, count = re.subn("|".join(map(re.escape, ordered)), PERSON_MASK, text)
    return Masked(found, count)


def contact_data_in(text: str) -> list[str]:
    """E-mail addresses, telephone and identity numbers of the text as printed; none in the output of `masked`."""
    return [text[piece.start : piece.end] for piece in _pieces(text)]


def is_suspect(text: str) -> bool:
    """Whether the text has what all contact data and identity numbers have; most texts have not, and need no closer look."""
    return "@" in text or any(sign.search(text) for sign in (_FIVE_DIGITS, _SIGN_IN_BRACKETS, _SIGN_APART))


def suspect_pattern(*, digit: str, space: str) -> str:
    """A regular expression that finds something in every text for which `is_suspect` holds.

    ``digit`` and ``space`` are the inside of a class of characters, as the engine it is meant for writes all of Unicode's.
    """
    return (
        rf"@|[{digit}](?:[{space}()/.–-]{{0,{_GAP_LENGTH}}}[{digit}]){{4}}"
        rf"|(?i:[(\[{{][{space}]?(?:at|ma[łl]pa|собака)|[{space}](?:at|małpa)[{space}])"
    )


def _pieces(text: str) -> Iterator[_Piece]:
    """Contact data and identity numbers in order, no two overlapping.

    Each kind is looked for closely only where its sign stands: most suspects have one, and no more than that.
    """
    found: list[_Piece] = []
    if "@" in text or _SIGN_IN_BRACKETS.search(text) is not None:
        found += [_Piece(*match.span(), EMAIL_MASK) for match in _EMAIL.finditer(text)]
        found += [_Piece(*span, EMAIL_MASK) for span in spaced_emails(text)]
    if _SIGN_APART.search(text) is not None:
        found += [_Piece(*match.span(), EMAIL_MASK) for match in _SPACED_EMAIL.finditer(text)]
    if _FIVE_DIGITS.search(text) is not None:
        sure = [_Piece(number.start, number.end, MASKS[number.kind]) for number in identity_numbers(text)]
        for match in _DIGITS.finditer(text):
            found += _phones_of(match, text)
        if sure:  # digits that a check digit vouches for are no telephone, nor is a part of them
            found = [*sure, *(p for p in found if all(p.end <= one.start or one.end <= p.start for one in sure))]
    taken = 0
    for piece in sorted(found):
        if piece.start >= taken:
            yield piece
            taken = piece.end


def _phones_of(match: re.Match[str], text: str) -> Iterator[_Piece]:
    printed = match[0]
    groups = [(group.start(), group.end()) for group in re.finditer(r"\d+", printed)]
    digits = _digits(groups)
    if digits < 5:
        return
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 12]
    is_labelled = bool(_LABEL.search(before))
    has_unit = bool(_UNIT_AFTER.match(after))
    if before[-1:].isalnum() and not is_labelled and printed[0].isdigit():
        return
    if is_labelled and digits <= 30 and (digits >= 9 or not has_unit):
        spans = [] if _is_dated(printed) else [(0, len(printed))]
    elif _NO_PHONE_BEFORE.search(before) and not _INVITATION.search(before) and "+" not in printed:
        spans = []
    else:
        is_amount = has_unit or bool(_DECIMALS_AFTER.match(after))
        spans = _spans(printed, groups, is_amount=is_amount)
    for first, last in spans:
        start, end = match.start() + first, match.start() + last
        if printed[first] == "(" and ")" not in printed[first:last]:
            start += 1
        extension = _EXTENSION.match(text, end) if last == len(printed) else None
        yield _Piece(start, extension.end() if extension else end, PHONE_MASK)


def _spans(printed: str, groups: list[tuple[int, int]], *, is_amount: bool) -> list[tuple[int, int]]:
    """The telephone numbers in a run of digits: the whole of it, or several one after another with years between.

    Where other digits stand in the run too, or a unit behind it, only a number with a country code or in the shape
    62 747 23 46 counts. A whole date is part of none: "22 998 (31.12.2009 r.)" tells inhabitants.
    """
    spans: list[tuple[int, int]] = []
    sure: list[tuple[int, int]] = []
    has_other_digits = False
    dated = {start for date in _DATE.finditer(printed) for start, _ in groups if date.start() <= start < date.end()}
    at = 0
    while at < len(groups):
        start, end = groups[at]
        if start in dated:
            at += 1
            continue
        behind = range(at + 1, min(at + _MOST_GROUPS, len(groups)))
        end_of_run = next((further for further in behind if groups[further][0] in dated), len(groups))
        sizes = range(min(_MOST_GROUPS, end_of_run - at), 0, -1)
        is_international = printed[:start].rstrip(" (").endswith("+")
        if is_international:
            size = next((size for size in sizes if 9 <= _digits(groups[at : at + size]) <= 15), 0)
        else:
            size = next((size for size in sizes if _is_number(printed, groups[at : at + size])), 0)
        if size:
            part = groups[at : at + size]
            while start and printed[start - 1] in "(+ ":
                start -= 1
            start += len(printed[start : part[0][0]]) - len(printed[start : part[0][0]].lstrip())
            spans.append((start, part[-1][1]))
            if is_international or _stands_apart(printed, part):
                sure.append(spans[-1])
        elif not (end - start == 4 and printed[start:end].startswith(("19", "20"))) and not (end - start <= 2 and spans):
            has_other_digits = True
        at += max(size, 1)
    return sure if has_other_digits or is_amount else spans


def _digits(groups: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in groups)


def _stands_apart(printed: str, part: list[tuple[int, int]]) -> bool:
    """Whether the groups have the shape 62 747 23 46, one kind of sign between them and only spaces around."""
    start, end = part[0][0], part[-1][1]
    gaps = {printed[left:right].strip() for (_, left), (right, _) in itertools.pairwise(part)}
    around = printed[max(0, start - 1) : start] + printed[end : end + 1]
    return tuple(b - a for a, b in part) == (2, 3, 2, 2) and len(gaps) == 1 and not around.strip()


def _is_dated(printed: str) -> bool:
    """Years and dates that stand behind a word such as "telefon": "2009-2014", "12.05.2011"."""
    year_or_day = r"(?:19|20)\d\d(?:\s?-\s?(?:19|20)?\d\d)?|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}"
    return bool(re.fullmatch(year_or_day, plain_dashes(printed)))


def _is_number(printed: str, groups: list[tuple[int, int]]) -> bool:
    lengths = tuple(end - start for start, end in groups)
    digits = "".join(printed[start:end] for start, end in groups)
    gaps = {printed[end:start].strip() for (_, end), (start, _) in itertools.pairwise(groups)}
    if "." in gaps and len(lengths) > 2 and len(digits) != 9:
        return False
    if digits.startswith(("0048", "00380")) and 11 <= len(digits) <= 14:
        return True
    if lengths in _POLISH_SHAPES and (len(digits) == 7 or _is_valid(digits, "PL")):
        return len(lengths) > 1 or _is_mobile(digits)
    if digits.startswith("0") and len(digits) == 10:
        local = digits[1:]
        if (lengths[0] == 1 and lengths[1:] in _POLISH_SHAPES) or lengths in _UKRAINIAN_SHAPES:
            return (_is_valid(local, "PL") and len(lengths) > 1) or _is_valid(digits, "UA")
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
