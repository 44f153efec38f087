"""Baza Dobrych Praktyk: the tabs of a practice on the old and the new site.

The old site prints menu, visitor counter, breadcrumb, title, tab bar, body, on the first tab the Metryka, the tab bar again
and a footer; a text rendering of the new site prints the body alone.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from pipeline.extract.attachments import looks_like_files, offered_files
from pipeline.extract.furniture import Bar, Furniture, folded_line, tab_bars
from pipeline.extract.labelled import StatusOf, known_label, labelled_values
from pipeline.extract.lines import NBSP, Line
from pipeline.extract.page import Page, one_line
from pipeline.extract.sections import folded_heading, text_blocks
from pipeline.normalise.slugs import title_slug
from pipeline.records import Finding, LabelledValue, LabelStatus, PageIssue, PracticeTab, Tab
from pipeline.sources.spec import Judgement, Source, folded_label

_NEW_SITE = re.compile(r"/praktyka/(\d+)(?:,([^/?#]*?))?(?:\.html?)?/?(?:[?#]|$)", re.IGNORECASE)
_STATIC = re.compile(r"/strona/", re.IGNORECASE)
_CRUMB_PARTS = re.compile(r"\s+(?::|»|>|›|/)\s+")
_TITLE_PARTS = re.compile(r"\s+(?:-|–|—|\||::|»)\s+")
_REMARK = re.compile(r"\s*\([^)]*\)")
_WITHOUT = ("nav", "header", "footer")
# Columns that stand in no other list of labels, so that three labels with one of these are a Metryka without its heading.
_METRYKA_COLUMNS = frozenset({"entered_on", "unit_type", "powiat", "voivodeship", "implementing_unit", "population"})
_SHORT_PAGE = 1_500  # letters
_HEAD_LINES = 8
_LONGEST_CRUMB = 90
_LEAST_PROSE = 120


class _Address(NamedTuple):
    """What the address says: number of the practice on the old or new site, slug, and tab."""

    art: str | None = None
    new_id: str | None = None
    slug: str | None = None
    tab: Tab | None = None
    is_static: bool = False


class _Layout(NamedTuple):
    """Where the practice stands on the page. ``has_head``: a tab bar or a breadcrumb was seen; ``metryka`` without heading line."""

    title: str | None
    section: str | None
    subsection: str | None
    body: list[Line]
    metryka: list[Line] | None
    has_bar: bool
    has_head: bool


def page_verdict(page: Page, source: Source) -> Judgement:
    """Detail for a tab of a practice that carries text, labels or files; else what the page is instead."""
    status = page.capture.status_code
    if status in (404, 410):
        return Judgement("gone", f"status {status}")
    if status is not None and status >= 300:
        return Judgement("shell", f"status {status}")
    address = _page_address(page, source)
    if address.is_static:
        return Judgement("not_ours", "a static page of the site (/strona/), never a practice")
    lines = _page_lines(page)
    if all(line.is_blank for line in lines):
        return Judgement("shell", "page without text")
    layout = _layout(page, source)
    is_practice = layout.has_bar or layout.metryka is not None
    excuse = _excuse(page, source, layout.body if is_practice else lines)
    if excuse is not None:
        return Judgement("shell", excuse)
    if is_practice:
        return _practice_verdict(layout, address, source)
    if address.art is not None and not layout.has_head:
        return Judgement("shell", "address of a practice, but neither tab bar nor Metryka nor breadcrumb on the page")
    if address.art is not None or address.new_id is not None:
        return Judgement("detail", "address of a practice") if layout.body else Judgement("shell", "no text of a practice")
    if page.is_html and not any(_leads_on(link.url) for link in page.links):
        return Judgement("not_ours", "neither a practice nor a link to one")
    return Judgement("index", "no practice of its own: a listing or the home page")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """One PracticeTab for a page of a practice, and an issue for every label nobody listed; nothing for an index."""
    if page_verdict(page, source).verdict != "detail":
        return
    address, layout = _page_address(page, source), _layout(page, source)
    before, labels = _labels(layout, source)
    record_id = _record_id(address, layout)
    tab = _tab(address, layout)
    files = offered_files(page, layout.body, is_list=tab == "attachments", is_page=_leads_on)
    kept = [line for number, line in enumerate(layout.body) if number not in files.used]
    headings = frozenset(folded_heading(text) for text in source.phrases("headings"))
    yield PracticeTab(
        record_id=record_id,
        tab=tab,
        title=layout.title,
        slug=(title_slug(layout.title) if layout.title else "") or address.slug or None,
        section=layout.section,
        subsection=layout.subsection,
        blocks=text_blocks(kept, headings.__contains__, by_shape=tab == "presentation"),
        labels=labels,
        attachments=files.links,
    )
    if layout.title is None:
        yield PageIssue(
            record_id=record_id,
            table="practices",
            column="title",
            status="missing",
            reason="the page prints no title; the slug of its address is all that is known",
            raw_text=address.slug,
        )
    doubt = _doubt_about_tab(address, layout)
    if doubt is not None:
        yield PageIssue(record_id=record_id, table="practices", column=None, status="ambiguous", reason=doubt)
    if before:
        reason = "text in the Metryka before its first label"
        yield PageIssue(
            record_id=record_id,
            table="practices",
            column=None,
            status="unknown_label",
            reason=reason,
            raw_text="\n".join(before),
        )
    for label in labels:
        if label.status == "unknown":
            yield PageIssue(
                record_id=record_id,
                table="practices",
                column=None,
                status="unknown_label",
                reason=f"label is not listed in {source.name}.toml",
                label=label.label,
                raw_text="\n".join(label.lines),
            )


def _practice_verdict(layout: _Layout, address: _Address, source: Source) -> Judgement:
    if layout.metryka is not None:
        _, labels = _labels(layout, source)
        if labels and not any(label.lines for label in labels):
            return Judgement("shell", "every value of the Metryka is empty: the page did not render")
        if labels or layout.body:
            return Judgement("detail", "Metryka of a practice")
    if layout.body:
        return Judgement("detail", "tab bar of a practice")
    if layout.title is not None and _tab(address, layout) == "attachments":
        return Judgement("detail", "tab of attachments that lists none")
    return Judgement("shell", "tab of a practice without text")


def _excuse(page: Page, source: Source, lines: Sequence[Line]) -> str | None:
    """What a page that says little says instead of content: not found, login, maintenance, parking."""
    written = [folded_line(line.text) for line in lines if not line.is_blank]
    if sum(map(len, written)) > _SHORT_PAGE:
        return None
    title = [folded_line(page.html_title)] if page.html_title else []
    for kind in ("not_found", "maintenance", "login", "parking"):
        phrases = tuple(folded_line(phrase) for phrase in source.phrases(kind))
        # Menus of real pages offer a login too: there only the words of the body count.
        said = written[:_HEAD_LINES] + title if kind != "login" else _without_menu(written, source)
        for text in said:
            if text.startswith(phrases):
                return f"says {text[:80]!r} ({kind})"
    return None


def _without_menu(written: list[str], source: Source) -> list[str]:
    sections = frozenset(folded_line(name) for name in source.phrases("sections"))
    return [] if len(sections.intersection(written)) > 2 else written


def _page_address(page: Page, source: Source) -> _Address:
    """Parts of the page's address; where it names no practice, those of the addresses the page gives itself."""
    address = _address(page.url or "", source)
    if address.art or address.new_id or address.is_static:
        return address
    for url in (page.canonical, page.meta("og:url")):
        own = _address(url or "", source)
        if own.art or own.new_id:
            return own._replace(tab=address.tab if page.url else None)
    # The links of the tab bar name the practice; they must agree, since a page may link to others.
    names = frozenset(folded_line(name) for name in source.phrases("tab_names"))
    linked = {_address(link.url, source).art for link in page.links if folded_line(link.text) in names} - {None}
    return address._replace(art=linked.pop(), tab=None) if len(linked) == 1 else address


