"""Foundings of partnerships as sentences tell them: the date, who founded, and the name where no quotation marks tell it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.partnership_words import (
    BY_FOUNDERS,
    FACT_LINE,
    FOUNDED,
    FOUNDERS_ACT,
    INITIATIVE,
    INITIATOR_IS,
    KIND_WORD,
    NAMED,
    NEXT_FACT,
    RENAMED,
    SINCE,
    STOP,
    SUBJECT,
    UNDONE,
)
from pipeline.extract.partnerships.party_members import members_of
from pipeline.extract.people.person_names import is_person, without_person
from pipeline.extract.prose import DATE_WORDING, LONGEST_BASIS, ON_THE_BASIS
from pipeline.normalise.dictionary import analyses, cases_of

_OBJECT_WITHIN = 120
_MOST_VERBS = 6
_NOUN = r"(?:Partnerstwo|Koalicj[aęi]|Sieć|Партнерство|Коаліці[яю]|Мереж[ау])(?:\s+[Ll]okaln\w+)?"
_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_NAME_WORDS = (
    rf"(?:(?:na [Rr]zecz|dla|задля|заради)\s+)?[{_CAPITAL}][\w’ʼ'-]*"
    rf"(?:\s+(?:(?:i|na|rzecz|dla|w|z|nad|pod|та|і|для|на|над)\s+)?[{_CAPITAL}][\w’ʼ'-]*){{0,6}}"
)
_PLAIN_NAME = re.compile(rf"\b(?P<noun>{_NOUN})\s+(?P<name>{_NAME_WORDS})")
_NAMED_UNIT = re.compile(
    r"(?:gmina|miasto|powiat|starostwo|urząd|wydział|biblioteka|fundacja|stowarzyszenie|ośrodek|centrum|szkoła|związek|громада|місто|рада"
    r"|бібліотека|управління|відділ|департамент|центр)"
    rf"\s[^.]*?[{_CAPITAL}„\"«]"
)
_REACHED = re.compile(r"\s*[,;(]?\s*\b(?:tel|fax|e-?mail|kontakt|тел|факс)\b[.:]?\s*(?=[\d+(\w])", re.IGNORECASE)
_IT = re.compile(r"\s+(?:je|ją|go|його|її)(?=\s)", re.IGNORECASE)
"""The partnership as the object of those who founded it: "Zawiązały je biblioteka i szkoła"."""

_AGO = re.compile(r"(?:[^\W_]+\s+){1,4}(?:temu|тому)", re.IGNORECASE)
_THEN = re.compile(r"\s*,\s+(?:a|а)\s+(?:we?|po|od|potem|później|у|в|згодом|потім|через)\s.*", re.IGNORECASE)
"""What happened later, behind the founders: "…, a w styczniu dołączyły …"."""

_PURPOSE = re.compile(r"(?:na [Rr]zecz|dla|задля|заради|на користь)\s")


def founding_verbs(sentence: str) -> Iterator[re.Match[str]]:
    """Verbs that tell of a founding; of those in the active voice only the ones whose object is a partnership.

    A sentence of more verbs than any real one has is not read on.
    """
    yield from itertools.islice(FOUNDED.finditer(sentence), _MOST_VERBS)
    for verb in itertools.islice(FOUNDERS_ACT.finditer(sentence), _MOST_VERBS):
        is_neuter = verb.group().casefold().endswith("ło")
        if is_neuter and SUBJECT.search(sentence, 0, verb.start()) is not None:
            continue  # "Partnerstwo „Lipa” założyło klub": it is the one that founded
        behind = SUBJECT.search(sentence, verb.end(), verb.end() + _OBJECT_WITHIN)
        before = NAMED.search(sentence[: verb.start()])
        if behind is not None or is_of_it(sentence, verb) or (before is not None and verb.group().casefold()[-1] in "iyи"):
            yield verb


def is_of_it(sentence: str, verb: re.Match[str]) -> bool:
    """Whether the verb's object is what was spoken of before: "Powołano je w 2021 roku"."""
    return _IT.match(sentence, verb.end()) is not None


def founding_date(sentence: str) -> str | None:
    """Wording of the founding date in a sentence that tells of a founding: the nearest date to the verb."""
    line = FACT_LINE.match(sentence.strip())
    if line is not None:
        return line["date"].strip(" .")
    since = SINCE.search(sentence)
    date = DATE_WORDING.match(sentence, since.end()) if since is not None else None
    if date is not None:
        return one_line(date.group())
    renamed = RENAMED.search(sentence)
    for verb in founding_verbs(sentence):
        if UNDONE.search(sentence[: verb.start()]):
            continue
        dates = [d for d in DATE_WORDING.finditer(sentence) if renamed is None or not _between(d, verb, renamed)]
        if dates:
            nearest = min(dates, key=lambda d: max(d.start() - verb.end(), verb.start() - d.end()))
            return one_line(nearest.group())
    return None


