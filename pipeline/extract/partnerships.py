"""Partnerships and partnership agreements that prose tells of, by rules for Polish and Ukrainian.

Two shapes. A partnership with a name or a founding: a heading ("Partnerstwo „Nad Strugą”") with what stands below it, or a
sentence that tells of the founding with what follows. An agreement: a sentence that says who signed what. A general mention
("Partnerstwa lokalne, czyli koalicje…") is neither, and an institution's joining is no founding. Every value is the wording of
the page on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from pipeline.extract.agreements import may_tell_of_signing, programme_in, signing_in
from pipeline.extract.foundings import (
    before_next_fact,
    founding_date,
    founding_verbs,
    initiators_in,
    institutions,
    unquoted_name,
    whole_name,
)
from pipeline.extract.page import one_line
from pipeline.extract.partnership_tables import tabled_partnerships
from pipeline.extract.partnership_words import (
    ALL_OF_THEM,
    AREA,
    COORDINATOR,
    FACT_LINE,
    FORMERLY,
    FOUNDED,
    HEADING,
    INITIATIVE,
    INITIATOR_IS,
    LEADER,
    NAMED,
    NETWORK,
    PARTIES,
    PLAIN_HEADING,
    RENAMED,
    SUBJECT,
    UNDER_NAME,
)
from pipeline.extract.person_names import is_person, without_person
from pipeline.extract.prose import DATE_WORDING, latin_slug, sentences
from pipeline.extract.stemmed import Stemmed
from pipeline.records import Partnership, TextBlock

_LONGEST_TITLE = 160
_FOLLOWING_BLOCKS = 3
"""How far below a founding sentence in running text facts of the same partnership are looked for."""


class _Told(NamedTuple):
    """A partnership being read: what names it, and the sentences that may tell of it."""

    noun: str
    name: str | None
    sentences: list[str]
    heading: str | None = None


class _Sentence(NamedTuple):
    text: str
    block: int


def partnerships_in(blocks: Sequence[TextBlock], *, article_id: str | None, title: str | None = None) -> list[Partnership]:
    """Partnerships and agreements the blocks tell of, in order of the page; a ``title`` that names one stands above them.

    ``record_id`` is ``<article_id>#<slug>``: the slug of the name, or of the agreement's wording and programme. Persons are
    left out of initiators, coordinator and parties: they stand in `people_in`. Never raises on any text.
    """
    if title is not None and len(title) <= _LONGEST_TITLE and HEADING.fullmatch(one_line(title)):
        blocks = [TextBlock(text=title, kind="heading"), *blocks]
    stream = [_Sentence(sentence, number) for number, block in enumerate(blocks) for sentence in sentences(block.text)]
    headings = [(at, match) for at, sentence in enumerate(stream) if (match := _partnership_heading(stream, at)) is not None]
    coordinator = _coordinator_of_all(stream)
    found: list[tuple[int, Partnership]] = []
    covered: set[int] = set()
    edges = [*(at for at, _ in headings), len(stream)]
    for (at, match), end in zip(headings, edges[1:], strict=True):
        told = _Told(match["noun"], _heading_name(match), _section(stream, blocks, at, end), stream[at].text)
        partnership = _partnership(told, coordinator)
        if partnership is not None:
            found.append((at, partnership))
            covered.update(range(at, at + 1 + len(told.sentences)))
    found.extend(_told_in_prose(stream, covered, coordinator))
    found.extend((at, partnership) for at, partnership in _tabled(stream, blocks) if at not in covered)
    found.extend(_agreements(stream))
    return _identified([partnership for _, partnership in sorted(found, key=lambda pair: pair[0])], article_id)


def _tabled(stream: Sequence[_Sentence], blocks: Sequence[TextBlock]) -> Iterator[tuple[int, Partnership]]:
    """Partnerships in tables, each with the first sentence of the block its row begins in."""
    lines = [(line, number) for number, block in enumerate(blocks) for line in block.text.splitlines()]
    first: dict[int, int] = {}
    for at, sentence in enumerate(stream):
        first.setdefault(sentence.block, at)
    for row, partnership in tabled_partnerships([line for line, _ in lines]):
        yield first.get(lines[row][1], len(stream)), partnership


def _agreements(stream: Sequence[_Sentence]) -> list[tuple[int, Partnership]]:
    """Agreements in order. A memorandum of which no more is said, below another agreement, is that one told of again."""
    found: list[tuple[int, Partnership]] = []
    texts = [sentence.text for sentence in stream]
    for at, text in enumerate(texts if may_tell_of_signing("\n".join(texts)) else ()):
        signing = signing_in(text, texts[at + 1 : at + 40])
        if signing is not None and not (signing.is_bare and found):
            found.append((at, signing.partnership))
    return found


def _partnership_heading(stream: Sequence[_Sentence], at: int) -> re.Match[str] | None:
    """The line as a heading that names a partnership: quoted, or plain where a founding follows at once."""
    text = stream[at].text
    quoted = HEADING.fullmatch(text)
    if quoted is not None:
        return quoted
    plain = PLAIN_HEADING.fullmatch(text)
    if plain is None or len(text) > 90 or next(founding_verbs(text), None) is not None or at + 1 >= len(stream):
        return None
    return plain if any(founding_date(following.text) is not None for following in stream[at + 1 : at + 4]) else None


def _heading_name(match: re.Match[str]) -> str:
    is_quoted = match.re is HEADING
    return one_line(match["name"]) if is_quoted else whole_name(match["noun"], match["name"])


def _section(stream: Sequence[_Sentence], blocks: Sequence[TextBlock], at: int, end: int) -> list[str]:
    """Sentences below the heading at ``at``, up to ``end`` or a heading of another kind."""
    below: list[str] = []
    for sentence in stream[at + 1 : end]:
        # "Koordynator: …" looks like a heading, and is a fact of the one above
        # but one that names another partnership never is: what follows is that one's
        if below and blocks[sentence.block].kind == "heading":
            is_another = PLAIN_HEADING.fullmatch(sentence.text) is not None
            if is_another or not _carries_fact(sentence.text):
                break
        below.append(sentence.text)
    return below


def _told_in_prose(stream: Sequence[_Sentence], covered: set[int], coordinator: str | None) -> list[tuple[int, Partnership]]:
    """Partnerships whose founding a sentence tells of outside the sections of headings."""
    starts = [
        at for at, s in enumerate(stream) if at not in covered and _is_subject(s.text) and founding_date(s.text) is not None
    ]
    found = []
    for at, end in zip(starts, [*starts, len(stream)][1:], strict=True):
        last = stream[at].block + _FOLLOWING_BLOCKS
        told_by = [s.text for number, s in enumerate(stream[at:end], at) if s.block <= last and number not in covered]
        named = NAMED.search(stream[at].text)
        under = UNDER_NAME.search(stream[at].text)
        noun = named["noun"] if named else _first(SUBJECT, stream[at].text)
        name = named["quoted"] if named else under["quoted"] if under else unquoted_name(stream[at].text)
        partnership = _partnership(_Told(noun, one_line(name) if name else None, told_by), coordinator)
        if partnership is not None:
            found.append((at, partnership))
    return found


def _only_since(sentence: str) -> bool:
    """Whether the sentence only says since when the partnership works; a later one that tells of the founding says more."""
    verbs = [verb.group().casefold() for verb in founding_verbs(sentence)]
    return bool(verbs) and all(verb in {"działa", "istnieje", "funkcjonuje", "діє"} for verb in verbs)


def _is_founding(sentence: str) -> bool:
    return _is_subject(sentence) and next(founding_verbs(sentence), None) is not None


def _is_subject(sentence: str) -> bool:
    return SUBJECT.search(sentence) is not None


def _first(pattern: Stemmed, text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


def _partnership(told: _Told, coordinator: str | None) -> Partnership | None:
    is_heading = told.heading is not None
    founded = initiators = area = programme = own_coordinator = leader = former = renamed = None
    parties: list[str] = []
    founded_at, is_since = -1, False
    for at, sentence in enumerate(told.sentences):
        if at and _tells_of_another(sentence, (told.name, former, renamed)):
            continue
        rename = RENAMED.search(sentence)
        if rename is not None and renamed is None:
            renamed = one_line(rename["quoted"])
        if (
            (founded is None or is_since)
            and (date := founding_date(sentence)) is not None
            and _tells_of_it(sentence, is_first=at == 0 or not is_heading)
        ):
            if founded is not None and _only_since(sentence):
                continue
            founded, founded_at, is_since = date, at, _only_since(sentence)
            under = UNDER_NAME.search(sentence)
            former = one_line(under["quoted"]) if under is not None else None
        formerly = FORMERLY.search(sentence)
        if formerly is not None and former is None:
            former = one_line(formerly["quoted"] or formerly["until"])
        initiators = initiators or initiators_in(sentence)
        area = area or _area(sentence)
        programme = programme or (programme_in(sentence) if at == founded_at or _is_founding(sentence) else None)
        own_coordinator = own_coordinator or _own_coordinator(sentence)
        leader = leader or _leader(sentence)
        parties = parties or _members(told.sentences, at)
    own_coordinator = own_coordinator or leader
    facts = [founded, initiators, area, parties, own_coordinator, former]
    if is_heading and not any(facts) and not any(SUBJECT.search(sentence) for sentence in told.sentences):
        return None
    if told.name is None and (founded is None or not any(facts[1:])):
        return None
    name, former, candidates = _names(told.name, former, renamed, is_heading=is_heading)
    return Partnership(
        record_id="",
        article_id=None,
        kind="network" if NETWORK.match(told.noun.strip()) else "local_partnership",
        name=name,
        former_name=former,
        founded_text=founded,
        initiators=initiators or [],
        coordinator=own_coordinator or coordinator,
        parties=parties,
        programme=programme,
        area=area,
        passage="\n".join(_told_lines(told)),
        name_candidates=candidates,
    )


def _tells_of_another(sentence: str, names: Sequence[str | None]) -> bool:
    """Whether a relative clause tells of a partnership of another name: "przystąpiła do Koalicji „B”, która powstała …"."""
    named = NAMED.search(sentence)
    if named is None or re.match(r"\s*,\s*(?:któr|як[аеиоі])", sentence[named.end() :], re.IGNORECASE) is None:
        return False
    return one_line(named["quoted"]).casefold() not in {name.casefold() for name in names if name}


def _told_lines(told: _Told) -> list[str]:
    """Heading and sentences up to the last that carries a fact, so that the passage does not run into what follows."""
    last = max((at for at, sentence in enumerate(told.sentences) if _carries_fact(sentence)), default=0)
    return ([told.heading] if told.heading else []) + told.sentences[: last + 1]


def _carries_fact(sentence: str) -> bool:
    patterns = (FOUNDED, RENAMED, FORMERLY, INITIATIVE, INITIATOR_IS, AREA, COORDINATOR, LEADER, PARTIES, SUBJECT, FACT_LINE)
    return sentence.startswith("- ") or any(pattern.search(sentence) for pattern in patterns)


def _tells_of_it(sentence: str, *, is_first: bool) -> bool:
    """Whether the founding in the sentence is the partnership's own: it is the subject, or the verb opens the sentence."""
    verb = next(founding_verbs(sentence), None)
    opens = verb is not None and DATE_WORDING.sub("", sentence[: verb.start()]).strip(" ,") == ""
    return _is_subject(sentence) or FACT_LINE.match(sentence.strip()) is not None or (opens and is_first)


