"""Slideplayer: slide transcripts in three shapes and seven languages.

The transcript's own markup is not known, so the reading goes by lines and serves HTML and text renderings alike. Labels are
facts of the TOML.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from pipeline.extract.decks.decks import DeckReading, deck_issue, deck_reading
from pipeline.extract.decks.linktext import with_plain_bullets, with_single_links
from pipeline.extract.decks.transcript import Wordings, folded
from pipeline.extract.page import Page, bare_host
from pipeline.extract.people.deck_people import people_on
from pipeline.records import Deck, Finding, PageIssue, SlideText
from pipeline.sources.spec import Judgement, Source

_DECK_PATH = re.compile(r"/(?:amp/)?(?:slide|amp)/(\d+)(?:[/?#&.]|$)", re.IGNORECASE)
_DECK_INSIDE = re.compile(r"\b(slideplayer(?:\.[a-z]{2,6}){1,2})\.?(?::\d+)?(/(?:amp/)?(?:slide|amp)/\d+)", re.IGNORECASE)
_INDEX_PATH = re.compile(
    r"/?(?:(?:search|category|categories|tags?|users?|uploads?|list|new|popular|best)\b.*)?", re.IGNORECASE
)
_PICTURE = re.compile(r"/slides/slide_(\d{1,4})\.(?:jpe?g|png|gif|webp)", re.IGNORECASE)


def page_verdict(page: Page, source: Source) -> Judgement:
    """What the page is, with the reason.

    Detail for a page with a transcript; index for search and category pages; gone for 404 and 410; shell for a deck's address
    without a transcript (deleted presentation, captcha, soft 404, loading line alone); not_ours for other pages of the site.
    """
    status = page.capture.status_code
    if status in (404, 410):
        return Judgement("gone", f"status code {status}")
    if status is not None and status >= 400:
        return Judgement("shell", f"status code {status}: an error page is no deck")
    address = _deck_address(page)
    if address is None and _is_on_site(page, source) and page.address is not None and _INDEX_PATH.fullmatch(page.address.path):
        return Judgement("index", "address of a list of presentations")
    reading = _reading(page, source)
    if reading is not None:
        return Judgement("detail", f"transcript of {len(reading.slides)} slides, shape {reading.shape}")
    phrase = _shell_phrase(page, source)
    if phrase is not None:
        return Judgement("shell", f"the page says {phrase!r} and holds no transcript")
    if _deck_address(page) is not None or not _is_on_site(page, source):
        return Judgement("shell", "address or labels of a presentation, but no transcript")
    return Judgement("not_ours", "neither a presentation nor a list of presentations")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """One Deck with its slides as published, the persons they name, then the doubts; nothing for index pages.

    Link texts printed twice are kept once (reported as repaired) and symbol-font bullets become "•".
    """
    reading = None if _is_index(page, source) else _reading(page, source)
    if reading is None:
        return
    slides = [SlideText(number=s.number, title=_clean(s.title), text=_clean(s.text) or "") for s in reading.slides]
    title = _clean(reading.title)
    address = _deck_address(page)
    record_id = f"{address[0]}:{address[1]}" if address else _content_id(title, slides)
    pictures = _picture_count(page, address[1] if address else None)
    deck = Deck(
        record_id=record_id,
        title=title,
        site=address[0] if address else (page.address.netloc if page.address and _is_on_site(page, source) else None),
        publisher=reading.publisher,
        shape=reading.shape,
        slides=slides,
        picture_count=pictures,
    )
    yield deck
    yield from people_on(slides, record_id=record_id)
    yield from _with_id(reading.issues, record_id)
    yield from _with_id(_doubts(deck, reading.slides), record_id)


# The address


def _deck_address(page: Page) -> tuple[str, str] | None:
    """Host and number of the deck, from the target URI, one inside it (web archives, AMP caches), or what the page says."""
    if page.address is not None and page.address.netloc.startswith("slideplayer."):
        match = _DECK_PATH.match(page.address.path)
        if match is not None:
            return page.address.netloc, match[1]
    for url in (page.url, page.canonical, page.meta("og:url")):
        inside = _DECK_INSIDE.search(url or "")
        if inside is not None and (path := _DECK_PATH.match(inside[2])) is not None:
            return bare_host(inside[1]), path[1]
    return None


def _is_on_site(page: Page, source: Source) -> bool:
    return page.address is not None and (
        source.owns_host(page.address.netloc) or page.address.netloc.startswith("slideplayer.")
    )


def _is_index(page: Page, source: Source) -> bool:
    if page.address is None or not _is_on_site(page, source) or _deck_address(page) is not None:
        return False
    return _INDEX_PATH.fullmatch(page.address.path) is not None


def _content_id(title: str | None, slides: list[SlideText]) -> str:
    content = "\x1f".join([title or "", *(slide.text for slide in slides)])
    return f"sha256:{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _picture_count(page: Page, deck: str | None) -> int | None:
    """The highest N of ``…/slides/slide_<N>.jpg``: those of this deck where addresses name decks (related ones do too)."""
    if not page.is_html:
        return None
    found = list(_PICTURE.finditer(page.text))
    own = [match for match in found if deck and page.text.endswith(f"/{deck}", 0, match.start())]
    return max((int(match[1]) for match in own or found), default=None)


# Labels


@lru_cache(maxsize=8)
def _wordings(source: Source) -> Wordings:
    return Wordings(source.phrases)


@lru_cache(maxsize=1)
def _shell_phrase(page: Page, source: Source) -> str | None:
    wordings = _wordings(source)
    first = [line.bare for line in page.lines if not line.is_blank][:12]
    return next((text for text in [page.html_title or "", *first] if folded(text).startswith(wordings.shell)), None)


@lru_cache(maxsize=1)
def _reading(page: Page, source: Source) -> DeckReading | None:
    """The deck of the page, None when there is no transcript. Verdict and parse both ask."""
    return deck_reading(
        page,
        _wordings(source),
        is_deck_link=lambda url: _DECK_PATH.search(url) is not None,
        counted=() if _is_on_site(page, source) else source.facts.claims.counted,  # its own pages print numbers alone
        is_excused=_shell_phrase(page, source) is not None,
    )


# Doubts


def _with_id(issues: Iterable[PageIssue], record_id: str) -> Iterator[PageIssue]:
    for issue in issues:
        yield msgspec.structs.replace(issue, record_id=record_id)


def _doubts(deck: Deck, published: list[SlideText]) -> Iterator[PageIssue]:
    count = len(deck.slides)
    numbers = [slide.number for slide in deck.slides if slide.number is not None]
    if deck.picture_count is not None and deck.picture_count not in (count, max(numbers, default=count)):
        yield deck_issue(
            "presentations",
            "slide_count",
            "ambiguous",
            f"the page shows pictures of {deck.picture_count} slides, the transcript has {count}",
            raw_text=str(deck.picture_count),
        )
    for position, slide in enumerate(published, 1):
        if with_single_links(slide.text) != slide.text:
            reason = f"slide at position {position}: a link text printed twice is kept once"
            yield deck_issue("slides", "text", "repaired", reason, raw_text=slide.text)


def _clean(text: str | None) -> str | None:
    return with_plain_bullets(with_single_links(text)) if text is not None else None
