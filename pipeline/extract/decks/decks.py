"""What the transcript on a page says: the title, the publisher and the slides of a deck, in any of three shapes.

Shape A (classic) and B (desktop) print slide numbers, shape C (amp) prints a line for each slide. A page whose labels are in
no list is read by its shape, and the labels are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pipeline.extract.decks.counted import counted_parts, counted_slides, numbers_apart
from pipeline.extract.decks.deck_titles import deck_title, html_titles, title_line
from pipeline.extract.decks.related_decks import after_related
from pipeline.extract.decks.slides import HIGHEST_SLIDE_NUMBER, NumberedSlides, numbered_slides
from pipeline.extract.decks.transcript import (
    Region,
    Wordings,
    ends_transcript,
    folded,
    head_lines,
    slide_paragraphs,
    transcript_region,
    without_ads_apart,
    without_footer,
    without_tail,
)
from pipeline.extract.page import Page
from pipeline.records import DeckShape, IssueStatus, PageIssue, SlideText

_LONGEST_TITLE = 120  # characters; a longer line that stands alone is the body of a slide without title
_MOST_PARTS = 50  # a page has one or two lines that end a transcript; a hostile one may have any number


class DeckReading(NamedTuple):
    """A transcript as read. ``slides``: texts as published; ``issues`` carry no record_id, which is made from the slides."""

    shape: DeckShape
    title: str | None
    publisher: str | None
    slides: list[SlideText]
    issues: list[PageIssue]


def deck_reading(
    page: Page,
    wordings: Wordings,
    *,
    is_deck_link: Callable[[str], bool],
    counted: Sequence[str] = (),
    is_excused: bool = False,
) -> DeckReading | None:
    """The deck of the page in whichever shape it has; None when there is no transcript.

    ``is_deck_link`` tells an address of a deck, as related presentations have; ``counted`` are words that number slides.
    A page that is excused (it begins as an error page does) holds a deck only below a theme line.
    """
    printed = numbers_apart(page, counted) if counted else page.lines
    lines = [line.bare.replace("\t", " ") for line in printed]
    region = transcript_region(lines, wordings)
    if is_excused and not region.has_theme:
        return None
    linked = frozenset(folded(link.text) for link in page.links if link.text and is_deck_link(link.url))
    parts = counted_parts(page, lines, counted)
    numbered: NumberedSlides | None
    reading: DeckReading | None
    if parts:
        head = transcript_region(lines[: parts[0].at], wordings)
        region = Region(lines[: parts[0].at], [], head.title)
        linked = frozenset(folded(link.text) for link in page.links if link.text)
        numbered = counted_slides(page, printed, lines, parts, wordings)
    else:
        numbered = _numbered_part(page, region, wordings)
    if numbered is not None:
        reading = _numbered_reading(page, region, numbered, linked, wordings)
    else:
        reading = _unnumbered_reading(page, region, linked, wordings)
    if reading is None or not reading.slides:
        return None
    issues = [
        deck_issue("presentations", "title", "unknown_label", "label is in no list, read by the shape of its line", label=label)
        for label in region.unknown_labels
    ]
    if reading.title is None:
        candidates = [text for text in (reading.slides[0].title,) if text]
        issues.append(
            deck_issue("presentations", "title", "missing", "the page prints no title of the deck", candidates=candidates)
        )
    return reading._replace(issues=issues + reading.issues)


def _numbered_part(page: Page, region: Region, wordings: Wordings) -> NumberedSlides | None:
    """The numbered slides of the region; None when its numbers make no deck (shape C, or no transcript at all)."""
    if region.has_theme:
        numbered = numbered_slides(without_ads_apart(region.body, wordings))
        return numbered if numbered is not None and _is_deck(numbered, region) else None
    best: NumberedSlides | None = None
    start = 0
    ends = [at for at, line in enumerate(region.body) if ends_transcript(line, None, wordings)]
    last = max((at for at in ends if not wordings.is_ad(region.body[at])), default=-1)
    ends = [at for at in ends if at > last or not wordings.is_ad(region.body[at])][:_MOST_PARTS]
    for at in [*ends, len(region.body)]:
        numbered = numbered_slides(region.body[start:at])
        start = at + 1
        if numbered is not None and (best is None or len(numbered.slides) > len(best.slides)) and _is_deck(numbered, region):
            best = numbered
    is_amp = page.address is not None and page.address.path.casefold().startswith("/amp")
    return None if best is not None and is_amp and not best.are_alone else best


def _is_deck(numbered: NumberedSlides, region: Region) -> bool:
    count = len(numbered.slides)
    first = numbered.slides[0].number
    lines = sum(len(list(filter(None, slide.lines))) for slide in numbered.slides) + len(list(filter(None, numbered.leading)))
    if count == 1:
        return first <= 1 and not any(numbered.leading) and (region.has_theme or (bool(region.head) and numbered.are_alone))
    if region.has_theme:
        return first <= 1 or 2 * numbered.steps >= count
    if 2 * numbered.steps < count or (first > 1 and count < 4):
        return False
    return numbered.are_alone or 4 * count >= lines


def _numbered_reading(
    page: Page, region: Region, numbered: NumberedSlides, linked: frozenset[str], wordings: Wordings
) -> DeckReading:
    head = [*region.head, *([] if region.has_theme else numbered.leading)]
    publisher, unknown = head_lines(head, wordings)
    issues: list[PageIssue] = []
    blocks = [[*slide.lines] for slide in numbered.slides]
    while len(blocks[-1]) > 1 and (not blocks[-1][-1] or folded(blocks[-1][-1]) in linked):
        blocks[-1].pop()  # related presentations whose label nobody listed
    blocks[-1] = without_tail(blocks[-1], wordings)
    paragraphs = [slide_paragraphs(block, wordings) for block in blocks]
    titled = [lines for lines in paragraphs if lines]
    headings = {line.bare for line in page.lines if line.role == "heading"}
    has_titles = 2 * sum(sum(map(len, lines)) > 1 for lines in titled) >= len(titled)
    slides = []
    leading = [line for line in numbered.leading if line and not (wordings.is_loading(line) or wordings.is_ad(line))]
    if not region.has_theme:
        leading = []  # the lines of the head
    if leading:
        slides.append(SlideText(number=None, title=None, text="\n".join(leading)))
        issues.append(
            deck_issue(
                "slides", "slide_number", "ambiguous", "text stands before the first slide number", raw_text="\n".join(leading)
            )
        )
    for slide, parts in zip(numbered.slides, paragraphs, strict=True):
        first = parts[0][0] if parts else ""
        is_title = bool(parts) and len(parts[0]) > 1
        if not is_title and len(first) <= _LONGEST_TITLE:
            is_heading = not headings.isdisjoint((first, f"{slide.number} {first}"))
            is_title = is_heading or (bool(parts) and numbered.are_alone and has_titles)
        title = first if is_title else None
        slides.append(SlideText(number=slide.number, title=title, text="\n".join(line for part in parts for line in part)))
    issues += _gap_issues(numbered)
    title = deck_title(page, region, wordings, unknown, slides, is_classic=not numbered.are_alone)
    known = {folded(title or ""), folded(region.title or "")}
    for line in [line for line in unknown if folded(line) not in known][:3]:
        issues.append(
            deck_issue("presentations", None, "unknown_label", "line above the transcript is in no list", raw_text=line)
        )
    shape: DeckShape = "desktop" if numbered.are_alone and not region.has_theme else "classic"
    return DeckReading(shape, title, publisher, slides, issues)


def _unnumbered_reading(page: Page, region: Region, linked: frozenset[str], wordings: Wordings) -> DeckReading | None:
    """Shape C: a line is a slide. What stands before (title, related presentations, advertisements) is left out."""
    publisher, _ = head_lines(region.head, wordings)
    lines = [line for line in region.body if line]
    issues: list[PageIssue] = []
    title = region.title or next(iter(html_titles(page, wordings)), None)
    above = [line for line in region.head if line and not wordings.is_named(line) and not wordings.publisher.fullmatch(line)]
    if title is None and len(above) == 1:
        title = above[0]
    if not region.has_theme:
        related = next((at for at, line in enumerate(lines) if wordings.is_similar(line)), len(lines))
        before = [line for line in lines[:related] if not wordings.is_named(line)]
        if related < len(lines) and len(before) <= 1:
            title = before[0] if before else title
            found = after_related(region.body, title, linked, wordings)
            if found is None:
                return None
            lines, doubt = found
            if doubt:
                issues.append(deck_issue("slides", "text", "ambiguous", doubt))
        else:
            lines = lines[:related]
            start = title_line(lines, title, wordings)
            if start is not None:
                title, lines = lines[start], lines[start + 1 :]
    end = next((at for at, line in enumerate(lines) if at and ends_transcript(line, title, wordings)), len(lines))
    lines = [line for line in lines[:end] if not wordings.is_ad(line) and not wordings.is_loading(line)]
    while lines and not region.has_theme and (wordings.is_named(lines[0]) or wordings.publisher.fullmatch(lines[0])):
        publisher = publisher or head_lines(lines[:2], wordings)[0]
        lines.pop(0)
    lines = without_footer(lines, wordings)
    known = (
        region.has_theme or bool(region.head) or any(wordings.is_similar(line) or wordings.is_ad(line) for line in region.body)
    )
    if not lines or len(lines) > HIGHEST_SLIDE_NUMBER or (not known and len(lines) < 3):
        return None
    if not known:
        issues.append(
            deck_issue("slides", "text", "ambiguous", "no label and no slide number is known: every line is taken for a slide")
        )
    return DeckReading("amp", title, publisher, [SlideText(number=None, title=None, text=line) for line in lines], issues)


def _gap_issues(numbered: NumberedSlides) -> Iterator[PageIssue]:
    """A gap is suspicious when three numbers or more are left out at one place, or one left out stands inside a slide."""
    for before, after in zip(numbered.slides, numbered.slides[1:], strict=False):
        missing = range(before.number + 1, after.number)
        inside = sorted(numbered.rivals.intersection(missing))
        if len(missing) >= 3 or inside:
            where = f"; {inside[0]} begins a line inside a slide" if inside else ""
            yield deck_issue(
                "slides",
                "slide_number",
                "ambiguous",
                f"no slide is numbered {missing[0]} to {missing[-1]}{where}",
                raw_text=str(after.number),
            )


def deck_issue(
    table: str,
    column: str | None,
    status: IssueStatus,
    reason: str,
    *,
    label: str | None = None,
    raw_text: str | None = None,
    candidates: list[str] | None = None,
) -> PageIssue:
    """A doubt about a deck or its slides; `record_id` comes when the record is known."""
    return PageIssue(
        record_id=None,
        table=table,
        column=column,
        status=status,
        reason=reason,
        label=label,
        raw_text=raw_text,
        candidates=candidates or [],
    )
