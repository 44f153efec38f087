"""Partnerships and partnership agreements that prose tells of, by rules for Polish and Ukrainian.

Two shapes. A partnership with a name or a founding: a heading ("Partnerstwo „Nad Strugą”") with what stands below it, or a
sentence that tells of the founding with what follows. An agreement: a sentence that says who signed what. A general mention
("Partnerstwa lokalne, czyli koalicje…") is neither, and an institution's joining is no founding. Every value is the wording of
the page on one line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.agreement_words import AGREEMENT
from pipeline.extract.partnerships.agreements import document_of_before, may_tell_of_signing, signing_in
from pipeline.extract.partnerships.agreements_apart import may_tell_apart, signing_apart
from pipeline.extract.partnerships.became_twins import became_twins, may_tell_of_becoming
from pipeline.extract.partnerships.founded_in_prose import Sentence, told_in_prose
from pipeline.extract.partnerships.foundings import (
    founding_date,
    founding_verbs,
    whole_name,
)
from pipeline.extract.partnerships.labelled_partners import may_tell_by_label, told_by_labels
from pipeline.extract.partnerships.partner_lines import may_tell_pairs_behind, paired_partners, pairs_behind, pairs_below
from pipeline.extract.partnerships.partner_titles import told_by_headings, told_by_title
from pipeline.extract.partnerships.partnership_facts import Told, carries_fact, named_coordinator, partnership_told
from pipeline.extract.partnerships.partnership_ids import identified
from pipeline.extract.partnerships.partnership_tables import tabled_partnerships
from pipeline.extract.partnerships.partnership_words import (
    ALL_OF_THEM,
    COORDINATOR,
    HEADING,
    NAMED,
    PLAIN_HEADING,
    SUBJECT,
)
from pipeline.extract.partnerships.told_once import told_once
from pipeline.extract.partnerships.twin_towns import (
    begun_twin,
    listed_twins,
    may_tell_of_beginning,
    may_tell_of_twins,
    mutual_twins,
    named_twins,
)
from pipeline.extract.prose import sentences
from pipeline.normalise.dictionary import analyses
from pipeline.records import Partnership, TextBlock

_LONGEST_TITLE = 160
_QUOTES = frozenset('„“”"«»‟″')
_GOES_ON = re.compile(
    r"(?:pomiędzy|między|між)\s|(?:[Zz]awart[aey]|[Pp]odpisan[aey]|[Уу]кладен[аоий]{1,2}|[Пп]ідписан[аоий]{1,2})\s[^,;]{0,60}?(?:(?:po)?między|між)\s"
)
"""How the text of an agreement goes on from its heading: "Zawarta w dniu 5 maja 2015 r. pomiędzy …"."""

_GLUED = re.compile(r"^[^\W\d_]{2,30}(?=(?:Partnerstwo|Koalicja|Sieć|Партнерство|Коаліція|Мережа)\s)")
"""What a logo is called, printed right before the heading behind it: "zatrasiePartnerstwo „ Marymont”"."""


def partnerships_in(blocks: Sequence[TextBlock], *, article_id: str | None, title: str | None = None) -> list[Partnership]:
    """Partnerships and agreements the blocks tell of, in order of the page; a ``title`` that names one stands above them.

    ``record_id`` is ``<article_id>#<slug>``: the slug of the name, or of the agreement's wording and programme. Persons are
    left out of initiators, coordinator and parties: they stand in `people_in`. Never raises on any text.
    """
    given = title
    if title is not None and len(title) <= _LONGEST_TITLE and _may_head(one_line(title), blocks):
        blocks = [TextBlock(text=title, kind="heading"), *blocks]
    stream = [Sentence(sentence, number) for number, block in enumerate(blocks) for sentence in sentences(block.text)]
    headings = [(at, match) for at, sentence in enumerate(stream) if (match := _partnership_heading(stream, at)) is not None]
    whole = "\n".join([title or "", *(sentence.text for sentence in stream)])
    coordinator = _coordinator_of_all(stream) if COORDINATOR.may_match(whole) else None
    found: list[tuple[int, Partnership]] = []
    covered: set[int] = set()
    edges = [*(at for at, _ in headings), len(stream)]
    for (at, match), end in zip(headings, edges[1:], strict=True):
        told = Told(match["noun"], _heading_name(match), _section(stream, blocks, at, end), stream[at].text)
        partnership = partnership_told(told, coordinator)
        if partnership is not None:
            found.append((at, partnership))
            covered.update(range(at, at + 1 + len(told.sentences)))
    if SUBJECT.may_match(whole) or NAMED.may_match(whole):
        found.extend(told_in_prose(stream, covered, coordinator))
    found.extend((at, partnership) for at, partnership in _tabled(stream, blocks) if at not in covered)
    found.extend(_agreements(stream, whole))
    if not found and given is not None and may_tell_of_signing(whole):
        found.extend((0, made) for made in told_by_title(given, [s.text for s in stream if s.text != given]))
    if may_tell_of_signing(whole):
        found.extend(_headed(stream))
    if may_tell_by_label(whole):
        found.extend(_labelled(stream, given))
    found.extend(_twins(stream, blocks, title, whole))
    return told_once(identified([partnership for _, partnership in sorted(found, key=lambda pair: pair[0])], article_id))


def _headed(stream: Sequence[Sentence]) -> Iterator[tuple[int, Partnership]]:
    """Partnerships with the communities that lines of their own name with their land."""
    alone = Counter(sentence.block for sentence in stream)
    return told_by_headings([sentence.text for sentence in stream], lambda at: alone[stream[at].block] == 1)


def _labelled(stream: Sequence[Sentence], title: str | None) -> Iterator[tuple[int, Partnership]]:
    """Partnerships whose day a label states, the partner named by a line of its own or by the title."""
    alone = Counter(sentence.block for sentence in stream)
    texts = [title or "", *(sentence.text for sentence in stream)]
    for at, partnership in told_by_labels(texts, lambda at: at == 0 or alone[stream[at - 1].block] == 1):
        yield max(0, at - 1), partnership


def _twins(
    stream: Sequence[Sentence], blocks: Sequence[TextBlock], title: str | None, whole: str
) -> Iterator[tuple[int, Partnership]]:
    """Twin towns in lists, with the first sentence of their block, and in sentences; a ``title`` may be the list's heading."""
    texts = [sentence.text for sentence in stream]
    if may_tell_of_beginning(whole):
        yield from ((at, begun) for at, text in enumerate(texts) if (begun := begun_twin(text)) is not None)
    if may_tell_of_becoming(whole):
        yield from became_twins(texts)
    if not may_tell_of_twins(whole):
        return
    first: dict[int, int] = {}
    for at, sentence in enumerate(stream):
        first.setdefault(sentence.block, at)
    lines = [(title or "", 0), *((line, number) for number, block in enumerate(blocks) for line in block.text.splitlines())]
    for row, partnership in listed_twins([line for line, _ in lines]):
        yield first.get(lines[row][1], len(stream)), partnership
    for at, text in enumerate(texts):
        for partnership in named_twins(text, texts[at + 1] if at + 1 < len(texts) else ""):
            yield at, partnership


