"""Persons named with a role in prose: "dyrektor Miejskiej Biblioteki Anna Nowak", "Олена Бондар, методистка".

Only a name that a role word goes with counts. The patron in an institution's name ("ім. П. …", "im. Jana …") is no person
of the page. Every value is the wording of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.people.people_words import (
    BEHIND_NAMES,
    CONJUNCTIONS,
    COPULAS,
    DASHES,
    DEGREES,
    LEAD,
    MOST_BETWEEN,
    SIDE,
    STOPS,
    TOGETHER,
    UK_FEMININE,
)
from pipeline.extract.people.person_names import (
    HONORIFICS,
    Name,
    Token,
    after_patron,
    is_patron_mark,
    is_run_together,
    name_at,
    name_by_place,
    surname_before_initials,
    surname_before_patronymic,
    tokens_of,
)
from pipeline.extract.people.role_phrases import (
    ALSO,
    begins_another,
    common_organisation,
    goes_before_role,
    has_role_behind,
    is_apposed_role,
    is_quoted,
    role_and_organisation,
    role_end,
    role_end_before,
    role_start,
    wording,
)
from pipeline.extract.people.roles import (
    holds_role,
    is_plural_role,
    is_verb,
    is_womans_role,
    role_cases,
    singular_cases,
)
from pipeline.extract.people.signatures import signed_people
from pipeline.extract.prose import sentences
from pipeline.normalise.given_names import is_mans_name
from pipeline.records import PersonMention, TextBlock

_OTHER_SIDE = re.compile(r",\s+(?:a|natomiast|zaś|а)\s")


def people_in(blocks: Sequence[TextBlock], *, record_id: str, is_unsigned: bool = False) -> list[PersonMention]:
    """Persons the blocks name with a role, in order, each name with the same role once.

    ``record_id`` is that of the record the blocks belong to. ``is_unsigned``: a role with a capital may stand right behind
    its name, as on slides, whose lines run together. Never raises on any text.
    """
    told: list[tuple[int, PersonMention]] = []
    for number, block in enumerate(blocks):
        if not holds_role(block.text):
            continue  # no person without a role
        for sentence in sentences(block.text):
            told += [(number, mention) for mention in _in_sentence(sentence, record_id, is_unsigned=is_unsigned)]
    if not is_unsigned:
        told += signed_people(blocks, record_id)
    found: list[PersonMention] = []
    seen: set[tuple[str, str]] = set()
    for _, mention in sorted(told, key=lambda pair: pair[0]):
        if (mention.name, mention.role) not in seen and not is_run_together(mention.name):
            seen.add((mention.name, mention.role))
            found.append(mention)
    return found


def _in_sentence(sentence: str, record_id: str, *, is_unsigned: bool) -> list[PersonMention]:
    if not holds_role(sentence):
        return []
    tokens = tokens_of(sentence)
    lead = LEAD.match(sentence) or SIDE.match(sentence)
    common = common_organisation(lead["org"]) if lead is not None else None
    found: list[PersonMention] = []
    at, further = 0, -1  # ``further``: where a second role of the name just read may begin
    is_stated = False  # "prezesem jest A": what follows may leave the verb out, "sekretarzem B"
    while at < len(tokens):
        if is_patron_mark(tokens, at):
            at = after_patron(tokens, at)
            continue
        reading = _role_then_name(tokens, at, is_stated=is_stated)
        if reading is not None and at == further and tokens[reading.names[0][0] - 1].text == ",":
            reading = None  # "Jan Kos, wójt, prezes Związku, Adam Lis, radny": a second role of the name before it
        reading = reading or _name_then_role(tokens, at, is_unsigned=is_unsigned)
        if reading is None:
            at += 1
            continue
        role, organisation = role_and_organisation(sentence, tokens, *reading.role)
        is_stated = is_stated or any(token.text.casefold() in COPULAS for token in tokens[at : reading.end])
        role_at = tokens[reading.role[0]].start
        if lead is not None and (role_at < lead.end() or _OTHER_SIDE.search(sentence, lead.end(), role_at) is not None):
            common = None
        found += [
            PersonMention(
                record_id=record_id,
                name=wording(sentence, tokens, *name_span),
                role=role,
                organisation=organisation or common,
                passage=sentence,
            )
            for name_span in reading.names
        ]
        is_role_behind = reading.role[0] >= reading.names[-1][1]
        at = reading.end
        further = at + 1 if is_role_behind and at < len(tokens) and tokens[at].text == "," else -1
    return found


_Span = tuple[int, int]


class _Reading(NamedTuple):
    """A role and the persons it is said of, as ranges of tokens, and where reading goes on."""

    role: _Span
    names: list[_Span]
    end: int


def _role_then_name(tokens: Sequence[Token], at: int, *, is_stated: bool = False) -> _Reading | None:
    cases = role_cases(tokens[at].text)
    if not cases or tokens[at].text.casefold() in BEHIND_NAMES:
        return None
    if is_stated and "inst" in cases:
        cases |= {"nom"}
    here = at + 1
    while here < len(tokens) and here - at <= MOST_BETWEEN:
        if is_patron_mark(tokens, here):
            here = after_patron(tokens, here)
            continue
        if begins_another(tokens, here, cases):
            return None  # the name of this one was not recognised
        if tokens[here].text.casefold() in COPULAS:
            cases = frozenset(("nom",))  # "Koordynatorką jest Anna": the role is worded apart from the name's case
            here += 1
            continue
        name = name_at(tokens, here, after_role=here == at + 1)
        if name is None and here == at + 1 and "nom" in cases:
            name = name_by_place(tokens, here, is_feminine=UK_FEMININE.search(tokens[at].text) is not None)
        if name is not None and tokens[here - 1].text.startswith("Fundacj") and "nom" not in name.cases:
            here = name.end  # "prezes Fundacji Anny Próbnej": whom the foundation is called by
            continue
        if name is not None:
            end = role_end_before(tokens, at, here)
            # "Jan Kos, wójt gminy oraz Anna Lis, radna": the role is of the name before it
            is_of_before = tokens[end - 1].text.casefold() in CONJUNCTIONS
            if (
                is_of_before
                or has_role_behind(tokens, at, name)
                or not _agree(cases, name)
                or (tokens[here - 1].text == "," and _is_behind_name(tokens, role_start(tokens, at)))
                or (is_womans_role(tokens[at].text) and is_mans_name(tokens[here].text))
            ):
                return None
            names = [(here, name.end)]
            if is_plural_role(tokens[at].text):
                names += _further_names(tokens, name.end)
            return _Reading((role_start(tokens, at), end), names, names[-1][1])
        if not _goes_on(tokens, here) and not is_quoted(tokens, at, here):
            return None
        here += 1
    return None


def _is_behind_name(tokens: Sequence[Token], start: int) -> bool:
    """Whether the role that starts there stands right behind a name: "Petro Kos burmistrz Lipna, Jan Lis, wójt"."""
    name = name_at(tokens, start - 2) if start > 1 else None
    return name is not None and name.end == start


def _goes_on(tokens: Sequence[Token], here: int) -> bool:
    """Whether a role phrase can go on over the token. A comma or dash may stand right before the name in apposition."""
    token = tokens[here]
    if token.text in DASHES or token.text in {",", ":"}:
        first = here + 1
        while token.text == "," and first < len(tokens) and tokens[first].text.casefold() in DEGREES:
            first += 1  # "skarbnik gminy, pan Jan Kos"
        name = name_at(tokens, first, after_role=token.text == ":")
        closed = name is not None and (name.end >= len(tokens) or tokens[name.end].text in ",.")
        spaced = token.text == ":" or tokens[here - 1].end < token.start
        return name is not None and (closed if token.text == "," else spaced)
    if token.text in STOPS or token.text in TOGETHER:
        return False
    return not (token.is_word and (is_verb(token.text) or token.text.casefold() in ALSO))


def _further_names(tokens: Sequence[Token], at: int) -> list[_Span]:
    """Names that follow each other from ``at`` on, between commas and conjunctions; brackets and degrees are passed."""
    found: list[_Span] = []
    here = at
    while here < len(tokens):
        if tokens[here].text == "(":
            closing = next((n for n in range(here, min(here + 8, len(tokens))) if tokens[n].text == ")"), None)
            if closing is None:
                break
            here = closing + 1
            continue
        if tokens[here].text != "," and tokens[here].text.casefold() not in CONJUNCTIONS:
            break
        here += 1
        while here < len(tokens) and tokens[here].text.casefold() in DEGREES:
            here += 1
        name = name_at(tokens, here, after_role=True)
        if name is None or _has_role_of_its_own(tokens, name):
            break
        found.append((here, name.end))
        here = name.end
    return found


def _has_role_of_its_own(tokens: Sequence[Token], name: Name) -> bool:
    """Whether a role of one person follows the name: "burmistrzowie A i B, wójt Lipna" leaves B out."""
    sign, word = (tokens[at].text if at < len(tokens) else "" for at in (name.end, name.end + 1))
    return sign in {",", "–", "—", "-", "("} and "nom" in singular_cases(word) and _role_then_name(tokens, name.end + 1) is None


def _name_then_role(tokens: Sequence[Token], at: int, *, is_unsigned: bool) -> _Reading | None:
    name = name_at(tokens, at)
    if name is None:
        if at + 2 >= len(tokens) or not tokens[at].text[:1].isupper() or role_cases(tokens[at].text):
            return None
        is_initial = tokens[at + 1].is_initial
        name = surname_before_initials(tokens, at) if is_initial else surname_before_patronymic(tokens, at)
    if name is None:
        return None
    names = [(at, name.end), *_further_names(tokens, name.end)]
    reading = _role_behind(tokens, name, names, is_unsigned=False) if len(names) > 1 else None
    return reading or _role_behind(tokens, name, names[:1], is_unsigned=is_unsigned)


def _role_behind(tokens: Sequence[Token], name: Name, names: list[_Span], *, is_unsigned: bool) -> _Reading | None:
    """The role said of the ``names`` right behind them; of several names a role in the plural."""
    last = names[-1][1]
    if last + 1 >= len(tokens):
        return None
    sign = tokens[last].text
    first = last + 1 if sign in DASHES or sign in {",", "("} else last
    is_introduced = names[0][0] > 0 and tokens[names[0][0] - 1].text in HONORIFICS  # "Pani Anna Kos sekretarz gminy"
    is_apposed = is_apposed_role(tokens, name, last)
    if first == last and not (is_introduced or is_apposed or (is_unsigned and tokens[last].is_capitalised)):
        return None
    start = first
    while start < len(tokens) and start < first + 2 and goes_before_role(tokens[start].text, is_apart=first > last):
        start += 1
    if start >= len(tokens) or (len(names) > 1 and not is_plural_role(tokens[start].text)):
        return None
    cases = role_cases(tokens[start].text)
    if not cases or not _agree(cases, name) or (first == last and not is_apposed and "nom" not in cases & name.cases):
        return None
    following = _role_then_name(tokens, start)
    if following is not None and not _alternates(tokens, sign, following):
        return None
    end = role_end(tokens, start)
    if first == last and any(token.text in {"Roku", "Року"} for token in tokens[start:end]):
        return None  # "Anna Nowak Trener Roku 2014": an award
    return _Reading((first, end), names, end)


def _alternates(tokens: Sequence[Token], sign: str, following: _Reading) -> bool:
    """Whether names and roles take turns: in "Anna, dyrektorka MBP, Jan, burmistrz Koła" each role is of the name before it.

    So it is in "Anna – dyrektorka Jan – burmistrz" of slides, where nothing parts the two.
    """
    start, end = following.names[0]
    if sign in DASHES:
        return end + 1 < len(tokens) and tokens[end].text in DASHES
    if sign not in {",", "("}:
        return end < len(tokens) and tokens[end].is_capitalised and "nom" in singular_cases(tokens[end].text)
    is_apart = tokens[start - 1].text == "," and end + 1 < len(tokens) and tokens[end].text == ","
    return sign == "," and is_apart and "nom" in singular_cases(tokens[end + 1].text)


def _agree(cases: frozenset[str], name: Name) -> bool:
    return not name.cases or bool(cases & name.cases)
