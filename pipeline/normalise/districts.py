"""A district of Warsaw that the name of its institution says: "Urząd Dzielnicy Bielany m.st. Warszawy"."""

from __future__ import annotations

import re

from pipeline.normalise.text import one_line

_WARSAW = re.compile(r"(?:m\.?\s?st\.?\s*)?warszaw[ay]\b", re.IGNORECASE)
_DISTRICT = re.compile(r"\bdzielnicy\b", re.IGNORECASE)
_OF_DISTRICT = re.compile(
    r"\b[Dd]zielnicy\s+(?P<district>[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d_]+(?:[\s–-]+[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d_]+)?)(?=\s*(?:$|[,;(]|m\.?\s?st\b|w\s|miasta\b))"
)


def district_of_warsaw(unit_type: str | None, locality: str | None, institution: str | None) -> str | None:
    """The district, "Warszawa, Dzielnica Wola": the locality is Warsaw alone and the institution says which; else None.

    ``unit_type`` is a code; the texts are as printed.
    """
    if unit_type != "dzielnica" or institution is None or _WARSAW.fullmatch(one_line(locality or "").rstrip(" .,")) is None:
        return None
    found = [one_line(match["district"]) for match in _OF_DISTRICT.finditer(institution)]
    return f"Warszawa, Dzielnica {found[0]}" if len(found) == 1 == len(_DISTRICT.findall(institution)) else None