def _address(url: str, source: Source) -> _Address:
    cleaned = html.unescape(url)
    new = _NEW_SITE.search(cleaned)
    query = cleaned.partition("#")[0].rpartition("?")[2] if "?" in cleaned else ""
    fields = {key.casefold(): value.strip() for key, value in parse_qsl(query.replace(";", "&"), keep_blank_values=True)}
    if new is not None:
        slug = title_slug(unquote(new[2] or ""))
        return _Address(None, str(int(new[1])), slug or None, _tab_named(fields.get("tab"), source))
    if _STATIC.search(cleaned):
        return _Address(is_static=True)
    art = fields.get("art", "")
    if not re.fullmatch(r"[0-9]{1,9}", art) or int(art) == 0:
        return _Address()
    return _Address(str(int(art)), tab=_tab_named(fields.get("s", fields.get("tab", "1")), source))


def _tab_named(value: str | None, source: Source) -> Tab | None:
    if value is None:
        return None
    tabs: tuple[Tab, ...] = ("summary", "presentation", "attachments")
    return next((tab for tab in tabs if value.casefold() in source.phrases(f"tab_{tab}")), None)


def _leads_on(url: str) -> bool:
    """Whether a link leads to a page of the base: a practice, a section or a static page."""
    return re.search(r"[?&;](?:p1|art)=|/praktyk[ai]\b|/strona/", html.unescape(url), re.IGNORECASE) is not None


