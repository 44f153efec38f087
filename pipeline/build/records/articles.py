"""Rows of articles, of the partnerships they tell of, and of the persons they name."""

from __future__ import annotations

import re

import msgspec

from pipeline.build.choice.chosen import Chosen
from pipeline.build.records.territory import PlaceLinks
from pipeline.build.tables.rows import Rows
from pipeline.normalise.dates import PartialDate, partial_date
from pipeline.normalise.languages import language
from pipeline.normalise.masks import names_masked
from pipeline.normalise.reading import Reading
from pipeline.records import Article, ExtractedPage, Partnership, PersonMention, TextBlock

_NO_COMMENTS = re.compile(r"\b(?:немає|нет|brak|no|keine|žádné|geen|aucun|sin)\b", re.IGNORECASE)


def add_article(article_id: str, chosen: Chosen, rows: Rows, places: PlaceLinks) -> None:
    """Adds the rows of an article with its partnerships and persons."""
    with rows.departed(chosen.departure):
        _add_whole_article(article_id, chosen, rows, places)


def _add_whole_article(article_id: str, chosen: Chosen, rows: Rows, places: PlaceLinks) -> None:
    if not isinstance(chosen.record, Article):
        return
    people = [f for f in chosen.page.findings if isinstance(f, PersonMention) and f.record_id == article_id]
    near = _add_article(article_id, chosen, _without_names(chosen.record, people, chosen.page, rows), rows, places)
    seen: set[str] = set()
    for finding in chosen.page.findings:
        if isinstance(finding, Partnership) and finding.article_id == article_id and finding.record_id not in seen:
            seen.add(finding.record_id)
            _add_partnership(finding, chosen.page, rows, places, near)
    add_people("articles", article_id, people, chosen.page, rows)


def _without_names(article: Article, people: list[PersonMention], page: ExtractedPage, rows: Rows) -> Article:
    """The article with the persons of its credit masked: they stand in restricted/people, with the label for a role."""
    if article.credit is None:
        return article
    lines = article.credit.splitlines()
    told, count = names_masked(article.credit, (person.name for person in people if person.passage in lines))
    if count:
        reason = f"persons masked in {count} place{'s' if count > 1 else ''}"
        rows.issue("articles", article.record_id, "credit", "masked", reason, page)
    return msgspec.structs.replace(article, credit=told)


def add_people(table: str, record_id: str, people: list[PersonMention], page: ExtractedPage, rows: Rows) -> None:
    """Adds the persons a record names, in the order they are named."""
    for position, person in enumerate(people, start=1):
        values = {
            "table": table,
            "record_id": record_id,
            "position": position,
            "name": person.name,
            "role": person.role,
            "organisation": person.organisation,
        }
        rows.add("people", values, page)


def joined_text(blocks: list[TextBlock]) -> str:
    """Blocks as one text, parted by empty lines."""
    return "\n\n".join(block.text for block in blocks)


def _add_article(article_id: str, chosen: Chosen, article: Article, rows: Rows, places: PlaceLinks) -> list[str]:
    """Adds the row of an article; the places its text names."""
    text = joined_text(article.blocks)
    published = partial_date(article.published_text or "")
    if article.published_text:
        whole_date_issue(published, rows, "articles", article_id, "published_on", chosen.page)
    comments = comment_count(article.comments_text)
    if article.comments_text and comments is None:
        reason = "number of comments cannot be told"
        rows.issue("articles", article_id, "comment_count", "invalid", reason, chosen.page, raw_text=article.comments_text)
    spoken = language(text or article.title or "")
    values = {
        "article_id": article_id,
        "title": article.title,
        "published_on": published.value.whole if published.value is not None else None,
        "published_on_raw": article.published_text,
        "text": text,
        "language": spoken,
        "labels": article.labels,
        "comment_count": comments,
        "credit": article.credit,
    }
    rows.add("articles", values, chosen.page)
    return places.link_text("articles", article_id, f"{article.title or ''}\n{text}", spoken, chosen.page)


def whole_date_issue(
    reading: Reading[PartialDate], rows: Rows, table: str, record_id: str, column: str, page: ExtractedPage
) -> None:
    """Notes a date that cannot stand in a date column: unreadable, doubtful, or stated only in part."""
    if reading.value is not None and reading.value.whole is None:
        reason = f"only the {reading.value.precision} is stated: {reading.value.text}"
        rows.issue(table, record_id, column, "invalid", reason, page, raw_text=reading.raw)
    else:
        rows.reading_issue(reading, table, record_id, column, page)


def comment_count(text: str | None) -> int | None:
    """Number of comments a line like ``Немає коментарів:`` or ``3 komentarze`` states; None when it states none."""
    if not text:
        return None
    number = re.search(r"\d+", text)
    if number is not None:
        return int(number.group()) if len(number.group()) < 9 else None
    return 0 if _NO_COMMENTS.search(text) else None


def _add_partnership(partnership: Partnership, page: ExtractedPage, rows: Rows, places: PlaceLinks, near: list[str]) -> None:
    record_id = partnership.record_id
    founded = _date(partnership.founded_text, "founded", record_id, page, rows)
    agreed = _date(partnership.agreement_text, "agreement_on", record_id, page, rows)
    if len(set(partnership.name_candidates)) > 1:
        reason = "the text states more than one name"
        rows.issue(
            "partnerships",
            record_id,
            "name",
            "ambiguous",
            reason,
            page,
            raw_text=partnership.passage,
            candidates=partnership.name_candidates,
        )
    values = {
        "partnership_id": record_id,
        "article_id": partnership.article_id,
        "name": partnership.name,
        "former_name": partnership.former_name,
        "kind": partnership.kind,
        "founded": founded.text if founded else None,
        "founded_precision": founded.precision if founded else None,
        "founded_raw": partnership.founded_text,
        "initiators": partnership.initiators,
        "coordinator": partnership.coordinator,
        "parties": partnership.parties,
        "programme": partnership.programme,
        "area": partnership.area,
        "agreement": partnership.agreement,
        "agreement_on": agreed.text if agreed else None,
        "agreement_on_precision": agreed.precision if agreed else None,
    }
    rows.add("partnerships", values, page)
    # Who coordinates several partnerships of a page is told once, outside their passages.
    told = "\n".join([partnership.passage, *partnership.parties, partnership.area or "", partnership.coordinator or ""])
    places.link_text("partnerships", record_id, told, language(partnership.passage), page, near)


def _date(text: str | None, column: str, record_id: str, page: ExtractedPage, rows: Rows) -> PartialDate | None:
    if not text:
        return None
    reading = partial_date(text)
    rows.reading_issue(reading, "partnerships", record_id, column, page)
    return reading.value
