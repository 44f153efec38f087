"""Tables of partnerships: column headings that name the facts of a partnership, then a row for each.

A row stands on one line, its cells parted by tabs or bars, or, where a rendering flattened the table, every cell stands on a
line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreements import agreement_kind
from pipeline.extract.partnerships.foundings import institutions
from pipeline.extract.partnerships.parties import worded_parties
from pipeline.extract.partnerships.partnership_words import NETWORK, NOUN
from pipeline.extract.people.person_names import is_person, without_person
from pipeline.extract.prose import DATE_WORDING, QUOTE
from pipeline.normalise.text import says_nothing
from pipeline.records import Partnership

_COLUMNS = {
    "name": r"(?:nazwa(?: partnerstwa| koalicji| sieci)?|partnerstwo|назва(?: партнерства)?|партнерство)",
    "founded": r"(?:(?:rok|data) (?:powstania|założenia|zawiązania|utworzenia)|powstanie|rok"
    r"|рік(?: створення| заснування)?|дата створення)",
    "agreed": r"(?:(?:data|rok) (?:podpisania|zawarcia)(?: (?:umowy|porozumienia)(?: (?:partnerskiej|o współpracy))?)?"
    r"|(?:дата|рік) підписання(?: (?:угоди|договору))?)",
    "since": r"(?:(?:współpraca |partnerstwo )?od(?: kiedy| roku)"
    r"|(?:data|rok) nawiązania(?: (?:współpracy|partnerstwa|kontaktów))?"
    r"|(?:співпраця |партнерство )?(?:з якого року|з року|відколи)|(?:рік|дата) початку(?: співпраці)?)",
    "agreement": r"(?:nazwa (?:porozumienia|umowy)|porozumienie|umowa|назва (?:угоди|меморандуму)|угода|меморандум)",
    "document": r"(?:(?:rodzaj|forma|typ) (?:dokumentu|umowy|porozumienia|współpracy)|dokument"
    r"|вид (?:документа|документу|угоди)|форма співпраці|документ)",
    "partner": r"(?:(?:miasto|gmina|powiat)(?: partnerski[ea]?| partnerska)?|partner|місто(?:-побратим| партнер|-партнер)?"
    r"|громада(?:-партнер)?|партнер)",
    "land": r"(?:kraj|państwo|країна)",
    "coordinator": r"(?:koordynator|lider(?: partnerstwa)?|координатор|лідер)",
    "initiators": r"(?:inicjator(?:zy)?|założyciel(?:e)?|ініціатор(?:и)?|засновник(?:и)?)",
    "parties": r"(?:strony(?: (?:porozumienia|umowy))?|сторони|сторони (?:угоди|меморандуму|співробітництва)|partnerzy"
    r"|członkowie|skład(?: partnerstwa)?|uczestnicy|партнери|учасники|члени)",
    "area": r"(?:(?:obszar|teren|zasięg)(?: działania)?|територія(?: дії| діяльності)?)",
    "other": r"(?:l\.?\s?p\.?|nr|№(?: [зп]/п)?|[зп]/п|uwagi|kontakt|cel(?:e)?|opis|мета|примітки"
    r"|przedmiot(?: (?:porozumienia|umowy))?|zakres|okres(?: obowiązywania)?"
    r"|termin(?: obowiązywania)?|предмет(?: договору)?|термін(?: дії)?|строк дії)",
}
_TELLING = ({"name", "founded"}, {"partner", "agreed"}, {"partner", "since"}, {"parties", "agreed"})
_KIND_OF_AGREEMENT = re.compile(
    r"(?:partnersk\w+ |ramow\w+ )?(?:umow[ay]|porozumienie|list intencyjny|deklaracja|memorandum|akt|traktat|угода|договір"
    r"|меморандум|декларація)(?!\w)",
    re.IGNORECASE,
)
_CELL_GAP = re.compile(r"\s*[\t|]\s*")
_LONGEST_CELL = 300
_MOST_ROWS = 200
_QUOTED_NAME = re.compile(rf"(?:.{{0,40}}?{NOUN}\s*)?{QUOTE}\s*(?P<name>[^„“”\"«»‟″\n]{{2,100}}?)\s*{QUOTE}", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")


def tabled_partnerships(lines: Sequence[str]) -> Iterator[tuple[int, Partnership]]:
    """Partnerships in tables among the ``lines``, each with the index of the line its row begins at."""
    at = 0
    while at < len(lines):
        columns, height = _header(lines, at)
        if not columns:
            at += 1
            continue
        at += height
        for _ in range(_MOST_ROWS):
            cells = _CELL_GAP.split(lines[at]) if height == 1 and at < len(lines) else list(lines[at : at + len(columns)])
            if height == 1 and 1 < len(cells) == len(columns) - 1:
                cells.append("")  # an empty last cell leaves no gap behind it
            row = dict(zip(columns, cells, strict=True)) if len(cells) == len(columns) else {}
            made = _partnership(row) if row else None
            if made is None:
                break
            if "document" not in row or _KIND_OF_AGREEMENT.match(one_line(row["document"])) is not None:
                yield at, made  # "kontakty robocze" are no agreement
            at += height


def _header(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """Columns the lines at ``at`` head, and on how many lines; none where they are no header of a table of partnerships."""
    has_cells = len(lines[at]) <= _LONGEST_CELL and ("\t" in lines[at] or "|" in lines[at])
    in_line = [_column(cell) for cell in _CELL_GAP.split(lines[at])] if has_cells else []
    if len(in_line) > 1 and all(in_line):
        found, height = [column or "" for column in in_line], 1
    else:
        found = []
        while at + len(found) < len(lines) and (column := _column(lines[at + len(found)])) is not None:
            found.append(column)
        height = len(found)
    told = [column for column in found if column != "other"]
    is_header = any(pair <= set(told) for pair in _TELLING) and len(set(told)) == len(told)
    return (found, height) if is_header else ([], 0)


@lru_cache(maxsize=1024)
def _column(cell: str) -> str | None:
    plain = one_line(cell).strip(" :.")
    if not 0 < len(plain) <= 40:
        return None
    return next((name for name, pattern in _COLUMNS.items() if re.fullmatch(pattern, plain, re.IGNORECASE)), None)


def _agreement(cells: dict[str, str]) -> Partnership | None:
    """A row of twin towns: the one partner named is whom the page's own unit made an agreement with."""
    partner, agreed = one_line(cells["partner"]), one_line(cells.get("agreed") or cells.get("since", ""))
    is_told = says_nothing(agreed) or _YEAR.search(agreed) is not None
    if says_nothing(partner) or max(map(len, cells.values())) > _LONGEST_CELL or not is_told or is_person(partner):
        return None
    date = None if says_nothing(agreed) else agreed
    return Partnership(
        record_id="",
        article_id=None,
        kind="intercommunity_agreement",
        name=None,
        passage="\n".join(cell for cell in cells.values() if cell.strip()),
        founded_text=date,
        parties=[partner],
        agreement=one_line(cells["document"]) if "document" in cells else None,
        agreement_text=date if "agreed" in cells else None,
    )


