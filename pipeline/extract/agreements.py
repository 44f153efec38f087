"""Agreements on cooperation that a sentence says were signed: kind, parties, programme and date, as worded.

A sentence counts when it holds a verb of signing in the past, a kind of agreement on cooperation, and at least two parties.
"""

from __future__ import annotations

import re

from pipeline.extract.page import one_line
from pipeline.extract.person_names import is_person, without_person
from pipeline.extract.prose import DATE_WORDING, QUOTED, enumerated, names_institution
from pipeline.records import Partnership

_SUBJECT_UK = (
    r"(?:співробітництв\w+|співпрац\w+|партнерств\w+|партнерськ\w+\s+(?:відносин\w*|стосунк\w*|співпрац\w+)|взаємодопомог\w+"
    r"|взаємоді\w+"
    r"|побратимств\w+|дружб\w+)"
)
_SUBJECT_PL = r"(?:współprac\w+|partnerstw\w+|współdziałani\w+|partnerski\w+|wzajemn\w+\s+współprac\w+|przyjaźni)"
_AGREEMENT = re.compile(
    r"(?P<agreement>(?:(?:тристоронн|двосторонн|рамков|партнерськ)\w+\s+)?(?:меморандум\w*|угод[ауиі]|договір|договору"
    r"|декларація|декларацію|лист\w* про наміри)"
    rf"\s+(?:про|щодо)\s+(?:\w+\s+)?{_SUBJECT_UK}(?:\s+(?:та|і|й)\s+{_SUBJECT_UK})?"
    r"|(?:партнерськ\w+)\s+(?:угод[ауиі]|договір|договору)"
    r"|(?:(?:trójstronn|dwustronn|ramow|partnersk)\w+\s+)?(?:porozumieni[eaui]|umow[aęyą]|memorandum|deklaracj[aęią]"
    r"|list\w* intencyjn\w+|kontrakt\w*)"
    rf"\s+(?:o|w sprawie|dotycząc\w+|w zakresie|na rzecz)\s+(?:\w+\s+)?{_SUBJECT_PL}(?:\s+(?:i|oraz)\s+{_SUBJECT_PL})?"
    r"|(?:porozumieni[eau]|umow[aęyą])\s+(?:partnersk|międzygminn|partnerstw)\w*|partnersk\w+\s+(?:porozumieni[eau]"
    r"|umow[aęyą]))",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\b(?:підписано|підписан[аоиі]|підписали|підписала|підписав|підписало|уклали|укладено|уклала|уклав|уклало|скріпили"
    r"|podpisan[oaey]|podpisał[aoiy]?|podpisali|zawarł[aoiy]?|zawarli"
    r"|zawart[oaey]|sygnowan[oaey]|sygnował[aoiy]?|sygnowali)\b",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\b(?:не|буде|будуть|має бути|мають|планують|планує|планується|nie|zostanie|zostaną|będzie|będą|ma zostać|mają|planuje"
    r"|planują)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_PROGRAMME = re.compile(
    r"\b(?:w ramach|w (?:projekcie|programie)|в рамках|у рамках|в межах|у межах)\s+(?:realizacji\s+"
    r"|реалізації\s+)?(?:[^\W\d_]+\s+){0,3}?"
    r"(?:projektu|programu|inicjatywy|konkursu|przedsięwzięcia|про[єе]кту|програми|ініціативи|конкурсу|projekcie"
    r"|programie)\s+(?P<rest>.{2,200})",
    re.IGNORECASE,
)
_PROGRAMME_END = re.compile(
    r"\s*(?:[,;(]|\.\s*$|\.\s+(?=[A-ZА-ЯІЇЄҐ])|\s(?:współ)?finansowan|\srealizowan|\sprowadzon|\szostał|\spowstał|\s[–—]\s"
    r"|\s(?:w|od|z)\s+\d{4}|\sщо\b|\sяк(?:ий|а|е)\b|\sфінансован)"
)
_BETWEEN = re.compile(
    r"\b(?:pomiędzy|między|між|поміж)\s+(?P<who>.{3,400}?)(?=\s*(?:,\s*(?:które|który|która|w ramach|на|як(?:ий|а|е)|що)\b"
    r"|\s(?:w ramach|в рамках|у рамках|в межах|у межах"
    r"|було|була|підписано|підписали|укладено|уклали|podpisano|zawarto|zostało|została|zostały)\b|[.;]\s*$|$))",
    re.IGNORECASE,
)
_BY_HEADS = re.compile(
    r"\b(?:міськими|сільськими|селищними)?\s*(?:головами|керівниками|мерами|очільниками|директорами|представниками"
    r"|burmistrzowie|wójtowie|prezydenci|burmistrzów|wójtów|starostowie|dyrektorzy"
    r"|włodarze|przedstawiciele|керівники|голови|директори|мери|очільники|представники)\s+(?P<who>.{3,300}?)"
    r"(?=\s*(?:підпис|укла|скріпи|podpis|zawar|sygnow|było|було|\s(?:в|у) рамках|w ramach|[.;]\s*$|$))",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"^[^.;]{0,40}?\s(?:ze?|із|з|зі)\s+(?P<who>.{3,300}?)(?=\s*(?:,\s*(?:któr|w ramach|як|що)|\s(?:w ramach|в рамках|у рамках"
    r"|в межах|у межах|w dniu|dnia)\b|[.;]\s*$|$))",
    re.IGNORECASE,
)
_COMMUNITY = re.compile(
    r"\b(?:громад\w*|(?:О)?ТГ|міст[оаіу]|міськ\w+|сільськ\w+|селищн\w+|район\w*|област\w+|gmin\w*|miast\w*|powiat\w*"
    r"|starostw\w*|hromad\w*|województw\w*|sołect\w*|samorząd\w*)\b",
    re.IGNORECASE,
)
_SHARED_NOUN = re.compile(
    r"(?P<first>[^\W\d_]+(?:ськ|цьк|зьк)(?:ою|ої|а))\s+(?:та|і|й)\s+(?P<second>[^\W\d_]+(?:ськ|цьк|зьк)(?:ою|ої"
    r"|а)\s+(?:[^\W\d_]+ими\s+|[^\W\d_]+их\s+)*"
    r"(?:громад(?:ами|и)?|рад(?:ами|и)?|територіальн\w+ громад\w*))"
)
_INSTITUTION_WORD = re.compile(
    r"\b(?:бібліотек\w*|школ\w*|музе\w*|центр\w*|фонд\w*|ЦБС|МЦБС|університет\w*|коледж\w*|організаці\w*|bibliotek\w*"
    r"|szkoł\w*|muze\w*|ośrod\w*|stowarzysz\w*|fundacj\w*|dom\w* kultury|uniwersyt\w*)\b",
    re.IGNORECASE,
)
_LEADING_OFFICE = re.compile(
    r"^(?:(?:міськ|сільськ|селищн)\w+\s+голов\w+|голов\w+|директор\w*|керівник\w*|мер\w*|dyrektor\w*|burmistrz\w*|wójt\w*"
    r"|prezydent\w*|starost\w*|prezes\w*)\s+",
    re.IGNORECASE,
)


def agreement_in(sentence: str) -> Partnership | None:
    """The agreement on cooperation a sentence says was signed, None when it tells of none.

    Ids are for the caller to give. The kind is `intercommunity_agreement` when every party is a community, else `agreement`.
    """
    agreement = _AGREEMENT.search(sentence)
    signed = _SIGNED.search(sentence)
    if agreement is None or signed is None or _UNDONE.search(sentence[: signed.start()]):
        return None
    parties = _parties(sentence, agreement, signed)
    if len(parties) < 2:
        return None
    date = _signing_date(sentence, signed)
    # two adjectives may share one noun, which stands with the last: "Полтавською та Миргородською громадами"
    are_communities = _COMMUNITY.search(parties[-1]) is not None and not any(_INSTITUTION_WORD.search(p) for p in parties)
    return Partnership(
        record_id="",
        article_id=None,
        kind="intercommunity_agreement" if are_communities else "agreement",
        name=None,
        passage=sentence,
        founded_text=date,
        parties=parties,
        programme=programme_in(sentence),
        agreement=one_line(agreement["agreement"]),
        agreement_text=date,
    )


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
    if between is not None and len(found := _worded(between["who"])) > 1:
        return found
    heads = _BY_HEADS.search(sentence)
    if heads is not None and len(found := _worded(heads["who"])) > 1:
        return found
    before = DATE_WORDING.sub(" ", sentence[: min(signed.start(), agreement.start())]).strip(" ,–—")
    subjects = _worded(re.split(r"\s[–—]\s|:\s", before)[-1])
    if not subjects and signed.start() > agreement.start():  # "Меморандум підписали A та B"
        subjects = _worded(sentence[signed.end() :])
    partner = _WITH.match(sentence[agreement.end() :])
    with_whom = _worded(partner["who"]) if partner is not None else []
    return subjects + [party for party in with_whom if party not in subjects]


def _worded(text: str) -> list[str]:
    """Parties of an enumeration as worded: without dates, persons and the offices of those who signed."""
    shared = _SHARED_NOUN.fullmatch(text.strip())
    if shared is not None:
        return [one_line(shared["first"]), one_line(shared["second"])]
    found = []
    for member in enumerated(DATE_WORDING.sub(" ", text)):
        plain = one_line(member)
        if is_person(plain):
            continue
        office = without_person(plain).strip(" ,–—-")
        plain = _LEADING_OFFICE.sub("", office)
        plain = plain if names_institution(plain) else office
        if len(plain) > 2 and names_institution(plain) and plain not in found:
            found.append(plain)
    return found