def _names(
    name: str | None, former: str | None, renamed: str | None, *, is_heading: bool
) -> tuple[str | None, str | None, list[str]]:
    """Name, former name, and all names when the heading and the renaming disagree.

    A heading stays the name; in running text the name after the renaming is the name and the first one the former.
    """
    if former is not None and former == name:
        former = None
    if renamed is None or renamed == name:
        return name, former, []
    if is_heading:
        return name, former, [n for n in (name, renamed) if n]
    return renamed, former or name, []


def _area(sentence: str) -> str | None:
    match = AREA.search(sentence)
    if match is None:
        return None
    return before_next_fact(one_line(match["area"])).strip(" .;:") or None


def _coordinator_of_all(stream: Sequence[_Sentence]) -> str | None:
    for sentence in stream:
        match = COORDINATOR.search(sentence.text)
        if match is not None and ALL_OF_THEM.search(match["of"] or match["of2"] or match["of3"] or ""):
            return _coordinator(match)
    return None


def _own_coordinator(sentence: str) -> str | None:
    match = COORDINATOR.search(sentence)
    if match is None or ALL_OF_THEM.search(match["of"] or match["of2"] or match["of3"] or ""):
        return None
    return _coordinator(match)


def _leader(sentence: str) -> str | None:
    match = LEADER.search(sentence)
    if match is None:
        return None
    plain = without_person(one_line(match["who"]).strip(" .;"))
    return plain if len(plain) > 1 and plain[:1].isupper() else None


