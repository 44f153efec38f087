"""How names of territorial units are compared, the same for every register.

Unlike normalise.text.folded this keeps diacritics: Polish names differ by them, and only a name typed without any is
looked up without them.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_SPACES = re.compile(r"\s+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´‘′", "'"))
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_TO_SPACES = str.maketrans("-.()", "    ")
_BARE = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")


@functools.lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """``text`` in lower case, compatibility forms and spaces unified, dashes without spaces round them, ends trimmed."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    plain = _DASHES.sub("-", _SPACES.sub(" ", plain))
    return unicodedata.normalize("NFC", plain.casefold()).strip(" .,;:\"'„”“()[]")


def bare(folded_text: str) -> str:
    """A folded text without Polish diacritics: the last resort for names typed without them."""
    return folded_text.translate(_BARE)


def key(text: str) -> str:
    """What a name is looked up by: folded, dashes, full stops and parentheses as spaces ("Busko Zdrój", "Busko-Zdrój")."""
    return " ".join(folded(text).translate(_TO_SPACES).split())
