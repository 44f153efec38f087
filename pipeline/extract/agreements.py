"""Agreements on cooperation that a sentence says were signed: kind, parties, programme and date, as worded.

A sentence counts when it holds a verb of signing in the past, a kind of agreement on cooperation, and at least two parties.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pipeline.extract.foundings import coordinating
from pipeline.extract.lands import ABROAD
from pipeline.extract.page import one_line
from pipeline.extract.parties import is_bare_name, worded_parties
from pipeline.extract.person_names import is_person, without_person
from pipeline.extract.prose import DATE_WORDING, QUOTED
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_SUBJECT_UK = (
    r"(?:співробітництв\w+|співпрац\w+|партнерств\w+|партнерськ\w+\s+(?:відносин\w*|стосунк\w*|співпрац\w+)|взаємодопомог\w+"
    r"|взаємоді\w+"
    r"|побратимств\w+|дружб\w+|взаєморозумінн\w+)"
)
_SUBJECT_PL = (
    r"(?:współprac\w+|wspóln\w+\s+\w+|partnerstw\w+|współdziałani\w+|partnerski\w+|wzajemn\w+\s+współprac\w+|przyjaźni)"
)
_AGREEMENT = Stemmed(
    r"(?P<agreement>(?:(?:тристоронн|двосторонн|рамков|партнерськ)\w+\s+)?(?:меморандум\w*|угод[ауиі]|договір|договору"
    r"|декларація|декларацію|лист\w* про наміри)"
    rf"\s+(?:(?:про|щодо)\s+)?(?:\w+\s+)?{_SUBJECT_UK}(?:\s+(?:та|і|й)\s+{_SUBJECT_UK})?(?:\s+територіальних\s+громад)?"
    r"|(?:партнерськ\w+)\s+(?:угод[ауиі]|договір|договору)"
    r"|(?:(?:trójstronn|dwustronn|ramow|partnersk)\w+\s+)?(?:porozumieni[eaui]|umow[aęyą]|memorandum|deklaracj[aęią]"
    r"|list\w* intencyjn\w+|kontrakt\w*)"
    rf"\s+(?:o|w sprawie|dotycząc\w+|w zakresie|na rzecz)\s+(?:\w+\s+)?{_SUBJECT_PL}(?:\s+(?:i|oraz)\s+{_SUBJECT_PL})?"
    r"|porozumieni[eau](?=\s+z\s+dnia\s.{8,30}?\s(?:po)?między\s)"
    r"|akt partnerstwa|aktu partnerstwa|akt przyjaźni|akt współpracy"
    r"|(?:porozumieni[eau]|umow[aęyą])\s+(?:partnersk|międzygminn|partnerstw)\w*|partnersk\w+\s+(?:porozumieni[eau]"
    r"|umow[aęyą])|list\w* intencyjn\w+|(?P<bare>\bмеморандум\w*|\bmemorandum\b))"
)
_SIGNED = Stemmed(
    r"\b(?:підписано|підписан[аоиі]|підписали|підписала|підписав|підписало|уклали|укладен[аоиі]|уклала|уклав|уклало|скріпили"
    r"|podpisan[oaey]|podpisał[aoiy]?|podpisali(?:śmy)?|zawarł[aoiy]?|zawarli(?:śmy)?"
    r"|zawart[oaey]|sygnowan[oaey]|sygnował[aoiy]?|sygnowali"
    r"|(?:підписанн[яі]|укладанн[яі]|укладенн[яі]|podpisani[eau]|zawarci[eau])"
    r"(?=.{0,200}?\b(?:відбул|пройшл|odbył[oa]|nastąpił|miał[oa] miejsce))"
    r"|(?:відбул\w+|пройшл[оа]|odbyło|nastąpiło|doszło|miało miejsce)\s(?:[^\W\d_]+\s){0,4}?"
    r"(?:підписання|укладання|укладення|podpisani[eau]|zawarci[eau]))\b"
)
_UNDONE = re.compile(
    r"\b(?:не|буде|будуть|має бути|мають|планують|планує|планується|nie|zostanie|zostaną|będzie|będą|ma zostać|mają|planuje"
    r"|planują)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_PROGRAMME = Stemmed(
    r"\b(?:w ramach|w (?:projekcie|programie)|в рамках|у рамках|в межах|у межах|у формі|в формі)\s+(?:realizacji\s+"
    r"|реалізації\s+)?(?:[^\W\d_]+\s+){0,3}?"
    r"(?:projektu|programu|inicjatywy|konkursu|przedsięwzięcia|про[єе]кту|програми|ініціативи|конкурсу|projekcie"
    r"|programie)\s+(?P<rest>.{2,200})"
)
_PROGRAMME_END = re.compile(
    r"\s*(?:[,;(]|\.\s*$|\.\s+(?=[A-ZА-ЯІЇЄҐ])|\s(?:współ)?finansowan|\srealizowan|\sprowadzon|\szostał|\spowstał|\s[–—]\s"
    r"|\s(?:w|od|z)\s+\d{4}|\sщо\b|\sяк(?:ий|а|е)\b|\sфінансован)"
)
_BETWEEN = Stemmed(
    r"\b(?:pomiędzy|między|між|поміж)\s+(?P<who>.{3,400}?)(?=\s*(?:,\s*(?:które|który|która|w ramach|на|як(?:ий|а|е)|що)\b"
    r"|\s(?:w ramach|в рамках|у рамках|в межах|у межах"
    r"|було|була|підписан\w+|підписали|укладен\w+|уклали|podpisan\w+|zawart\w+|zostało|została|zostały|wygasł[oa]|obowiązuje"
    r"|obowiązywał[oa]|діє|діяв|діяла)\b|[.;]\s*$|$))"
)
_BY_HEADS = Stemmed(
    r"\b(?:міськими|сільськими|селищними)?\s*(?:головами|керівниками|мерами|очільниками|директорами|представниками"
    r"|burmistrzowie|wójtowie|prezydenci|burmistrzów|wójtów|starostowie|dyrektorzy"
    r"|włodarze|przedstawiciele|керівники|голови|директори|мери|очільники|представники)\s+(?P<who>.{3,300}?)"
    r"(?=\s*(?:підпис|укла|скріпи|podpis|zawar|sygnow|było|було|\s(?:в|у) рамках|w ramach|[.;]\s*$|$))"
)
_OF = re.compile(
    r"\s+(?P<who>(?:gmin|gminy|miast|miasta|powiatów|powiatu|bibliotek|громад|громади|міст|міста|рад|ради|бібліотек)\s.{3,300}?)"
    r"(?=\s*(?:\s(?:w sprawie|w zakresie|w ramach|в рамках|у рамках|щодо|про|zostało|została|podpis\w+|zawar\w+|підпис\w+"
    r"|уклад\w+|було|була)\b|[.;]\s*$|$))",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"^[^.;]{0,40}?\s(?:ze?|із|з|зі)\s+(?P<who>.{3,300}?)(?=\s*(?:,\s*(?:któr|w ramach|як|що)|\s(?:w ramach|в рамках|у рамках"
    r"|в межах|у межах|w dniu|dnia|підписа\w+|укла\w+|podpisa\w+|zawar\w+|został[ao]?\s+\w+|було|була)\b|[.;]\s*$|$))",
    re.IGNORECASE,
)
_COMMUNITY = re.compile(
    r"\b(?:громад\w*|(?:[ОМС]|СМ|СЕ)?ТГ|rejon\w*|міст(?:[оаіу]|ом)|міськ\w+|сільськ\w+|селищн\w+|район\w*|област\w+|gmin\w*|miast\w*|powiat\w*"
    r"|starostw\w*|hromad\w*|гмін\w*|повіт\w*|воєводств\w*|landkreis\w*|województw\w*|sołect\w*|samorząd\w*)\b",
    re.IGNORECASE,
)
_TWINNED = re.compile(r"побратим|дружб|партнерств|przyjaźni|partnersk|partnerstw", re.IGNORECASE)
_REACH = 3
"""Sentences below the one of the signing that may tell its day or its parties."""

_THE_DOCUMENT = Stemmed(
    r"\b(?:документ|меморандум|угод[ау]|договір|dokument|porozumieni[ea]|umow[aęy]|list\w*|memorandum|deklaracj[aęi])\b"
)
_COORDINATED_BY = Stemmed(
    r"\b(?:koordynator(?:em|ką)?|liderem|координатор(?:ом|кою)?)\s+(?:porozumienia|umowy|współpracy|угоди|меморандуму|договору|співпраці)\s+"
    r"(?:jest|został[ao]?|є|став|стала)\s+(?P<who>[^;]{2,200}?)[.;]?\s*$"
)
_PARTIES_ARE = Stemmed(
    r"\b(?:сторонами|підписантами|учасниками|stronami|sygnatariuszami|uczestnikami)\s+(?:угоди|меморандуму|договору|документа"
    r"|porozumienia|umowy|memorandum|listu(?:\s+intencyjnego)?)?\s*(?:є|стали|виступили|są|były|byli|zostały|zostali)?\s*:?\s*"
    r"(?P<who>.{5,400}?)[.;]?\s*$"
)
_INSTITUTION_WORD = re.compile(
    r"\b(?:бібліотек\w*|книгозбір\w*|заклад\w*|спілк\w*|шкіл|школ\w*|музе\w*|центр\w*|фонд\w*|ЦБС|МЦБС|університет\w*|коледж\w*|організаці\w*|bibliotek\w*"
    r"|szkoł\w*|muze\w*|ośrod\w*|stowarzysz\w*|fundacj\w*|dom\w* kultury|uniwersyt\w*)\b",
    re.IGNORECASE,
)


class Signing(NamedTuple):
    """An agreement as a sentence words it. ``is_bare``: it is called a memorandum and no more is said of it."""

    partnership: Partnership
    is_bare: bool


_ENTRY_NUMBER = re.compile(r"^\s*(?:[-•*–]|\d{1,3}[.)])?\s*")
_OF_DAY = re.compile(r"(?:z\s+dnia|від(?:\s+дня)?)\s+\d{1,2}[\s.]", re.IGNORECASE)
_WITHIN = re.compile(
    r"^(?:w ramach|в рамках|у рамках|в межах|у межах)\s[^,„“”\"«»]{0,60}[„“\"«][^„“”\"«»]{2,80}[”\"»]\s*,?\s*", re.IGNORECASE
)
_WHERE = re.compile(r"[^\W\d_]+(?:ської|цької|зької) області|[^\W\d_]+(?:ського|цького|зького) району", re.IGNORECASE)
"""Where a party lies: "громади Рівненської області". As a party it would stand in another case."""


def may_tell_of_signing(text: str) -> bool:
    """Whether it is not ruled out that `signing_in` finds an agreement in one of the sentences of the text."""
    if not _AGREEMENT.may_match(text):
        return False
    return _SIGNED.may_match(text) or (("z dnia" in text or "від " in text) and _BETWEEN.may_match(text))


def signing_in(sentence: str, below: Sequence[str] = ()) -> Signing | None:
    """The agreement on cooperation a sentence says was signed, None when it tells of none.

    ``below`` are the sentences that follow: they may list the parties, name them or tell the day. Ids are for the caller to
    give. The kind is `intercommunity_agreement` when every party is a community, else `agreement`.
    """
    agreement = _AGREEMENT.search(sentence)
    signed = _SIGNED.search(sentence) if agreement is not None else None
    if agreement is not None and signed is None:
        return _entry(sentence, agreement)
    if agreement is None or signed is None or _UNDONE.search(sentence[: signed.start()]):
        return None
    passage = [sentence]
    parties = _listed(below) if sentence.rstrip().endswith(":") else _parties(sentence, agreement, signed)
    if sentence.rstrip().endswith(":"):
        passage += below[: len(parties)]
    parties = [party for party in parties if _WHERE.fullmatch(party) is None]
    is_alone = len(parties) == 1 and _is_partner_abroad(parties[0], agreement, sentence)
    if (len(parties) < 2 and not is_alone) or any(map(str.islower, parties)):  # "pięciu gmin", named further down
        named = next((s for s in below[:_REACH] if _PARTIES_ARE.search(s) is not None), None)
        match = _PARTIES_ARE.search(named) if named is not None else None
        listed = worded_parties(match["who"], bare=True) if match is not None else []
        if named is not None and len(listed) > 1:
            parties, passage = listed, [*passage, named]
    if len(parties) < 2 and not is_alone:
        return None
    date = _signing_date(sentence, signed)
    if date is None and (told := _later_date(below[len(passage) - 1 :])) is not None:
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
        coordinator=_coordinator(below[:_REACH]),
    )
    return Signing(made, agreement["bare"] is not None)


def _entry(sentence: str, agreement: re.Match[str]) -> Signing | None:
    """An agreement as registers enter it, without a verb: "Договір про співробітництво між A та B від 14.03.2019"."""
    is_first = _ENTRY_NUMBER.sub("", sentence[: agreement.start()]) == ""
    between = _BETWEEN.search(sentence) if is_first else None
    dates = [date for date in DATE_WORDING.finditer(sentence) if _OF_DAY.match(date.group()) is not None]
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
    return Signing(made, is_bare=False)


def agreement_kind(parties: Sequence[str]) -> Literal["intercommunity_agreement", "agreement"]:
    """The kind of an agreement between the parties."""
    return "intercommunity_agreement" if all(map(_is_community, parties)) else "agreement"


def _is_partner_abroad(party: str, agreement: re.Match[str], sentence: str) -> bool:
    """Whether the one party named is whom a twin town or a unit abroad is partner of: the other is whose page it is.

    So is an institution with a name of its own in an agreement on partnership.
    """
    if party.islower() or _WITH.match(sentence[agreement.end() :]) is None:
        return False
    is_twinned = _TWINNED.search(agreement["agreement"]) is not None
    return is_twinned or (_is_community(party) and ABROAD.search(party) is not None)


def _coordinator(below: Sequence[str]) -> str | None:
    """Who a following sentence says coordinates the agreement; a person is none."""
    for sentence in below:
        match = _COORDINATED_BY.search(sentence)
        if match is not None:
            return coordinating(one_line(match["who"]))
    return None


def _is_community(party: str) -> bool:
    return _INSTITUTION_WORD.search(party) is None and (_COMMUNITY.search(party) is not None or is_bare_name(party))


def _listed(below: Sequence[str]) -> list[str]:
    """Parties in the list items below a line that ends in a colon."""
    items = itertools.takewhile(lambda line: re.match(r"[-•*–]\s|\d{1,2}[.)]\s", line) is not None, below)
    found = (re.sub(r"^(?:[-•*–]|\d{1,2}[.)])\s+", "", item).strip(" ;,.") for item in items)
    return [without_person(item).strip(" ,–—-") for item in found if item and not is_person(item)]


def _later_date(below: Sequence[str]) -> tuple[str, str] | None:
    """The day a following sentence says the document was signed, and the sentence; another agreement ends the search."""
    for sentence in below[:_REACH]:
        about = _THE_DOCUMENT.search(sentence)
        signed = _SIGNED.search(sentence)
        if about is None or signed is None or _UNDONE.search(sentence[: signed.start()]):
            if _AGREEMENT.search(sentence) is not None and signed is not None:
                return None
            continue
        date = _signing_date(sentence, signed)
        return (date, sentence) if date is not None else None
    return None


def programme_in(sentence: str) -> str | None:
    """Name of the programme or project a sentence says something happened in; None when it names none."""
    match = _PROGRAMME.search(sentence)
    if match is None:
        return None
    rest = re.sub(r"^(?:pn\.|p\.n\.|pod nazwą|o nazwie|pt\.|під назвою|:)\s*", "", match["rest"])
    quoted = re.match(rf"[^,.;]{{0,40}}?{QUOTED}", rest)
    if quoted is not None:
        return one_line(quoted["quoted"])
    end = _PROGRAMME_END.search(rest)
    plain = one_line(rest[: end.start()] if end else rest).strip(" .")
    return plain if plain[:1].isupper() and len(plain) > 2 else None


def _signing_date(sentence: str, signed: re.Match[str]) -> str | None:
    dates = list(DATE_WORDING.finditer(sentence))
    if not dates:
        return None
    return one_line(min(dates, key=lambda d: max(d.start() - signed.end(), signed.start() - d.end())).group())


def _parties(sentence: str, agreement: re.Match[str], signed: re.Match[str]) -> list[str]:
    between = _BETWEEN.search(sentence)
    if between is not None and len(found := worded_parties(between["who"], bare=True)) > 1:
        return found
    heads = _BY_HEADS.search(sentence)
    if heads is not None and len(found := worded_parties(heads["who"], bare=True)) > 1:
        return found
    of = _OF.match(sentence[agreement.end() :])
    if of is not None and _SIGNED.search(of["who"]) is None and len(found := worded_parties(of["who"], bare=True)) > 1:
        return found
    before = DATE_WORDING.sub(" ", sentence[: min(signed.start(), agreement.start())]).strip(" ,–—")
    before = _WITHIN.sub("", before)
    are_towns = _TWINNED.search(agreement["agreement"]) is not None
    subjects = worded_parties(re.split(r"\s[–—]\s|:\s", before)[-1], bare=are_towns)
    if not subjects and signed.start() > agreement.start():  # "Меморандум підписали A та B"
        subjects = worded_parties(sentence[signed.end() :])
    partner = _WITH.match(DATE_WORDING.sub(" ", sentence[agreement.end() :]))
    if partner is None and signed.end() < agreement.start():  # "підписав з бібліотекою договір про співпрацю"
        partner = _WITH.match(DATE_WORDING.sub(" ", sentence[signed.end() : agreement.start()]).rstrip(" ,"))
    with_whom = worded_parties(partner["who"], bare=bool(subjects)) if partner is not None else []
    found = subjects + [party for party in with_whom if party not in subjects]
    return sorted(found, key=lambda party: max(0, sentence.find(party.split(maxsplit=1)[0])))
