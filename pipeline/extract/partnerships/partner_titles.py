"""Agreements that the title of a page tells of: who signed what, or the name and land of the one partner the page is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import AGREEMENT, BETWEEN, COMMUNITY, ENDED, SIGNED, UNDONE, WITH
from pipeline.extract.partnerships.agreements import signing_in
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.lands import LAND
from pipeline.extract.prose import DATE_WORDING, sentences
from pipeline.records import Partnership

_TITLE = re.compile(
    r"(?P<who>(?P<unit>(?:gmina|miasto|powiat|rejon|obec|громада|місто|район|[гґ]міна|повіт)\s+)?(?P<name>[^(),:;–—|]{2,50}?))"
    r"\s*(?:\((?P<in>[^()]{3,40})\)|(?:,|\s[-–—])\s+(?P<behind>[^(),:;–—|]{3,40}))",
    re.IGNORECASE,
)
_WITH_PICTURES = re.compile(r"\s*[(\[](?:zdjęcia|foto|wideo|video|galeria|фото|відео)[^()\[\]]{0,30}[)\]]\s*$", re.IGNORECASE)
_LONGEST_TITLE = 200
_LONGEST_HEADING = 80
_FARTHEST = 6
"""Sentences below the title that may tell of the signing."""


def told_by_title(title: str, below: Sequence[str]) -> list[Partnership]:
    """What the title of a page whose text names no agreement tells with the sentences ``below`` it; ids are for the caller.

    A headline counts when it names both parties: "Gminy A i B podpisały porozumienie o współpracy".
    """
    line = _WITH_PICTURES.sub("", one_line(title))
    is_told = len(line) <= _LONGEST_TITLE and not line.endswith(("?", ":"))
    signing = next(filter(None, (signing_in(said, below) for said in sentences(line))), None) if is_told else None
    told = (
        [made for made in signing.partnerships if len(made.parties) > 1] if signing is not None and not signing.is_bare else []
    )
    partner = _titled_partner(line, below) if not told else None
    return told if partner is None else [partner]


def told_by_headings(texts: Sequence[str], is_heading: Callable[[int], bool]) -> Iterator[tuple[int, Partnership]]:
    """Partnerships whose partner stands in a heading with its land, "Hude (Niemcy)", with the index of the heading.

    ``is_heading`` says of an index whether that one of the ``texts`` stands alone on its line. Up to the next such heading the
    texts below tell the document and its day.
    """
    headings = [at for at, text in enumerate(texts) if len(text) <= _LONGEST_HEADING and is_heading(at) and _is_partner(text)]
    for at, end in zip(headings, [*headings, len(texts)][1:], strict=True):
        partner = _titled_partner(texts[at], texts[at + 1 : end])
        if partner is not None:
            yield at, partner


def _is_partner(text: str) -> bool:
    match = _TITLE.fullmatch(text) if LAND.search(text) is not None else None
    return match is not None and LAND.fullmatch((match["in"] or match["behind"]).strip()) is not None


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
            or _names_community(sentence)
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


def _names_community(sentence: str) -> bool:
    """Whether the sentence names a community: "podczas dni miasta" does not, "z gminą Kikół" and "Лубенська громада" do."""
    for noun in COMMUNITY.finditer(sentence):
        before, behind = sentence[: noun.start()].rstrip(), sentence[noun.end() :].lstrip()
        if behind[:1].isupper() or (" " in before and before.rpartition(" ")[2][:1].isupper()) or noun.group()[:1].isupper():
            return True
    return False