def _between(date: re.Match[str], founded: re.Match[str], renamed: re.Match[str]) -> bool:
    """Whether the date belongs to the renaming rather than to the founding of one sentence."""
    return abs(date.start() - renamed.start()) < abs(date.start() - founded.start())


def unquoted_name(sentence: str) -> str | None:
    """The name in "Partnerstwo Zielony Zakątek powstało w 2012 roku" or "zawiązało się Partnerstwo na rzecz Doliny".

    A name that says what for is no name without its noun, which it keeps.
    """
    if next(founding_verbs(sentence), None) is None:
        return None
    match = _PLAIN_NAME.search(sentence)
    return whole_name(match["noun"], match["name"]) if match is not None else None


def whole_name(noun: str, name: str) -> str:
    """The name; with its noun before it where it only says what for: "Partnerstwo na rzecz Doliny"."""
    return one_line(f"{noun} {name}" if _PURPOSE.match(name) or _is_genitive(name.split(maxsplit=1)[0]) else name)


def _is_genitive(word: str) -> bool:
    """Whether a Polish word can be a genitive and no nominative: "Sieć Bibliotek Powiatu" is nothing without its noun."""
    tags = [tag for _, tag, _ in analyses(word)]
    cases = cases_of(tags) | cases_of(tags, "pl")
    return "gen" in cases and "nom" not in cases


def initiators_in(sentence: str) -> list[str]:
    """Who founded or started the partnership, as worded; persons are left out."""
    for match in INITIATIVE.finditer(sentence):
        if match.group().casefold().startswith("przez") and not BY_FOUNDERS.search(sentence[: match.start()]):
            continue
        start, end = match.span("who")
        date = DATE_WORDING.search(sentence, start)
        return institutions(before_next_fact(sentence[start : min(end, date.start()) if date else end]))
    stated = INITIATOR_IS.search(sentence)
    if stated is not None:
        return institutions(before_next_fact(stated["who"] or stated["who2"]))
    return _acting(sentence)


def _acting(sentence: str) -> list[str]:
    """The subject of "A i B założyły partnerstwo", or what a colon lists behind "trzy instytucje założyły partnerstwo"."""
    for verb in founding_verbs(sentence):
        if verb.group().endswith("śmy"):
            continue  # "Zawiązaliśmy ją": those whose page it is
        if FOUNDERS_ACT.fullmatch(verb.group()) is None or UNDONE.search(sentence[: verb.start()]):
            continue
        listed = re.search(r":\s+(?P<who>.{4,400}?)[.;]?\s*$", sentence[verb.end() :])
        if listed is not None:
            return institutions(listed["who"])
        is_object_before = SUBJECT.search(sentence, verb.end(), verb.end() + _OBJECT_WITHIN) is None
        who = _IT.sub("", sentence[verb.end() :], count=1) if is_object_before else sentence[: verb.start()]
        who = _without_basis(who)
        undated = _THEN.sub("", DATE_WORDING.sub(" ", who)).strip(" ,.–—")
        stop = re.match(rf"(?P<who>.{{2,400}}?){STOP}", undated, re.IGNORECASE)
        found = institutions(stop["who"] if stop is not None and is_object_before else undated)
        return [member for member in found if not re.match(rf"(?:{KIND_WORD}\s+)?{SUBJECT.pattern}", member, re.IGNORECASE)]
    return []


def _without_basis(who: str) -> str:
    """The founders without what they acted on: "Na mocy porozumienia z dnia 5 czerwca 2019 r. gmina i powiat"."""
    basis = ON_THE_BASIS.match(who)
    date = DATE_WORDING.search(who, basis.end(), basis.end() + LONGEST_BASIS) if basis is not None else None
    return who[date.end() :] if date is not None else who


def before_next_fact(text: str) -> str:
    """What stands before another fact of one line: "biblioteka, koordynator – GOPS" → "biblioteka"."""
    return NEXT_FACT.split(text, maxsplit=1)[0]


def institutions(text: str) -> list[str]:
    """Members of the enumeration, persons left out."""
    members = [without_person(one_line(member)) for member in members_of(text) if not is_person(member)]
    return [member for member in members if len(member) > 1 and _AGO.fullmatch(member) is None]


def coordinating(who: str) -> str | None:
    """Who is said to coordinate: a name with a capital, or the noun of a unit with its name; a person is none.

    "koordynatorem jest gmina Szamotuły" names one, "koordynatorem jest osoba wyznaczona" does not.
    """
    plain = without_person(_REACHED.split(who, maxsplit=1)[0].strip(" .;"))
    return plain if len(plain) > 1 and (plain[:1].isupper() or _NAMED_UNIT.match(plain)) else None
