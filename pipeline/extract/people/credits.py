"""Persons named in credits: "Автор: …", "Tekst: …, zdjęcia: …". The label is the role; the public credit masks the name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from pipeline.extract.people.person_names import is_patron_mark, name_at, tokens_of
from pipeline.extract.prose import names_institution
from pipeline.normalise.given_names import is_given_name
from pipeline.records import PersonMention

_LABEL = re.compile(
    r"\b(?P<label>(?:автор(?:ка|и|ки)?|текст|фото(?:графії|графія|граф)?|світлини|світлина|матеріал(?:и)?"
    r"(?: підготува(?:ла|в|ли))?"
    r"|підготува(?:ла|в|ли)|опублікува(?:ла|в)|відео|інформаці[яю](?: підготува(?:ла|в))?|редактор(?:ка)?"
    r"|autor(?:ka|zy|ki)?|tekst|fot(?:o|ografie|ografia)?|zdjęci[ae]|opracował[ai]?|opracowali|opracowanie|oprac|przygotował[ai]?"
    r"|redakcja|red|wideo|film|text|photos?(?: by)?|author|by)"
    r"(?:\s+(?:(?:та|і|й|i|oraz|and)\s+)?(?:фото|текст|світлини|відео|zdjęcia"
    r"|foto|fot|tekst|tekstu|zdjęć|допису|тексту|opracowanie|photos?))*)\s*(?P<sign>[:.–—-]?)\s*",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?<=[a-ząćęłńóśźżа-яіїєґ])(?=(?:Foto|Fot|Tekst|Zdjęci[ae]|Opracowa[łn][aie]*|Oprac|Autor(?:ka|zy)?|Źródł[oa]|Data|Фото|Світлин[аи]|Текст"
    r"|Автор(?:ка|и)?|Джерел[оа]|Дата)\s?[.:]|(?:fot|foto|tekst|zdj|фото|текст)\s?[.:]\s)"
)
"""Where a rendering lost the space before the next label: "Tekst: Anna PróbnaFoto: Jan Zmyślony"."""

_BORDER = re.compile(r"(?<=[a-ząćęłńóśźżа-яіїєґ]{4})(?=[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])")
"""Where it lost the space before another word. "DeLuca", "MacLean" and "LaSalle" have theirs further to the left."""

_NOBODY = re.compile(
    r"redakc|portal|zesp|archiw|zasob|własn|internet|unsplash|pixabay|pexels|canva|facebook|freepik|wikipedi|редакц|архів|відкрит|інтернет"
    r"|мереж|вікіпед|фейсбук|сайт|прес",
    re.IGNORECASE,
)


def credited_people(credit: str | None, *, record_id: str) -> list[PersonMention]:
    """Persons the lines of a credit name, each with the label before the name, as printed, for a role.

    The passage is the line. Behind a label of authorship two capitalised words that call no institution are a name as well,
    and so is a given name that stands alone: a name left in the open weighs more than one masked too many.
    """
    found: dict[tuple[str, str], PersonMention] = {}
    for printed in (credit or "").splitlines():
        line = _GLUED.sub(" ", printed)
        labels = list(_LABEL.finditer(line))
        for label, following in itertools.zip_longest(labels, labels[1:]):
            said = line[label.end() : following.start() if following is not None else len(line)]
            for name in _names(said, is_signed=bool(label["sign"])):
                made = PersonMention(record_id=record_id, name=name, role=label["label"], organisation=None, passage=printed)
                found.setdefault((name, made.role), made)
    return list(found.values())


def _names(said: str, *, is_signed: bool) -> Iterator[str]:
    tokens = tokens_of(said)
    at = 0
    has_name = False
    while at < len(tokens):
        if is_patron_mark(tokens, at):
            return
        name = name_at(tokens, at, after_role=True)
        if name is None:
            at += 1
            continue
        has_name = True
        printed = said[tokens[at].start : tokens[name.end - 1].end]
        yield _BORDER.split(printed, maxsplit=1)[0]
        at = name.end
    if has_name or not is_signed:
        return
    for part in re.split(r"\s*[,;/&]\s*|\s+(?:та|і|й|i|oraz|and)\s+", said):
        plain = part.strip(" .()[]*_")
        words = plain.split()
        if not plain or names_institution(plain) or _NOBODY.search(plain) or not all(map(_is_name_word, words)):
            continue
        if len(words) in (2, 3) or (len(words) == 1 and is_given_name(words[0])):
            yield plain


def _is_name_word(word: str) -> bool:
    return (
        re.fullmatch(r"[^\W\d_]\.|[^\W\d_]+(?:[-’ʼ'][^\W\d_]+)*", word) is not None
        and word[:1].isupper()
        and (len(word) < 3 or not word.isupper())
    )
