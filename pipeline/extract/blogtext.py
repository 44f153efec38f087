"""Posts of a Blogger page that came as text, told by the order of its lines, and the wordings around posts in HTML and text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.extract.articles import ArticleText, date_in_line, is_prose, text_article, trimmed
from pipeline.extract.furniture import Furniture, folded_line
from pipeline.extract.lines import Line
from pipeline.extract.page import one_line

_DAY_HEADER = re.compile(r"[^\W\d_]+(?:[ʼ’'][^\W\d_]+)?,\s+\d{1,2}\.?\s+[^\W\d_]")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
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
        return cls(
            counted=re.compile(
                rf"(?P<count>(?:{none})|\d{{1,5}}\s+(?:{words})|(?:{words})\s*\(\d{{1,5}}\))\s*:?", re.IGNORECASE
            ),
            comments=tuple(folded_line(phrase) for phrase in phrases("comments")),
            end=tuple(folded_line(phrase) for phrase in phrases("end")),
            furniture=Furniture(phrases("furniture"), ()),
            byline=re.compile(rf"(?:{byline})\b.*", re.IGNORECASE | re.DOTALL),
            labels=re.compile(rf"(?:{labels})\s*:\s*(?P<labels>.*)", re.IGNORECASE | re.DOTALL),
        )

    def is_count(self, line: Line) -> bool:
        """Whether the line states the number of comments and nothing else."""
        return self.counted.fullmatch(one_line(line.text)) is not None

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
    counts = [at for at, line in enumerate(lines) if phrases.is_count(line)]
    first_end = _end_of_post(lines, phrases)
    parts: list[tuple[Sequence[Line], str | None]] = []
    start = 0
    if len(counts) > 1 and first_end >= counts[-1]:
        for at in counts:
            parts.append((lines[start:at], one_line(lines[at].text)))
            start = at + 1
    else:
        count = counts[0] if counts else None
        cut = min(first_end, count) if count is not None else first_end
        parts.append((lines[:cut], one_line(lines[count].text) if count is not None else None))
    parts = [part for whole, comments in parts for part in _dated_parts(whole, comments)]
    found = [_text_post(part, comments, phrases) for part, comments in parts]
    return [post for post in found if post.told.blocks]


def _dated_parts(lines: Sequence[Line], comments_text: str | None) -> list[tuple[Sequence[Line], str | None]]:
    """The posts that date headers part, as old themes print them over the posts of a day: weekday and whole date on a line.

    The count of comments, which stands below a post, goes with the last.
    """
    starts = [at for at, line in enumerate(lines) if _DAY_HEADER.match(line.bare) and date_in_line(line.text) is not None]
    edges = [*starts[1:], len(lines)]
    ranges = [
        (start, end) for start, end in zip(starts, edges, strict=False) if any(is_prose(x.bare) for x in lines[start:end])
    ]
    if len(ranges) < 2:
        return [(lines, comments_text)]
    return [(lines[start:end], comments_text if end == len(lines) else None) for start, end in ranges]


def _end_of_post(lines: Sequence[Line], phrases: Phrases) -> int:
    """Where the last post ends: at the line over the comments, or at what stands below every post."""
    seen_prose = not any(is_prose(line.bare) for line in lines)
    for at, line in enumerate(lines):
        if seen_prose and (phrases.begins_comments(line) or phrases.ends_post(line)):
            return at
        seen_prose = seen_prose or is_prose(line.bare)
    return len(lines)


def _text_post(lines: Sequence[Line], comments_text: str | None, phrases: Phrases) -> BlogPost:
    kept = list(trimmed(lines))
    labels: list[str] = []
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
    return BlogPost(text_article(kept, phrases.furniture.holds), labels, comments_text, None)
