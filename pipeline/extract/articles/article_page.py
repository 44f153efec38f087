"""A page with one article, in HTML or text: its parts, and the records that follow from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extract.articles.articles import (
    ArticleText,
    article_blocks,
    is_prose,
    is_sentence_title,
    parted_credit,
    prose_length,
    text_article,
    trimmed,
    without_particulars,
)
from pipeline.extract.articles.asides import is_aside
from pipeline.extract.articles.credit_lines import is_credit
from pipeline.extract.articles.date_lines import date_in_line
from pipeline.extract.articles.headings import heading_of, page_title
from pipeline.extract.articles.mainpart import article_lines, without_link_rows
from pipeline.extract.articles.particulars import is_closing, is_counter, is_particular
from pipeline.extract.articles.publication import is_same_day, permalink_day, published
from pipeline.extract.articles.title_places import address_slug
from pipeline.extract.furniture import Furniture, folded_line
from pipeline.extract.lines import Line
from pipeline.extract.markdown import is_markdown, markdown_lines
from pipeline.extract.page import Page, one_line
from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.extract.people.credits import credited_people
from pipeline.extract.people.people import people_in
from pipeline.normalise.months import MONTH_NAME
from pipeline.records import Article, Finding

_PUBLISHED_WITHIN = 4
_YEAR = re.compile(r"\d{4}")
_BYLINE_DATE = re.compile(
    r"(?:opublikowan[eoy]|dodan[eoy]|zamieszczon[eoy]|utworzon[eoy]|wysłan[eoy]|опубліковано|додано|submitted|posted)\b"
    r"(?:\s+(?:przez|by)\s+[^,]{1,40}?)?,?(?:\s+(?:w dniu|dnia|on))?\s*:?\s*(?:[^\W\d_]+,\s+)?"
    rf"(?P<date>\d{{1,2}}\s+{MONTH_NAME}\s+\d{{4}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})(?!\d)",
    re.IGNORECASE,
)
_LONGEST_BYLINE = 120
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ",")
_SIGNED = re.compile(r"(?:autor(?:ka|zy)?|автор(?:ка|и)?|przez|by|von|par|por)\b", re.IGNORECASE)
_COOKIE_WORDS = (
    "cookie", "Cookie", "ciasteczk", "ciasteczek", "Ciasteczk", "файли кукі", "файли куки", "файлы куки",
    "zmiany ustawienia przegl", "zmiany ustawień przegl",
)  # fmt: skip
_LAST_NOTICE = 12  # lines: how far below the top a notice of cookies stands
_LAST_COUNTER = 12  # lines: how far below the top a counter of views stands that is none of the foot
_LAST_HEADING = 60  # lines: how far below the top of an article's part its own heading stands
_TIME_BEHIND = re.compile(r"(?:\s*(?:[-–,|]|godz\.|o(?: godz\.)?|о|at)?\s*\d{1,2}:\d{2})?\s*\.?")
_COMMENTS = re.compile(
    r"(?:(?:komentarze|komentarzy|комм?ентарі|коментарів|комментарии|comments)(?:\s*:)?\s*\(?\d{0,5}\)?"
    r"|\d{1,5}\s+(?:komentarz[ey]?|коментар(?:і|ів)?|комментари(?:й|я|ев)|comments?))\s*:?",
    re.IGNORECASE,
)
"""A line over the comments of readers, with or without their number."""

_LABELS = re.compile(r"(?:Tagi|Tags|Теги|Позначки|Мітки)\s*:\s*(?P<labels>[^:.!?]{2,300})")
_LABEL_GAP = re.compile(r"\s*,\s*")
_REL_TAG = re.compile(r"\brel=[\"']?(?:[\w-]+ )*tag\b")
_SIGNS_OF_LABELS = (
    "skos:Concept",
    "field-tags",
    "taxonomy-term-reference",
    'class="tags',
    "post-tags",
    "entry-tags",
    "tags-links",
)
_LABEL_LINKS = (
    '[typeof="skos:Concept"], .field-name-field-tags a, .field--name-field-tags a, .field-type-taxonomy-term-reference a,'
    " ul.tags a, div.tags a, .post-tags a, .entry-tags a, .tags-links a"
)
"""Links to what a page is filed under where no link type says so: Drupal's fields, Joomla's list of tags."""

_MOST_LABELS = 50
_LABELLED_DATE = re.compile(
    r"(?:data (?:publikacji|udostępnienia|opublikowania|zamieszczenia)(?: w BIP)?|opublikowano|дата (?:публікації|оприлюднення)"
    r"|опубліковано)\s*:?\s*(?:dnia\s+)?(?P<date>\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})(?!\d)",
    re.IGNORECASE,
)


def cut_at(lines: Sequence[Line], ends: Sequence[str], doubtful: Sequence[str] = ()) -> list[Line]:
    """The lines up to the first, below the first line of prose, that begins with one of ``ends``.

    One that begins with one of ``doubtful`` ends them where no more prose stands below it than above. A counter right below
    the day of a long headline ends nothing: the text is still to come.
    """
    folded = tuple(folded_line(end) or end for end in ends)
    unsure = tuple(folded_line(end) or end for end in doubtful)
    seen_prose = not any(is_prose(line.bare) for line in lines)
    for at, line in enumerate(lines):
        is_end = seen_prose and (folded_line(line.text).startswith(folded) or _COMMENTS.fullmatch(line.bare) is not None)
        if not is_end and seen_prose and unsure and folded_line(line.text).startswith(unsure):
            is_end = prose_length(lines[at:]) <= prose_length(lines[:at])
        if is_end and not _is_below_headline(lines, at):
            return list(lines[:at])
        seen_prose = seen_prose or is_prose(line.bare)
    return list(lines)


def _is_below_headline(lines: Sequence[Line], at: int) -> bool:
    """Whether a counter stands below a day and nothing but a headline above it is long enough for prose."""
    if at > _LAST_COUNTER:
        return False
    above = [line.bare for line in lines[:at] if not line.is_blank]
    is_counter_of_day = is_particular(lines[at]) and len(above) > 1 and date_in_line(above[-1]) is not None
    return is_counter_of_day and not any(map(is_prose, above[:-2])) and is_sentence_title(above[-2])


def page_lines(page: Page, ends: Sequence[str], furniture: Furniture, doubtful: Sequence[str] = ()) -> list[Line]:
    """Lines of the article's part of the page, without what stands around it."""
    if page.is_html:
        lines: Sequence[Line] = without_link_rows(page, article_lines(page))
    else:
        lines = markdown_lines(page.lines) if is_markdown(page.text) else page.lines
    kept = cut_at(_without_consent(lines), ends, doubtful)
    while kept and (kept[-1].is_blank or is_counter(kept[-1]) or is_closing(kept[-1])):
        kept.pop()
    return furniture.stripped(kept)


