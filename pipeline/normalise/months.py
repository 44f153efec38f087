"""Names of months in the languages of the sources, in every case they stand in, and Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from pipeline.normalise.text import folded

_FORMS = {
    1: "styczeń stycznia styczniu styczniem styczniowi stycz sty січень січня січні січнем січню січ январь января январе"
    " январем янв january jan januar jänner leden ledna lednu lednem",
    2: "luty lutego lutym lutemu lut лютий лютого лютому лютим лют февраль февраля феврале февралем фев february feb"
    " februar únor února únoru únorem",
    3: "marzec marca marcu marcem marcowi mar березень березня березні березнем березню берез бер март марта марте мартом"
    " march märz března březen březnu březnem",
    4: "kwiecień kwietnia kwietniu kwietniem kwietniowi kwiec kwie kwi квітень квітня квітні квітнем квітню квіт апрель"
    " апреля апреле апрелем апр april apr duben dubna dubnu dubnem",
    5: "maj maja maju majem majowi травень травня травні травнем травню трав май мая мае маем may mai květen května květnu"
    " květnem",
    6: "czerwiec czerwca czerwcu czerwcem czerwcowi czerw cze червень червня червні червнем червню черв июнь июня июне"
    " июнем june jun juni červen června červnu červnem",
    7: "lipiec lipca lipcu lipcem lipcowi lip липень липня липні липнем липню лип июль июля июле июлем july jul juli"
    " červenec července červenci červencem",
    8: "sierpień sierpnia sierpniu sierpniem sierpniowi sierp sie серпень серпня серпні серпнем серпню серп август августа"
    " августе августом авг august aug srpen srpna srpnu srpnem",
    9: "wrzesień września wrześniu wrześniem wrześniowi wrzes wrz вересень вересня вересні вереснем вересню верес вер"
    " сентябрь сентября сентябре сентябрем сент сен september sept sep září",
    10: "październik października październiku październikiem październikowi paźdz paź pażdziernik pażdziernika pażdzierniku"
    " жовтень жовтня жовтні жовтнем жовтню жовт октябрь октября октябре октябрем окт october oct oktober okt říjen října"
    " říjnu říjnem",
    11: "listopad listopada listopadzie listopadem listopadowi list lis листопад листопада листопаді листопаду листопадом"
    " листоп лист ноябрь ноября ноябре ноябрем ноя november nov listopadu",
    12: "grudzień grudnia grudniu grudniem grudniowi grudz gru грудень грудня грудні груднем грудню груд декабрь декабря"
    " декабре декабрем дек december dec dezember dez prosinec prosince prosinci prosincem",
}
_NUMBER_OF_NAME = {folded(form): number for number, forms in _FORMS.items() for form in forms.split()}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}
_CYRILLIC_ROMAN = str.maketrans("ІХ", "IX")  # Ukrainian keyboards lack the Latin letters


def _any_of(words: Iterable[str]) -> str:
    """Pattern of the words, by their first letters: where none begins, that is found out eight times as soon."""
    by_letter = groupby(sorted(words, key=lambda word: (word[0], -len(word), word)), key=lambda word: word[0])
    return "|".join(f"{letter}(?:{'|'.join(re.escape(word[1:]) for word in alike)})" for letter, alike in by_letter)


_SPELLINGS = {spelling for forms in _FORMS.values() for form in forms.split() for spelling in (form, folded(form))}
MONTH_NAME = f"(?:{_any_of(_SPELLINGS)})" + r"(?![^\W\d_])"
"""Pattern of a month's name, for use with re.IGNORECASE."""
ROMAN_MONTH = r"(?-i:(?:[XХ][IІ]{0,2}|[IІ][XХ]|[IІ]V|V[IІ]{0,3}|[IІ]{1,3})(?![^\W\d_]))"
"""Pattern of a Roman numeral from I to XII, in capitals."""


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name in any case or a Roman numeral in capitals, else None."""
    roman = _ROMAN.get(word.translate(_CYRILLIC_ROMAN))
    return roman if roman is not None else _NUMBER_OF_NAME.get(folded(word).rstrip("."))
