"""What the records that the explorer shows depend on, as a digest of each: equal digests, equal records.

A record's rows follow from its plan (`selection`), which covers the pages they are made from. What else is shown with it are
the issues of its pages, which other pages may raise too. Places are those of the register, part of the work cache's key.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from pipeline.explorer.records import KEYS, MOST_OF_A_KIND

TABLE_OF: Final = {"article": "articles", "deck": "presentations", "practice": "practices"}
_ISSUE: Final = ("table", "record_id", "column", "status", "raw_text", "reason")
_DIGEST: Final = 16


class ShownPlans:
    """The digests of plans, by kind and record: those that may be shown, and those of articles that partnerships stand in."""

    def __init__(self) -> None:
        self._digests: dict[str, dict[str, bytes]] = {kind: {} for kind in TABLE_OF}

    def note(self, kind: str, record_id: str, digest: bytes) -> None:
        """Takes a plan; they come in the order of their ids."""
        if len(self._digests[kind]) < 2 * MOST_OF_A_KIND:  # a record without a digest is made anew, and shown all the same
            self._digests[kind][record_id] = digest

    def digests(self, made: Mapping[str, Any]) -> dict[str, dict[str, bytes]]:
        """Table → record → digest, by the tables as they were made."""
        found = {TABLE_OF[kind]: dict(digests) for kind, digests in self._digests.items()}
        found["partnerships"] = {}
        key = KEYS["partnerships"]
        for batch in made["partnerships"].select([key, "article_id"]).to_batches():
            for name, article in zip(batch[key].to_pylist(), batch["article_id"].to_pylist(), strict=True):
                digest = found["articles"].get(article)
                if digest is not None and len(found["partnerships"]) < MOST_OF_A_KIND:
                    found["partnerships"][name] = blake2b(digest, digest_size=_DIGEST).digest()
        for batch in made["quality_issues"].select(_ISSUE).to_batches():
            for issue in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                record_id = issue[1] or ""
                for name in {record_id, record_id.rpartition("/")[0]}:  # of the record, or of a part of it
                    for digests in found.values():
                        if name in digests:
                            told = digests[name] + repr(issue).encode("utf-8", "surrogatepass")
                            digests[name] = blake2b(told, digest_size=_DIGEST).digest()
        return found
