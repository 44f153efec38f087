"""Members of a partnership, as the sentences and lists that tell of it name them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.partnerships.agreement_words import BETWEEN
from pipeline.extract.partnerships.foundings import before_next_fact, institutions
from pipeline.extract.partnerships.parties import worded_parties
from pipeline.extract.partnerships.partnership_words import PARTIES
from pipeline.extract.people.person_names import is_person

_COUNTED = re.compile(
    r"^(?:(?:ponad|około|понад|близько)\s+)?\d+\s[^,:\d]{3,40}[,:]\s*"
    r"(?:m\.\s?in\.|między innymi|w tym|зокрема|серед них)?\s*:?\s*",
    re.IGNORECASE,
)
"""How many members there are, before they are named: "20 instytucji, m.in. …"."""

_OVER_MEMBERS = re.compile(r"w skład|członk|tworzą|partnerzy|partnerami|складу|учасник|партнери", re.IGNORECASE)
MEMBERS_BELOW = re.compile(
    r"(?:sygnatariusze|członkowie|partnerzy|uczestnicy|skład|учасники|партнери|члени|підписанти)"
    r"(?:\s+(?:partnerstwa|koalicji|sieci|партнерства|коаліції|мережі))?\s*[:.]?",
    re.IGNORECASE,
)
"""A heading over the members."""


def founded_between(sentence: str) -> list[str]:
    """Between whom a sentence says a partnership was founded."""
    between = BETWEEN.search(sentence)
    parties = worded_parties(between["who"]) if between is not None else []
    return parties if len(parties) > 1 else []


def members_told(told: Sequence[str], at: int) -> list[str]:
    """Members of the partnership: an enumeration in the sentence, or the list items below a line that ends in a colon."""
    match = PARTIES.search(told[at])
    if match is not None:
        return institutions(_COUNTED.sub("", before_next_fact(match["who"])))
    is_headed = told[at].rstrip().endswith(":") and _OVER_MEMBERS.search(told[at]) is not None
    if is_headed or MEMBERS_BELOW.fullmatch(told[at]) is not None:
        items = []
        for line in told[at + 1 :]:
            if not line.startswith("- "):
                break
            items.append(line[2:].strip(" .;,"))
        return [item for item in items if not is_person(item)]
    return []
