"""Plain handling of text that the other modules share: spaces, folding, words that mean "nothing"."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u02bc\u2019\u2018\u02b9\u00b4`\u2032\uff07"
_ANY_ALIKE = re.compile(f"[{_DASHES}{_APOSTROPHES}]")
_ALIKE = re.compile(f"(?P<dash>[{_DASHES}])|[{_APOSTROPHES}]")
_UNDECOMPOSED = {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
_LETTER_MARKS = ("\u0306", "\u0308")  # й, ў, ї, ё are letters of their own, not accented ones
# Every combining character stands among the accents or in a block of other scripts (a test holds it).
_ACCENT = re.compile("[\u0300-\u0305\u0307\u0309-\u034e\u0350-\u036f\u0483-\u0487]")
_OTHER_SCRIPT = re.compile("[\u0591-\u1fff\u20d0-\u20ff\u2c00-\U0010ffff]")
_NOTHING = frozenset(
    {
        "", "-", "--", "---", ".", "...", "…", "?", "x", "n/a", "n/d", "nd", "nd.", "n.d.", "b/d", "bd", "b.d.", "brak",
        "brak danych", "nie ma",
        "nie dotyczy", "nie posiada", "nie podano", "brak informacji", "brak strony", "brak adresu", "brak telefonu",
        "немає", "нема", "відсутній", "відсутня", "відсутнє", "немає даних", "не вказано", "none", "not available",
    }
)  # fmt: skip


def spaced_once(text: str) -> str:
    """The text with every run of white space as one space, and none at its ends."""
    # No white space is printable but the space itself. To see that a line is as it should be takes half of making it anew.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(text.split())


def one_line(text: str) -> str:
    """The text on one line: every run of white space is one space, soft hyphens and zero-width characters are gone."""
    visible = text if text.isascii() else _INVISIBLE.sub("", text)
    return spaced_once(visible)


def plain_dashes(text: str) -> str:
    """The text with every kind of dash written as a hyphen and every kind of apostrophe as ``'``; its length stays."""
    return _ALIKE.sub(_plain_sign, text) if _ANY_ALIKE.search(text) is not None else text


def _plain_sign(sign: re.Match[str]) -> str:
    return "'" if sign["dash"] is None else "-"


def folded(text: str) -> str:
    """The text as texts are compared: one line, small letters, no diacritics (ł is l), plain dashes and apostrophes.

    Cyrillic й, ї, ў and ё stay, since they are letters and not accented ones; stress marks go.
    """
    if text.isascii():
        return plain_dashes(one_line(text).lower())
    # letters for formulas have capitals of their own: casefold comes twice
    compatible = unicodedata.normalize("NFKD", one_line(text).casefold()).casefold()
    decomposed = unicodedata.normalize("NFKD", plain_dashes(compatible))
    bare = decomposed if decomposed.isascii() else _ACCENT.sub("", decomposed)
    if any(mark in bare for mark in _LETTER_MARKS) or _OTHER_SCRIPT.search(bare) is not None:
        bare = _without_accents(decomposed)
    composed = unicodedata.normalize("NFC", bare)
    for letter, plain in _UNDECOMPOSED.items():
        composed = composed.replace(letter, plain)
    return one_line(plain_dashes(composed))


def _without_accents(decomposed: str) -> str:
    kept: list[str] = []
    for character in decomposed:
        if not unicodedata.combining(character) or (character in _LETTER_MARKS and kept and "\u0400" <= kept[-1] <= "\u04ff"):
            kept.append(character)
    return "".join(kept)


def paragraphs(text: str) -> list[str]:
    """The parts of the text that blank lines set apart, each without white space at its ends; empty ones are left out."""
    parts = (part.strip() for part in _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n")))
    return [part for part in parts if part]


def says_nothing(text: str) -> bool:
    """Whether the text is empty or says that there is no value ("brak", "nie dotyczy", "немає", "-")."""
    return folded(text).strip(" ()[]") in _NOTHING


def has_cyrillic(text: str) -> bool:
    """Whether any letter of the text is Cyrillic."""
    return any("\u0400" <= character <= "\u04ff" for character in text)
