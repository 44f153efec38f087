"""Parties of an agreement as the sentence that tells of its signing names them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import BETWEEN, BY_HEADS, COMMUNITY, OF, SIGNED, TWINNED, WITH, WITHIN
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.lands import ABROAD
from pipeline.extract.partnerships.parties import without_days, worded_parties
from pipeline.extract.prose import is_adjective

_WITH = re.compile(r"(?:ze?|із|зі?)\s", re.IGNORECASE)
_TOGETHER = re.compile(r"^(?:wraz|razem|wspólnie|разом|спільно)\s+(?:ze?|із|зі?)\s+", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s")
_PREPOSITION = re.compile(r"(?:z|ze|na|o|w|we|do|dla|przez|із|з|зі|на|про|в|у|до|для|від|щодо)\s", re.IGNORECASE)
_PAIR = re.compile(
    r"(?P<one>[^\s,]{3,30}(?:\s[^\s,]{3,30})?)\s+(?:та|і|й|i|oraz)\s+(?P<other>[^\s,]{3,30}(?:\s[^\s,]{3,30})?)\s+"
)
_COMPARED = re.compile(r"(?:партнерств|співпрац|дружб|współprac|partnerstw|przyjaźni)\w*\s+$", re.IGNORECASE)
_LEAST_STEM = 4
WHICH = re.compile(r",\s+(?:z\s+któr(?:ą|ym|ymi)|з\s+як(?:ою|им|ими))\s", re.IGNORECASE)
"""A clause about what was agreed on with those named before it."""

_WITH_MANY = re.compile(r",\s+(?:z\s+którymi|з\s+якими)\s", re.IGNORECASE)
_AND = re.compile(r",\s+|\s+(?:i|oraz|a\s+także|та|і|й|а\s+також)\s+")
_PLURAL_BEFORE = re.compile(r"\b(?:miastami|gminami|powiatami|містами|громадами|[гґ]мінами)\s[^.;:]{5,200}$", re.IGNORECASE)

CLAUSE_OF_SIGNER = re.compile(r",\s+(?:któr[ay]|як(?:а|ий|е))\s", re.IGNORECASE)
"""How a clause begins about who signed: "samorząd Województwa, który w 2003 r. zawarł …"."""

_WHO_SIGNED = re.compile(rf"{CLAUSE_OF_SIGNER.pattern}\s*(?:\w+\s+){{0,2}}$", re.IGNORECASE)


def is_with_many(sentence: str, agreement: re.Match[str]) -> bool:
    """Whether a clause says it of each of several named before it: "gmina Hude i miasto Lipno, z którymi podpisano …"."""
    return _WITH_MANY.search(sentence, 0, agreement.start()) is not None


def signed_parties(sentence: str, agreement: re.Match[str], signed: re.Match[str]) -> list[str]:
    """Parties the sentence names around the ``agreement`` and the verb of signing, in the sentence's order."""
    between = BETWEEN.search(sentence)
    if between is not None and _is_of_another(sentence, between, agreement):
        between = None
    if between is not None and len(found := worded_parties(between["who"], bare=True)) > 1:
        return found
    heads = BY_HEADS.search(sentence)
    if heads is not None and len(found := worded_parties(heads["who"], bare=True)) > 1:
        return found
    of = OF.match(sentence[agreement.end() :])
    if of is not None and SIGNED.search(of["who"]) is None and len(found := worded_parties(of["who"], bare=True)) > 1:
        return found
    if len(found := _chained(sentence[agreement.end() : max(signed.start(), agreement.end())])) > 1:
        return found
    if WHICH.search(sentence, 0, agreement.start()) is not None:
        return _with_which(sentence, agreement, signed)
    who = _WHO_SIGNED.search(without_days(sentence[: signed.start()]))
    if who is not None and signed.end() < agreement.start():
        partner = WITH.match(without_days(sentence[agreement.end() :]))
        ours = _community_before(without_days(sentence[: signed.start()])[: who.start()])
        theirs = worded_parties(partner["who"], bare=True) if partner is not None and ours is not None else []
        return [ours, *theirs] if ours is not None and theirs else []
    before = without_days(sentence[: min(signed.start(), agreement.start())]).strip(" ,–—")
    before = _TOGETHER.sub("", WITHIN.sub("", before))
    are_towns = TWINNED.search(agreement["agreement"]) is not None
    subjects = worded_parties(re.split(r"\s[–—]\s|:\s", before)[-1], bare=are_towns)
    if not subjects and signed.start() > agreement.start():  # "Меморандум підписали A та B"
        between_them = without_days(sentence[agreement.end() : signed.start()]).strip(" ,–—")
        behind = sentence[signed.end() :].strip(" ,–—")
        subjects = worded_parties(behind) if _WITH.match(behind) is None else []
        if len(subjects) < 2 and _PREPOSITION.match(between_them) is None:  # "Меморандум A та B підписали"
            both = worded_parties(between_them)
            subjects = both if len(both) > 1 else subjects
    partner = WITH.match(without_days(sentence[agreement.end() :]))
    if partner is None and signed.end() < agreement.start():  # "підписав з бібліотекою договір про співпрацю"
        partner = WITH.match(without_days(sentence[signed.end() : agreement.start()]).rstrip(" ,"))
    is_abroad = partner is not None and are_towns and ABROAD.search(partner["who"]) is not None
    with_whom = worded_parties(partner["who"], bare=bool(subjects) or is_abroad) if partner is not None else []
    found = subjects + [party for party in with_whom if party not in subjects]
    return sorted(found, key=lambda party: max(0, sentence.find(party.split(maxsplit=1)[0])))


