"""Agreements no sentence tells of whole: signed in a second sentence, in force since a day, between parties only counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import (
    AGREEMENT,
    BETWEEN,
    COMMUNITY,
    ENTRY_NUMBER,
    INSTITUTION_WORD,
    SIGNED,
    UNDONE,
    WITH,
)
from pipeline.extract.partnerships.agreements import Signing, agreement_kind, programme_in
from pipeline.extract.partnerships.parties import worded_parties
from pipeline.extract.prose import DATE_WORDING
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_COOPERATION = Stemmed(
    r"(?:współpraca|partnerstwo|przyjaźń|співпраця|партнерство|співробітництво|дружба)\s+(?:[^\W\d_]+\s+)?(?:(?:po)?między|(?:по)?між)\s"
)
_BEGAN = Stemmed(r"(?P<who>[^.;,()]{5,160}?)\s+(?:rozpoczęł[ao]\s+się|zaczęł[ao]\s+się|розпочал[ао]с[ья]|почал[ао]с[ья])\s+")
_SAID_OF_IT = re.compile(
    r"\s(?:trwa|rozpocz[ęą]\w+|zacz[ęą]\w+|została|jest|ma|rozwija|sięga|kwitnie|obejmuje|триває|почал\w+|розпоч\w+|зав.яз\w+|є|має|бере"
    r"|розвивається|виникл\w+)(?!\w)"
)
_DOCUMENT_FIRST = Stemmed(
    r"(?:(?:stosown|odpowiedni|відповідн|партнерськ|partnersk)[^\W\d_]*\s+)?"
    r"(?P<document>porozumieni[ea]|umow[aę]|list\s+intencyjny|deklaracj[aę]|memorandum|угод[ау]|меморандум|договір|декларацію|декларація)"
    r"(?:\s+(?:w\s+tej\s+sprawie|про\s+це))?(?!\w)"
)
_ABOUT = re.compile(r"\s(?:na|do|dla|za|в|у|для|за|щодо)\s")
_IN_FORCE = Stemmed(r"\b(?:obowiązuje|trwa|діє|чинн(?:ий|а|е)|триває)\s+(?=(?:od|з|від)\s)")
_COUNTED = re.compile(
    r"\b(?:dw(?:óch|oma|iema)|trzech|trzema|czterech|czterema|obu|oboma|obiema|kilku|kilkoma|двох|двома|трьох|трьома|чотирьох|чотирма"
    r"|обох|обома|кількох|кількома|\d{1,2})\s+[^\W\d_]"
)


def may_tell_apart(text: str) -> bool:
    """Whether it is not ruled out that `signing_apart` finds an agreement in one of the sentences of the text."""
    return BETWEEN.may_match(text) and (AGREEMENT.may_match(text) or _COOPERATION.may_match(text))


def signing_apart(sentence: str, below: Sequence[str] = ()) -> Signing | None:
    """The agreement the sentence tells of together with the one ``below`` it, or without its signing or parties; else None.

    Of an agreement that is only said to be in force the day it began is no day of signing. Ids are for the caller to give.
    """
    if not BETWEEN.may_match(sentence):
        return None  # most sentences, and all three kinds name those between whom it is
    agreement = AGREEMENT.search(sentence)
    if agreement is None:
        return _of_cooperation(sentence, below[:1])
    signed = SIGNED.search(sentence)
    if signed is None:
        return _in_force(sentence, agreement)
    return _between_counted(sentence, agreement, signed)


def _of_cooperation(sentence: str, below: Sequence[str]) -> Signing | None:
    """As in "Współpraca między gminami A i B trwa od lat. Porozumienie podpisano 5 maja 2015 r."."""
    told = _COOPERATION.search(sentence)
    between = BETWEEN.search(sentence, told.start()) if told is not None else None
    document = _DOCUMENT_FIRST.match(below[0]) if between is not None and below else None
    if told is not None and document is None:
        return _begun(sentence, told)
    if between is None or document is None or BETWEEN.search(below[0]) is not None:
        return None
    rest = below[0][document.end() :]
    signed = SIGNED.search(below[0])
    if signed is None or UNDONE.search(below[0][: signed.start()]) or WITH.match(DATE_WORDING.sub(" ", rest)) is not None:
        return None
    if _ABOUT.search(DATE_WORDING.sub(" ", below[0][document.end() : signed.start()])) is not None:
        return None  # "Umowę na dach podpisano": one of another kind
    dates = list(DATE_WORDING.finditer(below[0]))
    parties = worded_parties(_SAID_OF_IT.split(between["who"], maxsplit=1)[0], bare=True)
    if len(dates) != 1 or len(parties) < 2:
        return None
    named = AGREEMENT.match(below[0])
    wording = one_line(named["agreement"] if named is not None else document["document"])
    return _signing([sentence, below[0]], wording, agreement_kind(parties), parties, one_line(dates[0].group()))


def _begun(sentence: str, told: re.Match[str]) -> Signing | None:
    """As in "Współpraca między gminą A i gminą B rozpoczęła się w 1999 roku": founded then, by no document."""
    rest = sentence[told.end() :]
    began = _BEGAN.match(rest)
    date = DATE_WORDING.match(rest, began.end()) if began is not None else None
    parties = worded_parties(began["who"], bare=True) if began is not None else []
    is_of_communities = len(parties) == 2 and all(COMMUNITY.search(party) is not None for party in parties)
    if date is None or not is_of_communities or agreement_kind(parties) != "intercommunity_agreement":
        return None
    (made,) = _signing([sentence], "", "intercommunity_agreement", parties, one_line(date.group())).partnerships
    return Signing([msgspec.structs.replace(made, agreement=None, agreement_text=None)], is_bare=False)


def _in_force(sentence: str, agreement: re.Match[str]) -> Signing | None:
    """As in "Угода про співпрацю між A та B діє з 3 травня 2023 року": founded then; when it was signed is not said."""
    since = _IN_FORCE.search(sentence, agreement.end())
    date = DATE_WORDING.match(sentence, since.end()) if since is not None else None
    between = BETWEEN.search(sentence, agreement.end())
    if date is None or between is None or ENTRY_NUMBER.sub("", sentence[: agreement.start()]) != "":
        return None
    parties = worded_parties(_SAID_OF_IT.split(between["who"], maxsplit=1)[0], bare=True)
    if len(parties) < 2:
        return None
    made = _signing([sentence], one_line(agreement["agreement"]), agreement_kind(parties), parties, one_line(date.group()))
    return made._replace(partnerships=list(map(_without_day, made.partnerships)))


def _between_counted(sentence: str, agreement: re.Match[str], signed: re.Match[str]) -> Signing | None:
    """As in "Меморандум про співпрацю між бібліотеками двох громад підписано 1 вересня 2022 року": nobody is named."""
    between = BETWEEN.search(sentence, agreement.end())
    dates = list(DATE_WORDING.finditer(sentence))
    if between is None or len(dates) != 1 or UNDONE.search(sentence[: signed.start()]):
        return None
    who = DATE_WORDING.sub(" ", between["who"])
    if _COUNTED.search(who) is None or any(map(str.isupper, who)):
        return None  # who is named in part is named wrongly
    is_of_institutions = INSTITUTION_WORD.search(who) is not None
    kind: Literal["agreement", "intercommunity_agreement"] = "agreement" if is_of_institutions else agreement_kind([who])
    return _signing([sentence], one_line(agreement["agreement"]), kind, [], one_line(dates[0].group()))


def _signing(
    passage: Sequence[str], wording: str, kind: Literal["agreement", "intercommunity_agreement"], parties: list[str], date: str
) -> Signing:
    made = Partnership(
        record_id="",
        article_id=None,
        kind=kind,
        name=None,
        passage="\n".join(passage),
        founded_text=date,
        parties=parties,
        programme=next(filter(None, map(programme_in, passage)), None),
        agreement=wording,
        agreement_text=date,
    )
    return Signing([made], is_bare=not parties)


def _without_day(made: Partnership) -> Partnership:
    return msgspec.structs.replace(made, agreement_text=None)
