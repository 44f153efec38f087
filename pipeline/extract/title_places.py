"""Where the title of an article stands in a page that came as text: the line that others of the page, or its address, repeat.

Observed: a title longer than a menu entry stands below the site's name, a breadcrumb ends with it, a button is glued to it
("Wstecz Wspólna czytelnia"), and the address holds its words, all of them or the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.lines import Line
from pipeline.extract.page import one_line
from pipeline.extract.prose import latin_slug

_FARTHEST = 30  # lines: how far below the top of the page a title stands
_LONGEST_TITLE = 200
_LEAST_PART = 25  # characters of a slug that a part of the title is known by
_FILED = re.compile(r"(?:[^\W\d_]+(?:-[^\W\d_]+)?\s+){1,4}(?P<day>\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})")
_ASKED = 20  # characters of a line that are looked at first
_LEAST_CUT = 40  # characters from which on a site cuts a slug
_WAY = re.compile(r"(?:strona główna|start|home|головна(?: сторінка)?|главная)\s+[>»›/|→]|»\s+»", re.IGNORECASE)
_JOINTS = re.compile("[>»›/|→]")
_BUTTON = re.compile(r"(?:wstecz|drukuj|powrót|назад|друкувати|друк)\s+(?=\S)", re.IGNORECASE)


class TitlePlace(NamedTuple):
    """The line of the title, the title as printed there, and the day a line right above it ends with ("Sport 04.07.2019")."""

    at: int
    title: str
    day: str | None = None


def title_place(lines: Sequence[Line], head: int, slug: str | None, crumb: str | None) -> TitlePlace | None:
    """Where the title stands among ``lines``, of which those up to ``head`` stand above the first line of prose.

    By the ``slug`` of the address or the last part of the breadcrumb; else by a line that stood above the prose before, as the
    menu lists the title too; else by the markup, where the first line is a heading.
    """
    exact = slugged(lines[: head + 1], slug) if slug else None
    if exact is not None:
        return exact
    wanted = latin_slug(slug) if slug else ""
    for at, line in enumerate(lines[:_FARTHEST]):
        title = _as_crumb(line, crumb) or (_as_slug(line, wanted) if len(wanted) >= _LEAST_PART else None)
        if title is not None and any(not below.is_blank for below in lines[at + 1 :]):
            return TitlePlace(at, title, _day_above(lines, at))
    repeated = _repeated(lines[:head])
    if repeated is None and lines and lines[0].role == "heading":
        repeated = 0
    return TitlePlace(repeated, one_line(lines[repeated].text)) if repeated is not None else None


def slugged(lines: Sequence[Line], slug: str) -> TitlePlace | None:
    """The line whose words make the slug of the address; the last one, since menus repeat titles above."""
    wanted = latin_slug(slug)
    exact = [at for at, line in enumerate(lines) if _may_be(line.bare, wanted) and latin_slug(line.bare) == wanted]
    return TitlePlace(exact[-1], one_line(lines[exact[-1]].text), _day_above(lines, exact[-1])) if exact else None


def _day_above(lines: Sequence[Line], at: int) -> str | None:
    match = _FILED.fullmatch(one_line(lines[at - 1].text)) if at else None
    return match["day"] if match is not None else None


def last_crumb(lines: Sequence[Line]) -> str | None:
    """The page's own name at the end of a breadcrumb above the text: "Strona główna » Wieści » Wspólna czytelnia"."""
    for line in lines[:_FARTHEST]:
        if len(line.text) <= 2 * _LONGEST_TITLE and _WAY.match(text := one_line(line.text)) is not None:
            return _JOINTS.split(text)[-1].strip() or None
    return None


def _as_crumb(line: Line, crumb: str | None) -> str | None:
    text = one_line(line.text)
    return text if crumb is not None and text.casefold() == crumb.casefold() else None


def _as_slug(line: Line, wanted: str) -> str | None:
    """The title on the line by the slug: the whole of it or its beginning, with or without a button before it."""
    text = one_line(line.text)
    if not _LEAST_PART <= len(text) <= _LONGEST_TITLE or text[-1] in ".,;:":
        return None
    for title in (text, _BUTTON.sub("", text, count=1) if _BUTTON.match(text) else ""):
        made = latin_slug(title) if _may_be(title, wanted) else ""
        is_beginning = len(made) >= _LEAST_PART and wanted.startswith(f"{made}-")
        is_cut = len(wanted) >= _LEAST_CUT and made.startswith(wanted)
        if made == wanted or is_beginning or is_cut:
            return title
    return None


def _may_be(text: str, wanted: str) -> bool:
    """Whether the slug begins as the first word does: asked of every line, most of which it is not."""
    return bool(wanted and text) and wanted.startswith(latin_slug(text[:_ASKED].partition(" ")[0])[: len(wanted)])


def _repeated(head: Sequence[Line]) -> int | None:
    """Where a line stands that stood above the prose before: the title, which the menu lists too."""
    seen: set[str] = set()
    found: int | None = None
    for at, line in enumerate(head):
        text = one_line(line.text).casefold()
        if text and text in seen:
            found = at
        seen.add(text)
    return found
