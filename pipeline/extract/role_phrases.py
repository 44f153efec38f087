"""Where the words of a role begin and end, and the institution named in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.people_words import (
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
from pipeline.extract.person_names import Token, after_patron, is_patron_mark, name_at
from pipeline.extract.prose import is_adjective, names_institution
from pipeline.extract.roles import is_before_role, is_verb, role_cases, singular_cases
from pipeline.normalise.given_names import given_name_cases
from pipeline.normalise.months import MONTH_NAME

_OF_TOWN = re.compile(r"[А-ЯІЇЄҐ][а-яіїєґ’ʼ'-]+(?:[сцз]ьк)(?:ий|ого|ому|им)")
"""A town as the adjective before its head: "Хотинський міський голова"."""

_WHOSE = frozenset(("jego", "jej", "ich", "його", "її", "їх", "їхній", "їхня"))
_MONTH = re.compile(MONTH_NAME, re.IGNORECASE)
_ABBREVIATED = frozenset("ds spr m st gm pow woj ul al pl os м с смт обл вул просп пл".split())
"""Their full stop ends no role: "specjalista ds. promocji", "староста с. Руда"."""

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
        if token.is_capitalised and (further := name_at(tokens, end)) is not None and "nom" in further.cases:
            break  # the next person, where no sign parts them
        end += 1
    while end > start + 1 and tokens[end - 1].text.casefold() in CONJUNCTIONS:
        end -= 1
    return end


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
        if tokens[here].text[:1].isupper() or tokens[here].text in QUOTES:
            organisation = wording(sentence, tokens, here, end)
            is_of_office = OFFICES.match(tokens[here - 1].text) and not names_institution(tokens[here].text)
            if names_institution(organisation) and not is_of_office:  # "rzecznik prezydenta Lublina i Urzędu Miasta"
                return wording(sentence, tokens, start, here), organisation
            return whole, None
    return whole, None


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
    is_of_town = start < at and start > 0 and _OF_TOWN.fullmatch(tokens[start - 1].text) is not None
    return start - 1 if is_of_town and (start < 2 or not given_name_cases(tokens[start - 2].text)) else start
