"""Twin towns a page lists or names: "Miasta partnerskie" with a town on each line, "miastem partnerskim Gminy jest …".

Nothing is taken for a town that only stands below such a heading: it is an item right below it, or its line tells a land or a
day, or it stands below the name of a land.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import AGREEMENT, COMMUNITY, WITHIN
from pipeline.extract.partnerships.agreements import agreement_kind, document_of_before, programme_in, signed_document
from pipeline.extract.partnerships.lands import LAND
from pipeline.extract.partnerships.parties import worded_parties
from pipeline.extract.partnerships.twin_lines import LATER, LONGEST_LINE, Town, date_in, is_unsigned, town_of, twin_of
from pipeline.extract.prose import DATE_WORDING, sentences
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_HEADING = Stemmed(
    r"(?:nasze\s+|zagraniczne\s+|nasi\s+|наші\s+)?(?:(?:miasta|gminy|powiaty|samorządy)(?:\s+i\s+(?:gminy|powiaty|regiony))?\s+"
    r"(?:partnerskie|bliźniacze|zaprzyjaźnione)|partnerzy\s+zagraniczni|(?:партнерські|дружні)\s+(?:міста|громади)"
    r"|(?:міста|громади)\s*[-–—]?\s*(?:побратими|партнери))(?:\s+[^\W\d_]+){0,3}?\s*[:.]?"
)
_HEADING_OF_CONTACTS = Stemmed(
    r"(?:(?:współpraca|kontakty|partnerstwo)\s+(?:zagraniczn[ae]|międzynarodow[ae])|міжнародн(?:а|е)\s+(?:співпраця|співробітництво))\s*[:.]?"
)
"""A heading below which towns stand and much else: only a line that tells the land and the agreement is a twin town."""

_NO_AGREEMENT = re.compile(r"\b(?:bez|brak|nie|без|не)\s", re.IGNORECASE)
_IS_TWIN = Stemmed(
    r"\b(?:(?:miast(?:em|ami)|gmin(?:ą|ami)|powiat(?:em|ami))\s+(?:partnersk(?:im|imi|ą)|bliźniacz(?:ym|ymi|ą))"
    r"|(?:містом|містами|громадою|громадами)\s*[-–—]?\s*(?:побратим(?:ом|ами)|партнер(?:ом|ами|кою|ками))"
    r"|партнерськ(?:им\s+містом|ими\s+містами|ою\s+громадою|ими\s+громадами))"
    rf"(?:\s+(?P<whose>(?:(?:miasta|gminy|powiatu|міста|громади)\s+)?(?-i:[{_CAPITAL}])[\w’'-]+(?:\s+(?-i:[{_CAPITAL}])[\w’'-]+)?))?"
    rf"(?:\s+(?:od|w|з|від|[ву])\s+\d{{4}}\s*(?:r\.|roku|року|році|р\.)?)?(?:\s+(?:także|również|obecnie|також|нині))?"
    rf"\s*(?:\bjest\b|\bsą\b|\bє\b|\bстало\b|\bстали\b|[–—])\s*:?\s*(?:[^\W\d_]+(?:ське|цьке|skie)\s+(?:місто|miasto)\s+)?"
    rf"(?P<who>(?-i:[{_CAPITAL}]).{{1,400}}?)[.;]?\s*$"
)
_THEY_ARE = Stemmed(
    r"^(?P<who>.{5,200}?)\s+(?:стали|є|są|zostały|zostali|stały\s+się)\s+(?:(?:(?:громадами|містами)\s*[-–—]?\s*)?(?:побратимами|партнерами)"
    r"|(?:miastami|gminami|powiatami)\s+(?:partnerskimi|bliźniaczymi))\b"
    r"|^(?P<who2>.{5,300}?)\s+(?:оформили|встановили|започаткували|розпочали|налагодили|уклали|nawiązały|nawiązali|zawarły|zawarli)\s+"
    r"(?:партнерство|(?:партнерськ|побратимськ)і\s+(?:відносини|стосунки|зв.язки)|partnerstwo)\b(?!\s*[„“\"«])"
    r"|\bпро\s+партнерство\s+домовил(?:ися|ись)\s+(?P<who3>.{5,300}?)[.;]?\s*$"
)
_BEGUN_PL = r"(?:został[ao]\s+)?(?:nawiązan|zapoczątkowan|zainicjowan)[aoe]"
_BEGUN_UK = r"(?:було\s+|була\s+)?(?:започатковано|розпочато|встановлено|налагоджено|започаткована)"
_BEGUN = Stemmed(rf"(?:{_BEGUN_PL}|{_BEGUN_UK})")
_ESTABLISHED = Stemmed(
    r"\b(?:współprac[aęy]|partnerstwo|kontakty\s+partnerskie|партнерство|співпрац[яю])\s+(?:[^\W\d_]+\s+)?(?:ze?|із|зі?)\s+"
    rf"(?P<who>[^.;,()]{{3,120}}?(?:\([^()]{{3,40}}\))?)\s+(?:{_BEGUN_PL}|{_BEGUN_UK})(?!\w)"
)
_MEMBER = re.compile(r"(?:\s*,\s*|\s+(?:i|oraz|a także|та|і|й)\s+)(?=[^\W\d_a-zа-яіїєґ])")
_ITEM = re.compile(r"[-•*–]\s|\d{1,2}[.)]\s")
_UNIT = re.compile(r"(?:miasto|gmina|powiat|місто|громада)\s+(?=\S)", re.IGNORECASE)
_MOST_TOWNS = 100


def may_tell_of_twins(text: str) -> bool:
    """Whether it is not ruled out that the text lists or names a twin town."""
    return any(pattern.may_match(text) for pattern in (_HEADING, _HEADING_OF_CONTACTS, _IS_TWIN, _THEY_ARE))


def may_tell_of_beginning(text: str) -> bool:
    """Whether it is not ruled out that `begun_twin` finds something in one of the sentences of the text."""
    return _BEGUN.may_match(text) and _ESTABLISHED.may_match(text)


def is_heading_of_twins(text: str) -> bool:
    """Whether a line says that twin towns follow, and nothing else."""
    return len(text) <= LONGEST_LINE and _HEADING.fullmatch(one_line(text)) is not None


def listed_twins(lines: Sequence[str]) -> Iterator[tuple[int, Partnership]]:
    """A partnership for each town of the lists among the ``lines``, with the index of its line."""
    is_below, is_below_contacts, land, made = False, False, None, 0
    previous = ""
    for at, printed in enumerate(lines):
        line = one_line(printed)
        before, previous = previous, line
        if is_heading_of_twins(line):
            is_below, land = True, None
            continue
        if len(line) <= LONGEST_LINE and _HEADING_OF_CONTACTS.fullmatch(line) is not None:
            is_below_contacts = True
            continue
        if not is_below and is_below_contacts and made < _MOST_TOWNS and (told := _told_on_line(line)) is not None:
            made += 1
            yield at, told
            continue
        if not is_below or not line or made >= _MOST_TOWNS:
            continue
        if LAND.fullmatch(line.rstrip(":.")) is not None:
            land = line
            continue
        town = town_of(line)
        if town is not None and town.date is None and is_unsigned(line):
            continue
        if town is not None and not town.has_land and (below := _land_below(lines, at)):
            made += 1
            yield at, twin_of(town._replace(date=town.date or date_in(below[-1])), [line, *below])
            continue
        if (
            town is not None
            and town.has_land
            and town.date is None
            and (told := _told_below(town, line, lines, at)) is not None
        ):
            made += 1
            yield at, told
            continue
        is_item = _ITEM.match(line) is not None
        is_led = before in (land, "") or is_heading_of_twins(before) or (is_item and made > 0 and _is_town_line(before))
        if town is None or not (town.date or town.has_land or (is_led and (is_item or before == land))):
            continue
        made += 1
        yield at, twin_of(town, [text for text in (land, line) if text])


def _told_on_line(line: str) -> Partnership | None:
    """The partnership with the town a line begins with, where it tells the land, the agreement and the day."""
    town = town_of(line)
    if town is None or not town.has_land or town.date is None or _SIGNED.search(line) is None or _NO_AGREEMENT.search(line):
        return None
    return twin_of(town, [line])


def _land_below(lines: Sequence[str], at: int) -> list[str]:
    """The land on the line below a town that is no item, and the line about the agreement below it: a table with flags."""
    below = [one_line(line) for line in lines[at + 1 : at + 3]]
    if not below or _ITEM.match(one_line(lines[at])) is not None or LAND.fullmatch(below[0].rstrip(":.")) is None:
        return []
    return below if len(below) > 1 and len(below[1]) <= LONGEST_LINE and _SIGNED.match(below[1]) is not None else below[:1]


def _told_below(town: Town, line: str, lines: Sequence[str], at: int) -> Partnership | None:
    """The partnership with a town that stands alone on a line with its land, and the sentences below it tell of.

    None where the first of them speaks neither of an agreement nor of the cooperation.
    """
    below = next((text for printed in lines[at + 1 : at + 3] if (text := one_line(printed))), "")
    first = next(iter(sentences(below)), "")
    if town_of(first) is not None or _SIGNED.search(first) is None:
        return None
    signed = signed_document(first)
    dates = [one_line(date.group()) for date in DATE_WORDING.finditer(first)]
    if len(dates) != 1 or LATER.search(first) is not None:
        entered = AGREEMENT.match(first)  # "Umowa partnerska z 5 maja 2007 r., wygasła w 2020 roku"
        date = date_in(first)
        is_entered = entered is not None and entered["bare"] is None and date is not None
        return twin_of(town._replace(date=date), [line, first]) if is_entered else None
    made = twin_of(town._replace(date=dates[0]), [line, first])
    agreement = signed or made.agreement
    return msgspec.structs.replace(made, agreement=agreement, agreement_text=dates[0] if agreement is not None else None)


def named_twins(sentence: str, below: str = "") -> Iterator[Partnership]:
    """A partnership for each town the sentence says is a twin; the one ``below`` may tell the day of a single agreement."""
    yield from mutual_twins(sentence, below)
    match = _IS_TWIN.search(sentence)
    if match is None:
        return
    whose = [one_line(match["whose"])] if match["whose"] else []
    dates = [one_line(date.group()) for date in DATE_WORDING.finditer(sentence)]
    members = [town for member in _MEMBER.split(DATE_WORDING.sub(" ", match["who"])) if (town := town_of(member.strip()))]
    passage, is_single = [sentence], len(members) == 1
    if is_single and not dates and (signed := _signed_later(below)) is not None:
        dates, passage = [signed], [sentence, below]
    for town in members:
        date = town.date or (dates[0] if len(dates) == 1 and LATER.search(sentence) is None else None)
        yield twin_of(town._replace(date=date), passage, whose)


def begun_twin(sentence: str) -> Partnership | None:
    """The partnership with a community that a sentence says began on a day: "Partnerstwo z gminą Hude nawiązano w 1996 r."."""
    match = _ESTABLISHED.search(sentence) if _BEGUN.may_match(sentence) else None
    if match is None:
        return None
    dates = [*DATE_WORDING.finditer(sentence, match.end())][:1] or [*DATE_WORDING.finditer(sentence, 0, match.end())]
    parties = worded_parties(match["who"], bare=True)
    is_community = len(parties) == 1 and COMMUNITY.search(parties[0]) is not None and any(map(str.isupper, parties[0]))
    if len(dates) != 1 or not is_community or agreement_kind(parties) != "intercommunity_agreement":
        return None
    made = twin_of(Town(parties[0], one_line(dates[0].group()), has_land=False), [sentence])
    return msgspec.structs.replace(made, agreement=None, agreement_text=None)


def mutual_twins(sentence: str, below: str = "") -> Iterator[Partnership]:
    """The partnership of those a sentence says are each other's: "A та B громади стали громадами-побратимами".

    The sentence ``below`` may tell of the document that was signed on it.
    """
    match = _THEY_ARE.search(sentence)
    parties = (
        worded_parties(WITHIN.sub("", _bare_start(match["who"] or match["who2"] or match["who3"])), bare=True)
        if match is not None
        else []
    )
    if len(parties) > 1:
        dates = [one_line(date.group()) for date in DATE_WORDING.finditer(sentence)]
        made = twin_of(Town(parties[-1], dates[0] if len(dates) == 1 else None, has_land=False), [sentence], parties[:-1])
        made = msgspec.structs.replace(made, programme=programme_in(sentence), kind=agreement_kind(parties))
        if (document := document_of_before(below)) is not None:
            agreement, date = document
            passage = f"{sentence}\n{below}"
            date = date or made.agreement_text
            made = msgspec.structs.replace(made, agreement=agreement, agreement_text=date, founded_text=date, passage=passage)
        yield made


def _bare_start(text: str) -> str:
    """The text without the day it begins with."""
    return DATE_WORDING.sub(" ", text).strip(" ,–—")


_SIGNED = re.compile(
    r"(?:umow|porozumieni|partnerstw|współprac|list\w* intencyjn|угод|договір|меморандум|співпрац)", re.IGNORECASE
)


def _signed_later(sentence: str) -> str | None:
    dates = list(DATE_WORDING.finditer(sentence))
    is_told = len(dates) == 1 and _SIGNED.search(sentence) is not None and LATER.search(sentence) is None
    return one_line(dates[0].group()) if is_told else None


def _is_town_line(line: str) -> bool:
    return _ITEM.match(line) is not None and town_of(line) is not None
