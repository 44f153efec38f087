"""One partnership from the sentences that tell of it: names, founding, initiators, coordinator, parties, area, programme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import AGREEMENT
from pipeline.extract.partnerships.agreements import programme_in
from pipeline.extract.partnerships.foundings import (
    before_next_fact,
    coordinating,
    founding_date,
    founding_verbs,
    initiators_in,
)
from pipeline.extract.partnerships.partnership_members import MEMBERS_BELOW, founded_between, members_told
from pipeline.extract.partnerships.partnership_words import (
    ALL_OF_THEM,
    AREA,
    COORDINATOR,
    FACT_LINE,
    FORMERLY,
    FOUNDED,
    INITIATIVE,
    INITIATOR_IS,
    LEADER,
    NAMED,
    NETWORK,
    NOW_BEARS,
    PARTIES,
    RENAMED,
    SUBJECT,
    UNDER_NAME,
)
from pipeline.extract.prose import DATE_WORDING
from pipeline.records import Partnership

_OF_SEVERAL = re.compile(r"[^,.;–—]{3,40}\b(?:partnerstw|koalicji|sieci|партнерств|коаліцій|мереж)\s*[–—-]", re.IGNORECASE)

_LEADING = re.compile(
    r"\s*(?:[–—-]\s+|\(\s*)(?:lider|koordynator|partner wiodący|лідер|координатор)\w*"
    r"(?:\s+(?:partnerstwa|koalicji|sieci|партнерства|мережі|коаліції))?\s*\)?$",
    re.IGNORECASE,
)
"""What says behind a member that it leads: "Powiat Kłodzki – lider"."""


_AT_WORK = frozenset(("działa", "istnieje", "funkcjonuje", "діє", "працює", "існує"))


_BASIS = re.compile(r"\b(?:na (?:mocy|podstawie)|на підставі)\s+", re.IGNORECASE)
_SIGNED_ON = re.compile(r"\s+(?:(?:podpisan|zawart|підписан|укладен)\w{1,4}\s+)?(?:w\s+dniu\s+)?", re.IGNORECASE)


class Told(NamedTuple):
    """A partnership being read: what names it, and the sentences that may tell of it."""

    noun: str
    name: str | None
    sentences: list[str]
    heading: str | None = None
    is_relative: bool = False
    """Whether the first sentence is a clause about the partnership named before it: "…, które powstało w 2010 r."."""


def partnership_told(told: Told, coordinator: str | None) -> Partnership | None:
    """The partnership, without its ids; None where too little is told. ``coordinator`` is that of all on the page."""
    is_heading = told.heading is not None
    founded = initiators = area = programme = own_coordinator = leader = former = renamed = None
    parties: list[str] = []
    basis: tuple[str, str] | None = None
    founded_at, is_since = -1, False
    for at, sentence in enumerate(told.sentences):
        if at and _tells_of_another(sentence, (told.name, former, renamed)):
            continue
        # further down the sentence before may have spoken of another: a library that joined
        rename = RENAMED.search(sentence) or (NOW_BEARS.match(sentence) if at <= 1 else None)
        if rename is not None and renamed is None:
            renamed = one_line(rename["quoted"])
        if (
            (founded is None or is_since)
            and (date := founding_date(sentence)) is not None
            and (
                (at == 0 and told.is_relative)
                or _tells_of_it(sentence, is_first=at == 0 or not is_heading or (at == 1 and _agrees(told.noun, sentence)))
            )
        ):
            if founded is not None and _only_since(sentence):
                continue
            founded, founded_at, is_since = date, at, _only_since(sentence)
            basis = _agreement_behind(sentence)
            under = UNDER_NAME.search(sentence)
            former = one_line(under["quoted"]) if under is not None else None
        formerly = FORMERLY.search(sentence)
        if formerly is not None and former is None:
            former = one_line(formerly["quoted"] or formerly["until"])
        initiators = initiators or initiators_in(sentence)
        area = area or _area(sentence)
        programme = programme or (programme_in(sentence) if at == founded_at or _is_founding(sentence) else None)
        own_coordinator = own_coordinator or _own_coordinator(sentence)
        leader = leader or _leader(sentence)
        parties = parties or members_told(told.sentences, at) or (founded_between(sentence) if at == founded_at else [])
    leaders = [party for party in parties if _LEADING.search(party) is not None]
    leader = leader or (coordinating(_LEADING.sub("", leaders[0])) if len(leaders) == 1 else None)
    parties = [_LEADING.sub("", party) for party in parties]
    own_coordinator = own_coordinator or leader
    facts = [founded, initiators, area, parties, own_coordinator, former]
    if is_heading and not any(facts) and not any(SUBJECT.search(sentence) for sentence in told.sentences):
        return None
    if told.name is None and (founded is None or not any(facts[1:])):
        return None
    name, former, candidates = _names(told.name, former, renamed, is_heading=is_heading)
    return Partnership(
        record_id="",
        article_id=None,
        kind="network" if NETWORK.match(told.noun.strip()) else "local_partnership",
        name=name,
        former_name=former,
        founded_text=founded,
        initiators=initiators or [],
        coordinator=own_coordinator or coordinator,
        parties=parties,
        programme=programme,
        area=area,
        agreement=basis[0] if basis is not None else None,
        agreement_text=basis[1] if basis is not None else None,
        passage="\n".join(_told_lines(told)),
        name_candidates=candidates,
    )


def _agreement_behind(sentence: str) -> tuple[str, str] | None:
    """The agreement a founding rests on and its day: "powołane na mocy Porozumienia o współpracy z 12 maja 2017 r.".

    What it rests on stands right behind the verb, or begins the sentence.
    """
    for basis in _BASIS.finditer(sentence):
        before = DATE_WORDING.sub(" ", sentence[: basis.start()]).rstrip(" ,")
        is_its = not before or any(before.endswith(verb.group()) for verb in founding_verbs(sentence))
        agreement = AGREEMENT.match(sentence[basis.end() :]) if is_its else None
        behind = sentence[basis.end() + agreement.end() :] if agreement is not None else ""
        signed = _SIGNED_ON.match(behind)
        date = DATE_WORDING.match(behind, signed.end()) if signed is not None else None
        if agreement is not None and date is not None:
            return one_line(agreement["agreement"]), one_line(date.group())
    return None


def _only_since(sentence: str) -> bool:
    """Whether the sentence only says since when the partnership works; a later one that tells of the founding says more."""
    verbs = [verb.group().casefold() for verb in founding_verbs(sentence)]
    return bool(verbs) and all(verb.rpartition(" ")[2] in _AT_WORK for verb in verbs)


def _is_founding(sentence: str) -> bool:
    return is_subject(sentence) and next(founding_verbs(sentence), None) is not None


def is_subject(sentence: str) -> bool:
    """Whether a partnership is what the sentence speaks of."""
    return SUBJECT.search(sentence) is not None


def _tells_of_another(sentence: str, names: Sequence[str | None]) -> bool:
    """Whether a relative clause tells of a partnership of another name: "przystąpiła do Koalicji „B”, która powstała …"."""
    named = NAMED.search(sentence)
    if named is None or re.match(r"\s*,\s*(?:któr|як[аеиоі])", sentence[named.end() :], re.IGNORECASE) is None:
        return False
    return one_line(named["quoted"]).casefold() not in {name.casefold() for name in names if name}


def _told_lines(told: Told) -> list[str]:
    """Heading and sentences up to the last that carries a fact, so that the passage does not run into what follows."""
    last = max((at for at, sentence in enumerate(told.sentences) if carries_fact(sentence)), default=0)
    return ([told.heading] if told.heading else []) + told.sentences[: last + 1]


def carries_fact(sentence: str) -> bool:
    """Whether the sentence may tell one of the facts that are read here."""
    patterns = (
        FOUNDED,
        RENAMED,
        NOW_BEARS,
        FORMERLY,
        INITIATIVE,
        INITIATOR_IS,
        AREA,
        COORDINATOR,
        LEADER,
        PARTIES,
        SUBJECT,
        FACT_LINE,
    )
    return (
        sentence.startswith("- ")
        or MEMBERS_BELOW.fullmatch(sentence) is not None
        or any(pattern.search(sentence) for pattern in patterns)
    )


def _agrees(noun: str, sentence: str) -> bool:
    """Whether the verb that opens the sentence has the gender of the noun: "Koalicja …", "Powstała w 2010 r."."""
    verb = next(founding_verbs(sentence), None)
    ending = noun.strip().casefold().split()[0][-1:]
    return verb is not None and verb.group().casefold().split()[0][-1:] == {"ć": "a", "ж": "а"}.get(ending, ending)


def _tells_of_it(sentence: str, *, is_first: bool) -> bool:
    """Whether the founding in the sentence is the partnership's own: it is the subject, or the verb opens the sentence."""
    verb = next(founding_verbs(sentence), None)
    before = DATE_WORDING.sub("", sentence[: verb.start()]).strip(" ,") if verb is not None else None
    # "Najmłodsze z partnerstw – utworzone 20 lutego 2016 r."
    is_association = before is not None and before.casefold() in ("stowarzyszenie", "grupa", "спілка")  # as an LGD calls itself
    opens = before == "" or is_association or (before is not None and _OF_SEVERAL.fullmatch(before) is not None)
    return is_subject(sentence) or FACT_LINE.match(sentence.strip()) is not None or (opens and is_first)


