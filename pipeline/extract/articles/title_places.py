"""Where the title of an article stands in a page that came as text: the line that others of the page, or its address, repeat.

Observed: a title longer than a menu entry stands below the site's name, a breadcrumb ends with it, a button is glued to it
("Wstecz Wspólna czytelnia"), and the address holds its words, all of them or the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from pipeline.extract.lines import Line
from pipeline.extract.page import Page, one_line
from pipeline.extract.prose import latin_slug

_FARTHEST = 30  # lines: how far below the top of the page a title stands
_LONGEST_TITLE = 200
_NUMBER_BEFORE = re.compile(r"^\d+-(?=.*[a-z]{3})")
_NUMBER_BEHIND = re.compile(r"(?<=[a-z])-\d+$")
_LEAST_PART = 25  # characters of a slug that a part of the title is known by
_FILED = re.compile(r"(?:[^\W\d_]+(?:-[^\W\d_]+)?\s+){1,4}(?P<day>\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})")
_ASKED = 20  # characters of a line that are looked at first
_LEAST_CUT = 40  # characters from which on a site cuts a slug
_WAY = re.compile(r"(?:strona główna|start|home|головна(?: сторінка)?|главная)\s+[>»›/|→]|»\s+»", re.IGNORECASE)
_JOINTS = re.compile("[>»›/|→]")
_BUTTON = re.compile(r"(?:wstecz|drukuj|powrót|zdjęcie do wpisu|назад|друкувати|друк)\s+(?=\S)", re.IGNORECASE)


class TitlePlace(NamedTuple):
    """The line of the title, the title as printed there, and the day a line right above it ends with ("Sport 04.07.2019")."""

    at: int
    title: str
    day: str | None = None


def address_slug(page: Page) -> str | None:
    """Last segment of the address's path, without its ending; the one before it where that is a number.

    None when neither has a word.
    """
    path = unquote(page.address.path, errors="replace") if page.address is not None else ""
    *_, before, last = ["", *path.rstrip("/").split("/")]
    slug = re.sub(r"\.(?:html?|php|aspx?)$", "", before if last.isdigit() else last)
    return slug if re.search(r"[^\W\d_]{3}", slug) and slug != "index" else None


def title_place(lines: Sequence[Line], head: int, slug: str | None, crumb: str | None) -> TitlePlace | None:
    """Where the title stands among ``lines``, of which those up to ``head`` stand above the first line of prose.

    By the ``slug`` of the address or the last part of the breadcrumb; else by a line that stood above the prose before, as the
    menu lists the title too; else by the markup, where the first line is a heading.
    """
    exact = slugged(lines[: head + 1], slug) if slug else None
    if exact is not None:
        return exact
    wanted = _wanted(slug) if slug else []
    for at, line in enumerate(lines[:_FARTHEST]):
        title = _as_crumb(line, crumb) or _as_slug(line, wanted)
        if title is not None and any(not below.is_blank for below in lines[at + 1 :]):
            return TitlePlace(at, title, _day_above(lines, at))
    repeated = _repeated(lines[:head])
    if repeated is None and lines and (lines[0].role == "heading" or told_again(lines[1:], lines[0].bare) is not None):
        repeated = 0
    return TitlePlace(repeated, one_line(lines[repeated].text)) if repeated is not None else None


def told_again(below: Sequence[Line], title: str) -> int | None:
    """Where a title too long for a site's name stands once more below the text, as portals repeat it above their labels."""
    if not _LEAST_CUT <= len(title) <= _LONGEST_TITLE or title[-1] in ".,;:":
        return None
    again = [at for at, line in enumerate(below) if line.bare == title]
    return again[0] if len(again) == 1 and again[0] > 1 else None


def slugged(lines: Sequence[Line], slug: str, *, or_part: bool = False) -> TitlePlace | None:
    """The line whose words make the slug of the address; the last one, since menus repeat titles above.

    ``or_part``: else the first one that is a part of it which tells the title.
    """
    ways = _wanted(slug)
    asked = [at for at, line in enumerate(lines) if any(_may_be(line.bare, way) for way in ways)]
    exact = [at for at in asked if latin_slug(lines[at].bare) in ways]
    exact = [at for at in exact if not lines[at].bare[:1].islower()] or exact  # the name of a picture's file
    if exact:
        return TitlePlace(exact[-1], one_line(lines[exact[-1]].text), _day_above(lines, exact[-1]))
    parts = ((at, _as_slug(line, ways)) for at, line in enumerate(lines[:_FARTHEST] if or_part else ()))
    return next((TitlePlace(at, title) for at, title in parts if title is not None), None)


def _day_above(lines: Sequence[Line], at: int) -> str | None:
    match = _FILED.fullmatch(one_line(lines[at - 1].text)) if at else None
    return match["day"] if match is not None else None


def _wanted(slug: str) -> list[str]:
    """The slug, and without the number that sites put before or behind it: "865-wspolna-czytelnia", "wspolna-czytelnia-865"."""
    whole = latin_slug(slug)
    bare = (_NUMBER_BEFORE.sub("", whole), _NUMBER_BEHIND.sub("", whole))
    return [way for way in dict.fromkeys((whole, *bare)) if way]


def last_crumb(lines: Sequence[Line]) -> str | None:
    """The page's own name at the end of a breadcrumb above the text: "Strona główna » Wieści » Wspólna czytelnia"."""
    for line in lines[:_FARTHEST]:
        if len(line.text) <= 2 * _LONGEST_TITLE and _WAY.match(text := one_line(line.text)) is not None:
            return _JOINTS.split(text)[-1].strip() or None
    return None


def _as_crumb(line: Line, crumb: str | None) -> str | None:
    text = one_line(line.text)
    return text if crumb is not None and text.casefold() == crumb.casefold() else None


def _as_slug(line: Line, ways: Sequence[str]) -> str | None:
    """The title on the line by the slug: the whole, its beginning or its end, with or without a button before it."""
    text = one_line(line.text)
    if not ways or not _LEAST_PART <= len(text) <= _LONGEST_TITLE or text[-1] in ".,;:":
        return None
    button = _BUTTON.match(text)
    for title in (text, text[button.end() :]) if button is not None else (text,):
        asked = [way for way in ways if len(way) >= _LEAST_PART and _may_be(title, way)]
        made = latin_slug(title) if asked else ""
        for wanted in asked:
            is_part = len(made) >= _LEAST_PART and (wanted.startswith(f"{made}-") or wanted.endswith(f"-{made}"))
            is_cut = len(wanted) >= _LEAST_CUT and made.startswith(wanted)
            if made == wanted or is_part or is_cut:
                return title
    return None


def _may_be(text: str, wanted: str) -> bool:
    """Whether the first word stands in the slug: asked of every line, of most of which it does not."""
    return bool(wanted and text) and (latin_slug(text[:_ASKED].partition(" ")[0]) or "-")[: len(wanted)] in wanted


def _repeated(head: Sequence[Line]) -> int | None:
    """Where a line stands that stood above the prose before: the title, which the menu lists too.

    One that came back with the line before it is part of a block printed twice, a menu or a cover, and none.
    """
    seen: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    found: int | None = None
    before = ""
    for at, line in enumerate(head):
        text = one_line(line.text).casefold()
        if not any(map(str.isalpha, text)) or text[0] in "•·●":
            continue  # an item of a menu; the two days of a calendar leaf say the same now and then
        if text in seen:
            found = None if (before, text) in pairs and before != text else at
        pairs.add((before, text))
        seen.add(text)
        before = text
    return found
