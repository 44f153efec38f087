"""Where the words of a role end, and the institution named in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.people_words import MOST_BETWEEN, OFFICES, ORGANISATION_OF_ITS_OWN, QUOTES, STOPS
from pipeline.extract.person_names import Token, after_patron, is_patron_mark, name_at
from pipeline.extract.prose import names_institution
from pipeline.extract.roles import is_verb, role_cases
from pipeline.normalise.months import MONTH_NAME

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
        if token.text.casefold() in _PHONE:
            break
        if token.is_capitalised and (further := name_at(tokens, end)) is not None and "nom" in further.cases:
            break  # the next person, where no sign parts them
        end += 1
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
            if names_institution(organisation):
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
