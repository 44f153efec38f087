"""Partnerships whose founding running text tells of, outside the sections of headings that name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.foundings import founding_date, founding_verbs, initiators_in, is_of_it, unquoted_name
from pipeline.extract.partnerships.partnership_facts import Told, is_subject, partnership_told
from pipeline.extract.partnerships.partnership_words import (
    FOUNDED,
    NAMED,
    NETWORK,
    PARTIES,
    PARTIES_CALLED_COALITIONS,
    POLITICAL,
    RELATIVE,
    SUBJECT,
    UNDER_NAME,
    UNDONE,
)
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_QUOTES = frozenset('„“”"«»‟″')
_FOLLOWING_BLOCKS = 3
"""How far below a founding sentence in running text facts of the same partnership are looked for."""


class Sentence(NamedTuple):
    """A sentence of a page and the number of the block it stands in."""

    text: str
    block: int


def _tells_of_founding(sentence: str) -> bool:
    return (is_subject(sentence) and founding_date(sentence) is not None) or _relative(sentence) is not None


def _is_founded_below(stream: Sequence[Sentence], at: int) -> bool:
    """Whether a sentence below tells when or by whom the partnership this one names was founded: "Powołano je w 2021 roku"."""
    if NAMED.search(stream[at].text) is None:
        return False
    for below in stream[at + 1 : at + 1 + _FOLLOWING_BLOCKS]:
        if NAMED.search(below.text) is not None:
            return False
        verb = next(founding_verbs(below.text), None)
        if verb is not None:
            is_told = founding_date(below.text) is not None or bool(initiators_in(below.text))
            return is_of_it(below.text, verb) and is_told
    return False


def _is_founded_of(stream: Sequence[Sentence], at: int) -> bool:
    """Whether the sentence tells of the founding of one it names, with no day, and the next one who belongs to it."""
    if at + 1 >= len(stream) or PARTIES.search(stream[at + 1].text) is None:
        return False
    text = stream[at].text
    verb = next(FOUNDED.finditer(text), None) if NAMED.search(text) is not None and is_subject(text) else None
    return verb is not None and UNDONE.search(text[: verb.start()]) is None and NAMED.search(stream[at + 1].text) is None


def _relative(sentence: str) -> re.Match[str] | None:
    """The partnership whose founding a clause of the sentence tells, where it is not what the sentence speaks of."""
    if "," not in sentence or _QUOTES.isdisjoint(sentence):
        return None
    match = RELATIVE.search(sentence)
    is_told = match is not None and not is_subject(sentence) and founding_date(sentence[match.start() :]) is not None
    return match if is_told else None


def told_in_prose(stream: Sequence[Sentence], covered: set[int], coordinator: str | None) -> list[tuple[int, Partnership]]:
    """Partnerships whose founding a sentence tells of outside the sections of headings."""
    free = [at for at in range(len(stream)) if at not in covered]
    starts = [
        at for at in free if _tells_of_founding(stream[at].text) or _is_founded_below(stream, at) or _is_founded_of(stream, at)
    ]
    found = []
    for at, end in zip(starts, [*starts, len(stream)][1:], strict=True):
        last = stream[at].block + _FOLLOWING_BLOCKS
        told_by = [s.text for number, s in enumerate(stream[at:end], at) if s.block <= last and number not in covered]
        if (relative := _relative(stream[at].text)) is not None:
            clause = stream[at].text[relative.start() :]
            told = Told(relative["noun"], one_line(relative["quoted"]), [clause], is_relative=True)
            found += [(at, made)] if (made := partnership_told(told, coordinator)) is not None else []
            continue
        named = NAMED.search(stream[at].text)
        under = UNDER_NAME.search(stream[at].text)
        noun = named["noun"] if named else _first(SUBJECT, stream[at].text)
        name = named["quoted"] if named else under["quoted"] if under else unquoted_name(stream[at].text)
        if _is_of_parties(noun, name, told_by[:_FOLLOWING_BLOCKS]):
            continue
        partnership = partnership_told(Told(noun, one_line(name) if name else None, told_by), coordinator)
        if partnership is not None:
            found.append((at, partnership))
    return found


def _is_of_parties(noun: str, name: str | None, told_by: Sequence[str]) -> bool:
    """Whether the coalition is one of political parties: by its name, or by elections in what is told of it."""
    if NETWORK.match(noun.strip()) is None or not noun.strip().casefold().startswith(("koalicj", "коаліц")):
        return False
    is_party = name is not None and name.casefold() in PARTIES_CALLED_COALITIONS
    return is_party or any(POLITICAL.search(sentence) is not None for sentence in told_by)


def _first(pattern: Stemmed, text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""
