"""What stands beside an article: menus, columns, comments, quotations, lists of other articles, told by tags and names."""

from __future__ import annotations

from pipeline.extract.page import Node

_MOST_LEVELS = 60
_TAGS = frozenset(("nav", "footer", "aside", "blockquote"))
_CLASSES = frozenset(
    (
        "sidebar", "widget", "widget-area", "tagcloud", "tag-cloud", "related", "moduletable", "region-sidebar-first",
        "comment", "comments", "comments-area", "comment-list", "commentlist", "comment-body",
        "related-posts", "related-articles", "relatedposts", "related_posts", "jp-relatedposts", "yarpp", "yarpp-related",
        "recent-posts", "popular-posts", "teaser", "teasers", "summary-item", "post-navigation", "nav-links",
    )
)  # fmt: skip
_IDS = frozenset(("comments", "aside", "footer", "sidebar", "respond", "disqus_thread"))


def is_aside(node: Node) -> bool:
    """Whether a node stands in a menu, a footer, a column beside the article, its comments or what it quotes.

    The ``footer`` of an article itself is no aside: days and tags stand there.
    """
    above = node.parent
    is_footer = False
    for _ in range(_MOST_LEVELS):
        if above is None or above.tag == "html":
            return is_footer
        if above.tag == "article":
            is_footer = False
        if above.tag == "footer":
            is_footer = True
        elif above.tag in _TAGS or above.id in _IDS:
            return True
        if not _CLASSES.isdisjoint((above.attrs.get("class") or "").split()):
            return True
        above = above.parent
    return is_footer
