"""Contact persons from the lines of a "Osoby kontaktowe" label: in any order, any number, with anything missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.normalise.contact_lines import EMAIL, EMAIL_LABEL, LIST_NUMBER, named, numbers_in, persons_on, words_of
from pipeline.normalise.emails import emails
from pipeline.normalise.phones import Phone, phones
from pipeline.normalise.reading import MAX_VALUE, Reading
from pipeline.normalise.text import folded, has_cyrillic, one_line, says_nothing
from pipeline.normalise.vocabulary import starts_like_institution, starts_like_role


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact person or office. ``raw_text``: its lines as printed, parted by line feeds; no word is left out of it."""

    name: str | None
    degree: str | None
    role: str | None
    unit: str | None
    phones: list[Reading[Phone]]
    emails: list[Reading[str]]
    raw_text: str


@dataclass(slots=True)
class _Draft:
    lines: list[str] = field(default_factory=list)
    name: str | None = None
    degree: str | None = None
    role: list[str] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    phones: list[Reading[Phone]] = field(default_factory=list)
    emails: list[Reading[str]] = field(default_factory=list)
    group: int = 0

    @property
    def is_nobody(self) -> bool:
        """Whether nothing but numbers and addresses is known."""
        return not (self.name or self.role or self.unit)

    @property
    def is_reachable(self) -> bool:
        return bool(self.phones or self.emails)

    def contact(self) -> Contact:
        return Contact(
            name=self.name,
            degree=self.degree,
            role=" ".join(self.role).strip(" ,;") or None,
            unit=", ".join(self.unit) or None,
            phones=self.phones,
            emails=self.emails,
            raw_text="\n".join(self.lines),
        )


_PLACE = re.compile(
    r"^(?:ul|al|pl|os|вул|просп)\.|^\d{2}-\d{3}\b|^(?:https?:|www\b)|^(?:adres|strona|witryna|pok(?:ój)?\b|godz"
    r"|(?:pn|pon|poniedziałek|wt|śr|czw|pt|codziennie|w dni)\b[^\d]{0,30}\d{1,2}[:.]\d\d\b)",
    re.IGNORECASE,
)
_ROLE_LABEL = re.compile(r"^(?:stanowisko|funkcja|rola|посада)\s*:\s*", re.IGNORECASE)
_UNIT_LABEL = re.compile(r"^(?:instytucja|jednostka|wydział/referat|komórka|організація|установа)\s*:\s*", re.IGNORECASE)
_CONJUNCTION = re.compile(r"(?:i|oraz|lub|a także|та|і|й|або)(?:\s+(?:inn[iey]|інші))?", re.IGNORECASE)
_NO_ROLE = re.compile(rf"{_CONJUNCTION.pattern}|kontakt|adres|контакт\w*|адреса", re.IGNORECASE)
_PHONE_DIGIT = re.compile(r"\d")
_WHOSE = re.compile(r"(?P<number>[^()]++)\((?P<name>[^()\d]{3,40})\)\s*[,;]?\s*")


def contacts(lines: Sequence[str]) -> list[Contact]:
    """Contacts of the lines as published. Blank lines part groups; where none stands, a new name begins a new group.

    A group that holds only phones or e-mails belongs to the person before it when that one has none yet; numbers that a group
    begins with belong to the one person that it names. A line of more
    than MAX_VALUE characters is kept in raw_text and read no further. Lines that say there is nobody ("brak") give none.
    """
    if says_nothing("\n".join(lines)):
        return []
    drafts: list[_Draft] = []
    together: list[_Draft] = []
    is_new_group = True
    group = 0
    numbered = sum(LIST_NUMBER.match(line) is not None for line in lines) > 1
    for line in lines:
        for part in line.splitlines() or [""]:
            if not one_line(part):
                is_new_group = True
                continue
            is_new_group = is_new_group or (numbered and LIST_NUMBER.match(part) is not None)
            if _belongs_above(part, drafts):
                continue
            persons = persons_on(part) if len(part) <= MAX_VALUE else [part]
            started = len(drafts)
            group += is_new_group
            for one in persons:
                current = _draft_for(one, drafts, group, is_new_group=is_new_group)
                is_new_group = False
                _read(one, current)
                if one not in part:
                    current.lines[-1] = part
            if len(persons) > 1:
                together = [draft for draft in drafts[started:] if not draft.role and not draft.is_reachable]
                for draft in together:
                    draft.lines[-1] = part
            elif current is drafts[-1] and len(drafts) == started:
                # Below "Jan Próbny, Anna Lis" stands what holds for both.
                for other in [draft for draft in together if current in together and draft is not current]:
                    _read(part, other)
            else:
                together = []
    return [draft.contact() for draft in _with_numbers_ahead(drafts)]


