"""Agreements on cooperation that a sentence says were signed: kind, parties, programme and date, as worded.

A sentence counts when it holds a verb of signing in the past, a kind of agreement on cooperation, and at least two parties.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import (
    AGREEMENT,
    BETWEEN,
    COMMUNITY,
    COORDINATED_BY,
    ENDED,
    ENTRY_NUMBER,
    INSTITUTION_WORD,
    OF_BEFORE,
    OF_DAY,
    OURS,
    PARTIES_ARE,
    PROGRAMME,
    PROGRAMME_END,
    REACH,
    SIGNED,
    THE_DOCUMENT,
    TWINNED,
    UNDONE,
    WHERE,
    WITH,
)
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.foundings import coordinating
from pipeline.extract.partnerships.lands import ABROAD
from pipeline.extract.partnerships.parties import worded_parties
from pipeline.extract.partnerships.signed_parties import CLAUSE_OF_SIGNER, WHICH, is_with_many, paired_towns, signed_parties
from pipeline.extract.people.person_names import is_person, without_person
from pipeline.extract.prose import DATE_WORDING, QUOTED
from pipeline.records import Partnership

_UNIT_ABROAD = re.compile(r"(?:Rejonem|Obwodem)\s[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d_]+[sc]kim")
"""A unit that Poland has none of, by its adjective: "porozumienie z Rejonem Kołomyjskim"."""

_SEVERAL = re.compile(r"(?:меморандуми|угоди|договори|umowy|porozumienia|listy)\b", re.IGNORECASE)


class Signing(NamedTuple):
    """Agreements as a sentence words them. ``is_bare``: it is called a memorandum and no more is said of it."""

    partnerships: list[Partnership]
    is_bare: bool


def may_tell_of_signing(text: str) -> bool:
    """Whether it is not ruled out that `signing_in` finds an agreement in one of the sentences of the text."""
    if not AGREEMENT.may_match(text):
        return False
    return SIGNED.may_match(text) or (("z dnia" in text or "від " in text) and BETWEEN.may_match(text))


def signing_in(sentence: str, below: Sequence[str] = ()) -> Signing | None:
    """The agreement on cooperation a sentence says was signed, None when it tells of none.

    ``below`` are the sentences that follow: they may list the parties, name them or tell the day. Ids are for the caller to
    give. The kind is `intercommunity_agreement` when every party is a community, else `agreement`.
    """
    agreement = AGREEMENT.search(sentence)
    signed = SIGNED.search(sentence) if agreement is not None else None
    if agreement is not None and signed is None:
        return _entry(sentence, agreement)
    if agreement is None or signed is None or UNDONE.search(sentence[: signed.start()]):
        return None
    if sentence.rstrip().endswith(":") and _SEVERAL.match(agreement["agreement"]) is not None:
        return None  # below stand pairs, each with an agreement of its own
    if ENDED.search(sentence, 0, agreement.start()) is not None:
        return None  # "Rada rozwiązała porozumienie z gminą, zawarte w 2009 roku"
    passage = [sentence]
    parties = _listed(below) if sentence.rstrip().endswith(":") else signed_parties(sentence, agreement, signed)
    if sentence.rstrip().endswith(":"):
        passage += below[: len(parties)]
    parties = [party for party in parties if WHERE.fullmatch(party) is None]
    named_parties = [party for party in parties if OURS.match(party) is None]
    is_of_ours, parties = len(named_parties) < len(parties), named_parties
    is_alone = len(parties) == 1 and (
        (is_of_ours and not parties[0].islower())
        or _is_partner_abroad(parties[0], agreement, sentence)
        or _is_partner_of_ours(parties[0], agreement, signed, sentence)
        or WHICH.search(sentence, 0, agreement.start()) is not None
    )
    if len(parties) < 2 and not is_alone and (towns := paired_towns(sentence[: signed.start()], below[:REACH])):
        parties = towns
    if (len(parties) < 2 and not is_alone) or any(map(str.islower, parties)):  # "pięciu gmin", named further down
        named = next((s for s in below[:REACH] if PARTIES_ARE.search(s) is not None), None)
        match = PARTIES_ARE.search(named) if named is not None else None
        listed = worded_parties(match["who"], bare=True) if match is not None else []
        if named is not None and len(listed) > 1:
            parties, passage = listed, [*passage, named]
    if len(parties) < 2 and not is_alone:
        return None
    date = _signing_date(sentence, signed)
    if date is None and (told := _later_date(below[len(passage) - 1 :], agreement["agreement"])) is not None:
        date, later = told
        passage.append(later)
    # two adjectives may share one noun, which stands with the last: "Полтавською та Миргородською громадами"
    made = Partnership(
        record_id="",
        article_id=None,
        kind=agreement_kind(parties),
        name=None,
        passage="\n".join(dict.fromkeys(passage)),
        founded_text=date,
        parties=parties,
        programme=next(filter(None, map(programme_in, passage)), None),
        agreement=one_line(agreement["agreement"]),
        agreement_text=date,
        coordinator=_coordinator(below[:REACH]),
    )
    each = [parties]
    if _is_with_each(sentence, agreement, signed, parties):
        each = [[parties[0], partner] for partner in parties[1:]]
    elif is_with_many(sentence, agreement) or (is_of_ours and _is_with_again(sentence[agreement.end() :], parties)):
        each = [[partner] for partner in parties]
    signings = [msgspec.structs.replace(made, parties=pair, kind=agreement_kind(pair)) for pair in each]
    return Signing(signings, agreement["bare"] is not None)


def _is_with_each(sentence: str, agreement: re.Match[str], signed: re.Match[str], parties: Sequence[str]) -> bool:
    """Whether the first party signed an agreement with each of the others: "громада уклала меморандуми з трьома громадами"."""
    if len(parties) < 3 or _SEVERAL.match(agreement["agreement"]) is None:
        return False
    first, *others = (sentence.find(party.split(maxsplit=1)[0]) for party in parties)
    return first < signed.start() and all(at > signed.end() for at in others)


def _is_with_again(behind: str, parties: Sequence[str]) -> bool:
    """Whether each of the parties behind the agreement has a preposition of its own: "umowę z gminą A oraz z powiatem B"."""
    places = [behind.find(party) for party in parties]
    return min(places) > 0 and all(re.search(r"(?:^|\s)(?:ze?|із|зі?)\s$", behind[:at]) is not None for at in places)


def signed_document(sentence: str) -> str | None:
    """The kind of agreement a sentence says was signed, as worded, whoever signed it; None when it says so of none."""
    agreement = AGREEMENT.search(sentence)
    signed = SIGNED.search(sentence) if agreement is not None else None
    if agreement is None or signed is None or UNDONE.search(sentence[: signed.start()]):
        return None
    return one_line(agreement["agreement"])


def document_of_before(sentence: str) -> tuple[str, str | None] | None:
    """The agreement a sentence says was signed on what stands before it, and its day: "Відповідний меморандум підписали …".

    So is one that the sentence begins with where it names no parties, only who signed for them.
    """
    document = signed_document(sentence) if OF_BEFORE.match(sentence) is not None or _is_unsaid_whose(sentence) else None
    signed = SIGNED.search(sentence) if document is not None else None
    return (document, _signing_date(sentence, signed)) if document is not None and signed is not None else None


def _is_unsaid_whose(sentence: str) -> bool:
    """Whether a sentence begins with an agreement whose parties it does not name: "Меморандум 15 червня підписали мери"."""
    agreement = AGREEMENT.match(sentence)
    signed = SIGNED.search(sentence, agreement.end()) if agreement is not None else None
    if agreement is None or signed is None or signing_in(sentence) is not None:
        return False
    return not DATE_WORDING.sub("", sentence[agreement.end() : signed.start()]).strip(" ,")


def _entry(sentence: str, agreement: re.Match[str]) -> Signing | None:
    """An agreement as registers enter it, without a verb: "Договір про співробітництво між A та B від 14.03.2019"."""
    is_first = ENTRY_NUMBER.sub("", sentence[: agreement.start()]) == ""
    between = BETWEEN.search(sentence) if is_first else None
    dates = [date for date in DATE_WORDING.finditer(sentence) if OF_DAY.match(date.group()) is not None]
    parties = worded_parties(between["who"], bare=True) if between is not None and len(dates) == 1 else []
    if len(parties) < 2:
        return None
    date = one_line(dates[0].group())
    made = Partnership(
        record_id="",
        article_id=None,
        kind=agreement_kind(parties),
        name=None,
        passage=sentence,
        founded_text=date,
        parties=parties,
        programme=programme_in(sentence),
        agreement=one_line(agreement["agreement"]),
        agreement_text=date,
    )
    return Signing([made], is_bare=False)


def agreement_kind(parties: Sequence[str]) -> Literal["intercommunity_agreement", "agreement"]:
    """The kind of an agreement between the parties."""
    return "intercommunity_agreement" if all(map(_is_community, parties)) else "agreement"


def _is_partner_abroad(party: str, agreement: re.Match[str], sentence: str) -> bool:
    """Whether the one party named is whom a twin town or a unit abroad is partner of: the other is whose page it is.

    So is an institution with a name of its own in an agreement on partnership.
    """
    if party.islower() or WITH.match(sentence[agreement.end() :]) is None:
        return False
    is_twinned = TWINNED.search(agreement["agreement"]) is not None
    is_abroad = ABROAD.search(party) is not None or _UNIT_ABROAD.fullmatch(party) is not None
    return is_twinned or (_is_community(party) and is_abroad)


def _is_partner_of_ours(party: str, agreement: re.Match[str], signed: re.Match[str], sentence: str) -> bool:
    """Whether the one party named is whom those whose page it is say they signed with: "podpisaliśmy z biblioteką umowę"."""
    if party.islower() or not signed.group().casefold().endswith("śmy"):
        return False
    between = sentence[signed.end() : agreement.start()] if signed.end() < agreement.start() else sentence[agreement.end() :]
    return WITH.match(between.rstrip(" ,")) is not None


def _coordinator(below: Sequence[str]) -> str | None:
    """Who a following sentence says coordinates the agreement; a person is none."""
    for sentence in below:
        match = COORDINATED_BY.search(sentence)
        if match is not None:
            return coordinating(one_line(match["who"]))
    return None


_HEAD_BY_ADJECTIVE = re.compile(
    r"(?:burmistrz|wójt|prezydent|starost)\w{0,3}\s[^\W\d_]+[sc]k(?:i|im|iego)(?:-[^\W\d_]+[sc]k(?:i|im|iego))?", re.IGNORECASE
)
"""Who signed for a community, by its adjective alone: "burmistrz bieruński"."""


def _is_community(party: str) -> bool:
    if _HEAD_BY_ADJECTIVE.fullmatch(party) is not None:
        return True
    return INSTITUTION_WORD.search(party) is None and (COMMUNITY.search(party) is not None or is_bare_name(party))


def _listed(below: Sequence[str]) -> list[str]:
    """Parties in the list items below a line that ends in a colon."""
    items = itertools.takewhile(lambda line: re.match(r"[-•*–]\s|\d{1,2}[.)]\s", line) is not None, below)
    found = (re.sub(r"^(?:[-•*–]|\d{1,2}[.)])\s+", "", item).strip(" ;,.") for item in items)
    return [without_person(item).strip(" ,–—-") for item in found if item and not is_person(item)]


def _later_date(below: Sequence[str], first: str) -> tuple[str, str] | None:
    """The day a following sentence says the document was signed, and the sentence; another agreement ends the search.

    ``first`` is the document as the sentence before calls it.
    """
    for sentence in below[:REACH]:
        about = THE_DOCUMENT.search(sentence)
        signed = SIGNED.search(sentence)
        if about is None or signed is None or UNDONE.search(sentence[: signed.start()]):
            if AGREEMENT.search(sentence) is not None and signed is not None:
                return None
            continue
        kind = about.group()[:4].casefold()
        between = BETWEEN.search(sentence) if kind not in ("доку", "doku") and kind not in first.casefold() else None
        if between is not None and any(map(str.isupper, between["who"])):
            return None  # a document of another kind that names parties of its own
        date = _signing_date(sentence, signed)
        return (date, sentence) if date is not None else None
    return None


def programme_in(sentence: str) -> str | None:
    """Name of the programme or project a sentence says something happened in; None when it names none."""
    match = PROGRAMME.search(sentence)
    if match is None:
        return None
    rest = re.sub(r"^(?:pn\.|p\.n\.|pod nazwą|o nazwie|pt\.|під назвою|:)\s*", "", match["rest"])
    quoted = re.match(rf"[^,.;]{{0,40}}?{QUOTED}", rest)
    if quoted is not None:
        return one_line(quoted["quoted"])
    end = PROGRAMME_END.search(rest)
    plain = one_line(rest[: end.start()] if end else rest).strip(" .")
    return plain if plain[:1].isupper() and len(plain) > 2 else None


def _signing_date(sentence: str, signed: re.Match[str]) -> str | None:
    """The day nearest to the verb of signing; of a clause about who signed only one inside it."""
    clause = CLAUSE_OF_SIGNER.search(sentence, 0, signed.start())
    dates = list(DATE_WORDING.finditer(sentence, clause.start() if clause is not None else 0))
    if not dates:
        return None
    return one_line(min(dates, key=lambda d: max(d.start() - signed.end(), signed.start() - d.end())).group())
