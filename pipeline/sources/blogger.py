"""Posts of blogs on Blogger: single posts and archive pages, old and new themes, HTML and text renderings.

Markup seen on 16 real pages: generator, canonical and og:title on all, ``.post-body`` on 15, ``#comments`` on 15,
``.post-title`` on 12, ``h2.date-header`` (outside the post, for every post of that day) on 10, ``abbr.published`` on 8,
``.post-labels`` on 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.extract.articles.article_page import article_findings
from pipeline.extract.articles.articles import is_prose
from pipeline.extract.articles.blogposts import html_posts
from pipeline.extract.articles.blogtext import BlogPost, Phrases, text_posts
from pipeline.extract.page import Page, bare_host
from pipeline.extract.prose import content_id
from pipeline.extract.shells import shell_reason
from pipeline.records import Finding, PageIssue
from pipeline.sources.spec import Judgement, Source

_POST_PATH = re.compile(r"/(?:\d{4}/\d{2}|p)/[^/]+\.html?$")
_NATIONAL = re.compile(r"\.blogspot\.(?:com?\.)?[a-z]{2,3}$")


def page_verdict(page: Page, source: Source) -> Judgement:
    """Detail for a page of one post, index for an archive or the home page, shell for a page without a post."""
    posts = _posts(page, source)
    if not any(is_prose(block.text) for post in posts for block in post.told.blocks):
        said = next((phrase for phrase in source.phrases("shell") if page.has_line(phrase)), None)
        if said is not None:
            return Judgement("shell", f"says {said!r} and carries no post")
    if posts:
        if _is_archive(page, posts):
            return Judgement("index", f"an archive page with {len(posts)} posts")
        return Judgement("detail", "a post")
    excuse = shell_reason(page)
    if excuse is not None:
        return Judgement("shell", excuse)
    if page.is_html and page.links and _post_path(page.url) is None and _post_path(page.canonical) is None:
        return Judgement("index", "a page of the blog without posts of its own")
    return Judgement("shell", "address or marks of a post, but no text of one")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """An Article for every post, with the partnerships and people its text tells of."""
    posts = _posts(page, source)
    is_archive = _is_archive(page, posts)
    for post in posts:
        address = post.permalink if is_archive else page.canonical or page.url or post.permalink
        texts = [block.text for block in post.told.blocks]
        record_id = _address_id(address) or content_id([*texts, post.told.title or ""])
        yield from article_findings(post.told, record_id, labels=post.labels, comments_text=post.comments_text)
        if post.is_cut:
            yield PageIssue(
                record_id=record_id,
                table="articles",
                column="text",
                status="missing",
                reason="the archive page carries the beginning of the post only; the post's own page has the rest",
            )


@lru_cache(maxsize=1)
def _posts(page: Page, source: Source) -> list[BlogPost]:
    """Posts of the page. Verdict and parser both ask."""
    phrases = _phrases(source)
    return html_posts(page, phrases) if page.is_html else text_posts(page.lines, phrases)


@lru_cache(maxsize=8)
def _phrases(source: Source) -> Phrases:
    return Phrases.of(source.phrases)


def _is_archive(page: Page, posts: list[BlogPost]) -> bool:
    """Whether the page lists posts: by its address; by the number of posts where no address is known."""
    if _post_path(page.canonical) is not None or _post_path(page.url) is not None:
        return False
    return len(posts) > 1 or page.url is not None or page.canonical is not None


def _post_path(url: str | None) -> str | None:
    """Path of a post or a static page of a blog in ``url``, None for any other address."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    return path if _POST_PATH.search(path) else None


def _address_id(url: str | None) -> str | None:
    """``blogger:<host>/<path>`` of a post's address; national hosts count as blogspot.com, where the same blog lives."""
    path = _post_path(url)
    if path is None or url is None:
        return None
    host = _NATIONAL.sub(".blogspot.com", bare_host(urlsplit(url).hostname or ""))
    return f"blogger:{host}/{path.lstrip('/')}" if host else None
