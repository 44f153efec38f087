"""What kinds of personal data a text holds. The detectors tell the kind and never repeat the value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import unquote

from pipeline.normalise.identity_numbers import MASKS, identity_numbers
from pipeline.normalise.masks import contact_data_in, is_suspect, masked, suspect_pattern

Place = Literal["prose", "institution", "address", "token"]
"""Where a text stands.

prose: words of a page, everything is looked for; institution: an institution's own e-mail and telephone may stand there;
address: a URL, in which numbers are no telephones; token: an id, a code or a digest of ours, in which only an e-mail would be
a surprise worth stopping for.
"""

_USER_PART: Final = re.compile(r"[a-z]//?[^/?#\s]*:[^/?#@\s]*@|//[^/?#@\s:]+@", re.IGNORECASE)
_MAILTO: Final = re.compile("mailto:", re.IGNORECASE)
RE2_SPACE: Final = r"\t-\r\x{1c}-\x{1f} \x{85}\p{Z}"  # what \s of Python matches
_EMAIL: Final = re.compile(r"[\w.+%-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}\b", re.IGNORECASE)
_KEPT: Final = 1 << 13
"""Addresses and other short texts whose kinds are kept: every slide of a deck, and each of its captures, has the deck's."""
_LONGEST_KEPT: Final = 200
_TELEPHONE_LINK: Final = re.compile(r"\b(?:tel|sms|callto|whatsapp|viber):/{0,2}\+?\d{5}", re.IGNORECASE)


def personal_data_kinds(text: str, place: Place) -> list[str]:
    """Kinds of personal data in the text, sorted, each once; the values themselves are not told."""
    if ("@" not in text) if place == "token" else not is_worth_a_look(text):
        return []
    return [*(_kept_kinds(text, place) if len(text) <= _LONGEST_KEPT else _kinds(text, place))]


def _kinds(text: str, place: Place) -> tuple[str, ...]:
    found: set[str] = set(_of_address(text)) if place in ("address", "prose") else set()
    numbers = [(text[number.start : number.end], number.kind) for number in identity_numbers(text)] if place != "token" else []
    if place == "prose":
        values = {value for value, _ in numbers}
        found |= {_kind_of_contact(value) for value in contact_data_in(text) if value not in values}
    if place == "token" and _EMAIL.search(text):
        found.add("e-mail")
    found |= {kind for _, kind in numbers}
    return tuple(sorted(found))


_kept_kinds = lru_cache(maxsize=_KEPT)(_kinds)


def is_worth_a_look(text: str) -> bool:
    """Whether the text could hold personal data at all; an escaped sign or digit could be any."""
    return "%" in text or is_suspect(text) or _MAILTO.search(text) is not None


# As `is_worth_a_look`, for the engine of Arrow (RE2), which looks through whole columns.
WORTH_A_LOOK: Final = "%|(?i:mailto:)|" + suspect_pattern(digit=r"\p{Nd}", space=RE2_SPACE)


@lru_cache(maxsize=_KEPT)
def published_address(url: str) -> str:
    """The address as it may be published: what carries personal data is replaced by a mask, the host always stays.

    A page's capture id still leads to the address as archived.
    """
    if not personal_data_kinds(url, "address"):
        return url
    bare = re.sub(r"//[^/?#\s]*@", "//", url)  # the user part of an address says nothing of the page
    host = "/".join([*bare.split("/", 3)[:3], "[…]"])
    shorter = (bare, masked(bare).text, bare.partition("?")[0] + "?[…]", host, "[…]")
    return next(candidate for candidate in shorter if not personal_data_kinds(candidate, "address"))


def without_identity_numbers(text: str) -> str:
    """The text of an institution's column with every identity number masked; its own e-mail and telephone stay."""
    parts, end = [], 0
    for number in identity_numbers(text):
        parts += [text[end : number.start], MASKS[number.kind]]
        end = number.end
    return "".join(parts) + text[end:]


def _of_address(text: str) -> list[str]:
    plain = unquote(text) if "%" in text else text
    has_sign = "//" in plain and "@" in plain
    kinds = ["e-mail in an address"] if has_sign and (_USER_PART.search(plain) or _EMAIL.search(plain)) else []
    if "//" not in plain and plain.casefold().startswith("mailto:"):
        kinds.append("e-mail in an address")
    return kinds + (["telephone link"] if _TELEPHONE_LINK.search(plain) else [])


def _kind_of_contact(value: str) -> str:
    return "telephone" if re.fullmatch(r"[\s\d+()/.,;–-]*(?:\D{0,8}\d{1,6})?", value) else "e-mail"
