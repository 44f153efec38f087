"""The title of an HTML page's article, told by its headings and by what the page states, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.articles.asides import is_aside
from pipeline.extract.articles.date_lines import date_in_line
from pipeline.extract.articles.structured import stated_of_article
from pipeline.extract.lines import Line
from pipeline.extract.page import Node, Page, one_line

_TITLE_CLASSES = (
    "h1.entry-title, h1.post-title, h1.page-title, h1.article-title, article h1, main h1, [itemprop=headline], h2.entry-title,"
    " h2.post-title, .page-header h2, .item-page h2, .itemTitle, .contentheading"
)
_JOINT = re.compile(r"\s+(?:-|–|—|\||::|»|‹|«|•|·)\s+")
_SITE_NAMES = frozenset(("header", "site-header", "site-title", "site-name", "blog-title", "blog-name", "logo", "masthead"))
_QUOTES = str.maketrans(dict.fromkeys("’‘ʼ`", "'") | dict.fromkeys("”“„«»", '"'))
_MOST_BELOW = 40
_MOST_LEVELS = 60


def page_title(page: Page) -> str | None:
    """Title of the article: its own heading where og:title or the HTML title begin with it, else og:title, heading, title.

    The site's name at the end of og:title and of the HTML title is left out where the page tells it. A heading that is the
    site's name gives way to the one further down that is another part of the stated title.
    """
    nodes = [node for node in page.every(_TITLE_CLASSES) or page.every("h1") if one_line(node.text())]
    headings = [one_line(node.text()) for node in nodes]
    stated = [one_line(text) for text in (page.meta("og:title"), page.html_title) if text]
    for node, heading in zip(nodes, headings, strict=True):
        if any(_folded(text).startswith(_folded(heading)) for text in stated):
            parts = _parts_below(page, stated, heading) if _is_of_site(node) else []
            return parts[-1] if parts else heading
    parts = _parts_below(page, stated)
    if headings:  # the site's name is the last part, and may be a heading of its own
        parts = [part for part in parts if any(_folded(text).startswith(_folded(part)) for text in stated)]
    if parts:
        return parts[-1]  # where the site's name is a heading too, it stands above
    site = one_line(page.meta("og:site_name") or "")
    if page.meta("og:title"):
        return _without_site(stated[0], site) or None
    title = one_line(page.html_title or "")
    if headings:
        return _beside_site(headings, title) or headings[0]
    return stated_of_article(page, "headline") or _before_day(title) or _without_site(title, site) or None


def _parts_below(page: Page, stated: Sequence[str], besides: str | None = None) -> list[str]:
    """Headings of lower rank that are a part of the stated title, another one than ``besides``."""
    wanted = besides.casefold() if besides is not None else None
    found: dict[str, None] = {}
    for node in page.every("h2, h3")[:_MOST_BELOW]:
        heading = one_line(node.text())
        is_other = len(heading) > 3 and heading.casefold() != wanted
        if is_other and any(_is_part(heading, text) for text in stated) and not is_aside(node):
            found[heading] = None
    return list(found)


def _folded(text: str) -> str:
    """A title as titles are compared: small letters, one kind of quotation marks."""
    return text.casefold().translate(_QUOTES)


def _is_of_site(node: Node) -> bool:
    """Whether a heading stands in the head of the site, where its name stands."""
    above: Node | None = node
    for _ in range(_MOST_LEVELS):
        if above is None or above.tag in ("article", "main"):
            return False
        names = {above.id or "", *(above.attributes.get("class") or "").split()}
        if not _SITE_NAMES.isdisjoint(names):
            return True
        above = above.parent
    return False


def heading_of(page: Page, title: str, lines: Sequence[Line]) -> str:
    """The title; where only the HTML title states it, beside the site's name, the first line when it is that part of it."""
    first = next((one_line(line.text) for line in lines if not line.is_blank), "")
    is_stated_once = page.meta("og:title") is None and page.first("h1") is None
    return first if is_stated_once and _is_part(first, title) else title


def _beside_site(headings: Sequence[str], stated: str) -> str | None:
    """The first part of the stated title where a day is the next and the page's one heading the last, as uCoz has it."""
    parts = _JOINT.split(stated)
    is_site = len(headings) == 1 and parts[-1].casefold() == headings[0].casefold()
    return _before_day(stated) if is_site else None


def _before_day(stated: str) -> str | None:
    """The first part of a stated title where a day is the next and more follows, as uCoz has it."""
    parts = [part.strip() for part in _JOINT.split(stated)]
    return parts[0] if len(parts) > 2 and date_in_line(parts[1]) is not None else None


def _is_part(heading: str, stated: str) -> bool:
    """Whether the heading is one of the parts that make up the stated title: "Biblioteka - Nocne czytanie"."""
    rest = one_line(stated)[len(heading) :]
    if len(heading) > 3 and one_line(stated).casefold().startswith(heading.casefold()) and _JOINT.match(rest) is not None:
        return True  # "Trzy gminy - jeden cel :: Aktualności": the heading may hold a dash of its own
    parts = _JOINT.split(one_line(stated))
    return len(parts) > 1 and len(heading) > 3 and heading.casefold() in [part.casefold() for part in parts]


def _without_site(title: str, site: str) -> str:
    for joint in (" - ", " – ", " — ", " | ", " :: ", " » "):
        before, found, after = title.rpartition(joint)
        if found and before and site and after.strip().casefold() == site.casefold():
            return before.strip()
    return title
