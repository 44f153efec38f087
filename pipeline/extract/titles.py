"""Titles of a page by its markup, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.furniture import folded_line
from pipeline.extract.page import Page, one_line

_JOINT = re.compile(r"\s+(?:-|–|—|\||::|»)\s+")


def markup_titles(page: Page, site_names: Sequence[str]) -> list[str]:
    """What ``h1``, ``og:title`` and ``<title>`` say, in this order, each without the site's names at its ends."""
    names = frozenset(folded_line(name) for name in site_names)
    texts = [one_line(node.text()) for node in page.every("h1")] + [page.meta("og:title") or "", page.html_title or ""]
    titles = (_without_names(one_line(text), names) for text in texts)
    return [title for title in titles if title]


def _without_names(text: str, names: frozenset[str]) -> str:
    joints = [(match.start(), match.end()) for match in _JOINT.finditer(text)]
    start, end = 0, len(text)
    while joints and folded_line(text[joints[-1][1] : end]) in names:
        end = joints.pop()[0]
    while joints and folded_line(text[start : joints[0][0]]) in names:
        start = joints.pop(0)[1]
    title = text[start:end]
    return "" if folded_line(title) in names else title
