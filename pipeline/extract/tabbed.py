"""A record shown on tabs: head with breadcrumb and title, tab bar, body, labelled fields, tab bar again, footer.

Any of these may be missing: then the breadcrumb, the first labels, the footer or the furniture of the site bound the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.furniture import Bar, Furniture, folded_line, tab_bars
from pipeline.extract.lines import NBSP, Line
from pipeline.extract.page import one_line

_CRUMB_PARTS = re.compile(r"\s+(?::|»|>|›|/)\s+")
_LONGEST_CRUMB = 90
_NEAR = 8  # lines: how far a heading stands from its first label, a title from its breadcrumb
_LEAST_PROSE = 120
_PROSE = re.compile(r"[^\W\d_\u00a0][^@]{98,}[.!?”\"»)]")  # a paragraph, not a contact written on one line
_TAGS = re.compile(r"(?:#\w[\w-]*[\s,;]*+){1,30}")  # what posts are filed under


class TabbedSite(NamedTuple):
    """The wordings of a site that its pages are laid out by, and what is known of its labels.

    ``column_of`` gives the column of the listed label a line begins with, else None. ``telling_columns`` are those that
    no other list of labels holds: three labels with one of these are the labelled part even without its heading.
    ``head_ends``: beginnings of the line that ends the furniture above the record. ``is_text_heading``: whether the line is
    a heading that the site's texts have.
    """

    tab_names: Sequence[str]
    sure_tab_names: Sequence[str]
    label_headings: Sequence[str]
    sections: Sequence[str]
    home: Sequence[str]
    head_ends: Sequence[str]
    menu: Sequence[str]
    footer: Sequence[str]
    footer_starts: Sequence[str]
    widgets: Sequence[str]
    after_record: Sequence[str]
    is_text_heading: Callable[[Line], bool]
    column_of: Callable[[Line], str | None]
    telling_columns: frozenset[str]


class TabbedLayout(NamedTuple):
    """Where the record stands. ``labelled`` is without its heading, None when the page has no labelled part."""

    title: str | None
    section: str | None
    subsection: str | None
    body: list[Line]
    labelled: list[Line] | None
    has_bar: bool

    @property
    def is_record(self) -> bool:
        """Whether the page shows a tab bar or the labelled part: no listing does."""
        return self.has_bar or self.labelled is not None


class _Head(NamedTuple):
    title: str | None
    section: str | None
    subsection: str | None
    body_start: int


def tabbed_layout(lines: Sequence[Line], site: TabbedSite) -> TabbedLayout:
    """Head, body and labelled part of the page, by its tab bars where it has them, by the other signs where not."""
    lines = _with_heading_apart(lines, site)
    bars = tab_bars(lines, site.tab_names, site.sure_tab_names)
    labels_at = _labels_start(lines, site)
    top = _top_bar(lines, bars, labels_at, site)
    after = labels_at if labels_at is not None else (top.end if top else 0)
    bottom = next((bar for bar in bars if bar.start >= after and bar != top), None)
    stop = bottom.start if bottom else _end_without_bar(lines, after, site)
    body_end = labels_at if labels_at is not None else stop
    head = _head(lines, top, body_end, site)
    body = list(lines[head.body_start : body_end])
    if top is None:
        body = Furniture((*site.menu, *site.footer, *site.tab_names), site.footer_starts).stripped(body)
    elif bottom is None and labels_at is None:
        body = Furniture(site.footer, site.footer_starts).stripped(body)
    labelled = None
    if labels_at is not None:
        labelled = list(lines[labels_at:stop])
        if folded_line(labelled[0].text) in _folded(site.label_headings):
            # A layout table may print the whole labelled part as further lines of one cell.
            cell = labelled.pop(0).inner
            labelled = [line._replace(inner=False) for line in labelled] if cell else labelled
        if bottom is None:
            labelled = Furniture((*site.menu, *site.footer, *site.widgets), site.footer_starts).stripped(labelled)
        prose = _prose_start(labelled, site)
        body += labelled[prose:]
        labelled = [line for line in labelled[:prose] if line.text[:1] != "#" or not _TAGS.fullmatch(line.text)]
    body = Furniture(site.widgets, ()).stripped(body)
    if labelled is not None:
        body, labelled = _with_label_above(body, labelled, site)
    return TabbedLayout(head.title, head.section, head.subsection, body, labelled, bool(bars))


def _with_label_above(body: list[Line], labelled: list[Line], site: TabbedSite) -> tuple[list[Line], list[Line]]:
    """Body and labelled part; a field of it that stands above the text instead ("Data dodania: 5 maja 2023") moved to it."""
    at = next((at for at, line in enumerate(body) if not line.is_blank), None)
    if at is None or ":" not in body[at].text[:_LONGEST_CRUMB] or len(body[at].text) > _LONGEST_CRUMB:
        return body, labelled
    column = site.column_of(body[at])
    if column not in site.telling_columns or any(site.column_of(line) == column for line in labelled):
        return body, labelled
    return body[at + 1 :], [body[at], *labelled]


def around(site: TabbedSite) -> Furniture:
    """Menu, banners and footer: what stands around a record whose tab bars do not bound it."""
    return Furniture((*site.menu, *site.footer), site.footer_starts)


def breadcrumb(line: Line, site: TabbedSite) -> tuple[str, str | None] | None:
    """Section and subsection of a breadcrumb like "<nbsp>Usługi społeczne : Kultura", None for another line."""
    # In a layout table the breadcrumb may share its line with the cell before it.
    raw = line.text.rpartition("\t")[2]
    text, sections = one_line(raw), _folded(site.sections)
    parts = [part for part in _CRUMB_PARTS.split(text) if folded_line(part) not in _folded(site.home)]
    if len(parts) > 1 and (folded_line(parts[0]) in sections or (raw.startswith(NBSP) and len(text) <= _LONGEST_CRUMB)):
        return parts[0].strip(), " : ".join(parts[1:])
    if len(parts) == 1 and raw.startswith(NBSP) and folded_line(parts[0]) in sections:
        return parts[0].strip(), None
    return None


def _head(lines: Sequence[Line], top: Bar | None, stop: int, site: TabbedSite) -> _Head:
    """Title and breadcrumb above the tab bar; without a bar, the breadcrumb and the line after it."""
    if top is None:
        return _head_without_bar(lines, stop, site)
    above = [position for position in range(top.start) if not lines[position].is_blank]
    for back in range(2, min(len(above), 5) + 1):
        crumb = breadcrumb(lines[above[-back]], site)
        if crumb is not None:
            return _Head(" ".join(one_line(lines[p].text) for p in above[-back + 1 :]), *crumb, top.end)
    if not above:
        return _Head(None, None, None, top.end)
    last = lines[above[-1]]
    crumb = breadcrumb(last, site)
    if crumb is not None:
        return _Head(None, *crumb, top.end)
    is_counter = folded_line(last.text).startswith(tuple(_folded(site.head_ends)))
    return _Head(None if is_counter or around(site).holds(last) else one_line(last.text), None, None, top.end)


def _head_without_bar(lines: Sequence[Line], stop: int, site: TabbedSite) -> _Head:
    for position in range(stop):
        crumb = breadcrumb(lines[position], site)
        if crumb is not None:
            title_at = next((p for p in range(position + 1, stop) if not lines[p].is_blank), None)
            if title_at is None:
                return _Head(None, *crumb, position + 1)
            return _Head(one_line(lines[title_at].text), *crumb, title_at + 1)
    ends = tuple(_folded(site.head_ends))
    counted = [position for position in range(stop) if folded_line(lines[position].text).startswith(ends)]
    return _Head(None, None, None, counted[-1] + 1 if counted else 0)


def _top_bar(lines: Sequence[Line], bars: Sequence[Bar], labels_at: int | None, site: TabbedSite) -> Bar | None:
    """The tab bar above the body: the first of several, or a single one with nothing but a head before it."""
    before = [bar for bar in bars if labels_at is None or bar.start < labels_at]
    if not before:
        return None
    if len(before) > 1 or labels_at is not None:
        return before[0]
    above = [line for line in lines[: before[0].start] if not line.is_blank]
    if any(breadcrumb(line, site) for line in above[-4:]):
        return before[0]
    furniture = around(site)
    if sum(not furniture.holds(line) for line in above) < 2 and any(
        not line.is_blank and not furniture.holds(line) for line in lines[before[0].end :]
    ):
        return before[0]  # nothing but a title above it: short as the body may be, it stands below
    below = sum(len(line.bare) for line in lines[before[0].end :])
    return before[0] if sum(len(line.bare) for line in above[-_NEAR:]) <= below else None


def _labels_start(lines: Sequence[Line], site: TabbedSite) -> int | None:
    """Where the labelled part begins: its heading, else the first of at least three of its labels close to each other."""
    columns = [site.column_of(line) for line in lines]
    headings = _folded(site.label_headings)
    named = [position for position, line in enumerate(lines) if folded_line(line.text) in headings]
    for position in named:
        if any(columns[position + 1 : position + 1 + _NEAR]):
            return position
    if _is_listing(columns, site):
        return None
    for position, column in enumerate(columns):
        if column is not None:
            near = {other for other in columns[position : position + 2 * _NEAR] if other}
            if len(near) > 2 and near & site.telling_columns:
                return position
    # The first wording is the site's own; the others could be a heading of the text.
    sure = [position for position in named if folded_line(lines[position].text) == folded_line(site.label_headings[0])]
    return sure[0] if sure else None


def _is_listing(columns: Sequence[str | None], site: TabbedSite) -> bool:
    """Whether labels that stand once in a record come back: a page that lists several."""
    return sum(columns.count(column) > 1 for column in sorted(site.telling_columns)) > 1


def _prose_start(labelled: Sequence[Line], site: TabbedSite) -> int:
    """Where paragraphs follow the labels, parted from them by a blank line, or a heading of the text with no label below it."""
    for position, line in enumerate(labelled):
        if not position or not labelled[position - 1].is_blank or line.is_blank:
            continue
        if _PROSE.fullmatch(line.text) and site.column_of(line) is None:
            return position
        is_heading = line.role == "heading" and (
            folded_line(line.text) in _folded(site.tab_names) or site.is_text_heading(line)
        )
        if is_heading and not any(site.column_of(below) for below in labelled[position:]):
            return position
    return len(labelled)


def _with_heading_apart(lines: Sequence[Line], site: TabbedSite) -> Sequence[Line]:
    """The lines, with the heading of the labelled part on a line of its own where the first label is glued to it."""
    heading = _glued_heading(site.label_headings[0])
    for position, line in enumerate(lines):
        glued = heading.fullmatch(line.bare)
        if glued is not None and site.column_of(rest := line._replace(text=glued[2])) is not None:
            return [*lines[:position], line._replace(text=glued[1]), rest, *lines[position + 1 :]]
    return lines


@lru_cache(maxsize=8)
def _glued_heading(heading: str) -> re.Pattern[str]:
    return re.compile(rf"({re.escape(heading)})[\s:]+(\S.*)", re.IGNORECASE)


def _end_without_bar(lines: Sequence[Line], start: int, site: TabbedSite) -> int:
    """Where the record ends on a page whose second tab bar is missing: at a footer line with no prose after it."""
    footer = Furniture(site.after_record, site.footer_starts)
    last_prose = max((p for p in range(start, len(lines)) if len(lines[p].bare) > _LEAST_PROSE), default=start)
    return next((p for p in range(start, len(lines)) if p > last_prose and footer.holds(lines[p])), len(lines))


def _folded(texts: Sequence[str]) -> frozenset[str]:
    return _kept_folded(tuple(texts))


@lru_cache(maxsize=64)
def _kept_folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(folded_line(text) for text in texts)
