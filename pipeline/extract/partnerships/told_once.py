"""One agreement of several tellings of it on a page: in a list or table and in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.extract.partnerships.twin_lines import YEAR
from pipeline.records import Partnership

_UNIT = re.compile(r"(?:miasto|gmina|powiat|місто|громада)\s+(?=\S)", re.IGNORECASE)
_LEAST_STEM = 4


def told_once(partnerships: Sequence[Partnership]) -> list[Partnership]:
    """The partnerships, an agreement that a list or table and a sentence tell of alike only once, with what both say."""
    kept = list(partnerships)
    rows = [p for p in partnerships if p.name is None and p.parties]
    for row in [p for p in rows if p.kind == "intercommunity_agreement" or len(p.parties) == 1]:
        if all(p is not row for p in kept):
            continue  # it was told of in another one
        for other in kept:
            if other is row or other.name is not None or other.kind != row.kind or not _is_told_again(row, other):
                continue
            date = row.agreement_text or other.agreement_text
            joined = msgspec.structs.replace(
                row,
                parties=max(row.parties, other.parties, key=len),
                agreement=other.agreement,
                programme=row.programme or other.programme,
                agreement_text=date,
                founded_text=date or row.founded_text,
                passage=f"{row.passage}\n{other.passage}",
            )
            kept = [joined if p is row else p for p in kept if p is not other]
            break
    return kept


def _is_told_again(row: Partnership, other: Partnership) -> bool:
    """Whether the other one tells the agreement of the row, which names none or the same."""
    is_its = other.agreement is not None and (row.agreement or other.agreement).casefold() == other.agreement.casefold()
    is_short = row.agreement is None or len(row.parties) == 1
    return is_its and (is_short or _are_same_parties(row, other)) and _is_same(row, other)


def _are_same_parties(one: Partnership, other: Partnership) -> bool:
    """Whether the two parties of one agreement are those of the other, in their order, in whatever case."""
    pairs = zip(one.parties, other.parties, strict=False)
    is_of_two = len(one.parties) == len(other.parties) == 2
    return is_of_two and all(_holds(theirs, _stems(ours)) for ours, theirs in pairs)


def _is_same(row: Partnership, other: Partnership) -> bool:
    """Whether both tell of one town and of days that do not contradict each other."""
    stems = _stems(row.parties[-1])
    years = [set(YEAR.findall(re.sub(r"[./-]", " ", p.agreement_text or ""))) for p in (row, other)]
    is_dated_alike = not all(years) or bool(years[0] & years[1])
    return is_dated_alike and len(other.parties) <= 2 and any(_holds(party, stems) for party in other.parties)


def _stems(party: str) -> list[str]:
    """What the first two words of the party, the noun of its unit left out, begin with in every case."""
    words = _UNIT.sub("", party).casefold().split()[:2]
    return [word[: max(_LEAST_STEM, len(word) - (3 if len(word) > 8 else 2))] for word in words]


def _holds(party: str, stems: Sequence[str]) -> bool:
    """Whether words in a row of the party begin with the stems: "Nowy Targ" is not "Nowym Sączem"."""
    words = party.casefold().split()
    starts = range(len(words) - len(stems) + 1)
    return any(all(word.startswith(stem) for word, stem in zip(words[at:], stems, strict=False)) for at in starts)
