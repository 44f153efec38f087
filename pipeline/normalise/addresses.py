"""Postal addresses as printed in Poland and Ukraine: code and post office, street with number and note."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, ambiguous, invalid, missing, ok, repaired
from pipeline.normalise.text import has_cyrillic, one_line, says_nothing

_POLISH_CODE = re.compile(
    r"(?<![\d-])(?P<a>\d{2})(?P<sign>\s?[-‐‑‒–—−]\s?|\s(?=\d{3}(?:\s|,|$))|(?=\d{3}(?!\d)))(?P<b>\d{3})(?![\d-])"
)
_UKRAINIAN_CODE = re.compile(r"(?<![\d-])\d{5}(?![\d-])")
_LABEL = re.compile(r"\b(?:kod pocztowy|kod|poczta|p-ta|індекс|поштовий індекс)\b\s*[:.]?\s*", re.IGNORECASE)
CODE_IN_ADDRESS = re.compile(r"(?<![\d-])\d{2}-\d{3}(?![\d-])(?:\s+[^\W\d_][^,;\n]*)?")
"""A postal code with its hyphen and the town behind it, in an address on one line."""

_LETTERS_IN_CODE = re.compile(r"\s*\d{2}\s?-\s?\d{0,2}[OoОоIl]{1,3}\b")
"""A postal code typed with letters for digits: "62-6OO"."""

_PIECE = re.compile(r"\s*[,;()]\s*")


class PostalAddress(NamedTuple):
    """Postal code (``63-200``; five digits in Ukraine) and the post office's town; either may be unknown."""

    postal_code: str | None
    post_office: str | None


def postal_address(text: str) -> Reading[PostalAddress]:
    """Postal code and post office. A code without its hyphen or with a dash for it is repaired; several are ambiguous.

    When the digits make no code the reading is invalid and keeps the post office.
    """
    if says_nothing(text):
        return missing(text)
    if len(text) > MAX_VALUE:
        return invalid(text, TOO_LONG)
    line = one_line(_LABEL.sub(" ", text))
    codes = [(match, f"{match['a']}-{match['b']}") for match in _POLISH_CODE.finditer(line)]
    slips = [] if not codes or codes[0][0]["sign"] == "-" else ["the postal code is printed without its hyphen"]
    if codes and codes[0][0]["sign"].strip() in {"‐", "‑", "‒", "–", "—", "−"}:
        slips = ["a dash stands for the hyphen of the postal code"]
    elif codes and codes[0][0]["sign"].strip() == "-" and slips:
        slips = ["spaces stand in the postal code"]
    if has_cyrillic(line):
        codes, slips = [(match, match[0]) for match in _UKRAINIAN_CODE.finditer(line)], []
    if len({code for _, code in codes}) > 1:
        return ambiguous(text, "the text holds several postal codes", tuple(dict.fromkeys(code for _, code in codes)))
    rest = line
    for match, _ in reversed(codes):
        rest = rest[: match.start()] + " , " + rest[match.end() :]
    names = [name for piece in _PIECE.split(rest) if re.search(r"[^\W\d_]", name := piece.strip(" .-–—"))]
    town = names[0] if names else None
    if not codes and (re.search(r"\d{3}", rest) or _LETTERS_IN_CODE.match(rest)):
        left = re.sub(r"[\d\s.–—-]*\d{3}[\d\s.–—-]*", " ", _LETTERS_IN_CODE.sub("", town or "")).strip() or None
        return Reading(PostalAddress(None, left) if left else None, "invalid", text, "the digits make no postal code")
    value = PostalAddress(codes[0][1] if codes else None, town)
    if value == (None, None):
        return invalid(text, "the text holds neither a postal code nor a town")
    if len(names) > 1:
        slips.append("what stands behind the post office is left out")
    return repaired(value, text, "; ".join(slips)) if slips else ok(value, text)


class Street(NamedTuple):
    """A street line: whole, the street as printed with its kind ("ul. Park"), house number, and what else stands there."""

    whole: str
    name: str | None
    number: str | None
    note: str | None


_NUMBER = r"\d{1,4}\s?[A-Za-zА-ЩЮЯҐЄІЇа-щюяґєії]?(?![^\W\d_])(?:\s?[/–-]\s?\d{1,4}\s?[A-Za-z]?(?![^\W\d_]))*"
_FLAT = r"(?:\s*,?\s*(?:m|lok|кв|оф)\.?\s?\d{1,4}\w?)?"
_NUMBERED = re.compile(
    r"(?P<name>.*?[^\W\d_].*?)[\s,]+(?:(?:nr|numer|no|буд(?:инок)?|д|№)\.?\s*)?(?P<number>" + _NUMBER + _FLAT + r")",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"(?:(?:nr|numer|буд(?:инок)?|№)\.?\s*)?(?P<number>" + _NUMBER + _FLAT + r")", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\((?P<note>[^()]*)\)\s*")


def street(text: str) -> Reading[Street]:
    """Street, house number and note ("ul. Park 3 (Pałac Radolińskich)"). Digits that belong to a name ("3 Maja") stay there."""
    if says_nothing(text):
        return missing(text)
    if len(text) > MAX_VALUE:
        return invalid(text, TOO_LONG)
    whole = one_line(text)
    notes = [match["note"].strip() for match in _BRACKET.finditer(whole)]
    pieces = [piece.strip() for piece in _BRACKET.sub(" , ", whole).split(",")]
    pieces = [piece for piece in pieces if piece]
    if not pieces or not re.search(r"\w", whole):
        return invalid(text, "the text holds no street")
    name: str | None = pieces[0].rstrip(" .;") or None
    number = None
    rest = pieces[1:]
    if match := _NUMBERED.fullmatch(pieces[0].rstrip(" .;")):
        name, number = match["name"].strip(), match["number"]
    elif bare := _BARE_NUMBER.fullmatch(pieces[0].rstrip(" .;")):
        name, number = None, bare["number"]
    if number is None and rest and (behind := _BARE_NUMBER.fullmatch(rest[0].rstrip(" .;"))):
        number, rest = behind["number"], rest[1:]
    note = ", ".join([*rest, *notes]) or None
    return ok(Street(whole, name, number, note), text)