def _tabled(stream: Sequence[Sentence], blocks: Sequence[TextBlock]) -> Iterator[tuple[int, Partnership]]:
    """Partnerships in tables and lines that pair communities, each with the first sentence of the block its row begins in."""
    lines = [(line, number) for number, block in enumerate(blocks) for line in block.text.splitlines()]
    first: dict[int, int] = {}
    for at, sentence in enumerate(stream):
        first.setdefault(sentence.block, at)
    texts = [line for line, _ in lines]
    for row, partnership in (*tabled_partnerships(texts), *paired_partners(texts), *pairs_below(texts)):
        yield first.get(lines[row][1], len(stream)), partnership
    if not any(may_tell_pairs_behind(text) for text in texts):
        return
    for at, sentence in enumerate(stream):
        for partnership in pairs_behind(sentence.text):
            yield at, partnership


def _agreements(stream: Sequence[Sentence], whole: str) -> list[tuple[int, Partnership]]:
    """Agreements in order. A memorandum of which no more is said, below another agreement, is that one told of again."""
    found: list[tuple[int, Partnership]] = []
    texts = [_with_heading(stream, at) for at in range(len(stream))]
    may_be_whole, may_be_apart = may_tell_of_signing(whole), may_tell_apart(whole)
    for at, text in enumerate(texts if may_be_whole or may_be_apart else ()):
        signing = signing_in(text, texts[at + 1 : at + 40]) if may_be_whole else None
        if signing is None and may_be_apart:
            signing = signing_apart(text, texts[at + 1 : at + 2])
        if signing is None or (signing.is_bare and found):
            continue
        is_of_before = at > 0 and document_of_before(text) is not None and next(mutual_twins(texts[at - 1]), None) is not None
        if not is_of_before:
            found.extend((at, partnership) for partnership in signing.partnerships)
    return found


