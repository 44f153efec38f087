"""Names of places without a noun beside them: "Grabowa nad Prosną", "Hude (Niemcy)"."""

from __future__ import annotations

import re

from pipeline.extract.partnerships.lands import LAND
from pipeline.normalise.given_names import has_given_name, is_given_name

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_PLACE_WORD = re.compile(r"[^\W\d_][\w’ʼ'-]+")
_INSIDE_PLACES = frozenset("nad pod przy koło na над під на біля del de di della la le les sur am der im bei ob".split())
_LAND_BEHIND = re.compile(rf"\s(?:\([{_CAPITAL}][^\W\d_]+(?:\s[^\W\d_]+)?\)|(?:we?|у|в)\s(?i:{LAND.pattern}))$")
_ADJECTIVE_OF_LAND = re.compile(
    r"^[^\W\d_]+(?:ськ(?:ий|а|е|им|ою|ого)|цьк(?:ий|а|е|им|ою|ого)|ski[em]?m?|sk[aąi]e?j?)\s+(?=\S)"
)


def is_bare_name(text: str) -> bool:
    """Whether the text is a name of capitalised words alone, as places have: "Grabowa nad Prosną"; no given name."""
    plain = _LAND_BEHIND.sub("", _ADJECTIVE_OF_LAND.sub("", text))
    words = plain.split()
    return (
        0 < len(words) < 6
        and plain[0].isupper()
        and all(_PLACE_WORD.fullmatch(word) and (word[0].isupper() or word in _INSIDE_PLACES) for word in words)
        and words[-1][0].isupper()
        and not (is_given_name(words[0]) if len(words) > 1 else has_given_name(words[0]))  # "Sławoborze" is a vocative too
    )