def _without_consent(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines below a notice of cookies at the top of the page, which stands above every article of its site.

    Above it stand the site's name and, on some, today's date.
    """
    notices = [at for at, line in enumerate(lines[:_LAST_NOTICE]) if _tells_of_cookies(line.text) and is_prose(line.bare)]
    below = lines[notices[-1] + 1 :] if notices else lines
    return below if any(is_prose(line.bare) for line in below) else lines


def _tells_of_cookies(text: str) -> bool:
    return any(word in text for word in _COOKIE_WORDS)


def page_article(page: Page, lines: Sequence[Line], furniture: Furniture) -> ArticleText:
    """The article whose part of the page ``lines`` are.

    In HTML title and date come from the markup where it states them; in text, and in HTML without any title in its markup,
    from the shape and order of the lines.
    """
    title = page_title(page)
    if title is None:
        told = text_article(lines, furniture.holds, slug=address_slug(page))
        return told if told.published_text is not None else told._replace(published_text=_only_labelled_date(page.lines))
    title = heading_of(page, title, lines)
    date, kept, signed = published(page), list(lines), list[Line]()
    headed = _below_heading(page, kept, title)
    if headed:
        above = kept[: len(kept) - len(headed)]
        date = date or next(filter(None, (date_in_line(line.text) for line in above)), None)
        signed = [line for line in above if is_credit(line.bare)]
        kept = headed
    body = furniture.stripped(without_particulars(_without_title(kept, title)))
    body = [line for at, line in enumerate(body) if at >= _PUBLISHED_WITHIN or not _is_byline(line)]
    bylines = [line for line in body[:_PUBLISHED_WITHIN] if _is_of_day(line, date)]
    signed += [line for line in bylines if _SIGNED.match(line.bare) is not None]
    body = [line for line in body if line not in bylines]
    for at, line in enumerate(body[:_PUBLISHED_WITHIN]):
        printed = date_in_line(line.text)
        if printed is not None:
            date = date or printed
            del body[at]
            break
    body, credit = parted_credit(_without_title(body, title))
    date = date or next(_labelled_dates(page.lines), None) or permalink_day(page)
    credits_ = [*(one_line(line.text) for line in signed), *([credit] if credit else [])]
    return ArticleText(title, date, article_blocks(body), "\n".join(credits_) or None)


def _below_heading(page: Page, lines: list[Line], title: str) -> list[Line]:
    """The lines from the title on where it stands above all prose that is no link; none where it does not.

    Above it stand menus, ways to the page and the names of its site and section.
    """
    wanted, at = title.casefold(), -1
    for number, line in enumerate(lines[:_LAST_HEADING]):
        if one_line(line.text).casefold() == wanted:
            at = number
        elif is_prose(line.bare) and not any(link.text == one_line(line.bare) for link in page.links):
            break
    return lines[at:] if at > 0 else []


def _is_of_day(line: Line, day: str | None) -> bool:
    """Whether a short line that is no sentence holds the day of publication among a name, a section or counters."""
    text = one_line(line.text)
    if day is None or len(text) > _LONGEST_BYLINE or text.endswith(_SENTENCE_ENDS) or _YEAR.search(text) is None:
        return False
    return date_in_line(text) is None and is_same_day(day, text)


def _is_byline(line: Line) -> bool:
    """Whether a line says when the page was posted, and nothing else: "Wysłane przez redakcja w śr., 30/09/2015 - 08:12"."""
    text = one_line(line.text)
    match = _BYLINE_DATE.match(text) if len(text) < _LONGEST_BYLINE else None
    return match is not None and _TIME_BEHIND.fullmatch(text, match.end()) is not None


def _only_labelled_date(lines: Sequence[Line]) -> str | None:
    """The date of publication a text states in its particulars; None where several dates of publication stand on the page."""
    dates = list(dict.fromkeys(_labelled_dates(lines)))
    return dates[0] if len(dates) == 1 else None


def _labelled_dates(lines: Sequence[Line]) -> Iterator[str]:
    """Dates a table of the page's particulars calls those of publication, as bulletins of public information print them."""
    for line in lines:
        if _YEAR.search(line.text) is None:
            continue
        signed = _BYLINE_DATE.match(one_line(line.text)) if len(line.text) < _LONGEST_BYLINE else None
        if signed is not None:
            yield signed["date"]
            continue
        match = _LABELLED_DATE.search(one_line(line.text)) if len(line.text) < 400 else None
        if match is not None:
            yield match["date"]


def page_labels(page: Page) -> list[str]:
    """What the article is filed under: links the markup calls tags of it, or a line "Позначки: …" of a text.

    Source: the link type ``tag`` of HTML; without it the fields content systems file pages by. Of several articles on the page
    those of the first.
    """
    if not page.is_html:
        found = (match["labels"] for line in page.lines if (match := _LABELS.fullmatch(line.bare)) is not None)
        return [label for label in _LABEL_GAP.split(next(found, "")) if label]
    texts: list[str] = []
    if "tag" in page.text and _REL_TAG.search(page.text) is not None:
        whole = page.first("article, .hentry")
        texts = [one_line(node.text()) for node in whole.css('a[rel~="tag"]')[:_MOST_LABELS]] if whole is not None else []
    if not texts and any(sign in page.text for sign in _SIGNS_OF_LABELS):
        nodes = [node for node in page.every(_LABEL_LINKS) if not is_aside(node)]
        texts = [one_line(node.text()) for node in nodes] if len(nodes) <= _MOST_LABELS else []
    return list(dict.fromkeys(filter(None, texts)))


def _without_title(lines: list[Line], title: str | None) -> list[Line]:
    kept = list(trimmed(lines))
    if title is not None and kept and one_line(kept[0].text).casefold() == title.casefold():
        return list(trimmed(kept[1:]))
    return kept


def article_findings(
    told: ArticleText, record_id: str, *, labels: Sequence[str] = (), comments_text: str | None = None
) -> Iterator[Finding]:
    """The Article, then the partnerships and the people its text tells of."""
    yield Article(
        record_id=record_id,
        title=told.title,
        published_text=told.published_text,
        blocks=told.blocks,
        labels=list(labels),
        comments_text=comments_text,
        credit=told.credit,
    )
    yield from partnerships_in(told.blocks, article_id=record_id, title=told.title)
    yield from people_in(told.blocks, record_id=record_id)
    yield from credited_people(told.credit, record_id=record_id)