def _with_heading(stream: Sequence[Sentence], at: int) -> str:
    """The sentence; behind the heading it goes on from: "UKŁAD O PARTNERSTWIE" / "pomiędzy gminą A a gminą B podpisano …"."""
    text = stream[at].text
    goes_on = at > 0 and _GOES_ON.match(text) is not None and stream[at].block != stream[at - 1].block
    is_headed = goes_on and AGREEMENT.fullmatch(stream[at - 1].text) is not None
    return f"{stream[at - 1].text} {text}" if is_headed else text


def _may_head(title: str, blocks: Sequence[TextBlock]) -> bool:
    """Whether the title may name a partnership: in quotation marks, or plain where the text names none in them."""
    if HEADING.fullmatch(title) is not None:
        return True
    return PLAIN_HEADING.fullmatch(title) is not None and all(NAMED.search(block.text) is None for block in blocks)


def _partnership_heading(stream: Sequence[Sentence], at: int) -> re.Match[str] | None:
    """The line as a heading that names a partnership: quoted, or plain where a founding follows at once."""
    text = stream[at].text
    quoted = HEADING.fullmatch(_GLUED.sub("", text) if text[:1].islower() else text)
    if quoted is not None:
        return quoted
    plain = PLAIN_HEADING.fullmatch(text)
    if plain is None or len(text) > 90 or next(founding_verbs(text), None) is not None or at + 1 >= len(stream):
        return None
    if any(map(_is_verb, plain["name"].split())):
        return None  # "Partnerstwo dla gminy zyskało członków" is a headline
    return plain if any(founding_date(following.text) is not None for following in stream[at + 1 : at + 4]) else None


def _is_verb(word: str) -> bool:
    tags = [tag for _, tag, _ in analyses(word)]
    return bool(tags) and all(tag.startswith(("fin", "praet", "bedzie", "imps")) for tag in tags)


def _heading_name(match: re.Match[str]) -> str:
    is_quoted = match.re is HEADING
    return one_line(match["name"]) if is_quoted else whole_name(match["noun"], match["name"])


def _section(stream: Sequence[Sentence], blocks: Sequence[TextBlock], at: int, end: int) -> list[str]:
    """Sentences below the heading at ``at``, up to ``end`` or a heading of another kind."""
    below: list[str] = []
    for sentence in stream[at + 1 : end]:
        # "Koordynator: …" looks like a heading, and is a fact of the one above
        # but one that names another partnership never is: what follows is that one's
        if below and blocks[sentence.block].kind == "heading":
            is_another = PLAIN_HEADING.fullmatch(sentence.text) is not None
            if is_another or not carries_fact(sentence.text):
                break
        below.append(sentence.text)
    return below


def _coordinator_of_all(stream: Sequence[Sentence]) -> str | None:
    for sentence in stream:
        match = COORDINATOR.search(sentence.text)
        if match is not None and ALL_OF_THEM.search(match["of"] or match["of2"] or match["of3"] or ""):
            return named_coordinator(match)
    return None
