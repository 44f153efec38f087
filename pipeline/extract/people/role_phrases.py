"""Where the words of a role begin and end, and the institution named in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.people.people_words import (
    CONJUNCTIONS,
    COPULAS,
    DASHES,
    DEGREES,
    FORMS_OF_ADDRESS,
    MOST_BETWEEN,
    OFFICES,
    ORGANISATION_OF_ITS_OWN,
    QUOTES,
    STOPS,
)
from pipeline.extract.people.person_names import Name, Token, after_patron, is_patron_mark, name_at
from pipeline.extract.people.roles import is_before_role, is_plural_role, is_verb, role_cases, singular_cases
from pipeline.extract.prose import is_adjective, names_institution
from pipeline.normalise.given_names import given_name_cases
from pipeline.normalise.months import MONTH_NAME

_OF_TOWN = re.compile(r"[А-ЯІЇЄҐ][а-яіїєґ’ʼ'-]+(?:[сцз]ьк)(?:ий|ого|ому|им)")
"""A town as the adjective before its head: "Хотинський міський голова"."""

_ACTING = (("т", ".", "в", ".", "о", "."), ("в", ".", "о", "."), ("p", ".", "o", "."))
"""Marks of who only acts in an office, signs by signs: "в.о. міського голови"."""

_WHOSE = frozenset(("jego", "jej", "ich", "його", "її", "їх", "їхній", "їхня"))
_MONTH = re.compile(MONTH_NAME, re.IGNORECASE)
_ABBREVIATED = frozenset("ds spr m st gm pow woj ul al pl os м с смт обл вул просп пл".split())
"""Their full stop ends no role: "specjalista ds. promocji", "староста с. Руда"."""

_OF_DIRECTORS = frozenset(
    f"{adjective}{ending}"
    for adjective in ("wykonawcz", "naczeln", "generaln", "artystyczn", "zarządzając", "programow")
    for ending in ("y", "a", "ego", "ej", "ym", "ą", "emu")
)
"""What belongs to the role with a capital too: "Dyrektor Wykonawczy Związku"."""

_MEANWHILE = re.compile(r"\s(?:під час|упродовж|впродовж|протягом|у ході|в ході|podczas|w trakcie|w czasie)\s", re.IGNORECASE)
ALSO = frozenset(("także", "również", "też", "також", "ще"))
"""What leads to another person, not from a role to its name: "członek zarządu, a także Jan Kos"."""

_PHONE = frozenset(("tel", "kom", "fax", "faks", "тел", "моб"))


def role_end(tokens: Sequence[Token], start: int) -> int:
    """Where the role that begins at ``start``, behind a person's name, ends."""
    end = start + 1
    while end < len(tokens) and end - start <= MOST_BETWEEN:
        token = tokens[end]
        if is_patron_mark(tokens, end):
            end = after_patron(tokens, end)
            continue
        if token.text == "." and tokens[end - 1].text in _ABBREVIATED and end + 1 < len(tokens):
            end += 1
            continue
        if token.text in STOPS or token.text in ".–—" or _is_day(tokens, end) or (token.is_word and is_verb(token.text)):
            break
        if token.text.casefold() in _PHONE or (
            token.text.casefold() in _WHOSE | FORMS_OF_ADDRESS and tokens[end - 1].text.casefold() in CONJUNCTIONS
        ):
            break  # "dyrektor biura oraz jego zastępca": another person's
        if token.text.casefold() in CONJUNCTIONS and _begins_person(tokens, end + 1):
            break
        if token.is_capitalised and (further := name_at(tokens, end)) is not None and "nom" in further.cases:
            break  # the next person, where no sign parts them
        end += 1
    while end > start + 1 and tokens[end - 1].text.casefold() in CONJUNCTIONS | ALSO | {"a", "а"}:
        end -= 1
    return end


