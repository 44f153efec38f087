"""Posts of a Blogger page that came as text, told by the order of its lines, and the wordings around posts in HTML and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.extract.articles.articles import ArticleText, article_below, is_prose, text_article, trimmed
from pipeline.extract.articles.date_lines import date_in_line, is_month_first
from pipeline.extract.furniture import Furniture, folded_line
from pipeline.extract.lines import Line
from pipeline.extract.page import one_line

_DAY_HEADER = re.compile(r"[^\W\d_]+(?:[ʼ’'][^\W\d_]+)?,\s+\d{1,2}\.?\s+[^\W\d_]")
_MONTH_FIRST = re.compile(r"[^\W\d_]{3,12}\s+\d{1,2},\s+\d{4}")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_LONGEST_TITLE = 200  # characters
_LEAST_BUTTONS = 3
_LEAST_LINES = 4
_LABEL_GAP = re.compile(r"\s*,\s*")


class BlogPost(NamedTuple):
    """One post. ``is_cut``: the page prints its beginning only and leads on to the rest."""

    told: ArticleText
    labels: list[str]
    comments_text: str | None
    permalink: str | None
    is_cut: bool = False


class Phrases(NamedTuple):
    """Wordings around posts, by what they say."""

    counted: re.Pattern[str]
    counted_last: re.Pattern[str]
    comments: tuple[str, ...]
    end: tuple[str, ...]
    furniture: Furniture
    byline: re.Pattern[str]
    labels: re.Pattern[str]

    @classmethod
    def of(cls, phrases: Callable[[str], list[str]]) -> Phrases:
        """The wordings a source's TOML lists; ``phrases(name)`` gives the list of that name."""
        none = "|".join(map(re.escape, phrases("no_comments")))
        words = "|".join(map(re.escape, phrases("comment_words")))
        byline = "|".join(map(re.escape, phrases("byline")))
        labels = "|".join(map(re.escape, phrases("labels")))
        count = rf"(?P<count>(?:{none})|\d{{1,5}}\s+(?:{words})|(?:{words})\s*\(\d{{1,5}}\))\s*:?"
        return cls(
            counted=re.compile(count, re.IGNORECASE),
            counted_last=re.compile(rf"(?<=\d\d)\s+{count}$", re.IGNORECASE),
            comments=tuple(folded_line(phrase) for phrase in phrases("comments")),
            end=tuple(folded_line(phrase) for phrase in phrases("end")),
            furniture=Furniture(phrases("furniture"), ()),
            byline=re.compile(rf"(?:{byline})\b.*", re.IGNORECASE | re.DOTALL),
            labels=re.compile(rf"(?:{labels})\s*:\s*(?P<labels>.*)", re.IGNORECASE | re.DOTALL),
        )

    def count_in(self, line: Line) -> str | None:
        """The number of comments as a line states it that says no more, or who posted and when before it; else None."""
        text = one_line(line.text)
        if self.counted.fullmatch(text) is not None:
            return text
        behind = self.counted_last.search(text) if self.is_byline(line) else None
        return behind.group().strip() if behind is not None else None

    def is_count(self, line: Line) -> bool:
        """Whether the line states the number of comments."""
        return self.count_in(line) is not None

    def begins_comments(self, line: Line) -> bool:
        """Whether the line stands over the comments or offers to write one."""
        return folded_line(line.text) in self.comments

    def ends_post(self, line: Line) -> bool:
        """Whether nothing of a post stands from this line on."""
        return bool(line.bare) and folded_line(line.text).startswith(self.end)

    def is_byline(self, line: Line) -> bool:
        """Whether the line says who posted and at what time."""
        text = one_line(line.text)
        return len(text) <= 120 and self.byline.fullmatch(text) is not None and _CLOCK.search(text) is not None


def text_posts(lines: Sequence[Line], phrases: Phrases) -> list[BlogPost]:
    """Posts of a page that came as text. Several counts of comments with prose between them part several posts."""
    listed = _month_first_parts(lines, phrases)
    if len(listed) > 1:
        return [post for part in listed for post in text_posts(part, phrases)]
    counts = [at for at, line in enumerate(lines) if phrases.is_count(line)]
    first_end = _end_of_post(lines, phrases)
    parts: list[_Part] = []
    start = 0
    if len(counts) > 1 and first_end >= counts[-1]:
        for at in counts:
            labels, after = _labels_below(lines, at, phrases)
            parts.append(_Part(lines[start:at], phrases.count_in(lines[at]), labels))
            start = after
    elif counts:
        labels, _ = _labels_below(lines, counts[0], phrases)
        parts.append(_Part(lines[: min(first_end, counts[0])], phrases.count_in(lines[counts[0]]), labels))
    else:
        parts.append(_Part(lines[:first_end], None, []))
    parts = [part for whole in parts for part in _dated_parts(whole)]
    found = [_text_post(part, phrases) for part in parts]
    return [post for post in found if post.told.blocks]