def _record_id(address: _Address, layout: _Layout) -> str:
    if address.art is not None:
        return f"bdp:{address.art}"
    if address.new_id is not None:
        return f"bdp2:{address.new_id}"
    stable = [layout.section, layout.subsection, layout.title]
    if layout.title is None:  # nothing that its tabs share: the text itself
        stable.append("\n".join(line.bare for line in layout.body if not line.is_blank))
    text = "\x1f".join(one_line(part or "").casefold() for part in stable)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _tab(address: _Address, layout: _Layout) -> Tab:
    """A Metryka makes the summary whatever the address says; else the address decides, else the text."""
    if layout.metryka is not None:
        return "summary"
    if address.tab is not None:
        return address.tab
    return "attachments" if looks_like_files(layout.body) else "presentation"


def _doubt_about_tab(address: _Address, layout: _Layout) -> str | None:
    if layout.metryka is not None and address.tab not in (None, "summary"):
        return f"the address names the tab {address.tab}, the page carries the Metryka of the summary"
    if layout.metryka is None and address.tab == "summary":
        return "the address names the summary, the page carries no Metryka"
    return None


def _labels(layout: _Layout, source: Source) -> tuple[list[str], list[LabelledValue]]:
    if layout.metryka is None:
        return [], []
    sub_labels = frozenset(folded_label(label) for label in source.phrases("sub_labels"))
    before, labels = labelled_values(
        layout.metryka,
        _status_of(source),
        is_sub_label=lambda label: folded_label(label) in sub_labels,
        compound=("contacts",),
        is_open=True,
    )
    return [text.strip() for text in before if text.strip()], labels


def _status_of(source: Source) -> StatusOf:
    def status_of(label: str) -> tuple[LabelStatus, str | None]:
        # "Liczba mieszkańców (2010):" is the listed label with a remark.
        for folded in (folded_label(label), folded_label(_REMARK.sub("", label))):
            if folded in source.column_of_label:
                return "mapped", source.column_of_label[folded]
            if folded in source.ignored_labels:
                return "ignored", None
        return "unknown", None

    return status_of


def _page_lines(page: Page) -> list[Line]:
    body = page.dom.body
    return page.lines_of(body, _WITHOUT) if page.is_html and body is not None else page.lines