def _with_numbers_ahead(drafts: Sequence[_Draft]) -> list[_Draft]:
    """The drafts, numbers ahead of the only person of their group given to that person."""
    kept: list[_Draft] = []
    sizes = Counter(draft.group for draft in drafts)
    for draft in drafts:
        ahead = kept[-1] if kept else None
        is_ahead = ahead is not None and ahead.is_nobody and ahead.group == draft.group
        if ahead is not None and is_ahead and draft.name and sizes[draft.group] == 2:
            draft.lines[:0], draft.phones[:0], draft.emails[:0] = ahead.lines, ahead.phones, ahead.emails
            kept.pop()
        kept.append(draft)
    return kept


def _belongs_above(line: str, drafts: Sequence[_Draft]) -> bool:
    """Takes a line that begins nobody to those above: "i inni", numbers with whose they are."""
    if drafts and _CONJUNCTION.fullmatch(one_line(line)):
        drafts[-1].lines.append(line)
        return True
    return _shared_out(line, drafts)


def _shared_out(line: str, drafts: Sequence[_Draft]) -> bool:
    """Gives the numbers of a line that says whose each is to the persons above: "tel. … 601 (D. Zielna), … 602 (K. Kos)"."""
    told = list(_WHOSE.finditer(line)) if len(line) <= MAX_VALUE and "(" in line else []
    if (
        not all(_PHONE_DIGIT.search(match["number"]) for match in told)
        or not told
        or "".join(match[0] for match in told) != line
    ):
        return False
    owners = [[d for d in drafts if d.name and folded(d.name).split()[-1] == folded(m["name"]).split()[-1]] for m in told]
    if any(len(owner) != 1 for owner in owners):
        return False
    for match, (owner,) in zip(told, owners, strict=True):
        owner.phones += phones(match["number"], "UA" if has_cyrillic(line) else "PL")
        owner.lines.append(line)
    return True


def _draft_for(line: str, drafts: list[_Draft], group: int, *, is_new_group: bool) -> _Draft:
    """The group a line belongs to, begun when need be."""
    last = drafts[-1] if drafts else None
    words = words_of(line) if len(line) <= MAX_VALUE else ""
    name = named(words)[0] if words else None
    if last is not None:
        if not is_new_group and (name is None or (last.name is None and not last.is_reachable)):
            return last
        goes_on = name is None and last.name is not None and not last.is_reachable
        if is_new_group and goes_on and (not words or not last.role):
            return last
    drafts.append(_Draft(group=group))
    return drafts[-1]


def _read(line: str, draft: _Draft) -> None:
    draft.lines.append(line)
    if len(line) > MAX_VALUE:
        return
    plain = one_line(line)
    region = "UA" if has_cyrillic(line) else "PL"
    addresses = [match[0] for match in EMAIL.finditer(EMAIL_LABEL.sub(" ", plain))]
    for address in addresses:
        draft.emails += emails(address)
    is_mail_line = bool(re.match(EMAIL_LABEL.pattern, plain, re.IGNORECASE))
    if is_mail_line and not addresses and (rest := EMAIL_LABEL.sub("", plain, count=1)):
        draft.emails += emails(rest)
        return
    for number in numbers_in(EMAIL.sub(" ", EMAIL_LABEL.sub(" ", plain))):
        draft.phones += phones(number, region)
    words = words_of(line)
    if words:
        _place_words(words, draft)


def _place_words(words: str, draft: _Draft) -> None:
    if draft.name is None or not draft.role:
        name, degree, rest = named(words)
        if name is not None and draft.name is None and not _ROLE_LABEL.match(words) and not _UNIT_LABEL.match(words):
            draft.name, draft.degree = name, degree
            words = rest
    if not words or _PLACE.search(words) or _NO_ROLE.fullmatch(words) or words.endswith(("!", "?")):
        return
    if _ROLE_LABEL.match(words):
        draft.role.append(_ROLE_LABEL.sub("", words))
    elif _UNIT_LABEL.match(words):
        draft.unit.append(_UNIT_LABEL.sub("", words))
    elif starts_like_institution(words) and not (draft.role and folded(words)[:1] == words[:1]):
        draft.unit.append(words)
    elif (
        draft.name is None
        and not draft.role
        and not starts_like_role(words)
        and re.fullmatch(r"(?:[^\W\d_a-z]\.\s?)?[^\W\d_a-z][^\W\d_-]+", words)
        and not draft.unit
    ):
        draft.name = words
    else:
        draft.role.append(words)
