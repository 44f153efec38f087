"""The part of an HTML page that carries its article, told by the names authors give it, else by where the prose stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.articles.articles import LEAST_PROSE, prose_length
from pipeline.extract.articles.asides import is_aside
from pipeline.extract.articles.date_lines import date_in_line
from pipeline.extract.lines import Line
from pipeline.extract.page import Node, Page, one_line

_NAMED = (
    '[itemprop="articleBody"]', ".entry-content", ".post-content", ".article-content", ".article-body", ".article__content",
    ".post-body", ".itemBody", ".field--name-body", ".node__content",
    ".single-content", ".page-content", "article", "main", '[role="main"]',
    "#content", "#main", "#tresc", ".content", ".tresc",
)  # fmt: skip
_FURNITURE = (
    "nav, footer, aside, dialog, form, fieldset, [role=navigation], [role=banner], [role=contentinfo], [role=complementary],"
    " [role=search],"
    " [role=dialog], #comments, .comments, .comments-area, .comment-respond, .sidebar, #sidebar, .breadcrumb, .breadcrumbs,"
    " #breadcrumbs,"
    " .article-info,"
    " .pagination, .pager, .post-navigation, .nav-links, .navigation, .sharedaddy, .share-buttons, .share, .social,"
    " .social-links, .related,"
    " .related-posts, .jp-relatedposts, .relatedposts, .related_posts, .related-articles, .yarpp, .yarpp-related,"
    " .recent-posts, .widget-area, .addtoany_share_save_container, .pagenav, .menu, #menu, .skip-link, .screen-reader-text,"
    " .cookie, .cookies, .cookie-notice, #cookie-notice,"
    " .cookie-bar,"
    " .cookie-banner, #cookies, #cookie-law-info-bar, .newsletter, .post-meta, .entry-meta, .entry-footer, .tags,"
    " .wp-caption-text, figcaption,"
    " #footer, .footer, .site-footer, #colophon, .widget, .byline, .posted-on, .author-box, .author-bio, .about-author,"
    " .itemToolbar, .itemRelated, .itemComments, .itemNavigation, .itemAuthorBlock, .itemAuthorLatest, .itemLinks,"
    " .itemSocialSharing, .itemRatingBlock,"
    " .post-tags, .tags-links, .tagcloud, .post-nav, .nav-previous, .nav-next, .addthis_toolbox, .wp-block-latest-posts"
)
_COMMENTS = (
    "#comments, .comments, .comments-area, .comment-list, .commentlist, .comment-respond, #respond, #disqus_thread,"
    " [itemprop=comment]"
)
_SIGNS_OF_COMMENTS = ("comment", "respond", "disqus_thread")
_OF_ARTICLE = "h1, article:not(.comment):not(.comment-body), .entry-content, .post-content, .post-body, [itemprop=articleBody]"
"""What never stands among comments: a part that holds one of these is more than the comments, whatever it is called."""

_SURELY_NAMED = frozenset(('[itemprop="articleBody"]', ".entry-content", ".post-content", ".article-content", ".article-body"))
_LEAST_SURE = 240  # characters of prose
_LEAST_SURE_SHARE = 0.3
_HEADERS = "header, #header, .site-header, .header"
_DATE_BESIDE = re.compile(
    r"^\W*(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})(?:,?\s+\d{1,2}:\d{2})?\W+"
    r"|\s+\W*(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})\W*$"
)
_READ_ON_WORDS = (
    r"(?:(?:czytaj|zobacz) wi[ęe]cej|czytaj (?:dalej|ca[łl]o[śs][ćc])|wi[ęe]cej|читати (?:далі|більше)|детальніше|докладніше"
    r"|читать (?:далее|дальше)|подробнее|read more|continue reading)"
)
_READ_ON = re.compile(rf"\W*{_READ_ON_WORDS}\W*", re.IGNORECASE)
_CUT_OFF = re.compile(rf"(?:…|\.\.\.|\])\s*{_READ_ON_WORDS}\W*$", re.IGNORECASE)
_LONGEST_READ_ON = 30
_LEAD_ON = re.compile(rf"\W*{_READ_ON_WORDS}\b", re.IGNORECASE)
_LEAST_LISTED = 3
_HOME_PATH = re.compile(r"(?:/(?:pl|uk|ua|en))?/?(?:(?:index|default|home|start)\.\w{2,5})?", re.IGNORECASE)
_LINK_BEGINNING = 6  # characters by which a link's text is looked up
_LONGEST_ROW = 400
_MOST_STARTS = 20
_MOST_NODES = 400
_MOST_LEVELS = 60
_MOST_HEADINGS = 60
_MOST_HOME_LINKS = 1000
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_HEADING_ABOVE = 3  # levels: a span or a bold word may stand between a heading and its link
_BLOCKS = frozenset(("div", "section", "table", "tbody", "tr", "td", "center", "form", "article", "main", "blockquote"))
_LEAST_OF_ALL = 0.8
_LEAST_WITHOUT_HEADING = 0.92
_LEAST_SHARE = 0.6


def furniture_of(page: Page, comments: Sequence[Node]) -> list[Node]:
    """Parts that belong to no article: menus, footers, forms, notices. A part that holds half of the page is none of them."""
    body = page.dom.body
    if body is None:
        return []
    whole = len(body.text())
    found = [node for node in page.every(_FURNITURE)[:_MOST_NODES] if len(node.text()) * 2 < whole]
    found += comments  # which may be longer than all else on the page
    found += [
        node for node in page.every(_HEADERS)[:_MOST_NODES] if len(node.text()) * 2 < whole and not _is_inside_article(node)
    ]
    return found


def _is_inside_article(node: Node) -> bool:
    above = node.parent
    for _ in range(_MOST_LEVELS):
        if above is None:
            return False
        if above.tag in ("article", "main"):
            return True
        above = above.parent
    return False


def article_lines(page: Page) -> list[Line]:
    """Lines of the part of an HTML page that carries its article; all lines but furniture when no part stands out."""
    body = page.dom.body
    if body is None:
        return []
    readers = _comments_of(page)
    left_out = furniture_of(page, readers)
    whole = prose_length(page.lines_of(body, left_out=left_out))
    skipped = frozenset(node.mem_id for node in left_out)
    comments = frozenset(node.mem_id for node in readers)
    for selector in _NAMED:
        nodes = [node for node in page.every(selector)[:50] if node.mem_id not in skipped and not _is_within(node, comments)]
        lengths = [prose_length(page.lines_of(node, left_out=left_out)) for node in nodes]
        if not lengths or max(lengths) <= 0:
            continue
        best = nodes[lengths.index(max(lengths))]
        is_named = selector in _SURELY_NAMED and len(nodes) == 1 and lengths[0] >= _LEAST_SURE and not is_aside(best)
        if max(lengths) >= (_LEAST_SURE_SHARE if is_named else _LEAST_SHARE) * whole:
            return page.lines_of(best, left_out=left_out)
        if selector == "article" and len(nodes) > 1 and (own := _own_article(page, nodes, lengths, whole)) is not None:
            return page.lines_of(own, left_out=left_out)
    return page.lines_of(_densest(page, body, left_out, whole), left_out=left_out)


def _is_within(node: Node, others: frozenset[int]) -> bool:
    """Whether a node is one of the others or stands inside one."""
    here: Node | None = node if others else None
    for _ in range(_MOST_LEVELS):
        if here is None:
            return False
        if here.mem_id in others:
            return True
        here = here.parent
    return False


def _comments_of(page: Page) -> list[Node]:
    """What readers wrote below the article."""
    if not any(sign in page.text for sign in _SIGNS_OF_COMMENTS):
        return []
    found = page.every(_COMMENTS)[:_MOST_NODES]
    return [node for node in found if node.tag not in ("body", "main", "article") and node.css_first(_OF_ARTICLE) is None]


def _own_article(page: Page, nodes: Sequence[Node], lengths: Sequence[int], whole: int) -> Node | None:
    """The one of several articles under whose heading the page stands, where it is most of what no other article holds.

    A page may go on with other articles, whole or in short.
    """
    stated = [one_line(text).casefold() for text in (page.meta("og:title"), page.html_title) if text]
    for node, length in zip(nodes, lengths, strict=True):
        heading = node.css_first("h1, h2")
        title = one_line(heading.text()).casefold() if heading is not None else ""
        others = sum(lengths) - length
        is_own = len(title) > _LINK_BEGINNING and any(text.startswith(title) for text in stated)
        if is_own and length >= LEAST_PROSE and length >= _LEAST_SHARE * (whole - others):
            return node
    return None


def _densest(page: Page, body: Node, left_out: Sequence[Node], whole: int) -> Node:
    """The innermost block that holds most of the prose still; nearly all of it where the article's heading stands outside."""
    skipped = frozenset(node.mem_id for node in left_out)
    around_heading = _around_heading(page)
    here = body
    for _ in range(_MOST_LEVELS):
        below: Node | None = None
        child = here.child
        while child is not None:
            if child.tag in _BLOCKS and child.mem_id not in skipped:
                leaves_heading = here.mem_id in around_heading and child.mem_id not in around_heading
                least = _LEAST_WITHOUT_HEADING if leaves_heading else _LEAST_OF_ALL
                if prose_length(page.lines_of(child, left_out=left_out)) >= least * whole:
                    below = child
            child = child.next
        if below is None or not whole:
            return here
        here = below
    return here


