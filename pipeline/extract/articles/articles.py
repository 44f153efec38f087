"""Articles in lines: title, date line, body blocks, labels, comment count and credit, for pages in HTML and in text alike.

What furniture looks like differs by publisher and stands in the sources' TOML; what a date line, a credit or a title looks
like does not, and stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.extract.articles.credit_lines import is_credit
from pipeline.extract.articles.date_lines import date_in_line, is_month_first
from pipeline.extract.articles.particulars import is_particular, is_section, without_clock
from pipeline.extract.articles.title_places import TitlePlace, last_crumb, slugged, title_place, told_again
from pipeline.extract.lines import Line
from pipeline.extract.page import one_line
from pipeline.extract.partnerships.partnership_words import HEADING as PARTNERSHIP_HEADING
from pipeline.extract.sections import text_blocks, visible
from pipeline.records import TextBlock

LEAST_PROSE = 60
"""Characters from which a line counts as prose: menu entries, labels and titles of real pages are mostly shorter."""

_LONGEST_TITLE = 160
_MOST_CREDITS = 4
_ITEM = re.compile(r"[•·●▪■*-]\s|[-–—]\s|\d{1,2}[.)]\s")
_BELOW_TITLE = re.compile(
    r"\s*(?:[-–]|(?:opublikowano|dodano|zamieszczono|data (?:publikacji|dodania)|дата публікації"
    r"|опубліковано|додано|posted|published)\b|(?:дата|data)\s*:)",
    re.IGNORECASE,
)
"""How a date line begins that stands right below the title."""

_DAY_LABEL = re.compile(r"(?:дата|data)(?:\s+(?:публікації|publikacji|dodania))?\s*:", re.IGNORECASE)
_LABELLED = re.compile(r"(?:miejsce|czas|godzina|termin|obecni|місце|час|присутні)\b[^:]{0,30}:\s", re.IGNORECASE)
"""As a line of a note's particulars begins: "Miejsce: Dom Ludowy"."""

_CAPTION = re.compile(r"(?:\b|/)(?:фото|fot|foto|zdj)\.?\s?:\s?\S|/\s?(?:фото|fot|foto)\b", re.IGNORECASE)
"""What the caption of a picture says of its author."""

_SIGNED = re.compile(r"(?:автор(?:ка|и)?|autor(?:ka|zy)?)\s*:", re.IGNORECASE)
"""As a line begins below the date that says who wrote the text."""

_PICTURE = re.compile("^[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff ]+")
_SENTENCE_END = ".…;:,|"
_PROSE_END = tuple(".!?…:")


class ArticleText(NamedTuple):
    """An article as it stands on a page, before it has an id."""

    title: str | None
    published_text: str | None
    blocks: list[TextBlock]
    credit: str | None


def is_prose(text: str) -> bool:
    """Whether a line is long enough to be running text."""
    return len(text) >= LEAST_PROSE


def prose_length(lines: Sequence[Line]) -> int:
    """Number of characters in lines of running text."""
    return sum(len(line.bare) for line in lines if is_prose(line.bare))


def article_blocks(lines: Sequence[Line]) -> list[TextBlock]:
    """Blocks of an article: every line a paragraph or heading of its own, list items that follow each other one list.

    A text rendering may print paragraphs with or without blank lines between; line by line both read alike, and like HTML.
    """
    parted: list[Line] = []
    for printed in lines:
        line = visible(printed)
        if parted and not line.is_blank and not parted[-1].is_blank and not (_is_item(line) and _is_item(parted[-1])):
            parted.append(Line(""))
        parted.append(line)
    return text_blocks(parted, lambda folded: PARTNERSHIP_HEADING.fullmatch(folded) is not None, by_shape=True)


def _is_item(line: Line) -> bool:
    return line.role == "item" or _ITEM.match(line.bare) is not None


def parted_credit(lines: Sequence[Line]) -> tuple[list[Line], str | None]:
    """The lines without the credits at their end, and the credits, one a line; None when there are none."""
    kept = list(trimmed(lines))
    credits_: list[str] = []
    while kept and len(credits_) < _MOST_CREDITS and is_credit(kept[-1].bare):
        credits_.insert(0, one_line(kept.pop().text))
        kept = list(trimmed(kept))
    if not kept:  # an article of nothing but credits is its text
        return list(trimmed(lines)), None
    return kept, "\n".join(credits_) or None


def without_particulars(lines: Sequence[Line]) -> list[Line]:
    """The lines without counters, category, who posted it and breadcrumbs above the first line of prose."""
    head = next((at for at in range(len(lines)) if _is_first_prose(lines, at)), len(lines))
    return [line for at, line in enumerate(lines) if at >= head or not (is_particular(line) or is_section(lines, at))]


