"""Slugs of titles, as addresses of pages spell them."""

from __future__ import annotations

import re
import unicodedata

# These letters have no decomposition in Unicode.
_FOLDED = {"ł": "l", "Ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"}
_ACCENT = re.compile("[\u0300-\u034e\u0350-\u036f]")
_OTHER_MARK = re.compile("[\u0483-\u0487\u0591-\u1fff\u20d0-\u20ff\u2c00-\U0010ffff]")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def title_slug(title: str) -> str:
    """``title`` as slugs of the practice base look: small ASCII letters and digits, words parted by one hyphen.

    Polish letters lose their marks ("Żółta łódź" gives "zolta-lodz"); all else parts words. Empty when nothing is left.
    A slug is its own slug.
    """
    plain = unicodedata.normalize("NFKD", _without_marks(_without_marks(title).casefold()))
    if _OTHER_MARK.search(plain) is not None:
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_SLUG.sub("-", _ACCENT.sub("", plain)).strip("-")


def _without_marks(text: str) -> str:
    for letter, plain in _FOLDED.items():
        text = text.replace(letter, plain)
    return text
