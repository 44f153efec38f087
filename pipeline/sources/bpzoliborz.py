"""Pages of the Żoliborz library: articles, and the partnerships they tell of.

The markup of the site is not known; the part with the article is told by the names themes give it, else by its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.extract.articles.article_page import article_findings, page_article, page_lines
from pipeline.extract.articles.mainpart import is_long_enough, link_share
from pipeline.extract.articles.title_places import address_slug
from pipeline.extract.furniture import Furniture
from pipeline.extract.lines import Line
from pipeline.extract.page import Page
from pipeline.extract.prose import content_id, latin_slug
from pipeline.extract.shells import shell_reason
from pipeline.records import Finding
from pipeline.sources.spec import Judgement, Source

_MOSTLY_LINKS = 0.6
_MANY_LINKS = 10


@lru_cache(maxsize=1)
def page_verdict(page: Page, source: Source) -> Judgement:
    """Detail for a page with running text, index for one of links, shell for one that only excuses itself."""
    excuse = shell_reason(page)
    if excuse is not None:
        return Judgement("shell", excuse)
    lines = _lines(page, source)
    if page.is_html and len(page.links) > _MANY_LINKS and link_share(page, lines) > _MOSTLY_LINKS:
        return Judgement("index", "most of the text is links")
    if is_long_enough(lines):
        return Judgement("detail", "running text of the library")
    return Judgement("index", "links and no running text") if page.links else Judgement("shell", "hardly any text")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """One Article, and the partnerships and people its text tells of; nothing for an index."""
    if page_verdict(page, source).verdict != "detail":
        return
    told = page_article(page, _lines(page, source), _furniture(source))
    slug = address_slug(page)
    path_id = latin_slug(slug) if slug is not None else _page_number(page)
    record_id = f"bpzoliborz:{path_id}" if path_id else content_id([*(block.text for block in told.blocks), told.title or ""])
    yield from article_findings(told, record_id)


def _page_number(page: Page) -> str | None:
    """Number of a page that has no name in its address ("?page_id=12"), "index" for the home page, else None."""
    for name in ("page_id", "p"):
        if page.query.get(name, "").isdigit():
            return page.query[name]
    is_home = page.address is not None and page.address.netloc and page.address.path.strip("/") in ("", "index.php")
    return "index" if is_home else None


def _furniture(source: Source) -> Furniture:
    return Furniture(source.phrases("furniture"), ())


@lru_cache(maxsize=1)
def _lines(page: Page, source: Source) -> list[Line]:
    lines = page_lines(page, source.phrases("end"), _furniture(source))
    return _furniture(source).stripped(_without_alt_texts(lines, source.phrases("alt_texts")))


def _without_alt_texts(lines: Sequence[Line], alt_texts: Sequence[str]) -> list[Line]:
    """The lines without alternative texts of logos, whether these stand alone or glued to a partnership's heading."""
    starts = "|".join(re.escape(text) for text in alt_texts)
    alone = re.compile(rf"(?:{starts})\b[^„“”\"«»]*?(?=(?-i:Partnerstwo|[„“\"«])|$)", re.IGNORECASE)
    kept = []
    for line in lines:
        text = alone.sub("", line.text).strip() if alone.search(line.text) else line.text
        if text or line.is_blank:
            kept.append(line._replace(text=text))
    return kept
