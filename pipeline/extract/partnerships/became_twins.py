"""Partnerships of two communities one of which a sentence says became the other's partner or twin town."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreements import document_of_before, programme_in
from pipeline.extract.partnerships.twin_lines import Town, twin_of
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_NAME = r"(?-i:[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])[^\W\d_]+(?:-(?-i:[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])[^\W\d_]+)?"
_KIND = r"(?:\s(?:міськ|сільськ|селищн)\w+)?(?:\sтериторіальн\w+)?"
_REGION = r"(?:\s(?-i:[А-ЯІЇЄҐ])[^\W\d_]+(?:щини|ччини)|\s(?-i:[А-ЯІЇЄҐ])[^\W\d_]+ї\sобласті)?"
_BECAME = Stemmed(
    rf"^(?P<who>{_NAME}(?<=ька){_KIND}\sгромада{_REGION})\sстала\s(?:громадою-)?партнер(?:ом|кою)\s"
    rf"(?P<whose>{_NAME}(?<=ької){_KIND}\sгромади{_REGION})[.!]?$"
    rf"|^(?:{_NAME}(?<=ьке)\s(?:місто\s)?)?(?P<who2>(?-i:[А-ЯІЇЄҐ])[^\W\d_]+(?:[\s-]{_NAME})?)\s(?:офіційно\s)?стал[ао]\s"
    rf"(?:містом\s?[-–]?\s?)?побратимом\s(?:міста\s)?(?P<whose2>{_NAME}(?:\s{_NAME})?)[.!]?$"
    rf"|^(?P<who3>(?:gmina|miasto|powiat)\s{_NAME}(?:\s{_NAME})?)\s(?:został[ao]|stał[ao]?\ssię)\s"
    rf"(?:(?:gminą|miastem|powiatem)\spartnersk(?:ą|im)|partnerem)\s(?P<whose3>(?:gminy|miasta|powiatu)\s{_NAME}(?:\s{_NAME})?)[.!]?$"
)


def may_tell_of_becoming(text: str) -> bool:
    """Whether it is not ruled out that `became_twins` finds something in one of the sentences of the text."""
    return _BECAME.may_match(text)


def became_twins(sentences: Sequence[str]) -> Iterator[tuple[int, Partnership]]:
    """Partnerships of those a sentence says became partners, each once, with the index of its sentence.

    The sentence below may tell of the document that was signed on it: of several tellings that one counts.
    """
    told: dict[tuple[str, ...], tuple[int, Partnership]] = {}
    for at, sentence in enumerate(sentences):
        match = _BECAME.search(sentence)
        if match is None:
            continue
        who, whose = (one_line(match[f"{part}"] or match[f"{part}2"] or match[f"{part}3"]) for part in ("who", "whose"))
        made = twin_of(Town(whose, None, has_land=False), [sentence], [who])
        below = sentences[at + 1] if at + 1 < len(sentences) else ""
        document = document_of_before(below)
        if document is not None:
            agreement, date = document
            made = msgspec.structs.replace(
                made,
                agreement=agreement,
                agreement_text=date,
                founded_text=date,
                programme=programme_in(below),
                passage=f"{sentence}\n{below}",
            )
        key = tuple(party.casefold() for party in made.parties)
        if key not in told or (document is not None and told[key][1].agreement is None):
            told[key] = (at, made)
    yield from told.values()