def _is_first_prose(lines: Sequence[Line], at: int) -> bool:
    """Whether prose begins at the line: a long headline that stands there once more below its particulars is none yet."""
    text = lines[at].bare
    return is_prose(text) and not is_particular(lines[at]) and all(line.bare != text for line in lines[at + 1 : at + 5])


def trimmed(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without blank ones at both ends."""
    start, end = 0, len(lines)
    while start < end and lines[start].is_blank:
        start += 1
    while end > start and lines[end - 1].is_blank:
        end -= 1
    return lines[start:end]


def looks_like_title(text: str, following: str) -> bool:
    """Whether a line can be the title of what follows: short, not a sentence's end, before a longer line of prose."""
    plain = one_line(text)
    first = _PICTURE.sub("", plain)[:1]
    return (
        0 < len(plain) <= _LONGEST_TITLE
        and plain[-1] not in _SENTENCE_END
        and (first.isupper() or first.isdigit() or first in tuple("„“\"«'(#№"))
        and any(char.isalpha() for char in plain)
        and date_in_line(plain) is None
        and _LABELLED.match(plain) is None
        and _CAPTION.search(plain) is None
        and not is_credit(plain)
        and re.match(r"[•·●▪■*–—-]\s", plain) is None
        and (len(following) > len(plain) or following[-1:] in _PROSE_END)
        and (is_prose(following) or len(plain) < LEAST_PROSE)
    )


def text_article(lines: Sequence[Line], is_furniture: Callable[[Line], bool], slug: str | None = None) -> ArticleText:
    """The article in the lines of a page that came as text, comments and footer already cut off.

    A date line parts what stands before the article from it. Without one the title is the line that the ``slug`` of the
    address or the breadcrumb repeats, or the first line where it looks like one.
    """
    lines = without_clock(lines)
    crumb = last_crumb(lines)
    whole = trimmed(without_particulars(lines))
    prose_at = next((at for at, line in enumerate(whole) if is_prose(line.bare) and not is_furniture(line)), len(whole))
    above = _without_menus(whole[:prose_at], is_furniture)
    kept = list(trimmed([*above, *whole[prose_at:]]))
    head = next((at for at, line in enumerate(kept) if is_prose(line.bare)), len(kept))
    dated = next((at for at, line in enumerate(kept[: head + 1]) if date_in_line(line.text) is not None), None)
    dated = _labelled_below(kept, head) if dated is None else dated
    if dated is not None and trimmed(kept[dated + 1 :]):
        return _dated_article(kept, dated, slug)
    place = title_place(kept, head, slug, crumb) or _dated_headline(kept)
    return _undated_article(kept) if place is None else _titled_article(place, kept[place.at + 1 :])


def article_below(title: str, below: Sequence[Line]) -> ArticleText:
    """The article whose title is known by what stands around it, in the lines below the title."""
    return _titled_article(TitlePlace(0, title), below)


def _labelled_below(lines: Sequence[Line], head: int) -> int | None:
    """Where a labelled day stands right below the first long line, which is a title then: "Дата: 24.12.2025 19:40"."""
    if head >= len(lines) or not is_sentence_title(lines[head].bare):
        return None
    at = next((at for at in range(head + 1, min(head + 3, len(lines))) if not lines[at].is_blank), None)
    is_labelled = at is not None and _DAY_LABEL.match(lines[at].bare) is not None
    return at if at is not None and is_labelled and date_in_line(lines[at].text) is not None else None


def is_sentence_title(text: str) -> bool:
    """Whether a line is one sentence, short enough for a title and without its stop like one."""
    return len(text) <= _LONGEST_TITLE and ". " not in text and (text[-1:].isalnum() or text[-1:] == ".")


def _without_menus(lines: Sequence[Line], is_furniture: Callable[[Line], bool]) -> list[Line]:
    """The lines above the prose without furniture; a run of lines that is furniture by half is a menu, all of it.

    The last run may hold the title. So may one with a date.
    """
    kept: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and not line.is_blank:
            run.append(line)
            continue
        known = sum(map(is_furniture, run))
        is_menu = line is not None and known > 1 and 2 * known >= len(run) and all(date_in_line(x.text) is None for x in run)
        kept += [] if is_menu else [x for x in run if not is_furniture(x)]
        kept += [line] if line is not None else []
        run = []
    return kept


def _dated_article(lines: Sequence[Line], dated: int, slug: str | None) -> ArticleText:
    printed = lines[dated].text
    signed = [line for line in lines[:dated] if is_credit(line.bare)]
    above, below = trimmed([line for line in lines[:dated] if line not in signed]), list(trimmed(lines[dated + 1 :]))
    while below and _SIGNED.match(below[0].bare) is not None and is_credit(below[0].bare):
        signed.append(below[0])
        below = list(trimmed(below[1:]))
    while len(below) > 1 and is_particular(below[0]):  # a counter between the day and the text
        below = list(trimmed(below[1:]))
    after = [line.bare for line in below[1:] if not line.is_blank]
    title: str | None = None
    if slug and (named := slugged(above, slug, or_part=True)) is not None:
        title = named.title
    elif below and (looks_like_title(below[0].bare, "".join(after[:1])) or _stands_over_prose(below[0].bare, after)):
        title = one_line(below.pop(0).text)
    elif above and (
        is_month_first(printed) or _BELOW_TITLE.match(printed) is not None or len(above) == 1 or _is_pair(lines, dated)
    ):
        candidate = above[-1].bare
        is_alone = len(above) == 1 and len(candidate) < LEAST_PROSE
        if (is_alone or _DAY_LABEL.match(printed.strip()) is not None) and is_sentence_title(candidate):
            candidate = candidate.rstrip(".")
        longest = max([line.bare for line in below if not line.is_blank][:4], key=len, default="")  # a caption stands above
        if below and looks_like_title(candidate, longest):
            title = one_line(candidate)
    body, credit = parted_credit(_without_repeated(below, title))
    credits_ = [one_line(line.text) for line in signed if title is not None] + ([credit] if credit else [])
    return ArticleText(title, date_in_line(printed), article_blocks(body), "\n".join(credits_) or None)


def _without_repeated(lines: Sequence[Line], title: str | None) -> list[Line]:
    """The lines without a first one that says the title again."""
    kept = list(trimmed(lines))
    written = [at for at, line in enumerate(kept) if not line.is_blank]
    again = written[:1] if written and not kept[0].bare.isdigit() else written[1:2]  # how often it was read stands above
    is_again = bool(again) and title is not None and one_line(kept[again[0]].text).casefold() == title.casefold()
    return list(trimmed(kept[again[0] + 1 :])) if is_again else kept


def _is_pair(lines: Sequence[Line], dated: int) -> bool:
    """Whether the date line and the one right above it stand by themselves."""
    return not lines[dated - 1].is_blank and dated > 1 and lines[dated - 2].is_blank


def _titled_article(place: TitlePlace, below: Sequence[Line]) -> ArticleText:
    """The article below its title; the day stands right below it, or above the title where the text ends with it again."""
    rest = list(trimmed(below))
    date = date_in_line(rest[0].text) if len(rest) > 1 else None
    rest = _without_repeated(rest[1:], place.title) if date is not None else rest
    again = told_again(rest, place.title)
    if again is not None and prose_length(rest[:again]) > prose_length(rest[again + 1 :]):
        rest = list(trimmed(rest[:again]))
        if date is None and rest and (date := date_in_line(rest[-1].text)) is not None:
            rest.pop()
    body, credit = parted_credit(rest)
    return ArticleText(place.title, date or place.day, article_blocks(body), credit)


def _dated_headline(lines: Sequence[Line]) -> TitlePlace | None:
    """A first line as long as prose that is a headline: the day stands right below it, and prose below the day."""
    written = [line.bare for line in lines if not line.is_blank]
    prose = next(filter(is_prose, written[2:]), "")
    if not prose or date_in_line(written[1]) is None or not looks_like_title(written[0], prose):
        return None
    return TitlePlace(0, one_line(written[0]))


def _undated_article(lines: Sequence[Line]) -> ArticleText:
    rest = list(lines)
    after = [line.bare for line in rest[1:] if not line.is_blank]
    if len(after) > 1 and after[0].isdigit() and is_prose(after[1]):
        after = after[1:]  # a counter stands between title and text
    following = next(iter(after), "")
    title: str | None = None
    # A short line over another short one is rather the site's name, where prose stands further below.
    is_near = is_prose(following) or not any(map(is_prose, after))
    if (
        rest
        and rest[0].role != "item"
        and ((is_near and looks_like_title(rest[0].bare, following)) or _stands_over_prose(rest[0].bare, after))
    ):
        title = one_line(rest.pop(0).text)
        rest = list(trimmed(rest))
        if rest and rest[0].bare.isdigit() and is_prose(following):
            rest = list(trimmed(rest[1:]))
    body, credit = parted_credit(_without_repeated(rest, title))
    return ArticleText(title, None, article_blocks(body), credit)


def _stands_over_prose(text: str, after: Sequence[str]) -> bool:
    """Whether a first line is a title with a heading, or itself again, between it and the prose."""
    if len(after) < 2 or not looks_like_title(text, after[1]):
        return False
    is_again = one_line(text).casefold() == one_line(after[0]).casefold()  # as news portals print their headlines
    return is_again or (len(text) < LEAST_PROSE and len(after[1]) > 2 * LEAST_PROSE)
