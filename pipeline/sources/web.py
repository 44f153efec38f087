"""Any page no publisher's source claims, read as an article. Never a practice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipeline.extract.articles.article_page import article_findings, page_article, page_labels, page_lines
from pipeline.extract.articles.articles import ArticleText, article_blocks
from pipeline.extract.articles.document_text import DocumentText, document_text, lists_documents_alike
from pipeline.extract.articles.headings import page_title
from pipeline.extract.articles.mainpart import is_home_of_articles, is_listing, is_long_enough, link_share
from pipeline.extract.furniture import Furniture, folded_line
from pipeline.extract.lines import Line
from pipeline.extract.page import Page, bare_host
from pipeline.extract.prose import content_id
from pipeline.extract.shells import shell_reason
from pipeline.records import Finding
from pipeline.sources.spec import Judgement, Source

_MOSTLY_LINKS = 0.6
_LEAST_TEXT = 40
_MANY_LINKS = 10
# What blogs and news sites call the lists of their articles: by tag, category, month, and the further pages of any list.
_LIST_PATH = re.compile(
    r"(?:/[^/]+)*/(?:tags?|tagi|category|kategoria)/[^/]+(?:/p?\d+)?/?|(?:/[^/]+)*/page/\d+/?|/\d{4}/\d{2}/?"
    r"|/(?:news|blog|publ|load)/\d{4}-\d{1,2}(?:-\d{1,2})?/?",  # uCoz: of a month, of a day; an entry has its number behind it
    re.IGNORECASE,
)
_LIST_QUERY = re.compile(r"m=\d{4,8}|tag=[^&]+|cat=\d+")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|phpsessid|jsessionid|sid|print|drukuj", re.IGNORECASE)


@lru_cache(maxsize=1)
def page_verdict(page: Page, source: Source) -> Judgement:
    """Detail for a page with running text, index for one of links, shell for one that only excuses itself."""
    if not any(char.isalpha() for char in page.text):
        return Judgement("not_ours", "no text on the page")
    excuse = shell_reason(page)
    if excuse is not None:
        return Judgement("shell", excuse)
    if _is_list_address(page):
        return Judgement("index", "address of a list of articles")
    lines = _lines(page, source)
    if lists_documents_alike(lines, _folded(source, "documents_alike")):
        return Judgement("index", "lists documents alike and shows none")
    if page.is_html and len(page.links) > _MANY_LINKS and (share := link_share(page, lines)) > _MOSTLY_LINKS:
        return Judgement("index", f"{share:.0%} of the text is links")
    if is_listing(page, lines):
        return Judgement("index", "lists articles and is none")
    if page.is_html and is_home_of_articles(page):
        return Judgement("index", "home page that leads on to articles")
    if is_long_enough(lines):
        return Judgement("detail", "running text")
    if page.is_html and len(page.links) > _MANY_LINKS:
        return Judgement("index", "links and no running text")
    if sum(len(line.bare) for line in lines) >= _LEAST_TEXT:
        return Judgement("detail", "a short text")
    return Judgement("shell", "hardly any text")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """One Article, and the partnerships and people its text tells of; nothing for an index."""
    if page_verdict(page, source).verdict != "detail":
        return
    document = _document(page, source)
    if document is None:
        told = page_article(page, _lines(page, source), _furniture(source))
    else:
        told = ArticleText(page_title(page) or document.title, None, article_blocks(document.lines), None)
    record_id = _address_id(page) or content_id([*(block.text for block in told.blocks), told.title or ""])
    yield from article_findings(told, record_id, labels=page_labels(page))


@lru_cache(maxsize=1)
def _lines(page: Page, source: Source) -> list[Line]:
    """Lines of the article. Verdict and parser both ask."""
    return page_lines(page, source.phrases("end"), _furniture(source), source.phrases("doubtful_end"))


def _is_list_address(page: Page) -> bool:
    if page.address is None:
        return False
    path, query = page.address.path, page.address.query
    return _LIST_PATH.fullmatch(path) is not None or (not path.strip("/") and _LIST_QUERY.fullmatch(query) is not None)


@lru_cache(maxsize=1)
def _document(page: Page, source: Source) -> DocumentText | None:
    return document_text(_lines(page, source), _folded(source, "document_text"))


@lru_cache(maxsize=8)
def _folded(source: Source, phrases: str) -> frozenset[str]:
    return frozenset(map(folded_line, source.phrases(phrases)))


def _furniture(source: Source) -> Furniture:
    return Furniture(source.phrases("furniture"), ())


def _address_id(page: Page) -> str | None:
    """``web:<host>/<path>``, with the query where it chooses the page; the canonical address where it is of the same host.

    A canonical address that leads to the home page from another path is a site's mistake and is not followed.
    """
    if page.address is None or not page.address.netloc:
        return None
    host, path, query = page.address.netloc, page.address.path, page.address.query
    try:
        canonical = urlsplit(page.canonical or "")
    except ValueError:
        canonical = urlsplit("")
    same_host = canonical.hostname is not None and bare_host(canonical.hostname) == host
    if same_host and canonical.path.strip("/"):
        path, query = canonical.path, canonical.query
    chosen = urlencode([(name, value) for name, value in parse_qsl(query) if not _TRACKING.fullmatch(name)])
    return f"web:{host}/{path.strip('/')}" + (f"?{chosen}" if chosen else "")
