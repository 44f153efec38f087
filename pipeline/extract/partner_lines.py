"""Communities a list pairs, each pair with its agreement: "A громада – партнер B громади (меморандум від 05.12.2024)"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.agreement_words import COMMUNITY
from pipeline.extract.agreements import agreement_kind
from pipeline.extract.page import one_line
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
