"""Posts of a Blogger page: body, title, date, labels and comment count, from its markup or from the order of its lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pipeline.extract.articles import (
    ArticleText,
    article_blocks,
    date_in_line,
    is_prose,
    parted_credit,
    text_article,
    trimmed,
)
from pipeline.extract.furniture import Furniture, folded_line
from pipeline.extract.lines import Line
from pipeline.extract.mainpart import article_lines
from pipeline.extract.page import Node, Page, one_line

_BODY = ".post-body, .entry-content, [itemprop~=articleBody]"
_CONTAINERS = frozenset(("post", "hentry", "post-outer", "post-outer-container", "blog-post", "uncustomized-post-template"))
_INSIDE_BODY = (
    ".post-footer, .post-header, .share-buttons-container, .post-share-buttons, .jump-link, .reaction-buttons,"
    " #comments, .comments, .post-labels, .blog-pager, .goog-inline-block"
)
_MOST_LEVELS = 40
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_LABEL_GAP = re.compile(r"\s*,\s*")


class BlogPost(NamedTuple):
    """One post. ``is_cut``: the page prints its beginning only and leads on to the rest."""

    told: ArticleText
    labels: list[str]
    comments_text: str | None
    permalink: str | None
    is_cut: bool = False


class Phrases(NamedTuple):
    """Wordings around posts, by what they say."""

    counted: re.Pattern[str]
    comments: tuple[str, ...]
    end: tuple[str, ...]
    furniture: Furniture
    byline: re.Pattern[str]
    labels: re.Pattern[str]

    @classmethod
    def of(cls, phrases: Callable[[str], list[str]]) -> Phrases:
        """The wordings a source's TOML lists; ``phrases(name)`` gives the list of that name."""
        none = "|".join(map(re.escape, phrases("no_comments")))
        words = "|".join(map(re.escape, phrases("comment_words")))
        byline = "|".join(map(re.escape, phrases("byline")))
        labels = "|".join(map(re.escape, phrases("labels")))
        return cls(
            counted=re.compile(
                rf"(?P<count>(?:{none})|\d{{1,5}}\s+(?:{words})|(?:{words})\s*\(\d{{1,5}}\))\s*:?", re.IGNORECASE
            ),
            comments=tuple(folded_line(phrase) for phrase in phrases("comments")),
            end=tuple(folded_line(phrase) for phrase in phrases("end")),
            furniture=Furniture(phrases("furniture"), ()),
            byline=re.compile(rf"(?:{byline})\b.*", re.IGNORECASE | re.DOTALL),
            labels=re.compile(rf"(?:{labels})\s*:\s*(?P<labels>.*)", re.IGNORECASE | re.DOTALL),
        )

    def is_count(self, line: Line) -> bool:
        """Whether the line states the number of comments and nothing else."""
        return self.counted.fullmatch(one_line(line.text)) is not None

    def begins_comments(self, line: Line) -> bool:
        """Whether the line stands over the comments or offers to write one."""
        return folded_line(line.text) in self.comments

    def ends_post(self, line: Line) -> bool:
        """Whether nothing of a post stands from this line on."""
        return bool(line.bare) and folded_line(line.text).startswith(self.end)

    def is_byline(self, line: Line) -> bool:
        """Whether the line says who posted and at what time."""
        text = one_line(line.text)
        return len(text) <= 120 and self.byline.fullmatch(text) is not None and _CLOCK.search(text) is not None


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
    counted = next((one_line(line.text) for line in page.lines if phrases.is_count(line)), None)
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


def text_posts(lines: Sequence[Line], phrases: Phrases) -> list[BlogPost]:
    """Posts of a page that came as text. Several counts of comments with prose between them part several posts."""
    counts = [at for at, line in enumerate(lines) if phrases.is_count(line)]
    first_end = _end_of_post(lines, phrases)
    parts: list[tuple[Sequence[Line], str | None]] = []
    start = 0
    if len(counts) > 1 and first_end >= counts[-1]:
        for at in counts:
            parts.append((lines[start:at], one_line(lines[at].text)))
            start = at + 1
    else:
        count = counts[0] if counts else None
        cut = min(first_end, count) if count is not None else first_end
        parts.append((lines[:cut], one_line(lines[count].text) if count is not None else None))
    found = [_text_post(part, comments, phrases) for part, comments in parts]
    return [post for post in found if post.told.blocks]


def _end_of_post(lines: Sequence[Line], phrases: Phrases) -> int:
    """Where the last post ends: at the line over the comments, or at what stands below every post."""
    seen_prose = not any(is_prose(line.bare) for line in lines)
    for at, line in enumerate(lines):
        if seen_prose and (phrases.begins_comments(line) or phrases.ends_post(line)):
            return at
        seen_prose = seen_prose or is_prose(line.bare)
    return len(lines)


def _text_post(lines: Sequence[Line], comments_text: str | None, phrases: Phrases) -> BlogPost:
    kept = list(trimmed(lines))
    labels: list[str] = []
    while kept:
        last = kept[-1]
        labelled = phrases.labels.fullmatch(one_line(last.text))
        if labelled is not None:
            labels = [label for label in _LABEL_GAP.split(labelled["labels"]) if label]
        elif not (last.is_blank or phrases.is_byline(last) or phrases.furniture.holds(last)):
            break
        kept.pop()
    prose = next((at for at, line in enumerate(kept) if is_prose(line.bare)), len(kept))
    kept = [
        line
        for at, line in enumerate(kept)
        if not phrases.is_byline(line) and not (at < prose and phrases.begins_comments(line))
    ]
    return BlogPost(text_article(kept, phrases.furniture.holds), labels, comments_text, None)
