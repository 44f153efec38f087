"""Plain handling of text that the other modules share: spaces, folding, words that mean "nothing"."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None)
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u02bc\u2019\u2018\u02b9\u00b4`\u2032\uff07"
_ALIKE = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_APOSTROPHES, "'"))
_UNDECOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"})
_LETTER_MARKS = {"\u0306", "\u0308"}  # й, ў, ї, ё are letters of their own, not accented ones
_NOTHING = frozenset(
    {
        "", "-", "--", "---", ".", "...", "…", "?", "x", "n/a", "n/d", "nd", "n.d.", "b/d", "bd", "b.d.", "brak", "brak danych",
        "nie ma",
        "nie dotyczy", "nie posiada", "nie podano", "brak informacji", "brak strony", "brak adresu", "brak telefonu",
        "немає", "нема", "відсутній", "відсутня", "відсутнє", "немає даних", "не вказано", "none", "not available",
    }
)  # fmt: skip


def one_line(text: str) -> str:
    """The text on one line: every run of white space is one space, soft hyphens and zero-width characters are gone."""
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


def plain_dashes(text: str) -> str:
    """The text with every kind of dash written as a hyphen and every kind of apostrophe as ``'``; its length stays."""
    return text.translate(_ALIKE)


def folded(text: str) -> str:
    """The text as texts are compared: one line, small letters, no diacritics (ł is l), plain dashes and apostrophes.

    Cyrillic й, ї, ў and ё stay, since they are letters and not accented ones; stress marks go.
    """
    compatible = unicodedata.normalize(
        "NFKD", one_line(text).casefold()
    ).casefold()  # letters for formulas have capitals of their own
    decomposed = unicodedata.normalize("NFKD", compatible.translate(_ALIKE))
    kept: list[str] = []
    for character in decomposed:
        if not unicodedata.combining(character) or (character in _LETTER_MARKS and kept and "\u0400" <= kept[-1] <= "\u04ff"):
            kept.append(character)
    return one_line(unicodedata.normalize("NFC", "".join(kept)).translate(_UNDECOMPOSED).translate(_ALIKE))


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
