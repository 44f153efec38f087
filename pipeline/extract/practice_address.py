"""What the addresses of a practice say: its number on the old or the new site of the base, its slug and its tab."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from pipeline.extract.furniture import folded_line
from pipeline.extract.page import Page
from pipeline.normalise.slugs import title_slug
from pipeline.records import Tab

_NEW_SITE = re.compile(r"/praktyka/(\d+)(?:,([^/?#]*?))?(?:\.html?)?/?(?:[?#]|$)", re.IGNORECASE)
_STATIC = re.compile(r"/strona/", re.IGNORECASE)
_LEADS_ON = re.compile(r"[?&;](?:p1|art)=|/praktyk[ai]\b|/strona/", re.IGNORECASE)


class PracticeAddress(NamedTuple):
    """Number of the practice on the old (``art``) or new site, slug, and tab; what the address does not say is None."""

    art: str | None = None
    new_id: str | None = None
    slug: str | None = None
    tab: Tab | None = None
    is_static: bool = False


def address_of_page(page: Page, tabs: Mapping[Tab, Collection[str]], bar_names: Collection[str]) -> PracticeAddress:
    """Parts of the page's address; where it names no practice, those of the addresses the page gives itself.

    ``tabs``: the values by which an address names each tab, in small letters. ``bar_names``: texts of the tab bar's links.
    """
    address = practice_address(page.url or "", tabs)
    if address.art or address.new_id or address.is_static:
        return address
    for url in (page.canonical, page.meta("og:url")):
        own = practice_address(url or "", tabs)
        if own.art or own.new_id:
            return own._replace(tab=address.tab if page.url else None)
    # The links of the tab bar name the practice; they must agree, since a page may link to others.
    names = frozenset(folded_line(name) for name in bar_names)
    linked = {practice_address(link.url, tabs).art for link in page.links if folded_line(link.text) in names} - {None}
    return address._replace(art=linked.pop(), tab=None) if len(linked) == 1 else address


def practice_address(url: str, tabs: Mapping[Tab, Collection[str]]) -> PracticeAddress:
    """What one address says; nothing of an address that is no practice's."""
    cleaned = html.unescape(url)
    new = _NEW_SITE.search(cleaned)
    query = cleaned.partition("#")[0].rpartition("?")[2] if "?" in cleaned else ""
    fields = {key.casefold(): value.strip() for key, value in parse_qsl(query.replace(";", "&"), keep_blank_values=True)}
    if new is not None:
        slug = title_slug(unquote(new[2] or ""))
        return PracticeAddress(None, str(int(new[1])), slug or None, _tab_named(fields.get("tab"), tabs))
    if _STATIC.search(cleaned):
        return PracticeAddress(is_static=True)
    art = fields.get("art", "")
    if not re.fullmatch(r"[0-9]{1,9}", art) or int(art) == 0:
        return PracticeAddress()
    return PracticeAddress(str(int(art)), tab=_tab_named(fields.get("s", fields.get("tab", "1")), tabs))


def _tab_named(value: str | None, tabs: Mapping[Tab, Collection[str]]) -> Tab | None:
    if value is None:
        return None
    return next((tab for tab, values in tabs.items() if value.casefold() in values), None)


def leads_on(url: str) -> bool:
    """Whether a link leads to a page of the base: a practice, a section or a static page."""
    return _LEADS_ON.search(html.unescape(url)) is not None