def _names(
    name: str | None, former: str | None, renamed: str | None, *, is_heading: bool
) -> tuple[str | None, str | None, list[str]]:
    """Name, former name, and all names when the heading and the renaming disagree.

    A heading stays the name; in running text the name after the renaming is the name and the first one the former.
    """
    if former is not None and former == name:
        former = None
    if renamed is None or renamed == name:
        return name, former, []
    if is_heading:
        return name, former, [n for n in (name, renamed) if n]
    return renamed, former or name, []


def _area(sentence: str) -> str | None:
    match = AREA.search(sentence)
    if match is None:
        return None
    return before_next_fact(one_line(match["area"])).strip(" .;:") or None


def _own_coordinator(sentence: str) -> str | None:
    match = COORDINATOR.search(sentence)
    if match is None or ALL_OF_THEM.search(match["of"] or match["of2"] or match["of3"] or ""):
        return None
    return named_coordinator(match)


def _leader(sentence: str) -> str | None:
    match = LEADER.search(sentence)
    if match is None:
        return None
    return coordinating(one_line(match["who"]))


def named_coordinator(match: re.Match[str]) -> str | None:
    """Who coordinates, by a match of `COORDINATOR`."""
    return coordinating(before_next_fact(one_line(match["who"] or match["who2"] or match["who3"] or match["who4"])))
