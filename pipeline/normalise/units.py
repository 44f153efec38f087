"""Kinds of local government unit, as the codes of ``[unit_type]`` in pipeline/schema/codes.toml."""

from __future__ import annotations

import re

from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, ambiguous, invalid, missing, ok, repaired
from pipeline.normalise.text import folded, one_line, says_nothing

_WORDINGS = {
    "gmina miejska": "gmina_miejska",
    "gmina wiejska": "gmina_wiejska",
    "gmina miejsko-wiejska": "gmina_miejsko_wiejska",
    "miasto na prawach powiatu": "miasto_na_prawach_powiatu",
    "powiat grodzki": "miasto_na_prawach_powiatu",
    "gmina na prawach powiatu": "miasto_na_prawach_powiatu",
    "gmina miejska na prawach powiatu": "miasto_na_prawach_powiatu",
    "gmina o statusie miasta na prawach powiatu": "miasto_na_prawach_powiatu",
    "powiat": "powiat",
    "powiat ziemski": "powiat",
    "wojewodztwo": "wojewodztwo",
    "samorzad wojewodztwa": "wojewodztwo",
    "samorzad wojewodzki": "wojewodztwo",
    "zwiazek gmin": "zwiazek_miedzygminny",
    "zwiazek miedzygminny": "zwiazek_miedzygminny",
    "miedzygminny zwiazek": "zwiazek_miedzygminny",
    "zwiazek komunalny gmin": "zwiazek_miedzygminny",
    "komunalny zwiazek gmin": "zwiazek_miedzygminny",
    "zwiazek powiatow": "zwiazek_powiatow",
    "dzielnica": "dzielnica",
    "dzielnica miasta": "dzielnica",
    "dzielnica m.st. warszawy": "dzielnica",
    "dzielnica miasta stolecznego warszawy": "dzielnica",
    # as the code list words them in Ukrainian
    "міська ґміна": "gmina_miejska",
    "сільська ґміна": "gmina_wiejska",
    "місько-сільська ґміна": "gmina_miejsko_wiejska",
    "місто на правах повіту": "miasto_na_prawach_powiatu",
    "повіт": "powiat",
    "воєводство": "wojewodztwo",
    "союз ґмін": "zwiazek_miedzygminny",
    "союз повітів": "zwiazek_powiatow",
    "район міста": "dzielnica",
}
_SLIPS = {
    "gmina miejsko wiejska": "gmina_miejsko_wiejska",
    "gmina miejskowiejska": "gmina_miejsko_wiejska",
    "gmina wiejsko-miejska": "gmina_miejsko_wiejska",
    "gmina m-w": "gmina_miejsko_wiejska",
    "gmina miejsko-wiejski": "gmina_miejsko_wiejska",
    "miasto i gmina": "gmina_miejsko_wiejska",
    "gmina i miasto": "gmina_miejsko_wiejska",
    "miejsko-wiejska": "gmina_miejsko_wiejska",
    "miejska": "gmina_miejska",
    "wiejska": "gmina_wiejska",
    "miasto na prawach powiatow": "miasto_na_prawach_powiatu",
    "miasto na prawie powiatu": "miasto_na_prawach_powiatu",
}
_SEVERAL = {
    "gmina": ("gmina_miejska", "gmina_wiejska", "gmina_miejsko_wiejska"),
    "miasto": ("gmina_miejska", "gmina_miejsko_wiejska", "miasto_na_prawach_powiatu"),
    "gmina miejska lub miasto na prawach powiatu": ("gmina_miejska", "miasto_na_prawach_powiatu"),
    "zwiazek": ("zwiazek_miedzygminny", "zwiazek_powiatow"),
    "zwiazek komunalny": ("zwiazek_miedzygminny", "zwiazek_powiatow"),
    "zwiazek jst": ("zwiazek_miedzygminny", "zwiazek_powiatow"),
    "zwiazek jednostek samorzadu terytorialnego": ("zwiazek_miedzygminny", "zwiazek_powiatow"),
    "gmina/powiat": ("gmina_miejska", "gmina_wiejska", "gmina_miejsko_wiejska", "powiat"),
}
CODES = tuple(sorted({*_WORDINGS.values()}))
_UNKNOWN = "the text names an unknown unit type"


def unit_type(text: str) -> Reading[str]:
    """The code of a unit's kind ("gmina miejsko - wiejska" → ``gmina_miejsko_wiejska``).

    "gmina", "miasto" and "związek" alone are ambiguous. An unknown kind is invalid: there is no default. A proper name
    may follow the kind ("gmina wiejska Rokietnica").
    """
    if says_nothing(text):
        return missing(text)
    if len(text) > MAX_VALUE:
        return invalid(text, TOO_LONG)
    wording = _wording(text)
    reading = _looked_up(wording, text)
    if reading is not None:
        return reading
    bracket = re.fullmatch(r"(?P<outside>[^()]+?) ?\((?P<inside>[^()]+)\)", wording)
    if bracket:
        return _agreed(bracket["outside"], bracket["inside"], text)
    named = re.match(r"(?P<kind>[a-ząćęłńóśźżа-яіїєґ .\-/()]+?)\s+(?=[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])", _lower_first(one_line(text)))
    if named and (reading := _looked_up(_wording(named["kind"]), text)) is not None:
        return reading
    parts = [_wording(part) for part in re.split(r"\s*[,;/]\s*|\s+(?:lub|oraz|i)\s+", wording)]
    if len(parts) > 1 and all(part in _WORDINGS for part in parts):
        codes = tuple(dict.fromkeys(_WORDINGS[part] for part in parts))
        return ok(codes[0], text) if len(codes) == 1 else ambiguous(text, "the text names several unit types", codes)
    return invalid(text, _UNKNOWN)


def _wording(text: str) -> str:
    """The text as the tables above spell it."""
    plain = re.sub(r" ?- ?", "-", folded(text)).strip(" .,;:")
    plain = re.sub(r"^gm\.? ?(?=miejsk|wiejsk|m-w)", "gmina ", plain)
    plain = re.sub(r"\bm\. ?st\. ?", "m.st. ", plain)
    return re.sub(r"\s*/\s*", "/", plain)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _looked_up(wording: str, text: str) -> Reading[str] | None:
    if wording in _WORDINGS:
        return ok(_WORDINGS[wording], text)
    if wording in CODES:
        return ok(wording, text)
    if wording in _SLIPS:
        return repaired(_SLIPS[wording], text, "the unit type is worded loosely")
    if wording in _SEVERAL:
        return ambiguous(text, "the wording fits several unit types", _SEVERAL[wording])
    return None


def _agreed(outside: str, inside: str, text: str) -> Reading[str]:
    """Two wordings, one in brackets: "miasto na prawach powiatu (powiat grodzki)", "gmina (miejska)"."""
    joined = _looked_up(_wording(f"{outside} {inside}"), text)
    first, second = _looked_up(outside, text), _looked_up(_wording(inside), text)
    if joined is not None:
        return joined
    if first is None or second is None:
        return first if first is not None and first.value is not None else invalid(text, _UNKNOWN)
    if first.value is None and second.value in first.candidates:
        return second
    if first.value == second.value and first.value is not None:
        return first
    codes = tuple(code for reading in (first, second) for code in (reading.candidates or (reading.value or "",)))
    return ambiguous(text, "the text names several unit types", tuple(dict.fromkeys(codes)))
