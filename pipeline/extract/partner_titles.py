"""Agreements that the title of a page tells of: who signed what, or the name and land of the one partner the page is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.agreement_words import AGREEMENT, BETWEEN, COMMUNITY, ENDED, SIGNED, UNDONE, WITH
from pipeline.extract.agreements import signing_in
from pipeline.extract.bare_names import is_bare_name
from pipeline.extract.lands import LAND
from pipeline.extract.page import one_line
from pipeline.extract.prose import DATE_WORDING
from pipeline.records import Partnership

_TITLE = re.compile(
    r"(?P<who>(?P<unit>(?:gmina|miasto|powiat|rejon|obec|громада|місто|район|[гґ]міна|повіт)\s+)?(?P<name>[^(),:;–—|]{2,50}?))"
    r"\s*(?:\((?P<in>[^()]{3,40})\)|(?:,|\s[-–—])\s+(?P<behind>[^(),:;–—|]{3,40}))",
    re.IGNORECASE,
)
_LONGEST_TITLE = 200
_FARTHEST = 6
"""Sentences below the title that may tell of the signing."""


def told_by_title(title: str, below: Sequence[str]) -> list[Partnership]:
    """What the title of a page whose text names no agreement tells with the sentences ``below`` it; ids are for the caller.

    A headline counts when it names both parties: "Gminy A i B podpisały porozumienie o współpracy".
    """
    line = one_line(title)
    signing = signing_in(line, below) if len(line) <= _LONGEST_TITLE and not line.endswith(("?", ":")) else None
    told = (
        [made for made in signing.partnerships if len(made.parties) > 1] if signing is not None and not signing.is_bare else []
    )
    partner = _titled_partner(line, below) if not told else None
    return told if partner is None else [partner]


def _titled_partner(title: str, below: Sequence[str]) -> Partnership | None:
    """The partnership with the community a title like "Gmina Hude (Niemcy)" names, when a sentence below says it was agreed on.

    The sentence tells one day and names no party; the other party is whose page it is. Ids are for the caller to give.
    """
    match = _TITLE.fullmatch(title)
    if match is None or LAND.fullmatch((match["in"] or match["behind"]).strip()) is None or not is_bare_name(match["name"]):
        return None
    for sentence in below[:_FARTHEST]:
        agreement = AGREEMENT.search(sentence)
        signed = SIGNED.search(sentence) if agreement is not None else None
        if agreement is None or signed is None:
            continue
        dates = list(DATE_WORDING.finditer(sentence))
        is_elsewhere = (
            BETWEEN.search(sentence) is not None
            or WITH.match(DATE_WORDING.sub(" ", sentence[agreement.end() :])) is not None
            or COMMUNITY.search(sentence) is not None
        )
        if len(dates) != 1 or is_elsewhere or UNDONE.search(sentence[: signed.start()]) or ENDED.search(sentence):
            return None
        return Partnership(
            record_id="",
            article_id=None,
            kind="intercommunity_agreement",
            name=None,
            passage=f"{title}\n{sentence}",
            founded_text=one_line(dates[0].group()),
            parties=[one_line(match["who"])],
            agreement=one_line(agreement["agreement"]),
            agreement_text=one_line(dates[0].group()),
        )
    return None
