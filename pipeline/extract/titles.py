"""Titles of a page by its markup, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.furniture import folded_line
from pipeline.extract.lines import Line
from pipeline.extract.page import Page, one_line

_HEAD_LINES = 8
_JOINT = re.compile(r"\s+(?:-|–|—|\||::|»)\s+")


def markup_titles(page: Page, site_names: Sequence[str]) -> list[str]:
    """What ``h1``, ``og:title`` and ``<title>`` say, in this order, each without the site's names at its ends."""
    names = frozenset(folded_line(name) for name in site_names)
    texts = [one_line(node.text()) for node in page.every("h1")] + [page.meta("og:title") or "", page.html_title or ""]
    titles = (_without_names(one_line(text), names) for text in texts)
    return [title for title in titles if title]


def without_title(body: Sequence[Line], title: str) -> list[Line]:
    """The body below a line that repeats the title; the whole body when none of its first lines does."""
    written = [position for position, line in enumerate(body) if not line.is_blank]
    same = [p for p in written[:_HEAD_LINES] if one_line(body[p].text).casefold() == title.casefold()]
    is_heading = bool(same) and (same[0] == written[0] or body[same[0]].role == "heading")
    return list(body[same[0] + 1 :]) if is_heading else list(body)


def _without_names(text: str, names: frozenset[str]) -> str:
    joints = [(match.start(), match.end()) for match in _JOINT.finditer(text)]
    start, end = 0, len(text)
    while joints and folded_line(text[joints[-1][1] : end]) in names:
        end = joints.pop()[0]
    while joints and folded_line(text[start : joints[0][0]]) in names:
        start = joints.pop(0)[1]
    title = text[start:end]
    return "" if folded_line(title) in names else title
