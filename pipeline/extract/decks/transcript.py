"""Where a slide transcript stands on a page: the lines above it, its own lines, and the furniture below it.

Labels come from the source's data file, so nothing here knows a publisher. A theme line whose labels nobody listed is told by
its shape: ``label: "title"— label:``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline.normalise.kept import Kept
from pipeline.normalise.text import spaced_once

_QUOTES = '"“”„«»'
# The theme line by shape, for labels nobody listed: label: "title"— label:
_UNLISTED = rf"[^\W\d_][^:{_QUOTES}]{{2,60}}:"
_THEME_SHAPE = re.compile(rf"(?P<theme>{_UNLISTED})\s*[{_QUOTES}](?P<title>.+)[{_QUOTES}]\s*[—–-]+\s*(?P<label>{_UNLISTED})")
_QUOTED_THEME = re.compile(rf".*?:\s*[{_QUOTES}].+[{_QUOTES}]\s*[—–-]*")
_LABEL_AND_TITLE = re.compile(rf"(?P<label>[^\W\d_][^{_QUOTES}]{{2,50}}?)\s*[{_QUOTES}](?P<title>.+)[{_QUOTES}]\s*")
_QUOTE = re.compile(f"[{_QUOTES}]")
_MOST_HEAD_LINES = 80
_LONGEST_ROW = 200  # characters
_SHORTEST_SHARED = 20  # characters by which the first slide is known to begin like the title


def _label_and_title(line: str) -> re.Match[str] | None:
    return _LABEL_AND_TITLE.fullmatch(line) if _QUOTE.search(line) is not None else None


class Wordings:
    """The TOML's phrases, folded for comparison."""

    def __init__(self, phrases: Callable[[str], list[str]]) -> None:
        """``phrases(name)`` gives the list of that name (loading, download, theme, transcript, similar, …)."""
        self.loading = _folded_all(phrases("loading"))
        self.download = _folded_all(phrases("download"))
        self.similar = frozenset(_folded_all(phrases("similar")))
        self.ads = frozenset(_folded_all(phrases("ads")))
        self.furniture = frozenset(_folded_all(phrases("furniture")))
        self._pieces = tuple(f"{phrase} " for phrase in sorted(self.furniture, key=lambda phrase: (-len(phrase), phrase)))
        self.footer = _folded_all(phrases("footer"))
        self.shell = _folded_all(phrases("shell"))
        self.title_suffixes = _folded_all(phrases("title_suffix"))
        theme, transcript = (_alternatives(phrases(name)) for name in ("theme", "transcript"))
        self.theme = re.compile(rf"{theme}\s*(?P<quote>[{_QUOTES}]?)(?P<title>.*)", re.IGNORECASE)
        self.title_end = re.compile(rf"(?:[—–-]+\s*)?{transcript}\s*", re.IGNORECASE)
        self.transcript = re.compile(rf"(?:[—–-]+\s*)?{transcript}\s*(?P<rest>.*)", re.IGNORECASE)
        publisher, modified = (_alternatives(phrases(name)) for name in ("publisher", "modified"))
        self.publisher = re.compile(rf"{publisher}\s*:?\s*(?P<name>.*?)\s*(?:{modified}\b.*)?", re.IGNORECASE)
        self.modified = re.compile(rf"{modified}\b.*\d.*", re.IGNORECASE)

    def is_loading(self, line: str) -> bool:
        return folded(line).startswith(self.loading)

    def is_download(self, line: str) -> bool:
        return folded(line) in self.download

    def is_similar(self, line: str) -> bool:
        return folded(line) in self.similar

    def is_ad(self, line: str) -> bool:
        return folded(line) in self.ads

    def is_furniture(self, line: str) -> bool:
        return folded(line).lstrip("•· ") in self.furniture or self.is_footer(line)

    def is_furniture_row(self, line: str) -> bool:
        """Whether the line is several pieces of furniture side by side: "O projekcie SlidePlayer Warunki korzystania"."""
        rest = f"{folded(line)} " if len(line) <= _LONGEST_ROW else ""
        pieces = 0
        while rest and (piece := next((phrase for phrase in self._pieces if rest.startswith(phrase)), None)) is not None:
            rest = rest[len(piece) :].lstrip("•·| ")
            pieces += 1
        return pieces > 1 and not rest

    def is_footer(self, line: str) -> bool:
        return folded(line).startswith(self.footer)

    def is_named(self, line: str) -> bool:
        """Whether the line is one the TOML accounts for, whatever it is."""
        return (
            self.is_loading(line)
            or self.is_download(line)
            or self.is_similar(line)
            or self.is_ad(line)
            or self.is_furniture(line)
            or self.modified.fullmatch(line.strip()) is not None
        )

    def downloaded_title(self, line: str) -> str | None:
        """The title in the quotes of a download line, None for any other line."""
        match = _label_and_title(line.strip())
        return match["title"].strip() if match is not None and folded(match["label"]) in self.download else None


