"""Contact persons from the lines of a "Osoby kontaktowe" label: in any order, any number, with anything missing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.normalise.emails import emails
from pipeline.normalise.given_names import has_given_name
from pipeline.normalise.names import degree_and_name, name_and_post
from pipeline.normalise.phones import Phone, phones
from pipeline.normalise.reading import MAX_VALUE, Reading
from pipeline.normalise.text import folded, has_cyrillic, one_line, says_nothing
from pipeline.normalise.vocabulary import looks_like_name, starts_like_institution, starts_like_role


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


_EMAIL_LABEL = re.compile(r"(?:adres\s+)?\b[eе]?[\s@‑–-]{0,2}(?:mail|мейл|пошта)\b\.?\s*[:\-–]?\s*", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?:mailto:)?[^\s,;:()<>]+\s?(?:@|\s?[(\[](?:at|małpa|@)[)\]]\s?)\s?[^\s,;()<>]+(?:\s?\.\s?[a-z]{2,4}\b)?", re.IGNORECASE
)
_PHONE_LABEL = re.compile(
    r"\b(?:(?:nr|numer)\s+)?(?:tel(?:efon\w{0,2}|efaks|efax)?|kom(?:órk\w*)?|fax|faks|gsm|mobile|phone|тел(?:ефон\w{0,2})?|моб(?:ільний)?|факс)\b[.:]?",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:" + _PHONE_LABEL.pattern + r"[\s:/,.()-]*+)*+"
    r"(?:\+\s?)?\(?\d(?:[\s().,/;*–-]{0,3}\d|[\s().]{0,2}(?:prefiks|prefix|wewn?|w|ext|вн|дод)\.?\s{0,2}\d|\s?(?:lub|i|oraz|do|,|та|або|до)\s\+?\(?\d)*"
    r"(?:\s?\(?(?:fax|faks|факс|kom)\b\.?\)?)?",
    re.IGNORECASE,
)  # fmt: skip
_PLACE = re.compile(
    r"^(?:ul|al|pl|os|вул|просп)\.|^\d{2}-\d{3}\b|^(?:https?:|www\b)|^(?:adres|strona|witryna|pok(?:ój)?\b|godz)", re.IGNORECASE
)
_NAME_LABEL = re.compile(
    r"^(?:imię i nazwisko|osoba (?:do kontaktu|kontaktowa)|kontakt|nazwisko|контактна особа|піб)\s*:\s*", re.IGNORECASE
)
_ROLE_LABEL = re.compile(r"^(?:stanowisko|funkcja|rola|посада)\s*:\s*", re.IGNORECASE)
_UNIT_LABEL = re.compile(r"^(?:instytucja|jednostka|wydział/referat|komórka|організація|установа)\s*:\s*", re.IGNORECASE)
_DEGREE_AHEAD = re.compile(r"\s+(?=(?:prof|dr|mgr|inż|lic|hab)\b)", re.IGNORECASE)
_AND = re.compile(r"\s(?:i|oraz|та|і|й)\s+$")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s+(?=[^\W\d_])")
_CONJUNCTION = re.compile(r"(?:i|oraz|lub|a także|та|і|й|або)", re.IGNORECASE)
_NAMES_ALONE = re.compile(r"(?:(?!\s(?:i|oraz|та|і|й)\s)[^,;/])+(?:[,;/]\s*|\s(?:i|oraz|та|і|й)\s+|$)")
_PARTED = re.compile(r"\s*(?:[,;:]|\s[-–—]\s|\()\s*")
_BETWEEN_PIECES = re.compile(r"\s*[,;/]\s*|\s+(?:i|oraz|та|і|й)\s+")


def contacts(lines: Sequence[str]) -> list[Contact]:
    """Contacts of the lines as published. Blank lines part groups; where none stands, a new name begins a new group.

    A group that holds only phones or e-mails belongs to the person before it when that one has none yet. A line of more
    than MAX_VALUE characters is kept in raw_text and read no further. Lines that say there is nobody ("brak") give none.
    """
    if says_nothing("\n".join(lines)):
        return []
    drafts: list[_Draft] = []
    together: list[_Draft] = []
    is_new_group = True
    numbered = sum(_LIST_NUMBER.match(line) is not None for line in lines) > 1
    for line in lines:
        for part in line.splitlines() or [""]:
            if not one_line(part):
                is_new_group = True
                continue
            is_new_group = is_new_group or (numbered and _LIST_NUMBER.match(part) is not None)
            persons = _persons(part) if len(part) <= MAX_VALUE else [part]
            started = len(drafts)
            for one in persons:
                current = _draft_for(one, drafts, is_new_group=is_new_group)
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
    return [draft.contact() for draft in drafts]


def _persons(line: str) -> list[str]:
    """The line, parted before each name when every part is a name, all of them with a role or none.

    "Jan Próbny (wójt), Anna Lis (radna)"; "Jan Próbny i Anna Lis".
    """
    bare = [match[0] for match in _NAMES_ALONE.finditer(line) if match[0]]
    if len(bare) > 1 and "".join(bare) == line and all(looks_like_name(_AND.sub("", part).strip(" ,;/")) for part in bare):
        return [_AND.sub("", part).strip(" ,;/") for part in bare]
    groups = [match[0] for match in re.finditer(r"[^;]+(?:;\s*|$)", line)]
    if len(groups) > 1 and "".join(groups) == line and all(_named(_words_of(group))[0] for group in groups):
        return groups  # "Jan Próbny, wójt, tel. …; Anna Lis, radna, tel. …"
    parts = [match[0] for match in re.finditer(r"[^,;(]*(?:\([^()]*\)[^,;(]*)*(?:[,;(]|$)\s*", line) if match[0]]
    named = [_named(part.strip(" ,;")) for part in parts]
    is_list = len(parts) > 1 and "".join(parts) == line and all(name is not None and role for name, _, role in named)
    return parts if is_list else _persons_apart(line)


def _persons_apart(line: str) -> list[str]:
    """The line parted before each further name: "Anna Lis (wójt) i Jan Próbny (radny)", "Anna Lis/Jan Próbny, tel. …".

    Bare names share what stands behind the last of them. A line that begins with a post is left whole: whose the posts
    between two names are is not told.
    """
    pieces: list[tuple[int, int]] = []
    at = depth = checked = 0
    for sign in _BETWEEN_PIECES.finditer(line):
        depth += line.count("(", checked, sign.start()) - line.count(")", checked, sign.start())
        checked = sign.start()
        if depth <= 0:
            pieces.append((at, sign.start()))
            at = sign.end()
    pieces.append((at, len(line)))
    if len(pieces) < 2 or not _names_someone(line[: pieces[0][1]]):
        return [line]
    starts = [number for number, (start, end) in enumerate(pieces) if _names_someone(line[start:end])]
    persons = [line[pieces[a][0] : pieces[b - 1][1]] for a, b in itertools.pairwise([*starts, len(pieces)])]
    *before, (name, _, role) = [_named(_words_of(person)) for person in persons]
    if name is None or role or any(degree_and_name(person)[1] != one[0] for person, one in zip(persons, before, strict=False)):
        return persons
    shared = persons[-1].partition(name)[2]
    return [*(f"{person}{shared}" for person in persons[:-1]), persons[-1]]


def _names_someone(text: str) -> bool:
    name = _named(_words_of(text))[0]
    return name is not None and has_given_name(name)


def _draft_for(line: str, drafts: list[_Draft], *, is_new_group: bool) -> _Draft:
    """The group a line belongs to, begun when need be."""
    last = drafts[-1] if drafts else None
    words = _words_of(line) if len(line) <= MAX_VALUE else ""
    name = _named(words)[0] if words else None
    if last is not None:
        if not is_new_group and (name is None or (last.name is None and not last.is_reachable)):
            return last
        goes_on = name is None and last.name is not None and not last.is_reachable
        if is_new_group and goes_on and (not words or not last.role):
            return last
    drafts.append(_Draft())
    return drafts[-1]


def _read(line: str, draft: _Draft) -> None:
    draft.lines.append(line)
    if len(line) > MAX_VALUE:
        return
    plain = one_line(line)
    region = "UA" if has_cyrillic(line) else "PL"
    addresses = [match[0] for match in _EMAIL.finditer(_EMAIL_LABEL.sub(" ", plain))]
    for address in addresses:
        draft.emails += emails(address)
    is_mail_line = bool(re.match(_EMAIL_LABEL.pattern, plain, re.IGNORECASE))
    if is_mail_line and not addresses and (rest := _EMAIL_LABEL.sub("", plain, count=1)):
        draft.emails += emails(rest)
        return
    for number in _numbers(_EMAIL.sub(" ", _EMAIL_LABEL.sub(" ", plain))):
        draft.phones += phones(number, region)
    words = _words_of(line)
    if words:
        _place_words(words, draft)


def _numbers(text: str) -> list[str]:
    """The pieces of a line that are telephone numbers with their labels; years and room numbers are not."""
    return [
        match[0]
        for match in _PHONE.finditer(text)
        if not re.match(r"\d{2}-\d{3}$", match[0].strip())
        and (_PHONE_LABEL.match(match[0]) or len(re.sub(r"\D", "", match[0])) >= 7)
    ]


def _words_of(line: str) -> str:
    """What a line says besides numbers, addresses and their labels."""
    plain = _EMAIL.sub(" ", _EMAIL_LABEL.sub(" ", one_line(_LIST_NUMBER.sub("", line, count=1))))
    for number in _numbers(plain):
        plain = plain.replace(number, " , ", 1)
    plain = re.sub(_PHONE_LABEL.pattern + r"\s*[:/]*(?=\s*(?:,|;|/|$))", " ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?:\s*[,;]\s*){2,}", ", ", one_line(plain))
    return plain.strip(" ,;:/-–—•·|") if re.search(r"[^\W\d_]", plain) else ""


def _named(words: str) -> tuple[str | None, str | None, str]:
    """Name, degree and what is left of a line that holds a name; name None when it holds none."""
    plain = _NAME_LABEL.sub("", words)
    degree, name = degree_and_name(plain)
    if looks_like_name(name):
        return name, degree, ""
    parted = _PARTED.search(plain)
    while parted:
        head, tail = plain[: parted.start()], plain[parted.end() :].rstrip(") ")
        degree, name = degree_and_name(head)
        if looks_like_name(name):
            behind, rest = degree_and_name(f"{name}, {tail}") if tail else (None, "")
            if behind and rest == name:
                return name, ", ".join(filter(None, (degree, behind))), ""
            return name, degree, tail
        if starts_like_role(head):
            degree, name = degree_and_name(tail)
            if looks_like_name(name):
                return name, degree, head
        if starts_like_institution(head) and looks_like_name(tail) and has_given_name(tail):
            return tail, None, head
        worded = name_and_post(head)
        if worded is not None:
            return worded[0], None, ", ".join(filter(None, (worded[1], tail)))
        parted = _PARTED.search(plain, parted.end())
    if starts_like_role(plain):
        # "Burmistrz Miasta dr Jan Próbny": the degree tells where the person begins.
        for titled in _DEGREE_AHEAD.finditer(plain):
            degree, name = degree_and_name(plain[titled.end() :])
            if degree is not None and looks_like_name(name):
                return name, degree, plain[: titled.start()]
    worded = name_and_post(plain)
    return (worded[0], None, worded[1]) if worded is not None else (None, None, words)


def _place_words(words: str, draft: _Draft) -> None:
    if draft.name is None or not draft.role:
        name, degree, rest = _named(words)
        if name is not None and draft.name is None and not _ROLE_LABEL.match(words) and not _UNIT_LABEL.match(words):
            draft.name, draft.degree = name, degree
            words = rest
    if not words or _PLACE.search(words) or _CONJUNCTION.fullmatch(words):
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