def _entry(cells: dict[str, str]) -> Partnership | None:
    """A row of a register of agreements: who the parties are and when they agreed."""
    agreed = one_line(cells["agreed"])
    parties = worded_parties(cells["parties"], bare=True)
    if len(parties) < 2 or _YEAR.search(agreed) is None or max(map(len, cells.values())) > _LONGEST_CELL:
        return None
    return Partnership(
        record_id="",
        article_id=None,
        kind=agreement_kind(parties),
        name=None,
        passage="\n".join(cell for cell in cells.values() if cell.strip()),
        founded_text=agreed,
        parties=parties,
        agreement=None if says_nothing(titled := one_line(cells.get("agreement", ""))) else titled,
        agreement_text=agreed,
    )


def _partnership(cells: dict[str, str]) -> Partnership | None:
    if "partner" in cells:
        return _agreement(cells)
    if "name" not in cells:
        return _entry(cells)
    printed = one_line(cells["name"])
    founded = one_line(cells["founded"])
    is_told = says_nothing(founded) or _YEAR.search(founded) is not None or DATE_WORDING.search(founded) is not None
    if says_nothing(printed) or max(map(len, cells.values())) > _LONGEST_CELL or not is_told:
        return None
    cells = {column: "" if says_nothing(cell) else cell for column, cell in cells.items()}
    quoted = _QUOTED_NAME.match(printed)
    coordinator = without_person(one_line(cells.get("coordinator", "")))
    return Partnership(
        record_id="",
        article_id=None,
        kind="network" if NETWORK.match(printed) else "local_partnership",
        name=one_line(quoted["name"]) if quoted is not None else printed,
        passage="\n".join(cell for cell in cells.values() if cell.strip()),
        founded_text=one_line(cells["founded"]) or None,
        initiators=institutions(cells.get("initiators", "")),
        coordinator=coordinator if len(coordinator) > 1 and not is_person(coordinator) else None,
        parties=institutions(cells.get("parties", "")),
        area=one_line(cells.get("area", "")) or None,
    )
