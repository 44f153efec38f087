"""When an HTML page says its article was published: what its head states, and the dates printed in its marked places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.articles.asides import is_aside
from pipeline.extract.articles.date_lines import date_in_line
from pipeline.extract.articles.structured import stated_of_article
from pipeline.extract.page import Node, Page, one_line
from pipeline.normalise.dates import dates_in, partial_date

_STATED = (
    "article:published_time",
    "og:article:published_time",
    "datePublished",
    "DC.date.issued",
    "DCTERMS.issued",
    "dcterms.issued",
    "DC.date.created",
    "DCTERMS.created",
    "dcterms.created",
    "DC.date",
    "DC:date",
    "dc.date",
)
"""``<meta>`` names of the day of publication: OpenGraph, schema.org, Dublin Core, in the order of how plainly they say so."""

_DATES = (
    "time, [itemprop=datePublished], .entry-date, .published, .dt-published, .post-date, .article-date, .news-date,"
    " .entry-time, .itemDateCreated, .createdate, dd.create, .elementor-post-info__item--type-date, .date"
)
_PUBLISHED_CLASSES = frozenset(("published", "dt-published"))
_OWN_CLASSES = frozenset(("published", "dt-published", "entry-date", "post-date", "post_date"))
_CHANGED_CLASSES = frozenset(("updated", "dt-updated", "modified", "date-modified"))
_CHANGED = re.compile(r"\bdate(?:Modified|Updated)\b")
_MOST_DATES = 20
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_PERMALINK_DAY = re.compile(r"/(?P<day>(?:19|20)\d{2}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01]))/[^/?#]{2,}")


def published(page: Page) -> str | None:
    """When the page says it was published: the printed date where it is a plain one, else the machine-readable one.

    A printed date further than a day from what the head of the page states is that of something else (a related article,
    or a day and a month in the order of another country): the head tells it then.
    """
    stated = _stated(page)
    day = _day(stated)
    for printed, machine in _marked_dates(page):
        if day is None and (printed or machine):
            return printed or machine
        if day is not None and printed is not None and _is_near(day, printed):
            return printed
    return stated


def is_same_day(published_text: str, text: str) -> bool:
    """Whether a text tells the day of publication as its one date, or the one beside it."""
    day = _day(published_text)
    told = dates_in(text) if day is not None else []
    return day is not None and len(told) == 1 and _is_near(day, told[0].raw)


def permalink_day(page: Page) -> str | None:
    """The day in the page's canonical address, "2024/03/15", which content systems make of the day of publication.

    Source: the structure of permalinks of WordPress. An address that only the request had is no statement of the page.
    """
    for address in (page.canonical, page.meta("og:url")):
        match = _PERMALINK_DAY.search(address) if address else None
        if match is not None:
            return match["day"]
    return None


def _stated(page: Page) -> str | None:
    values = (value for name in _STATED if (value := page.meta(name)) is not None and _ISO_DAY.match(value) is not None)
    found = next(values, None)
    if found is None:
        told = stated_of_article(page, "datePublished")
        found = told if told is not None and _ISO_DAY.match(told) is not None else None
    return found


def _marked_dates(page: Page) -> Iterator[tuple[str | None, str | None]]:
    """What the marked places of the page say, as printed and as stated for machines; those called publication come first."""
    nodes = page.every(_DATES)[:_MOST_DATES]
    for node in sorted(nodes, key=lambda node: not _is_publication(node)) if len(nodes) > 1 else nodes:
        attributes = node.attributes
        machine = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
        stated = machine if _ISO_DAY.match(machine) is not None else None
        printed = date_in_line(one_line(node.text()))
        if (printed or stated) and not _is_of_other(node):
            yield printed, stated


def _is_publication(node: Node) -> bool:
    attributes = node.attributes
    classes = (attributes.get("class") or "").split()
    return (
        attributes.get("itemprop") == "datePublished" or "pubdate" in attributes or not _PUBLISHED_CLASSES.isdisjoint(classes)
    )


def _is_of_other(node: Node) -> bool:
    """Whether a marked date is that of a change, a comment, a quotation or something beside the article."""
    attributes = node.attributes
    classes = (attributes.get("class") or "").split()
    if _CHANGED.search(attributes.get("itemprop") or "") is not None:
        return True
    if not _CHANGED_CLASSES.isdisjoint(classes) and _OWN_CLASSES.isdisjoint(classes):
        return True
    return is_aside(node)


def _day(stated: str | None) -> int | None:
    """Number of the day that a date tells, None where it tells none."""
    date = None
    if stated is not None:
        date = partial_date(stated[:10] if _ISO_DAY.match(stated) is not None else stated).value
    return date.whole.toordinal() if date is not None and date.whole is not None else None


def _is_near(day: int, printed: str) -> bool:
    """Whether a printed date is the day or one beside it, as midnight lies elsewhere in another time zone."""
    date = partial_date(printed).value
    return date is not None and date.whole is not None and abs(date.whole.toordinal() - day) <= 1
