"""Slugs of titles, as addresses of pages spell them."""

from __future__ import annotations

import re
import unicodedata

# These letters have no decomposition in Unicode.
_FOLDED = str.maketrans({"ł": "l", "Ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def title_slug(title: str) -> str:
    """``title`` as slugs of the practice base look: small ASCII letters and digits, words parted by one hyphen.

    Polish letters lose their marks ("Żółta łódź" gives "zolta-lodz"); all else parts words. Empty when nothing is left.
    A slug is its own slug.
    """
    plain = unicodedata.normalize("NFKD", title.translate(_FOLDED).casefold().translate(_FOLDED))
    return _NOT_SLUG.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