def _coordinator(match: re.Match[str]) -> str | None:
    who = before_next_fact(one_line(match["who"] or match["who2"] or match["who3"])).strip(" .;")
    plain = without_person(who)
    return plain if len(plain) > 1 and plain[:1].isupper() else None


def _members(told: Sequence[str], at: int) -> list[str]:
    """Members of the partnership: an enumeration in the sentence, or the list items below a line that ends in a colon."""
    match = PARTIES.search(told[at])
    if match is not None:
        return institutions(before_next_fact(match["who"]))
    if told[at].rstrip().endswith(":") and re.search(
        r"w skład|członk|partnerzy|partnerami|складу|учасник|партнери", told[at], re.IGNORECASE
    ):
        items = []
        for line in told[at + 1 :]:
            if not line.startswith("- "):
                break
            items.append(line[2:].strip(" .;,"))
        return [item for item in items if not is_person(item)]
    return []


def _identified(found: Sequence[Partnership], article_id: str | None) -> list[Partnership]:
    """The partnerships with ids of their own; one told of twice on the page is kept once, with all it states."""
    kept: dict[str, Partnership] = {}
    numbers: dict[str, int] = {}
    for partnership in found:
        subject = [partnership.programme] if partnership.programme else partnership.parties[:2]
        words = partnership.name or " ".join(filter(None, (partnership.agreement, *subject)))
        slug = latin_slug(words) or "partnership"
        numbers[slug] = numbers.get(slug, 0) + 1
        if numbers[slug] > 1:
            first = kept[slug]
            if partnership.name is not None and partnership.kind == first.kind:
                continue
            slug = f"{slug}-{numbers[slug]}"
        kept[slug] = partnership
    return [
        msgspec.structs.replace(partnership, record_id=f"{article_id or ''}#{slug}", article_id=article_id)
        for slug, partnership in kept.items()
    ]
