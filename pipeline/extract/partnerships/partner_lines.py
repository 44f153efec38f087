"""Communities that lines pair: "A громада – партнер B громади (меморандум від 05.12.2024)", and pairs below a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import COMMUNITY
from pipeline.extract.partnerships.agreements import agreement_kind
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.parties import worded_parties
from pipeline.extract.prose import DATE_WORDING
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_PAIR = Stemmed(
    rf"(?:[-•*–]\s+|\d{{1,2}}[.)]\s+)?(?P<first>(?-i:[{_CAPITAL}])[^(),:;–—|]{{3,80}}?)\s+[-–—]\s+(?:партнер(?:ка)?|partner)\s+"
    r"(?P<second>[^(),:;–—|]{3,80}?)\s*"
    r"\((?P<agreement>(?:меморандум|угода|договір|umowa|porozumienie|list\s+intencyjny)(?:\s+(?:про|o)\s+[^\W\d_]+)?)\s+"
    r"(?P<date>[^()]{4,40})\)\s*[.;]?"
)
_PAIRS_BELOW = Stemmed(
    r"(?:[^:]{0,120}\s)?(?P<agreement>партнерства|меморандуми|угоди|договори|partnerstwa|porozumienia|umowy)"
    r"(?:\s+(?:про|o)\s+[^\W\d_]+)?\s+"
    r"(?:уклали|підписали|zawarły|podpisały|nawiązały)\s*:"
)
_PAIRS_BEHIND = Stemmed(
    r"\b(?:народилися|започатковано|створено|укладено|zawarto|nawiązano|powstały)\s+(?:нові\s+|nowe\s+)?(?:партнерства|partnerstwa)"
    r"\s*:\s*(?P<pairs>.{5,600}?)\.?\s*$"
)
_ITEM = re.compile(r"[-•*–]\s+|\d{1,2}[.)]\s+")
_DASH = re.compile(r"\s[-–—]\s")
_MOST_PAIRS = 100
_LONGEST_LINE = 240


def paired_partners(lines: Sequence[str]) -> Iterator[tuple[int, Partnership]]:
    """A partnership for each line that pairs two communities and tells their agreement and its day, with the line's index."""
    made = 0
    for at, printed in enumerate(lines):
        line = one_line(printed)
        match = _PAIR.fullmatch(line) if len(line) <= _LONGEST_LINE and made < _MOST_PAIRS else None
        date = DATE_WORDING.fullmatch(match["date"].strip()) if match is not None else None
        if match is None or date is None:
            continue
        parties = [match["first"], match["second"]]
        if not all(COMMUNITY.search(party) for party in parties):
            continue
        made += 1
        yield (
            at,
            Partnership(
                record_id="",
                article_id=None,
                kind=agreement_kind(parties),
                name=None,
                passage=line,
                founded_text=date.group(),
                parties=parties,
                agreement=match["agreement"],
                agreement_text=date.group(),
            ),
        )


def pairs_below(lines: Sequence[str]) -> Iterator[tuple[int, Partnership]]:
    """A partnership for each line right below "Меморандуми підписали:" that names two communities and nothing else."""
    heading: re.Match[str] | None = None
    made = 0
    for at, printed in enumerate(lines):
        if heading is None and not printed.rstrip().endswith(":"):
            continue
        line = one_line(printed)
        if len(line) <= _LONGEST_LINE and line.endswith(":"):
            heading = _PAIRS_BELOW.fullmatch(line)
            continue
        if heading is None or not line or made >= _MOST_PAIRS:
            continue
        parties = worded_parties(_ITEM.sub("", line, count=1).rstrip(" ;.,")) if len(line) <= _LONGEST_LINE else []
        if len(parties) != 2 or not all(COMMUNITY.search(party) for party in parties):
            heading = None
            continue
        made += 1
        is_document = not heading["agreement"].casefold().startswith(("партнерств", "partnerstw"))
        yield at, _pair(parties, line, heading["agreement"] if is_document else None)


def may_tell_pairs_behind(text: str) -> bool:
    """Whether it is not ruled out that `pairs_behind` finds a pair in one of the sentences of the text."""
    return _PAIRS_BEHIND.may_match(text)


def pairs_behind(sentence: str) -> Iterator[Partnership]:
    """A partnership for each pair of places behind "народилися партнерства:", a dash between the two."""
    match = _PAIRS_BEHIND.search(sentence)
    for pair in re.split(r"\s*[;,]\s*", match["pairs"]) if match is not None else ():
        places = [one_line(place) for place in _DASH.split(pair)]
        if len(places) == 2 and all(map(is_bare_name, places)):
            yield _pair(places, sentence, None)


def _pair(parties: list[str], passage: str, agreement: str | None) -> Partnership:
    return Partnership(
        record_id="",
        article_id=None,
        kind="intercommunity_agreement",
        name=None,
        passage=passage,
        parties=parties,
        agreement=agreement,
    )
