"""Ids of the partnerships of a page, and which of them are told of twice."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pipeline.extract.prose import latin_slug
from pipeline.records import Partnership


def identified(found: Sequence[Partnership], article_id: str | None) -> list[Partnership]:
    """The partnerships with ids of their own; one told of twice on the page is kept once, with all it states."""
    kept: dict[str, Partnership] = {}
    numbers: dict[str, int] = {}
    for partnership in found:
        subject = [partnership.programme] if partnership.programme else partnership.parties[:2]
        words = partnership.name or " ".join(filter(None, (partnership.agreement, *subject)))
        slug = latin_slug(words) or "partnership"
        numbers[slug] = numbers.get(slug, 0) + 1
        if numbers[slug] > 1:
            first = kept[slug]
            if partnership.name is not None and partnership.kind == first.kind:
                continue
            slug = f"{slug}-{numbers[slug]}"
        kept[slug] = partnership
    return [
        msgspec.structs.replace(partnership, record_id=f"{article_id or ''}#{slug}", article_id=article_id)
        for slug, partnership in kept.items()
    ]
