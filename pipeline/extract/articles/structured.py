"""What a page states of itself in JSON-LD: https://www.w3.org/TR/json-ld11/ with the vocabulary of https://schema.org/.

Only the objects of a block itself, of its list or of its ``@graph`` are read: what lies deeper (comments, other articles of a
list) is about something else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.extract.page import Page

_SIGN = "ld+json"
_MOST_BLOCKS = 20
_MOST_OBJECTS = 100
_LONGEST_BLOCK = 200_000  # characters
_LONGEST_VALUE = 300  # characters
_ARTICLES = frozenset(
    (
        "Article",
        "NewsArticle",
        "BlogPosting",
        "Report",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "ScholarlyArticle",
        "TechArticle",
        "SocialMediaPosting",
    )
)
"""Types of schema.org that are an article."""


def stated_of_article(page: Page, name: str) -> str | None:
    """The text of a property of the page's article in JSON-LD: ``datePublished``, ``headline``.

    Without an article that of the ``WebPage``. None where several articles state different values: the page lists them.
    """
    if not page.is_html or _SIGN not in page.text:
        return None
    objects = list(_objects(page))
    for wanted in (_ARTICLES, frozenset(("WebPage",))):
        values = {value for found in objects if not wanted.isdisjoint(_types(found)) and (value := _text(found.get(name)))}
        if values:
            return values.pop() if len(values) == 1 else None
    return None


def _objects(page: Page) -> Iterator[dict[str, Any]]:
    for node in page.every('script[type="application/ld+json"]')[:_MOST_BLOCKS]:
        written = node.text()
        if len(written) > _LONGEST_BLOCK:
            continue
        try:
            told = json.loads(written, strict=False)
        except (ValueError, RecursionError):
            continue  # a page may write anything there; what is no JSON states nothing
        listed = told if isinstance(told, list) else [told]
        for found in listed[:_MOST_OBJECTS]:
            if isinstance(found, dict):
                yield found
                graph = found.get("@graph")
                yield from (part for part in graph[:_MOST_OBJECTS] if isinstance(part, dict)) if isinstance(graph, list) else ()


def _types(found: dict[str, Any]) -> frozenset[str]:
    stated = found.get("@type")
    named = stated if isinstance(stated, list) else [stated]
    return frozenset(name.rpartition("/")[2] for name in named[:_MOST_OBJECTS] if isinstance(name, str))


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) and len(value) <= _LONGEST_VALUE else None
