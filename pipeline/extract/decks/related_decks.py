"""Slides that stand below a list of related presentations, on a page that prints no slide numbers.

Such a page may print the list alone: then a line of it that begins as the title does is another deck and no first slide.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.extract.decks.transcript import Wordings, begins_alike, folded

_LEAST_CUT_TITLE = 100  # characters; titles are cut at about 150


def after_related(
    body: list[str], title: str | None, linked: frozenset[str], wordings: Wordings
) -> tuple[list[str], str | None] | None:
    """The slides below a list of related presentations, and a doubt; None when they cannot be told from the list.

    The first slide begins as the title does. Else links tell the list (HTML), else a blank line after it. ``linked``: folded
    texts of links to other decks.
    """
    marker = next(at for at, line in enumerate(body) if wordings.is_similar(line))
    below = body[marker + 1 :]
    parts = any(before and after for before, after in pairwise(below))
    for at, line in enumerate(below):
        if not (title and line and begins_alike(line, title)) or folded(line) in linked:
            continue
        if not _is_twin(line, title, is_apart=parts and _is_apart(below, at, wordings)):
            return [text for text in below[at:] if text], None
    if linked:
        return [line for line in below if line and folded(line) not in linked and not wordings.is_named(line)], None
    last_ad = max((at for at, line in enumerate(below) if wordings.is_ad(line)), default=-1)
    groups = _groups(below[last_ad + 1 :])
    if len(groups) < 2 or len(groups[0]) < 2:
        return None
    slides = [line for group in groups[1:] for line in group]
    return slides, "slides are told from the related presentations by a blank line only"


def _is_apart(lines: list[str], at: int, wordings: Wordings) -> bool:
    """Whether a blank line parts the line from a list above it; one behind an advertisement inside the list does not."""
    above = next((line for line in reversed(lines[:at]) if line), None)
    return above is not None and not lines[at - 1] and not wordings.is_ad(above)


def _is_twin(line: str, title: str, *, is_apart: bool) -> bool:
    """Whether a line that begins as the title does names another deck: one uploaded twice, or one whose name goes on otherwise.

    The site cuts a long title and puts a dot behind it; the first slide goes on where the title was cut. Lines of the list
    follow each other without a blank one.
    """
    said, whole = ("".join(filter(str.isalnum, text.casefold())) for text in (line, title))
    if len(title) >= _LEAST_CUT_TITLE and title.endswith(".") and said == whole:
        return True
    return not is_apart and not said.startswith(whole)


def _groups(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