def folded(text: str) -> str:
    """A label as labels are compared: small letters, single spaces, one kind of apostrophe, no colon or dots at the end."""
    return _known[text]


def _folded(text: str) -> str:
    return spaced_once(text.casefold().replace("’", "'")).rstrip(" :.…")


_known = Kept(_folded, 4096, 1_000)  # a line is asked about several times


def _folded_all(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(folded(phrase) for phrase in phrases)


def _alternatives(phrases: list[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first) + ")"


class Region(NamedTuple):
    """Where the transcript stands: the lines before it, its own lines, and what its theme line tells."""

    head: list[str]
    body: list[str]
    title: str | None = None
    has_theme: bool = False
    unknown_labels: tuple[str, ...] = ()


def transcript_region(lines: list[str], wordings: Wordings) -> Region:
    """The part of the page that holds the transcript: after the theme line, else after the last loading line."""
    for at, line in enumerate(lines):
        if (found := _after_theme(lines, at, wordings)) is not None:
            title, body = found
            return _ended(Region(lines[:at], body, title, has_theme=True), wordings)
        label = wordings.transcript.fullmatch(line)
        if label is not None:
            return _ended(Region(lines[:at], [label["rest"], *lines[at + 1 :]], has_theme=True), wordings)
    for at, line in enumerate(lines):
        shape = _THEME_SHAPE.fullmatch(line)
        if shape is not None:
            labels = (shape["theme"], shape["label"])
            return _ended(Region(lines[:at], lines[at + 1 :], shape["title"].strip(), True, labels), wordings)
    for at, line in enumerate(lines):
        theme = wordings.theme.fullmatch(line)
        if theme is not None and _QUOTED_THEME.fullmatch(line) is not None:
            return _ended(Region(lines[:at], lines[at + 1 :], _unquoted(theme["title"]), has_theme=True), wordings)
    loading = [at for at, line in enumerate(lines[:_MOST_HEAD_LINES]) if wordings.is_loading(line)]
    start = loading[-1] + 1 if loading else 0
    return Region(lines[:start], lines[start:])


def _after_theme(lines: list[str], at: int, wordings: Wordings) -> tuple[str | None, list[str]] | None:
    theme = wordings.theme.fullmatch(lines[at])
    if theme is None:
        return None
    end = wordings.title_end.search(theme["title"])
    if end is not None:
        return _unquoted(theme["title"][: end.start()]), [theme["title"][end.end() :], *lines[at + 1 :]]
    joined = theme["title"]
    for below in range(at + 1, min(at + 6, len(lines)) if theme["quote"] else at + 1):
        if wordings.theme.fullmatch(lines[below]) is not None:
            break  # the line above is the deck's name, which says "presentation about" itself
        joined = f"{joined} {lines[below]}"
        end = wordings.title_end.search(joined)
        if end is not None:
            return _unquoted(joined[: end.start()]), [joined[end.end() :], *lines[below + 1 :]]
    return None


def _unquoted(text: str) -> str | None:
    """The title without the dash and the one quote after it; the quote before it is not in ``text`` any more."""
    bare = re.sub(r"\s*[—–-]+\s*$", "", text.strip())
    return (bare[:-1] if bare and bare[-1] in _QUOTES else bare).strip() or None


def _ended(region: Region, wordings: Wordings) -> Region:
    """The region up to the download line, the related presentations or the advertisements below the transcript.

    A line of the head that comes back below ends it too: the label above the related presentations, if nobody listed it.
    An advertisement above one of these stands between slides and ends nothing.
    """
    loading = [at for at, line in enumerate(region.head) if wordings.is_loading(line)]
    above = {folded(line) for line in region.head[loading[-1] + 1 if loading else 0 :] if line}
    above -= {folded(region.title or "")}
    body = region.body
    first_ad: int | None = None
    for at, line in enumerate(body):
        returns = bool(line) and folded(line) in above and at > 0 and not body[at - 1]
        if ends_transcript(line, region.title, wordings) or returns:
            if not wordings.is_ad(line):
                return region._replace(body=body[:at])
            first_ad = at if first_ad is None else first_ad
    return region._replace(body=body[:first_ad])


def ends_transcript(line: str, title: str | None, wordings: Wordings) -> bool:
    """Whether nothing of the transcript stands below the line: download line with the title, related presentations, ads."""
    if (
        wordings.is_similar(line)
        or wordings.downloaded_title(line) is not None
        or (wordings.is_ad(line) and "google" in line.casefold())
    ):
        return True
    shape = _label_and_title(line) if title else None
    return shape is not None and folded(shape["title"]) == folded(title or "")


def slide_paragraphs(block: list[str], wordings: Wordings) -> list[list[str]]:
    """The lines of a slide by paragraphs, without advertisements and loading lines that stand between slides."""
    parts: list[list[str]] = [[]]
    for line in block:
        if line:
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    # The first lines may be a title that reads like an advertisement, but not where a blank line parts them from the number.
    is_free = block[:2] == ["", ""]
    kept = [part for at, part in enumerate(parts) if part and not ((at or is_free) and all(map(wordings.is_ad, part)))]
    return [lines for part in kept if (lines := [line for line in part if not wordings.is_loading(line)])]


def without_ads_apart(lines: list[str], wordings: Wordings) -> list[str]:
    """The lines, those of advertisements blank that blank lines part from the text before and after."""
    return [
        "" if wordings.is_ad(line) and not any(lines[max(0, at - 1) : at] + lines[at + 1 : at + 2]) else line
        for at, line in enumerate(lines)
    ]


def without_tail(block: list[str], wordings: Wordings) -> list[str]:
    """The last slide without the furniture below it. Its first line stays whatever it says: a slide may be called Feedback."""
    first = next((at for at, line in enumerate(block) if line), len(block))
    named_below = lines_below = 0
    end = len(block)
    for at in range(len(block) - 1, 0, -1):
        line = block[at]
        if not line:
            continue
        lines_below += 1
        if not wordings.is_named(line):
            continue
        named_below += 1
        is_tail = named_below >= 2 and 2 * named_below >= lines_below
        stands_free = not block[at - 1] and (at > first or at > 1)
        if stands_free or (at > first and (is_tail or wordings.is_ad(line) or wordings.is_footer(line))):
            end = at
    return block[:end]


def without_footer(lines: list[str], wordings: Wordings) -> list[str]:
    """Unnumbered slides without what stands below them: from the first two lines of furniture in a row, or a footer's."""
    for at, line in enumerate(lines):
        is_pair = at + 1 < len(lines) and wordings.is_named(line) and wordings.is_named(lines[at + 1])
        if at and (is_pair or wordings.is_footer(line) or wordings.is_furniture_row(line)):
            return lines[:at]
    while lines and wordings.is_named(lines[-1]):
        lines = lines[:-1]
    return lines


def head_lines(head: list[str], wordings: Wordings) -> tuple[str | None, list[str]]:
    """The publisher, and the lines between the last loading line and the related presentations that no list names."""
    loading = [at for at, line in enumerate(head) if wordings.is_loading(line)]
    publisher: str | None = None
    unknown: list[str] = []
    expects_name = False
    for at, line in enumerate(head):
        if not line:
            continue
        if wordings.is_similar(line) and (not loading or at > loading[-1]):
            break  # what follows are titles of other decks
        if expects_name and not wordings.is_named(line):
            publisher, expects_name = line, False
            continue
        match = wordings.publisher.fullmatch(line) if publisher is None else None
        if match is not None:
            publisher = match["name"].strip() or None
            expects_name = publisher is None
        elif (not loading or at > loading[-1]) and not wordings.is_named(line) and not wordings.publisher.fullmatch(line):
            unknown.append(line)
    return publisher, unknown


def begins_alike(text: str, title: str) -> bool:
    """Whether the first slide begins as the title does: the site makes titles of the first words of the first slide."""
    start = "".join(char for char in title.casefold() if char.isalnum())[:_SHORTEST_SHARED]
    return len(start) >= 4 and "".join(char for char in text[:200].casefold() if char.isalnum()).startswith(start)