def _around_heading(page: Page) -> frozenset[int]:
    """The nodes around the first heading that the title of the page begins with."""
    stated = [one_line(text).casefold() for text in (page.meta("og:title"), page.html_title) if text]
    for node in page.every("h1, h2, h3")[:_MOST_HEADINGS]:
        title = one_line(node.text()).casefold()
        if len(title) > _LINK_BEGINNING and any(text.startswith(title) for text in stated):
            found: list[int] = []
            above = node.parent
            while above is not None and len(found) < _MOST_LEVELS:
                found.append(above.mem_id)
                above = above.parent
            return frozenset(found)
    return frozenset()


def without_link_rows(page: Page, lines: Sequence[Line]) -> list[Line]:
    """The lines without those that several links make up and nothing else: menus that carry no name."""
    texts = [text for link in page.links if (text := "".join(link.text.split()))]
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text[:_LINK_BEGINNING], []).append(place)
    return [line for line in lines if not _is_link_row("".join(line.bare.split()), texts, places)]


def _is_link_row(written: str, texts: Sequence[str], places: dict[str, list[int]]) -> bool:
    if not written or len(written) > _LONGEST_ROW or written[-1] in ".;":
        return False
    starts = [at for size in range(1, _LINK_BEGINNING + 1) for at in places.get(written[:size], ())]
    for start in starts[:_MOST_STARTS]:
        left, at = written, start
        while left and at < len(texts) and left.startswith(texts[at]):
            left = left[len(texts[at]) :].lstrip("|/·•–-»>")
            at += 1
        if not left and at - start > 1:
            return True
    return False


