"""Persons who sign below a text, name and role on lines of their own: "Jan Próbny" over "Wójt Gminy Lipno", or under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.extract.people.person_names import name_at, tokens_of
from pipeline.extract.people.role_phrases import role_and_organisation, role_end
from pipeline.extract.people.roles import holds_role, is_before_role, singular_cases
from pipeline.records import PersonMention, TextBlock

_LONGEST_NAME = 60
_LONGEST_ROLE = 90
_SIGNED = re.compile(r"^\s*(?:/-/|\(-\)|/–/|\(–\))\s*")
"""How an office marks a line that somebody signed."""

_ENDS = ".,;:!?…"


class Signature(NamedTuple):
    """Who signed, as the two lines say it, and the index of the line with the name."""

    at: int
    name: str
    role: str
    organisation: str | None
    passage: str


def signed_people(blocks: Sequence[TextBlock], record_id: str) -> Iterator[tuple[int, PersonMention]]:
    """Persons whose name and role stand on lines of their own, with the number of the block that holds the name."""
    lines = [(line, number) for number, block in enumerate(blocks) for line in block.text.splitlines()]
    for at, name, role, organisation, passage in signatures([line for line, _ in lines]):
        yield (
            lines[at][1],
            PersonMention(record_id=record_id, name=name, role=role, organisation=organisation, passage=passage),
        )


def signatures(lines: Sequence[str]) -> Iterator[Signature]:
    """Names and roles that take turns, one a line, nothing else between them.

    A run of such lines is read only where each name has its role: over all of them, or under all of them.
    """
    kinds = _kinds(lines)
    if "role" not in kinds:
        return
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and kinds[end] is not None and (end == at or kinds[end] != kinds[end - 1]):
            end += 1
        is_alone = end == len(lines) or kinds[end] is None
        if is_alone and end - at >= 2 and (end - at) % 2 == 0:
            for first in range(at, end, 2):
                name, role = (first, first + 1) if kinds[at] == "name" else (first + 1, first)
                yield _signature(name, lines[name], lines[role], "\n".join(lines[first : first + 2]))
        while end < len(lines) and kinds[end] is not None:
            end += 1  # two names or two roles in a row: whose is whose is not told
        at = max(end, at + 1)


def _kinds(lines: Sequence[str]) -> list[str | None]:
    """Whether each line is a ``role`` and nothing else, or a ``name`` beside a line that is one; None for any other line."""
    kinds: list[str | None] = [None] * len(lines)
    roles = [at for at, line in enumerate(lines) if _may_be(line, _LONGEST_ROLE) and holds_role(line) and _is_role(line)]
    for at in roles:
        kinds[at] = "role"
    told = roles  # a name beside a name is looked at too: with two in a row it is not told whose the role is
    for at in told:
        for beside in (at - 1, at + 1):
            is_open = 0 <= beside < len(lines) and kinds[beside] is None and _may_be(lines[beside], _LONGEST_NAME)
            if is_open and _is_name(_SIGNED.sub("", lines[beside])):
                kinds[beside] = "name"
                told.append(beside)
    return kinds


def _may_be(line: str, longest: int) -> bool:
    return 0 < len(line) <= longest and line[-1] not in _ENDS


def _is_name(line: str) -> bool:
    tokens = tokens_of(line)
    name = name_at(tokens, 0)
    return name is not None and name.end == len(tokens) and "nom" in name.cases


def _is_role(line: str) -> bool:
    """Whether the line is the role of one person in the nominative: no name, sign or verb in it."""
    tokens = tokens_of(line)
    first = 1 if len(tokens) > 1 and is_before_role(tokens[0].text) else 0
    if not line[:1].isupper() or "nom" not in singular_cases(tokens[first].text):
        return False
    return role_end(tokens, first) == len(tokens) and all(name_at(tokens, at) is None for at in range(first, len(tokens)))


def _signature(at: int, name: str, role: str, passage: str) -> Signature:
    tokens = tokens_of(role)
    wording, organisation = role_and_organisation(role, tokens, 0, len(tokens))
    return Signature(at, " ".join(_SIGNED.sub("", name).split()), wording, organisation, passage)
