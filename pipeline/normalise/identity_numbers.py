"""Numbers that tell who someone is: PESEL, NIP, РНОКПП, bank accounts, identity cards. Found where a check digit makes sure.

Rules: PESEL and its century in the month, Ustawa o ewidencji ludności art. 15; NIP weights 6 5 7 2 3 4 5 6 7 modulo 11; IBAN,
ISO 13616 (modulo 97); Polish identity card, weights 7 3 1 9 7 3 1 7 3; РНОКПП weights -1 5 7 9 4 6 10 5 7 modulo 11.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

IdentityKind = Literal["pesel", "nip", "rnokpp", "account", "identity_card"]
MASKS: Final[dict[IdentityKind, str]] = {
    "pesel": "[PESEL]",
    "nip": "[NIP]",
    "rnokpp": "[РНОКПП]",
    "account": "[rachunek]",
    "identity_card": "[dowód]",
}


class IdentityNumber(NamedTuple):
    """Where one stands in a text, and what it is."""

    start: int
    end: int
    kind: IdentityKind


def is_pesel(digits: str) -> bool:
    """Whether eleven digits are a PESEL: check digit right, born between 1800 and 2099 on a day that exists."""
    if len(digits) != 11 or _weighted(digits[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 != -int(digits[10]) % 10:
        return False
    century, month = {4: 1800, 0: 1900, 1: 2000}.get(int(digits[2:4]) // 20), int(digits[2:4]) % 20
    if century is None:
        return False
    try:
        dt.date(century + int(digits[:2]), month, int(digits[4:6]))
    except ValueError:
        return False
    return True


def is_nip(digits: str) -> bool:
    """Whether ten digits are a NIP: no zero first, and the check digit right."""
    return len(digits) == 10 and digits[0] != "0" and _weighted(digits[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(digits[9])


def is_rnokpp(digits: str) -> bool:
    """Whether ten digits are a РНОКПП (the taxpayer's number of Ukraine)."""
    return len(digits) == 10 and _weighted(digits[:9], (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == int(digits[9])


def is_account(digits: str) -> bool:
    """Whether 26 digits are a Polish account number (an IBAN without its PL)."""
    return len(digits) == 26 and int(digits[2:] + "2521" + digits[:2]) % 97 == 1


def is_identity_card(number: str) -> bool:
    """Whether three letters and six digits are the number of a Polish identity card."""
    values = [int(sign, 36) for sign in number.upper()]
    return len(values) == 9 and sum(v * w for v, w in zip(values, (7, 3, 1, 9, 7, 3, 1, 7, 3), strict=True)) % 10 == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


# Six digits, or three or four, a sign, two to four, and one more, begun so that the engine looks for digits alone.
_WORTH_A_LOOK = re.compile(r"\d\d\d(?:\d{3}|\d?[ \u00a0-]\d{2,4}[ \u00a0-]?\d)")
_NUMBER: dict[str, str] = {"before": r"(?<![\w+])(?<!\d[.,-])", "after": r"(?!\w)(?![.,-]\d)"}
_GAP = r"[ \u00a0-]?"
_PATTERNS: tuple[tuple[IdentityKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    # The label alone is enough: a PESEL with a slip of the pen is still somebody's.
    (
        "pesel",
        re.compile(rf"PESEL(?:[\s:=]|nr\.?|numer|to){{0,6}}((?:\d{_GAP}){{10}}\d)(?!\w)", re.IGNORECASE),
        lambda _digits: True,
    ),
    ("pesel", re.compile(rf"{_NUMBER['before']}(\d{{11}}){_NUMBER['after']}"), is_pesel),
    ("nip", re.compile(rf"NIP(?:[\s:=]|nr\.?|PL|UE){{0,6}}((?:\d{_GAP}){{9}}\d)(?!\w)", re.IGNORECASE), is_nip),
    ("nip", re.compile(r"(?<![\w+-])(\d{3}-(?:\d{3}-\d\d-\d\d|\d\d-\d\d-\d{3}))(?![\w-])"), is_nip),
    (
        "rnokpp",
        re.compile(r"(?:РНОКПП|ІПН|ІНН|ідентифікаційний (?:код|номер))[\s:№]{0,4}(\d{10})(?!\w)", re.IGNORECASE),
        is_rnokpp,
    ),
    ("account", re.compile(rf"(?<![\d+])(?:PL\s?)?(\d{{2}}(?:{_GAP}\d{{4}}){{6}})(?!\w)"), is_account),
    (
        "identity_card",
        re.compile(r"(?:dow[oó]d|seri[aię]|legitym)[^.\d]{0,40}?\b([A-Z]{3}\s?\d{6})(?!\w)", re.IGNORECASE),
        is_identity_card,
    ),
)


def identity_numbers(text: str) -> Iterator[IdentityNumber]:
    """The numbers in order of their place, no two overlapping. The label before one is no part of it."""
    if _WORTH_A_LOOK.search(text) is None:
        return
    found = [
        IdentityNumber(match.start(1), match.end(1), kind)
        for kind, pattern, is_one in _PATTERNS
        for match in pattern.finditer(text)
        if is_one(re.sub(r"[\s\u00a0-]", "", match[1]))
    ]
    taken = 0
    for number in sorted(found):
        if number.start >= taken:
            yield number
            taken = number.end
