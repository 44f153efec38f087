"""Baza Dobrych Praktyk: the tabs of a practice on the old and the new site.

The old site prints menu, visitor counter, breadcrumb, title, tab bar, body, on the first tab the Metryka, the tab bar again
and a footer; a text rendering of the new site prints the body alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from pipeline.extract.attached.attachments import looks_like_files, offered_files
from pipeline.extract.furniture import Furniture, folded_line
from pipeline.extract.labelled import is_choice, known_label
from pipeline.extract.lines import Line
from pipeline.extract.linked_values import with_addresses_of_links, with_links_apart
from pipeline.extract.page import Node, Page, one_line
from pipeline.extract.people.person_labels import is_about_persons, names_person, unread_text
from pipeline.extract.practice_address import PracticeAddress, address_of_page, leads_on
from pipeline.extract.printed import without_print_marks
from pipeline.extract.sections import folded_heading, presentation_apart, text_blocks
from pipeline.extract.shells import listed_excuse
from pipeline.extract.tabbed import TabbedLayout, TabbedSite, around, tabbed_layout
from pipeline.extract.titles import markup_titles, without_title
from pipeline.normalise.slugs import title_slug
from pipeline.records import Finding, LabelledValue, PageIssue, PracticeTab, Tab
from pipeline.sources.labels import label_status, source_labels, why_unknown
from pipeline.sources.spec import Judgement, Source

_WITHOUT = ("nav", "header", "footer")
# Columns that hold one value, whatever number of labels speaks of it.
_SINGLE = frozenset({"entered_on", "unit_type", "locality", "gmina", "powiat", "voivodeship", "population"})
# Columns that stand in no other list of labels, so that three labels with one of these are a Metryka without its heading.
_METRYKA_COLUMNS = frozenset({"entered_on", "unit_type", "powiat", "voivodeship", "implementing_unit", "population"})
# Letters: what a page that is no practice says at most.
_SHORT_PAGE = 600
_SHORT_BODY = 300
_HEAD_LINES = 8

_EXCUSES = ("not_found", "maintenance", "login", "parking")

# Verdict and parser ask for the same parts of a page, the parser for the verdict too: what was read last is kept.


@lru_cache(maxsize=1)
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
    if all(line.is_blank for line in _page_lines(page, source)):
        return Judgement("shell", "page without text")
    layout = _layout(page, source)
    # A filled Metryka is a practice, whatever words its summary begins with.
    excuse = _excuse(page, source, layout) if not any(label.lines for label in _page_labels(page, source)[1]) else None
    if excuse is not None:
        return Judgement("shell", excuse)
    if layout.is_record:
        return _practice_verdict(layout, address, _page_labels(page, source)[1])
    if address.art is not None and layout.section is None:
        return Judgement("shell", "address of a practice, but neither tab bar nor Metryka nor breadcrumb on the page")
    if address.art is not None or address.new_id is not None:
        return Judgement("detail", "address of a practice") if layout.body else Judgement("shell", "no text of a practice")
    if page.is_html and not any(leads_on(link.url) for link in page.links):
        return Judgement("not_ours", "neither a practice nor a link to one")
    return Judgement("index", "no practice of its own: a listing or the home page")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """One PracticeTab for a page of a practice, and an issue for every label nobody listed; nothing for an index."""
    if page_verdict(page, source).verdict != "detail":
        return
    address, layout = _page_address(page, source), _layout(page, source)
    before, labels = _page_labels(page, source)
    record_id = _record_id(address, layout)
    tab = _tab(address, layout)
    files = offered_files(page, layout.body, is_list=tab == "attachments", is_page=leads_on)
    kept = [line for number, line in enumerate(layout.body) if number not in files.used]
    summary, presentation = _parts(kept, layout, source) if tab == "summary" else (kept, [])
    shown = PracticeTab(
        record_id=record_id,
        tab=tab,
        title=layout.title,
        slug=(title_slug(layout.title) if layout.title else "") or address.slug or None,
        section=layout.section,
        subsection=layout.subsection,
        blocks=text_blocks(summary, _headings(source).__contains__, by_shape=tab == "presentation"),
        labels=labels,
        attachments=files.links,
    )
    yield shown
    if presentation:
        blocks = text_blocks(presentation, _headings(source).__contains__, by_shape=True)
        yield msgspec.structs.replace(shown, tab="presentation", blocks=blocks, labels=[], attachments=[])
    if layout.title is None:
        reason = "the page prints no title; the slug of its address is all that is known"
        yield PageIssue(
            record_id=record_id, table="practices", column="title", status="missing", reason=reason, raw_text=address.slug
        )
    doubt = _doubt_about_tab(address, layout)
    if doubt is not None:
        yield PageIssue(record_id=record_id, table="practices", column=None, status="ambiguous", reason=doubt)
    if files.by_place:
        reason = f"files told by their place on the page alone, without a file name or a size: {files.by_place}"
        yield PageIssue(record_id=record_id, table="practice_attachments", column="title", status="ambiguous", reason=reason)
    if tab == "attachments" and any(not line.is_blank for line in kept):
        reason = "text beside the files; it stands in extracted/"
        yield PageIssue(record_id=record_id, table="practice_attachments", column=None, status="ambiguous", reason=reason)
    if before:
        reason = "text in the Metryka before its first label"
        yield unread_text("practices", record_id, reason, before, is_personal=names_person(before))
    for label in labels:
        if label.status == "unknown":
            is_personal = is_about_persons(label.label, source.phrases("person_words")) or names_person(label.lines)
            reason = why_unknown(label, source)
            yield unread_text("practices", record_id, reason, label.lines, label=label.label, is_personal=is_personal)


def _parts(lines: list[Line], layout: TabbedLayout, source: Source) -> tuple[list[Line], list[Line]]:
    """The summary and the full text, where a page without tabs shows both."""
    if layout.has_bar:
        return lines, []
    names = frozenset(map(folded_heading, source.phrases("presentation_heading")))
    return presentation_apart(lines, names, _headings(source).__contains__)


@lru_cache(maxsize=8)
def _headings(source: Source) -> frozenset[str]:
    return frozenset(folded_heading(text) for text in source.phrases("headings"))


def _practice_verdict(layout: TabbedLayout, address: PracticeAddress, labels: list[LabelledValue]) -> Judgement:
    if layout.labelled is not None:
        if labels and not any(label.lines for label in labels):
            return Judgement("shell", "every value of the Metryka is empty: the page did not render")
        if labels or layout.body:
            return Judgement("detail", "Metryka of a practice")
    if layout.body:
        return Judgement("detail", "tab bar of a practice")
    if layout.title is not None and _tab(address, layout) == "attachments":
        return Judgement("detail", "tab of attachments that lists none")
    return Judgement("shell", "tab of a practice without text")


def _excuse(page: Page, source: Source, layout: TabbedLayout) -> str | None:
    """What a page that says little says instead of content: not found, maintenance, login, parking."""
    lines = layout.body if layout.is_record else _page_lines(page, source)
    furniture = around(_site(source))
    written = [folded_line(line.text) for line in lines if not line.is_blank and not furniture.holds(line)]
    if sum(map(len, written)) > (_SHORT_BODY if layout.is_record else _SHORT_PAGE):
        return None
    said = written[:_HEAD_LINES] + ([folded_line(page.html_title)] if page.html_title else [])
    return listed_excuse(said, {kind: source.phrases(kind) for kind in _EXCUSES})


@lru_cache(maxsize=1)
def _page_address(page: Page, source: Source) -> PracticeAddress:
    return address_of_page(page, _tabs(source), source.phrases("tab_names_sure"))


@lru_cache(maxsize=8)
def _tabs(source: Source) -> dict[Tab, list[str]]:
    """The values by which an address names each tab."""
    tabs: tuple[Tab, ...] = ("summary", "presentation", "attachments")
    return {tab: source.phrases(f"tab_{tab}") for tab in tabs}


def _record_id(address: PracticeAddress, layout: TabbedLayout) -> str:
    if address.art is not None:
        return f"bdp:{address.art}"
    if address.new_id is not None:
        return f"bdp2:{address.new_id}"
    stable = [layout.section, layout.subsection, layout.title]
    if layout.title is None:  # nothing that its tabs share: the text itself
        stable.append("\n".join(line.bare for line in layout.body if not line.is_blank))
    text = "\x1f".join(one_line(part or "").casefold() for part in stable)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _tab(address: PracticeAddress, layout: TabbedLayout) -> Tab:
    """A Metryka makes the summary whatever the address says; else the address decides, else the text."""
    if layout.labelled is not None:
        return "summary"
    if address.tab is not None:
        return address.tab
    return "attachments" if looks_like_files(layout.body) else "presentation"


def _doubt_about_tab(address: PracticeAddress, layout: TabbedLayout) -> str | None:
    if layout.labelled is not None and address.tab not in (None, "summary"):
        return f"the address names the tab {address.tab}, the page carries the Metryka of the summary"
    if layout.labelled is None and address.tab == "summary":
        return "the address names the summary, the page carries no Metryka"
    return None


@lru_cache(maxsize=1)
def _page_labels(page: Page, source: Source) -> tuple[list[str], list[LabelledValue]]:
    """Text before the first label, and the labels."""
    layout = _layout(page, source)
    if layout.labelled is None:
        return [], []
    before, labels = source_labels(layout.labelled, source, contacts="contacts", single=_SINGLE, units=("locality", "gmina"))
    return before, with_addresses_of_links(with_links_apart(labels, page.links), page.links) if page.is_html else labels


@lru_cache(maxsize=1)
def _layout(page: Page, source: Source) -> TabbedLayout:
    site, address = _site(source), _page_address(page, source)
    if address.tab in ("presentation", "attachments"):
        # Only under its heading a Metryka outweighs the address; labels in a presentation are text.
        site = site._replace(telling_columns=frozenset())
    layout = tabbed_layout(_page_lines(page, source), site)
    title, body = _titled(page, source, layout)
    # A saved page may end its breadcrumb with the title.
    subsection = layout.subsection.removesuffix(f" : {title}") if layout.subsection and layout.subsection != title else None
    return layout._replace(title=title, body=body, subsection=subsection)


@lru_cache(maxsize=8)
def _site(source: Source) -> TabbedSite:
    status_of = label_status(source)
    choices = source.phrases("choices")

    @lru_cache(maxsize=4096)
    def column_of(line: Line) -> str | None:
        label = known_label(line, status_of)
        if label is not None:
            return status_of(label)[1] if not is_choice(line, choices) else None
        # A definition list prints its labels without a colon, and a rendering of it as text prints each on a line of its own.
        column = status_of(line.bare)[1] if "\t" not in line.text else None
        return column if line.role == "term" or column in _METRYKA_COLUMNS else None

    return TabbedSite(
        tab_names=source.phrases("tab_names"),
        sure_tab_names=source.phrases("tab_names_sure"),
        label_headings=source.phrases("metryka"),
        sections=source.phrases("sections"),
        home=source.phrases("home"),
        head_ends=source.phrases("counter_end"),
        menu=source.phrases("menu_lines"),
        footer=source.phrases("footer_lines"),
        footer_starts=source.phrases("footer_starts"),
        widgets=source.phrases("widget_lines"),
        after_record=source.phrases("after_practice"),
        is_text_heading=lambda line: folded_heading(line.text) in _headings(source),
        column_of=column_of,
        telling_columns=_METRYKA_COLUMNS,
    )


def _page_lines(page: Page, source: Source) -> list[Line]:
    body = page.dom.body
    if page.is_html and body is not None:
        return page.lines_of(body, _WITHOUT, _boxes_beside(page, source))
    return without_print_marks(page.lines, page.text)


def _boxes_beside(page: Page, source: Source) -> list[Node]:
    """Boxes beside the page's main part, whose telephones are the editors'; one that holds a Metryka is none."""
    boxes = page.every("aside")
    if not boxes or page.first("main, article") is None:
        return []
    within = {node.mem_id for node in page.every("main aside, article aside")}
    column_of = _site(source).column_of
    return [
        box
        for box in boxes
        if box.mem_id not in within
        and box.css_first("main, article") is None
        and not any(column_of(line) in _METRYKA_COLUMNS for line in page.lines_of(box, _WITHOUT))
    ]


def _titled(page: Page, source: Source, layout: TabbedLayout) -> tuple[str | None, list[Line]]:
    """The title and the body without a line that repeats it."""
    address, body = _page_address(page, source), layout.body
    written = [position for position, line in enumerate(body) if not line.is_blank]
    known = [layout.title, *markup_titles(page, source.phrases("site_names"))]
    if address.new_id is not None:
        # The new site prints the title in its markup; in text a first line is the title only when it makes the slug.
        known = [*known[1:], layout.title]
        known += [one_line(body[p].text) for p in written[:3] if address.slug and title_slug(body[p].text) == address.slug]
    titles = [title for title in known if title]
    fitting = [title for title in titles if address.slug and title_slug(title) == address.slug]
    title = next(iter(fitting or titles), None)
    if title is not None:
        body = without_title(body, title)
    return title, body if layout.has_bar else Furniture(source.phrases("tab_names"), ()).stripped(body)
