"""Partners whose page states the day of the document with a label: "Data podpisania umowy: 5 maja 2015 r." below the town."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.lands import LAND
from pipeline.extract.prose import DATE_WORDING
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership

_SIGNED_ON = Stemmed(
    r"(?:data|rok|дата|рік)\s+(?:podpisania|zawarcia|підписання|укладення|укладання)\s+"
    r"(?P<agreement>(?:umowy|porozumienia|aktu|deklaracji|listu\s+intencyjnego|угоди|договору|меморандуму)(?:\s[^:;,.\d–—]{3,50}?)?)"
    r"\s*[:–—-]\s*(?P<date>.{4,40}?)\s*"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_IN_BRACKETS = re.compile(r"\s*\([^()]{2,30}\)$")
_LONGEST_NAME = 60
_LEAST_STEM = 3
_FARTHEST = 15
"""Lines above the label among which the partner's name is looked for."""


def may_tell_by_label(text: str) -> bool:
    """Whether it is not ruled out that one of the lines of the text states the day of a document."""
    return _SIGNED_ON.may_match(text)


def told_by_labels(texts: Sequence[str], is_heading: Callable[[int], bool]) -> Iterator[tuple[int, Partnership]]:
    """A partnership for each of the ``texts`` that states the day of a document, with the index of the partner's name.

    The name is the nearest line above that is a bare name and that a line between the two says again. ``is_heading`` says of an
    index whether that text stands alone on its line. Ids are for the caller to give.
    """
    above = 0
    for at, text in enumerate(texts):
        match = _SIGNED_ON.fullmatch(text) if is_heading(at) else None
        date = one_line(match["date"]).rstrip(";,") if match is not None else ""
        is_day = DATE_WORDING.fullmatch(date) is not None or _YEAR.fullmatch(date) is not None
        start, above = max(above, at - _FARTHEST), at + 1 if match is not None else above
        if match is None or not is_day:
            continue
        name = next(
            (n for n in range(at - 1, start - 1, -1) if is_heading(n) and _names_partner(texts[n], texts[n + 1 : at])), None
        )
        if name is None:
            continue
        yield (
            name,
            Partnership(
                record_id="",
                article_id=None,
                kind="intercommunity_agreement",
                name=None,
                passage=f"{texts[name]}\n{text}",
                founded_text=date,
                parties=[one_line(texts[name])],
                agreement=one_line(match["agreement"]),
                agreement_text=date,
            ),
        )


def _names_partner(text: str, between: Sequence[str]) -> bool:
    name = _IN_BRACKETS.sub("", one_line(text))
    if len(text) > _LONGEST_NAME or not is_bare_name(name) or LAND.fullmatch(name) is not None:
        return False
    first = name.split()[0]
    said = re.compile(rf"\b{re.escape(first[: max(_LEAST_STEM, len(first) - 2)])}", re.IGNORECASE)
    return any(" " in line and said.search(line) is not None for line in between)