class _Part(NamedTuple):
    """Lines of one post, and what stands below them: the count of comments, and labels that stand below the count."""

    lines: Sequence[Line]
    comments_text: str | None
    labels: list[str]


def _labels_below(lines: Sequence[Line], count: int, phrases: Phrases) -> tuple[list[str], int]:
    """The labels in the foot of a post that goes on below the count of comments, and where the foot ends."""
    labels: list[str] = []
    at = count + 1
    while at < len(lines):
        labelled = phrases.labels.fullmatch(one_line(lines[at].text))
        if labelled is not None:
            labels = [label for label in _LABEL_GAP.split(labelled["labels"]) if label]
        elif not (lines[at].is_blank or phrases.furniture.holds(lines[at])):
            break
        at += 1
    return labels, at


def _dated_parts(part: _Part) -> list[_Part]:
    """The posts that date headers part, as old themes print them over the posts of a day: weekday and whole date on a line.

    The count of comments and what is below it go with the last.
    """
    lines = part.lines
    starts = [at for at, line in enumerate(lines) if _DAY_HEADER.match(line.bare) and date_in_line(line.text) is not None]
    edges = [*starts[1:], len(lines)]
    written = [(start, end) for start, end in zip(starts, edges, strict=False) if _is_written(lines[start + 1 : end])]
    ranges = written if any(is_prose(x.bare) for start, end in written for x in lines[start:end]) else []
    if len(ranges) < 2:
        # What blogs say of themselves stands above the day of the post.
        is_below = bool(ranges) and any(is_prose(x.bare) for x in lines[: ranges[0][0]])
        return [part._replace(lines=lines[ranges[0][0] :])] if is_below else [part]
    return [
        part._replace(lines=lines[start:end]) if end == len(lines) else _Part(lines[start:end], None, [])
        for start, end in ranges
    ]


def _is_written(lines: Sequence[Line]) -> bool:
    """Whether a post stands in the lines below a date header: prose, or as many lines as a title and a short poem have."""
    return any(is_prose(line.bare) for line in lines) or sum(not line.is_blank for line in lines) >= _LEAST_LINES


def _month_first_parts(lines: Sequence[Line], phrases: Phrases) -> list[Sequence[Line]]:
    """Posts of an archive page as new themes print it: a date line "Квітень 28, 2023" over each, with its own foot below."""
    last = next((at for at, line in enumerate(lines) if phrases.ends_post(line)), len(lines))
    starts = [at for at, line in enumerate(lines[:last]) if _MONTH_FIRST.match(line.bare) and is_month_first(line.text)]
    ranges = zip(starts, [*starts[1:], len(lines)], strict=True) if len(starts) > 1 else ()
    parts = [lines[start:end] for start, end in ranges]
    return parts if all(any(is_prose(line.bare) for line in part) for part in parts) else []


def _end_of_post(lines: Sequence[Line], phrases: Phrases) -> int:
    """Where the last post ends: at the line over the comments, or at what stands below every post."""
    seen_prose = not any(is_prose(line.bare) for line in lines)
    for at, line in enumerate(lines):
        if seen_prose and (phrases.begins_comments(line) or phrases.ends_post(line)):
            return at
        seen_prose = seen_prose or is_prose(line.bare)
    return len(lines)


def _text_post(part: _Part, phrases: Phrases) -> BlogPost:
    kept = list(trimmed(part.lines))
    labels = part.labels
    while kept:
        last = kept[-1]
        labelled = phrases.labels.fullmatch(one_line(last.text))
        if labelled is not None:
            labels = [label for label in _LABEL_GAP.split(labelled["labels"]) if label]
        elif not (last.is_blank or phrases.is_byline(last) or phrases.furniture.holds(last)):
            break
        kept.pop()
    prose = next((at for at, line in enumerate(kept) if is_prose(line.bare)), len(kept))
    kept = [
        line
        for at, line in enumerate(kept)
        if not phrases.is_byline(line) and not (at < prose and phrases.begins_comments(line))
    ]
    above = _title_above_buttons(kept, phrases)
    if above is not None:
        return BlogPost(article_below(one_line(kept[0].text), kept[above:]), labels, part.comments_text, None)
    return BlogPost(text_article(kept, phrases.furniture.holds), labels, part.comments_text, None)


def _title_above_buttons(lines: Sequence[Line], phrases: Phrases) -> int | None:
    """Where the text begins below the buttons that new themes print right under a title, however long; None without them."""
    if (
        not lines
        or not 0 < len(lines[0].bare) <= _LONGEST_TITLE
        or lines[0].bare[-1] in ".;,"
        or phrases.furniture.holds(lines[0])
    ):
        return None
    buttons = 0
    for at, line in enumerate(lines[1:], 1):
        if phrases.furniture.holds(line):
            buttons += 1
        elif any(map(str.isalnum, line.bare)):
            return at if buttons >= _LEAST_BUTTONS and date_in_line(lines[0].text) is None else None
    return None
