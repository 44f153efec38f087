"""The words of a text as the explorer compares them: small Latin letters and digits, whatever was typed or published.

Diacritics go (ż is z, ł is l), apostrophes inside a word go, and Cyrillic is written in Latin letters as the Ukrainian
national transliteration does (Cabinet of Ministers, resolution 55 of 2010), so that «Канів», "Kaniv" and "kaniv" are one word.
Two liberties make the spelling of the query matter less: y and i are one letter (и, й, і, ї and the resolution's initial
"ya", "ye", "yi", "yu" fall together), and no letter depends on its place in the word. ``web/fold.js`` does the same with the
same table, which the page carries; a test holds the two against each other.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

LETTERS: Final[dict[str, str]] = {
    "ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ß": "ss", "þ": "th", "ð": "d", "y": "i",
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "i", "і": "i",
    "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
    "ё": "io", "ъ": "", "ы": "i", "э": "e", "ў": "u",
}  # fmt: skip
"""What a letter is written as, in small letters. Letters that are not named lose their marks and stay."""

APOSTROPHES: Final = "'’ʼ`´′‘ʹ＇"
INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_GONE = re.compile(f"[{INVISIBLE}]")
_WORD = re.compile(rf"[^\W_]+(?:(?:[\u0300-\u036f]|[{APOSTROPHES}](?=[^\W_]))[^\W_]*)*")
_TABLE = str.maketrans({**LETTERS, **dict.fromkeys(APOSTROPHES, "")})


def words(text: str) -> set[str]:
    """The distinct folded words of a text."""
    found = set(map(folded_word, set(_WORD.findall(_GONE.sub("", text)))))
    found.discard("")
    return found


@functools.lru_cache(maxsize=1 << 17)
def folded_word(word: str) -> str:
    """One word as it is compared."""
    if word.isascii():
        return word.lower().translate(_TABLE)
    composed = unicodedata.normalize("NFC", word).lower().translate(_TABLE)
    plain = unicodedata.normalize("NFKD", composed).lower()
    return "".join(letter for letter in plain if not unicodedata.category(letter).startswith("M")).translate(_TABLE)