def link_share(page: Page, lines: Sequence[Line]) -> float:
    """Share of the text of ``lines`` that is text of links, 0 to 1."""
    texts = frozenset(link.text for link in page.links if link.text)
    written = [one_line(line.text).lstrip("-•· ") for line in lines if not line.is_blank]
    whole = sum(map(len, written))
    return sum(len(text) for text in written if text in texts) / whole if whole else 0.0


def is_listing(page: Page, lines: Sequence[Line]) -> bool:
    """Whether the lines list articles instead of being one: links with a date before or behind each, or teasers to read on."""
    written = [one_line(line.text).lstrip("-•· ") for line in lines if not line.is_blank]
    return _lists_dated_links(page, written) or _lists_teasers(written)


def is_home_of_articles(page: Page) -> bool:
    """Whether the page stands at the root of its site and leads on to several articles, by linked headings or "read more".

    A page whose markup says that it is an article is none (``og:type``, https://ogp.me/#types).
    """
    if page.address is None or page.address.query or _HOME_PATH.fullmatch(page.address.path) is None:
        return False
    if (page.meta("og:type") or "").strip().casefold() == "article":
        return False
    own = {"", (page.url or "").partition("#")[0].rstrip("/")}
    headed: set[str] = set()
    led_on: set[str] = set()
    for node in page.every("a[href]")[:_MOST_HOME_LINKS]:
        text = one_line(node.text())
        heading = _heading_around(node)
        is_heading = heading is not None and len(text) > _LINK_BEGINNING and one_line(heading.text()) == text
        if not (is_heading or _LEAD_ON.match(text)) or is_aside(node):
            continue
        target = page.absolute(node.attrs.get("href") or "").partition("#")[0].rstrip("/")
        if target not in own:
            (headed if is_heading else led_on).add(target)
    return max(len(headed), len(led_on)) >= _LEAST_LISTED


def _heading_around(node: Node) -> Node | None:
    above = node.parent
    for _ in range(_HEADING_ABOVE):
        if above is None or above.tag in _HEADINGS:
            return above
        above = above.parent
    return None


def _lists_dated_links(page: Page, written: Sequence[str]) -> bool:
    texts = frozenset(link.text for link in page.links if link.text)
    undated = [(text, _DATE_BESIDE.sub("", text)) for text in written] if len(texts) >= _LEAST_LISTED else []
    listed = [bare for text, bare in undated if bare != text and bare in texts]
    others = [bare for _, bare in undated if bare not in texts]
    return len(listed) >= _LEAST_LISTED and not any(len(bare) >= LEAST_PROSE for bare in others)


def _lists_teasers(written: Sequence[str]) -> bool:
    prose = [text for text in written if len(text) >= LEAST_PROSE]
    cut = sum(_CUT_OFF.search(text, max(0, len(text) - _LONGEST_READ_ON)) is not None for text in prose)
    if cut >= _LEAST_LISTED and 2 * cut > len(prose):
        return True
    ends = [at for at, text in enumerate(written) if len(text) <= _LONGEST_READ_ON and _READ_ON.fullmatch(text)]
    if len(ends) == _LEAST_LISTED - 1 and sum(date_in_line(text) is not None for text in written) >= _LEAST_LISTED:
        return True  # the last teaser lost its link as furniture at the end of the page
    if len(ends) < _LEAST_LISTED:
        return False
    starts = [0, *(end + 1 for end in ends)]
    return all(
        sum(len(text) >= LEAST_PROSE for text in written[start:end]) <= 2 for start, end in zip(starts, ends, strict=False)
    )


def is_long_enough(lines: Sequence[Line]) -> bool:
    """Whether lines hold an article: at least one line of prose, or three lines of some length."""
    return prose_length(lines) >= LEAST_PROSE or sum(len(line.bare) >= LEAST_PROSE // 2 for line in lines) >= 3
