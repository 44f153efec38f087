"""A line or clause that begins with the name of a twin town: the town, its land, the day and the agreement told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import AGREEMENT
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.lands import LAND
from pipeline.extract.prose import DATE_WORDING
from pipeline.normalise.dictionary import analyses
from pipeline.normalise.text import has_cyrillic
from pipeline.records import Partnership

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
LONGEST_LINE = 160
_TOWN = re.compile(
    rf"(?:[-•*–]\s+|\d{{1,2}}[.)]\s+)?(?:(?:м|смт|m)\.\s*)?(?P<town>(?-i:[{_CAPITAL}])[^\d(),:;–—|]{{1,50}}?)"
    r"(?P<rest>\s*(?:[(,:;]|\s[-–—]\s|[–—]\s|\s(?:we?|у|в)\s).*)?",
    re.IGNORECASE,
)
LATER = re.compile(
    r"nieaktywn|неактивн|odnow|przedłuż|ponow|zawiesz|wygas|rozwiąz|wypowied|zakończ|do\s+\d{4}|planow|zaplanow|заплан|плану|припин|призупин|поновл|продовж|розірв",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\d./-])(?:19|20)\d{2}(?![\d./-]\d)")
_COMMON_UK = re.compile(
    r"(?:візит|зустріч|обмін|делегаці|підписан|поїздк|спільн|про[єе]кт|співпрац|угод|меморандум|фестивал)", re.IGNORECASE
)


_DOCUMENT = re.compile(
    r"(?:umow|porozumieni|list\w* intencyjn|\bakt|deklaracj|угод|договір|меморандум|декларац)", re.IGNORECASE
)
_UNIT = re.compile(
    r"(?:Powiat|Rejon|Obwód|Район|Повіт)\s+(?:[^\W\d_]+(?:sk|ck|зьк|ськ|цьк)(?:i|ий)|[^\W\d_a-zа-яіїєґ][\w’'-]+)"
)
_SINCE = re.compile(r"(?:od|з|від)\s", re.IGNORECASE)
_UNSIGNED = re.compile(
    r"\b(?:перемовин|переговор|планує|заплан|готує|неформальн|без угоди|rozmow|negocjac|planuje|planowan|nieformaln"
    r"|w (?:trakcie|przygotowaniu)|przygotowyw|(?:bez|brak) (?:umow|porozumie)|(?:kontakt\w*|współprac\w*) robocz)",
    re.IGNORECASE,
)


class Town(NamedTuple):
    """A town as a line names it, the day as worded, and whether the line tells its land."""

    name: str
    date: str | None
    has_land: bool


def town_of(line: str) -> Town | None:
    """Town, day and whether the land is told, of a line that begins with a town; None for prose and anything else."""
    match = _TOWN.fullmatch(line) if len(line) <= LONGEST_LINE else None
    if match is None:
        return None
    name, rest = one_line(match["town"]).rstrip(" -."), match["rest"] or ""
    if LAND.fullmatch(name) is not None:  # "Francja – Libercourt"
        inner = _TOWN.fullmatch(rest.lstrip(" ,:–—-(").rstrip(" )"))
        if inner is None or not is_bare_name(one_line(inner["town"])):
            return None
        return Town(one_line(inner["town"]), date_in(inner["rest"] or ""), has_land=True)
    if not (_is_unit(name) or (is_bare_name(name) and not _is_common_noun(name.split()[0]))):
        return None
    return Town(name, date_in(rest), has_land=LAND.search(rest) is not None)


def _is_unit(name: str) -> bool:
    """Whether the name is one of a district that lies abroad mostly: "Rejon kowelski", "Powiat Harz"."""
    return _UNIT.fullmatch(name) is not None


def _is_common_noun(word: str) -> bool:
    """Whether a line that begins with the word tells of a visit or an exchange: "Wizyta w Libercourt (Francja)"."""
    if has_cyrillic(word):
        return _COMMON_UK.match(word) is not None
    readings = analyses(word)
    is_name = any(kind != "nazwa_pospolita" for _, _, kinds in readings for kind in kinds)
    is_itself = any(lemma.partition(":")[0] == word.casefold() for lemma, _, _ in readings)  # Halle is no plural of hall
    return is_itself and not is_name


def date_in(rest: str) -> str | None:
    """The first day or year of what stands behind a town that is no day of a renewal or an end."""
    for clause in re.split(r"[,;](?!\d)", rest):
        if LATER.search(clause) is not None:
            continue
        date = DATE_WORDING.search(clause) or YEAR.search(clause)
        if date is not None:
            return one_line(date.group())
    return None


def is_unsigned(line: str) -> bool:
    """Whether the line says that nothing was agreed on yet: talks, plans, contacts without an agreement."""
    return _UNSIGNED.search(line) is not None


def twin_of(town: Town, passage: Sequence[str], whose: Sequence[str] = ()) -> Partnership:
    """The partnership with the town that the ``passage`` tells of; ``whose`` is the other party where it is named.

    A year since when the two work together is no day of an agreement unless a document is told of.
    """
    clauses = [one_line(clause) for line in passage for clause in re.split(r"[;,](?!\d)", line)]
    told = next((clause for clause in clauses if town.date and town.date in clause), "")
    agreement = AGREEMENT.search(told)
    is_since = town.date is not None and _SINCE.match(town.date) is not None and _DOCUMENT.search(told) is None
    return Partnership(
        record_id="",
        article_id=None,
        kind="intercommunity_agreement",
        name=None,
        passage="\n".join(passage),
        founded_text=town.date,
        parties=[*whose, town.name],
        agreement=one_line(agreement["agreement"]) if agreement is not None and agreement["bare"] is None else None,
        agreement_text=None if is_since else town.date,
    )
