"""Persons named with a role on slides: in prose as anywhere, and as title slides name who made or gives the presentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from pipeline.extract.people.people import people_in
from pipeline.extract.people.people_words import CONJUNCTIONS, DEGREES
from pipeline.extract.people.person_names import Token, is_run_together, name_at, tokens_of
from pipeline.extract.people.roles import role_words
from pipeline.extract.stemmed import Stemmed
from pipeline.records import PersonMention, SlideText, TextBlock

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_TWO_NAMES = re.compile(rf"[{_CAPITAL}](?:[^\W\d_{_CAPITAL}][\w’ʼ'-]*\s+|\.\s?)[{_CAPITAL}]")
"""What every name holds: a capitalised word or an initial before another capital."""

_YEAR_AT_END = re.compile(r"(?<=\w)\s(?:19|20)\d\d$")
_LONGEST_ROLE = 4  # words
_LONGEST_ORGANISATION = 7  # words
_BY = Stemmed(
    r"\b(?P<label>opracowanie|opracował[ai]?|opracowali|autor(?:ka|zy|ki)?|przygotowa(?:ł[ai]?|li|nie)|prowadząc[yea]|prowadzenie"
    r"|prelegent(?:ka|ci)?|wykonał[ai]?|wykonali|prezentuje|доповідач(?:ка|і)?|автор(?:ка|и)?|підготу(?:вал[аи]|вав)|викона(?:л[аи]|в)"
    r"|презентує|спікер(?:ка|и)?|ведуч(?:а|ий|і))\s*:\s*"
)


def people_on(slides: Sequence[SlideText], *, record_id: str) -> list[PersonMention]:
    """Persons the slides name with a role, in order, each name with the same role once; ``record_id`` is the deck's.

    The label in "Opracowanie: Jan Nowak" is the role where no other is said. Never raises on any text.
    """
    found: dict[tuple[str, str], PersonMention] = {}
    named = [slide for slide in slides if _TWO_NAMES.search(slide.text) is not None]
    whole = "\n".join(slide.text for slide in named)
    roles, has_labels = role_words(whole), _BY.search(whole) is not None
    for slide in named if roles or has_labels else ():
        blocks = [TextBlock(text=slide.text, kind="paragraph")] if not roles.isdisjoint(slide.text.split()) else []
        told = [_in_short(mention) for mention in people_in(blocks, record_id=record_id, is_unsigned=True)]
        by_label = list(_by(slide.text, record_id)) if has_labels else []
        told = [_in_full(mention, by_label) for mention in told]
        known = {mention.name for mention in told} | {name for name, _ in found}
        for mention in [*(by for by in by_label if by.name not in known), *told]:
            found.setdefault((mention.name, mention.role), mention)
    return list(found.values())


def _in_full(mention: PersonMention, by_label: Sequence[PersonMention]) -> PersonMention:
    """The mention with the surname that only a label lets stand first: "Доповідач: Пробна Оксана Василівна, директорка"."""
    full = next((by.name for by in by_label if by.name.endswith(f" {mention.name}")), mention.name)
    return msgspec.structs.replace(mention, name=full)


def _in_short(mention: PersonMention) -> PersonMention:
    """The mention without what a slide, which seldom has full stops, runs on with behind the role and the institution."""
    mention = msgspec.structs.replace(mention, role=_YEAR_AT_END.sub("", mention.role))
    words = mention.role.split()
    if len(words) > _LONGEST_ROLE:
        end = next((at for at, word in enumerate(words) if at and not word[0].islower()), 1)
        while end > 1 and words[end - 1].endswith("."):
            end -= 1  # "м." of the town that is cut off
        return msgspec.structs.replace(mention, role=" ".join(words[:end]), organisation=None)
    if mention.organisation is not None and len(mention.organisation.split()) > _LONGEST_ORGANISATION:
        return msgspec.structs.replace(mention, organisation=None)
    return mention


def _by(text: str, record_id: str) -> Iterator[PersonMention]:
    for label in _BY.finditer(text):
        line = text[label.end() :].partition("\n")[0]
        passage = " ".join((label.group() + line).split())
        for name in _names(line):
            yield PersonMention(record_id=record_id, name=name, role=label["label"], organisation=None, passage=passage)


def _names(line: str) -> Iterator[str]:
    """Names the line begins with, between commas and conjunctions; degrees are passed."""
    tokens = tokens_of(line)
    at = 0
    while True:
        at = _after_degrees(tokens, at)
        name = name_at(tokens, at, after_role=True) if at < len(tokens) else None
        if name is None or is_run_together(printed := line[tokens[at].start : tokens[name.end - 1].end]):
            return
        yield printed
        at = name.end
        if at >= len(tokens) or not (tokens[at].text == "," or tokens[at].text.casefold() in CONJUNCTIONS):
            return
        at += 1


def _after_degrees(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].text.casefold() in DEGREES:
        at += 1
    return at
