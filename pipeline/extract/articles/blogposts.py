"""Posts of a Blogger page in HTML: body, title, date, labels and comment count, from its markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.extract.articles.articles import ArticleText, article_blocks, is_prose, parted_credit, trimmed
from pipeline.extract.articles.blogtext import BlogPost, Phrases, text_posts
from pipeline.extract.articles.date_lines import date_in_line
from pipeline.extract.articles.mainpart import article_lines
from pipeline.extract.page import Node, Page, one_line

_BODY = ".post-body, .entry-content, [itemprop~=articleBody]"
_CONTAINERS = frozenset(("post", "hentry", "post-outer", "post-outer-container", "blog-post", "uncustomized-post-template"))
_INSIDE_BODY = (
    ".post-footer, .post-header, .share-buttons-container, .post-share-buttons, .jump-link, .reaction-buttons,"
    " #comments, .comments, .post-labels, .blog-pager, .goog-inline-block"
)
_MOST_LEVELS = 40


def html_posts(page: Page, phrases: Phrases) -> list[BlogPost]:
    """Posts of an HTML page in its order. A theme without any known body class is read as a page with one article."""
    matched = {node.mem_id: node for node in page.every(_BODY)}  # a node that fits two selectors of a list comes twice
    bodies = [node for node in matched.values() if not _stands_aside(node)]
    outermost = frozenset(node.mem_id for node in bodies)
    bodies = [node for node in bodies if not any(above.mem_id in outermost for above in _ancestors(node))]
    bodies = [node for node in bodies if one_line(node.text())]
    dates = _date_headers(page, bodies)
    is_single = len(bodies) == 1
    posts = [_html_post(page, body, dates.get(body.mem_id), phrases, is_single=is_single) for body in bodies]
    if not posts:
        return _unmarked_post(page, phrases)
    return [post for post in posts if post.told.blocks or post.told.title]


def _unmarked_post(page: Page, phrases: Phrases) -> list[BlogPost]:
    found = text_posts(article_lines(page), phrases)[:1]
    if not any(is_prose(block.text) for post in found for block in post.told.blocks):
        return []
    title = one_line(page.meta("og:title") or "") or None
    counted = next(filter(None, map(phrases.count_in, page.lines)), None)
    comments = _comments_text(page, phrases) or counted
    return [
        post._replace(
            told=post.told._replace(title=title or post.told.title),
            comments_text=comments or post.comments_text,
            labels=post.labels or [link.text for link in page.links if "/search/label/" in link.url],
        )
        for post in found
    ]


def _html_post(page: Page, body: Node, date_header: str | None, phrases: Phrases, *, is_single: bool) -> BlogPost:
    container = _container(body)
    lines = page.lines_of(body, left_out=body.css(_INSIDE_BODY))
    lines = [line for line in lines if not phrases.is_byline(line)]
    lines = phrases.furniture.stripped(lines)
    title = _title(page, container, is_single=is_single)
    if title is not None and lines and one_line(lines[0].text).casefold() == title.casefold():
        lines = list(trimmed(lines[1:]))
    kept, credit = parted_credit(lines)
    published = date_header or _published(page, container, is_single=is_single)
    told = ArticleText(title, published, article_blocks(kept), credit)
    labels = [one_line(node.text()) for node in container.css(".post-labels a, a[rel=tag]")]
    comments = _comments_text(page, phrases) if is_single else None
    return BlogPost(
        told=told,
        labels=list(dict.fromkeys(label for label in labels if label)),
        comments_text=comments or _comment_link(container, phrases),
        permalink=_permalink(page, container),
        is_cut=container.css_first(".jump-link a") is not None,
    )


def _ancestors(node: Node) -> Iterable[Node]:
    above = node.parent
    for _ in range(_MOST_LEVELS):
        if above is None:
            return
        yield above
        above = above.parent


def _classes(node: Node) -> frozenset[str]:
    return frozenset((node.attributes.get("class") or "").split())


def _stands_aside(node: Node) -> bool:
    """Whether the node stands in a sidebar, a list of popular posts or the comments."""
    for above in _ancestors(node):
        classes = _classes(above)
        if "widget" in classes and "Blog" not in classes:
            return True
        if above.id == "comments" or "comments" in classes or "snippet-container" in classes:
            return True
    return False


def _container(body: Node) -> Node:
    """The post around a body: the outermost node of a post's class that still stands inside the list of posts."""
    found: Node | None = None
    for above in _ancestors(body):
        classes = _classes(above)
        if "blog-posts" in classes or "hfeed" in classes or above.tag in ("body", "main") or "widget" in classes:
            break
        if classes & _CONTAINERS or above.tag == "article":
            found = above
    if found is not None:
        return found
    return body.parent or body


def _title(page: Page, container: Node, *, is_single: bool) -> str | None:
    for node in container.css(".post-title, .entry-title, [itemprop=headline]"):
        text = one_line(node.text())
        if text:
            return text
    if not is_single:
        return None
    headings = [one_line(node.text()) for node in page.every("#header h1, .Header h1, .blog-name, h1.title")]
    stated = one_line(page.meta("og:title") or "")
    return stated if stated and stated not in headings else None


def _date_headers(page: Page, bodies: Sequence[Node]) -> dict[int, str]:
    """Text of the date header that each body stands under: the last one before it in the page."""
    wanted = {body.mem_id for body in bodies}
    found: dict[int, str] = {}
    printed: str | None = None
    for node in page.every(f".date-header, {_BODY}"):
        if node.mem_id in wanted:
            if printed is not None:
                found[node.mem_id] = printed
        elif "date-header" in _classes(node) and not _stands_aside(node):
            printed = one_line(node.text()) or None
    return found


def _published(page: Page, container: Node, *, is_single: bool) -> str | None:
    """The date as printed in the post, else the machine-readable one: old themes print the time of day alone there."""
    machine: str | None = None
    for node in container.css("abbr.published, time, [itemprop=datePublished], .published, .post-timestamp, .date"):
        printed = date_in_line(one_line(node.text()))
        if printed is not None:
            return printed
        attributes = node.attributes
        stated = attributes.get("datetime") or attributes.get("title") or attributes.get("content") or ""
        machine = machine or (stated if re.match(r"\d{4}-\d{2}-\d{2}", stated) else None)
    if machine is None and is_single:
        machine = page.meta("datePublished") or page.meta("article:published_time")
    return machine


def _comments_text(page: Page, phrases: Phrases) -> str | None:
    """The count as the comments' heading prints it, or as the markup of new themes states it."""
    for part in page.every("#comments, .comments"):
        for line in page.lines_of(part):
            match = phrases.counted.fullmatch(one_line(line.text))
            if match is not None:
                return one_line(line.text)
        stated = (part.attributes.get("data-num-comments") or "").strip()
        if stated.isdigit():
            return stated
    return None


def _comment_link(container: Node, phrases: Phrases) -> str | None:
    for node in container.css(".comment-link, .post-comment-link, .comment-count"):
        text = one_line(node.text())
        if phrases.counted.fullmatch(text) is not None:
            return text
    return None


def _permalink(page: Page, container: Node) -> str | None:
    for node in container.css(".post-title a[href], a.timestamp-link[href], a[rel=bookmark], .entry-title a[href]"):
        href = (node.attributes.get("href") or "").strip()
        if href:
            return page.absolute(href)
    return None
