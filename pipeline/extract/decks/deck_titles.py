"""The title of a deck: its theme line, the lines above the transcript, the download line, and the HTML head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.articles.title_places import address_slug, slugged
from pipeline.extract.decks.transcript import Region, Wordings, begins_alike, folded
from pipeline.extract.lines import Line
from pipeline.extract.page import Page, one_line
from pipeline.records import SlideText

_PARTED = re.compile(r"[a-z]-[a-z]")
_GENERIC_SUFFIX = re.compile(r"\s+[-–|]\s+ppt(?:\s+\S+){1,3}$", re.IGNORECASE)


def deck_title(
    page: Page, region: Region, wordings: Wordings, unknown: Sequence[str], slides: Sequence[SlideText], *, is_classic: bool
) -> str | None:
    """The title, of its places the first that has it.

    These are the theme line, a line above the transcript that makes the address, one that the first slide begins like, the
    download line, and the HTML head.
    """
    if region.title:
        return region.title
    slug = address_slug(page) or ""
    named = slugged([Line(line) for line in region.head], slug) if _PARTED.search(slug) is not None else None
    if named is not None:
        return named.title
    published = html_titles(page, wordings)
    first = slides[0].text if slides else ""
    for line in unknown[:2]:
        if is_classic or folded(line) in map(folded, published):
            return line
    above = [line for line in region.head if line and not wordings.is_named(line) and not wordings.publisher.fullmatch(line)]
    for line in [*above, *unknown]:
        if begins_alike(first, line):
            return line
    downloaded = (wordings.downloaded_title(line.bare) for line in page.lines)
    return next((title for title in downloaded if title), None) or next(iter(published), None)


def html_titles(page: Page, wordings: Wordings) -> list[str]:
    """The names that the HTML head and the page's heading give the deck, without what the site adds to them."""
    heading = page.first("h1")
    found = []
    for text in (page.meta("og:title"), one_line(heading.text()) if heading is not None else None, page.html_title):
        bare = _GENERIC_SUFFIX.sub("", text.strip()) if text else ""
        for suffix in wordings.title_suffixes:
            if folded(bare).endswith(suffix):
                bare = bare[: len(bare.rstrip(" :.…")) - len(suffix)].strip()
        if bare and not wordings.is_named(bare):
            found.append(bare)
    return found


def title_line(lines: list[str], title: str | None, wordings: Wordings) -> int | None:
    """Where the title stands above unnumbered slides: a first line that the next one begins like."""
    first = next((at for at, line in enumerate(lines) if not wordings.is_named(line)), None)
    if first is None or first + 1 >= len(lines):
        return None
    following = next((line for line in lines[first + 1 :] if not wordings.is_named(line)), "")
    is_title = begins_alike(following, lines[first]) and (
        title is None or folded(title) == folded(lines[first]) or len(following) >= len(lines[first])
    )
    return first if is_title else None
