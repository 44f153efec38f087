"""The noun that several names share, as each of them has it: "gminy Lipno i Kikół" are the gmina Lipno and the gmina Kikół.

The case stays; only the number changes.
"""

from __future__ import annotations

import re

_SINGULAR = {
    "gminy": "gmina",
    "gmin": "gminy",
    "gminom": "gminie",
    "gminami": "gminą",
    "gminach": "gminie",
    "miasta": "miasto",
    "miast": "miasta",
    "miastom": "miastu",
    "miastami": "miastem",
    "powiaty": "powiat",
    "powiatów": "powiatu",
    "powiatom": "powiatowi",
    "powiatami": "powiatem",
    "województwa": "województwo",
    "województw": "województwa",
    "województwami": "województwem",
    "biblioteki": "biblioteka",
    "bibliotek": "biblioteki",
    "bibliotekami": "biblioteką",
    "szkoły": "szkoła",
    "szkół": "szkoły",
    "szkołami": "szkołą",
    "ośrodki": "ośrodek",
    "ośrodków": "ośrodka",
    "ośrodkami": "ośrodkiem",
    "гміни": "гміна",
    "гмінами": "гміною",
    "ґміни": "ґміна",
    "ґмінами": "ґміною",
    "громади": "громада",
    "громад": "громади",
    "громадам": "громаді",
    "громадами": "громадою",
    "ради": "рада",
    "рад": "ради",
    "радам": "раді",
    "радами": "радою",
    "бібліотеки": "бібліотека",
    "бібліотек": "бібліотеки",
    "бібліотеками": "бібліотекою",
    "школи": "школа",
    "шкіл": "школи",
    "школами": "школою",
    "області": "область",
    "областей": "області",
    "областями": "областю",
    "міста": "місто",
    "міст": "міста",
    "містам": "місту",
    "містами": "містом",
    "села": "село",
    "сіл": "села",
    "селами": "селом",
    "селища": "селище",
    "селищ": "селища",
    "селищами": "селищем",
    "райони": "район",
    "районів": "району",
    "районами": "районом",
    "ліцеї": "ліцей",
    "ліцеїв": "ліцею",
    "ліцеями": "ліцеєм",
}
_BEHIND = ("w", "we", "в", "у", "kultury")  # "bibliotekami w", "ośrodki kultury w": what stands behind the noun
_MASCULINE = ("район", "ліце")
# Endings of Ukrainian adjectives in the plural, and in the singular beside a feminine and a masculine noun.
_ADJECTIVE = re.compile(r"(?P<stem>[^\W\d_]+?)(?P<ending>ими|их|і)")
_OF_ONE = {"ими": ("ою", "им"), "их": ("ої", "ого"), "і": ("а", "ий")}


def singular_noun(phrase: str) -> str:
    """The noun, adjectives before it included, in the singular of its case; unchanged when it is no plural known here."""
    words = phrase.split()
    if len(words) > 1 and words[-1].casefold() in _BEHIND:
        return f"{singular_noun(' '.join(words[:-1]))} {words[-1]}"
    *adjectives, noun = words
    singular = _SINGULAR.get(noun.casefold())
    if singular is None:
        return phrase
    is_masculine = noun.casefold().startswith(_MASCULINE)
    words = [_adjective_of_one(word, is_masculine=is_masculine) for word in adjectives]
    return " ".join([*words, noun[0] + singular[1:]])


def _adjective_of_one(word: str, *, is_masculine: bool) -> str:
    match = _ADJECTIVE.fullmatch(word)
    return match["stem"] + _OF_ONE[match["ending"]][is_masculine] if match is not None else word