def _layout(page: Page, source: Source) -> _Layout:
    """Head, body and Metryka of the page, by its tab bars where it has them, by breadcrumb and furniture where not."""
    lines = _page_lines(page)
    bars = tab_bars(lines, source.phrases("tab_names"), source.phrases("tab_names_sure"))
    metryka_at = _metryka_start(lines, source)
    top = _top_bar(lines, bars, metryka_at, source)
    after = metryka_at if metryka_at is not None else (top.end if top else 0)
    bottom = next((bar for bar in bars if bar.start >= after and bar != top), None)
    stop = bottom.start if bottom else _end_without_bar(lines, after, source)
    head = _head(lines, top, metryka_at if metryka_at is not None else stop, source)
    body_end = metryka_at if metryka_at is not None else stop
    body = lines[head.body_start : body_end]
    if top is None:
        body = Furniture(
            source.phrases("menu_lines") + source.phrases("footer_lines"), source.phrases("footer_starts")
        ).stripped(body)
    elif bottom is None and metryka_at is None:
        body = Furniture(source.phrases("footer_lines"), source.phrases("footer_starts")).stripped(body)
    title, body = _titled(page, source, head.title, body)
    body = Furniture(source.phrases("widget_lines"), ("\0",)).stripped(body)
    metryka = None
    if metryka_at is not None:
        metryka = lines[metryka_at:stop]
        if folded_line(metryka[0].text) in _folded(source, "metryka"):
            # A layout table may print the whole Metryka as further lines of one cell.
            metryka = [line._replace(inner=False) for line in metryka[1:]] if metryka[0].inner else metryka[1:]
    return _Layout(title, head.section, head.subsection, body, metryka, bool(bars), bool(bars) or head.section is not None)


class _Head(NamedTuple):
    title: str | None
    section: str | None
    subsection: str | None
    body_start: int


def _head(lines: Sequence[Line], top: Bar | None, stop: int, source: Source) -> _Head:
    """Title and breadcrumb above the tab bar; without a bar, the breadcrumb and the line after it."""
    sections = _folded(source, "sections")
    if top is None:
        for position in range(stop):
            crumb = _crumb(lines[position], sections)
            if crumb is not None:
                title_at = next((p for p in range(position + 1, stop) if not lines[p].is_blank), None)
                if title_at is None:
                    return _Head(None, *crumb, position + 1)
                return _Head(one_line(lines[title_at].text), *crumb, title_at + 1)
        ends = _folded(source, "counter_end")
        counted = [p for p in range(stop) if folded_line(lines[p].text).startswith(tuple(ends))]
        return _Head(None, None, None, counted[-1] + 1 if counted else 0)
    above = [p for p in range(top.start) if not lines[p].is_blank]
    for back in range(2, min(len(above), 5) + 1):
        crumb = _crumb(lines[above[-back]], sections)
        if crumb is not None:
            title = " ".join(one_line(lines[p].text) for p in above[-back + 1 :])
            return _Head(title, *crumb, top.end)
    furniture = Furniture(source.phrases("menu_lines") + source.phrases("footer_lines"), source.phrases("footer_starts"))
    if above and not furniture.holds(lines[above[-1]]) and _crumb(lines[above[-1]], sections) is None:
        return _Head(one_line(lines[above[-1]].text), None, None, top.end)
    return _Head(None, None, None, top.end)


def _crumb(line: Line, sections: frozenset[str]) -> tuple[str, str | None] | None:
    """Section and subsection of a breadcrumb like "<nbsp>Usługi społeczne : Kultura"."""
    text = one_line(line.text)
    parts = [part for part in _CRUMB_PARTS.split(text) if folded_line(part) != "strona główna"]
    if len(parts) > 1 and (folded_line(parts[0]) in sections or (line.text.startswith(NBSP) and len(text) <= _LONGEST_CRUMB)):
        return parts[0].strip(), " : ".join(parts[1:])
    if len(parts) == 1 and line.text.startswith(NBSP) and folded_line(parts[0]) in sections:
        return parts[0].strip(), None
    return None


