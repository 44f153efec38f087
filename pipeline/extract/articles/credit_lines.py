"""Lines that say where the text or the pictures of an article come from."""

from __future__ import annotations

import re

from pipeline.extract.page import one_line

_LONGEST_CREDIT = 220
_CREDIT = re.compile(
    r"(?:(?:джерел[оа]|фото(?:графії|графія)?|світлини|світлина|текст|автор(?:ка|и)?(?: (?:фото|тексту|допису))?|матеріал"
    r"|інформація|відео|підготувал[аи]|підготував"
    r"|источник|текст и фото|źródł[oa]|fot|foto|zdjęci[ae]|tekst(?: i (?:foto|zdjęcia))?|autor(?:ka|zy)?(?: (?:zdjęć"
    r"|tekstu))?|opracowan(?:ie|ał|ała)|opracował[a]?|oprac|red"
    r"|source|photos?(?: by)?|text|quelle|zdroj)\s*(?:[:.–-]|(?=\s))"
    r"|(?:за матеріалами|за інформацією|по материалам|на основі|na podstawie|za|dzięki uprzejmości)(?::|(?<!\bza)\s))\s*\S.*",
    re.IGNORECASE,
)
_CREDIT_WITHOUT_SIGN = re.compile(
    r"(?:автор|матеріал|інформація|текст|джерел|opracowan|autor|tekst|foto|фото|zdjęci|red|text|photo|source)\w*\s+[^\W\d_]",
    re.IGNORECASE,
)
_SITE_OF = re.compile(
    r"[^.!?:]{2,140}:\s*(?:офіційний\s+)?(?:сайт|вебсайт|веб-сайт|вебпортал|портал|сторінка|strona(?:\s+internetowa)?|witryna"
    r"|website)[^.!?]{0,40}\.?",
    re.IGNORECASE,
)
_PRESS_OFFICE = re.compile(
    r"(?:прес-?служба|відділ (?:комунікацій|інформації)|biuro prasowe|zespół prasowy|rzecznik prasowy)\s[^.!?:]{3,120}",
    re.IGNORECASE,
)
"""A press office that signs a text, without any word before it."""


def is_credit(text: str) -> bool:
    """Whether a line says where text or pictures come from: "Джерело: …", "Fot. …", "Міська рада: сайт"."""
    plain = one_line(text).strip("()[]*_ ")
    if not plain or len(plain) > _LONGEST_CREDIT:
        return False
    if _SITE_OF.fullmatch(plain) or _PRESS_OFFICE.fullmatch(plain):
        return True
    if _CREDIT.fullmatch(plain) is None:
        return False
    # "Фото зробили діти під час зустрічі…" is prose: without a sign after the word only a short line is a credit
    return _CREDIT_WITHOUT_SIGN.match(plain) is None or (len(plain.split()) <= 5 and plain[-1] not in ".!?")