def _is_of_another(sentence: str, between: re.Match[str], agreement: re.Match[str]) -> bool:
    """Whether those named are the parties of what an aside compares with: "wzorem partnerstwa między A i B, podpisali"."""
    is_before = between.end() < agreement.start() and between["who"].rstrip().endswith(",")
    return is_before and _COMPARED.search(sentence, 0, between.start()) is not None


def _chained(text: str) -> list[str]:
    """Places with dashes between them and nothing else: "угоду побратимства Хотин (Україна) – Жагань (Польща) підписали"."""
    places = [one_line(place) for place in _DASH.split(text)]
    return places if all(map(is_bare_name, places)) else []


def _with_which(sentence: str, agreement: re.Match[str], signed: re.Match[str]) -> list[str]:
    """The community before a clause about it, and who the clause says agreed: "miasto Hude, z którym Lipno podpisało …"."""
    relative = WHICH.search(sentence, 0, agreement.start())
    if relative is None:
        return []
    if _WITH_MANY.match(relative.group()) is not None:
        return _communities_before(sentence[: relative.start()])
    theirs = _community_before(sentence[: relative.start()])
    if theirs is None:
        return []
    inside = sentence[relative.end() : min(signed.start(), agreement.start())]
    ours = [party for party in worded_parties(inside, bare=True) if party[:1].isupper()]
    return [theirs, *ours[:1]]


def _communities_before(text: str) -> list[str]:
    """The communities an enumeration that the text ends with names, none where one of them has no noun of its own."""
    plural = _PLURAL_BEFORE.search(text)
    if plural is not None:
        return worded_parties(plural.group(), bare=True)
    found: list[str] = []
    for member in reversed(_AND.split(text)):
        named = _community_before(member)
        if named is None:
            return []
        found.insert(0, named)
        if named != member.strip():
            break
    return found


def _community_before(text: str) -> str | None:
    """The community that the text ends with, adjectives before its noun included; None when it names none."""
    words = text.split()
    noun = next((at for at in reversed(range(len(words))) if COMMUNITY.fullmatch(words[at]) is not None), len(words))
    if noun + 1 >= len(words) or not all(word[:1].isupper() or word[:1] == "(" for word in words[noun + 1 :]):
        return None
    while noun and words[noun - 1].islower() and is_adjective(words[noun - 1]):
        noun -= 1
    return " ".join(words[noun:])


def paired_towns(subject: str, below: Sequence[str]) -> list[str]:
    """The two places before a verb of signing, when a sentence below says that one of them is a town; else none.

    "Київ та Загреб підписали …" alone could name two firms or two persons.
    """
    pair = _PAIR.fullmatch(subject)
    names = [pair["one"], pair["other"]] if pair is not None else []
    if not names or not all(map(is_bare_name, names)):
        return []
    stems = "|".join(re.escape(name[: max(_LEAST_STEM, len(name) - 2)]) for name in names)
    is_town = re.compile(rf"\b(?:міст[оаіу]м?|miast(?:o|a|em|u|ami))(?:\s+[-–—])?\s+(?-i:{stems})", re.IGNORECASE)
    return names if any(is_town.search(sentence) is not None for sentence in below) else []