def _top_bar(lines: Sequence[Line], bars: Sequence[Bar], metryka_at: int | None, source: Source) -> Bar | None:
    """The tab bar above the body: the first of several, or a single one with nothing but a head before it."""
    before = [bar for bar in bars if metryka_at is None or bar.start < metryka_at]
    if not before:
        return None
    if len(before) > 1 or metryka_at is not None:
        return before[0]
    sections = _folded(source, "sections")
    above = [line for line in lines[: before[0].start] if not line.is_blank]
    if any(_crumb(line, sections) for line in above[-4:]):
        return before[0]
    below = sum(len(line.bare) for line in lines[before[0].end :])
    return before[0] if sum(len(line.bare) for line in above[-_HEAD_LINES:]) <= below else None


def _metryka_start(lines: Sequence[Line], source: Source) -> int | None:
    """Where the Metryka begins: its heading, else the first of at least three of its labels close to each other."""
    status_of = _status_of(source)
    columns = [_column(line, status_of) for line in lines]
    headings = _folded(source, "metryka")
    named = [position for position, line in enumerate(lines) if folded_line(line.text) in headings]
    for position in named:
        if any(columns[position + 1 : position + 1 + _HEAD_LINES]):
            return position
    for position, column in enumerate(columns):
        if column is not None:
            near = {other for other in columns[position : position + 2 * _HEAD_LINES] if other}
            if len(near) > 2 and near & _METRYKA_COLUMNS:
                return position
    exact = [p for p in named if folded_line(lines[p].text) == folded_line(source.phrases("metryka")[0])]
    return exact[0] if exact else None


def _column(line: Line, status_of: StatusOf) -> str | None:
    label = known_label(line, status_of)
    return status_of(label)[1] if label is not None else None


def _end_without_bar(lines: Sequence[Line], start: int, source: Source) -> int:
    """Where the practice ends on a page whose second tab bar is missing."""
    footer = Furniture(source.phrases("after_practice"), source.phrases("footer_starts"))
    blanks = range(start, len(lines))
    for position in blanks:
        if footer.holds(lines[position]) and not any(_is_prose(line) for line in lines[position + 1 :]):
            return position
    return len(lines)


def _is_prose(line: Line) -> bool:
    return len(line.bare) > _LEAST_PROSE


def _titled(page: Page, source: Source, printed: str | None, body: list[Line]) -> tuple[str | None, list[Line]]:
    """The title and the body without a line that repeats it."""
    address = _page_address(page, source)
    written = [position for position, line in enumerate(body) if not line.is_blank]
    if address.new_id is None:
        candidates = [printed, *_titles_of_markup(page, source)] if printed or page.is_html else []
    else:
        candidates = [*_titles_of_markup(page, source), printed]
        # A text rendering of the new site has no title line of its own; a first line that makes the slug is one.
        candidates += [one_line(body[p].text) for p in written[:3] if address.slug and title_slug(body[p].text) == address.slug]
    known = [candidate for candidate in candidates if candidate]
    fitting = [candidate for candidate in known if address.slug and title_slug(candidate) == address.slug]
    title = next(iter(fitting or known), None)
    if title is not None:
        same = [p for p in written[:_HEAD_LINES] if one_line(body[p].text).casefold() == title.casefold()]
        if same and (same[0] == written[0] or body[same[0]].role == "heading"):
            body = body[same[0] + 1 :]
    return title, body


def _titles_of_markup(page: Page, source: Source) -> list[str]:
    """Titles in h1, og:title and title, without the name of the site."""
    names = _folded(source, "site_names")
    found = []
    for text in (*(one_line(node.text()) for node in page.every("h1")), page.meta("og:title"), page.html_title):
        parts = _TITLE_PARTS.split(one_line(text or ""))
        joints = _TITLE_PARTS.findall(one_line(text or ""))
        while parts and folded_line(parts[-1]) in names:
            parts.pop()
            joints = joints[:-1]
        while parts and folded_line(parts[0]) in names:
            parts.pop(0)
            joints = joints[1:]
        title = "".join(part + joint for part, joint in zip(parts, [*joints, ""], strict=False))
        if title and folded_line(title) not in names:
            found.append(title)
    return found


def _folded(source: Source, name: str) -> frozenset[str]:
    return frozenset(folded_line(phrase) for phrase in source.phrases(name))