def _begins_person(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name with a role right behind it begins at the token: "Starostą Oleckim i Janem Kosem Starostą Ełckim"."""
    name = name_at(tokens, at) if at < len(tokens) else None
    return name is not None and name.end < len(tokens) and bool(singular_cases(tokens[name.end].text) & name.cases)


def _is_day(tokens: Sequence[Token], at: int) -> bool:
    """Whether a day begins at the token: "dyrektorka, 12 maja"."""
    return tokens[at].text.isdigit() and at + 1 < len(tokens) and _MONTH.fullmatch(tokens[at + 1].text) is not None


def role_and_organisation(sentence: str, tokens: Sequence[Token], start: int, end: int) -> tuple[str, str | None]:
    """The role phrase in two: what the person is, and the institution where one is named."""
    whole = wording(sentence, tokens, start, end)
    if OFFICES.search(tokens[start].text) or (start + 1 < end and OFFICES.match(tokens[start + 1].text)):
        own = next((here for here in range(start + 1, end) if ORGANISATION_OF_ITS_OWN.match(tokens[here].text)), None)
        if own is not None:
            return wording(sentence, tokens, start, own), wording(sentence, tokens, own, end)
        return whole, None
    for here in range(start + 1, end):
        if "gen" in role_cases(tokens[here].text):
            continue  # "zastępca Dyrektora Biblioteki": whom the person stands in for is no institution
        if tokens[here].text.casefold() in _OF_DIRECTORS:
            continue
        if tokens[here].text[:1].isupper() or tokens[here].text in QUOTES:
            organisation = wording(sentence, tokens, here, end)
            is_of_office = OFFICES.match(tokens[here - 1].text) and not names_institution(tokens[here].text)
            if names_institution(organisation) and not is_of_office:  # "rzecznik prezydenta Lublina i Urzędu Miasta"
                return wording(sentence, tokens, start, here), organisation
            return whole, None
    return whole, None


def common_organisation(lead: str) -> str | None:
    """The institution all persons of a sentence stand for; what stands before its last comma is another clause."""
    named = _MEANWHILE.split(lead.rpartition(", ")[2].strip(), maxsplit=1)[0]
    return named if names_institution(named) and (named[:1].isupper() or named[:1] in QUOTES) else None


def wording(sentence: str, tokens: Sequence[Token], start: int, end: int) -> str:
    """The tokens as the sentence words them, without commas and dashes at the end."""
    last = tokens[end - 1]
    stop = (
        last.end + 1 if len(last.text) == 1 and last.text.isupper() and sentence[last.end : last.end + 1] == "." else last.end
    )
    return " ".join(sentence[tokens[start].start : stop].split()).rstrip(" ,–—-")


def begins_another(tokens: Sequence[Token], at: int, cases: frozenset[str]) -> bool:
    """Whether another role begins behind the token, with whose name what follows goes.

    "burmistrz i dyrektor Anna Kos" has one behind a conjunction, "Przewodniczącym jest wójt gminy Jan Kos" behind the verb.
    """
    if at + 1 >= len(tokens):
        return False
    word = tokens[at].text.casefold()
    if word in COPULAS:
        return "nom" in singular_cases(tokens[at + 1].text)
    of_whom = at + 1 + (tokens[at + 1].text.casefold() in _WHOSE)  # "oraz jego zastępca"
    return word in CONJUNCTIONS and of_whom < len(tokens) and bool(role_cases(tokens[of_whom].text) & cases)


def role_end_before(tokens: Sequence[Token], at: int, here: int) -> int:
    """Where the role that begins at ``at`` ends before the name at ``here``: sign, copula and the person's degree left out."""
    end = here
    if tokens[here - 1].text in DASHES or tokens[here - 1].text in {",", ":"}:
        end = here - 1
    while end > at + 1 and tokens[end - 1].text.casefold() in COPULAS | DEGREES | FORMS_OF_ADDRESS:
        end -= 1
    return end - 1 if end > at + 1 and tokens[end - 1].text == "," else end


def goes_before_role(word: str, *, is_apart: bool) -> bool:
    """Whether the word leads to a role; behind a sign an adjective does: "Halina Nowak, emerytowana nauczycielka"."""
    if is_before_role(word):
        return True
    return is_apart and word.islower() and not role_cases(word) and is_adjective(word)


def is_quoted(tokens: Sequence[Token], at: int, here: int) -> bool:
    """Whether the token stands in quotation marks that open behind ``at``: "керівниця проєкту «Разом: громади»"."""
    opened = [token.text for token in tokens[at:here] if token.text in "«»„”"]
    return bool(opened) and opened[-1] in "«„"


def role_start(tokens: Sequence[Token], at: int) -> int:
    """Where the words of the role whose noun stands at ``at`` begin."""
    start = at
    while start and is_before_role(tokens[start - 1].text) and tokens[start - 1].text.casefold() not in ("pan", "pani"):
        start -= 1
    start -= next((len(mark) for mark in _ACTING if _texts(tokens, start - len(mark), start) == mark), 0)
    is_of_town = start < at and start > 0 and _OF_TOWN.fullmatch(tokens[start - 1].text) is not None
    return start - 1 if is_of_town and (start < 2 or not given_name_cases(tokens[start - 2].text)) else start


def _texts(tokens: Sequence[Token], start: int, end: int) -> tuple[str, ...]:
    """The tokens in small letters, none where the range begins before the sentence."""
    return tuple(token.text.casefold() for token in tokens[start:end]) if start >= 0 else ()


def has_role_behind(tokens: Sequence[Token], at: int, name: Name) -> bool:
    """Whether a role of several is not said of the name, which has its own: "starostami: Janem Kosem Starostą Lipna"."""
    is_of_several = is_plural_role(tokens[at].text) and not singular_cases(tokens[at].text)
    return is_of_several and name.end < len(tokens) and bool(singular_cases(tokens[name.end].text) & name.cases)


def is_apposed_role(tokens: Sequence[Token], name: Name, last: int) -> bool:
    """Whether a role right behind the name shares its case, which is no nominative: "z Janem Kosem Starostą Lipnowskim"."""
    cases = singular_cases(tokens[last].text) if tokens[last].is_capitalised else frozenset()
    return "nom" not in cases | name.cases and "inst" in cases & name.cases
